import { bundleType } from '../../attest/bundle.ts';
import { predicateTypes } from '../../attest/statement.ts';
import type { Json } from '../../lib/json-object.ts';
import { objectIn } from '../../lib/parse-json.ts';
import { oneLine } from '../../lib/printable.ts';
import type { Digest } from '../../oci/digest.ts';
import type { RepositoryClient } from '../../registry/access/registry.ts';
import { readAttachedOf } from '../../registry/push/attach-artifact.ts';
import type { Stored } from '../../registry/read/stored-image.ts';
import { type SbomFormat, sbomFormats, sbomTypes } from '../../sbom/sbom-document.ts';
import type { Verifier } from '../open/open-verifier.ts';
import { statementAbout } from '../verify/read-statements.ts';

/** A bill of materials of an image that is promoted, for the new image. */
export interface CarriedSbom {
  readonly format: SbomFormat;
  readonly document: Json;
}

/** What is attached to an image that is promoted. */
export interface Carried {
  /** For each image of an index. */
  readonly sboms: readonly (readonly CarriedSbom[])[];
  /** What the new image gets, and what it does not get and why, for people. */
  readonly over: readonly string[];
  readonly left: readonly string[];
}

interface Promotion {
  /** Who must have signed the image; undefined if nobody must. */
  readonly verifier: Verifier | undefined;
  /** Whether this step signs the new image, and makes provenance for it. */
  readonly signs: boolean;
  readonly provenance: boolean;
}

/**
 * Finds out what is attached to an image and can be made anew for the image after its labels changed. A step that signs
 * carries over a bill of materials only if the wanted signer has signed it: anyone who may push can attach one.
 */
export async function readCarried(client: RepositoryClient, stored: Stored, promotion: Promotion): Promise<Carried> {
  const all: Attached[][] = [];
  for (const { manifest } of stored.images) {
    all.push(await readAllAttached(client, manifest.descriptor.digest, promotion));
  }
  const ofIndex = stored.index === undefined ? [] : await readAllAttached(client, stored.digest, promotion);
  const outcomes = stored.images.flatMap(({ platform }, i) =>
    (all[i] ?? []).map(one => outcomeOf(one, { platform, ...promotion })),
  );
  outcomes.push(...ofIndex.map(one => outcomeOf({ ...one, sbom: undefined }, { platform: 'the index', ...promotion })));
  const linesOf = (isCarried: boolean) => {
    const lines = outcomes.filter(one => one.isCarried === isCarried).map(({ line }) => line);
    return [...new Set(lines)].sort();
  };
  return {
    sboms: all.map(attached =>
      attached.flatMap(({ sbom, mayCarry }) => (sbom !== undefined && mayCarry ? [sbom] : [])),
    ),
    over: linesOf(true),
    left: linesOf(false),
  };
}

/** One artifact. */
interface Attached {
  readonly type: string;
  readonly sbom: CarriedSbom | undefined;
  /** Whether the step may vouch for it, if it is a bill of materials. */
  readonly mayCarry: boolean;
}

async function readAllAttached(
  client: RepositoryClient,
  digest: Digest,
  { verifier, signs }: Promotion,
): Promise<Attached[]> {
  const attached: Attached[] = [];
  const types = [bundleType, ...sbomFormats.map(format => sbomTypes[format].mediaType)];
  for await (const { type, bytes } of readAttachedOf(client, digest, types)) {
    const format = sbomFormats.find(one => sbomTypes[one].mediaType === type);
    if (format !== undefined) {
      const document = objectIn(bytes, { largest: bytes.length });
      attached.push({ type, sbom: { format, document }, mayCarry: verifier === undefined && !signs });
      continue;
    }
    const signed = signedIn(bytes, digest);
    if (signed !== undefined)
      attached.push({ ...signed, mayCarry: verifier !== undefined && hasSigned(verifier, bytes) });
  }
  return attached;
}

/** What a bundle states about a manifest; undefined if it is about another one, since others may attach anything. */
export function signedIn(bundle: Buffer, digest: Digest): Omit<Attached, 'mayCarry'> | undefined {
  try {
    const { predicateType: type, predicate } = statementAbout(digest, bundle);
    const format = sbomFormats.find(one => sbomTypes[one].predicateType === type);
    return { type, sbom: format && { format, document: predicate } };
  } catch {
    return undefined;
  }
}

function hasSigned({ verify }: Verifier, bundle: Buffer): boolean {
  try {
    verify(bundle);
    return true;
  } catch {
    return false;
  }
}

function outcomeOf(
  { type, sbom, mayCarry }: Attached,
  { platform, verifier, signs, provenance }: Promotion & { readonly platform: string },
): { readonly isCarried: boolean; readonly line: string } {
  const left = (name: string, why: string) => ({ isCarried: false, line: `${name}: ${why}` });
  const over = (name: string, how: string) => ({ isCarried: true, line: `${name}: ${how}` });
  if (sbom !== undefined) {
    const name = `${sbom.format} of ${platform}`;
    if (mayCarry) return over(name, signs ? 'signed by this step' : 'unsigned');
    return left(
      name,
      verifier === undefined
        ? 'nobody has to have signed it; set require-signed'
        : `it is not signed by ${verifier.name}`,
    );
  }
  if (type === predicateTypes.signature) {
    return signs
      ? over('signature', 'a new one, by this step')
      : left('signature', 'it is about the image before; set sign');
  }
  if (type === predicateTypes.provenance) {
    return provenance
      ? over('provenance', 'a new one, which names the image before')
      : left('provenance', 'it is about the image before; set provenance');
  }
  return left(oneLine(type, 100), 'it is about the image before');
}
