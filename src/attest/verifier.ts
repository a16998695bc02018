import { createPublicKey } from 'node:crypto';
import { bundleFromJSON } from '@sigstore/bundle';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { getTrustedRoot } from '@sigstore/tuf';
import { toSignedEntity, toTrustMaterial, Verifier } from '@sigstore/verify';
import { Failure, messageOf, sentence } from '../lib/failure.ts';
import { parseJson, parseJsonObject } from '../lib/parse-json.ts';
import { largestBundle, parseBundle } from './bundle.ts';
import { isSignedBy } from './key-signer.ts';

/** Who must have signed: the owner of a key, or an identity that an issuer confirms. */
export type Wanted =
  | { readonly kind: 'key'; readonly pem: Buffer }
  | {
      readonly kind: 'identity';
      /**
       * Exactly what the certificate names: `https://github.com/acme/app/.github/workflows/build.yml@refs/heads/main`.
       * One of several suffices.
       */
      readonly identities: readonly string[];
      readonly issuer: string;
      /** JSON of Sigstore's trusted root; undefined for the public Sigstore. */
      readonly trustedRoot: Buffer | undefined;
      /** Directory for files of this run. */
      readonly directory: string;
    };

/** What the certificate of a signer says beside its identity; empty for a key. */
export interface Certified {
  /** The workflow that was started, which may call that of the identity: `https://github.com/acme/app/PATH@REF`. */
  readonly workflow?: string;
}

/** Throws an error with the reason, unless the wanted signer has signed the bundle. */
export type Verify = (bundle: Buffer) => Certified;

/** Reads the key or the trusted root; a Failure if it cannot be read. */
export async function openVerifier(wanted: Wanted): Promise<Verify> {
  if (wanted.kind === 'key') return verifierOfKey(wanted.pem);
  const { identities, issuer, trustedRoot, directory } = wanted;
  const root = await readRoot(trustedRoot, directory);
  // A Sigstore of one's own may have no logs; a timestamp must then show when the key was used.
  const thresholds = { tlogThreshold: Math.min(root.tlogs.length, 1), ctlogThreshold: Math.min(root.ctlogs.length, 1) };
  const verifier = new Verifier(toTrustMaterial(root), thresholds);
  return bytes => {
    const json = parseJson(bytes, 'a Sigstore bundle', { largest: largestBundle });
    const signer = verifier.verify(toSignedEntity(bundleFromJSON(json)));
    // The library treats an identity as a pattern.
    const { subjectAlternativeName = 'a key', extensions, oids = [] } = signer.identity ?? {};
    if (!identities.includes(subjectAlternativeName) || extensions?.issuer !== issuer) {
      throw new Failure(`it is signed by ${subjectAlternativeName} (${extensions?.issuer ?? 'no issuer'})`);
    }
    const config = oids.find(({ oid }) => oid?.id.join('.') === buildConfigUri)?.value;
    return config === undefined ? {} : { workflow: utf8String(config) };
  };
}

/** The workflow file that was started, with its ref. Fulcio's docs, "OID information" */
const buildConfigUri = '1.3.6.1.4.1.57264.1.18';

/** The text of a UTF8String in DER, whose length takes up to three bytes here. X.690, 8.1.3 */
function utf8String(der: Uint8Array): string {
  const [, length = 0] = der;
  return Buffer.from(der)
    .subarray(length < 0x80 ? 2 : 2 + (length & 0x7f))
    .toString();
}

function verifierOfKey(pem: Buffer): Verify {
  try {
    const key = createPublicKey(pem);
    return bytes => {
      if (!isSignedBy(key, parseBundle(bytes))) throw new Failure('another key signed it, or it was changed');
      return {};
    };
  } catch (cause) {
    throw new Failure(
      `Cannot read the public key: ${sentence(messageOf(cause))} Give the PEM that cosign.pub has in require-key.`,
      {
        cause,
      },
    );
  }
}

async function readRoot(json: Buffer | undefined, directory: string): Promise<TrustedRoot> {
  if (json !== undefined) return TrustedRoot.fromJSON(parseJsonObject(json, 'the trusted root'));
  try {
    return await getTrustedRoot({ cachePath: directory });
  } catch (cause) {
    throw new Failure(
      `Cannot get the keys of the public Sigstore: ${sentence(messageOf(cause))} Give them in trusted-root.`,
      { cause },
    );
  }
}
