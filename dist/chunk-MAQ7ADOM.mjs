// src/sbom/inventory.ts
function topPaths({ paths }) {
  const used = new Set(paths.flatMap(({ registration }) => registration?.references ?? []));
  return paths.filter(({ path }) => !used.has(path));
}
function isWhole({ paths, hasUnknownLayers, base }) {
  return !hasUnknownLayers && base === void 0 && paths.every(({ registration }) => registration !== void 0);
}
function describeGaps({ paths, hasUnknownLayers, base }) {
  const unregistered = paths.filter(({ registration }) => registration === void 0);
  const cut = paths.filter(({ registration }) => registration?.refersOutside === true);
  const some = (found) => `${found.length} of ${paths.length}, such as ${found[0]?.path}.`;
  return [
    ...base === void 0 ? [] : ["The contents of the base image are not listed."],
    ...hasUnknownLayers ? ["Files outside of store paths are not listed."] : [],
    ...unregistered.length === 0 ? [] : [`Store paths known only by name, without hash, references and sources: ${some(unregistered)}`],
    ...cut.length === 0 ? [] : [`Store paths that refer to others, which are not in the image: ${some(cut)}`]
  ];
}

export {
  topPaths,
  isWhole,
  describeGaps
};
