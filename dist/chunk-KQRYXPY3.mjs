const { createPrivateKey, scryptSync } = globalThis.process.getBuiltinModule("node:crypto");
import "./chunk-QXXOMLBA.mjs";
import "./chunk-BCOIIFZD.mjs";
import "./chunk-DOBU3S46.mjs";
import "./chunk-XL7E7YGZ.mjs";
import "./chunk-RCHAHIEV.mjs";
import "./chunk-3DOYXRXT.mjs";
import "./chunk-JYQXIE4E.mjs";
import "./chunk-BZDVR7SU.mjs";
import "./chunk-ZWG43C65.mjs";
import "./chunk-KDJ5XFQM.mjs";
import "./chunk-7IH7JYJA.mjs";
import "./chunk-6OHNNCAZ.mjs";
import "./chunk-QGRX4KWZ.mjs";
import "./chunk-3WZMXA3B.mjs";
import "./chunk-MAQ7ADOM.mjs";
import "./chunk-4GYQYVDP.mjs";
import "./chunk-25LIPGGA.mjs";
import {
  objectIn
} from "./chunk-XBGOFGJP.mjs";
import "./chunk-HEI324TL.mjs";
import {
  Failure,
  isObject,
  messageOf
} from "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

// src/attest/signing-key.ts
var mostMemory = 256 << 20;
var advice = 'Give the private key of "cosign generate-key-pair", or a PEM in PKCS #8.';
async function parseSigningKey(pem, password) {
  const [, encrypted] = /-----BEGIN ENCRYPTED (?:SIGSTORE|COSIGN) PRIVATE KEY-----([\s\S]*?)-----END/.exec(pem) ?? [];
  const key = encrypted === void 0 ? readPem(pem, password) : await decrypt(encrypted, password);
  const type = key.asymmetricKeyType ?? "unknown";
  if (["ec", "ed25519", "rsa"].includes(type)) return key;
  throw new Failure(`Cannot use signing-key: it is a key of the type ${type}. Give an ECDSA, Ed25519 or RSA key.`);
}
function readPem(pem, password) {
  if (/-----BEGIN ENCRYPTED/.test(pem) && password === "") throw noPassword();
  try {
    return createPrivateKey({ key: pem, ...password === "" ? {} : { passphrase: password } });
  } catch (cause) {
    if (/-----BEGIN ENCRYPTED/.test(pem)) throw wrongPassword(cause);
    throw new Failure(`Cannot use signing-key: it is not a private key (${messageOf(cause)}). ${advice}`, { cause });
  }
}
async function decrypt(base64, password) {
  const { kdf, cipher, ciphertext } = objectIn(Buffer.from(base64, "base64"));
  const { name: kdfName, params, salt } = isObject(kdf) ? kdf : {};
  const { name: cipherName, nonce } = isObject(cipher) ? cipher : {};
  const { N, r, p } = isObject(params) ? params : {};
  const isKnown = kdfName === "scrypt" && cipherName === "nacl/secretbox" && [N, r, p].every(Number.isSafeInteger);
  const texts = [salt, nonce, ciphertext].map(
    (text) => typeof text === "string" ? Buffer.from(text, "base64") : void 0
  );
  const [saltBytes, nonceBytes, box] = texts;
  const cost = { N: Number(N), r: Number(r), p: Number(p), maxmem: mostMemory };
  if (!isKnown || saltBytes === void 0 || nonceBytes?.length !== 24 || box === void 0 || cost.p > 4) {
    throw new Failure(`Cannot use signing-key: its encryption is not one that cosign writes. ${advice}`);
  }
  if (password === "") throw noPassword();
  const { xsalsa20poly1305 } = await import("./chunk-MTAQ4Q3Z.mjs");
  try {
    const der = xsalsa20poly1305(scryptSync(password, saltBytes, 32, cost), nonceBytes).decrypt(box);
    return createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
  } catch (cause) {
    throw wrongPassword(cause);
  }
}
function noPassword() {
  return new Failure(
    "Cannot use signing-key: it is encrypted. Set its password in the variable COSIGN_PASSWORD of the step."
  );
}
function wrongPassword(cause) {
  return new Failure("Cannot use signing-key: the password in COSIGN_PASSWORD does not decrypt it.", { cause });
}
export {
  parseSigningKey
};
