import {
  packagesBySize
} from "./chunk-7IH7JYJA.mjs";
import {
  parsePackageName
} from "./chunk-XBGOFGJP.mjs";

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
    const found = packages.get(name) ?? { versions: /* @__PURE__ */ new Map(), paths: /* @__PURE__ */ new Set(), layers: /* @__PURE__ */ new Set() };
    packages.set(name, found);
    return found;
  };
  for (const { name, version, size } of packagesBySize(layers)) of(name).versions.set(version, size);
  for (const layer of layers) {
    for (const { path } of layer.contents?.paths ?? []) {
      const one = of(parsePackageName(path).name);
      one.paths.add(path);
      one.layers.add(layer);
    }
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
  if (now === void 0) return { ...change, kind: "removed", ...sizesOf(old, lost) };
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
function sizesOf(old, lost) {
  const size = sizeOf(old, lost);
  if (size !== void 0) return { size };
  const layers = [...old.layers];
  const areItsOwn = layers.every(({ contents }) => contents?.paths.every(({ path }) => old.paths.has(path)));
  return { size, layers: { size: sizeOfLayers({ layers }), areItsOwn } };
}
function sizeOf(one, versions) {
  return versions.map((version) => one?.versions.get(version)).reduce((sum, size) => sum === void 0 || size === void 0 ? void 0 : sum + size, 0);
}

export {
  compareImages,
  sizeOfLayers
};
