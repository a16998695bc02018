import { createPublicKey, X509Certificate } from 'node:crypto';
import { bundleToJSON } from '@sigstore/bundle';
import { SigningConfig } from '@sigstore/protobuf-specs';
import {
  type BundleBuilder,
  bundleBuilderFromSigningConfig,
  DSSEBundleBuilder,
  FulcioSigner,
  RekorWitness,
} from '@sigstore/sign';
import { Failure, messageOf, sentence } from '../lib/failure.ts';
import { objectIn, parseJsonObject } from '../lib/parse-json.ts';
import { type Bundle, statementType } from './bundle.ts';
import { isSignedBy } from './key-signer.ts';
import type { Signer } from './signer.ts';

export interface KeylessOptions {
  /** A fresh OIDC token for an audience. */
  identityToken(audience: string): Promise<string>;
  /** JSON of a Sigstore signing config that names other services than the public ones. */
  readonly signingConfig: Buffer | undefined;
}

type IdentityProvider = ConstructorParameters<typeof FulcioSigner>[0]['identityProvider'];

/** Options of each request to Sigstore; the timeout in milliseconds. */
const fetching = { timeout: 10_000, retry: { retries: 2 } };

/**
 * Signs as the identity in an OIDC token: Fulcio certifies a key that is used once, and Rekor or a timestamp authority
 * shows that it was used while the certificate was valid. A Failure if there is no token.
 */
export async function openKeylessSigner({ identityToken, signingConfig }: KeylessOptions): Promise<Signer> {
  const identity = identityOf(await identityToken('sigstore'));
  const builder = openBuilder({ getToken: () => identityToken('sigstore') }, signingConfig);
  return {
    name: identity ?? 'an identity that its token does not show',
    identity,
    async sign(statement) {
      try {
        const bundle = await builder.create({ data: statement, type: statementType });
        return Buffer.from(JSON.stringify(bundleToJSON(bundle)));
      } catch (cause) {
        throw new Failure(`Cannot sign through Sigstore: ${sentence(reasonsOf(cause).join(': '))}`, { cause });
      }
    },
    hasMade: bundle => identity !== undefined && isCertified(bundle, identity),
  };
}

/** Uses Sigstore's public services, with the entry in Rekor as timestamp, unless a config names others. */
function openBuilder(identityProvider: IdentityProvider, config: Buffer | undefined): BundleBuilder {
  if (config === undefined) {
    const signer = new FulcioSigner({ identityProvider, ...fetching });
    return new DSSEBundleBuilder({ signer, witnesses: [new RekorWitness(fetching)] });
  }
  try {
    const signingConfig = SigningConfig.fromJSON(parseJsonObject(config, 'signing-config'));
    const options = { signingConfig, identityProvider, fetchOptions: fetching };
    return bundleBuilderFromSigningConfig({ ...options, bundleType: 'dsseEnvelope' });
  } catch (cause) {
    throw new Failure(`Cannot use signing-config: ${sentence(messageOf(cause))} Give the config of a Sigstore v0.2.`, {
      cause,
    });
  }
}

/**
 * The identity that Fulcio certifies for a token: the workflow file of a GitHub job, else an e-mail address, else the
 * subject. Fulcio's docs, "OIDC Token Requirements". Undefined if the token shows none.
 */
function identityOf(token: string): string | undefined {
  const claims = objectIn(Buffer.from(token.split('.')[1] ?? '', 'base64url'));
  const { job_workflow_ref: workflow, email, sub } = claims;
  const server = typeof claims.iss === 'string' ? serverOf(claims.iss) : undefined;
  if (typeof workflow === 'string' && server !== undefined) return `${server}/${workflow}`;
  return [email, sub].find(claim => typeof claim === 'string');
}

/**
 * `https://token.actions.githubusercontent.com` issues tokens for github.com, and `https://token.actions.HOST` for an
 * enterprise.
 */
function serverOf(issuer: string): string | undefined {
  const [, host] = /^https:\/\/token\.actions\.([\w.-]+)/.exec(issuer) ?? [];
  return host === undefined ? undefined : `https://${host === 'githubusercontent.com' ? 'github.com' : host}`;
}

/** Whether the signature has a certificate for the identity, from any issuer. */
function isCertified(bundle: Bundle, identity: string): boolean {
  if (bundle.certificate === undefined) return false;
  try {
    const { subjectAltName = '', publicKey } = new X509Certificate(bundle.certificate);
    const names = subjectAltName.split(', ').map(name => name.replace(/^(URI|email):/, ''));
    return (
      names.includes(identity) && isSignedBy(createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })), bundle)
    );
  } catch {
    return false;
  }
}

/** The library's error names the step that failed; its cause has the reason. */
function reasonsOf(error: unknown): string[] {
  const own = messageOf(error);
  return error instanceof Error && error.cause instanceof Error ? [own, ...reasonsOf(error.cause)] : [own];
}
