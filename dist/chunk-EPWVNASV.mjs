import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  referencesOf
} from "./chunk-C6H2LYCW.mjs";
import {
  annotationName
} from "./chunk-QJY2LTPM.mjs";

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
function sizeOf({ layers }) {
  return layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
}

export {
  metadataOutputs,
  bakeFiles,
  hasImages,
  sizeOf
};
