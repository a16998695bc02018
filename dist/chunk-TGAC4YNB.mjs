import {
  documentId
} from "./chunk-ZB72IX4D.mjs";

// src/sbom/spdx-header.ts
var storeTime = "1970-01-01T00:00:01Z";
var rewrittenNote = "its files may be outside the store";
function secondsOf(time) {
  const date = new Date(time ?? storeTime);
  return Number.isNaN(date.getTime()) ? storeTime : date.toISOString().replace(/\.\d+Z$/, "Z");
}
function namespaceOf(text) {
  return `https://spdx.org/spdxdocs/nix-image-${documentId(text)}`;
}

export {
  rewrittenNote,
  secondsOf,
  namespaceOf
};
