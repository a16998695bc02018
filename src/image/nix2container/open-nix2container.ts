import { lstat, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure, hasCode, messageOf } from '../../lib/failure.ts';
import { openFile } from '../../lib/open-file.ts';
import { readWholeFile } from '../../lib/read-whole-file.ts';
import { parseConfig } from '../../oci/config.ts';
import type { Image, Layer, LayerReadOptions } from '../../oci/image.ts';
import { contentsOf } from '../../oci/layer-contents.ts';
import { isStorePath, storeDirectory } from '../../store-path.ts';
import type { Split } from '../layering/split-paths.ts';
import { staysInStore } from '../stays-in-store.ts';
import {
  checkPathOptions,
  type Nix2containerPath,
  type Nix2containerVersion,
  openNix2containerLayer,
  wholePaths,
} from '../store-layer/nix2container-layer.ts';
import type { Locate } from '../store-layer/walk-files.ts';
import { longestSettings } from '../stream-settings.ts';
import { configBlob } from './config-blob.ts';
import { type LayerJson, parseImageJson } from './image-json.ts';
import { formatPosition, type JsonPosition } from './json-shape.ts';
import { findVersion, versionsOf } from './layer-version.ts';
import { splitLayers } from './split-layers.ts';

export interface Nix2containerOptions {
  /** Absolute path of the `image.json`. */
  readonly path: string;
  readonly locate?: Locate;
  /** Distributes plain store paths over other layers than those of the file. */
  readonly split?: Split | undefined;
  /** The directory of the store, `/nix/store` if undefined. */
  readonly store?: string;
}

type PlaceInStore = JsonPosition & { readonly store: string };

/**
 * The image that an `image.json` of nix2container describes. Reads no layer, but every path that a layer consists of
 * must exist. A Failure names the file and the field that cannot be used.
 */
export async function openNix2container(options: Nix2containerOptions): Promise<Image> {
  const { path, locate = same => same, store = storeDirectory, split } = options;
  const image = parseImageJson(await readImage(path), path, store);
  const config = parseConfig(configBlob(image), `the config of ${path}`);
  const layers = image.layers.map((layer, i) => openLayer(layer, { field: `layers[${i}]`, file: path, store }, locate));
  const asBuilt = { config, layers: await Promise.all(layers) };
  return split === undefined ? asBuilt : splitLayers(asBuilt, { path, layers: image.layers, store, locate, split });
}

async function readImage(path: string): Promise<Uint8Array> {
  try {
    return await readWholeFile(path, longestSettings, `the image ${path}`);
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(`Cannot open the image ${path}: ${messageOf(cause)}.`, { cause });
  }
}

async function openLayer(layer: LayerJson, at: PlaceInStore, locate: Locate): Promise<Layer> {
  const { digest, diff_ids: diffId, mediatype } = layer;
  if (mediatype.encoding === 'tar' && digest !== diffId) {
    throw new Failure(`Cannot use ${formatPosition(at)}: for an uncompressed tar, digest and diff_ids must be equal.`);
  }
  const file = layer['layer-path'];
  return file === undefined ? storeLayer(layer, at, locate) : fileLayer(layer, { file, at, locate });
}

/** A layer that is made from store paths while it is read. */
async function storeLayer(layer: LayerJson, at: PlaceInStore, locate: Locate): Promise<Layer> {
  const { diff_ids, size, paths, mediatype } = layer;
  if (paths.length === 0 || mediatype.encoding !== 'tar') {
    const problem =
      paths.length === 0
        ? 'has neither paths nor layer-path'
        : `has the media type ${mediatype.name}, but no layer-path`;
    throw new Failure(`Cannot use ${formatPosition(at)}: it ${problem}.`);
  }
  for (const [i, { path, options }] of paths.entries()) {
    const position = below(at, `paths[${i}]`);
    await expectThere(lstat(locate(path)), path, position);
    await expectOptions(options, below(position, 'options'));
    // The link itself may lead anywhere, because a layer contains it as a link.
    if (!isStorePath(path, position.store)) expectInside(dirname(path), position, locate);
  }
  const arePlain = paths.every(({ path, options }) => options === undefined && isStorePath(path, at.store));
  return {
    diffId: diff_ids,
    encoding: 'tar',
    ...(size === 0 ? {} : { size }),
    description: `${formatPosition(at)} (${listShort(paths.map(({ path }) => path))})`,
    contents: contentsOf(paths.map(({ path }) => path)),
    ...(arePlain ? { storePaths: paths.map(({ path }) => path) } : { wholeStorePaths: wholePaths(paths, at.store) }),
    reportsMembers: true,
    open: openKnown(layer, locate),
  };
}

/** Opens the tar of a layer as the version of nix2container that matches its digest wrote it. */
function openKnown(layer: LayerJson, locate: Locate): Layer['open'] {
  const [version, ...others] = versionsOf(layer);
  const open = (version: Nix2containerVersion, options?: LayerReadOptions) =>
    openNix2containerLayer(layer.paths, locate, { version, options });
  if (others.length === 0) return options => open(version, options);
  let found: Promise<Nix2containerVersion> | undefined;
  return async function* (options) {
    found ??= findVersion(layer, open);
    yield* open(await found, options);
  };
}

/** A layer of a base image, or one of `reproducible = false`: a file. Those of base images have no size. */
async function fileLayer(
  { digest, diff_ids, size, mediatype }: LayerJson,
  { file, at, locate }: { file: string; at: PlaceInStore; locate: Locate },
): Promise<Layer> {
  const { encoding, name } = mediatype;
  const facts = await expectThere(stat(locate(file)), file, below(at, 'layer-path'));
  expectInside(file, below(at, 'layer-path'), locate);
  if (!facts.isFile())
    throw new Failure(`Cannot use ${formatPosition(below(at, 'layer-path'))}: ${file} is not a file.`);
  const real = facts.size;
  if (size !== 0 && size !== real) {
    throw new Failure(`Cannot use ${formatPosition(below(at, 'size'))}: it is ${size}, but ${file} has ${real} bytes.`);
  }
  return {
    diffId: diff_ids,
    encoding,
    size: real,
    ...(encoding === 'tar' ? {} : { descriptor: { mediaType: name, digest, size: real } }),
    description: `${formatPosition(at)} (${file})`,
    open: options => openFile(locate(file), options),
  };
}

async function expectThere<T>(facts: Promise<T>, path: string, at: JsonPosition): Promise<T> {
  try {
    return await facts;
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT', 'ENOTDIR')) throw cause;
    throw new Failure(
      `Cannot use ${formatPosition(at)}: ${path} is not in the store. Build the image again, or fetch it with "nix copy".`,
      { cause },
    );
  }
}

/** A Failure that names the position if the options of a path are not supported. */
async function expectOptions(options: Nix2containerPath['options'], at: JsonPosition): Promise<void> {
  try {
    await checkPathOptions(options);
  } catch (cause) {
    throw new Failure(`Cannot read ${formatPosition(at)}: ${messageOf(cause)}`, { cause });
  }
}

/** A Failure if links lead from a path of the store to the rest of the machine. */
function expectInside(path: string, at: PlaceInStore, locate: Locate): void {
  if (staysInStore(locate(path), locate(at.store))) return;
  throw new Failure(
    `Cannot use ${formatPosition(at)}: ${path} leads out of the store through a symlink. Name a file in the store itself.`,
  );
}

function below(at: PlaceInStore, field: string): PlaceInStore {
  return { ...at, field: `${at.field}.${field}` };
}

function listShort(paths: readonly string[]): string {
  const more = paths.length - 3;
  return paths.slice(0, 3).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
