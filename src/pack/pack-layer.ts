import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { decompress } from '../lib/decompress.ts';
import { Failure } from '../lib/failure.ts';
import { gzip } from '../lib/gzip.ts';
import { type Blob, mediaTypes } from '../oci/blob.ts';
import { type Digest, digestOfHash } from '../oci/digest.ts';
import type { Layer } from '../oci/image.ts';

/** A layer as it goes to a registry: compressed, every digest made from its own bytes. */
export interface PackedLayer extends Blob {
  readonly diffId: Digest;
  /** Bytes of the uncompressed tar. */
  readonly tarSize: number;
  /** A fresh stream of the uncompressed tar. */
  openTar(): AsyncIterable<Uint8Array>;
}

const mediaTypeOf = {
  tar: mediaTypes.layerGzip,
  gzip: mediaTypes.layerGzip,
  zstd: mediaTypes.layerZstd,
} as const;

/**
 * Reads a layer once: a plain tar is compressed with gzip into `file`, a compressed one is passed on as it is. A Failure
 * when its tar has not the promised diffID.
 */
export async function packLayer(layer: Layer, file: string): Promise<PackedLayer> {
  const tar = createMeter();
  const blob = createMeter();
  const what = `the layer ${layer.diffId ?? ''}`.trim();
  let open = () => layer.open();
  if (layer.encoding === 'tar') {
    await pipeline(blob.through(gzip(tar.through(layer.open()))), createWriteStream(file));
    open = () => createReadStream(file, { highWaterMark: 1 << 20 });
  } else {
    await drain(tar.through(decompress(blob.through(layer.open()), layer.encoding, what)));
  }
  const diffId = tar.digest();
  if (layer.diffId !== undefined && layer.diffId !== diffId) {
    throw new Failure(
      `Cannot use the image: its config promises a layer ${layer.diffId}, but the bytes have the diffID ${diffId}.`,
    );
  }
  const { encoding } = layer;
  return {
    descriptor: { mediaType: mediaTypeOf[encoding], digest: blob.digest(), size: blob.size() },
    diffId,
    tarSize: tar.size(),
    open,
    openTar: () => (encoding === 'tar' ? layer.open() : decompress(layer.open(), encoding, what)),
  };
}

/** Counts and hashes what passes through. */
interface Meter {
  through(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  size(): number;
  digest(): Digest;
}

function createMeter(): Meter {
  const hash: Hash = createHash('sha256');
  let size = 0;
  return {
    async *through(source) {
      for await (const chunk of source) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    },
    size: () => size,
    digest: () => digestOfHash(hash),
  };
}

async function drain(source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of source);
}
