const { realpath } = globalThis.process.getBuiltinModule("node:fs/promises");
const { createServer } = globalThis.process.getBuiltinModule("node:http");
const { basename: basename2 } = globalThis.process.getBuiltinModule("node:path");
const { Readable } = globalThis.process.getBuiltinModule("node:stream");
const { pipeline } = globalThis.process.getBuiltinModule("node:stream/promises");
const { basename } = globalThis.process.getBuiltinModule("node:path");
import {
  openNix,
  openStore
} from "./chunk-CF4VPEFD.mjs";
import {
  buildOf,
  deleteOld,
  findInvalidPaths,
  readRegistrations,
  readRequisites
} from "./chunk-INTXPZ6B.mjs";
import "./chunk-3DOYXRXT.mjs";
import {
  DamagedEntry,
  entryTypes,
  findNewest,
  findNix,
  formatVersion,
  getManifest,
  isResultKey,
  listTags,
  narRange,
  newestFirst,
  nixSystem,
  openCacheAccess,
  openClient,
  openEntries,
  parseArtifact,
  readEntryTags,
  readOciEntry,
  readsAtATime,
  restoreEntry,
  sortByReferences,
  trustedKeysOf,
  withBase32
} from "./chunk-JYQXIE4E.mjs";
import "./chunk-QGRX4KWZ.mjs";
import "./chunk-3WZMXA3B.mjs";
import {
  readInput
} from "./chunk-QG475AWI.mjs";
import "./chunk-25LIPGGA.mjs";
import {
  isStorePath,
  parseInputs,
  storeDirectory,
  storePathName
} from "./chunk-XBGOFGJP.mjs";
import {
  digestOf,
  formatRepository,
  hexOf
} from "./chunk-HEI324TL.mjs";
import {
  Failure,
  codeOf,
  createPool,
  escapeControls,
  formatSize,
  hasCode,
  messageOf,
  sentence,
  settleAll
} from "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

// src/stages/cache/list-entries.ts
async function listEntries(repository, { inputs, runtime }) {
  const access = openCacheAccess(inputs, runtime);
  const client = await openClient(repository, { ...access, actions: "pull", mountSources: [] });
  const pool = createPool(readsAtATime);
  const listed = await listTags(client);
  const tags = readEntryTags(listed).sort(newestFirst);
  const results = listed.tags.filter(isResultKey).length;
  if (results > 0) runtime.log.info(`Results of builds, which are not listed: ${results}`);
  return settleAll(
    tags.map(async ({ tag, key, time }) => ({
      ...{ tag, key, saved: new Date(time).toISOString() },
      ...await pool(() => readSize(tag, client))
    }))
  );
}
async function readSize(tag, client) {
  try {
    const entry = { artifactType: entryTypes.artifact, tag };
    const { layers, signature } = parseArtifact(await getManifest(client, tag), entry);
    const size = layers.reduce((sum, blob) => sum + blob.size, 0);
    return { size, ...signature === void 0 ? {} : { signedBy: signature.slice(0, signature.indexOf(":")) } };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

// src/stages/cache/open-reading.ts
async function openReading(repository, { inputs, runtime }) {
  const access = openCacheAccess(inputs, runtime);
  return {
    client: await openClient(repository, { ...access, actions: "pull", mountSources: [] }),
    directory: runtime.temporary,
    trustedKeys: trustedKeysOf(inputs.nix.trustedPublicKeys, inputs.cache.registry?.signingKey)
  };
}

// src/stages/cache/pull-entry.ts
async function pullEntry(repository, key, { inputs, runtime }) {
  const wanted = key ?? `nix-image-${formatVersion}-${nixSystem}-`;
  const nix = await openNix(inputs.nix, runtime);
  const reading = await openReading(repository, { inputs, runtime });
  const found = findNewest(readEntryTags(await listTags(reading.client)), wanted, [wanted]);
  if (found === void 0)
    throw new Failure(`Cannot pull ${wanted}: the registry has no entry whose key starts with it.`);
  try {
    const entry = await readOciEntry(found.tag, reading);
    if (entry === void 0) throw new Failure("the registry no longer has it");
    const { paths, size } = await restoreEntry(entry, { store: await openStore(nix), system: nixSystem, runtime });
    runtime.log.info(`Restored ${paths.length} store paths, ${formatSize(size)}, from ${found.key}`);
    return { key: found.key, paths, size };
  } catch (cause) {
    if (runtime.cancelled.aborted || !(cause instanceof Failure)) throw cause;
    throw new Failure(`Cannot pull ${found.key}: ${messageOf(cause)}`, { cause });
  }
}

// src/nix/store-path-at.ts
async function storePathAt(path) {
  const target = await realpath(path).catch(() => path);
  return isStorePath(target) ? target : void 0;
}

// src/stages/cache/push-paths.ts
async function pushPaths(given, key, { inputs, runtime }) {
  const outputs = [...new Set(await Promise.all(given.map((path) => findOutput(path, runtime))))].sort();
  const nix = findNix(inputs.nix, runtime);
  if (nix === void 0) throw new Failure("Cannot push store paths: there is no Nix on this machine.");
  const [invalid] = await findInvalidPaths(nix, outputs);
  if (invalid !== void 0) throw new Failure(`Cannot push ${invalid}: the store does not have it. Build it first.`);
  const registered = await readRegistrations(nix, [...await readRequisites(nix, outputs)]);
  const paths = sortByReferences([...registered].map(([path, facts]) => ({ path, ...facts })));
  const manifest = { system: nixSystem, paths, layers: [], outputs, toolchain: [] };
  const named = key ?? keyOf(outputs);
  const saved = await openEntries(inputs, runtime)?.save(manifest, named).catch(explainFault);
  if (saved === void 0) throw new TypeError("A registry refuses with an error.");
  runtime.log.info(
    `Saved ${paths.length} store paths as ${named}: ${formatSize(saved.size)}, ${formatSize(saved.sent)} sent`
  );
  return { ...saved, key: named, paths: paths.length };
}
async function findOutput(path, { resolve }) {
  const output = await storePathAt(resolve(path));
  if (output !== void 0) return output;
  throw new Failure(`Cannot push ${path}: it is neither a store path nor a link to one. Give the result of a build.`);
}
function explainFault(cause) {
  if (cause instanceof Failure || codeOf(cause) === "") throw cause;
  const advice = hasCode(cause, "ENOENT") ? "Push from a store whose files are in /nix/store." : "Set TMPDIR to a directory that is writable and has room.";
  throw new Failure(`Cannot push store paths: ${sentence(messageOf(cause))} ${advice}`, { cause });
}
function keyOf(outputs) {
  const hash = (texts) => hexOf(digestOf(texts.join("\n")));
  const spec = hash(outputs.map(storePathName)).slice(0, 12);
  return `nix-image-${formatVersion}-${nixSystem}-${spec}-${hash(outputs).slice(0, 32)}`;
}

// src/cache/serve/serve-entries.ts

// src/cache/serve/narinfo.ts
function narinfoOf({ path, narHash, narSize, references, deriver, signatures = [] }, url) {
  const lines = [
    `StorePath: ${path}`,
    `URL: ${url}`,
    "Compression: none",
    `FileHash: ${withBase32(narHash)}`,
    `FileSize: ${narSize}`,
    `NarHash: ${withBase32(narHash)}`,
    `NarSize: ${narSize}`,
    `References: ${references.map((reference) => basename(reference)).join(" ")}`,
    ...deriver === void 0 ? [] : [`Deriver: ${basename(deriver)}`],
    ...signatures.map((signature) => `Sig: ${signature}`)
  ];
  return lines.map((line) => `${line}
`).join("");
}

// src/cache/serve/serve-entries.ts
async function serveEntries(entries, { port, log }) {
  const served = /* @__PURE__ */ new Map();
  for (const entry of entries) {
    for (const path of entry.manifest.paths) {
      const hash = basename2(path.path).slice(0, 32);
      if (!served.has(hash)) served.set(hash, { path, entry });
    }
  }
  const server = createServer((request, response) => {
    answer(request, response, served).catch((error) => {
      if (hasCode(error, "ERR_STREAM_PREMATURE_CLOSE", "ERR_STREAM_UNABLE_TO_PIPE")) return;
      log.warning(`Cannot serve ${request.url}: ${messageOf(error)}`);
      if (response.headersSent) response.destroy();
      else end(response, error instanceof DamagedEntry ? 404 : 502);
    });
  });
  await new Promise((resolve, reject) => {
    const fail = (cause) => reject(
      new Failure(`Cannot listen on port ${port}: ${messageOf(cause)}. Give another --port, or none.`, { cause })
    );
    server.once("error", fail).listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    paths: served.size,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };
}
async function answer(request, response, served) {
  const { method = "", url = "", headers } = request;
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? "")) return end(response, 403);
  if (method !== "GET" && method !== "HEAD") return end(response, 405);
  if (url === "/nix-cache-info") {
    return endWith(`StoreDir: ${storeDirectory}
WantMassQuery: 1
Priority: 30
`, "text/x-nix-cache-info");
  }
  const [, hash = "", kind] = /^\/(?:nar\/)?([0-9a-z]{32})\.(narinfo|nar)$/.exec(url) ?? [];
  const found = served.get(hash);
  if (found === void 0) return end(response, 404);
  if (kind === "narinfo") return endWith(narinfoOf(found.path, `nar/${hash}.nar`), "text/x-nix-narinfo");
  return sendNar(found, request, response);
  function endWith(text, type) {
    response.writeHead(200, { "content-type": type, "content-length": Buffer.byteLength(text) });
    response.end(method === "HEAD" ? "" : text);
  }
}
function end(response, status) {
  response.writeHead(status, { "content-length": 0 }).end();
}
async function sendNar({ path, entry }, { method, headers }, response) {
  const size = path.narSize;
  const isRanged = method === "GET" && headers["if-range"] === void 0;
  const range = isRanged ? rangeOf(headers.range, size) : void 0;
  if (range === "unsatisfiable") {
    response.writeHead(416, { "content-range": `bytes */${size}`, "content-length": 0 }).end();
    return;
  }
  const sent = range ?? { offset: 0, size };
  const [part] = method === "HEAD" ? [] : await entry.fetchParts(/* @__PURE__ */ new Set([path.path]));
  response.writeHead(range === void 0 ? 200 : 206, {
    "content-type": "application/x-nix-nar",
    "accept-ranges": "bytes",
    "content-length": sent.size,
    ...range === void 0 ? {} : { "content-range": `bytes ${sent.offset}-${sent.offset + sent.size - 1}/${size}` }
  });
  if (part === void 0) response.end();
  else await pipeline(Readable.from(narRange(part, path, sent)), response);
}
function rangeOf(header, size) {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return void 0;
  const offset = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const end2 = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  return offset >= size || end2 <= offset ? "unsatisfiable" : { offset, size: end2 - offset };
}

// src/stages/cache/serve-cache.ts
var mostEntries = 100;
async function serveCache(repository, { inputs, runtime, port }) {
  const { log, cancelled } = runtime;
  const reading = await openReading(repository, { inputs, runtime });
  const entries = [];
  for (const { tag } of newestOfEachBuild(readEntryTags(await listTags(reading.client)))) {
    try {
      const entry = await readOciEntry(tag, reading);
      if (entry !== void 0) entries.push(entry);
    } catch (error) {
      log.warning(`Not serving the entry ${tag}: ${messageOf(error)}`);
    }
  }
  if (entries.length === 0)
    throw new Failure(`Cannot serve ${formatRepository(repository)}: it has no usable entries.`);
  const server = await serveEntries(entries, { port, log });
  log.notice(`Serving ${server.paths} store paths of ${entries.length} entries at ${server.url}`);
  if (!cancelled.aborted) await new Promise((resolve) => cancelled.addEventListener("abort", resolve, { once: true }));
  await server.close();
}
function newestOfEachBuild(tags) {
  const newest = /* @__PURE__ */ new Map();
  for (const tag of tags.toSorted(newestFirst)) {
    const build = buildOf(tag.key);
    if (!newest.has(build)) newest.set(build, tag);
  }
  return [...newest.values()].slice(0, mostEntries);
}

// src/commands/run-cache.ts
function readCall({ parameters: [registry], flags }, { env }) {
  const inputs = parseInputs((name) => name === "cache-to" ? String(registry) : readInput(name, flags, env));
  const { repository } = inputs.cache.registry ?? {};
  if (repository === void 0) {
    throw new Failure(
      `Cannot use "${registry}": it is no registry. Give oci://HOST/PATH, as in oci://ghcr.io/acme/app-cache.`
    );
  }
  const tagging = { ...inputs.tagging, references: [{ ...repository, tag: "latest" }] };
  return { repository, inputs: { ...inputs, tagging } };
}
var list = async (call, runtime) => {
  const { repository, inputs } = readCall(call, runtime);
  const entries = await listEntries(repository, { inputs, runtime });
  return { text: entries.map(lineOf).join("\n"), json: entries };
};
function lineOf({ key, saved, size, signedBy, error }) {
  const facts = error === void 0 ? [formatSize(size ?? 0), signedBy ?? "not signed"] : [`unusable: ${error}`];
  return [saved, key, ...facts.map(escapeControls)].join("  ");
}
var pull = async (call, runtime) => {
  const { repository, ...run } = readCall(call, runtime);
  const [, key] = call.parameters;
  const wanted = typeof key === "string" ? key : void 0;
  const { paths, ...pulled } = await pullEntry(repository, wanted, { ...run, runtime });
  return { text: paths.join("\n"), json: { ...pulled, paths } };
};
var push = async (call, runtime) => {
  const { inputs } = readCall(call, runtime);
  const { parameters, flags } = call;
  const paths = [parameters[1] ?? []].flat();
  const saved = await pushPaths(paths, typeof flags.key === "string" ? flags.key : void 0, { inputs, runtime });
  return { text: saved.key, json: saved };
};
var prune = async (call, runtime) => {
  const { repository, inputs } = readCall(call, runtime);
  const { keep } = inputs.cache;
  if (keep === void 0)
    throw new Failure('Cannot prune: give what to keep, as in --cache-keep 10 or --cache-keep "10 30d".');
  const access = openCacheAccess(inputs, runtime);
  const deletions = await deleteOld(repository, keep, { runtime, access, dryRun: inputs.dryRun });
  return { text: deletions.deleted.join("\n"), json: deletions };
};
var serve = async (call, runtime) => {
  const { repository, inputs } = readCall(call, runtime);
  const { port = "0" } = call.flags;
  if (typeof port !== "string" || !/^\d{1,5}$/.test(port) || Number(port) > 65535) {
    throw new Failure(`Cannot use --port "${port}": give a number up to 65535.`);
  }
  await serveCache(repository, { inputs, runtime, port: Number(port) });
  return { text: "", json: {} };
};
export {
  list,
  prune,
  pull,
  push,
  serve
};
