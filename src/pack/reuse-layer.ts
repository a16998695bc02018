import { Failure } from '../lib/failure.ts';
import { reuseBuffer } from '../lib/read-options.ts';
import { type Layer, mediaTypeOf } from '../oci/image.ts';
import type { KnownBlob, KnownBlobs } from '../oci/known-blob.ts';
import { claimKey, withFacts } from '../oci/layer-facts.ts';
import { formatRepository } from '../oci/reference.ts';
import { type Compression, compressionName, defaultCompression, encodingOf } from './compression.ts';
import { createMeter, drain } from './meter.ts';
import { identityOf, isPassedOn, openTar, type PackedLayer } from './pack-layer.ts';

/**
 * How far the claims of manifests in a registry are believed. `trust`: as they stand. `verify`: where the store cache says
 * the very same; else the layer is made, and counts as being there if its blob is the very same. `off`: not at all.
 * docs/reuse.md has the threats.
 */
export type Reuse = 'trust' | 'verify' | 'off';

export interface ReuseOptions {
  readonly reuse: Reuse;
  readonly known: KnownBlobs;
  /** What the store cache says of layers, as `claimKeys` has it. */
  readonly confirmed?: ReadonlySet<string> | undefined;
  readonly compression: Compression | undefined;
  /** Called for a claim that could not be confirmed. */
  readonly onFalseClaim: (message: string) => void;
}

/** The layer as a blob that a registry has already, if there is one that may be relied on; the layer is not read. */
export function reuseLayer(layer: Layer, options: ReuseOptions): PackedLayer | undefined {
  if (layer.remote !== undefined && options.compression === undefined) return packedOf(layer, layer.remote, false);
  if (options.reuse === 'off' || isPassedOn(layer, options.compression)) return undefined;
  const claimed = claimsAbout(layer, options);
  if (options.reuse === 'verify') {
    const honest = claimed.find(blob => isVouchedFor(blob, layer, options));
    return honest && packedOf(layer, honest, true);
  }
  const found = claimed.find(({ facts }) => layer.diffId === undefined || layer.diffId === facts.diffId);
  return found && packedOf(layer, found, false);
}

/**
 * A layer that was made here, with the place where a registry has its blob already, if what is claimed there is true: the
 * same layer gives the same blob, always. Tells of a claim that is not.
 */
export function confirmLayer(packed: PackedLayer, layer: Layer, options: ReuseOptions): PackedLayer {
  if (options.reuse === 'off' || !packed.isCertain) return packed;
  const { descriptor, diffId } = packed;
  const claimed = claimsAbout({ ...layer, diffId }, options);
  const isTrue = (blob: KnownBlob) =>
    blob.descriptor.digest === descriptor.digest && blob.descriptor.size === descriptor.size;
  const untrue = claimed.find(blob => !isTrue(blob));
  if (untrue !== undefined) {
    options.onFalseClaim(
      `Cannot confirm that ${nameIn(untrue)} is the layer ${diffId}: this run packed it into a different blob.`,
    );
  }
  const known = claimed.find(isTrue);
  return known === undefined ? packed : { ...packed, known };
}

/** What registries say to be a layer, made as this run would make it. */
function claimsAbout(
  { diffId, identity }: Pick<Layer, 'diffId' | 'identity'>,
  { known, compression = defaultCompression }: ReuseOptions,
): readonly KnownBlob[] {
  const named = [diffId, identity].flatMap(name => (name === undefined ? [] : (known.get(name) ?? [])));
  return [...new Set(named)].filter(blob => isMadeBy(blob, compression));
}

/** Only a blob made as this run would make it, so that reuse never changes a digest. */
function isMadeBy({ descriptor, facts }: KnownBlob, compression: Compression): boolean {
  return (
    facts.compression === compressionName(compression) && descriptor.mediaType === mediaTypeOf[encodingOf(compression)]
  );
}

/** Whether the store cache says the very same of the layer that has these names. */
function isVouchedFor(
  { descriptor, facts }: KnownBlob,
  { diffId, identity }: Pick<Layer, 'diffId' | 'identity'>,
  { confirmed }: ReuseOptions,
): boolean {
  if (confirmed === undefined || (diffId !== undefined && diffId !== facts.diffId)) return false;
  return [diffId, identity].some(name => name !== undefined && confirmed.has(claimKey(name, descriptor, facts)));
}

/** The stream of a known blob, ended with an error where it has not the size that is claimed. */
async function* exactly(size: number, known: KnownBlob): AsyncGenerator<Uint8Array> {
  const fail = () =>
    new Failure(`Cannot use ${nameIn(known)}: it does not have the ${size} bytes that a manifest states.`);
  let left = size;
  for await (const chunk of known.open()) {
    left -= chunk.length;
    if (left < 0) throw fail();
    yield chunk;
  }
  if (left > 0) throw fail();
}

function nameIn({ descriptor, repository }: KnownBlob): string {
  return `${descriptor.digest} in ${formatRepository(repository)}`;
}

function packedOf(layer: Layer, known: KnownBlob, isCertain: boolean): PackedLayer {
  const { descriptor, facts } = known;
  const { identity: _, ...others } = facts;
  return {
    descriptor: withFacts(descriptor, { ...others, ...identityOf(layer) }),
    diffId: facts.diffId,
    isCertain,
    known,
    async tarSize() {
      const tar = createMeter();
      await drain(tar.through(openTar(layer, reuseBuffer)));
      return tar.size();
    },
    open: () => exactly(descriptor.size, known),
    openTar: () => openTar(layer),
    release() {},
  };
}
