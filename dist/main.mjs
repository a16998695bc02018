import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  openRunner,
  readStepInput,
  refuseUnknownInputs
} from "./chunk-LF3E2R7J.mjs";
import {
  bakeFiles,
  describe,
  hasImage,
  metadataOutputs,
  run,
  sizeOf
} from "./chunk-TL4VOGIX.mjs";
import {
  Failure,
  formatReference,
  formatRepository,
  formatSize,
  messageOf,
  parseInputs
} from "./chunk-KBOYRUWV.mjs";
import {
  info,
  setFailed,
  setOutput,
  setSecret,
  summary
} from "./chunk-GOQBOSYD.mjs";
import "./chunk-TMU5TD52.mjs";

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
    const path = join(directory, `${name}.json`);
    await writeFile(path, text);
    return [name, path];
  });
  return Object.fromEntries(await Promise.all(paths));
}
async function exportMetadata(values, host) {
  const nameOf = (output) => `DOCKER_METADATA_OUTPUT_${output.replaceAll(/\W/g, "_").toUpperCase()}`;
  const tooLong = Object.entries(values).filter(
    ([name, value]) => Buffer.byteLength(`${nameOf(name)}=${value}`) >= longestVariable
  );
  const files = tooLong.length === 0 ? {} : await writeOutputFiles(Object.fromEntries(tooLong));
  for (const [name, value] of Object.entries(values)) {
    const path = files[name];
    if (path === void 0) host.exportVariable(nameOf(name), value);
    else host.exportVariable(`${nameOf(name)}_FILE`, path);
  }
}

// src/report/outputs.ts
function outputsOf(result) {
  const metadata = metadataOutputs(result.metadata);
  if (!hasImage(result)) return metadata;
  const image = imageOutputs(result);
  return { ...image, ...metadata, tags: image.tags };
}
function outputFilesOf({ metadata }) {
  const { json = "" } = metadataOutputs(metadata);
  return { "json-file": json, ...bakeFiles(metadata) };
}
function imageOutputs(result) {
  const { manifest, configDigest, references, pushed, layers, cache } = result;
  const [first] = references;
  const names = references.map(formatReference);
  return {
    digest: manifest.digest,
    imageid: configDigest,
    image: first === void 0 ? "" : `${formatRepository(first)}@${manifest.digest}`,
    tags: pushed ? names.join("\n") : "",
    metadata: JSON.stringify(metadataOf(result, names)),
    "nix-version": result.nixVersion ?? "",
    size: String(sizeOf(result)),
    "uploaded-bytes": String(result.uploadedBytes),
    layers: String(layers.length),
    "cache-hit": String(cache !== void 0 && cache.key === cache.matchedKey),
    "cache-key": cache?.key ?? "",
    "cache-matched-key": cache?.matchedKey ?? "",
    "cache-restored-bytes": String(cache?.restoredBytes ?? 0)
  };
}
function metadataOf({ manifest, configDigest, platform, labels, layers }, names) {
  return {
    "containerimage.descriptor": manifest,
    "containerimage.digest": manifest.digest,
    "containerimage.config.digest": configDigest,
    ...names.length === 0 ? {} : { "image.name": names.join(",") },
    "nix-image.platform": platform,
    "nix-image.labels": labels,
    "nix-image.layers": layers.map(({ descriptor, diffId, state }) => ({ ...descriptor, diffId, state }))
  };
}

// src/report/summary.ts
function summaryOf(result) {
  const { manifest, configDigest, references, layers, labels, pushed } = result;
  const facts = [
    ["Reference", references.map((reference) => code(formatReference(reference))).join("<br>") || "none"],
    ["Pushed", pushed ? `yes, ${formatSize(result.uploadedBytes)} sent` : "no"],
    ["Digest", code(manifest.digest)],
    ["Image ID", code(configDigest)],
    ["Platform", code(result.platform)],
    ["Created", result.created === void 0 ? "not set" : code(result.created)],
    ["Size", `${formatSize(sizeOf(result))} compressed`],
    ...result.cache === void 0 ? [] : [["Store cache", cacheText(result.cache)]]
  ];
  return [
    "## Container image",
    "",
    ...table(["", ""], facts),
    "",
    "### Labels",
    "",
    ...table(
      ["Label", "Value"],
      Object.entries(labels).map(([key, value]) => [code(key), code(value)])
    ),
    "",
    `### Layers (${layers.length})`,
    "",
    ...table(
      ["Layer", "Size", ""],
      layers.map(({ descriptor, state }) => [code(descriptor.digest), formatSize(descriptor.size), state])
    ),
    ""
  ].join("\n");
}
function cacheText({ key, matchedKey, restoredPaths, restoredBytes }) {
  if (matchedKey === void 0) return `no entry for ${code(key)}`;
  const what = matchedKey === key ? "hit" : "an older entry";
  return `${what}, ${restoredPaths} store paths restored (${formatSize(restoredBytes)}): ${code(matchedKey)}`;
}
function table(head, rows) {
  if (rows.length === 0) return ["None."];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
}
function code(text) {
  if (text === "") return "";
  const shown = text.replaceAll(/\s*[\r\n]\s*/g, " \u23CE ").replaceAll("|", "\\|");
  const longestRun = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run2) => run2.length));
  const fence = "`".repeat(longestRun + 1);
  return longestRun === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}

// src/main.ts
async function main() {
  for (const name of ["password", "github-token"]) {
    if (readStepInput(name).trim() !== "") setSecret(readStepInput(name).trim());
  }
  refuseUnknownInputs();
  const inputs = parseInputs(readStepInput);
  const host = await openRunner();
  try {
    const result = inputs.mode === "metadata" ? await describe(inputs, host) : await run(inputs, host);
    const files = await writeOutputFiles(outputFilesOf(result));
    for (const [name, value] of Object.entries({ ...outputsOf(result), ...files })) setOutput(name, value);
    if (inputs.exportMetadata) await exportMetadata({ ...metadataOutputs(result.metadata), ...files }, host);
    if (hasImage(result)) await summary.addRaw(summaryOf(result)).write();
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
