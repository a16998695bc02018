import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  DamagedEntry,
  addJobNotes,
  formatVersion,
  hasZstd,
  isSource,
  layersOf,
  openEntries,
  readJobNotes,
  restoreEntry
} from "./chunk-OZSFGEJA.mjs";
import {
  claimKeys,
  findInvalidPaths,
  importPaths,
  keepPaths,
  listValidPaths,
  nixSystem,
  ownsStore,
  registerPaths,
  substitutePaths
} from "./chunk-HBQZMXVE.mjs";
import {
  formatSize
} from "./chunk-S73ABKVA.mjs";
import {
  messageOf
} from "./chunk-WFDJKZW3.mjs";

// src/cache/cache-key.ts
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, matchesGlob } from "node:path";
import { pipeline } from "node:stream/promises";
var lockFiles = [/(^|\/)flake\.lock$/, /(^|\/)npins\/sources\.json$/, /(^|\/)nix\/sources\.json$/];
async function cacheKey({ directory, patterns, system, spec, ...rest }) {
  const { extra, toolchain } = rest;
  const { files, unreadable } = await findFiles(directory, patterns);
  const locks = createHash("sha256");
  addField(locks, extra);
  for (const file of files) {
    const hash = await orUnreadable(file, unreadable, () => hashFile(join(directory, file)));
    addField(locks, file);
    addField(locks, hash ?? "unreadable");
  }
  const forSystem = `nix-image-${formatVersion}-${system}-`;
  const forSpec = `${forSystem}${createHash("sha256").update(spec).digest("hex").slice(0, 12)}-`;
  const prefixes = [...toolchain === void 0 ? [] : [`${forSpec}${toolchain}-`], forSpec, forSystem];
  return { key: `${prefixes[0]}${locks.digest("hex").slice(0, 32)}`, prefixes, files, unreadable };
}
function keyIncludesToolchain(key, toolchain) {
  return key.includes(`-${toolchain}-`);
}
function addField(hash, text) {
  const bytes = Buffer.from(text);
  hash.update(`${bytes.length}:`).update(bytes);
}
async function hashFile(path) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
async function findFiles(directory, patterns) {
  const isWanted = (file) => lockFiles.some((name) => name.test(file)) || patterns.some((pattern) => matchesGlob(file, pattern));
  const files = [];
  const unreadable = [];
  for (const rest = [""]; rest.length > 0; ) {
    const below = rest.pop();
    const list = () => readdir(join(directory, below), { withFileTypes: true });
    for (const entry of await orUnreadable(below || ".", unreadable, list) ?? []) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== ".git" && entry.name !== "node_modules") rest.push(path);
      if (entry.isFile() && isWanted(path)) files.push(path);
    }
  }
  return { files: files.sort(), unreadable };
}
async function orUnreadable(path, unreadable, read) {
  try {
    return await read();
  } catch {
    unreadable.push(path);
    return void 0;
  }
}

// src/stages/build/restore-store.ts
function fetchEntry(inputs, runtime, toolchain) {
  const entries = openEntries(inputs, runtime);
  const nothing = { entry: Promise.resolve(void 0), withNix: Promise.resolve(void 0) };
  if (entries === void 0 || inputs.cache.use === "off") return nothing;
  if (!hasZstd) {
    runtime.log.warning(
      `Running without the store cache: it needs Node 22.15 or newer, and this is ${process.version}.`
    );
    return nothing;
  }
  const computing = keyOf(inputs, runtime, toolchain);
  const finding = computing.then(({ key, prefixes }) => entries.find(key, prefixes));
  const entry = fetchFrom(entries, { computing, finding }, runtime);
  const withNix = async (name) => {
    const isExpected = keyIncludesToolchain(await finding.catch(() => void 0) ?? "", name);
    const fetched = isExpected ? await entry : void 0;
    return keyIncludesToolchain(fetched?.matchedKey ?? "", name) ? fetched : void 0;
  };
  return { entry, withNix: toolchain === void 0 ? nothing.withNix : withNix(toolchain) };
}
async function fetchFrom(entries, { computing, finding }, runtime) {
  try {
    const [key, found] = [await computing, await finding];
    return { entries, key, ...await fetchFound(found, entries, key) };
  } catch (error) {
    runtime.log.warning(`Running without the store cache: ${messageOf(error)}`);
    return void 0;
  }
}
async function fetchFound(found, entries, { key, prefixes }) {
  if (found === void 0) return { matchedKey: void 0 };
  try {
    const opened = await entries.open(key, prefixes);
    if (opened !== void 0) return { matchedKey: opened.key, entry: opened.entry };
    return { matchedKey: found, refusal: new DamagedEntry("the cache did not deliver all of it") };
  } catch (cause) {
    return { matchedKey: found, refusal: new DamagedEntry(messageOf(cause), { cause }) };
  }
}
function expectEntry({ entry, refusal }) {
  if (entry !== void 0) return entry;
  throw refusal ?? new TypeError("Nothing was found.");
}
async function restoreSources(entry, nix, runtime) {
  try {
    const store = await openStore(nix);
    const before = await recordValidPaths(runtime, async () => store.valid);
    const { paths } = await restoreEntry(entry, { store, system: nixSystem, isWanted: isSource });
    await keepPaths(nix, paths, runtime.temporary);
    return before;
  } catch (error) {
    runtime.log.debug(`Cannot restore sources: ${messageOf(error)}`);
    return void 0;
  }
}
async function restoreStore(fetched, nix, { inputs, runtime, before: known }) {
  const isFetchedByBuild = inputs.cache.use !== "off" && inputs.cache.binaryCache !== void 0;
  const isUsed = fetched !== void 0 || isFetchedByBuild;
  if (!isUsed) {
    const record = runtime.job === void 0 ? void 0 : recordValidPaths(runtime, () => listValidPaths(nix));
    await record?.catch((error) => runtime.log.debug(messageOf(error)));
    return void 0;
  }
  return continueWithoutCache(runtime, async () => {
    if (fetched === void 0) {
      const before2 = known ?? await recordValidPaths(runtime, () => listValidPaths(nix));
      return { before: before2, result: void 0, confirmed: /* @__PURE__ */ new Set() };
    }
    const store = await openStore(nix);
    const before = known ?? await recordValidPaths(runtime, async () => store.valid);
    const restore = (entry) => restoreFrom(entry, { nix, store }, runtime);
    return { before, ...await restoreFetched(fetched, runtime, restore) };
  });
}
async function recordValidPaths(runtime, list) {
  const { before } = await readJobNotes(runtime);
  if (before !== void 0) return new Set(before);
  const valid = await list();
  await addJobNotes(runtime, { before: [...valid] });
  return valid;
}
async function restoreLayers(inputs, runtime) {
  if (inputs.reuse !== "verify" || !(inputs.push || inputs.dryRun)) return void 0;
  const fetched = await fetchEntry(inputs, runtime).entry;
  if (fetched === void 0) return void 0;
  return continueWithoutCache(runtime, async () => {
    const read = async (entry) => ({
      layers: layersOf(entry, nixSystem),
      restoredPaths: 0,
      restoredBytes: 0
    });
    return { before: /* @__PURE__ */ new Set(), ...await restoreFetched(fetched, runtime, read) };
  });
}
function continueWithoutCache(runtime, restore) {
  return runtime.log.group("Cache", async () => {
    try {
      return await restore();
    } catch (error) {
      runtime.log.warning(`Running without the store cache: ${messageOf(error)}`);
      return void 0;
    }
  });
}
async function keyOf({ cache, builds, contents, buildArgs }, { directory }, toolchain) {
  const needsPaths = builds.every(({ source }) => source.kind !== "path");
  const found = await cacheKey({
    directory,
    patterns: cache.keyFiles,
    system: nixSystem,
    spec: JSON.stringify([builds.map(sourceInKey), contents, buildArgs]),
    extra: cache.keyExtra,
    toolchain
  });
  return needsPaths ? found : { ...found, prefixes: found.prefixes.slice(0, 1) };
}
function sourceInKey({ source }) {
  return source.kind === "path" ? { ...source, path: source.path.replace(/^\/nix\/store\/[^-/]+-/, "") } : source;
}
var mostReplacements = 3;
async function restoreFetched(fetched, runtime, restore) {
  const { entries } = fetched;
  const { key, files, unreadable } = fetched.key;
  runtime.log.info(`Key ${key}, computed from ${files.join(", ") || "no lock files"}`);
  if (unreadable.length > 0) runtime.log.info(`Cannot read, so not searched for lock files: ${listOf(unreadable)}`);
  let found = fetched;
  for (let number = 1; ; number++) {
    const numbered = number === 1 ? key : `${key}-${number}`;
    if (number > 1) {
      found = await fetchFound(await entries.find(numbered, []), entries, { key: numbered, prefixes: [] });
    }
    const { matchedKey, refusal } = found;
    runtime.log.info(matchedKey === void 0 ? "No entry" : `Entry ${matchedKey}`);
    try {
      if (refusal !== void 0) throw refusal;
      if (matchedKey !== void 0) {
        const { layers, ...restored } = await restore(expectEntry(found));
        runtime.log.info(`It confirms ${layers.length} layers`);
        return { result: { key: numbered, matchedKey, ...restored }, confirmed: claimKeys(layers) };
      }
    } catch (error) {
      runtime.log.warning(`Rejected the cache entry ${matchedKey}, leaving the store unchanged: ${messageOf(error)}`);
      if (error instanceof DamagedEntry && matchedKey === numbered && number < mostReplacements) continue;
    }
    const result = { key: numbered, matchedKey: void 0, restoredPaths: 0, restoredBytes: 0 };
    return { result, confirmed: /* @__PURE__ */ new Set() };
  }
}
var longestList = 10;
function listOf(paths) {
  const more = paths.length > longestList ? [`and ${paths.length - longestList} more`] : [];
  return [...paths.slice(0, longestList), ...more].join(", ");
}
async function restoreFrom(entry, { nix, store }, { temporary, log }) {
  const { paths, size, held, layers } = await restoreEntry(entry, { store, system: nixSystem });
  await keepPaths(nix, paths, temporary);
  log.info(`Restored ${paths.length} of ${held.length} store paths, ${formatSize(size)}`);
  return { layers, restoredPaths: paths.length, restoredBytes: size };
}
async function openStore(nix) {
  const [valid, isOwn] = await Promise.all([listValidPaths(nix), ownsStore(nix)]);
  return {
    isOwn,
    valid,
    findInvalid: (paths) => findInvalidPaths(nix, paths),
    substitute: (paths) => substitutePaths(nix, paths),
    register: (registration) => registerPaths(nix, registration),
    importPaths: (stream) => importPaths(nix, stream)
  };
}

export {
  fetchEntry,
  expectEntry,
  restoreSources,
  restoreStore,
  restoreLayers,
  openStore
};
