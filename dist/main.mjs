import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  openRunner,
  readStepInput,
  refuseUnknownInputs
} from "./chunk-JKHAIYC2.mjs";
import {
  bakeFiles,
  hasImages,
  metadataOutputs,
  parseImages,
  sizeOf
} from "./chunk-PFKLKKZL.mjs";
import {
  collectRarely
} from "./chunk-7BUEJNM4.mjs";
import {
  info,
  setFailed,
  setOutput,
  setSecret,
  summary
} from "./chunk-TQHYWTQ6.mjs";
import {
  code,
  stories,
  table
} from "./chunk-DBYB65TU.mjs";
import "./chunk-WO6OQI32.mjs";
import {
  annotationName,
  formatReference,
  formatRepository,
  parsePlatform
} from "./chunk-C25C3PWN.mjs";
import {
  formatSize
} from "./chunk-MAGKRFWX.mjs";
import "./chunk-IHLVDD7N.mjs";
import "./chunk-P2O3J3TS.mjs";
import {
  Failure,
  digestOf,
  hexOf,
  messageOf
} from "./chunk-IQWQOVRW.mjs";
import "./chunk-MPN7ELPR.mjs";

// src/main.ts
import { rm } from "node:fs/promises";

// src/hosts/output-files.ts
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
var longestVariable = 128 * 1024;
async function writeOutputFiles(texts) {
  const directory = await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), "nix-image-metadata-"));
  const paths = Object.entries(texts).map(async ([name, text]) => {
    const path = join(directory, `${name}-${hexOf(digestOf(text)).slice(0, 12)}.json`);
    await writeFile(path, text);
    return [name, path];
  });
  return Object.fromEntries(await Promise.all(paths));
}
async function exportMetadata(values, host) {
  const nameOf2 = (output) => `DOCKER_METADATA_OUTPUT_${output.replaceAll(/\W/g, "_").toUpperCase()}`;
  const tooLong = Object.entries(values).filter(
    ([name, value]) => Buffer.byteLength(`${nameOf2(name)}=${value}`) >= longestVariable
  );
  const files = tooLong.length === 0 ? {} : await writeOutputFiles(Object.fromEntries(tooLong));
  for (const [name, value] of Object.entries(values)) {
    const path = files[name];
    if (path === void 0) host.exportVariable(nameOf2(name), value);
    else host.exportVariable(`${nameOf2(name)}_FILE`, path);
  }
}

// src/oci/layers-digest.ts
function layersDigest(variants) {
  const lines = variants.map(({ platform, layers }) => `${[platform, ...layers].join(" ")}
`);
  return digestOf(lines.sort().join(""));
}

// src/report/outputs.ts
function outputsOf(result) {
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
  if (!hasImages(result)) return result;
  return result.images.length === 1 ? result.images[0] : void 0;
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
  const { root, variants } = result;
  const [variant] = variants;
  return {
    digest: root.digest,
    imageid: variant !== void 0 && variants.length === 1 ? variant.configDigest : "",
    image: nameOf(result),
    descriptor: JSON.stringify(descriptorOf(result)),
    metadata: JSON.stringify(metadataOf(result)),
    size: String(sizeOfAll(result)),
    layers: String(variants.reduce((sum, { layers }) => sum + layers.length, 0)),
    "layers-digest": layersDigestOf(result),
    layout: result.layout ?? ""
  };
}
function summaryOf(result) {
  const { name, root, variants, uploadedBytes } = result;
  return {
    ...name === void 0 ? {} : { name },
    digest: root.digest,
    image: nameOf(result),
    tags: tagsOf(result),
    size: sizeOfAll(result),
    "uploaded-bytes": uploadedBytes,
    "layers-digest": layersDigestOf(result),
    ...result.layout === void 0 ? {} : { layout: result.layout },
    platforms: variants.map(({ platform, manifest, configDigest }) => ({
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
function sizeOfAll({ variants }) {
  return variants.reduce((sum, variant) => sum + sizeOf(variant), 0);
}
function layersDigestOf({ variants }) {
  const digests = ({ layers }) => layers.map(({ descriptor }) => descriptor.digest);
  return layersDigest(variants.map((variant) => ({ platform: variant.platform, layers: digests(variant) })));
}
function descriptorOf(result) {
  const { root, variants } = result;
  const [variant] = variants;
  const name = nameOf(result);
  return {
    mediaType: root.mediaType,
    digest: root.digest,
    size: root.size,
    ...variant === void 0 || variants.length > 1 ? {} : { platform: parsePlatform(variant.platform, "the platform of the image") },
    ...name === "" ? {} : { annotations: { "io.containerd.image.name": name } }
  };
}
function metadataOf(result) {
  const { root, variants, references } = result;
  const [variant] = variants;
  const names = references.map(formatReference);
  return {
    "containerimage.descriptor": root,
    "containerimage.digest": root.digest,
    ...names.length === 0 ? {} : { "image.name": names.join(",") },
    ...variant === void 0 || variants.length > 1 ? { "nix-image.platforms": variants.map(({ platform, manifest }) => ({ platform, ...manifest })) } : {
      "containerimage.config.digest": variant.configDigest,
      "nix-image.platform": variant.platform,
      "nix-image.labels": variant.labels,
      "nix-image.layers": variant.layers.map(({ descriptor, diffId, state }) => ({ ...descriptor, diffId, state }))
    }
  };
}

// src/report/summary.ts
function summaryOf2(result) {
  if ("deleted" in result) return cleanupSummary(result);
  if (!hasImages(result)) return metadataSummary(result.metadata);
  return result.images.map((image) => imageSummary(image, result)).join("\n");
}
function cleanupSummary({ deleted, kept, dryRun }) {
  const what = dryRun ? "would be deleted" : "deleted";
  const rows = [
    ...deleted.map((name) => [code(name), what]),
    ...kept.map(({ name, reason }) => [code(name), `stays: ${code(reason)}`])
  ];
  return ["## Clean-up", "", ...table(["Name", ""], rows), ""].join("\n");
}
function metadataSummary({ version, tagNames, references, labels, annotations }) {
  const tags = references.length > 0 ? references.map(formatReference) : tagNames;
  return [
    "## Image metadata",
    "",
    ...table(
      ["", ""],
      [
        ["Version", version === void 0 ? "none" : code(version)],
        ["Tags", tags.map(code).join("<br>") || "none"]
      ]
    ),
    "",
    "### Labels",
    "",
    ...labelTable("Label", Object.entries(labels)),
    "",
    "### Further annotations",
    "",
    ...labelTable(
      "Annotation",
      annotations.map((item) => [annotationName(item), item.value])
    ),
    ""
  ].join("\n");
}
function imageSummary(image, { work, cache }) {
  const { name, root, references, variants, pushed } = image;
  const facts = [
    ["Reference", references.map((reference) => code(formatReference(reference))).join("<br>") || "none"],
    ["Pushed", pushed ? `yes, ${formatSize(image.uploadedBytes)} sent` : "no"],
    ["Digest", code(root.digest)],
    ...image.layout === void 0 ? [] : [["Layout", code(image.layout)]],
    ...work === void 0 ? [] : [["Store", storeText(work, cache)]]
  ];
  return [
    `## Container image${name === void 0 ? "" : ` ${code(name)}`}`,
    "",
    ...table(["", ""], variants.length === 1 ? [...facts, ...variants.flatMap(variantFacts)] : facts),
    "",
    ...variants.flatMap((variant) => variantSummary(variant, variants.length === 1))
  ].join("\n");
}
function variantFacts({ configDigest, platform, created, layers }) {
  return [
    ["Image ID", code(configDigest)],
    ["Platform", code(platform)],
    ["Created", created === void 0 ? "not set" : code(created)],
    ["Size", `${formatSize(sizeOf({ layers }))} compressed`]
  ];
}
function variantSummary(variant, isOnly) {
  const { manifest, platform, labels, layers } = variant;
  const own = [
    "### Platform ".concat(code(platform)),
    "",
    ...table(["", ""], [["Digest", code(manifest.digest)], ...variantFacts(variant)]),
    ""
  ];
  const level = isOnly ? "###" : "####";
  return [
    ...isOnly ? [] : own,
    `${level} Labels`,
    "",
    ...labelTable("Label", Object.entries(labels)),
    "",
    `${level} Layers (${layers.length})`,
    "",
    ...table(
      ["Layer", "Size", ""],
      layers.map(({ descriptor, state }) => [code(descriptor.digest), formatSize(descriptor.size), state])
    ),
    ""
  ];
}
function storeText({ built, substituted }, cache) {
  const restored = cache === void 0 ? [] : [`${cache.restoredPaths} store paths restored (${formatSize(cache.restoredBytes)})`];
  const counts = [...restored, `${substituted} from binary caches`, `${built} built`].join(", ");
  return cache === void 0 ? counts : `${counts}; ${cacheText(cache)}`;
}
function cacheText({ key, matchedKey }) {
  if (matchedKey === void 0) return `no entry for ${code(key)}`;
  return `${matchedKey === key ? "hit" : "an older entry"}: ${code(matchedKey)}`;
}
function labelTable(head, entries) {
  return table(
    [head, "Value"],
    entries.map(([key, value]) => [code(key), code(value)])
  );
}

// src/main.ts
async function main() {
  collectRarely();
  for (const name of ["password", "github-token", "cache-signing-key"]) {
    if (readStepInput(name).trim() !== "") setSecret(readStepInput(name).trim());
  }
  refuseUnknownInputs();
  const images = parseImages(readStepInput);
  const host = await openRunner();
  try {
    const result = await stories[images[0].mode](images, host);
    const files = await writeOutputFiles(outputFilesOf(result));
    for (const [name, value] of Object.entries({ ...outputsOf(result), ...files })) setOutput(name, value);
    const described = metadataResultOf(result);
    if (images[0].exportMetadata && described !== void 0) {
      await exportMetadata({ ...metadataOutputs(described.metadata), ...files }, host);
    }
    await summary.addRaw(summaryOf2(result)).write();
  } finally {
    await rm(host.temporary, { recursive: true, force: true });
  }
}
try {
  await main();
} catch (error) {
  setFailed(messageOf(error));
  if (!(error instanceof Failure) && error instanceof Error) info(error.stack ?? "");
}
