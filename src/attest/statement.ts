import { isObject, type Json } from '../lib/json-object.ts';
import { parseJsonObject } from '../lib/parse-json.ts';
import type { Descriptor } from '../oci/blob.ts';
import { hexOf } from '../oci/digest.ts';
import { formatRepository, type Repository } from '../oci/reference.ts';
import { largestBundle } from './bundle.ts';

/** The predicate types that the action makes. */
export const predicateTypes = {
  /** cosign's signature, whose predicate is empty. */
  signature: 'https://sigstore.dev/cosign/sign/v1',
  provenance: 'https://slsa.dev/provenance/v1',
} as const;

/** A claim about manifests of one image. */
export interface Claim {
  readonly predicateType: string;
  readonly predicate: Json;
  /** The manifests that the claim is about. */
  readonly subjects: readonly Descriptor[];
}

/** The JSON of an in-toto statement: in-toto attestation framework, "Statement" v1. */
export function formatStatement({ predicateType, predicate, subjects }: Claim, repository: Repository): Buffer {
  const name = formatRepository(repository);
  return Buffer.from(
    JSON.stringify({
      _type: 'https://in-toto.io/Statement/v1',
      subject: subjects.map(({ digest }) => ({ name, digest: { sha256: hexOf(digest) } })),
      predicateType,
      predicate,
    }),
  );
}

/**
 * Whether two statements claim the same; a Failure if one of them is no JSON. The fields of provenance that only
 * describe the run (`runDetails.metadata`) do not count, so that the same build, run again, makes the same claim.
 */
export function claimsSame(a: Uint8Array, b: Uint8Array): boolean {
  return withoutRun(a) === withoutRun(b);
}

function withoutRun(statement: Uint8Array): string {
  const json = parseJsonObject(statement, 'a statement', { largest: largestBundle });
  const { predicate } = json;
  const { runDetails } = isObject(predicate) ? predicate : {};
  if (!isObject(predicate) || !isObject(runDetails)) return JSON.stringify(json);
  const { metadata: _, ...details } = runDetails;
  return JSON.stringify({ ...json, predicate: { ...predicate, runDetails: details } });
}
