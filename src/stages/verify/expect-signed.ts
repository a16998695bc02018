import { Failure } from '../../lib/failure.ts';
import { type Digest, digestOf, isDigest } from '../../oci/digest.ts';
import { formatRepository } from '../../oci/reference.ts';
import type { RepositoryClient } from '../../registry/access/registry.ts';
import { getManifest } from '../../registry/content/manifests.ts';
import type { Runtime } from '../../runtime.ts';
import type { Verifier } from '../open/open-verifier.ts';
import { lackOfSignature, readStatements } from './read-statements.ts';

/** An image that must be signed before it is used. */
interface Demanded {
  /** Tag or digest. */
  readonly name: string;
  /** The input that names it. */
  readonly input: string;
  readonly verifier: Verifier;
  readonly log: Runtime['log'];
}

/**
 * The digest that a name stands for, if the wanted signer has signed it. From here on only the digest may be used,
 * since a tag can move. A Failure if it is not signed, or does not exist.
 */
export async function expectSigned(
  client: RepositoryClient,
  { name, input, verifier, log }: Demanded,
): Promise<Digest> {
  const digest = digestOf(await getManifest(client, name));
  const repository = formatRepository(client.repository);
  const full = isDigest(name) ? `${repository}@${digest}` : `${repository}:${name} (${digest})`;
  const lack = lackOfSignature(await readStatements(client, digest, verifier));
  if (lack !== undefined) {
    throw new Failure(
      `Cannot use ${input}: ${full} is not signed by ${verifier.name}: ${lack}. ` +
        `Sign the image where it is pushed, or correct ${input} or ${verifier.input}. Nothing was pushed.`,
    );
  }
  log.info(`${input}: ${full} is signed by ${verifier.name}`);
  return digest;
}
