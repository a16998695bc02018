import { generateKeyPairSync } from 'node:crypto';

/** A new Ed25519 key to sign with and to verify with, as PEM. */
export function makeKeyPair(): { readonly secretPem: string; readonly publicPem: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return { secretPem: privateKey, publicPem: publicKey };
}
