import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { bundleToJSON, toDSSEBundle } from '@sigstore/bundle';
import { type Bundle, signedBytes, statementType } from './bundle.ts';
import type { Signer } from './signer.ts';

/** Signs with a private key. Whoever verifies needs its public key, and there is no log of its signatures. */
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
      // Not as keyHint of the library, which makes it the keyid of the envelope too: cosign skips such a signature.
      const { content } = bundle.verificationMaterial;
      if (content.$case === 'publicKey') content.publicKey.hint = fingerprint.toString('base64');
      return Buffer.from(JSON.stringify(bundleToJSON(bundle)));
    },
    hasMade: bundle => isSignedBy(publicKey, bundle),
  };
}

/** Whether a public key verifies a bundle. */
export function isSignedBy(publicKey: KeyObject, { statement, signature }: Bundle): boolean {
  return verify(hashFor(publicKey), signedBytes(statement), publicKey, signature);
}

/** Ed25519 hashes what it signs itself. */
function hashFor({ asymmetricKeyType }: KeyObject): 'sha256' | null {
  return asymmetricKeyType === 'ed25519' ? null : 'sha256';
}
