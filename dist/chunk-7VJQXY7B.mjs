import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  listMembers,
  readLayerUsage
} from "./chunk-VQLGVKI6.mjs";
import {
  guessCpe,
  packageUrl
} from "./chunk-HJBBPKX6.mjs";
import {
  openTar
} from "./chunk-LZ4Q3MM3.mjs";
import {
  diffIdsOf
} from "./chunk-F6TB5S6D.mjs";
import {
  findInvalidPaths,
  readRegistrations
} from "./chunk-I6KOPCOT.mjs";
import {
  isInStore,
  isStorePath,
  parsePackageName,
  storePathName
} from "./chunk-G5OCPV4E.mjs";
import {
  isObject
} from "./chunk-MLJXCXOP.mjs";
import {
  hexOf
} from "./chunk-LZSYUQMR.mjs";
import {
  createPool,
  settleAll
} from "./chunk-3M57GHHF.mjs";
import {
  hasCode
} from "./chunk-WFDJKZW3.mjs";

// src/nix/derivation-file.ts
import { readFile } from "node:fs/promises";
var tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[()]/gs;
function parseDerivation(text, path) {
  if (!text.startsWith("Derive(")) return void 0;
  try {
    const json = text.slice("Derive".length).replace(tokens, (token) => {
      if (token === "(") return "[";
      return token === ")" ? "]" : token.replace(new RegExp("\\p{Cc}", "gu"), escapeControl);
    });
    const [outputs, inputDerivations, inputSources, , , , env] = JSON.parse(json);
    return {
      path,
      outputs: outputs.map(([name, path2, algorithm, hash]) => ({ name, path: path2, algorithm, hash })),
      inputDerivations: inputDerivations.map(([derivation]) => derivation),
      inputSources,
      attributes: attributesOf(Object.fromEntries(env))
    };
  } catch {
    return void 0;
  }
}
function escapeControl(character) {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
function attributesOf(env) {
  if (env.__json === void 0) return env;
  const json = JSON.parse(env.__json);
  if (!isObject(json)) return env;
  const texts = Object.entries(json).flatMap(([name, value]) => {
    const text = Array.isArray(value) ? value.join(" ") : value;
    return typeof text === "string" ? [[name, text]] : [];
  });
  return { ...env, ...Object.fromEntries(texts) };
}
function derivationReader() {
  const read = /* @__PURE__ */ new Map();
  return (path) => {
    const reading = read.get(path) ?? readDerivation(path);
    read.set(path, reading);
    return reading;
  };
}
async function readDerivation(path) {
  try {
    return parseDerivation(await readFile(path, "utf8"), path);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EACCES")) return void 0;
    throw error;
  }
}
async function inputFor(path, { inputDerivations }, read) {
  for (const candidate of inputDerivations.filter((input) => storePathName(input) === storePathName(path))) {
    const derivation = await read(candidate);
    if (derivation?.outputs.some((output) => output.path === path)) return derivation;
  }
  return void 0;
}
var mostRead = 2e4;
async function findDerivations(paths, roots, read) {
  const left = new Set(paths);
  const found = /* @__PURE__ */ new Map();
  const seen = /* @__PURE__ */ new Set();
  for (const root of roots) {
    for (let level = [root]; level.length > 0 && left.size > 0 && seen.size < mostRead; ) {
      const fresh = level.filter((path) => !seen.has(path));
      for (const path of fresh) seen.add(path);
      const derivations = (await Promise.all(fresh.map(read))).filter((one) => one !== void 0);
      for (const derivation of derivations) {
        for (const source of derivation.inputSources) left.delete(source);
        for (const { path } of derivation.outputs) if (left.delete(path)) found.set(path, derivation);
      }
      level = [...new Set(derivations.flatMap(({ inputDerivations }) => inputDerivations))];
    }
  }
  return found;
}

// src/sbom/inventory-path.ts
function inventoryPath(path, known) {
  const { derivation, registration, meta, sources, patches } = known;
  const parsed = parsePackageName(path);
  const attributes = derivation?.attributes ?? {};
  const name = attributes.pname || parsed.name;
  const version = attributes.version || parsed.version;
  const output = derivation?.outputs.find((one) => one.path === path)?.name;
  const cpe = guessCpe(name, version);
  return {
    path,
    name,
    version,
    sources,
    patches,
    purl: packageUrl({ name, version, sources, attributes }),
    ...output === void 0 ? {} : { output },
    ...derivation === void 0 ? {} : { drvPath: derivation.path },
    ...registration === void 0 ? {} : { registration },
    ...cpe === void 0 ? {} : { cpe },
    ...meta === void 0 ? {} : { meta }
  };
}

// src/sbom/source-files.ts
async function readSourceFiles(derivation, read) {
  const { src = "", srcs = "", patches = "" } = derivation.attributes;
  const describe = (list) => Promise.all(pathsIn(list).map((path) => describeFile(path, derivation, read)));
  const [sources, patched] = await Promise.all([describe(`${src} ${srcs}`), describe(patches)]);
  return { sources, patches: patched };
}
function pathsIn(list) {
  const words = new Set(list.split(/\s+/).filter((word) => isInStore(word)));
  return [...words];
}
async function describeFile(file, derivation, read) {
  const path = file.split("/").slice(0, 4).join("/");
  const fetcher = await inputFor(path, derivation, read);
  const output = fetcher?.outputs.find((one) => one.path === path);
  if (fetcher === void 0 || output === void 0 || output.hash === "") return { path: file };
  const url = fetchedFrom(fetcher.attributes);
  const { algorithm, hash: hex } = output;
  const hash = { algorithm: algorithm.replace(/^r:/, ""), hex, isNar: algorithm.startsWith("r:") };
  return { path: file, ...url === void 0 ? {} : { url }, hash };
}
var longestUrl = 2048;
function fetchedFrom({ url, urls, rev }) {
  const [first = ""] = (urls || url || "").trim().split(/\s+/);
  if (first.length > longestUrl || !URL.canParse(first)) return void 0;
  const parsed = new URL(first);
  parsed.username = "";
  parsed.password = "";
  const isGit = rev !== void 0 && /^[\w./-]+$/.test(rev) && urls === void 0;
  return isGit ? `git+${parsed.href}@${rev}` : parsed.href;
}

// src/stages/sbom/read-image-paths.ts
async function readImagePaths(image) {
  const pool = createPool(4);
  return imagePathsOf(await settleAll(image.layers.map((layer) => pool(() => readLayerPaths(layer)))), image);
}
async function readLayerPaths(layer) {
  if (layer.remote !== void 0) return { paths: [], hasOthers: true };
  if (layer.reportsMembers) {
    const paths = (layer.contents?.paths ?? []).map(({ path }) => path);
    return { paths: paths.filter((path) => isStorePath(path)), hasOthers: !paths.every((path) => isStorePath(path)) };
  }
  const description = layer.description ?? `the layer ${layer.descriptor?.digest ?? layer.diffId ?? ""}`;
  const usage = await readLayerUsage(listMembers(openTar(layer), description), description);
  return { paths: [...usage.paths.keys()], hasOthers: usage.otherBytes > 0 };
}
function imagePathsOf(layers, { base, config }) {
  const paths = [...new Set(layers.flatMap((layer) => layer.paths))].sort();
  const first = layers.findIndex((layer) => layer.paths.length > 0);
  const below = Math.max(first, 0);
  const diffIds = (diffIdsOf(config) ?? []).slice(0, below);
  return {
    paths,
    base: base ?? (below === 0 ? void 0 : { diffIds }),
    hasUnknownLayers: layers.slice(below).some(({ hasOthers }) => hasOthers)
  };
}

// src/stages/sbom/read-inventory.ts
async function readInventory(image, built) {
  const inImage = await readImagePaths(image);
  return built.nix === void 0 ? bareInventory(inImage) : describePaths(inImage, { ...built, nix: built.nix });
}
function bareInventory({ paths, ...others }) {
  return { ...others, paths: paths.map((path) => inventoryPath(path, nothingKnown)) };
}
var nothingKnown = { derivation: void 0, registration: void 0, meta: void 0, sources: [], patches: [] };
async function describePaths({ paths, ...others }, { nix, drvPath, path: root, facts }) {
  const registered = await readRegistered(paths, nix);
  const read = derivationReader();
  const derivers = [...registered.values()].flatMap(({ deriver }) => deriver ?? []);
  const roots = [...drvPath === void 0 ? [] : [drvPath], ...derivers];
  const derivations = await findDerivations(paths, roots, read);
  const inImage = new Set(paths);
  const describe = async (path) => {
    const derivation = derivations.get(path);
    const info = registered.get(path);
    return inventoryPath(path, {
      derivation,
      registration: info && registrationOf(path, info, inImage),
      meta: path === root ? metaOf(facts) : void 0,
      ...derivation === void 0 ? { sources: [], patches: [] } : await readSourceFiles(derivation, read)
    });
  };
  return { ...others, paths: await Promise.all(paths.map(describe)) };
}
async function readRegistered(paths, nix) {
  const invalid = await findInvalidPaths(nix, paths);
  return readRegistrations(
    nix,
    paths.filter((path) => !invalid.has(path))
  );
}
function registrationOf(path, { narHash, narSize, references }, inImage) {
  const others = references.filter((reference) => reference !== path);
  return {
    narHash: hexOf(narHash),
    narSize,
    references: others.filter((reference) => inImage.has(reference)).sort(),
    refersOutside: !others.every((reference) => inImage.has(reference))
  };
}
function metaOf(facts) {
  if (facts === void 0) return void 0;
  return { license: facts.license ?? void 0, homepage: facts.homepage ?? void 0 };
}

export {
  imagePathsOf,
  readInventory,
  bareInventory
};
