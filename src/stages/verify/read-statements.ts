import { bundleType, largestBundle, parseBundle } from '../../attest/bundle.ts';
import { predicateTypes } from '../../attest/statement.ts';
import type { Certified } from '../../attest/verifier.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import { isObject, type Json } from '../../lib/json-object.ts';
import { parseJsonObject } from '../../lib/parse-json.ts';
import { oneLine } from '../../lib/printable.ts';
import { type Digest, hexOf } from '../../oci/digest.ts';
import type { RepositoryClient } from '../../registry/access/registry.ts';
import { readAttached } from '../../registry/push/attach-artifact.ts';
import type { Verifier } from '../open/open-verifier.ts';

/** A statement about an image by whoever must have signed it. */
interface Statement {
  readonly predicateType: string;
  readonly predicate: Json;
  /** What the certificate of the signer says. */
  readonly certified: Certified;
}

/** The statements about one manifest. */
export interface Statements {
  readonly found: readonly Statement[];
  /** Why other attestations do not count, each reason once. */
  readonly reasons: readonly string[];
}

/** Reads what is attached to a manifest, and keeps the statements about it that the wanted signer has signed. */
export async function readStatements(
  client: RepositoryClient,
  digest: Digest,
  { verify }: Verifier,
): Promise<Statements> {
  const found: Statement[] = [];
  const reasons = new Set<string>();
  for await (const bundle of readAttached(client, digest, bundleType)) {
    try {
      const certified = verify(bundle);
      found.push({ ...statementAbout(digest, bundle), certified });
    } catch (error) {
      reasons.add(oneLine(messageOf(error), 200));
    }
  }
  return { found, reasons: [...reasons] };
}

/** The statement in a bundle; a Failure if it is not about this manifest. Nothing is verified. */
export function statementAbout(digest: Digest, bundle: Buffer): Omit<Statement, 'certified'> {
  const json = parseJsonObject(parseBundle(bundle).statement, 'a statement', { largest: largestBundle });
  const subjects = Array.isArray(json.subject) ? json.subject.filter(isObject) : [];
  const isAbout = subjects.some(subject => isObject(subject.digest) && subject.digest.sha256 === hexOf(digest));
  if (!isAbout) throw new Failure('it is about another image');
  return { predicateType: String(json.predicateType), predicate: isObject(json.predicate) ? json.predicate : {} };
}

/** Why the statements have no signature; undefined if they have one. Provenance alone is no signature. */
export function lackOfSignature({ found, reasons }: Statements): string | undefined {
  const types = found.map(({ predicateType }) => oneLine(predicateType, 200));
  if (types.includes(predicateTypes.signature)) return undefined;
  return [...reasons, ...new Set(types)].join('; ') || 'nothing is attached to it';
}
