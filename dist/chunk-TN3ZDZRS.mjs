import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  openStore
} from "./chunk-CSFUBRYR.mjs";
import {
  buildOf,
  deleteOldEntries,
  findNix,
  formatVersion,
  getManifest,
  listTags,
  narsOf,
  newestFirst,
  openCacheAccess,
  openClient,
  openEntries,
  openNix,
  parseArtifact,
  readEntryTags,
  readOciEntry,
  readsAtATime,
  restoreEntry,
  sortByReferences,
  trustedKeysOf,
  withBase32
} from "./chunk-OZSFGEJA.mjs";
import {
  nixSystem,
  readRegistrations,
  readRequisites
} from "./chunk-HBQZMXVE.mjs";
import {
  parseInputs
} from "./chunk-TMXNPKEU.mjs";
import {
  formatRepository
} from "./chunk-RYZTQ7VR.mjs";
import {
  isStorePath,
  storeDirectory,
  storePathName
} from "./chunk-HSNXDN4F.mjs";
import {
  digestOf,
  hexOf
} from "./chunk-LZSYUQMR.mjs";
import "./chunk-JV3OK7I5.mjs";
import {
  readInput
} from "./chunk-67N6NFLF.mjs";
import "./chunk-LPQ76Q4D.mjs";
import {
  escapeControls,
  formatSize
} from "./chunk-S73ABKVA.mjs";
import {
  createPool,
  settleAll
} from "./chunk-TJDMYOEP.mjs";
import "./chunk-MLJXCXOP.mjs";
import "./chunk-SMBMXYWF.mjs";
import {
  Failure,
  messageOf
} from "./chunk-WFDJKZW3.mjs";
import "./chunk-DNGIBJ4B.mjs";

// src/stages/cache/list-entries.ts
async function listEntries(repository, { inputs, runtime }) {
  const access = openCacheAccess(inputs, runtime);
  const client = await openClient(repository, { ...access, actions: "pull", mountSources: [] });
  const pool = createPool(readsAtATime);
  const tags = readEntryTags(await listTags(client)).sort(newestFirst);
  return settleAll(
    tags.map(async ({ tag, key, time }) => ({
      ...{ tag, key, saved: new Date(time).toISOString() },
      ...await pool(() => readSize(tag, client))
    }))
  );
}
async function readSize(tag, client) {
  try {
    const { index, groups, signature } = parseArtifact(await getManifest(client, tag), tag);
    const size = [index, ...groups].reduce((sum, blob) => sum + blob.size, 0);
    return { size, ...signature === void 0 ? {} : { signedBy: signature.slice(0, signature.indexOf(":")) } };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

// src/stages/cache/pull-entry.ts
async function pullEntry(key, { inputs, runtime }) {
  const wanted = key ?? `nix-image-${formatVersion}-${nixSystem}-`;
  const nix = await openNix(inputs.nix, runtime);
  const opened = await openEntries(inputs, runtime)?.open(wanted, [wanted]);
  if (opened === void 0)
    throw new Failure(`Cannot pull ${wanted}: the registry has no entry whose key starts with it.`);
  const { paths, size } = await restoreEntry(opened.entry, { store: await openStore(nix), system: nixSystem });
  runtime.log.info(`Restored ${paths.length} store paths, ${formatSize(size)}, from ${opened.key}`);
  return { key: opened.key, paths, size };
}

// src/nix/store-path-at.ts
import { realpath } from "node:fs/promises";
async function storePathAt(path) {
  const target = await realpath(path).catch(() => path);
  return isStorePath(target) ? target : void 0;
}

// src/stages/cache/push-paths.ts
async function pushPaths(given, key, { inputs, runtime }) {
  const outputs = [...new Set(await Promise.all(given.map((path) => findOutput(path, runtime))))].sort();
  const nix = findNix(inputs.nix, runtime);
  if (nix === void 0) throw new Failure("Cannot push store paths: there is no Nix on this machine.");
  const registered = await readRegistrations(nix, [...await readRequisites(nix, outputs)]);
  const paths = sortByReferences([...registered].map(([path, facts]) => ({ path, ...facts })));
  const manifest = { system: nixSystem, paths, layers: [], outputs, toolchain: [] };
  const named = key ?? keyOf(outputs);
  const saved = await openEntries(inputs, runtime)?.save(manifest, named);
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
function keyOf(outputs) {
  const hash = (texts) => hexOf(digestOf(texts.join("\n")));
  const spec = hash(outputs.map(storePathName)).slice(0, 12);
  return `nix-image-${formatVersion}-${nixSystem}-${spec}-${hash(outputs).slice(0, 32)}`;
}

// src/cache/serve/serve-entries.ts
import { createServer } from "node:http";
import { basename as basename2 } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

// src/cache/serve/narinfo.ts
import { basename } from "node:path";
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
      log.warning(`Cannot serve ${request.url}: ${messageOf(error)}`);
      if (response.headersSent) response.destroy();
      else response.writeHead(502).end();
    });
  });
  await new Promise((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
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
  const range = rangeOf(headers.range, size);
  if (range === "unsatisfiable") {
    response.writeHead(416, { "content-range": `bytes */${size}`, "content-length": 0 }).end();
    return;
  }
  const { offset, size: length } = range ?? { offset: 0, size };
  const [part] = method === "HEAD" ? [] : await entry.fetchParts(/* @__PURE__ */ new Set([path.path]));
  response.writeHead(range === void 0 ? 200 : 206, {
    "content-type": "application/x-nix-nar",
    "accept-ranges": "bytes",
    "content-length": length,
    ...range === void 0 ? {} : { "content-range": `bytes ${offset}-${offset + length - 1}/${size}` }
  });
  if (part === void 0) response.end();
  else await pipeline(Readable.from(piecesOf()), response);
  function* piecesOf() {
    for (const nar of narsOf(part)) {
      if (nar.path.path !== path.path) continue;
      let at = 0;
      for (let piece = nar.next(); piece !== void 0 && at < offset + length; piece = nar.next()) {
        const wanted = piece.subarray(Math.max(0, offset - at), Math.max(0, offset + length - at));
        if (wanted.length > 0) yield wanted;
        at += piece.length;
      }
      return;
    }
  }
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
  const { log, cancelled, temporary: directory } = runtime;
  const access = openCacheAccess(inputs, runtime);
  const client = await openClient(repository, { ...access, actions: "pull", mountSources: [] });
  const trustedKeys = trustedKeysOf(inputs.nix.trustedPublicKeys, inputs.cache.registry?.signingKey);
  const entries = [];
  for (const { tag } of newestOfEachBuild(readEntryTags(await listTags(client)))) {
    try {
      const entry = await readOciEntry(tag, { client, directory, trustedKeys });
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
  const { inputs } = readCall(call, runtime);
  const [, key] = call.parameters;
  const { paths, ...pulled } = await pullEntry(typeof key === "string" ? key : void 0, { inputs, runtime });
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
  const deletions = await deleteOldEntries(repository, keep, { runtime, access, dryRun: inputs.dryRun });
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
