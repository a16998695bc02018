import type { ImageConfig } from './config.ts';
import type { Digest } from './digest.ts';

/** How the bytes of a layer come from their source. */
export type Encoding = 'tar' | 'gzip' | 'zstd';

/** One layer of an image as its source has it. Nothing is read before `open`. OCI image-spec, layer.md. */
export interface Layer {
  /** Digest of the uncompressed tar; undefined where only reading the layer can tell. */
  readonly diffId: Digest | undefined;
  readonly encoding: Encoding;
  /** Bytes that `open` gives, if known before. */
  readonly size?: number;
  /** Starts a fresh stream of the layer in its encoding. */
  open(): AsyncIterable<Uint8Array>;
}

/** An image is a value; its manifest is never stored, it is computed, so that no change leaves a stale digest. */
export interface Image {
  readonly config: ImageConfig;
  /** From the base upwards, as `rootfs.diff_ids` lists them. */
  readonly layers: readonly Layer[];
}
