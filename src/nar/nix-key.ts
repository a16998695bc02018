import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';

/** The DER that precedes the 32 bytes of an Ed25519 key. RFC 8410. */
const privatePrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const publicPrefix = Buffer.from('302a300506032b6570032100', 'hex');

/**
 * Signs a text. `key` is `NAME:BASE64` of a secret key as `nix key generate-secret` prints it: the seed and, behind it,
 * the public key. The signature is `NAME:BASE64` too.
 */
export function signText(text: string, key: string): string {
  const { name, bytes } = partsOf(key);
  const der = Buffer.concat([privatePrefix, bytes.subarray(0, 32)]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return `${name}:${sign(null, Buffer.from(text), secret).toString('base64')}`;
}

/** Whether a value has the form of a signature: a name without control characters, and 64 bytes. */
export function isSignature(value: unknown): value is string {
  return typeof value === 'string' && /^[^:\s\p{C}]{1,200}:[A-Za-z0-9+/]{86}==$/u.test(value);
}

/** Whether one of the public keys, each `NAME:BASE64`, made the signature of a text. */
export function isSigned(text: string, signature: string, keys: readonly string[]): boolean {
  const { name, bytes } = partsOf(signature);
  return keys.map(partsOf).some(key => {
    if (key.name !== name || key.bytes.length !== 32) return false;
    const der = Buffer.concat([publicPrefix, key.bytes]);
    return verify(null, Buffer.from(text), createPublicKey({ key: der, format: 'der', type: 'spki' }), bytes);
  });
}

/** The public key that belongs to a secret key. */
export function publicKeyOf(key: string): string {
  const { name, bytes } = partsOf(key);
  return `${name}:${bytes.subarray(32).toString('base64')}`;
}

function partsOf(text: string): { readonly name: string; readonly bytes: Buffer } {
  const colon = text.indexOf(':');
  return { name: text.slice(0, colon), bytes: Buffer.from(text.slice(colon + 1), 'base64') };
}
