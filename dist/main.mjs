import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  actions,
  code,
  table
} from "./chunk-LBDHK4SE.mjs";
import {
  failStep,
  openRunner,
  readStepInput,
  refuseUnknownInputs,
  runnerLog
} from "./chunk-KYG7GLXN.mjs";
import "./chunk-KNMLOGKE.mjs";
import {
  setOutput,
  setSecret,
  summary
} from "./chunk-JCNCF6OM.mjs";
import {
  bakeFiles,
  hasImages,
  metadataOutputs,
  sizeOf
} from "./chunk-EPWVNASV.mjs";
import "./chunk-C6H2LYCW.mjs";
import {
  inputTable,
  makeTemporary,
  parseImages,
  tuneGarbageCollection
} from "./chunk-RQKKFK6S.mjs";
import {
  annotationName,
  formatReference,
  formatRepository,
  formatSize,
  parsePlatform,
  secretsInUrls
} from "./chunk-QJY2LTPM.mjs";
import "./chunk-MTZ6CDKL.mjs";
import "./chunk-C7A6GD7E.mjs";
import "./chunk-NQMJJ5S4.mjs";
import "./chunk-Z6I6B3TS.mjs";
import "./chunk-DUYXTOJF.mjs";
import "./chunk-REFZ6E6F.mjs";
import "./chunk-7T77N3KP.mjs";
import {
  digestOf,
  hexOf
} from "./chunk-R6VUWMYB.mjs";
import {
  messageOf
} from "./chunk-32ADV6HS.mjs";
import "./chunk-MPN7ELPR.mjs";

// src/main.ts
import { rm } from "node:fs/promises";

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
      "nix-image.layers": first.layers.map(({ descriptor, diffId, state }) => ({ ...descriptor, diffId, state }))
    }
  };
}

// src/report/summary.ts
var mostSummaryBytes = 1 << 20;
function summaryOf2(result) {
  return cutLines(wholeSummary(result));
}
function wholeSummary(result) {
  if ("deleted" in result) return cleanupSummary(result);
  if (!hasImages(result)) return metadataSummary(result.metadata);
  return result.images.map((image) => imageSummary(image, result)).join("\n");
}
function cutLines(text) {
  if (Buffer.byteLength(text) <= mostSummaryBytes) return text;
  const lines = text.split("\n");
  const sentence = (left) => `
The other ${left} lines of this summary are left out: GitHub accepts at most 1 MiB for each step.
`;
  let room = mostSummaryBytes - Buffer.byteLength(sentence(lines.length));
  const kept = lines.findIndex((line) => {
    room -= Buffer.byteLength(line) + 1;
    return room < 0;
  });
  return `${lines.slice(0, kept).join("\n")}
${sentence(lines.length - kept)}`;
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
  const { name, root, references, platforms, pushed } = image;
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
    ...table(["", ""], platforms.length === 1 ? [...facts, ...platforms.flatMap(platformFacts)] : facts),
    "",
    ...platforms.flatMap((one) => platformSummary(one, platforms.length === 1))
  ].join("\n");
}
function platformFacts({ configDigest, platform, created, layers }) {
  return [
    ["Image ID", code(configDigest)],
    ["Platform", code(platform)],
    ["Created", created === void 0 ? "not set" : code(created)],
    ["Size", `${formatSize(sizeOf({ layers }))} compressed`]
  ];
}
function platformSummary(result, isOnly) {
  const { manifest, platform, labels, layers } = result;
  const own = [
    "### Platform ".concat(code(platform)),
    "",
    ...table(["", ""], [["Digest", code(manifest.digest)], ...platformFacts(result)]),
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

// src/runtimes/output-files.ts
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
var longestVariable = 128 * 1024;
async function writeOutputFiles(texts) {
  const directory = makeTemporary(process.env.RUNNER_TEMP || tmpdir(), "nix-image-metadata-", "RUNNER_TEMP");
  const paths = Object.entries(texts).map(async ([name, text]) => {
    const path = join(directory, `${name}-${hexOf(digestOf(text)).slice(0, 12)}.json`);
    await writeFile(path, text);
    return [name, path];
  });
  return Object.fromEntries(await Promise.all(paths));
}
async function exportMetadata(values, runtime) {
  const nameOf2 = (output) => `DOCKER_METADATA_OUTPUT_${output.replaceAll(/\W/g, "_").toUpperCase()}`;
  const tooLong = Object.entries(values).filter(
    ([name, value]) => Buffer.byteLength(`${nameOf2(name)}=${value}`) >= longestVariable
  );
  const files = tooLong.length === 0 ? {} : await writeOutputFiles(Object.fromEntries(tooLong));
  for (const [name, value] of Object.entries(values)) {
    const path = files[name];
    if (path === void 0) runtime.exportVariable(nameOf2(name), value);
    else runtime.exportVariable(`${nameOf2(name)}_FILE`, path);
  }
}
async function writeSummary(text) {
  if (!process.env.GITHUB_STEP_SUMMARY) return;
  try {
    await summary.addRaw(text).write();
  } catch (error) {
    runnerLog.warning(`Cannot write the job summary: ${messageOf(error)}`);
  }
}

// src/main.ts
async function main() {
  tuneGarbageCollection();
  for (const name of ["password", "github-token", "cache-signing-key"]) {
    if (readStepInput(name).trim() !== "") setSecret(readStepInput(name).trim());
  }
  const texts = Object.keys(inputTable).map((name) => readStepInput(name));
  for (const secret of secretsInUrls(texts.join("\n"))) setSecret(secret);
  refuseUnknownInputs();
  const images = parseImages(readStepInput);
  const runtime = await openRunner();
  try {
    const result = await actions[images[0].mode](images, runtime);
    const files = await writeOutputFiles(outputFilesOf(result));
    for (const [name, value] of Object.entries({ ...outputsOf(result), ...files })) setOutput(name, value);
    const described = metadataResultOf(result);
    if (images[0].exportMetadata && described !== void 0) {
      await exportMetadata({ ...metadataOutputs(described.metadata), ...files }, runtime);
    }
    await writeSummary(summaryOf2(result));
  } finally {
    await rm(runtime.temporary, { recursive: true, force: true });
  }
}
process.on("uncaughtException", (error) => {
  failStep(error);
  process.exit();
});
try {
  await main();
} catch (error) {
  failStep(error);
}
