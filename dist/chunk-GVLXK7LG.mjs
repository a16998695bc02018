import {
  columns
} from "./chunk-OM2DSOLJ.mjs";
import {
  compareConfigs
} from "./chunk-BCOIIFZD.mjs";
import {
  compareImages,
  sizeOfLayers
} from "./chunk-KDJ5XFQM.mjs";
import {
  formatPackage,
  nameLayer
} from "./chunk-7IH7JYJA.mjs";
import {
  storePathName
} from "./chunk-XBGOFGJP.mjs";
import {
  formatSize,
  oneLine
} from "./chunk-UH7NESJ6.mjs";

// src/report/difference.ts
function differenceOf(before, after) {
  const changes = compareImages(before, after);
  const missing = new Map(changes.newLayers.map(({ descriptor }) => [descriptor.digest, descriptor.size]));
  const pull = [...missing.values()].reduce((sum, size) => sum + size, 0);
  return { before, after, changes, config: compareConfigs(before.config, after.config), pull };
}
function differenceText(difference, width) {
  const { before, after, changes, pull } = difference;
  const [old, now] = [sizeOfLayers(before), sizeOfLayers(after)];
  const facts = columns([
    ["from", before.name],
    ["to", after.name],
    ["size", `${formatSize(old)} \u2192 ${formatSize(now)} (${formatChange(changes.size)})`],
    ["to pull", `${formatSize(pull)} for whoever has ${before.name}`]
  ]);
  const blocks = [facts, packageRows(changes, width), configRows(difference, width)];
  if (changes.newLayers.length > 0) {
    const rows = changes.newLayers.map((layer) => ["", nameLayer(layer), formatSize(layer.descriptor.size)]);
    blocks.push([`new layers (${rows.length} of ${after.layers.length})`, ...columns(rows, { width, flexible: 1 })]);
  }
  return blocks.map((lines) => lines.join("\n")).join("\n\n");
}
function packageRows({ packages }, width) {
  if (packages === void 0) return ["packages: unknown, because one of the images has no store paths of Nix"];
  if (packages.length === 0) return ["packages: the same"];
  const rows = packages.map((change) => ["", change.kind, describeChange(change), formatKnownSize(change.size)]);
  return [`packages (${packages.length} differ)`, ...columns(rows, { width, flexible: 2 })];
}
function describeChange({ name, kind, before, after }) {
  const versions = (list) => list.filter((version) => version !== "").join(", ");
  if (kind !== "changed") return formatPackage({ name, version: versions(kind === "removed" ? before : after) });
  return `${name} ${versions(before) || "none"} \u2192 ${versions(after) || "none"}`;
}
function formatKnownSize(size) {
  return size === void 0 ? "" : formatSize(size);
}
function formatChange(bytes) {
  if (bytes === 0) return "unchanged";
  return `${bytes < 0 ? "-" : "+"}${formatSize(Math.abs(bytes))}`;
}
function configRows({ config }, width) {
  if (config.length === 0) return ["config and labels: the same"];
  const rows = config.flatMap(({ field, before, after }) => [
    ...before === void 0 ? [] : [["", "-", oneLine(field), oneLine(before)]],
    ...after === void 0 ? [] : [["", "+", oneLine(field), oneLine(after)]]
  ]);
  return [`config and labels (${config.length} differ)`, ...columns(rows, { width, flexible: 3 })];
}
function differenceJson({ before, after, changes, config, pull }) {
  return {
    from: before.name,
    to: after.name,
    "size-change": changes.size,
    pull,
    packages: changes.packages?.map(({ layers: _, ...change }) => change) ?? null,
    config: config.map(({ field, before: old, after: now }) => ({ field, before: old ?? null, after: now ?? null })),
    "new-layers": changes.newLayers.map(({ descriptor }) => descriptor)
  };
}

// src/inspect/path-sizes.ts
function pathSizes({ layers }) {
  const sizes = /* @__PURE__ */ new Map();
  for (const { path, narSize = 0 } of layers.flatMap(({ contents }) => contents.paths)) {
    sizes.set(path, (sizes.get(path) ?? 0) + narSize);
  }
  return sizes;
}

// src/report/treemaps.ts
function inspectionMap({ image }) {
  const parts = image.layers.map((layer) => ({
    name: nameLayer(layer),
    details: `layer ${layer.descriptor.digest}, ${formatSize(layer.descriptor.size)} compressed`,
    size: 0,
    parts: [
      ...[...pathSizes({ layers: [layer] })].map(([path, size]) => leaf(storePathName(path), path, size)),
      ...layer.otherBytes === 0 ? [] : [leaf("other files", "not in the store", layer.otherBytes)]
    ]
  }));
  return group(image.name, parts);
}
function differenceMap({ after, changes }) {
  const packages = changes.packages ?? [];
  const kinds = [...new Set(packages.map(({ kind }) => kind))];
  return group(
    after.name,
    kinds.map(
      (kind) => group(
        kind,
        packages.filter((change) => change.kind === kind).map((change) => leaf(describeChange(change), kind, change.size ?? 0))
      )
    )
  );
}
function explanationMap({ name, paths }) {
  const kept = /* @__PURE__ */ new Map();
  for (const one of paths) kept.set(one.keeper, [...kept.get(one.keeper) ?? [], one]);
  const nodes = /* @__PURE__ */ new Map();
  const partsOf = (keeper) => (kept.get(keeper) ?? []).flatMap(({ path }) => nodes.get(path) ?? []);
  for (const { path, own, kept: keeps } of paths.toReversed()) {
    const parts = partsOf(path);
    const details = `${formatSize(own)} of its own, keeps ${formatSize(keeps)}`;
    const itself = parts.length === 0 ? [] : [leaf(`${storePathName(path)} itself`, path, own)];
    const size = parts.length === 0 ? own : 0;
    nodes.set(path, { name: storePathName(path), details, size, parts: [...itself, ...parts] });
  }
  return group(name, partsOf(void 0));
}
function leaf(name, details, size) {
  return { name, details, size, parts: [] };
}
function group(name, parts) {
  return { name, details: "", size: 0, parts };
}

export {
  pathSizes,
  differenceOf,
  differenceText,
  differenceJson,
  inspectionMap,
  differenceMap,
  explanationMap
};
