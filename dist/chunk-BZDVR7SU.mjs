import {
  sizeOfLayers
} from "./chunk-KDJ5XFQM.mjs";
import {
  nameLayer
} from "./chunk-7IH7JYJA.mjs";
import {
  escapeControls,
  formatSize
} from "./chunk-UH7NESJ6.mjs";

// src/report/markdown.ts
function table(head, rows) {
  if (rows.length === 0) return ["None."];
  return [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`);
}
var longestCode = 500;
function code(text) {
  if (text === "") return "";
  const cut = text.length > longestCode ? `${text.slice(0, longestCode)}\u2026` : text;
  const shown = escapeControls(cut.replaceAll(/\s*[\r\n]\s*/g, " \u23CE ")).replaceAll("|", "\\|");
  const longestRun = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longestRun + 1);
  return longestRun === 0 ? `${fence}${shown}${fence}` : `${fence} ${shown} ${fence}`;
}
var longestBlock = 1e4;
function codeBlock(text) {
  const cut = text.length > longestBlock ? `${text.slice(0, longestBlock / 2)}
\u2026
${text.slice(-longestBlock / 2)}` : text;
  const shown = escapeControls(cut.replaceAll(/\r\n?/g, "\n"));
  const longestRun = Math.max(2, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longestRun + 1);
  return [`${fence}text`, shown, fence];
}
function details(title, lines, isOpen = false) {
  return [isOpen ? "<details open>" : "<details>", `<summary>${title}</summary>`, "", ...lines, "", "</details>", ""];
}
var longestName = 150;
function plain(text) {
  return text.replaceAll(/[^A-Za-z0-9._+:/@=?-]/g, "?").slice(0, longestName);
}
function span(text) {
  return code(
    text.split(/(, |[ ])/).map((part) => /^,? $/.test(part) ? part : plain(part)).join("").slice(0, longestName)
  );
}

// src/report/change-lines.ts
function formatDifference(bytes) {
  if (bytes === 0) return "the same size";
  return `${bytes > 0 ? "+" : "\u2212"}${formatSize(Math.abs(bytes))}`;
}
var mostPackages = 50;
var mostLayers = 20;
var mostOpen = 10;
function packageLines({ packages }, isOpen = false) {
  if (packages === void 0) return [];
  const updated = packages.filter(({ kind }) => kind !== "rebuilt");
  const count = (kind) => packages.filter((one) => one.kind === kind).length;
  const rebuilt = count("rebuilt") === 0 ? "" : `, ${count("rebuilt")} rebuilt`;
  if (updated.length === 0) return [`No packages were added, removed or updated${rebuilt}.`, ""];
  const counts = ["added", "removed", "changed"].map((kind) => `${count(kind)} ${kind}`).join(", ");
  const hasSizes = updated.some(({ size, layers }) => (size ?? layers) !== void 0);
  const rows = updated.slice(0, mostPackages).map((change) => [
    span(change.name),
    change.kind,
    versions(change.before, change.kind === "added"),
    versions(change.after, change.kind === "removed"),
    ...hasSizes ? [sizeText(change)] : []
  ]);
  const lines = [
    ...table(["Package", "", "Before", "Now", ...hasSizes ? ["Unpacked"] : []], rows),
    ...moreThan(mostPackages, updated.length)
  ];
  return details(`Packages: ${counts}${rebuilt}`, lines, isOpen && rows.length <= mostOpen);
}
function sizeText({ size, layers }) {
  if (size !== void 0) return formatSize(size);
  if (layers === void 0) return "";
  return `${layers.areItsOwn ? "" : "at most "}${formatSize(layers.size)}, compressed`;
}
function layerLines(layers, title) {
  if (layers.length === 0) return ["No new layers.", ""];
  const largest = layers.toSorted((a, b) => b.descriptor.size - a.descriptor.size).slice(0, mostLayers);
  const rows = largest.map((layer) => [span(nameLayer(layer)), formatSize(layer.descriptor.size)]);
  const total = formatSize(sizeOfLayers({ layers }));
  return details(`${title}: ${layers.length}, ${total}`, [
    ...table(["Layer", "Size"], rows),
    ...moreThan(mostLayers, layers.length)
  ]);
}
function moreThan(most, length) {
  return length > most ? ["", `and ${length - most} more`] : [];
}
function versions(list, isAbsent) {
  if (isAbsent) return "";
  return list.map((version) => version === "" ? "without version" : span(version)).join(", ");
}

// src/report/saving-text.ts
function savingText({ sent, stable }) {
  return `Sent layers with ${formatSize(sent)} of store paths, most of them unchanged. With layering: stable, the changed ones are in layers of ${formatSize(stable)} (before compression).`;
}

// src/report/describe-reuse.ts
function describeReuse(by) {
  return by === "commit" ? "nothing was installed, restored, evaluated or built" : "the derivations are the same, so nothing was built, and only sources were restored";
}

export {
  table,
  code,
  codeBlock,
  details,
  plain,
  span,
  formatDifference,
  packageLines,
  layerLines,
  savingText,
  describeReuse
};
