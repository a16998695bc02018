import { X509Certificate } from 'node:crypto';
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
import { parseBundle, statementType } from './bundle.ts';
import type { Signer } from './signer.ts';
import type { Verify } from './verifier.ts';

export interface KeylessOptions {
  /** A fresh OIDC token for an audience. */
  identityToken(audience: string): Promise<string>;
  /** JSON of a Sigstore signing config that names other services than the public ones. */
  readonly signingConfig: Buffer | undefined;
  /** JSON of the trusted root of these services; undefined for the public ones, or if it is not known. */
  readonly trustedRoot: Buffer | undefined;
  /** Directory for files of this run. */
  readonly directory: string;
}

interface Identity {
  readonly identity: string | undefined;
  readonly issuer: string | undefined;
}

type IdentityProvider = ConstructorParameters<typeof FulcioSigner>[0]['identityProvider'];

/** Options of each request to Sigstore; the timeout in milliseconds. */
const fetching = { timeout: 10_000, retry: { retries: 2 } };

/**
 * Signs as the identity in an OIDC token: Fulcio certifies a key that is used once, and Rekor or a timestamp authority
 * shows that it was used while the certificate was valid. A Failure if there is no token.
 */
export async function openKeylessSigner(options: KeylessOptions): Promise<Signer> {
  const { identityToken, signingConfig } = options;
  const { identity, issuer } = identityOf(await identityToken('sigstore'));
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
    hasMade: createJudge({ ...options, identity, issuer }),
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
 * subject; and who issued the token. Fulcio's docs, "OIDC Token Requirements". Undefined what the token does not show.
 */
function identityOf(token: string): Identity {
  const claims = objectIn(Buffer.from(token.split('.')[1] ?? '', 'base64url'));
  const { job_workflow_ref: workflow, email, sub } = claims;
  const issuer = typeof claims.iss === 'string' ? claims.iss : undefined;
  const server = issuer === undefined ? undefined : serverOf(issuer);
  if (typeof workflow === 'string' && server !== undefined) return { identity: `${server}/${workflow}`, issuer };
  return { identity: [email, sub].find(claim => typeof claim === 'string'), issuer };
}

/**
 * `https://token.actions.githubusercontent.com` issues tokens for github.com, and `https://token.actions.HOST` for an
 * enterprise.
 */
function serverOf(issuer: string): string | undefined {
  const [, host] = /^https:\/\/token\.actions\.([\w.-]+)/.exec(issuer) ?? [];
  return host === undefined ? undefined : `https://${host === 'githubusercontent.com' ? 'github.com' : host}`;
}

/**
 * Judges bundles as verification does. The code and the keys for that load with the first bundle that names the
 * identity.
 */
function createJudge({ identity, issuer, ...options }: KeylessOptions & Identity): Signer['hasMade'] {
  const { signingConfig, trustedRoot, directory } = options;
  const isKnown = signingConfig === undefined || trustedRoot !== undefined;
  let opening: Promise<Verify> | undefined;
  return async bundle => {
    if (identity === undefined || issuer === undefined || !isKnown || !namesIdentity(bundle, identity)) return false;
    opening ??= import('./verifier.ts').then(({ openVerifier }) =>
      openVerifier({ kind: 'identity', identities: [identity], issuer, trustedRoot, directory }),
    );
    const verify = await opening;
    verify(bundle);
    return true;
  };
}

/** Whether a bundle has a certificate for an identity, from whomever. */
function namesIdentity(bundle: Buffer, identity: string): boolean {
  const { certificate } = parseBundle(bundle);
  const { subjectAltName = '' } = certificate === undefined ? {} : new X509Certificate(certificate);
  return subjectAltName.split(', ').some(name => name.replace(/^(URI|email):/, '') === identity);
}

/** The library's error names the step that failed; its cause has the reason. */
function reasonsOf(error: unknown): string[] {
  const own = messageOf(error);
  return error instanceof Error && error.cause instanceof Error ? [own, ...reasonsOf(error.cause)] : [own];
}
