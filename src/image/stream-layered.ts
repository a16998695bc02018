import { lstatSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, hasCode } from '../lib/failure.ts';
import type { Json } from '../lib/json-object.ts';
import { openFile } from '../lib/open-file.ts';
import { configOf } from '../oci/config.ts';
import { parseDigest } from '../oci/digest.ts';
import type { Image, Layer, LayerReadOptions } from '../oci/image.ts';
import { contentsOf } from '../oci/layer-contents.ts';
import type { ArchiveImage } from './docker-archive.ts';
import { type Split, splitPaths } from './layering/split-paths.ts';
import { envOf } from './merge-env.ts';
import { layerIdentity, narHashOf } from './store-layer/layer-identity.ts';
import { openStreamLayer, type StreamLayer } from './store-layer/stream-layer.ts';
import type { Locate } from './store-layer/walk-files.ts';
import { parseStreamSettings, type StreamBase, type StreamSettings, streamConfig } from './stream-settings.ts';

export interface StreamLayeredOptions {
  /** Absolute path of the `…-conf.json` of a streamLayeredImage on this machine. */
  readonly settingsPath: string;
  readonly nixMode: StreamLayer['nixMode'];
  /** The value of the time "now", in milliseconds since the Unix epoch. */
  readonly now: number;
  /** NAR hashes by store path, of all these paths; without them the store layers have no identity. */
  readonly narHashes?: (paths: readonly string[]) => Promise<ReadonlyMap<string, string> | undefined>;
  /** Distributes the store paths over other layers than those of the settings. */
  readonly split?: Split | undefined;
  readonly locate?: Locate;
  /** The directory of the store, `/nix/store` if undefined. */
  readonly store?: string;
  /**
   * Opens the first image, which is the one that the script uses, of the docker-archive that the settings name as
   * `from_image`.
   */
  readonly openBase: (path: string) => Promise<ArchiveImage>;
}

/** The image of a streamLayeredImage. */
export interface StreamImage extends Image {
  /** Whether its files have the time of the run, so no two runs make the same layers. */
  readonly isTimeNow: boolean;
}

/**
 * The image that the script of `dockerTools.streamLayeredImage` writes, made only from the script's settings: same
 * layers byte for byte, same config except for white space. With `split` the same files are in other layers. A Failure
 * names the settings and the field if a path is not in the store.
 */
export async function openStreamLayered(options: StreamLayeredOptions): Promise<StreamImage> {
  const { settingsPath, nixMode, now, locate = path => path, store, openBase } = options;
  const asBuilt = parseStreamSettings(readText(settingsPath), { file: settingsPath, now, store });
  const { fromImage, owner, isTimeNow } = asBuilt;
  checkPaths(asBuilt, settingsPath, locate);
  const base = fromImage === undefined ? undefined : await openBase(locate(fromImage));
  const { storeLayers, hashes } = await storeLayersOf(asBuilt, base?.layers.length ?? 0, options);
  const settings = { ...asBuilt, storeLayers };
  const storeLayer = (paths: readonly string[]): Layer => {
    const layer = { paths, owner, nixMode };
    return {
      diffId: undefined,
      ...(hashes === undefined ? {} : { identity: layerIdentity(layer, narHashOf(hashes)) }),
      encoding: 'tar',
      contents: contentsOf(paths),
      storePaths: paths,
      reportsMembers: true,
      open: (options?: LayerReadOptions) => openStreamLayer(layer, locate, options),
    };
  };
  const customisationLayer = openCustomisationLayer(locate(settings.customisationLayer));
  return {
    config: configOf(streamConfig(settings, base && streamBaseOf(base)), `the image of ${settingsPath}`),
    layers: [...(base?.layers ?? []), ...storeLayers.map(storeLayer), customisationLayer],
    isTimeNow,
  };
}

/** Store paths of each layer, and their NAR hashes if all are known. */
async function storeLayersOf(
  { storeLayers }: StreamSettings,
  baseLayers: number,
  { settingsPath, narHashes, split }: StreamLayeredOptions,
) {
  const paths = [...new Set(storeLayers.flat())].sort();
  if (split === undefined || paths.length === 0) return { storeLayers, hashes: await narHashes?.(paths) };
  const { layers, closure } = await splitPaths(paths, { image: settingsPath, kept: baseLayers + 1 }, split);
  return { storeLayers: layers, hashes: new Map([...closure].map(([path, { narHash }]) => [path, narHash])) };
}

/** Checks, before anything is made, that everything in the settings exists. */
function checkPaths(settings: StreamSettings, file: string, locate: Locate): void {
  const check = (field: string, path: string) => {
    try {
      lstatSync(locate(path));
    } catch (cause) {
      if (!hasCode(cause, 'ENOENT', 'ENOTDIR')) throw cause;
      throw new Failure(
        `Cannot use ${file}: its "${field}" names ${path}, which does not exist. ` +
          'Build the image again, or repair the store with "nix-store --verify --check-contents --repair".',
        { cause },
      );
    }
  };
  const { fromImage, storeLayers, customisationLayer } = settings;
  if (fromImage !== undefined) check('from_image', fromImage);
  for (const path of storeLayers.flat()) check('store_layers', path);
  check('customisation_layer', customisationLayer);
}

/** The top layer, which was packed when the image was built; `checksum` next to it has its diffID. */
function openCustomisationLayer(directory: string): Layer {
  const file = join(directory, 'layer.tar');
  const checksum = join(directory, 'checksum');
  const diffId = parseDigest(`sha256:${readText(checksum).trim()}`, checksum);
  const { size } = named(file, path => statSync(path));
  const description = `the layer ${file} (customisation_layer, its checksum next to it)`;
  return { diffId, encoding: 'tar', description, size, open: options => openFile(file, options) };
}

function streamBaseOf({ config, layerNames }: ArchiveImage): StreamBase {
  return { layerNames, env: envOf((config.json.config ?? {}) as Json, 'the base image') };
}

function readText(path: string): string {
  return named(path, () => readFileSync(path, 'utf8'));
}

function named<T>(path: string, read: (path: string) => T): T {
  try {
    return read(path);
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT', 'ENOTDIR')) throw cause;
    throw new Failure(`Cannot read ${path}: the file does not exist.`, { cause });
  }
}
