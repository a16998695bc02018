import type { Descriptor } from './blob.ts';
import type { ImageConfig } from './config.ts';
import type { Digest } from './digest.ts';

/** How the bytes of a layer come from their source. */
export type Encoding = 'tar' | 'gzip' | 'zstd';

/** One layer of an image as its source has it. Nothing is read before `open`. OCI image-spec, layer.md. */
export interface Layer {
  /** Digest of the uncompressed tar; undefined where only reading the layer can tell. */
  readonly diffId: Digest | undefined;
  /**
   * Names the bytes of the uncompressed tar without reading them: equal identities, equal bytes. Undefined where the
   * source has no such name; `diffId`, where known, is one too.
   */
  readonly identity?: string;
  readonly encoding: Encoding;
  /** The blob that `open` gives, where the source promises one: compressed layers that come with a manifest. */
  readonly descriptor?: Descriptor;
  /** For errors: which layer of what this is. */
  readonly what?: string;
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
