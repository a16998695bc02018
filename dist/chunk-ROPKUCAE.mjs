import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  mediaTypes,
  storeHash
} from "./chunk-G5OCPV4E.mjs";
import {
  isObject
} from "./chunk-MLJXCXOP.mjs";
import {
  isDigest
} from "./chunk-LZSYUQMR.mjs";

// src/oci/layer-contents.ts
function contentsOf(paths) {
  return { paths: paths.map((path) => ({ path })), history: "" };
}
var mostPaths = 2e4;
var storePath = new RegExp(`/[^' ]*/${storeHash}-[0-9A-Za-z+._?=-]{1,211}`, "g");
function contentsInHistory({ json }, count) {
  const entries = (Array.isArray(json.history) ? json.history : []).filter(isObject);
  const ofLayers = entries.filter(({ empty_layer: isEmpty }) => isEmpty !== true);
  if (ofLayers.length !== count) return [];
  let left = mostPaths;
  return ofLayers.map(({ comment, created_by: createdBy }) => {
    const said = String(comment || createdBy || "");
    const list = /^store paths: \[(.*)\]$/s.exec(said)?.[1];
    const paths = (list?.match(storePath) ?? []).slice(0, left);
    left -= paths.length;
    return paths.length > 0 ? contentsOf(paths) : { paths: [], history: list?.replaceAll("'", "") ?? said };
  });
}

// src/oci/image.ts
var mediaTypeOf = {
  tar: mediaTypes.layerTar,
  gzip: mediaTypes.layerGzip,
  zstd: mediaTypes.layerZstd
};
var layerEncodings = /* @__PURE__ */ new Map([
  [mediaTypes.layerTar, "tar"],
  [mediaTypes.layerGzip, "gzip"],
  [mediaTypes.layerZstd, "zstd"],
  ["application/vnd.docker.image.rootfs.diff.tar", "tar"],
  ["application/vnd.docker.image.rootfs.diff.tar.gzip", "gzip"],
  ["application/vnd.docker.image.rootfs.diff.tar.zstd", "zstd"]
]);
function layerEncoding({ mediaType, digest }, diffId) {
  const encoding = layerEncodings.get(mediaType);
  return encoding !== void 0 && digest === diffId ? "tar" : encoding;
}
function withBlobsKept(image) {
  return { ...image, layers: image.layers.map((layer) => ({ ...layer, keepsBlob: true })) };
}
function withContents(image) {
  const told = contentsInHistory(image.config, image.layers.length);
  const layers = image.layers.map((layer, i) => ({ ...layer, contents: layer.contents ?? told[i] }));
  return { ...image, layers };
}

// src/oci/chunked-positions.ts
var keys = {
  checksum: "io.github.containers.zstd-chunked.manifest-checksum",
  contents: "io.github.containers.zstd-chunked.manifest-position",
  tarSplit: "io.github.containers.zstd-chunked.tarsplit-position"
};
function annotationsOf({ checksum, contents, tarSplit }) {
  return { [keys.checksum]: checksum, [keys.contents]: contents, [keys.tarSplit]: tarSplit };
}
function chunkedPositionsOf({ annotations = {} }) {
  const checksum = annotations[keys.checksum] ?? "";
  const contents = annotations[keys.contents] ?? "";
  const tarSplit = annotations[keys.tarSplit] ?? "";
  const isWhole = isDigest(checksum) && /^(\d{1,16}:){3}1$/.test(contents) && /^(\d{1,16}:){2}\d{1,16}$/.test(tarSplit);
  return isWhole ? { checksum, contents, tarSplit } : void 0;
}

// src/oci/layer-facts.ts
var keys2 = {
  diffId: "containerd.io/uncompressed",
  identity: "org.nix-image.identity",
  compression: "org.nix-image.compression"
};
function withFacts(descriptor, facts) {
  const { diffId, identity, compression, chunked } = facts;
  return {
    ...descriptor,
    annotations: {
      ...descriptor.annotations,
      [keys2.diffId]: diffId,
      ...identity === void 0 ? {} : { [keys2.identity]: identity },
      ...compression === void 0 ? {} : { [keys2.compression]: compression },
      ...chunked === void 0 ? {} : annotationsOf(chunked)
    }
  };
}
function claimKey(name, { mediaType, digest, size }, facts) {
  const chunked = facts.chunked && annotationsOf(facts.chunked);
  return JSON.stringify([name, facts.diffId, facts.compression, digest, size, mediaType, chunked]);
}
function claimKeys(descriptors) {
  const claims = /* @__PURE__ */ new Set();
  for (const descriptor of descriptors) {
    const facts = layerFactsOf(descriptor);
    for (const name of [facts?.diffId, facts?.identity]) {
      if (facts !== void 0 && name !== void 0) claims.add(claimKey(name, descriptor, facts));
    }
  }
  return claims;
}
function layerFactsOf(descriptor) {
  const { annotations = {} } = descriptor;
  const chunked = chunkedPositionsOf(descriptor);
  const diffId = annotations[keys2.diffId];
  const identity = annotations[keys2.identity];
  const compression = annotations[keys2.compression];
  if (diffId === void 0 || !isDigest(diffId)) return void 0;
  return {
    diffId,
    ...identity === void 0 ? {} : { identity },
    ...compression === void 0 ? {} : { compression },
    ...chunked === void 0 ? {} : { chunked }
  };
}

export {
  contentsOf,
  contentsInHistory,
  mediaTypeOf,
  layerEncoding,
  withBlobsKept,
  withContents,
  chunkedPositionsOf,
  withFacts,
  claimKey,
  claimKeys,
  layerFactsOf
};
