import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  isDigest
} from "./chunk-LZSYUQMR.mjs";

// src/store-path.ts
var storeDirectory = "/nix/store";
var storeHash = "[0-9a-z]{32}";
var pathBeforeName = new RegExp(`^.*/${storeHash}-`);
var baseNamePattern = new RegExp(`^${storeHash}-(?!\\.{1,2}(?:-|$))[\\w+.?=-]{1,211}$`);
function storeDirectoryOf(env) {
  return env.NIX_STORE_DIR || storeDirectory;
}
function isStorePath(path, store = storeDirectory) {
  return typeof path === "string" && path.startsWith(`${store}/`) && baseNamePattern.test(path.slice(store.length + 1));
}
function isInStore(path, store = storeDirectory) {
  if (!path.startsWith(`${store}/`)) return false;
  const [first = "", ...below] = path.slice(store.length + 1).split("/");
  return baseNamePattern.test(first) && !below.some((part) => /^\.{0,2}$/.test(part));
}
function storePathName(path) {
  return path.replace(pathBeforeName, "").replace(/\.drv$/, "");
}
function parsePackageName(path) {
  const text = storePathName(path);
  const dash = text.search(/-[^A-Za-z]/);
  if (dash < 1) return { name: text, version: "" };
  return { name: text.slice(0, dash), version: text.slice(dash + 1).replace(/(?<=.)-([a-z]+|lib32|lib64)$/, "") };
}

// src/oci/blob.ts
function isDescriptor(value) {
  if (typeof value !== "object" || value === null) return false;
  const { mediaType, digest, size, annotations } = value;
  return typeof mediaType === "string" && typeof digest === "string" && isDigest(digest) && Number.isSafeInteger(size) && Number(size) >= 0 && (annotations === void 0 || isStringMap(annotations));
}
function isStringMap(value) {
  return typeof value === "object" && value !== null && Object.values(value).every((item) => typeof item === "string");
}
var mediaTypes = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layerTar: "application/vnd.oci.image.layer.v1.tar",
  layerGzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  layerZstd: "application/vnd.oci.image.layer.v1.tar+zstd"
};
var manifestTypes = [
  mediaTypes.manifest,
  "application/vnd.docker.distribution.manifest.v2+json"
];
var indexTypes = [
  mediaTypes.index,
  "application/vnd.docker.distribution.manifest.list.v2+json"
];

export {
  storeDirectory,
  storeHash,
  storeDirectoryOf,
  isStorePath,
  isInStore,
  storePathName,
  parsePackageName,
  isDescriptor,
  mediaTypes,
  manifestTypes,
  indexTypes
};
