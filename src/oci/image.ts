import type { ReadOptions } from '../lib/read-options.ts';
import type { TarEntry } from '../tar/write-entry.ts';
import { type Descriptor, mediaTypes } from './blob.ts';
import type { ImageConfig } from './config.ts';
import type { Digest } from './digest.ts';
import type { KnownBlob } from './known-blob.ts';
import { contentsInHistory, type LayerContents } from './layer-contents.ts';

/** How the source has the bytes of a layer encoded. */
export type Encoding = 'tar' | 'gzip' | 'zstd';

/** The media type of a layer whose blob has this encoding. OCI image-spec, layer.md. */
export const mediaTypeOf: Readonly<Record<Encoding, string>> = {
  tar: mediaTypes.layerTar,
  gzip: mediaTypes.layerGzip,
  zstd: mediaTypes.layerZstd,
};

/** Encoding by media type of a layer, OCI's and Docker's. */
const layerEncodings: ReadonlyMap<string, Encoding> = new Map([
  [mediaTypes.layerTar, 'tar'],
  [mediaTypes.layerGzip, 'gzip'],
  [mediaTypes.layerZstd, 'zstd'],
  ['application/vnd.docker.image.rootfs.diff.tar', 'tar'],
  ['application/vnd.docker.image.rootfs.diff.tar.gzip', 'gzip'],
  ['application/vnd.docker.image.rootfs.diff.tar.zstd', 'zstd'],
]);

/**
 * How the blob of a layer is encoded; undefined if it is not a supported layer. A blob whose digest equals the diffID
 * is the tar itself, whatever its media type: `skopeo copy docker-archive: dir:` labels plain tars as gzip.
 */
export function layerEncoding({ mediaType, digest }: Descriptor, diffId: Digest | undefined): Encoding | undefined {
  const encoding = layerEncodings.get(mediaType);
  return encoding !== undefined && digest === diffId ? 'tar' : encoding;
}

/** How a layer is read. */
export interface LayerReadOptions extends ReadOptions {
  /**
   * Called with each member and the first bytes of its content, 4 KiB or the whole of it; they are good only during the
   * call. Only layers that are made here call it, see `Layer.reportsMembers`.
   */
  readonly onMember?: (member: TarEntry, start: Buffer) => void;
}

/** One layer of an image as its source has it. Nothing is read before `open`. OCI image-spec, layer.md. */
export interface Layer {
  /** Digest of the uncompressed tar; undefined if only reading the layer can tell. */
  readonly diffId: Digest | undefined;
  /**
   * Identifies the bytes of the uncompressed tar without reading them: equal identities mean equal bytes. Undefined if
   * the source has no such name; a known `diffId` serves the same purpose.
   */
  readonly identity?: string;
  readonly encoding: Encoding;
  /** The blob that `open` streams, if the source states it: compressed layers that come with a manifest. */
  readonly descriptor?: Descriptor;
  /** The layer's blob in a registry, which is mounted or copied unchanged, and read for nothing else. */
  readonly remote?: KnownBlob;
  /** Whether the blob must be pushed unchanged, even if it is a plain tar. */
  readonly keepsBlob?: boolean;
  /** What is in it, if the source knows; see `withContents`. */
  readonly contents?: LayerContents | undefined;
  /** Names the layer in errors. */
  readonly description?: string;
  /** Bytes that `open` streams, if known in advance. */
  readonly size?: number;
  /** The store paths that it has, whole and with the modes of the store; it has nothing else. */
  readonly storePaths?: readonly string[];
  /** The store paths that it has whole, if it has other files too. */
  readonly wholeStorePaths?: readonly string[];
  /** Whether `open` calls `onMember`. */
  readonly reportsMembers?: boolean;
  /** Starts a fresh stream of the layer in its encoding. */
  open(options?: LayerReadOptions): AsyncIterable<Uint8Array>;
}

/** An image by its name in a registry and the digest that the name resolved to (of the index, if it names one). */
export interface NamedImage {
  /** The full name, such as `docker.io/library/alpine:3`. */
  readonly name: string;
  readonly digest: Digest;
}

/** An image is a value. Its manifest is computed and never stored, so a change cannot leave a stale digest. */
export interface Image {
  readonly config: ImageConfig;
  /** From the base upwards, as `rootfs.diff_ids` lists them. */
  readonly layers: readonly Layer[];
  /** Annotations of the manifest that it came with. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** The image that it is built on, if known by name. */
  readonly base?: NamedImage;
}

/** The image with the blobs of its layers pushed unchanged, byte for byte. */
export function withBlobsKept(image: Image): Image {
  return { ...image, layers: image.layers.map(layer => ({ ...layer, keepsBlob: true })) };
}

/** The image with the contents of each layer; if its source did not name them, they come from the history. */
export function withContents(image: Image): Image {
  const told = contentsInHistory(image.config, image.layers.length);
  const layers = image.layers.map((layer, i) => ({ ...layer, contents: layer.contents ?? told[i] }));
  return { ...image, layers };
}
