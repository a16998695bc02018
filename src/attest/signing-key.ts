import { createPrivateKey, type KeyObject, scryptSync } from 'node:crypto';
import { Failure, messageOf } from '../lib/failure.ts';
import { isObject, type Json } from '../lib/json-object.ts';
import { objectIn } from '../lib/parse-json.ts';

/** cosign writes N = 65536, r = 8, p = 1; scrypt takes 128 · N · r bytes of memory. */
const mostMemory = 256 << 20;

const advice = 'Give the private key of "cosign generate-key-pair", or a PEM in PKCS #8.';

/**
 * Reads a private key: PEM (RFC 7468) of PKCS #8, encrypted or not, or the format of `cosign generate-key-pair`. A
 * Failure if the text is not a private key, if the key cannot sign, or if the password is wrong; it never quotes the
 * key.
 */
export async function parseSigningKey(pem: string, password: string): Promise<KeyObject> {
  const [, encrypted] = /-----BEGIN ENCRYPTED (?:SIGSTORE|COSIGN) PRIVATE KEY-----([\s\S]*?)-----END/.exec(pem) ?? [];
  const key = encrypted === undefined ? readPem(pem, password) : await decrypt(encrypted, password);
  const type = key.asymmetricKeyType ?? 'unknown';
  if (['ec', 'ed25519', 'rsa'].includes(type)) return key;
  throw new Failure(`Cannot use signing-key: it is a key of the type ${type}. Give an ECDSA, Ed25519 or RSA key.`);
}

function readPem(pem: string, password: string): KeyObject {
  if (/-----BEGIN ENCRYPTED/.test(pem) && password === '') throw noPassword();
  try {
    return createPrivateKey({ key: pem, ...(password === '' ? {} : { passphrase: password }) });
  } catch (cause) {
    if (/-----BEGIN ENCRYPTED/.test(pem)) throw wrongPassword(cause);
    throw new Failure(`Cannot use signing-key: it is not a private key (${messageOf(cause)}). ${advice}`, { cause });
  }
}

/**
 * cosign's format: JSON with the parameters of scrypt and a secretbox of NaCl. sigstore/sigstore,
 * pkg/cryptoutils/encrypted.go
 */
async function decrypt(base64: string, password: string): Promise<KeyObject> {
  const { kdf, cipher, ciphertext } = objectIn(Buffer.from(base64, 'base64'));
  const { name: kdfName, params, salt } = isObject(kdf) ? kdf : ({} as Json);
  const { name: cipherName, nonce } = isObject(cipher) ? cipher : ({} as Json);
  const { N, r, p } = isObject(params) ? params : ({} as Json);
  const isKnown = kdfName === 'scrypt' && cipherName === 'nacl/secretbox' && [N, r, p].every(Number.isSafeInteger);
  const texts = [salt, nonce, ciphertext].map(text =>
    typeof text === 'string' ? Buffer.from(text, 'base64') : undefined,
  );
  const [saltBytes, nonceBytes, box] = texts;
  const cost = { N: Number(N), r: Number(r), p: Number(p), maxmem: mostMemory };
  if (!isKnown || saltBytes === undefined || nonceBytes?.length !== 24 || box === undefined || cost.p > 4) {
    throw new Failure(`Cannot use signing-key: its encryption is not one that cosign writes. ${advice}`);
  }
  if (password === '') throw noPassword();
  const { xsalsa20poly1305 } = await import('@noble/ciphers/salsa.js');
  try {
    const der = xsalsa20poly1305(scryptSync(password, saltBytes, 32, cost), nonceBytes).decrypt(box);
    return createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw wrongPassword(cause);
  }
}

function noPassword(): Failure {
  return new Failure(
    'Cannot use signing-key: it is encrypted. Set its password in the variable COSIGN_PASSWORD of the step.',
  );
}

function wrongPassword(cause: unknown): Failure {
  return new Failure('Cannot use signing-key: the password in COSIGN_PASSWORD does not decrypt it.', { cause });
}
