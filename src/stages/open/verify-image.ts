import { bundleType, largestBundle, parseBundle } from '../../attest/bundle.ts';
import { predicateTypes } from '../../attest/statement.ts';
import type { Verify } from '../../attest/verifier.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import { isObject, type Json } from '../../lib/json-object.ts';
import { parseJsonObject } from '../../lib/parse-json.ts';
import { oneLine } from '../../lib/printable.ts';
import { type Digest, digestOf, hexOf } from '../../oci/digest.ts';
import { formatRepository, parseImageName } from '../../oci/reference.ts';
import { openClient } from '../../registry/access/client.ts';
import { getManifest } from '../../registry/content/manifests.ts';
import { readAttached } from '../../registry/push/attach-artifact.ts';
import type { StageContext } from '../stage-context.ts';

/** An image that whoever was wanted has signed. */
export interface VerifiedImage {
  /** `ghcr.io/acme/app@sha256:…` */
  readonly name: string;
  /** Types of all statements about it by the same signer. */
  readonly predicateTypes: readonly string[];
  /** The predicate of its provenance; undefined if it has none. */
  readonly provenance: Json | undefined;
}

/**
 * Verifies that an image is signed. A Failure, with the reason for each attestation that does not count, if no signature is
 * right; provenance alone is no signature.
 */
export async function verifyImage(name: string, verify: Verify, { access }: StageContext): Promise<VerifiedImage> {
  const { name: tag, ...repository } = parseImageName(name);
  const client = await openClient(repository, { ...access, actions: 'pull', mountSources: [] });
  const digest = digestOf(await getManifest(client, tag));
  const full = `${formatRepository(repository)}@${digest}`;
  const reasons: string[] = [];
  const statements: Json[] = [];
  for await (const bundle of readAttached(client, digest, bundleType)) {
    try {
      verify(bundle);
      statements.push(statementAbout(digest, bundle));
    } catch (error) {
      reasons.push(oneLine(messageOf(error), 200));
    }
  }
  const types = statements.map(({ predicateType }) => String(predicateType));
  if (types.includes(predicateTypes.signature)) {
    const provenance = statements.find(({ predicateType }) => predicateType === predicateTypes.provenance)?.predicate;
    return { name: full, predicateTypes: types, provenance: isObject(provenance) ? provenance : undefined };
  }
  const found = [...new Set([...reasons, ...types])].join('; ');
  throw new Failure(`The image ${full} is not signed as required: ${found || 'nothing is attached to it'}.`);
}

function statementAbout(digest: Digest, bundle: Buffer): Json {
  const json = parseJsonObject(parseBundle(bundle).statement, 'a statement', { largest: largestBundle });
  const subjects = Array.isArray(json.subject) ? json.subject.filter(isObject) : [];
  const isAbout = subjects.some(subject => isObject(subject.digest) && subject.digest.sha256 === hexOf(digest));
  if (isAbout) return json;
  throw new Failure('it is about another image');
}
