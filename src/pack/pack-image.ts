import { cpus } from 'node:os';
import { join } from 'node:path';
import { createPool, settleAll } from '../lib/pool.ts';
import { type Blob, mediaTypes } from '../oci/blob.ts';
import { type ImageConfig, withDiffIds } from '../oci/config.ts';
import type { Image, Layer } from '../oci/image.ts';
import { blobOf, manifestBlob } from '../oci/manifest.ts';
import { type PackedLayer, packLayer } from './pack-layer.ts';
import { type ReuseOptions, reuseLayer } from './reuse-layer.ts';

/** An image in the form that a registry, a layout or an engine takes. */
export interface PackedImage {
  readonly manifest: Blob;
  readonly configBlob: Blob;
  readonly config: ImageConfig;
  /** As the config lists them; a layer that the image holds twice is here twice. */
  readonly layers: readonly PackedLayer[];
}

export interface PackOptions extends ReuseOptions {
  /** Where compressed layers are kept until the end of the run. */
  readonly directory: string;
  /** Onto the manifest, over those that the image came with. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Called with each distinct layer as soon as it is packed, so that uploads overlap with packing. */
  readonly onLayer: (layer: PackedLayer) => Promise<void>;
}

/** Packs the layers side by side, each distinct one once, and computes config and manifest from what they turned out to be. */
export async function packImage(image: Image, options: PackOptions): Promise<PackedImage> {
  const { directory, annotations, compression, onLayer } = options;
  const pool = createPool(cpus().length);
  const handled = new Map<unknown, Promise<PackedLayer>>();
  const pack = async (layer: Layer, file: string) =>
    (await reuseLayer(layer, options)) ?? (await packLayer(layer, file, compression));
  const handle = async (layer: Layer, file: string) => {
    const packed = await pool(() => pack(layer, file));
    await onLayer(packed);
    return packed;
  };
  const handleOnce = (layer: Layer, i: number) => {
    const key = layer.diffId ?? layer.identity ?? layer;
    const promise = handled.get(key) ?? handle(layer, join(directory, `layer-${i}`));
    handled.set(key, promise);
    return promise;
  };
  const layers = await settleAll(image.layers.map(handleOnce));
  const config = withDiffIds(
    image.config,
    layers.map(layer => layer.diffId),
  );
  const configBlob = blobOf(config.bytes, mediaTypes.config);
  const manifest = manifestBlob({
    config: configBlob.descriptor,
    layers: layers.map(layer => layer.descriptor),
    annotations: { ...image.annotations, ...annotations },
  });
  return { manifest, configBlob, config, layers };
}
