import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { Failure, messageOf } from '../lib/failure.ts';
import type { Digest } from '../oci/digest.ts';
import { type Layer, mediaTypeOf } from '../oci/image.ts';
import type { KnownBlob, KnownBlobs } from '../oci/known-blob.ts';
import { claimOf, withFacts } from '../oci/layer-facts.ts';
import { formatRepository } from '../oci/reference.ts';
import { type Compression, defaultCompression, encodingOf, nameOf } from './compression.ts';
import { createMeter, drain } from './meter.ts';
import { checkDiffId, identityOf, isPassedOn, openTar, type PackedLayer } from './pack-layer.ts';

/**
 * How far the claims of manifests in a registry are believed. `trust`: as they stand. `verify`: the diffID is made from
 * our own bytes, and the blob is fetched to see that it holds them, unless the store cache says the very same. `off`: not
 * at all. docs/reuse.md has the threats.
 */
export type Reuse = 'trust' | 'verify' | 'off';

export interface ReuseOptions {
  readonly reuse: Reuse;
  readonly known: KnownBlobs;
  /** What the store cache says of layers, as `claimsOf` has it. */
  readonly vouched?: ReadonlySet<string> | undefined;
  readonly compression: Compression | undefined;
  /** Told of a claim that could not be confirmed. */
  readonly onFalseClaim: (message: string) => void;
}

/** The uncompressed tar of a layer, as our own bytes have it. */
interface Tar {
  readonly diffId: Digest;
  readonly size: number;
}

/** The layer as a blob that a registry has already, if there is one that may be relied on; nothing is compressed. */
export async function reuseLayer(layer: Layer, options: ReuseOptions): Promise<PackedLayer | undefined> {
  const { reuse, known, compression = defaultCompression } = options;
  if (layer.remote !== undefined && options.compression === undefined) return packedOf(layer, layer.remote, false);
  if (reuse === 'off' || known.size === 0 || isPassedOn(layer, options.compression)) return undefined;
  const candidates = (name: string | undefined) =>
    (name === undefined ? [] : (known.get(name) ?? [])).filter(blob => isMadeBy(blob, compression));
  const claimed = [...candidates(layer.diffId), ...candidates(layer.identity)];
  if (reuse === 'trust') {
    const found = claimed.find(({ facts }) => layer.diffId === undefined || layer.diffId === facts.diffId);
    return found === undefined ? undefined : packedOf(layer, found, false);
  }
  const honest = claimed.find(blob => isVouchedFor(blob, layer, options));
  if (honest !== undefined) return packedOf(layer, honest, true);
  // zstd is made faster than it is fetched, and a stranger's may keep a decoder busy for hours.
  if (compression.method === 'zstd') return undefined;
  const isNameless = layer.diffId === undefined && layer.identity === undefined;
  if (claimed.length === 0 && !isNameless) return undefined;
  const tar = await measureTar(layer);
  for (const blob of new Set([...candidates(tar.diffId), ...claimed])) {
    const isVouched = isVouchedFor(blob, { ...layer, ...tar }, options);
    const problem = isVouched ? undefined : await problemWith(blob, tar);
    if (problem === undefined) return packedOf(layer, blob, true);
    options.onFalseClaim(
      `Cannot confirm that ${nameIn(blob)} is the layer ${tar.diffId}, so it is made anew: ${problem}`,
    );
  }
  return undefined;
}

/** Only a blob made as this run would make it, so that reuse never changes a digest. */
function isMadeBy({ descriptor, facts }: KnownBlob, compression: Compression): boolean {
  return facts.compression === nameOf(compression) && descriptor.mediaType === mediaTypeOf[encodingOf(compression)];
}

/** Whether the store cache says the very same of the layer that has these names. */
function isVouchedFor(
  { descriptor, facts }: KnownBlob,
  { diffId, identity }: Pick<Layer, 'diffId' | 'identity'>,
  { vouched }: ReuseOptions,
): boolean {
  if (vouched === undefined || (diffId !== undefined && diffId !== facts.diffId)) return false;
  return [diffId, identity].some(name => name !== undefined && vouched.has(claimOf(name, descriptor, facts)));
}

async function measureTar(layer: Layer): Promise<Tar> {
  const tar = createMeter();
  await drain(tar.through(openTar(layer, 'brief')));
  return { diffId: checkDiffId(layer, tar.digest()), size: tar.size() };
}

/** Why a blob is not this tar, or cannot be seen to be; undefined where it is. */
async function problemWith(blob: KnownBlob, tar: Tar): Promise<string | undefined> {
  const { descriptor, facts } = blob;
  if (facts.diffId !== tar.diffId) return `it is said to have the diffID ${facts.diffId}.`;
  if (descriptor.size > largestBlobOf(tar)) return `it is larger than the layer, ${descriptor.size} bytes.`;
  try {
    await checkBlob(blob, tar);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

/** No compressor adds more than a hundredth to what does not compress. */
function largestBlobOf({ size }: Tar): number {
  return size + Math.ceil(size / 100) + 1024;
}

/** Memory for what is unpacked. By Node's default it comes in pieces of 16 KiB, each with a turn through the main thread. */
const chunkSize = 1 << 17;

/** Fetches a blob of a stranger, and no more than our own tar may take. */
async function checkBlob(known: KnownBlob, tar: Tar): Promise<void> {
  const { digest, mediaType, size } = known.descriptor;
  const blob = createMeter();
  const plain = createMeter();
  const bytes = blob.through(exactly(size, known));
  const read = (tarBytes: AsyncIterable<Uint8Array>) => drain(plain.through(atMost(tar.size, tarBytes)));
  if (mediaType === mediaTypeOf.gzip) {
    const gunzip = createGunzip({ chunkSize });
    await pipeline(bytes, gunzip, read);
    // Node passes over what comes after a zero byte; others refuse to unpack such a blob.
    if (gunzip.bytesWritten !== size) throw new Failure('Other bytes come behind its gzip stream.');
  } else {
    await read(bytes);
  }
  if (blob.digest() !== digest) throw new Failure('Its bytes have another digest.');
  if (plain.digest() !== tar.diffId) throw new Failure('Its tar is another one.');
}

async function* atMost(size: number, source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let left = size;
  for await (const chunk of source) {
    left -= chunk.length;
    if (left < 0) throw new Failure(`It holds more than the ${size} bytes of the layer.`);
    yield chunk;
  }
}

/** The stream of a known blob, ended with an error where it has not the size that is claimed. */
async function* exactly(size: number, known: KnownBlob): AsyncGenerator<Uint8Array> {
  const fail = () => new Failure(`Cannot use ${nameIn(known)}: it has not the ${size} bytes that a manifest claims.`);
  let left = size;
  for await (const chunk of known.open()) {
    left -= chunk.length;
    if (left < 0) throw fail();
    yield chunk;
  }
  if (left > 0) throw fail();
}

function nameIn({ descriptor, place }: KnownBlob): string {
  return `${descriptor.digest} in ${formatRepository(place)}`;
}

function packedOf(layer: Layer, known: KnownBlob, isCertain: boolean): PackedLayer {
  const { descriptor, facts } = known;
  const { diffId, compression } = facts;
  return {
    descriptor: withFacts(descriptor, {
      ...identityOf(layer),
      diffId,
      ...(compression === undefined ? {} : { compression }),
    }),
    diffId,
    isCertain,
    known,
    async tarSize() {
      const tar = createMeter();
      await drain(tar.through(openTar(layer, 'brief')));
      return tar.size();
    },
    open: () => exactly(descriptor.size, known),
    openTar: () => openTar(layer),
    release() {},
  };
}
