const { writeFile } = globalThis.process.getBuiltinModule("node:fs/promises");
const { join } = globalThis.process.getBuiltinModule("node:path");
import {
  addJobNotes,
  deleteAfterSave,
  deleteOld,
  features,
  findInvalidPaths,
  inBatches,
  listValidPaths,
  readFlakeInputs,
  readJobNotes,
  readRegistrations,
  readRequisites,
  readSettings
} from "./chunk-INTXPZ6B.mjs";
import {
  findNix,
  installedPaths,
  nixSystem,
  openEntries,
  sortByReferences,
  withStore
} from "./chunk-JYQXIE4E.mjs";
import {
  Failure,
  formatSize,
  messageOf,
  withoutLogins
} from "./chunk-UH7NESJ6.mjs";

// src/nix/binary-cache.ts
function fetchingFrom(settings, { url, signingKey }) {
  const isTrusted = signingKey === void 0 && url.startsWith("file://");
  const nixConf = [
    // After the user's own lines, which may replace substituters.
    ...settings.nixConf,
    `extra-substituters = ${isTrusted ? withParameter(url, "trusted", "true") : url}`,
    ...signingKey === void 0 ? [] : [`extra-trusted-public-keys = ${publicKeyOf(signingKey)}`]
  ];
  return { ...settings, nixConf };
}
function publicKeyOf(signingKey) {
  const [name, key = ""] = signingKey.split(":");
  return `${name}:${Buffer.from(key, "base64").subarray(32).toString("base64")}`;
}
async function copyToBinaryCache(paths, { url, signingKey }, { nix, directory }) {
  let target = withParameter(url, "compression", "zstd");
  if (signingKey !== void 0) {
    const file = join(directory, "signing-key");
    await writeFile(file, signingKey, { mode: 384 });
    target = withParameter(target, "secret-key", file);
  }
  const { env, direction } = await aimAt(target, nix);
  const copied = /* @__PURE__ */ new Set();
  for (const batch of inBatches(paths)) {
    const args = ["copy", ...features, ...direction, "--", ...batch];
    const { code, stderr } = await nix.exec(nix.program, args, { env });
    if (code !== 0) throw new Failure(withoutLogins(`nix copy --to ${url} failed: ${reasonIn(stderr)}`));
    for (const [, path = ""] of stderr.matchAll(/^copying path '(.+?)' to /gm)) copied.add(path);
  }
  return copied;
}
async function aimAt(target, nix) {
  if (withoutLogins(target) === target) return { env: nix.env, direction: ["--to", target] };
  return { env: withStore(nix.env, target), direction: ["--from", (await readSettings(nix)).store] };
}
function reasonIn(stderr) {
  const [, reason = stderr] = /.*error: (.*)/s.exec(stderr) ?? [];
  return reason.replace(/\s+/g, " ").trim();
}
function withParameter(url, name, value) {
  const [, query = ""] = /\?(.*)$/.exec(url) ?? [];
  if (new URLSearchParams(query).has(name)) return url;
  return `${url}${query === "" && !url.endsWith("?") ? "?" : query === "" ? "" : "&"}${name}=${value}`;
}

// src/cache/choose-paths.ts
function choosePaths(candidates, choice) {
  const { maxSize = Number.POSITIVE_INFINITY, toolchain } = choice;
  const withToolchain = chooseWithin(maxSize - totalSize(toolchain), candidates, choice);
  if (withToolchain.evicted.every(({ isSubstitutable }) => isSubstitutable)) return { ...withToolchain, toolchain };
  return { ...chooseWithin(maxSize, candidates, choice), toolchain: [] };
}
function chooseWithin(maxSize, candidates, { excludeSubstitutable, outputs }) {
  const substitutable = excludeSubstitutable ? candidates.filter(({ isSubstitutable }) => isSubstitutable) : [];
  const left = new Map(candidates.map((candidate) => [candidate.path, candidate]));
  for (const { path } of substitutable) left.delete(path);
  let size = totalSize([...left.values()]);
  const evicted = [];
  for (const next of leastUsefulFirst([...left.values()], outputs)) {
    if (size <= maxSize) break;
    for (const gone of withReferrers(next, left)) {
      left.delete(gone.path);
      evicted.push(gone);
      size -= gone.narSize;
    }
  }
  return { paths: [...left.values()], substitutable, evicted };
}
function totalSize(paths) {
  return paths.reduce((sum, { narSize }) => sum + narSize, 0);
}
function leastUsefulFirst(candidates, outputs) {
  const closure = closureOf(outputs, new Map(candidates.map((candidate) => [candidate.path, candidate])));
  const use = ({ path, isSubstitutable }) => isSubstitutable ? 0 : closure.has(path) ? 2 : 1;
  return candidates.toSorted((a, b) => use(a) - use(b) || b.narSize - a.narSize || (a.path < b.path ? -1 : 1));
}
function closureOf(paths, all) {
  const closure = /* @__PURE__ */ new Set();
  for (const rest = [...paths]; rest.length > 0; ) {
    const path = rest.pop();
    if (closure.has(path)) continue;
    closure.add(path);
    rest.push(...all.get(path)?.references ?? []);
  }
  return closure;
}
function withReferrers(candidate, left) {
  if (!left.has(candidate.path)) return [];
  if (candidate.isSubstitutable) return [candidate];
  const gone = /* @__PURE__ */ new Set([candidate]);
  for (const one of gone) {
    for (const other of left.values()) if (other.references.includes(one.path)) gone.add(other);
  }
  return [...gone];
}

// src/stages/build/save-store.ts
async function planSave(cache, built, { nix, inputs, runtime }) {
  const task = planSaveOfLayers(cache, { inputs, runtime });
  if (task === void 0) return void 0;
  try {
    const roots = await rootsOf(built, task, runtime);
    const build = {
      outputs: roots.filter((path) => !path.endsWith(".drv")),
      paths: await neededPaths(roots, cache, { nix, inputs, runtime }),
      toolchain: inputs.cache.binaryCache === void 0 ? await installedPaths(nix) : []
    };
    return { ...task, build };
  } catch (error) {
    runtime.log.warning(`Cannot save the store cache: ${messageOf(error)}`);
    return void 0;
  }
}
async function rootsOf(built, { key }, runtime) {
  const own = built.flatMap(({ path, drvPath, passedOn }) => [
    ...passedOn === void 0 ? [path] : [],
    ...drvPath === void 0 ? [] : [drvPath]
  ]);
  if (key === void 0) return [...new Set(own)];
  const roots = [.../* @__PURE__ */ new Set([...(await readJobNotes(runtime)).built[key] ?? [], ...own])];
  await addJobNotes(runtime, { built: { [key]: roots } });
  return roots;
}
function planSaveOfLayers({ result }, { inputs, runtime }) {
  const { key, matchedKey } = result ?? {};
  if (key !== void 0 && key === matchedKey || !isSaveWanted(inputs, runtime)) return void 0;
  const base = matchedKey === void 0 ? {} : { base: matchedKey };
  return { ...key === void 0 ? {} : { key, ...base }, layers: [] };
}
function isSaveWanted(inputs, runtime) {
  const { registry } = inputs.cache;
  if (lacksSigningKey(inputs)) {
    runtime.log.info(
      "Not saving: with trusted-public-keys no run accepts an unsigned entry, and cache-signing-key is not set."
    );
    return false;
  }
  const may = maySave(inputs, runtime);
  if (!may && maySave(inputs, { context: { isTrusted: true } })) {
    runtime.log.info(
      registry === void 0 ? "Not saving: this run is neither for the default branch nor for a pull request from the repository itself." : "Not saving: this run is not for the default branch, and a registry does not separate entries by branch."
    );
  }
  return may;
}
function lacksSigningKey({ cache: { registry }, nix }) {
  return registry !== void 0 && registry.signingKey === void 0 && nix.trustedPublicKeys.length > 0;
}
function maySave(inputs, { context }) {
  const { cache } = inputs;
  if (cache.use === "restore" || cache.save === "never" || lacksSigningKey(inputs)) return false;
  const isForOthers = cache.registry !== void 0 && context.pullRequest !== void 0;
  return cache.save === "always" || context.isTrusted === true && !isForOthers;
}
async function neededPaths(roots, { before }, { nix, inputs, runtime }) {
  const valid = await listValidPaths(nix);
  const written = [...valid].filter((path) => path.endsWith(".drv") && !before.has(path));
  const needed = await readRequisites(nix, [.../* @__PURE__ */ new Set([...roots.filter((path) => valid.has(path)), ...written])]);
  const sources = await Promise.all(
    inputs.builds.map(
      ({ source }) => source.kind === "path" ? [] : readFlakeInputs(nix, { ...inputs, target: source }, runtime.directory)
    )
  );
  return [.../* @__PURE__ */ new Set([...needed, ...sources.flat()])].filter((path) => !before.has(path)).sort();
}
async function saveStore({ build, ...entry }, run) {
  const { runtime, inputs } = run;
  const { binaryCache } = inputs.cache;
  const entries = openEntries(inputs, runtime);
  if (entries !== void 0 && entry.key !== void 0 && await entries.find(entry.key, []) === entry.key) {
    runtime.log.info(`Nothing to save: another step or job already saved the entry ${entry.key}.`);
    return;
  }
  const added = (build?.paths.length ?? 0) + (build?.toolchain.length ?? 0);
  if (added === 0 && (entries === void 0 || entry.layers.length === 0)) {
    runtime.log.info("Nothing to save: this build added nothing to the store.");
    return;
  }
  const nix = build === void 0 ? void 0 : nixFor(run);
  const chosen = build === void 0 || nix === void 0 ? nothing : await chooseFor(build, nix, run);
  if (chosen === void 0) return;
  if (chosen.paths.length + chosen.toolchain.length === 0 && !(entries !== void 0 && entry.layers.length > 0)) {
    runtime.log.info("Nothing to save: this build added nothing to the store.");
  } else if (entries !== void 0) {
    const saved = await saveEntry(chosen, entry, { build, entries, runtime });
    if (saved === void 0) return;
    await deleteAfterSave(
      run,
      (repository, keep, context) => deleteOld(repository, keep, { ...context, saved: saved.tag })
    );
  } else if (nix !== void 0 && binaryCache !== void 0) {
    await copyPaths(chosen.paths, binaryCache, { nix, runtime });
  }
}
var nothing = { paths: [], toolchain: [] };
function nixFor({ inputs, runtime }) {
  const nix = findNix(inputs.nix, runtime);
  if (nix === void 0) throw new Failure("Nix is no longer installed.");
  return nix;
}
async function chooseFor(build, nix, { inputs: { cache }, runtime }) {
  const listed = [.../* @__PURE__ */ new Set([...build.outputs, ...build.paths])];
  const invalid = await findInvalidPaths(nix, listed);
  const gone = build.outputs.find((path) => invalid.has(path));
  if (gone !== void 0) {
    runtime.log.info(`Not saving: the output ${gone} is no longer in the store.`);
    return void 0;
  }
  const left = listed.filter((path) => !invalid.has(path));
  const closure = await readRequisites(
    nix,
    left.filter((path) => !path.endsWith(".drv"))
  );
  const candidates = await readCandidates(nix, [.../* @__PURE__ */ new Set([...closure, ...left])]);
  const held = await readCandidates(nix, [...await readRequisites(nix, build.toolchain)]);
  const { excludeSubstitutable, maxSize } = cache;
  const choice = { outputs: build.outputs, excludeSubstitutable, maxSize, toolchain: held };
  const { paths, substitutable, evicted, toolchain } = choosePaths(candidates, choice);
  report("left out because binary caches have them", substitutable, runtime);
  report("left out for cache-max-size: Nix itself", toolchain.length === 0 ? held : [], runtime);
  report("left out for cache-max-size, the least useful first", evicted, runtime);
  const lost = evicted.find(({ path, isSubstitutable }) => build.outputs.includes(path) && !isSubstitutable);
  if (lost === void 0) return { paths, toolchain };
  runtime.log.warning(`Not saving the store cache: cache-max-size leaves no room for the output ${lost.path}.`);
  return void 0;
}
async function copyPaths(paths, binaryCache, { nix, runtime }) {
  const url = withoutLogins(binaryCache.url);
  const copied = await copyToBinaryCache(
    paths.map(({ path }) => path),
    binaryCache,
    { nix, directory: runtime.temporary }
  );
  runtime.log.info(
    copied.size === 0 ? `Nothing to copy: ${url} already has everything.` : `Copied ${copied.size} store paths to ${url}`
  );
}
async function saveEntry({ paths, toolchain }, { key = "", base, layers }, { build, entries, runtime }) {
  const held = new Map([...toolchain, ...paths].map((path) => [path.path, path]));
  const all = [...held.values()];
  const manifest = {
    system: nixSystem,
    paths: sortByReferences(all),
    layers,
    outputs: (build?.outputs ?? []).filter((path) => held.has(path)),
    toolchain: toolchain.length === 0 ? [] : build?.toolchain ?? []
  };
  const saved = await entries.save(manifest, key, base);
  if (saved === void 0) return void 0;
  const nix = toolchain.length === 0 ? "" : ", including Nix itself";
  const description = `${all.length} store paths, ${formatSize(totalSize(all))}${nix}, and the digests of ${layers.length} layers`;
  runtime.log.info(
    `Saved ${description}, as ${key}: ${formatSize(saved.size)}, of which ${formatSize(saved.sent)} sent`
  );
  return saved;
}
async function readCandidates(nix, paths) {
  const registered = await readRegistrations(nix, paths);
  const kept = new Set([...registered.keys()].filter((path) => !path.endsWith(".drv")));
  for (const path of kept) {
    for (const reference of registered.get(path)?.references ?? []) if (registered.has(reference)) kept.add(reference);
  }
  return [...registered].filter(([path]) => kept.has(path)).map(([path, facts]) => ({ path, ...facts }));
}
var longestList = 10;
function report(why, paths, { log }) {
  if (paths.length === 0) return;
  const shown = paths.slice(0, longestList).map(({ path, narSize }) => `  ${path}  ${formatSize(narSize)}`);
  const more = paths.length > longestList ? [`  and ${paths.length - longestList} more`] : [];
  log.info([`${paths.length} store paths, ${formatSize(totalSize(paths))}, ${why}:`, ...shown, ...more].join("\n"));
}

export {
  fetchingFrom,
  planSave,
  planSaveOfLayers,
  maySave,
  saveStore
};
