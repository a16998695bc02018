import type { FileBudget, LayerFiles } from '../check/layer-files.ts';
import { watchLayer } from '../check/watch-layer.ts';
import { decompress, decompressReusing } from '../lib/compress/decompress.ts';
import { Failure } from '../lib/failure.ts';
import { reuseBuffer } from '../lib/read-options.ts';
import type { Blob, Descriptor } from '../oci/blob.ts';
import { type ChunkedPositions, chunkedPositionsOf } from '../oci/chunked-positions.ts';
import type { Digest } from '../oci/digest.ts';
import { type Layer, type LayerReadOptions, mediaTypeOf } from '../oci/image.ts';
import type { KnownBlob } from '../oci/known-blob.ts';
import type { LayerContents } from '../oci/layer-contents.ts';
import { withFacts } from '../oci/layer-facts.ts';
import { bufferBlob } from './buffer-blob.ts';
import { type Compression, compress, compressionName, defaultCompression, encodingOf } from './compression.ts';
import { createMeter, drain } from './meter.ts';

/** A layer as it is pushed. */
export interface PackedLayer extends Blob {
  readonly diffId: Digest;
  /**
   * Whether the blob is certain to be what this run would make of the layer: because it was made here, or the store
   * cache confirms it. Claims that are only trusted are not certain, and neither are blobs that pass through unchanged.
   */
  readonly isCertain: boolean;
  /** The registry's blob, if the layer is reused. */
  readonly known?: KnownBlob;
  /** What the check needs of the files, if the layer was read for it. */
  readonly files?: LayerFiles | undefined;
  /** What is in it, as its source says. */
  readonly contents?: LayerContents | undefined;
  /** Bytes of the uncompressed tar; reads the layer if they are unknown so far. */
  tarSize(): Promise<number>;
  /** A fresh stream of the uncompressed tar. */
  openTar(): AsyncIterable<Uint8Array>;
  /** Frees the blob's memory; it must not be opened afterwards. */
  release(): void;
}

interface PackLayerOptions {
  readonly compression?: Compression | undefined;
  /** For what the check needs of the files; without it they are not looked at. */
  readonly budget?: FileBudget | undefined;
}

/**
 * Reads a layer once. A plain tar is compressed into `file`; a compressed one passes through unchanged, or is
 * recompressed if `compression` is set. A Failure if its bytes do not have the stated digests.
 */
export async function packLayer(layer: Layer, file: string, options: PackLayerOptions = {}): Promise<PackedLayer> {
  return isPassedOn(layer, options.compression) ? keepLayer(layer, options) : makeLayer(layer, file, options);
}

/** Whether the blob passes through unchanged, because it is compressed already or must stay as it is. */
export function isPassedOn({ encoding, keepsBlob }: Layer, compression: Compression | undefined): boolean {
  return compression === undefined && (encoding !== 'tar' || keepsBlob === true);
}

async function makeLayer(
  layer: Layer,
  file: string,
  { compression = defaultCompression, budget }: PackLayerOptions,
): Promise<PackedLayer> {
  const watch = watchLayer(layer, budget);
  const tar = createMeter();
  const blob = createMeter();
  const { bytes, chunked } = compress(tar.through(watch.through(openTar(layer, watch.options))), compression);
  const { open, release } = await bufferBlob(blob.through(bytes), file);
  const diffId = checkDiffId(layer, tar.digest());
  const descriptor = {
    mediaType: mediaTypeOf[encodingOf(compression)],
    digest: blob.digest(),
    size: blob.size(),
  };
  return {
    descriptor: withFacts(descriptor, {
      ...identityOf(layer),
      diffId,
      compression: compressionName(compression),
      ...chunkedFact(chunked()),
    }),
    diffId,
    isCertain: true,
    files: watch.files(),
    tarSize: async () => tar.size(),
    open,
    openTar: () => openTar(layer),
    release,
  };
}

async function keepLayer(layer: Layer, { budget }: PackLayerOptions): Promise<PackedLayer> {
  const watch = watchLayer(layer, budget);
  const tar = createMeter();
  const blob = createMeter();
  const { encoding } = layer;
  const bytes = blob.through(layer.open(watch.options));
  const plain = encoding === 'tar' ? bytes : decompressReusing(bytes, encoding, descriptionOf(layer));
  await drain(tar.through(watch.through(plain)));
  const diffId = checkDiffId(layer, tar.digest());
  const descriptor = { mediaType: mediaTypeOf[encoding], digest: blob.digest(), size: blob.size() };
  checkDescriptor(layer, descriptor);
  return {
    descriptor: withFacts(descriptor, {
      ...identityOf(layer),
      diffId,
      ...chunkedFact(layer.descriptor && chunkedPositionsOf(layer.descriptor)),
    }),
    diffId,
    isCertain: false,
    files: watch.files(),
    tarSize: async () => tar.size(),
    // Compressed layers are in files. A tar that is created while being read may have chunks too small to send from one
    // buffer.
    open: options => layer.open(encoding === 'tar' ? undefined : options),
    openTar: () => openTar(layer),
    release() {},
  };
}

/** A fresh stream of a layer's uncompressed tar. */
export function openTar(layer: Layer, options?: LayerReadOptions): AsyncIterable<Uint8Array> {
  const { encoding } = layer;
  if (encoding === 'tar') return layer.open(options);
  const plain = options?.reuseBuffer ? decompressReusing : decompress;
  return plain(layer.open(reuseBuffer), encoding, descriptionOf(layer));
}

/** Names the layer in errors. */
function descriptionOf({ description, diffId }: Layer): string {
  return description ?? (diffId === undefined ? 'a layer' : `the layer ${diffId}`);
}

/** The layer's identity as a fact, if it has one. */
export function identityOf({ identity }: Layer): { readonly identity?: string } {
  return identity === undefined ? {} : { identity };
}

/** The positions of the blob's index as a fact, if it has one. */
function chunkedFact(chunked: ChunkedPositions | undefined): { readonly chunked?: ChunkedPositions } {
  return chunked === undefined ? {} : { chunked };
}

/** The diffID of a layer after reading it; a Failure if it is not the expected one. */
export function checkDiffId(layer: Layer, diffId: Digest): Digest {
  if (layer.diffId === undefined || layer.diffId === diffId) return diffId;
  throw new Failure(
    `Cannot use ${descriptionOf(layer)}: the config lists the diffID ${layer.diffId}, but its content has ${diffId}. ` +
      'The store paths in it changed after the build, or do not build reproducibly: rebuild all of them on this machine.',
  );
}

/** A Failure if the blob of a layer is not the expected one. */
export function checkDescriptor(layer: Layer, { digest, size }: Pick<Descriptor, 'digest' | 'size'>): void {
  const { descriptor } = layer;
  if (descriptor === undefined || (descriptor.digest === digest && descriptor.size === size)) return;
  throw new Failure(
    `Cannot use ${descriptionOf(layer)}: the manifest lists ${descriptor.digest} with ${descriptor.size} bytes, but its blob is ${digest} with ${size} bytes.`,
  );
}
