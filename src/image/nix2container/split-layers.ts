import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { Failure } from '../../lib/failure.ts';
import type { ReadOptions } from '../../lib/read-options.ts';
import { configOf } from '../../oci/config.ts';
import type { Image, Layer } from '../../oci/image.ts';
import { storePathsComment } from '../layering/layering.ts';
import { type Split, splitPaths } from '../layering/split-paths.ts';
import {
  type Nix2containerPath,
  type Nix2containerVersion,
  namesBelow,
  openNix2containerLayer,
} from '../store-layer/nix2container-layer.ts';
import type { Locate } from '../store-layer/walk-files.ts';
import { isStorePath } from '../store-path.ts';
import type { LayerJson } from './image-json.ts';
import { findVersion } from './layer-version.ts';

interface Source {
  /** The `image.json`. */
  readonly path: string;
  readonly layers: readonly LayerJson[];
  readonly store: string;
  readonly locate: Locate;
  readonly split: Split;
}

/** A layer whose plain store paths go into other layers. */
interface Divided {
  readonly moved: readonly string[];
  /** What stays: paths with a rewrite or with perms, and files below a store path. */
  readonly rest: readonly Nix2containerPath[];
  readonly version: Nix2containerVersion;
}

/**
 * The same files as in `asBuilt`, its plain store paths in stable layers. They go below the rest of the last layer that had
 * any, so that the topmost entry of `/nix` and `/nix/store` is the same. What has options stays in its layer, and so does
 * every store path into which such a layer writes. A Failure if no layer can be divided.
 */
export async function splitLayers(asBuilt: Image, source: Source): Promise<Image> {
  const { path, layers, split, locate } = source;
  const divided = await divideLayers(source);
  const last = divided.findLastIndex(one => one !== undefined);
  const moved = [...new Set(divided.flatMap(one => one?.moved ?? []))];
  const version = divided[last]?.version;
  if (version === undefined) {
    throw new Failure(
      `Cannot use layering: stable for ${path}: no layer of it is made from whole store paths. Remove layering to keep its layers.`,
    );
  }
  if (divided.some(one => one !== undefined && one.version.mtime !== version.mtime)) {
    throw new Failure(
      `Cannot use layering: stable for ${path}: versions of nix2container that give files different times made its layers. Build all of them with one version, or remove layering.`,
    );
  }
  const rests = divided.map(one => (one === undefined || one.rest.length === 0 ? undefined : one));
  const { layers: plan, narHashes } = await splitPaths(
    moved,
    {
      image: path,
      kept: divided.filter((one, i) => one === undefined || rests[i] !== undefined).length,
      alsoKnown: rests.flatMap(one => one?.rest.map(item => rootOf(item.path, source.store)) ?? []),
    },
    split,
  );
  const layerOf = (paths: readonly Nix2containerPath[], of: Nix2containerVersion): Layer => ({
    diffId: undefined,
    identity: identityOf(paths, of, item => narHashes.get(rootOf(item, source.store)) ?? ''),
    encoding: 'tar',
    what: `a layer of ${path} (${paths.length} store paths)`,
    open: (options?: ReadOptions) => openNix2containerLayer(paths, locate, { version: of, options }),
  });
  const history = (asBuilt.config.json.history ?? []) as readonly unknown[];
  const stack = layers.flatMap((_, i) => {
    const one = divided[i];
    const planned = i === last ? plan.map(paths => ({ layer: layerOf(paths.map(asItem), version), paths })) : [];
    const own = one === undefined ? asBuilt.layers[i] : rests[i] && layerOf(one.rest, one.version);
    return [
      ...planned.map(({ layer, paths }) => ({
        layer,
        history: { created_by: 'nix2container', comment: storePathsComment(paths) },
      })),
      ...(own === undefined ? [] : [{ layer: own, history: history[i] }]),
    ];
  });
  const json = { ...asBuilt.config.json, rootfs: { type: 'layers' }, history: stack.map(one => one.history) };
  return { config: configOf(json, `the config of ${path}`), layers: stack.map(one => one.layer) };
}

/** For each layer how it is divided; undefined for those that stay as they are. */
async function divideLayers({ layers, store, locate }: Source): Promise<readonly (Divided | undefined)[]> {
  const isFile = (layer: LayerJson) => layer['layer-path'] !== undefined;
  const isWhole = ({ path, options }: Nix2containerPath) => options === undefined && isStorePath(path, store);
  const fixed = new Set<string>();
  for (const layer of layers) {
    const others = isFile(layer) ? [] : layer.paths.filter(item => !isWhole(item));
    for (const name of await namesBelow(store, others, locate)) fixed.add(`${store}/${name}`);
    // What the file has of these cannot be seen, and may be above or below the others.
    if (isFile(layer)) for (const { path } of layer.paths) fixed.add(rootOf(path, store));
  }
  const isMovable = (item: Nix2containerPath) => isWhole(item) && !fixed.has(item.path);
  return Promise.all(
    layers.map(async layer => {
      if (isFile(layer) || !layer.paths.some(isMovable)) return undefined;
      return {
        moved: layer.paths.filter(isMovable).map(({ path }) => path),
        rest: layer.paths.filter(item => !isMovable(item)),
        version: await findVersion(layer, (version, options) =>
          openNix2containerLayer(layer.paths, locate, { version, options }),
        ),
      };
    }),
  );
}

function asItem(path: string): Nix2containerPath {
  return { path };
}

/** The store path that a path in the store is or lies in. */
function rootOf(path: string, store: string): string {
  return posix.join(store, path.slice(store.length + 1).split('/')[0] ?? '');
}

/** Names the tar of a layer without reading it, as `layerIdentity` does for streams. */
function identityOf(
  items: readonly Nix2containerPath[],
  { mtime, groupName }: Nix2containerVersion,
  narHashOf: (path: string) => string,
): string {
  const key = JSON.stringify(['nix2container', mtime, groupName, items.map(item => [item, narHashOf(item.path)])]);
  return `nix2container1:${createHash('sha256').update(key).digest('hex')}`;
}
