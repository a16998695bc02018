import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  parseJsonObject
} from "./chunk-JV3OK7I5.mjs";
import {
  isObject
} from "./chunk-MLJXCXOP.mjs";
import {
  Failure
} from "./chunk-WFDJKZW3.mjs";

// src/attest/bundle.ts
var bundleType = "application/vnd.dev.sigstore.bundle.v0.3+json";
var largestBundle = 32 << 20;
var statementType = "application/vnd.in-toto+json";
function parseBundle(bytes) {
  const json = parseJsonObject(bytes, "a Sigstore bundle", { largest: largestBundle });
  const { mediaType, dsseEnvelope, verificationMaterial } = json;
  const { payload, payloadType, signatures } = isObject(dsseEnvelope) ? dsseEnvelope : {};
  const [signature] = Array.isArray(signatures) && signatures.length === 1 ? signatures : [];
  const sig = isObject(signature) ? signature.sig : void 0;
  const isStatement = mediaType === bundleType && payloadType === statementType;
  if (!isStatement || typeof payload !== "string" || typeof sig !== "string") {
    throw new Failure("Cannot read a Sigstore bundle: it is not one of version 0.3 with one signed in-toto statement.");
  }
  const { certificate } = isObject(verificationMaterial) ? verificationMaterial : {};
  const { rawBytes } = isObject(certificate) ? certificate : {};
  return {
    statement: Buffer.from(payload, "base64"),
    signature: Buffer.from(sig, "base64"),
    certificate: typeof rawBytes === "string" ? Buffer.from(rawBytes, "base64") : void 0
  };
}
function signedBytes(statement) {
  return Buffer.concat([
    Buffer.from(`DSSEv1 ${statementType.length} ${statementType} ${statement.length} `),
    statement
  ]);
}

export {
  bundleType,
  largestBundle,
  statementType,
  parseBundle,
  signedBytes
};
