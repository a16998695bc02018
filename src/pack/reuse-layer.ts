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
 * How far to trust claims of manifests in a registry. `trust`: always. `verify`: if the store cache makes the same
 * claim; otherwise the layer is created, and an identical blob counts as already pushed. `off`: never. docs/reuse.md
 * explains the threats.
 */
export type Reuse = 'trust' | 'verify' | 'off';

export interface ReuseOptions {
  readonly reuse: Reuse;
  readonly known: KnownBlobs;
  /** Claims that the store cache confirms, see `claimKeys`. */
  readonly confirmed?: ReadonlySet<string> | undefined;
  readonly compression: Compression | undefined;
  /** Called for a claim that could not be confirmed. */
  readonly onFalseClaim: (message: string) => void;
}

/** The layer as a blob that a registry already has, if one may be trusted; does not read the layer. */
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
 * A layer that was created here, with the repository that already has its blob if the claim there is true: the same
 * layer always gives the same blob. Reports a false claim.
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

/** Blobs that registries claim to be this layer, made as this run would make it. */
function claimsAbout(
  { diffId, identity }: Pick<Layer, 'diffId' | 'identity'>,
  { known, compression = defaultCompression }: ReuseOptions,
): readonly KnownBlob[] {
  const named = [diffId, identity].flatMap(name => (name === undefined ? [] : (known.get(name) ?? [])));
  return [...new Set(named)].filter(blob => isMadeBy(blob, compression));
}

/** Accepts only a blob made as this run would make it, so reuse never changes a digest. */
function isMadeBy({ descriptor, facts }: KnownBlob, compression: Compression): boolean {
  return (
    facts.compression === compressionName(compression) && descriptor.mediaType === mediaTypeOf[encodingOf(compression)]
  );
}

/** Whether the store cache makes the same claim about the layer with these names. */
function isVouchedFor(
  { descriptor, facts }: KnownBlob,
  { diffId, identity }: Pick<Layer, 'diffId' | 'identity'>,
  { confirmed }: ReuseOptions,
): boolean {
  if (confirmed === undefined || (diffId !== undefined && diffId !== facts.diffId)) return false;
  return [diffId, identity].some(name => name !== undefined && confirmed.has(claimKey(name, descriptor, facts)));
}

/** The stream of a known blob; ends with an error if it does not have the claimed size. */
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
