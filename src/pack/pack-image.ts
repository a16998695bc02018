import { cpus } from 'node:os';
import { join } from 'node:path';
import type { FileBudget } from '../check/layer-files.ts';
import { createPool, inBackground, settleAll } from '../lib/pool.ts';
import { type Blob, mediaTypes } from '../oci/blob.ts';
import { type ImageConfig, withDiffIds } from '../oci/config.ts';
import type { Image, Layer } from '../oci/image.ts';
import { blobOf, manifestBlob } from '../oci/manifest.ts';
import { defaultCompression, expectToCompress } from './compression.ts';
import { isPassedOn, type PackedLayer, packLayer } from './pack-layer.ts';
import { readSmallLayer } from './read-small-layer.ts';
import { confirmLayer, type ReuseOptions, reuseLayer } from './reuse-layer.ts';

/** An image in the form that registries, layouts and engines accept. */
export interface PackedImage {
  readonly manifest: Blob;
  readonly configBlob: Blob;
  readonly config: ImageConfig;
  /** In the order of the config; a layer that occurs twice in the image occurs twice here. */
  readonly layers: readonly PackedLayer[];
}

export interface PackOptions extends ReuseOptions {
  /** Annotations for the manifest, over those that the image came with. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Called with each distinct layer as soon as it is packed, so that uploads overlap with packing. */
  readonly onLayer: (layer: PackedLayer) => Promise<void>;
  /** Called with the config as soon as all layers are packed, so that its upload overlaps with theirs. */
  readonly onConfig?: (config: Blob) => Promise<void>;
  readonly packer: Packer;
}

/** Packs layers in parallel; a layer that several images share is packed once. */
export interface Packer {
  pack(layer: Layer, options: ReuseOptions): Promise<PackedLayer>;
}

/** Node compresses zstd in four threads; gzip uses two of its own. */
const mostLayersAtATime = 4;

/**
 * `directory` holds the compressed layers until the end of the run. With a budget, what the check needs of their files
 * is collected.
 */
export function createPacker(directory: string, budget?: FileBudget): Packer {
  const pool = createPool(Math.min(cpus().length, mostLayersAtATime));
  const packed = new Map<unknown, Promise<PackedLayer>>();
  const pack = async (layer: Layer, file: string, options: ReuseOptions) => {
    const reused = reuseLayer(layer, options);
    if (reused !== undefined) return { ...reused, files: await readSmallLayer(layer, budget) };
    return confirmLayer(await packLayer(layer, file, { ...options, budget }), layer, options);
  };
  return {
    pack(layer, options) {
      const key = keyOf(layer);
      const file = join(directory, `layer-${packed.size}`);
      const promise = packed.get(key) ?? pool(() => pack(layer, file, options));
      packed.set(key, promise);
      return promise;
    },
  };
}

/** Layers with the same key have the same tar, and the same blob if it must stay unchanged. */
function keyOf(layer: Layer): unknown {
  const { keepsBlob, descriptor, diffId, identity } = layer;
  return (keepsBlob ? descriptor?.digest : undefined) ?? diffId ?? identity ?? layer;
}

/**
 * Packs each distinct layer once, and computes config and manifest from the results. Ends when `onLayer` and `onConfig` are
 * done.
 */
export async function packImage(image: Image, options: PackOptions): Promise<PackedImage> {
  const { annotations, onLayer, onConfig = async () => {}, packer } = options;
  const packing = new Map<unknown, Promise<PackedLayer>>();
  const sending: Promise<void>[] = [];
  const pack = async (layer: Layer) => {
    const packed = { ...(await packer.pack(layer, options)), contents: layer.contents };
    sending.push(inBackground(onLayer(packed)));
    return packed;
  };
  const packOnce = (layer: Layer) => {
    const promise = packing.get(keyOf(layer)) ?? pack(layer);
    packing.set(keyOf(layer), promise);
    return promise;
  };
  expectToPack(image.layers, options);
  try {
    const layers = await settleAll(image.layers.map(packOnce));
    const config = withDiffIds(
      image.config,
      layers.map(layer => layer.diffId),
    );
    const configBlob = blobOf(config.bytes, mediaTypes.config);
    sending.push(inBackground(onConfig(configBlob)));
    const manifest = manifestBlob({
      config: configBlob.descriptor,
      layers: layers.map(layer => layer.descriptor),
      annotations: { ...image.annotations, ...annotations },
    });
    await settleAll(sending);
    return { manifest, configBlob, config, layers };
  } finally {
    await Promise.allSettled(sending);
  }
}

/** Prepares for compressing the layers, as far as their sizes are known. */
function expectToPack(layers: readonly Layer[], options: ReuseOptions): void {
  const { compression = defaultCompression } = options;
  const made = layers.filter(
    layer => !isPassedOn(layer, options.compression) && reuseLayer(layer, options) === undefined,
  );
  expectToCompress(
    made.reduce((sum, layer) => sum + sizeOf(layer), 0),
    compression,
  );
}

/** Bytes of a layer's tar, more or less; 0 if they are unknown. */
function sizeOf({ encoding, size, contents }: Layer): number {
  if (encoding === 'tar' && size !== undefined) return size;
  return (contents?.paths ?? []).reduce((sum, { narSize = 0 }) => sum + narSize, 0);
}
