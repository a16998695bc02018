import { generateKeyPairSync } from 'node:crypto';

/** A new key as `nix key generate-secret` makes it. */
export function makeSigningKey(name: string): { readonly secret: string; readonly public: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const seed = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-32);
  const point = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return {
    secret: `${name}:${Buffer.concat([seed, point]).toString('base64')}`,
    public: `${name}:${point.toString('base64')}`,
  };
}
