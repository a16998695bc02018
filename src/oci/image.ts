import type { ReadOptions } from '../lib/read-options.ts';
import { type Descriptor, mediaTypes } from './blob.ts';
import type { ImageConfig } from './config.ts';
import type { Digest } from './digest.ts';
import type { KnownBlob } from './known-blob.ts';
import { contentsInHistory, type LayerContents } from './layer-contents.ts';

/** How the bytes of a layer come from their source. */
export type Encoding = 'tar' | 'gzip' | 'zstd';

/** The media type of a layer whose blob is encoded so. OCI image-spec, layer.md. */
export const mediaTypeOf: Readonly<Record<Encoding, string>> = {
  tar: mediaTypes.layerTar,
  gzip: mediaTypes.layerGzip,
  zstd: mediaTypes.layerZstd,
};

/** Media types of layers, OCI's and Docker's, and how such a layer is encoded. */
const layerEncodings: ReadonlyMap<string, Encoding> = new Map([
  [mediaTypes.layerTar, 'tar'],
  [mediaTypes.layerGzip, 'gzip'],
  [mediaTypes.layerZstd, 'zstd'],
  ['application/vnd.docker.image.rootfs.diff.tar', 'tar'],
  ['application/vnd.docker.image.rootfs.diff.tar.gzip', 'gzip'],
  ['application/vnd.docker.image.rootfs.diff.tar.zstd', 'zstd'],
]);

/**
 * How the blob of a layer is encoded; undefined for what is no layer that is understood. A blob whose digest is the diffID
 * is the tar itself, whatever its media type says: `skopeo copy docker-archive: dir:` writes plain tars as gzip.
 */
export function layerEncoding({ mediaType, digest }: Descriptor, diffId: Digest | undefined): Encoding | undefined {
  const encoding = layerEncodings.get(mediaType);
  return encoding !== undefined && digest === diffId ? 'tar' : encoding;
}

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
  /** Where a registry has it: it is mounted or sent on as it is, and read for nothing else. */
  readonly remote?: KnownBlob;
  /** Whether the blob is passed on as it is, also where it is a plain tar. */
  readonly keepsBlob?: boolean;
  /** What is in it, if the source knows; see `withContents`. */
  readonly contents?: LayerContents | undefined;
  /** For errors: which layer of what this is. */
  readonly description?: string;
  /** Bytes that `open` gives, if known before. */
  readonly size?: number;
  /**
   * Starts a fresh stream of the layer in its encoding.
   */
  open(options?: ReadOptions): AsyncIterable<Uint8Array>;
}

/** What an image is called in a registry, and the digest that the name stood for: of an index, if it names one. */
export interface NamedImage {
  /** `docker.io/library/alpine:3`, in full. */
  readonly name: string;
  readonly digest: Digest;
}

/** An image is a value; its manifest is never stored, it is computed, so that no change leaves a stale digest. */
export interface Image {
  readonly config: ImageConfig;
  /** From the base upwards, as `rootfs.diff_ids` lists them. */
  readonly layers: readonly Layer[];
  /** Of the manifest that it came with. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** What it is built on, where that is known by name. */
  readonly base?: NamedImage;
}

/** The image with its layers passed on as they are, byte for byte. */
export function withBlobsKept(image: Image): Image {
  return { ...image, layers: image.layers.map(layer => ({ ...layer, keepsBlob: true })) };
}

/** The image with the contents of each layer; if its source did not name them, they come from the history. */
export function withContents(image: Image): Image {
  const told = contentsInHistory(image.config, image.layers.length);
  const layers = image.layers.map((layer, i) => ({ ...layer, contents: layer.contents ?? told[i] }));
  return { ...image, layers };
}
