import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  Failure
} from "./chunk-WFDJKZW3.mjs";

// src/oci/digest.ts
import { createHash } from "node:crypto";
function parseDigest(text, description) {
  if (typeof text === "string" && isDigest(text)) return text;
  throw new Failure(`Cannot read ${description}: ${JSON.stringify(text)} is not a digest (sha256: and 64 hex digits).`);
}
function isDigest(text) {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}
function digestOf(bytes) {
  return digestOfHash(createHash("sha256").update(bytes));
}
function digestOfHash(hash) {
  return `sha256:${hash.digest("hex")}`;
}
function hexOf(digest) {
  return digest.slice("sha256:".length);
}

export {
  parseDigest,
  isDigest,
  digestOf,
  digestOfHash,
  hexOf
};
