import { posix } from 'node:path';
import { Failure } from '../../lib/failure.ts';
import { configOf } from '../../oci/config.ts';
import type { Image, Layer } from '../../oci/image.ts';
import { contentsOf } from '../../oci/layer-contents.ts';
import { isStorePath } from '../../store-path.ts';
import { storePathsComment } from '../layering/layering.ts';
import { type Split, splitPaths } from '../layering/split-paths.ts';
import { narHashOf, nix2containerIdentity } from '../store-layer/layer-identity.ts';
import {
  type Nix2containerPath,
  type Nix2containerVersion,
  namesBelow,
  openNix2containerLayer,
  wholePaths,
} from '../store-layer/nix2container-layer.ts';
import type { Locate } from '../store-layer/walk-files.ts';
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

/** A layer whose plain store paths move to other layers. */
interface Divided {
  readonly moved: readonly string[];
  /**
   * The files that stay: paths with a rewrite or with perms, files below a store path, and store paths that others
   * write into.
   */
  readonly rest: readonly Nix2containerPath[];
  readonly version: Nix2containerVersion;
}

/**
 * The same files as in `asBuilt`, with the plain store paths in stable layers. These go below the rest of the last
 * layer that had any, so the topmost entry of `/nix` and `/nix/store` stays the same. Paths with options stay in their
 * layer, and so does every store path into which such a layer writes. A Failure if no layer can be split.
 */
export async function splitLayers(asBuilt: Image, source: Source): Promise<Image> {
  const { path, layers, store, locate, split } = source;
  const divided = await divideLayers(source);
  const version = versionOf(divided, path);
  const rests = divided.map(one => one?.rest ?? []);
  const last = divided.findLastIndex(one => one !== undefined);
  const moved = new Set(divided.flatMap(one => one?.moved ?? []));
  const kept = divided.filter((one, i) => one === undefined || rests[i]?.length !== 0).length;
  const alsoKnown = rests.flat().map(item => rootOf(item.path, store));
  const { layers: planned, closure } = await splitPaths([...moved], { image: path, kept, alsoKnown }, split);
  const hashOf = narHashOf(new Map([...closure].map(([one, { narHash }]) => [one, narHash])));
  const open = (paths: readonly Nix2containerPath[], of: Nix2containerVersion): Layer => ({
    diffId: undefined,
    identity: nix2containerIdentity(paths, of, one => hashOf(rootOf(one, store))),
    encoding: 'tar',
    contents: contentsOf(paths.map(({ path }) => path)),
    wholeStorePaths: wholePaths(paths, store),
    open: options => openNix2containerLayer(paths, locate, { version: of, options }),
  });
  const history = (asBuilt.config.json.history ?? []) as readonly unknown[];
  const stable = planned.map(paths => ({
    layer: open(
      paths.map(one => ({ path: one })),
      version,
    ),
    history: { created_by: 'nix2container', comment: storePathsComment(paths) },
  }));
  const stack = layers.flatMap((_, i) => {
    const [one, rest = []] = [divided[i], rests[i]];
    const layer = one === undefined ? asBuilt.layers[i] : rest.length > 0 ? open(rest, one.version) : undefined;
    return [...(i === last ? stable : []), ...(layer === undefined ? [] : [{ layer, history: history[i] }])];
  });
  const json = { ...asBuilt.config.json, rootfs: { type: 'layers' }, history: stack.map(one => one.history) };
  return { config: configOf(json, `the config of ${path}`), layers: stack.map(({ layer }) => layer) };
}

/** The version that made the split layers. A Failure if there are none, or if their files have different times. */
function versionOf(divided: readonly (Divided | undefined)[], image: string): Nix2containerVersion {
  const [version, ...others] = divided.flatMap(one => (one === undefined ? [] : [one.version]));
  const why =
    version === undefined
      ? 'no layer of it is made from whole store paths'
      : others.some(({ mtime }) => mtime !== version.mtime)
        ? 'different versions of nix2container made its layers and give files different times'
        : undefined;
  if (version !== undefined && why === undefined) return version;
  throw new Failure(`Cannot use layering: stable for ${image}: ${why}. Remove layering to keep its layers.`);
}

/** Per layer how it is split; undefined for those that stay. */
async function divideLayers({ layers, store, locate }: Source): Promise<readonly (Divided | undefined)[]> {
  const isFile = (layer: LayerJson) => layer['layer-path'] !== undefined;
  const isWhole = ({ path, options }: Nix2containerPath) => options === undefined && isStorePath(path, store);
  const fixed = new Set<string>();
  for (const layer of layers) {
    const others = isFile(layer) ? [] : layer.paths.filter(item => !isWhole(item));
    for (const name of await namesBelow(store, others, locate)) fixed.add(`${store}/${name}`);
    // Which of these paths the file contains is unknown, and it may be above or below the others.
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

/** The store path that a path in the store is, or is in. */
function rootOf(path: string, store: string): string {
  return posix.join(store, path.slice(store.length + 1).split('/')[0] ?? '');
}
