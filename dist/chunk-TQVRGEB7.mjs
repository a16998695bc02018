import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  describeOnly,
  referencesOf
} from "./chunk-P4XQSC25.mjs";
import {
  packagesBySize
} from "./chunk-4NTFS73P.mjs";
import {
  annotationName,
  parsePlatform
} from "./chunk-TMXNPKEU.mjs";
import {
  formatReference,
  formatRepository
} from "./chunk-RYZTQ7VR.mjs";
import {
  digestOf
} from "./chunk-LZSYUQMR.mjs";

// src/load-action.ts
async function loadAction(mode) {
  return mode === "metadata" ? describeOnly : (await import("./chunk-H2AGEWLQ.mjs")).actions[mode];
}

// src/metadata/metadata-outputs.ts
var bakeTarget = "docker-metadata-action";
function metadataOutputs(metadata) {
  const { version, tagNames } = metadata;
  const tags = referencesOf(metadata);
  const labels = sorted(metadata.labels);
  const annotations = annotationLines(metadata);
  return {
    version: version ?? "",
    tags: tags.join("\n"),
    "tag-names": tagNames.join("\n"),
    labels: Object.entries(labels).map(assignment).join("\n"),
    annotations: annotations.join("\n"),
    json: JSON.stringify({ tags, "tag-names": tagNames, labels, annotations })
  };
}
function bakeFiles(metadata) {
  const file = (content) => JSON.stringify({ target: { [bakeTarget]: content } }, null, 2);
  const tags = referencesOf(metadata);
  const labels = sorted(metadata.labels);
  const args = { DOCKER_META_IMAGES: metadata.repositories.join(","), DOCKER_META_VERSION: metadata.version };
  return {
    "bake-file-tags": file({ tags, args }),
    "bake-file-labels": file({ labels }),
    "bake-file-annotations": file({ annotations: annotationLines(metadata) }),
    "bake-file": file({ tags, labels, args })
  };
}
function annotationLines({ labels, annotations, annotationLevels }) {
  const own = annotations.map((item) => [annotationName(item), item.value]);
  const all = annotationLevels.flatMap(
    (level) => Object.entries(labels).map(([key, value]) => [`${level}:${key}`, value])
  );
  return Object.entries(sorted(Object.fromEntries([...all, ...own]))).map(assignment);
}
function sorted(labels) {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => a < b ? -1 : 1));
}
function assignment([key, value]) {
  return `${key}=${value}`;
}

// src/report/result.ts
function hasImages(result) {
  return "images" in result;
}
function isVerified(result) {
  return "verified" in result;
}
function sizeOf({ layers }) {
  return layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
}

// src/oci/layers-digest.ts
function layersDigest(variants) {
  const lines = variants.map(({ platform, layers }) => `${[platform, ...layers].join(" ")}
`);
  return digestOf(lines.sort().join(""));
}

// src/report/outputs.ts
function outputsOf(result) {
  if (isVerified(result)) return verifyOutputs(result);
  const metadata = metadataResultOf(result)?.metadata;
  const said = metadata === void 0 ? {} : metadataOutputs(metadata);
  if (!hasImages(result)) return said;
  const { images } = result;
  const [image] = images;
  return {
    ...image === void 0 || images.length > 1 ? {} : imageOutputs(image),
    images: JSON.stringify(images.map(summaryOf)),
    "uploaded-bytes": String(images.reduce((sum, { uploadedBytes }) => sum + uploadedBytes, 0)),
    "nix-version": result.nixVersion ?? "",
    "reused-build": String(result.reused !== void 0),
    // Only a step that fails has one.
    "build-log": "",
    ...cacheOutputs(result),
    ...said,
    tags: images.flatMap(tagsOf).join("\n")
  };
}
function outputFilesOf(result) {
  const metadata = metadataResultOf(result)?.metadata;
  if (metadata === void 0) return {};
  const { json = "" } = metadataOutputs(metadata);
  const { descriptor } = outputsOf(result);
  return {
    ...descriptor === void 0 ? {} : { "descriptor-file": descriptor },
    "json-file": json,
    ...bakeFiles(metadata)
  };
}
function metadataResultOf(result) {
  if (isVerified(result)) return void 0;
  if (!hasImages(result)) return result;
  return result.images.length === 1 ? result.images[0] : void 0;
}
function verifyOutputs({ digest, name, verified }) {
  return { digest, image: name, verified: verified.join("\n") };
}
function cacheOutputs({ cache }) {
  return {
    "cache-hit": String(cache !== void 0 && cache.key === cache.matchedKey),
    "cache-key": cache?.key ?? "",
    "cache-matched-key": cache?.matchedKey ?? "",
    "cache-restored-bytes": String(cache?.restoredBytes ?? 0)
  };
}
function imageOutputs(result) {
  const { root, platforms } = result;
  const [first] = platforms;
  return {
    digest: root.digest,
    imageid: first !== void 0 && platforms.length === 1 ? first.configDigest : "",
    image: nameOf(result),
    descriptor: JSON.stringify(descriptorOf(result)),
    metadata: JSON.stringify(metadataOf(result)),
    size: String(sizeOfAll(result)),
    layers: String(platforms.reduce((sum, { layers }) => sum + layers.length, 0)),
    "layers-digest": layersDigestOf(result),
    layout: result.layout ?? ""
  };
}
var mostPackages = 100;
function layerJson(layer) {
  const { descriptor, diffId, state } = layer;
  return { ...descriptor, diffId, state, packages: packagesBySize([layer]).slice(0, mostPackages) };
}
function summaryOf(result) {
  const { name, root, platforms, uploadedBytes } = result;
  return {
    ...name === void 0 ? {} : { name },
    digest: root.digest,
    image: nameOf(result),
    tags: tagsOf(result),
    size: sizeOfAll(result),
    "uploaded-bytes": uploadedBytes,
    "layers-digest": layersDigestOf(result),
    ...result.layout === void 0 ? {} : { layout: result.layout },
    platforms: platforms.map(({ platform, manifest, configDigest }) => ({
      platform,
      digest: manifest.digest,
      imageid: configDigest
    }))
  };
}
function nameOf({ repositories: [first], root }) {
  return first === void 0 ? "" : `${formatRepository(first)}@${root.digest}`;
}
function tagsOf({ pushed, references }) {
  return pushed ? references.map(formatReference) : [];
}
function sizeOfAll({ platforms }) {
  return platforms.reduce((sum, one) => sum + sizeOf(one), 0);
}
function layersDigestOf({ platforms }) {
  const digests = ({ layers }) => layers.map(({ descriptor }) => descriptor.digest);
  return layersDigest(platforms.map((one) => ({ platform: one.platform, layers: digests(one) })));
}
function descriptorOf(result) {
  const { root, platforms } = result;
  const [first] = platforms;
  const name = nameOf(result);
  return {
    mediaType: root.mediaType,
    digest: root.digest,
    size: root.size,
    ...first === void 0 || platforms.length > 1 ? {} : { platform: parsePlatform(first.platform, "the platform of the image") },
    ...name === "" ? {} : { annotations: { "io.containerd.image.name": name } }
  };
}
function metadataOf(result) {
  const { root, platforms, references } = result;
  const [first] = platforms;
  const names = references.map(formatReference);
  return {
    "containerimage.descriptor": root,
    "containerimage.digest": root.digest,
    ...names.length === 0 ? {} : { "image.name": names.join(",") },
    ...first === void 0 || platforms.length > 1 ? { "nix-image.platforms": platforms.map(({ platform, manifest }) => ({ platform, ...manifest })) } : {
      "containerimage.config.digest": first.configDigest,
      "nix-image.platform": first.platform,
      "nix-image.labels": first.labels,
      "nix-image.layers": first.layers.map(layerJson)
    }
  };
}

export {
  loadAction,
  metadataOutputs,
  hasImages,
  isVerified,
  sizeOf,
  outputsOf,
  outputFilesOf,
  metadataResultOf,
  layerJson,
  summaryOf
};
