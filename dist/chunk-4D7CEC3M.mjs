import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  oneLine
} from "./chunk-KE3VB7AW.mjs";
import {
  parsePackageName
} from "./chunk-G5OCPV4E.mjs";
import {
  hexOf
} from "./chunk-LZSYUQMR.mjs";

// src/report/packages.ts
function packagesBySize(layers) {
  const sizes = new Map(layers.flatMap(({ contents }) => contents?.paths ?? []).map((one) => [one.path, one.narSize]));
  const packages = /* @__PURE__ */ new Map();
  for (const [path, size] of sizes) {
    const { name, version } = parsePackageName(path);
    const key = formatPackage({ name, version });
    const known = packages.get(key);
    packages.set(key, { name, version, size: known === void 0 ? size : add(known.size, size) });
  }
  return [...packages.entries()].sort(([a, one], [b, other]) => (other.size ?? -1) - (one.size ?? -1) || (a < b ? -1 : 1)).map(([, one]) => one);
}
function formatPackage({ name, version }) {
  return version === "" ? name : `${name} ${version}`;
}
function add(a, b) {
  return a === void 0 || b === void 0 ? void 0 : a + b;
}

// src/report/compare-images.ts
function compareImages(before, after) {
  const known = new Set(before.layers.map(({ descriptor }) => descriptor.digest));
  return {
    size: sizeOfLayers(after) - sizeOfLayers(before),
    newLayers: after.layers.filter(({ descriptor }) => !known.has(descriptor.digest)),
    packages: comparePackages(readPackages(before), readPackages(after))
  };
}
function sizeOfLayers({ layers }) {
  return layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
}
function readPackages({ layers }) {
  const packages = /* @__PURE__ */ new Map();
  const of = (name) => {
    const found = packages.get(name) ?? { versions: /* @__PURE__ */ new Map(), paths: /* @__PURE__ */ new Set() };
    packages.set(name, found);
    return found;
  };
  for (const { name, version, size } of packagesBySize(layers)) of(name).versions.set(version, size);
  for (const { path } of layers.flatMap(({ contents }) => contents?.paths ?? [])) {
    of(parsePackageName(path).name).paths.add(path);
  }
  return packages;
}
function comparePackages(before, after) {
  if (before.size === 0 || after.size === 0) return void 0;
  const names = [.../* @__PURE__ */ new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => comparePackage(name, before.get(name), after.get(name)) ?? []).sort((a, b) => (b.size ?? -1) - (a.size ?? -1));
}
function comparePackage(name, old, now) {
  const lost = versionsOnlyIn(old, now);
  const come = versionsOnlyIn(now, old);
  const change = { name, before: lost, after: come };
  if (old === void 0) return { ...change, kind: "added", size: sizeOf(now, come) };
  if (now === void 0) return { ...change, kind: "removed", size: sizeOf(old, lost) };
  if (lost.length + come.length > 0) {
    return { ...change, kind: "changed", size: come.length > 0 ? sizeOf(now, come) : sizeOf(old, lost) };
  }
  if ([...now.paths].every((path) => old.paths.has(path))) return void 0;
  const versions = [...now.versions.keys()].sort();
  return { name, kind: "rebuilt", before: versions, after: versions, size: sizeOf(now, versions) };
}
function versionsOnlyIn(one, other) {
  return [...one?.versions.keys() ?? []].filter((version) => !other?.versions.has(version)).sort();
}
function sizeOf(one, versions) {
  return versions.map((version) => one?.versions.get(version)).reduce((sum, size) => sum === void 0 || size === void 0 ? void 0 : sum + size, 0);
}

// src/report/name-layer.ts
var mostNames = 3;
var smallPackage = 1e6;
var longestHistory = 60;
function nameLayer(layer) {
  const { contents, descriptor } = layer;
  const packages = packagesBySize([layer]);
  if (packages.length === 0) {
    return oneLine(contents?.history ?? "", longestHistory) || `layer ${hexOf(descriptor.digest).slice(0, 12)}`;
  }
  const names = packages.map(formatPackage);
  if (names.length <= mostNames) return names.join(", ");
  const areSmall = packages.every(({ size }) => size !== void 0 && size < smallPackage);
  if (areSmall) return `${names.length} small packages`;
  return `${names.slice(0, mostNames - 1).join(", ")} and ${names.length - mostNames + 1} more`;
}

export {
  packagesBySize,
  formatPackage,
  compareImages,
  sizeOfLayers,
  nameLayer
};
