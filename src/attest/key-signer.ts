import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { bundleToJSON, toDSSEBundle } from '@sigstore/bundle';
import { type Bundle, parseBundle, signedBytes, statementType } from './bundle.ts';
import type { Signer } from './signer.ts';

/** Signs with a private key. Verification needs its public key; no log records the signatures. */
export function createKeySigner(key: KeyObject): Signer {
  const publicKey = createPublicKey(key);
  const fingerprint = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
  return {
    name: `the key SHA256:${fingerprint.toString('base64')}`,
    identity: undefined,
    async sign(statement) {
      const signature = sign(hashFor(key), signedBytes(statement), key);
      const bundle = toDSSEBundle({ artifact: statement, artifactType: statementType, signature });
      // Not the library's keyHint: the library also writes it as keyid into the envelope, and cosign skips such a
      // signature.
      const { content } = bundle.verificationMaterial;
      if (content.$case === 'publicKey') content.publicKey.hint = fingerprint.toString('base64');
      return Buffer.from(JSON.stringify(bundleToJSON(bundle)));
    },
    hasMade: async bundle => isSignedBy(publicKey, parseBundle(bundle)),
  };
}

/** Whether a public key verifies a bundle. */
export function isSignedBy(publicKey: KeyObject, { statement, signature }: Bundle): boolean {
  return verify(hashFor(publicKey), signedBytes(statement), publicKey, signature);
}

/** Ed25519 takes no hash algorithm: it hashes the message itself. */
function hashFor({ asymmetricKeyType }: KeyObject): 'sha256' | null {
  return asymmetricKeyType === 'ed25519' ? null : 'sha256';
}
