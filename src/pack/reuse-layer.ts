import { decompress } from '../lib/decompress.ts';
import { Failure } from '../lib/failure.ts';
import type { Digest } from '../oci/digest.ts';
import type { Layer } from '../oci/image.ts';
import type { KnownBlob, KnownBlobs } from '../oci/known-blob.ts';
import { withFacts } from '../oci/layer-facts.ts';
import { type Compression, defaultCompression, encodingOf, mediaTypeOf, nameOf } from './compression.ts';
import { createMeter, drain } from './meter.ts';
import { checkDiffId, identityOf, openTar, type PackedLayer } from './pack-layer.ts';

/**
 * How far the claims of manifests in a registry are believed. `trust`: as they stand. `verify`: the diffID is made from
 * our own bytes, and the blob is fetched to see that it holds them. `off`: not at all. docs/reuse.md has the threats.
 */
export type Reuse = 'trust' | 'verify' | 'off';

export interface ReuseOptions {
  readonly reuse: Reuse;
  readonly known: KnownBlobs;
  readonly compression: Compression | undefined;
  /** Told of a claim that turned out to be false. */
  readonly onFalseClaim: (message: string) => void;
}

/** The layer as a blob that a registry has already, if there is one that may be relied on; nothing is compressed. */
export async function reuseLayer(layer: Layer, options: ReuseOptions): Promise<PackedLayer | undefined> {
  const { reuse, known, compression } = options;
  const isKept = layer.encoding !== 'tar' && compression === undefined;
  if (reuse === 'off' || known.size === 0 || isKept) return undefined;
  const candidates = (name: string | undefined) =>
    (name === undefined ? [] : (known.get(name) ?? [])).filter(blob =>
      isMadeBy(blob, compression ?? defaultCompression),
    );
  const claimed = [...candidates(layer.diffId), ...candidates(layer.identity)];
  if (reuse === 'trust') {
    const [found] = claimed;
    return found === undefined ? undefined : packedOf(layer, found);
  }
  const isNameless = layer.diffId === undefined && layer.identity === undefined;
  if (claimed.length === 0 && !isNameless) return undefined;
  const diffId = await measureDiffId(layer);
  for (const blob of candidates(diffId)) {
    if (await holds(blob, diffId)) return packedOf(layer, blob);
    const { host, path } = blob.place;
    options.onFalseClaim(
      `${host}/${path} claims that ${blob.descriptor.digest} is the layer ${diffId}. It is not; the layer is made anew.`,
    );
  }
  return undefined;
}

/** Only a blob made as this run would make it, so that reuse never changes a digest. */
function isMadeBy({ descriptor, facts }: KnownBlob, compression: Compression): boolean {
  return facts.compression === nameOf(compression) && descriptor.mediaType === mediaTypeOf[encodingOf(compression)];
}

async function measureDiffId(layer: Layer): Promise<Digest> {
  const tar = createMeter();
  await drain(tar.through(openTar(layer)));
  return checkDiffId(layer, tar.digest());
}

/** Whether a blob is what its descriptor says and its tar has this diffID. */
async function holds(known: KnownBlob, diffId: Digest): Promise<boolean> {
  const { descriptor } = known;
  const blob = createMeter();
  const tar = createMeter();
  const bytes = blob.through(limited(known.open(), descriptor.size));
  try {
    await drain(tar.through(plainOf(bytes, descriptor.mediaType)));
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
  return blob.digest() === descriptor.digest && blob.size() === descriptor.size && tar.digest() === diffId;
}

function plainOf(bytes: AsyncIterable<Uint8Array>, mediaType: string): AsyncIterable<Uint8Array> {
  if (mediaType === mediaTypeOf.gzip) return decompress(bytes, 'gzip', 'a known blob');
  if (mediaType === mediaTypeOf.zstd) return decompress(bytes, 'zstd', 'a known blob');
  return bytes;
}

/** A stranger's stream, ended with an error where it is longer than it may be. */
async function* limited(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let left = size;
  for await (const chunk of source) {
    left -= chunk.length;
    if (left < 0) throw new Failure(`A blob has more than the ${size} bytes that it is said to have.`);
    yield chunk;
  }
}

function packedOf(layer: Layer, known: KnownBlob): PackedLayer {
  const { descriptor, facts } = known;
  const { diffId, compression } = facts;
  return {
    descriptor: withFacts(descriptor, {
      ...identityOf(layer),
      diffId,
      ...(compression === undefined ? {} : { compression }),
    }),
    diffId,
    known,
    async tarSize() {
      const tar = createMeter();
      await drain(tar.through(openTar(layer)));
      return tar.size();
    },
    open: () => limited(known.open(), descriptor.size),
    openTar: () => openTar(layer),
  };
}
