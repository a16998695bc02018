import { readLayerUsage } from '../../inspect/layer-usage.ts';
import { createPool, settleAll } from '../../lib/pool.ts';
import { diffIdsOf } from '../../oci/config.ts';
import type { Digest } from '../../oci/digest.ts';
import type { Image, Layer } from '../../oci/image.ts';
import { openTar } from '../../pack/pack-layer.ts';
import type { Inventory } from '../../sbom/inventory.ts';
import { isStorePath } from '../../store-path.ts';
import { readMembers } from '../../tar/read-members.ts';

/** The contents of an image: store paths, sorted, the base, and whether there are other files. */
export interface ImagePaths extends Pick<Inventory, 'base' | 'hasUnknownLayers'> {
  readonly paths: readonly string[];
  /** Those whose files may be outside the store. */
  readonly rewritten: ReadonlySet<string>;
}

/** The contents of one layer. */
export interface LayerPaths {
  readonly paths: readonly string[];
  /** Whether it has other non-empty files, or was not read. */
  readonly hasOthers: boolean;
  readonly rewritten?: readonly string[];
  /** Undefined if only packing the layer can tell. */
  readonly diffId: Digest | undefined;
}

/**
 * The store paths in an image. The paths of layers that this run makes are known; layers of a base in a registry are
 * not read; all other layers are read.
 */
export async function readImagePaths(image: Image): Promise<ImagePaths> {
  const pool = createPool(4);
  const read = await settleAll(image.layers.map(layer => pool(() => readLayerPaths(layer))));
  const listed = diffIdsOf(image.config) ?? [];
  const layers = read.map((one, i) => ({ ...one, diffId: image.layers[i]?.diffId ?? listed[i] }));
  return imagePathsOf(layers, image.base);
}

async function readLayerPaths(layer: Layer): Promise<Omit<LayerPaths, 'diffId'>> {
  if (layer.remote !== undefined) return { paths: [], hasOthers: true };
  // nix2container can put the files of a path outside the store: the image still contains the path.
  if (layer.reportsMembers) {
    const paths = (layer.contents?.paths ?? []).map(({ path }) => path);
    const whole = new Set(layer.storePaths ?? layer.wholeStorePaths);
    return {
      paths: paths.filter(path => isStorePath(path)),
      hasOthers: !paths.every(path => isStorePath(path)),
      rewritten: paths.filter(path => !whole.has(path)),
    };
  }
  const description = layer.description ?? `the layer ${layer.descriptor?.digest ?? layer.diffId ?? ''}`;
  const usage = await readLayerUsage(readMembers(openTar(layer), description), description);
  return { paths: [...usage.paths.keys()], hasOthers: usage.otherBytes > 0 };
}

/** The layers below the first one with a store path are the base. */
export function imagePathsOf(layers: readonly LayerPaths[], base?: Image['base']): ImagePaths {
  const paths = [...new Set(layers.flatMap(layer => layer.paths))].sort();
  const first = layers.findIndex(layer => layer.paths.length > 0);
  const below = Math.max(first, 0);
  const diffIds = layers.slice(0, below).flatMap(({ diffId }) => diffId ?? []);
  return {
    paths,
    rewritten: new Set(layers.flatMap(({ rewritten = [] }) => rewritten)),
    base: base === undefined && below === 0 ? undefined : { ...base, diffIds },
    hasUnknownLayers: layers.slice(below).some(({ hasOthers }) => hasOthers),
  };
}
