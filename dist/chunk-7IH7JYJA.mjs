import {
  parsePackageName
} from "./chunk-XBGOFGJP.mjs";
import {
  hexOf
} from "./chunk-HEI324TL.mjs";
import {
  oneLine
} from "./chunk-UH7NESJ6.mjs";

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
  nameLayer
};
