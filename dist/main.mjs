const { rm } = globalThis.process.getBuiltinModule("node:fs/promises");
const { writeFile } = globalThis.process.getBuiltinModule("node:fs/promises");
const { tmpdir } = globalThis.process.getBuiltinModule("node:os");
const { join } = globalThis.process.getBuiltinModule("node:path");
import {
  failStep,
  forgetTemporary,
  openRunner,
  readStepInput,
  refuseUnknownInputs,
  runnerLog
} from "./chunk-QNTCMR2E.mjs";
import {
  setOutput,
  summary
} from "./chunk-U2BFVMR4.mjs";
import {
  code,
  codeBlock,
  describeReuse,
  details,
  formatDifference,
  packageLines,
  plain,
  savingText,
  table
} from "./chunk-BZDVR7SU.mjs";
import {
  hasImages,
  isVerified,
  loadAction,
  metadataOutputs,
  metadataResultOf,
  outputFilesOf,
  outputsOf,
  sizeOf
} from "./chunk-ZWG43C65.mjs";
import {
  compareImages,
  sizeOfLayers
} from "./chunk-KDJ5XFQM.mjs";
import {
  formatPackage,
  nameLayer,
  packagesBySize
} from "./chunk-7IH7JYJA.mjs";
import "./chunk-6OHNNCAZ.mjs";
import {
  listFacts
} from "./chunk-QGRX4KWZ.mjs";
import "./chunk-3WZMXA3B.mjs";
import "./chunk-DEM4RRSK.mjs";
import {
  annotationName,
  parseImages,
  rules
} from "./chunk-XBGOFGJP.mjs";
import {
  digestOf,
  formatReference,
  formatRepository,
  hexOf
} from "./chunk-HEI324TL.mjs";
import {
  Failure,
  formatDuration,
  formatSize,
  inBackground,
  inputTable,
  makeTemporary,
  maskSecrets,
  messageOf,
  secretsInUrls
} from "./chunk-UH7NESJ6.mjs";
import {
  tuneGarbageCollection
} from "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

// src/main.ts

// src/report/failure-summary.ts
function failureSummary(error) {
  const { place, log } = error instanceof Failure ? error : {};
  return [
    "## Step failed",
    "",
    ...codeBlock(messageOf(error)),
    "",
    ...place === void 0 ? [] : [`The cause is at ${code(`${place.file}:${place.line}`)}.`, ""],
    ...log?.file === void 0 ? [] : [`The whole log of ${code(log.name)} is in the output ${code("build-log")}.`, ""]
  ].join("\n");
}

// src/report/findings-section.ts
function findingsSection(findings) {
  if (findings.length === 0) return [];
  const isSinglePlatform = new Set(findings.map(({ platform }) => platform)).size === 1;
  const rows = findings.map((finding) => {
    const { rule, platform } = finding;
    const { reason, cure } = rules[rule];
    const place = isSinglePlatform ? "" : `${code(platform)} `;
    return [code(rule), `${place}${code(listFacts(finding))}<br>${reason} ${cure}`];
  });
  return [`### Check (${findings.length})`, "", ...table(["Rule", "Finding"], rows), ""];
}

// src/report/mermaid.ts
var mostParts = 8;
var mostBars = 10;
var barHeight = 28;
var themeVariables = { xyChart: { plotColorPalette: "#4a7fd4" } };
var leastBuild = 1e3;
function packagesChart(packages) {
  const sized = packages.flatMap((one) => one.size === void 0 ? [] : [{ name: formatPackage(one), size: one.size }]);
  const [largest, others] = [sized.slice(0, mostParts), sized.slice(mostParts)];
  const rest = others.reduce((sum, { size }) => sum + size, 0);
  const bars = [...largest, ...rest === 0 ? [] : [{ name: `${others.length} others`, size: rest }]];
  if (bars.length < 2 || megabytes(bars[0]?.size ?? 0) === 0) return [];
  const sizes = bars.map(({ size }) => megabytes(size));
  const names = bars.map(({ name, size }) => `"${word(name)}, ${formatSize(size)}"`);
  return mermaid([
    `%%{init: ${JSON.stringify({ xyChart: { width: 800, height: (bars.length + 2) * barHeight }, themeVariables })}}%%`,
    "xychart-beta horizontal",
    `  x-axis [${names.join(", ")}]`,
    `  y-axis "MB" 0 --> ${Math.max(...sizes)}`,
    `  bar [${sizes.join(", ")}]`
  ]);
}
function buildsChart(builds) {
  const slowest = builds.toSorted((a, b) => b.end - b.start - (a.end - a.start)).slice(0, mostBars);
  const [first] = slowest;
  if (first === void 0 || first.end - first.start < leastBuild) return [];
  const zero = Math.min(...slowest.map(({ start }) => start));
  const bars = slowest.toSorted((a, b) => a.start - b.start).map(({ name, start, end }) => `  ${formatDuration(end - start)} ${word(name)} : ${start - zero}, ${end - zero}`);
  return mermaid(["gantt", "  dateFormat x", "  axisFormat %s s", ...bars]);
}
function mermaid(lines) {
  return ["```mermaid", ...lines, "```"];
}
function megabytes(bytes) {
  return Number((bytes / 1e6).toPrecision(2));
}
var longestWord = 40;
function word(text) {
  return text.replaceAll(/[^A-Za-z0-9 ._+-]/g, "_").slice(0, longestWord);
}

// src/report/summary.ts
var mostSummaryBytes = 1 << 20;
function summaryOf(result) {
  return cutLines(wholeSummary(result));
}
function wholeSummary(result) {
  if (isVerified(result)) return verifySummary(result);
  if ("deleted" in result) return cleanupSummary(result);
  if (!hasImages(result)) return metadataSummary(result.metadata);
  const { images } = result;
  const isOnly = images.length === 1;
  const stages = stageLines(result);
  const summaries = images.map((image) => imageSummary(image, isOnly ? stages : []));
  return [...summaries, ...isOnly || stages.length === 0 ? [] : [["## Stages", "", ...stages].join("\n")]].join("\n");
}
function cutLines(text) {
  if (Buffer.byteLength(text) <= mostSummaryBytes) return text;
  const lines = text.split("\n");
  const unfolded = "\n</details>\n";
  const sentence = (left) => `
The other ${left} lines of this summary are left out: GitHub accepts at most 1 MiB for each step.
`;
  let room = mostSummaryBytes - Buffer.byteLength(unfolded + sentence(lines.length));
  const count = lines.findIndex((line) => {
    room -= Buffer.byteLength(line) + 1;
    return room < 0;
  });
  const kept = lines.slice(0, count);
  const isFolded = kept.findLastIndex((line) => /^<details/.test(line)) > kept.lastIndexOf("</details>");
  return `${kept.join("\n")}
${isFolded ? unfolded : ""}${sentence(lines.length - count)}`;
}
function cleanupSummary({ deleted, kept, dryRun }) {
  const description = dryRun ? "would be deleted" : "deleted";
  const rows = [
    ...deleted.map((name) => [code(name), description]),
    ...kept.map(({ name, reason }) => [code(name), `stays: ${code(reason)}`])
  ];
  return ["## Clean-up", "", ...table(["Name", ""], rows), ""].join("\n");
}
function verifySummary({ name, verified }) {
  return ["## Verified image", "", code(name), "", ...verified.map((line) => `- ${code(line)}`), ""].join("\n");
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
function imageSummary(image, stages) {
  const { name, platforms } = image;
  return [
    `## Container image${name === void 0 ? "" : ` ${code(name)}`}`,
    "",
    ...factLines(image),
    ...commandLines(image),
    ...findingsSection(image.findings ?? []),
    ...platforms.flatMap((platform) => changeSummary(platform, image.previous)),
    ...stages,
    ...platforms.flatMap((platform) => platformDetails(platform, platforms.length === 1))
  ].join("\n");
}
function commandLines({ repositories: [repository], root, pushed }) {
  if (!pushed || repository === void 0) return [];
  const image = `${formatRepository(repository)}@${root.digest}`;
  return ["```sh", `docker pull ${image}`, `docker run --rm ${image}`, "```", ""];
}
function factLines(image) {
  const { references, root, platforms, pushed, uploadedBytes, layout } = image;
  const names = references.map((reference) => code(formatReference(reference))).join("<br>") || "none";
  const facts = [
    ["Digest", code(root.digest)],
    ["Pushed", pushed ? `yes, ${formatSize(uploadedBytes)} sent` : "no"],
    ...attestationFacts(image),
    ...carriedFacts(image),
    ...layout === void 0 ? [] : [["Layout", code(layout)]],
    ...platforms.map((one) => [code(one.platform), platformText(one)]),
    ...platforms.flatMap(({ saving }) => saving === void 0 ? [] : [["Layers", savingText(saving)]])
  ];
  return [...table(["Reference", names], facts), ""];
}
function attestationFacts({ attested = [], unattested }) {
  if (unattested !== void 0) return [["Attestations", `**none**, the registry refused them: ${code(unattested)}`]];
  return attested.length === 0 ? [] : [["Attestations", attested.map(code).join("<br>")]];
}
function carriedFacts({ carried }) {
  return [["Carried over", carried?.over ?? []], ["Not carried over", carried?.left ?? []]].flatMap(
    ([name, lines]) => lines.length === 0 ? [] : [[name, lines.map(code).join("<br>")]]
  );
}
function platformText({ layers, created }) {
  const there = layers.filter(({ state }) => state === "already there" || state === "mounted").length;
  const size = `${formatSize(sizeOf({ layers }))} compressed in ${layers.length} layers`;
  return `${size}, ${there} of them already there; created ${created === void 0 ? "not set" : code(created)}`;
}
function changeSummary(image, previous) {
  const before = previous?.images.find(({ platform }) => platform === image.platform);
  if (previous === void 0 || before === void 0) return [];
  const changes = compareImages(before, image);
  const title = `**Since the last ${code(formatReference(previous.reference))}** (${code(image.platform)})`;
  const isSame = changes.newLayers.length === 0 && changes.size === 0;
  if (isSame) return [`${title}: the same layers.`, ""];
  const size = formatSize(sizeOfLayers({ layers: changes.newLayers }));
  return [
    `${title}: ${formatDifference(changes.size)}, new layers: ${changes.newLayers.length}, ${size} to pull.`,
    "",
    ...packageLines(changes, true)
  ];
}
function stageLines(run) {
  const { stages = [], work } = run;
  const reused = run.reused === void 0 ? [] : [reusedText(run.reused), ""];
  if (stages.length === 0) return reused;
  const texts = stages.map(({ name, milliseconds }) => {
    const reason = reasonOf(name, run);
    return `${name} ${formatDuration(milliseconds)}${reason === "" ? "" : ` (${reason})`}`;
  });
  const chart = buildsChart(work?.builds ?? []);
  return [
    ...reused,
    `**Time**: ${texts.join(", ")}.`,
    "",
    ...chart.length === 0 ? [] : ["Slowest builds, in seconds:", "", ...chart, ""]
  ];
}
function reasonOf(stage, { nixVersion, work, cache, images }) {
  if (stage === "Toolchain") return nixVersion === void 0 ? "" : `Nix ${code(nixVersion)}`;
  if (stage === "Cache" && cache !== void 0) return cacheText(cache);
  if (stage === "Build" && work !== void 0) return `built ${work.built}, fetched ${work.substituted}`;
  if (stage === "Push") return `sent ${formatSize(images.reduce((sum, { uploadedBytes }) => sum + uploadedBytes, 0))}`;
  return "";
}
function cacheText({ key, matchedKey, restoredPaths, restoredBytes }) {
  if (matchedKey === void 0) return `no entry for ${code(key)}`;
  const restored = `restored ${restoredPaths}, ${formatSize(restoredBytes)}`;
  return `${restored} from ${matchedKey === key ? "" : "the older entry "}${code(matchedKey)}`;
}
function reusedText({ time, run, by }) {
  const page = run === void 0 ? "" : `, ${code(run)}`;
  return `Reused the build of ${code(time)}${page}: ${describeReuse(by)}.`;
}
function platformDetails(result, isOnly) {
  const { manifest, configDigest, platform, labels, layers } = result;
  const of = isOnly ? "" : ` of ${plain(platform)}`;
  const chart = packagesChart(packagesBySize(layers));
  const ids = [`Manifest ${code(manifest.digest)}, image ID ${code(configDigest)}.`, ""];
  const rows = layers.map((layer) => [code(nameLayer(layer)), formatSize(layer.descriptor.size), layer.state]);
  return [
    ...chart.length === 0 ? [] : [`Largest packages${of}, unpacked:`, "", ...chart, ""],
    ...details(`Labels${of}: ${Object.keys(labels).length}`, labelTable("Label", Object.entries(labels))),
    ...details(`Layers${of}: ${layers.length}`, [...ids, ...table(["Layer", "Size", ""], rows)])
  ];
}
function labelTable(head, entries) {
  return table(
    [head, "Value"],
    entries.map(([key, value]) => [code(key), code(value)])
  );
}

// src/runtimes/output-files.ts
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
  const nameOf = (output) => `DOCKER_METADATA_OUTPUT_${output.replaceAll(/\W/g, "_").toUpperCase()}`;
  const tooLong = Object.entries(values).filter(
    ([name, value]) => Buffer.byteLength(`${nameOf(name)}=${value}`) >= longestVariable
  );
  const files = tooLong.length === 0 ? {} : await writeOutputFiles(Object.fromEntries(tooLong));
  for (const [name, value] of Object.entries(values)) {
    const path = files[name];
    if (path === void 0) runtime.exportVariable(nameOf(name), value);
    else runtime.exportVariable(`${nameOf(name)}_FILE`, path);
  }
}
async function writeSummary(text) {
  if (!process.env.GITHUB_STEP_SUMMARY) return;
  try {
    await summary.addRaw(maskSecrets(text)).write();
  } catch (error) {
    runnerLog.warning(`Cannot write the job summary: ${messageOf(error)}`);
  }
}

// src/main.ts
async function main() {
  tuneGarbageCollection();
  for (const name of ["password", "github-token", "cache-signing-key", "signing-key"]) {
    if (readStepInput(name).trim() !== "") runnerLog.secret(readStepInput(name).trim());
  }
  const texts = Object.keys(inputTable).map((name) => readStepInput(name));
  for (const secret of secretsInUrls(texts.join("\n"))) runnerLog.secret(secret);
  refuseUnknownInputs();
  const images = parseImages(readStepInput);
  const opening = inBackground(openRunner());
  const action = await loadAction(images[0].mode);
  const runtime = await opening;
  try {
    const result = await action(images, runtime);
    const files = await writeOutputFiles(outputFilesOf(result));
    for (const [name, value] of Object.entries({ ...outputsOf(result), ...files })) setOutput(name, value);
    const described = metadataResultOf(result);
    if (images[0].exportMetadata && described !== void 0) {
      await exportMetadata({ ...metadataOutputs(described.metadata), ...files }, runtime);
    }
    await writeSummary(summaryOf(result));
  } finally {
    await rm(runtime.temporary, { recursive: true, force: true });
    forgetTemporary(runtime.temporary);
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
  await writeSummary(failureSummary(error));
  const { file } = (error instanceof Failure ? error.log : void 0) ?? {};
  if (file !== void 0) setOutput("build-log", file);
}
