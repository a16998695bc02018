const { readFileSync } = globalThis.process.getBuiltinModule("node:fs");
import {
  withBuildGraph
} from "./chunk-INTXPZ6B.mjs";
import {
  storePathName
} from "./chunk-XBGOFGJP.mjs";
import {
  hasCode,
  isObject
} from "./chunk-UH7NESJ6.mjs";

// src/nix/derivation-file.ts
var tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[()]/gs;
function parseDerivation(text, path) {
  if (!text.startsWith("Derive(")) return void 0;
  try {
    const lists = text.slice("Derive".length).replace(tokens, (token) => {
      if (token === "(") return "[";
      return token === ")" ? "]" : token;
    });
    const json = lists.replace(new RegExp("\\p{Cc}", "gu"), escapeControl);
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
  const known = /* @__PURE__ */ new Map();
  return (path) => {
    if (!known.has(path)) known.set(path, readDerivation(path));
    return known.get(path);
  };
}
function readDerivation(path) {
  try {
    return parseDerivation(readFileSync(path, "utf8"), path);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR", "EACCES")) return void 0;
    throw error;
  }
}
function inputFor(path, { inputDerivations }, read) {
  const candidates = inputDerivations.filter((input) => storePathName(input) === storePathName(path));
  return candidates.map(read).find((derivation) => derivation?.outputs.some((output) => output.path === path));
}

// src/nix/find-derivations.ts
var mostVisited = 2e4;
function findDerivations(paths, roots, { nix, read }) {
  return withBuildGraph(nix, (graph) => search(paths, roots, graph)) ?? search(paths, roots, (path) => graphOf(read(path)));
}
function search(paths, roots, graph) {
  const left = new Set(paths);
  const found = /* @__PURE__ */ new Map();
  const seen = /* @__PURE__ */ new Set();
  for (const root of roots) {
    for (let level = /* @__PURE__ */ new Set([root]); level.size > 0 && left.size > 0 && seen.size < mostVisited; ) {
      const next = /* @__PURE__ */ new Set();
      for (const derivation of level) {
        if (seen.has(derivation)) continue;
        seen.add(derivation);
        const { outputs = [], inputs = [] } = graph(derivation) ?? {};
        for (const path of outputs) if (left.delete(path)) found.set(path, derivation);
        for (const path of inputs) {
          if (path.endsWith(".drv")) next.add(path);
          else left.delete(path);
        }
      }
      level = new Set([...next].sort());
    }
  }
  return found;
}
function graphOf(derivation) {
  if (derivation === void 0) return void 0;
  const { outputs, inputDerivations, inputSources } = derivation;
  return { outputs: outputs.map(({ path }) => path), inputs: [...inputDerivations, ...inputSources] };
}

export {
  derivationReader,
  inputFor,
  findDerivations
};
