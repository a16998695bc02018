import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  EndlessListError,
  RegistryError,
  accept,
  blobOf,
  connectionFaultOf,
  emptyConfig,
  findManifest,
  followRedirects,
  getManifest,
  isBrokenConnection,
  isDenied,
  isUnknownContent,
  listReferrers,
  nextPageOf,
  openClient,
  openTransport,
  proxyRefused,
  putManifest,
  readLinks,
  readPages,
  readsAtATime,
  resolveLocation,
  retry,
  subjectOfTag,
  uploadBlob
} from "./chunk-ZHPDOGFP.mjs";
import {
  formatReference,
  formatRepository,
  isTag,
  parseRepository
} from "./chunk-RYZTQ7VR.mjs";
import {
  decompress
} from "./chunk-I6KOPCOT.mjs";
import {
  openFile
} from "./chunk-REXRYIA7.mjs";
import {
  basicLogin,
  withoutLogins
} from "./chunk-PG3CCCZV.mjs";
import {
  oneLine
} from "./chunk-KE3VB7AW.mjs";
import {
  findProgram,
  isExecutable,
  runProgram
} from "./chunk-MEXKEPMQ.mjs";
import {
  DamagedEntry,
  areStorePaths,
  findParts,
  largestManifest,
  makeReadOnly,
  narString,
  narsOf,
  openEntry,
  parseEntryManifest,
  readManifestFile,
  readParts,
  withDamageReported,
  writeCacheEntry,
  writeFrames,
  writeManifest,
  writeNars
} from "./chunk-MGSFRYDV.mjs";
import {
  isDescriptor,
  mediaTypes,
  parsePackageName,
  storeDirectory
} from "./chunk-G5OCPV4E.mjs";
import {
  objectIn,
  parseJsonObject
} from "./chunk-LI5CVXRG.mjs";
import {
  isObject
} from "./chunk-MLJXCXOP.mjs";
import {
  digestOf,
  digestOfHash,
  hexOf,
  isDigest
} from "./chunk-LZSYUQMR.mjs";
import {
  createPool,
  inBackground,
  settleAll
} from "./chunk-3M57GHHF.mjs";
import {
  Failure,
  hasCode,
  messageOf,
  sentence
} from "./chunk-WFDJKZW3.mjs";
import {
  __require
} from "./chunk-DNGIBJ4B.mjs";

// src/cache/directory-backend.ts
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, lstat, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
var ending = ".nix-image-cache";
var temporaryEnding = `${ending}.tmp`;
var staleAge = 24 * 60 * 60 * 1e3;
var pieceSize = 1 << 20;
function openDirectoryBackend(directory) {
  const entryPath = (key) => join(directory, `${key}${ending}`);
  return {
    async find(key, prefixes) {
      const found = await openFirst(directory, key, prefixes);
      await found?.handle.close();
      return found?.key;
    },
    async restore(file, key, prefixes) {
      const found = await openFirst(directory, key, prefixes);
      if (found === void 0) return void 0;
      const target = await open(file, "w", 384);
      await pipeline(found.handle.createReadStream({ highWaterMark: pieceSize }), target.createWriteStream());
      return found.key;
    },
    async save(file, key) {
      await mkdir(directory, { recursive: true });
      await removeStale(directory);
      const temporary = join(directory, `.${key}.${randomUUID()}${temporaryEnding}`);
      try {
        await copyFile(file, temporary, constants.COPYFILE_EXCL);
        await rename(temporary, entryPath(key));
      } finally {
        await rm(temporary, { force: true });
      }
      return true;
    }
  };
}
async function openFirst(directory, key, prefixes) {
  const entries = await listEntries(directory);
  const nearest = prefixes.flatMap(
    (prefix2) => entries.filter((entry) => entry.key.startsWith(prefix2)).sort((a, b) => b.time - a.time || (a.key < b.key ? -1 : 1))
  );
  for (const entry of [...entries.filter((entry2) => entry2.key === key), ...nearest]) {
    const handle = await openEntryFile(join(directory, `${entry.key}${ending}`));
    if (handle !== void 0) return { key: entry.key, handle };
  }
  return void 0;
}
async function listEntries(directory) {
  const names = (await listNames(directory)).filter((name) => name.endsWith(ending) && !name.startsWith("."));
  const entries = await Promise.all(
    names.map(async (name) => {
      const stats = await lookAt(join(directory, name));
      return stats?.isFile() ? [{ key: name.slice(0, -ending.length), time: stats.mtimeMs }] : [];
    })
  );
  return entries.flat();
}
async function listNames(directory) {
  try {
    return await readdir(directory);
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}
function lookAt(path) {
  return lstat(path).catch(() => void 0);
}
async function openEntryFile(path) {
  let handle;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return void 0;
  }
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  return void 0;
}
async function removeStale(directory) {
  for (const name of await listNames(directory)) {
    if (!name.startsWith(".") || !name.endsWith(temporaryEnding)) continue;
    const path = join(directory, name);
    const stats = await lookAt(path);
    if (stats?.isFile() && Date.now() - stats.mtimeMs > staleAge) await rm(path, { force: true }).catch(() => {
    });
  }
}

// src/cache/entry-store.ts
import { join as join2 } from "node:path";
function openFileStore(backend, directory) {
  return {
    find: (key, prefixes) => backend.find(key, prefixes),
    async open(key, prefixes) {
      const file = join2(directory, "restored");
      const found = await backend.restore(file, key, prefixes);
      return found === void 0 ? void 0 : { key: found, entry: openEntry(file) };
    },
    async save(manifest, key) {
      const file = join2(directory, "saved");
      const size = await writeCacheEntry(file, manifest);
      return await backend.save(file, key) ? { size, sent: size } : void 0;
    }
  };
}

// src/registry/content/tags.ts
var largestPage = 16 << 20;
var mostTags = 1e5;
var pageSize = 1e3;
async function listTags(client) {
  const first = new URL(`/v2/${client.repository.path}/tags/list?n=${pageSize}`, client.origin);
  const reading = { tags: /* @__PURE__ */ new Set(), size: 0, isPromised: false, isEmpty: false };
  const { tags } = reading;
  const asked = /* @__PURE__ */ new Set();
  let last;
  const read = async (url) => {
    const page = await readPage(client, url, asked.size === 0);
    asked.add(url.href);
    const fresh = (page?.value ?? []).filter((tag) => !tags.has(tag));
    for (const tag of fresh) tags.add(tag);
    if (tags.size > mostTags) throw new EndlessListError(`Cannot list more than ${mostTags} tags.`);
    last = fresh.at(-1) ?? last;
    if (page !== void 0 && fresh.length > 0) reading.size = page.value.length;
    reading.isEmpty = page?.value.length === 0;
    if (page !== void 0) reading.isPromised = page.next !== void 0;
    const byName = last === void 0 ? void 0 : new URL(`${first}&last=${encodeURIComponent(last)}`);
    return { value: void 0, next: [page?.next, byName].find((one) => one !== void 0 && !asked.has(one.href)) };
  };
  let gap;
  try {
    for await (const _ of readPages(first, read)) ;
    gap = gapIn(reading);
  } catch (error) {
    if (!(error instanceof EndlessListError)) throw error;
    gap = "the list of tags does not end";
  }
  return { tags: [...tags].filter(isTag), gap };
}
function gapIn({ tags, size, isPromised, isEmpty }) {
  if (![...tags].every(isTag)) return "the registry lists a name that is not a valid tag";
  if (isEmpty || tags.size === 0) return void 0;
  if (isPromised) return "the registry announces another page of tags, but does not return it";
  const isFull = size % 50 === 0 || size > pageSize;
  return isFull ? `the registry lists ${size} tags and announces no further page` : void 0;
}
async function readPage(client, to, isFirst) {
  const request = { method: "GET", to };
  return client.retry("Listing the tags", async () => {
    const response = await client.request(request);
    if (response.status === 404 || !isFirst && [400, 405].includes(response.status)) {
      await response.discard();
      return void 0;
    }
    if (response.status !== 200) throw await client.refusal(request, response);
    const next = nextPageOf(response, resolveLocation);
    return { value: tagsIn(await response.bytes(largestPage), formatRepository(client.repository)), next };
  });
}
function tagsIn(bytes, repository) {
  let tags;
  try {
    const json = JSON.parse(bytes.toString("utf8"));
    const listed = isObject(json) ? json.tags : void 0;
    tags = listed === null ? [] : listed;
  } catch {
  }
  if (Array.isArray(tags) && tags.every((tag) => typeof tag === "string")) return tags;
  throw new Failure(`Cannot list the tags of ${repository}: the registry's answer is not a list of tags.`);
}
async function resolveTag(client, tag) {
  const request = { method: "HEAD", to: `manifests/${tag}`, headers: { accept } };
  return client.retry(`Reading the tag ${tag}`, async () => {
    const response = await client.request(request);
    await response.discard();
    if (response.status === 404) return void 0;
    if (response.status !== 200) throw await client.refusal(request, response);
    const digest = response.header("docker-content-digest") ?? "";
    return isDigest(digest) ? digest : digestOf(await getManifest(client, tag));
  });
}

// src/cache/oci/entry-tag.ts
function entryTagOf(key, time) {
  const seconds = Math.floor(time / 1e3) * 1e3;
  const text = new Date(seconds).toISOString().replace(/[-:]|\.000/g, "");
  const tag = `${key}.${text}`;
  if (isTag(tag)) return { tag, key, time: seconds };
  throw new Failure(
    `Cannot keep the entry ${key} in a registry: a tag has at most 128 letters, digits, "_", "." and "-".`
  );
}
function parseEntryTag(tag) {
  const match = /^(.+)\.(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(tag);
  if (match === null || !isTag(tag)) return void 0;
  const [, key = "", year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? void 0 : { tag, key, time };
}
function findNewest(tags, key, prefixes) {
  const newestOf = (isWanted) => tags.filter(isWanted).sort(newestFirst)[0];
  const exact = newestOf((one) => one.key === key);
  if (exact !== void 0) return exact;
  for (const prefix2 of prefixes) {
    const nearest = newestOf((one) => one.key.startsWith(prefix2));
    if (nearest !== void 0) return nearest;
  }
  return void 0;
}
function newestFirst(a, b) {
  return b.time - a.time || (a.tag < b.tag ? 1 : -1);
}

// src/cache/oci/nix-key.ts
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
var privatePrefix = Buffer.from("302e020100300506032b657004220420", "hex");
var publicPrefix = Buffer.from("302a300506032b6570032100", "hex");
function signText(text, key) {
  const { name, bytes } = partsOf(key);
  const der = Buffer.concat([privatePrefix, bytes.subarray(0, 32)]);
  const secret = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return `${name}:${sign(null, Buffer.from(text), secret).toString("base64")}`;
}
function isSigned(text, signature, keys2) {
  const { name, bytes } = partsOf(signature);
  return keys2.map(partsOf).some((key) => {
    if (key.name !== name || key.bytes.length !== 32) return false;
    const der = Buffer.concat([publicPrefix, key.bytes]);
    return verify(null, Buffer.from(text), createPublicKey({ key: der, format: "der", type: "spki" }), bytes);
  });
}
function publicKeyOf(key) {
  const { name, bytes } = partsOf(key);
  return `${name}:${bytes.subarray(32).toString("base64")}`;
}
function partsOf(text) {
  const colon = text.indexOf(":");
  return { name: text.slice(0, colon), bytes: Buffer.from(text.slice(colon + 1), "base64") };
}

// src/cache/oci/read-oci-entry.ts
import { randomUUID as randomUUID2 } from "node:crypto";
import { join as join4 } from "node:path";

// src/registry/content/download-blob.ts
import { createHash } from "node:crypto";
import { open as open2 } from "node:fs/promises";
var WrongContent = class extends Failure {
  name = "WrongContent";
};
async function downloadBlob(client, descriptor, path) {
  const file = await open2(path, "w", 384);
  const download3 = { client, descriptor, file, size: 0, hash: createHash("sha256") };
  try {
    await client.retry(`Reading ${descriptor.digest}`, () => readRest(download3));
    if (download3.size !== descriptor.size || digestOfHash(download3.hash) !== descriptor.digest) throw wrong(download3);
  } finally {
    await file.close();
  }
}
async function readRest(download3) {
  const { client, descriptor, file } = download3;
  const headers = download3.size === 0 ? {} : { range: `bytes=${download3.size}-` };
  const request = { method: "GET", to: `blobs/${descriptor.digest}`, headers };
  const response = await client.request(request);
  if (response.status !== 200 && response.status !== 206) throw await client.refusal(request, response);
  if (!continues(download3, response)) {
    download3.size = 0;
    download3.hash = createHash("sha256");
  }
  for await (const chunk of response.body) {
    if (download3.size + chunk.length > descriptor.size) throw wrong(download3);
    await file.write(chunk, 0, chunk.length, download3.size);
    download3.hash.update(chunk);
    download3.size += chunk.length;
  }
}
function continues({ size }, response) {
  if (response.status !== 206) return false;
  const [, first] = /^bytes (\d+)-/.exec(response.header("content-range") ?? "") ?? [];
  if (Number(first) === size) return true;
  throw new Failure(`Cannot read a part of a blob from ${response.url.host}: it sent another part than was asked for.`);
}
function wrong({ client, descriptor }) {
  return new WrongContent(
    `Cannot trust ${formatRepository(client.repository)}: the bytes it sent for the blob ${descriptor.digest} do not have that digest or size.`
  );
}

// src/cache/restore-entry.ts
import { chmodSync, linkSync, lstatSync, readdirSync, renameSync, rmSync } from "node:fs";
import { mkdtemp, statfs } from "node:fs/promises";
import { basename, join as join3 } from "node:path";

// src/cache/export-stream.ts
var exportMagic = 1163413838;
async function* exportStream(parts, wanted) {
  const partOf = new Map(parts.flatMap((part2) => part2.paths.map(({ path }) => [path, part2])));
  let part;
  let nars;
  try {
    for (const path of wanted) {
      const holder = partOf.get(path.path);
      let next = holder === part && nars ? findNar(nars, path) : void 0;
      if (next === void 0) {
        nars?.return(void 0);
        part = holder;
        nars = narsOf(holder);
        next = findNar(nars, path);
      }
      yield number(1);
      for (let piece = next(); piece !== void 0; piece = next()) yield piece;
      yield trailerOf(path);
    }
  } finally {
    nars?.return(void 0);
  }
  yield number(0);
}
function findNar(nars, { path }) {
  for (let nar = nars.next(); !nar.done; nar = nars.next()) if (nar.value.path.path === path) return nar.value.next;
  return void 0;
}
function trailerOf({ path, references, deriver = "" }) {
  return Buffer.concat([
    number(exportMagic),
    narString(path),
    number(references.length),
    ...references.map(narString),
    narString(deriver),
    // No signature.
    number(0)
  ]);
}
function number(value) {
  const buffer = Buffer.alloc(8);
  buffer.writeUInt32LE(value);
  return buffer;
}

// src/cache/restore-entry.ts
async function restoreEntry(entry, { store, system, isWanted = () => true }) {
  requireSystem(entry, system);
  const { paths, layers } = entry.manifest;
  const missing = paths.filter((path) => !store.valid.has(path.path) && isWanted(path));
  await requireReferences(paths, missing, store);
  const size = missing.reduce((sum, { narSize }) => sum + narSize, 0);
  const parts = await entry.fetchParts(new Set(missing.map(({ path }) => path)));
  await requireSpace(size, storeDirectory);
  if (missing.length > 0) {
    if (store.isOwn) await unpackAndRegister(parts, missing, store);
    else await checkAndImport(parts, missing, store);
  }
  return { paths: missing.map(({ path }) => path), size, held: paths.map(({ path }) => path), layers };
}
function layersOf(entry, system) {
  requireSystem(entry, system);
  return entry.manifest.layers;
}
function requireSystem({ manifest }, system) {
  if (manifest.system !== system) throw new Failure(`it is for ${manifest.system}, not ${system}`);
}
async function requireReferences(paths, missing, store) {
  const held = new Set(paths.map(({ path }) => path));
  const references = new Set(missing.flatMap((path) => path.references));
  const absent = [...references].filter((path) => !held.has(path) && !store.valid.has(path)).sort();
  if (absent.length === 0 || await store.substitute(absent)) return;
  throw new DamagedEntry(`it refers to ${absent[0]}, which is neither in it nor in the store`);
}
async function requireSpace(size, directory) {
  const { bavail, bsize } = await statfs(directory);
  if (size <= bavail * bsize) return;
  throw new Failure(`it claims ${size} bytes, but ${directory} has only ${bavail * bsize} free`);
}
async function unpackAndRegister(parts, missing, store) {
  const temporary = await mkdtemp(join3(storeDirectory, ".nix-image-"));
  const targets = new Map(missing.map(({ path }) => [path, join3(temporary, basename(path))]));
  const moved = [];
  const unpack = async () => {
    await readParts({ parts, targets });
    for (const [path, target] of targets) {
      moveIntoStore(target, path);
      moved.push(path);
    }
  };
  try {
    const unpacked = unpack();
    await settleAll([unpacked, store.register(registrationsAfter(unpacked, missing))]);
  } catch (error) {
    for (const path of await store.findInvalid(moved)) removeTree(path);
    throw error;
  } finally {
    removeTree(temporary);
  }
}
async function* registrationsAfter(unpacked, paths) {
  await unpacked;
  yield Buffer.from(paths.map(registrationOf).join(""));
}
function moveIntoStore(target, path) {
  try {
    if (!lstatSync(target).isDirectory()) return linkSync(target, path);
    renameSync(target, path);
    makeReadOnly(path);
  } catch (error) {
    if (!hasCode(error, "ENOTEMPTY", "EEXIST", "ENOTDIR")) throw error;
    throw new Failure(`${path} exists but is not valid. Run nix-store --delete ${path}`, { cause: error });
  }
}
function removeTree(path) {
  const openUp = (directory) => {
    chmodSync(directory, 493);
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) openUp(join3(directory, entry.name));
    }
  };
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) openUp(path);
  rmSync(path, { recursive: true, force: true });
}
function registrationOf({ path, narHash, narSize, deriver = "", references }) {
  const lines = [path, narHash, narSize, deriver, references.length, ...references];
  return lines.map((line) => `${line}
`).join("");
}
async function checkAndImport(parts, missing, store) {
  await readParts({ parts, targets: new Map(missing.map(({ path }) => [path, void 0])) });
  await store.importPaths(exportStream(parts, missing));
}

// src/cache/oci/artifact.ts
var entryTypes = {
  artifact: "application/vnd.nix-image.store-entry.v1",
  index: "application/vnd.nix-image.store-paths.v1+json+zstd",
  group: "application/vnd.nix-image.nars.v1+zstd"
};
var keys = { tag: "org.nix-image.entry", signature: "org.nix-image.signature" };
function artifactBlob({ tag, index, groups, signature }) {
  const json = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: entryTypes.artifact,
    config: emptyConfig.descriptor,
    layers: [index, ...groups].map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    annotations: { [keys.tag]: tag, ...signature === void 0 ? {} : { [keys.signature]: signature } }
  };
  return blobOf(JSON.stringify(json), mediaTypes.manifest);
}
function parseArtifact(bytes, tag) {
  const { layers, annotations } = parseJsonObject(bytes, "its manifest");
  const said = isObject(annotations) ? annotations : {};
  const [index, ...groups] = Array.isArray(layers) && layers.every(isDescriptor) ? layers : [];
  const signature = said[keys.signature];
  if (index === void 0) throw new Failure("it is not an entry of the store cache");
  if (said[keys.tag] !== tag) throw new Failure("it was saved under another tag");
  const artifact = { tag, index, groups, ...typeof signature === "string" ? { signature } : {} };
  if (artifactBlob(artifact).descriptor.digest === blobOf(bytes, "").descriptor.digest) return artifact;
  throw new Failure("its manifest is not one of an entry of the store cache");
}
function isArtifact(bytes) {
  return objectIn(bytes).artifactType === entryTypes.artifact;
}
function signArtifact(artifact, key) {
  return { ...artifact, signature: signText(signedText(artifact), key) };
}
function requireSignature(artifact, trusted) {
  const { signature } = artifact;
  if (signature === void 0) throw new Failure("it is not signed, and trusted-public-keys is set");
  if (!isSigned(signedText(artifact), signature, trusted)) throw new Failure("no key in trusted-public-keys signed it");
}
function signedText({ signature: _, ...artifact }) {
  return `nix-image-store-entry
${artifact.tag}
${artifactBlob(artifact).descriptor.digest}
`;
}

// src/cache/oci/group-by-name.ts
import { createHash as createHash2 } from "node:crypto";
var smallestAlone = 64 << 10;
var averageGroup = 128 << 10;
function groupByName(paths) {
  const placed = paths.map((path) => ({ path, place: placeOf(path) })).sort((a, b) => a.place < b.place ? -1 : 1);
  const groups = [];
  let open4 = [];
  for (const { path } of placed) {
    if (path.narSize >= smallestAlone) {
      groups.push([path]);
      continue;
    }
    if (open4.length === 0) groups.push(open4);
    open4.push(path);
    if (endsGroup(path)) open4 = [];
  }
  return groups;
}
function placeOf({ path }) {
  const name = createHash2("sha256").update(parsePackageName(path).name).digest("hex");
  return `${name} ${path}`;
}
function endsGroup({ path, narSize }) {
  const share = createHash2("sha256").update(path).digest().readUInt32BE(0) / 2 ** 32;
  return share < narSize / averageGroup;
}

// src/cache/oci/read-oci-entry.ts
var downloadsAtATime = 8;
async function readOciEntry(tag, reading) {
  const { client, directory, trustedKeys } = reading;
  const stored = await findManifest(client, tag);
  if (stored === void 0) return void 0;
  const artifact = withDamageReported(() => {
    const parsed = parseArtifact(stored.bytes, tag);
    if (trustedKeys.length > 0) requireSignature(parsed, trustedKeys);
    if (parsed.index.size > largestManifest) throw new Failure(`its list of paths has ${parsed.index.size} bytes`);
    return parsed;
  });
  const file = join4(directory, `index-${hexOf(artifact.index.digest)}`);
  await download(client, artifact.index, file);
  return withDamageReported(() => {
    const manifest = parseEntryManifest(readManifestFile(file).toString());
    const grouped = groupByName(manifest.paths);
    if (grouped.length !== artifact.groups.length) throw new Failure("it has other NARs than its manifest names");
    const groups = grouped.map((paths, i) => ({ paths, descriptor: artifact.groups[i] }));
    const fetch = createFetch(reading);
    const isWantedBy = (wanted) => (group) => group.paths.some(({ path }) => wanted.has(path));
    return { manifest, groups, fetchParts: (wanted) => fetch(groups.filter(isWantedBy(wanted))) };
  });
}
function createFetch({ client, directory }) {
  const pool = createPool(downloadsAtATime);
  const fetched = /* @__PURE__ */ new Map();
  const fetchGroup = async ({ paths, descriptor }) => {
    const file = join4(directory, `nars-${randomUUID2()}`);
    await download(client, descriptor, file);
    return findParts(file, [paths])[0];
  };
  return async (groups) => {
    const fresh = groups.filter((group) => !fetched.has(group));
    await requireSpace(
      fresh.reduce((sum, { descriptor }) => sum + descriptor.size, 0),
      directory
    );
    for (const group of fresh)
      fetched.set(
        group,
        pool(() => fetchGroup(group)).catch((error) => {
          fetched.delete(group);
          throw error;
        })
      );
    return settleAll(groups.map((group) => fetched.get(group)));
  };
}
async function download(client, descriptor, file) {
  try {
    await downloadBlob(client, descriptor, file);
  } catch (cause) {
    const isLost = cause instanceof RegistryError && cause.status === 404;
    throw isLost || cause instanceof WrongContent ? new DamagedEntry(messageOf(cause), { cause }) : cause;
  }
}

// src/cache/oci/save-oci-entry.ts
import { createHash as createHash3 } from "node:crypto";
import { rm as rm2 } from "node:fs/promises";
import { join as join5 } from "node:path";
var groupsAtATime = 5;
async function saveOciEntry(manifest, tag, saving) {
  try {
    return await save(manifest, tag, saving);
  } catch (error) {
    if (!isUnknownContent(error)) throw error;
    return save(manifest, tag, { ...saving, known: [], isEmpty: false });
  }
}
async function save(manifest, tag, saving) {
  const { client, directory, known, signingKey } = saving;
  const pool = createPool(groupsAtATime);
  let sent = 0;
  const send2 = async (blob) => {
    const uploaded = await uploadBlob(client, blob, saving.isEmpty ? "new" : void 0);
    if (uploaded === "uploaded") sent += blob.descriptor.size;
    return blob.descriptor;
  };
  const sendParts = async (parts, { mediaType, name }) => {
    const file = join5(directory, `${tag}-${name}`);
    try {
      return await send2(await writeBlob(parts, { mediaType, file }));
    } finally {
      await rm2(file, { force: true });
    }
  };
  const descriptors = new Map(known.map(({ paths, descriptor }) => [contentOf(paths), descriptor]));
  const sendGroup = async (paths, i) => descriptors.get(contentOf(paths)) ?? sendParts([writeNars(paths)], { mediaType: entryTypes.group, name: String(i) });
  const index = await sendParts([[writeManifest(manifest)]], { mediaType: entryTypes.index, name: "index" });
  const [groups] = await Promise.all([
    settleAll(groupByName(manifest.paths).map((paths, i) => pool(() => sendGroup(paths, i)))),
    send2(emptyConfig)
  ]);
  const unsigned = { tag, index, groups };
  const artifact = artifactBlob(signingKey === void 0 ? unsigned : signArtifact(unsigned, signingKey));
  await putManifest(client, artifact, tag);
  const size = [index, ...groups].reduce((sum, blob) => sum + blob.size, 0);
  return { size, sent: sent + artifact.descriptor.size };
}
function contentOf(paths) {
  return JSON.stringify(paths.map(({ path, narHash, narSize }) => [path, narHash, narSize]));
}
async function writeBlob(parts, { file, mediaType }) {
  const hash = createHash3("sha256");
  const size = await writeFrames(file, parts, (piece) => hash.update(piece));
  const descriptor = { mediaType, digest: digestOfHash(hash), size };
  return { descriptor, open: (options) => openFile(file, options) };
}

// src/cache/nar-hash.ts
var alphabet = "0123456789abcdfghijklmnpqrsvwxyz";
function withBase32(narHash) {
  const bytes = Buffer.from(narHash.slice("sha256:".length), "hex");
  const digits = Math.ceil(bytes.length * 8 / 5);
  let text = "";
  for (let i = digits - 1; i >= 0; i--) {
    const at = i * 5 >> 3;
    const both = (bytes[at] ?? 0) | (bytes[at + 1] ?? 0) << 8;
    text += alphabet[both >> (i * 5 & 7) & 31];
  }
  return `sha256:${text}`;
}

// src/cache/oci/sign-paths.ts
function withSignatures(manifest, earlier, signingKey) {
  const known = new Map(earlier?.paths.map((path) => [fingerprintOf(path), path.signatures ?? []]));
  const sign2 = (path) => {
    const fingerprint = fingerprintOf(path);
    const own = signingKey === void 0 ? [] : [signText(fingerprint, signingKey)];
    const signatures = /* @__PURE__ */ new Set([...path.signatures ?? [], ...known.get(fingerprint) ?? [], ...own]);
    return signatures.size === 0 ? path : { ...path, signatures: [...signatures].sort() };
  };
  return { ...manifest, paths: manifest.paths.map(sign2) };
}
function fingerprintOf({ path, narHash, narSize, references }) {
  return ["1", path, withBase32(narHash), narSize, [...references].sort().join(",")].join(";");
}

// src/cache/oci/open-oci-store.ts
function openOciStore(options) {
  const { directory, signingKey } = options;
  const open4 = (actions) => openClient(options.repository, { ...options.access, actions, mountSources: [] });
  const reading = once(() => open4("pull"));
  const listing = once(() => listEntries2(reading, options.access.log));
  const trustedKeys = trustedKeysOf(options.trustedKeys, signingKey);
  const openNewest = async (key, prefixes) => {
    const newest = findNewest(await listing(), key, prefixes);
    const entry = newest && await readOciEntry(newest.tag, { client: await reading(), directory, trustedKeys });
    return entry && { key: newest.key, entry };
  };
  return {
    async find(key, prefixes) {
      return findNewest(await listing(), key, prefixes)?.key;
    },
    open: openNewest,
    async save(manifest, key, base) {
      const { tag } = entryTagOf(key, options.now());
      const earlier = base === void 0 ? void 0 : await openNewest(base, []).catch(() => void 0);
      return saveOciEntry(withSignatures(manifest, earlier?.entry.manifest, signingKey), tag, {
        client: await open4("pull,push"),
        directory,
        signingKey,
        known: earlier?.entry.groups ?? [],
        isEmpty: (await listing()).length === 0
      });
    }
  };
}
function trustedKeysOf(given, signingKey) {
  return [...given, ...signingKey === void 0 ? [] : [publicKeyOf(signingKey)]];
}
async function listEntries2(reading, log) {
  try {
    return readEntryTags(await listTags(await reading()));
  } catch (error) {
    if (!isDenied(error)) throw error;
    log.notice(`The store cache counts as empty: ${messageOf(error)}`);
    return [];
  }
}
function readEntryTags({ tags }) {
  return tags.flatMap((tag) => parseEntryTag(tag) ?? []);
}
function once(body) {
  let result;
  return () => {
    result ??= body().catch((error) => {
      result = void 0;
      throw error;
    });
    return result;
  };
}

// src/stages/open/open-login.ts
function openLogin({ login }, { context, log }, described) {
  if (login === void 0) return {};
  if (login.password !== "") return { login: { ...login, hosts: inBackground(described.then(hostsOf)) } };
  if (!context.isRestricted) {
    throw new Failure("Cannot log in with username alone: password is empty. Give username and password.");
  }
  log.info(`Not logged in as ${login.username}: pull requests from forks and by Dependabot get no secrets.`);
  return {};
}
function hostsOf(described) {
  const repositories = described.flatMap(({ inputs, metadata }) => [
    ...metadata.references,
    ...inputs.tagging.references,
    ...(inputs.tagging.rules?.images ?? []).map(parseRepository)
  ]);
  return new Set(repositories.map(({ host }) => host));
}

// src/stages/build/open-entries.ts
function openEntries(inputs, runtime) {
  const { registry } = inputs.cache;
  if (registry !== void 0) {
    return openOciStore({
      signingKey: void 0,
      ...registry,
      access: openCacheAccess(inputs, runtime),
      directory: runtime.temporary,
      trustedKeys: inputs.nix.trustedPublicKeys,
      now: runtime.now
    });
  }
  const backend = openFiles(inputs.cache, runtime);
  return backend && openFileStore(backend, runtime.temporary);
}
function openFiles({ directory, registry, binaryCache }, { cache, resolve }) {
  if (registry !== void 0 || binaryCache !== void 0) return void 0;
  return directory === void 0 ? cache : openDirectoryBackend(resolve(directory));
}
function openCacheAccess(inputs, runtime) {
  const { insecureRegistries, githubToken } = inputs;
  const { env, log } = runtime;
  return {
    ...openLogin(inputs, runtime, Promise.resolve([{ inputs, metadata: { references: [] } }])),
    ...githubToken === void 0 ? {} : { githubToken },
    // Idle connections do not keep the process running.
    transport: openTransport({ insecureHosts: insecureRegistries, env }),
    insecureRegistries,
    env,
    log
  };
}

// src/cache/oci/old-entries.ts
function oldEntries(tags, keep2, now) {
  const { count = Number.POSITIVE_INFINITY, age = Number.POSITIVE_INFINITY } = keep2;
  const seen = /* @__PURE__ */ new Map();
  return tags.toSorted(newestFirst).filter(({ key, time }) => {
    const build = buildOf(key);
    const newer = seen.get(build) ?? 0;
    seen.set(build, newer + 1);
    return newer >= count || now - time > age;
  });
}
function buildOf(key) {
  return /^nix-image-\d+-.+?-[0-9a-f]{12}(?=-)/.exec(key)?.[0] ?? key;
}

// src/registry/delete/delete-manifest.ts
async function deleteManifest(client, name) {
  const request = { method: "DELETE", to: `manifests/${name}` };
  return client.retry(`Deleting ${name}`, async () => {
    const response = await client.request(request);
    if ([200, 202, 204].includes(response.status)) {
      await response.discard();
      return "deleted";
    }
    const refusal = await client.refusal(request, response);
    const { status, codes } = refusal;
    const said = [status, ...codes].join(" ");
    const isTag2 = !name.startsWith("sha256:");
    if (codes.includes("GOOGLE_MANIFEST_DANGLING_TAG")) return "tagged";
    if (codes.includes("GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE"))
      return { refused: `an index still lists it (${said})` };
    if (status === 404 && !await manifestExists(client, name)) return "gone";
    const isUnsupported = status === 404 || status === 405 || codes.includes("UNSUPPORTED") || isTag2 && codes.includes("DIGEST_INVALID");
    if (!isUnsupported) throw refusal;
    return { refused: `the registry ${isTag2 ? "cannot delete a single tag" : "does not support deletion"} (${said})` };
  });
}
async function manifestExists(client, name) {
  const response = await client.request({ method: "HEAD", to: `manifests/${name}`, headers: { accept } });
  await response.discard();
  return response.status === 200;
}

// src/registry/delete/reachable-manifests.ts
function createManifestReader(client) {
  const known = /* @__PURE__ */ new Map();
  return {
    links(digest) {
      const links = known.get(digest) ?? readLinks(client, digest);
      known.set(digest, links);
      return links;
    },
    referrers: async (digest) => (await listReferrers(client, digest)).map((referrer) => referrer.digest),
    resolve: (tag) => resolveTag(client, tag)
  };
}
async function findReachableManifests(tagsToDelete, tags, reader) {
  const held = /* @__PURE__ */ new Map();
  await walk([...tagsToDelete.values()], mostHeld, async (digest) => {
    const links = await reader.links(digest);
    const tagged = [...tags].flatMap(([tag, of]) => subjectOfTag(tag) === digest ? [of] : []);
    const referrers = [.../* @__PURE__ */ new Set([...await reader.referrers(digest), ...tagged])];
    held.set(digest, { ...links, referrers });
    return [...links.children, ...referrers];
  });
  return sortPointersFirst(held);
}
async function findManifestsInUse(now, { tagsToDelete, held }, reader) {
  const others = [...now].filter(([tag, digest]) => {
    const subject = subjectOfTag(tag);
    return tagsToDelete.get(tag) !== digest && (subject === void 0 || !held.has(subject));
  });
  const reached = await walk(
    others.map(([, digest]) => digest),
    mostReached,
    async (digest) => (await reader.links(digest)).children
  );
  for (const [tag, digest] of others) await expectThere(tag, digest, reader);
  const starts = [...held].filter(
    ([digest, { subject }]) => reached.has(digest) || subject !== void 0 && reached.has(subject)
  );
  return walk(
    starts.map(([digest]) => digest),
    mostHeld,
    async (digest) => {
      const { children = [], referrers = [] } = held.get(digest) ?? {};
      return [...children, ...referrers];
    }
  );
}
async function expectThere(tag, digest, reader) {
  if ((await reader.links(digest)).exists || await reader.resolve(tag) === void 0) return;
  throw new Failure(
    `Cannot clean up: the tag ${tag} names ${digest}, which the registry does not have, so the manifests that it uses are unknown. Delete that tag or push it again, then run the clean-up again.`
  );
}
var mostHeld = 5e3;
var mostReached = 2e5;
async function walk(starts, most, next) {
  const pool = createPool(readsAtATime);
  const seen = new Set(starts);
  let level = [...seen];
  while (level.length > 0) {
    const found = await settleAll(level.map((digest) => pool(() => next(digest))));
    level = [...new Set(found.flat())].filter((digest) => !seen.has(digest));
    for (const digest of level) seen.add(digest);
    if (seen.size > most) throw new Failure(`Cannot clean up: the tags use more than ${most} manifests.`);
  }
  return seen;
}
function sortPointersFirst(held) {
  const sorted = [];
  const seen = /* @__PURE__ */ new Set();
  const visit = (digest) => {
    const manifest = held.get(digest);
    if (manifest === void 0 || seen.has(digest)) return;
    seen.add(digest);
    for (const pointed of [...manifest.children, ...manifest.subject === void 0 ? [] : [manifest.subject]]) {
      visit(pointed);
    }
    sorted.push([digest, manifest]);
  };
  for (const digest of [...held.keys()].sort()) visit(digest);
  return new Map(sorted.reverse());
}

// src/registry/delete/delete-tags.ts
function registryTagStore(client) {
  return {
    async readTags() {
      const pool = createPool(readsAtATime);
      const { tags, gap } = await listTags(client);
      const found = await settleAll(tags.map((tag) => pool(async () => [tag, await resolveTag(client, tag)])));
      return { tags: new Map(found.flatMap(([tag, digest]) => digest === void 0 ? [] : [[tag, digest]])), gap };
    },
    deleteManifest: (digest) => deleteManifest(client, digest),
    async deleteTag(tag) {
      const deletion = await deleteManifest(client, tag);
      return deletion === "tagged" ? { refused: "the registry cannot delete a single tag" } : deletion;
    }
  };
}
async function deleteTags(names, options) {
  const { client, tagStore, log } = options;
  const now = await tagStore.readTags();
  if (now.gap !== void 0) {
    log.notice(
      `Deleting no manifest of ${formatRepository(client.repository)}: ${now.gap}, so tags that are not listed may still use it.`
    );
  }
  const tagsToDelete = await findTagsToDelete(names, now, options);
  const cleanUp = { ...options, tagsToDelete, tags: now.tags, deleted: [], kept: [] };
  if (await deleteHeld(cleanUp)) await deleteLeft(cleanUp);
  return { deleted: cleanUp.deleted, kept: cleanUp.kept };
}
async function deleteHeld(cleanUp) {
  const { client, tagsToDelete } = cleanUp;
  const reader = createManifestReader(client);
  const held = await findReachableManifests(tagsToDelete, cleanUp.tags, reader);
  for (const digest of held.keys()) {
    const { tags, gap } = await readAgain(cleanUp);
    const kept = gap === void 0 ? await findManifestsInUse(tags, { tagsToDelete, held }, reader) : held;
    const all = new Set([...held.keys()].filter((one) => !kept.has(one)));
    const name = `${formatRepository(client.repository)}@${digest}`;
    if (kept.has(digest)) keep(name, gap === void 0 ? "other tags use it" : unseenTags, cleanUp);
    else if (!await end(name, () => deleteWithTags(digest, { tags, all }, cleanUp), cleanUp)) return false;
  }
  return true;
}
var unseenTags = "tags that the registry does not list may use it";
async function deleteWithTags(digest, { tags, all }, cleanUp) {
  const deletion = await cleanUp.tagStore.deleteManifest(digest, all);
  if (deletion !== "tagged") return deletion;
  for (const [tag, of] of tags) if (of === digest) await deleteTag(tag, digest, cleanUp);
  const again = await cleanUp.tagStore.deleteManifest(digest, all);
  return again === "tagged" ? { refused: "a tag points to it again" } : again;
}
async function deleteLeft(cleanUp) {
  const { client, tagsToDelete, deleted } = cleanUp;
  for (const [tag, digest] of tagsToDelete) {
    if (!deleted.includes(formatReference({ ...client.repository, tag }))) await deleteTag(tag, digest, cleanUp);
  }
}
async function deleteTag(tag, digest, cleanUp) {
  const { client, tagStore, log } = cleanUp;
  const name = formatReference({ ...client.repository, tag });
  const { tags, gap } = await tagStore.readTags();
  const now = tags.get(tag) ?? (gap === void 0 ? void 0 : await resolveTag(client, tag));
  if (now !== void 0 && now !== digest) {
    log.notice(`${name} was moved to another image in the meantime, and is kept.`);
    cleanUp.kept.push({ name, reason: "it was moved to another image in the meantime" });
    return;
  }
  await end(name, async () => now === void 0 ? "deleted" : deleteAlone(tag, gap, tagStore), cleanUp);
}
async function deleteAlone(tag, gap, tagStore) {
  const deletion = await tagStore.deleteTag(tag);
  if (typeof deletion !== "object") return deletion;
  const why = gap === void 0 ? "other tags use its manifest" : "tags that are not listed may use its manifest";
  return { refused: `${why}, and ${deletion.refused}` };
}
async function readAgain({ tags, tagsToDelete, client, tagStore }) {
  const { tags: listed, gap } = await tagStore.readTags();
  const now = new Map(listed);
  for (const tag of tags.keys()) {
    const digest = now.has(tag) || tagsToDelete.has(tag) ? void 0 : await resolveTag(client, tag);
    if (digest !== void 0) now.set(tag, digest);
  }
  return { tags: now, gap };
}
async function findTagsToDelete(names, { tags, gap }, options) {
  const { client, log } = options;
  const tagsToDelete = /* @__PURE__ */ new Map();
  for (const tag of names) {
    const digest = tags.get(tag) ?? await findUnlisted(tag, { tags, gap }, client);
    const name = formatReference({ ...client.repository, tag });
    if (digest === void 0) log.info(`${name} does not exist`);
    else if (tags.has(tag) || gap !== void 0) tagsToDelete.set(tag, digest);
    else {
      throw new Failure(
        `Cannot delete ${name}: it exists, but is missing from the list of tags and versions. Check that the login may see and delete it; for ghcr.io the job needs "permissions: packages: write", and the repository needs the role Admin in the package settings.`
      );
    }
  }
  return tagsToDelete;
}
async function findUnlisted(tag, { tags, gap }, client) {
  try {
    return await resolveTag(client, tag);
  } catch (error) {
    if (isDenied(error) && gap === void 0 && tags.size > 0) return void 0;
    throw error;
  }
}
function keep(name, reason, { log, kept }) {
  log.info(`Keeping ${name}: ${reason}`);
  kept.push({ name, reason });
}
async function end(name, body, cleanUp) {
  const { dryRun, log, deleted, kept } = cleanUp;
  const deletion = dryRun ? "deleted" : await body();
  if (typeof deletion === "object") {
    log.notice(`Cannot delete ${name}: ${deletion.refused}.`);
    kept.push({ name, reason: deletion.refused });
    return false;
  }
  log.info(`${dryRun ? "Would delete" : deletion === "deleted" ? "Deleted" : "Already deleted:"} ${name}`);
  deleted.push(name);
  return true;
}

// src/github/github-api.ts
var GitHubError = class extends Failure {
  name = "GitHubError";
  status;
  /** Milliseconds after which another try may help; undefined if none will. */
  retryAfter;
  constructor(message, answer) {
    super(message);
    this.status = answer.status;
    this.retryAfter = answer.retryAfter;
  }
};
var largestAnswer = 16 << 20;
var usualWaits = { first: 500, longest: 6e4 };
function openGitHubApi(access4) {
  const { apiUrl } = access4;
  if (!/^https?:/.test(apiUrl) || !URL.canParse(apiUrl)) {
    throw new Failure(`Cannot use GITHUB_API_URL="${apiUrl}": it is not a URL. Set it to https://HOST/api/v3.`);
  }
  const urlOf = (path) => new URL(`${apiUrl.replace(/\/$/, "")}/${path.replace(/^\//, "")}`);
  return {
    get: async (path) => (await ask({ method: "GET", url: urlOf(path) }, access4)).value,
    request: async (method, path, body) => (await ask({ method, url: urlOf(path), body }, access4)).value,
    pages: (path) => readPages(urlOf(path), async (url) => {
      const { value, response } = await ask({ method: "GET", url }, access4);
      return { value, next: nextPageOf(response, resolveWithinApi) };
    })
  };
}
async function ask(question, access4) {
  const { log, waits = usualWaits } = access4;
  return retry(() => askOnce(question, access4), {
    waits,
    waitFor(error) {
      const wait = error instanceof GitHubError ? error.retryAfter : waitAfterLoss(error, question);
      return wait === void 0 || wait > waits.longest ? void 0 : wait;
    },
    onRetry: (error, wait) => log.info(`${messageOf(error)} Trying again in ${(wait / 1e3).toFixed(1)} s.`)
  });
}
function waitAfterLoss(error, { method }) {
  return error instanceof Failure && isBrokenConnection(error.cause) && method !== "POST" ? 0 : void 0;
}
async function askOnce(question, access4) {
  const response = await followRedirects(requestOf(question, access4), {
    send: (request) => send(request, access4),
    resolve: resolveWithinApi
  });
  if (response.status < 200 || response.status > 299) throw await readRefusal(question, response, access4);
  const bytes = await response.bytes(largestAnswer + 1);
  if (bytes.length > largestAnswer)
    throw new Failure(`${failed(question)}: the answer has more than ${largestAnswer} bytes.`);
  return { value: parseAnswer(bytes, question), response };
}
async function send(request, access4) {
  try {
    return await access4.send(request);
  } catch (cause) {
    const fault = connectionFaultOf(cause);
    const why = fault === void 0 ? sentence(messageOf(cause)) : `${fault.why}. ${fault.advice}`.trimEnd();
    throw new Failure(`${failed(request)}: ${why}`, { cause });
  }
}
function requestOf({ method, url, body }, { token }) {
  const headers = {
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
    ...token === void 0 ? {} : { authorization: `Bearer ${token}` }
  };
  if (body === void 0) return { method, url, headers };
  const bytes = Buffer.from(JSON.stringify(body));
  return {
    method,
    url,
    headers: { ...headers, "content-type": "application/json" },
    body: {
      size: bytes.length,
      async *open() {
        yield bytes;
      }
    }
  };
}
function resolveWithinApi(location, source) {
  const url = resolveLocation(location, source);
  const { origin, pathname } = source.url;
  if (url.origin === origin) return url;
  throw new Failure(`Cannot follow ${origin}${pathname} to ${url.origin}: it leads outside of GitHub's API.`);
}
function parseAnswer(bytes, question) {
  if (bytes.length === 0) return void 0;
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new Failure(`${failed(question)}: the answer is not JSON.`, { cause });
  }
}
function failed({ method, url }) {
  return `Cannot ${method} ${url.origin}${url.pathname}`;
}
var largestRefusal = 64 << 10;
async function readRefusal(question, response, { token }) {
  const { status } = response;
  const said = wordsOf(await response.bytes(largestRefusal).then(String, () => ""));
  const words = token === void 0 ? said : said.replaceAll(token, "***");
  const retryAfter = waitOf(response, words, question);
  const advice = retryAfter === void 0 ? adviceFor(response) : rateLimitAdvice(response, retryAfter);
  const answer = [`the answer was ${status}`, words].filter((part) => part !== "").join(" ");
  const message = `${failed(question)}: ${sentence(answer)}`;
  return new GitHubError(advice === "" ? message : `${message} ${advice}`, { status, retryAfter });
}
function wordsOf(body) {
  try {
    const answer = JSON.parse(body);
    if (!isObject(answer)) return "";
    const errors = Array.isArray(answer.errors) ? answer.errors : [];
    const details = errors.map((error) => isObject(error) ? error.message ?? error.code : error);
    const words = [answer.message, ...details].filter((word) => typeof word === "string");
    return oneLine(words.join("; "));
  } catch {
    return "";
  }
}
function waitOf(response, words, { method }) {
  const { status } = response;
  const isUsedUp = response.header("x-ratelimit-remaining") === "0";
  const asked = response.header("retry-after");
  const isLimit = status === 429 || status === 403 && (isUsedUp || asked !== void 0 || /rate limit/i.test(words));
  if (!isLimit) return status >= 500 && method !== "POST" ? secondsOf(asked) * 1e3 : void 0;
  if (asked !== void 0) return secondsOf(asked) * 1e3;
  if (!isUsedUp) return 6e4;
  const now = Date.parse(response.header("date") ?? "") / 1e3;
  const wait = secondsOf(response.header("x-ratelimit-reset")) - now;
  return Number.isNaN(wait) ? 6e4 : Math.max(0, wait * 1e3);
}
function secondsOf(header) {
  return /^\d+$/.test(header ?? "") ? Number(header) : 0;
}
function rateLimitAdvice({ status }, wait) {
  return status >= 500 ? "" : `The rate limit ends in ${Math.ceil(wait / 1e3)} s.`;
}
function adviceFor(response) {
  if (response.status === 401) return "Check github-token.";
  const permissions = response.header("x-accepted-github-permissions") ?? "";
  if (response.status !== 403 || permissions === "") return "";
  return `The token needs ${oneLine(permissions, 200).replaceAll("=", ": ")}; add it to "permissions" of the job.`;
}

// src/github/container-package.ts
var pageSize2 = 100;
async function openContainerPackage(api, path) {
  const [owner = "", ...name] = path.split("/");
  const accounts = await isOrganization(api, owner) ? "orgs" : "users";
  const base = `${accounts}/${encodeURIComponent(owner)}/packages/container/${encodeURIComponent(name.join("/"))}`;
  const listVersions = async () => {
    const list = `${base}/versions?per_page=${pageSize2}&state=active`;
    const pages = [];
    try {
      for await (const page of api.pages(list)) pages.push(parseVersions(page, path));
    } catch (error) {
      if (error instanceof GitHubError && error.status === 404 && pages.length === 0) return [];
      throw error;
    }
    const isFull = pages.at(-1)?.length === pageSize2;
    if (isFull && parseVersions(await api.get(`${list}&page=${pages.length + 1}`), path).length > 0) {
      throw new Failure(
        `Cannot read the versions of the package ${path}: GitHub's list is incomplete. Run the job again.`
      );
    }
    return pages.flat();
  };
  return {
    async readTags() {
      const named = (await listVersions()).flatMap(({ digest, tags }) => tags.map((tag) => [tag, digest]));
      return { tags: new Map(named) };
    },
    async deleteManifest(digest, all) {
      const versions = await listVersions();
      const version = versions.find((one) => one.digest === digest);
      if (version === void 0) return "gone";
      const others = versions.filter((one) => one !== version);
      const isLast = others.length === 0 || version.tags.length > 0 && others.every(({ tags }) => tags.length === 0);
      if (!isLast) return remove(api, `${base}/versions/${version.id}`);
      if (others.every((one) => all.has(one.digest))) return remove(api, base);
      const left = `${others.length} untagged ${others.length === 1 ? "version is" : "versions are"} left`;
      return { refused: `GitHub does not delete the last tagged version of a package, and ${left}` };
    },
    deleteTag: async () => ({
      refused: "GitHub can only delete a manifest together with all its tags"
    })
  };
}
async function isOrganization(api, owner) {
  const account = await api.get(`users/${encodeURIComponent(owner)}`);
  return isObject(account) && account.type === "Organization";
}
async function remove(api, path) {
  try {
    await api.request("DELETE", path);
    return "deleted";
  } catch (error) {
    if (error instanceof GitHubError && error.status === 404) return "gone";
    throw error;
  }
}
function parseVersions(page, path) {
  if (Array.isArray(page)) return page.map((item) => parseVersion(item, path));
  throw new Failure(`Cannot read the versions of the package ${path}: GitHub's answer is not a list.`);
}
function parseVersion(item, path) {
  const { id, name, metadata } = isObject(item) ? item : {};
  const container = isObject(metadata) && isObject(metadata.container) ? metadata.container : {};
  const { tags = [] } = container;
  const isList = Array.isArray(tags) && tags.every((tag) => typeof tag === "string");
  if (typeof id === "number" && typeof name === "string" && isDigest(name) && isList) return { id, digest: name, tags };
  throw new Failure(
    `Cannot read the versions of the package ${path}: GitHub's list has a version that is not an image.`
  );
}

// src/stages/open/open-tag-store.ts
async function openTagStore({ host, path }, { runtime, access: access4 }) {
  const isGitHub = isGitHubRegistry(host, runtime);
  const actions = isGitHub ? "pull" : "pull,delete";
  const client = await openClient({ host, path }, { ...access4, actions, mountSources: [] });
  const tagStore = isGitHub ? await openGitHubTagStore(client, { runtime, access: access4 }) : registryTagStore(client);
  return { client, tagStore };
}
function isGitHubRegistry(registry, { context }) {
  const { repositoryUrl } = context;
  const isServers = repositoryUrl !== void 0 && registry === `containers.${new URL(repositoryUrl).host}`;
  return registry === "ghcr.io" || isServers;
}
async function openGitHubTagStore({ repository }, { runtime, access: access4 }) {
  const { githubToken: token } = access4;
  if (token === void 0) {
    throw new Failure(
      `Cannot clean up ${formatRepository(repository)}: deleting package versions through GitHub's API needs github-token. Set it.`
    );
  }
  const { apiUrl = "https://api.github.com" } = runtime.context;
  const api = openGitHubApi({ apiUrl, token, send: access4.transport.send, log: runtime.log });
  return openContainerPackage(api, repository.path);
}

// src/stages/build/delete-old-entries.ts
async function deleteOldEntries(repository, keep2, { runtime, access: access4, dryRun }) {
  const { client, tagStore } = await openTagStore(repository, { runtime, access: access4 });
  const tags = oldEntries(readEntryTags(await listTags(client)), keep2, runtime.now()).map(({ tag }) => tag);
  const old = await onlyEntries(tags, client);
  if (old.length === 0) return { deleted: [], kept: [] };
  return deleteTags(old, { client, tagStore, dryRun, log: runtime.log });
}
async function onlyEntries(tags, client) {
  const pool = createPool(readsAtATime);
  const isEntry = async (tag) => {
    const stored = await findManifest(client, tag);
    return stored !== void 0 && isArtifact(stored.bytes);
  };
  const found = await settleAll(tags.map((tag) => pool(async () => await isEntry(tag) ? [tag] : [])));
  return found.flat();
}

// src/nix/system.ts
var processors = [
  { nix: "x86_64", go: "amd64", node: "x64" },
  { nix: "aarch64", go: "arm64", node: "arm64" },
  { nix: "i686", go: "386", node: "ia32" },
  { nix: "armv7l", go: "arm", node: "arm" },
  { nix: "armv6l", go: "arm" },
  { nix: "riscv64", go: "riscv64", node: "riscv64" },
  { nix: "powerpc64le", go: "ppc64le", node: "ppc64" },
  { nix: "s390x", go: "s390x", node: "s390x" }
];
var installableSystems = ["x86_64-linux", "aarch64-linux"];
function systemOf(platform, arch) {
  return `${processors.find(({ node }) => node === arch)?.nix ?? arch}-${platform}`;
}
var nixSystem = systemOf(process.platform, process.arch);
function imageArchitecture(system) {
  const [name = "", kernel] = system.split("-");
  const processor = processors.find(({ nix }) => nix === name);
  if (processor !== void 0 && kernel === "linux") return processor.go;
  throw new Failure(
    `Cannot make an image of a package for ${system}: containers run Linux. Build it for a Linux system, such as x86_64-linux.`
  );
}
var hostArchitecture = processors.find(({ node }) => node === process.arch)?.go ?? process.arch;
function installableSystem(platform, arch) {
  const system = systemOf(platform, arch);
  if (installableSystems.includes(system)) return system;
  throw new Failure(`Cannot install Nix on ${platform} (${arch}). ${adviceFor2(platform)}`);
}
function adviceFor2(platform) {
  if (platform === "win32") return "Nix does not run on Windows: use a Linux runner, or run the command in WSL.";
  if (platform === "darwin") {
    return "On macOS, install Nix before this step and set builders that build for Linux. Or use a Linux runner.";
  }
  return "This action installs Nix on Linux on x86_64 and aarch64 only. Install Nix 2.8 or newer before this step.";
}

// src/nix/toolchain.ts
import { readlink as readlink2 } from "node:fs/promises";
import { homedir as homedir2 } from "node:os";
import { dirname as dirname3, join as join10 } from "node:path";

// src/nix/install.ts
import { createReadStream as createReadStream2 } from "node:fs";
import { open as open3 } from "node:fs/promises";
import { join as join9 } from "node:path";

// src/nix/adopt.ts
import { randomUUID as randomUUID4 } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, lstat as lstat3, mkdir as mkdir3, readdir as readdir4, rename as rename3, symlink } from "node:fs/promises";
import { dirname as dirname2, join as join8 } from "node:path";

// src/nix/nix-directory.ts
import { access as access2, constants as constants2, lstat as lstat2, readdir as readdir2, readlink } from "node:fs/promises";

// src/nix/as-root.ts
async function canBeRoot(runtime) {
  if (process.getuid?.() === 0) return true;
  const sudo = findProgram("sudo", runtime.env);
  return sudo !== void 0 && (await runtime.exec(sudo, ["-n", "true"], { env: runtime.env })).code === 0;
}
async function runAsRoot(command, runtime) {
  const [program = "", ...args] = process.getuid?.() === 0 ? command : ["sudo", "-n", ...command];
  const { code, stderr } = await runtime.exec(program, args, { env: runtime.env });
  if (code === 0) return;
  throw new Failure(`Cannot run "${command.join(" ")}" as root: ${stderr.trim()} (exit code ${code}).`);
}

// src/nix/path-exists.ts
import { access } from "node:fs/promises";
async function pathExists(path) {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

// src/nix/nix-directory.ts
var nixDirectory = "/nix";
var stateDirectory = "/nix/var/nix";
async function prepareNixDirectory(runtime) {
  const owner = `${process.getuid?.()}:${process.getgid?.()}`;
  for (const path of [nixDirectory, storeDirectory]) await requireDirectory(path);
  if (!await pathExists(nixDirectory)) return createNixDirectory(owner, runtime);
  const refused = await findUnwritable();
  if (refused === void 0) return;
  if (refused.isEmpty && await canBeRoot(runtime)) return runAsRoot(["chown", owner, nixDirectory], runtime);
  const advice = hasCode(refused.cause, "EROFS") ? `${refused.path} is on a read-only file system. Before this step, mount a writable one at /nix, or put a working Nix on PATH` : `${refused.path} exists but is not writable. Before this step, run as root: chown -R ${owner} /nix`;
  throw new Failure(`Cannot install Nix: ${advice}`, { cause: refused.cause });
}
async function requireDirectory(path) {
  const stats = await lstat2(path).catch(() => void 0);
  if (stats === void 0 || stats.isDirectory()) return;
  if (!stats.isSymbolicLink()) throw new Failure(`Cannot install Nix: ${path} is not a directory. Remove it.`);
  const target = await readlink(path);
  throw new Failure(
    `Cannot install Nix: ${path} is a symlink to ${target}, and Nix does not allow symlinks in the path of its store. Before this step, run as root: rm ${path} && mkdir ${path} && mount --bind ${target} ${path}`
  );
}
async function createNixDirectory(owner, runtime) {
  if (!await canBeRoot(runtime)) {
    throw new Failure(
      `Cannot create /nix: this user is not root and has no passwordless sudo. Before this step, run as root: mkdir /nix && chown ${owner} /nix`
    );
  }
  try {
    await runAsRoot(["mkdir", "-p", nixDirectory], runtime);
    await runAsRoot(["chown", owner, nixDirectory], runtime);
  } catch (cause) {
    throw new Failure(
      `Cannot create /nix: ${messageOf(cause)} If / is read-only, mount a writable file system at /nix before this step (in a container: a volume)`,
      { cause }
    );
  }
}
var isOfFileSystem = (name) => name === "lost+found";
async function findUnwritable() {
  for (const path of [nixDirectory, storeDirectory, "/nix/var", stateDirectory]) {
    const cause = await findRefusal(path);
    if (cause === void 0) continue;
    const mayBeEmpty = hasCode(cause, "EACCES") && path === nixDirectory;
    return { path, cause, isEmpty: mayBeEmpty && (await readdir2(path)).every(isOfFileSystem) };
  }
  return void 0;
}
async function findRefusal(path) {
  try {
    await access2(path, constants2.W_OK);
    return void 0;
  } catch (error) {
    return hasCode(error, "ENOENT") ? void 0 : error;
  }
}

// late:semver
var semver_default = new Proxy({}, { get: (_, key) => __require("./semver.cjs")[key] });

// src/nix/nix-version.ts
function parseNixVersion(output) {
  return /^nix \(.+\) (\d+\.\d\S*)$/m.exec(output)?.[1];
}
function compareVersions(a, b) {
  return semver_default.compare(coerced(a), coerced(b));
}
function coerced(version) {
  return semver_default.coerce(version) ?? new semver_default.SemVer("0.0.0");
}
async function readNixVersion(program, { exec, env }) {
  const { code, stdout, stderr } = await exec(program, ["--version"], { env });
  const version = code === 0 ? parseNixVersion(stdout) : void 0;
  if (version !== void 0) return version;
  throw new Failure(
    `Cannot use ${program}: its --version printed "${(stdout + stderr).trim().slice(0, 500)}" (exit code ${code}). Reinstall that Nix or remove it from PATH.`
  );
}

// src/nix/settings.ts
import { randomUUID as randomUUID3 } from "node:crypto";
import { mkdir as mkdir2, rename as rename2, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join as join6 } from "node:path";

// src/nix/sandbox.ts
var namespaces = ["--user", "--map-root-user", "--mount", "--pid", "--fork", "--mount-proc"];
async function openSandbox(runtime) {
  const unshare = findProgram("unshare", runtime.env);
  if (unshare === void 0) return void 0;
  const isAllowed = async () => (await runtime.exec(unshare, [...namespaces, "true"], { env: runtime.env })).code === 0;
  if (await isAllowed()) return true;
  if (!runtime.isDisposable || !await canBeRoot(runtime)) return false;
  try {
    await runAsRoot(["sysctl", "-w", "kernel.apparmor_restrict_unprivileged_userns=0"], runtime);
  } catch {
    return false;
  }
  return isAllowed();
}

// src/nix/settings.ts
var ownDirectory = "/nix/var/nix-image-action";
var ownRoot = "/nix/var/nix/gcroots/nix-image-action";
var ownProgram = join6(ownRoot, "bin/nix");
var packagedProgram = "/usr/bin/nix";
var ownCertificates = "/nix/var/nix/gcroots/nix-image-action-certificates";
var ownSettings = join6(ownDirectory, "nix.conf");
function withNixConfig(env, settings) {
  const { githubToken, githubHost = "github.com" } = settings;
  const lines = [
    ...env.NIX_CONFIG ? [env.NIX_CONFIG] : [],
    // With "extra-", a token for this host in the user's own settings has priority.
    ...githubToken === void 0 ? [] : [`extra-access-tokens = ${githubHost}=${githubToken}`],
    ...linesOf(settings)
  ];
  return lines.length === 0 ? env : { ...env, NIX_CONFIG: lines.join("\n") };
}
function linesOf({ substituters = [], trustedPublicKeys = [], builders = [], nixConf }) {
  return [
    ...substituters.length === 0 ? [] : [`extra-substituters = ${substituters.join(" ")}`],
    ...trustedPublicKeys.length === 0 ? [] : [`extra-trusted-public-keys = ${trustedPublicKeys.join(" ")}`],
    ...builders.length === 0 ? [] : [`builders = ${builders.join(" ; ")}`],
    ...nixConf
  ];
}
async function isOwnInstallation(program) {
  return [ownProgram, packagedProgram].includes(program) && await pathExists(ownSettings);
}
async function exportInstallation(program, settings, runtime) {
  const lines = ["build-users-group =", ...await sandboxLines(settings, runtime), ...linesOf(settings), ""];
  await replaceFile(ownSettings, lines.join("\n"));
  const files = userSettings(runtime.env).filter((file) => file !== ownSettings);
  runtime.exportVariable("NIX_USER_CONF_FILES", [ownSettings, ...files].join(":"));
  const bundle = join6(ownCertificates, "etc/ssl/certs/ca-bundle.crt");
  if (!runtime.env.NIX_SSL_CERT_FILE && !await pathExists("/etc/ssl/certs/ca-certificates.crt") && await pathExists(bundle)) {
    runtime.exportVariable("NIX_SSL_CERT_FILE", bundle);
  }
  if (program === ownProgram && findProgram("nix", runtime.env) !== ownProgram) runtime.addPath(dirname(ownProgram));
}
async function sandboxLines({ nixConf }, runtime) {
  if (nixConf.some((line) => /^sandbox\s*=/.test(line))) return [];
  const isAllowed = await openSandbox(runtime);
  if (isAllowed === void 0) return [];
  if (!isAllowed) {
    runtime.log.notice(
      "Builds run without a sandbox: the kernel does not allow this user to create namespaces. They can read the files of this machine and use its network; see docs/toolchain.md."
    );
  }
  return [`sandbox = ${isAllowed}`];
}
function userSettings(env) {
  if (env.NIX_USER_CONF_FILES) return env.NIX_USER_CONF_FILES.split(":");
  const home = env.XDG_CONFIG_HOME || join6(env.HOME || homedir(), ".config");
  return [home, ...(env.XDG_CONFIG_DIRS || "/etc/xdg").split(":")].map((directory) => join6(directory, "nix/nix.conf"));
}
async function replaceFile(path, text) {
  await mkdir2(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID3()}`;
  await writeFile(temporary, text, { mode: 384 });
  await rename2(temporary, path);
}

// src/nix/unpack-directory.ts
import { mkdtemp as mkdtemp2, readdir as readdir3, rm as rm3, stat } from "node:fs/promises";
import { join as join7 } from "node:path";
var prefix = ".nix-image-action-";
var staleAge2 = 24 * 60 * 60 * 1e3;
function makeUnpackDirectory() {
  return mkdtemp2(join7(nixDirectory, prefix));
}
async function removeUnpacked(directory, runtime) {
  await runtime.exec("chmod", ["-R", "u+w", directory], { env: runtime.env });
  await rm3(directory, { recursive: true, force: true });
}
async function removeStale2(runtime) {
  try {
    for (const name of await readdir3(nixDirectory)) {
      const path = join7(nixDirectory, name);
      if (!name.startsWith(prefix) || runtime.now() - (await stat(path)).mtimeMs < staleAge2) continue;
      await removeUnpacked(path, runtime);
      runtime.log.info(`Removed ${path}, left behind by an interrupted run`);
    }
  } catch (error) {
    runtime.log.debug(`Cannot remove stale directories in ${nixDirectory}: ${messageOf(error)}`);
  }
}

// src/nix/adopt.ts
async function adoptRelease(directory, release, runtime) {
  const store = join8(directory, "store");
  const names = (await readdir4(store)).sort();
  const candidates = names.filter((name) => name.endsWith(`-nix-${release.version}`));
  if (candidates.length === 0) throw withoutNix(release);
  await makeReadOnly2(
    names.map((name) => join8(store, name)),
    runtime
  );
  await mkdir3(storeDirectory, { recursive: true });
  await mkdir3(stateDirectory, { recursive: true });
  const moved = [];
  let nix;
  try {
    for (const name of names) {
      const to = join8(storeDirectory, name);
      if (await moveStorePath(join8(store, name), to)) moved.push(to);
    }
    nix = await findNixPath(candidates);
    if (nix === void 0) throw withoutNix(release);
    await requireVersion(nix, release, runtime);
    await register(nix, join8(directory, ".reginfo"), runtime);
  } catch (error) {
    for (const path of moved) await removeUnpacked(path, runtime);
    throw error;
  }
  await linkCertificates(names);
  await replaceLink(nix, ownRoot);
}
async function makeReadOnly2(paths, runtime) {
  const { code, stderr } = await runtime.exec("chmod", ["-R", "a-w", ...paths], { env: runtime.env });
  if (code !== 0) throw new Failure(`Cannot install Nix: chmod failed: ${stderr.trim()} (exit code ${code}).`);
}
async function moveStorePath(from, to) {
  const isDirectory = (await lstat3(from)).isDirectory();
  if (isDirectory) await chmod(from, 493);
  try {
    await rename3(from, to);
  } catch (error) {
    if (hasCode(error, "ENOTEMPTY", "EEXIST")) return false;
    throw error;
  }
  if (isDirectory) await chmod(to, 365);
  return true;
}
async function findNixPath(names) {
  for (const name of names) {
    const path = join8(storeDirectory, name);
    if (isExecutable(join8(path, "bin/nix"))) return path;
  }
  return void 0;
}
function withoutNix({ version, url }) {
  return new Failure(`Cannot install Nix ${version}: ${url} contains no store path with bin/nix.`);
}
async function requireVersion(nix, { version }, runtime) {
  const found = await readNixVersion(join8(nix, "bin/nix"), runtime);
  if (found !== version) throw new Failure(`Cannot install Nix ${version}: ${nix} reports that it is Nix ${found}.`);
}
async function register(nix, registration, runtime) {
  const program = join8(nix, "bin/nix-store");
  const { code, stderr } = await runProgram(program, ["--load-db"], {
    env: runtime.env,
    input: createReadStream(registration)
  });
  if (code !== 0) throw new Failure(`Cannot register Nix in ${storeDirectory}: ${stderr.trim()} (exit code ${code}).`);
}
async function linkCertificates(names) {
  for (const name of names) {
    const path = join8(storeDirectory, name);
    if (await pathExists(join8(path, "etc/ssl/certs/ca-bundle.crt"))) return replaceLink(path, ownCertificates);
  }
}
async function replaceLink(target, link) {
  await mkdir3(dirname2(link), { recursive: true });
  const temporary = `${link}.${randomUUID4()}`;
  await symlink(target, temporary);
  await rename3(temporary, link);
}

// src/nix/download.ts
var timeouts = { answer: 3e4, body: 3e4 };
var HttpError = class extends Error {
  name = "HttpError";
  status;
  constructor(status) {
    super(`the server answered HTTP ${status}`);
    this.status = status;
  }
};
async function* download2(url, { env, firstAnswer, ...options }) {
  const transport = openTransport({
    ...{ insecureHosts: [], env },
    timeouts: { ...timeouts, answer: firstAnswer ?? timeouts.answer }
  });
  let received = 0;
  let chunks;
  const next = async () => {
    try {
      chunks ??= await openFrom(url, received, transport);
      return await chunks.next();
    } catch (error) {
      chunks = void 0;
      throw firstAnswer !== void 0 && received === 0 && hasCode(error, "ERR_TIMEOUT") ? withoutAnswer(error) : error;
    }
  };
  const waitFor = (error) => mayPass(error) && (received > 0 || !isUnreachable(error)) ? 0 : void 0;
  try {
    for (; ; ) {
      const { done, value } = await retry(next, { waitFor, ...options });
      if (done) return;
      received += value.length;
      yield value;
    }
  } finally {
    await transport.close();
  }
}
var unreachable = ["ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT"];
function isUnreachable(error) {
  return hasCode(error, ...unreachable, proxyRefused);
}
function withoutAnswer(cause) {
  return Object.assign(new Error(messageOf(cause), { cause }), { code: "ETIMEDOUT" });
}
function mayPass(error) {
  if (error instanceof HttpError) return error.status >= 500 || [408, 429].includes(error.status);
  return isBrokenConnection(error);
}
async function openFrom(url, start, transport) {
  const headers = start === 0 ? {} : { range: `bytes=${start}-` };
  const first = new URL(url);
  const authorization = basicLogin(first);
  const send2 = (request) => authorization === void 0 || request.url.origin !== first.origin ? transport.send(request) : transport.send({ ...request, headers: { ...request.headers, authorization } });
  const redirects = { send: send2, resolve: resolveLocation };
  const response = await followRedirects({ method: "GET", url: first, headers }, redirects);
  const { status, body } = response;
  if (status === 206 && response.header("content-range")?.startsWith(`bytes ${start}-`)) {
    return body[Symbol.asyncIterator]();
  }
  if (status === 200) return withoutStart(body, start);
  await response.discard();
  throw new HttpError(status);
}
async function* withoutStart(chunks, size) {
  let left = size;
  for await (const chunk of chunks) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

// src/nix/releases.json
var releases_default = {
  "2.35.1": {
    "x86_64-linux": "c3fe29778acaa93b5095ee66e36f11ec7c6a284c40970a24cc83ac4f04809db3",
    "aarch64-linux": "79b739996f1751573b4d2b56e4ae607855184c711f2cc1274fa0952a13d4bfc9"
  },
  "2.34.7": {
    "x86_64-linux": "eafe5042404e818505e28c5ca3d0885f3ec45c31f955489a25bb38258f87560e",
    "aarch64-linux": "f1cee64ae7a02330c6421924c28f597c41813f2214ff108622087d8056378b08"
  },
  "2.28.3": {
    "x86_64-linux": "85d1847d06d5d56167796d3f61cd992908de84584db3e700da031a782b59ea22",
    "aarch64-linux": "3dffb118772382e35526806fb97acc05df7ad6dc29dbe52b921b77e52e39f571"
  }
};

// src/nix/release.ts
var checksums = releases_default;
function chooseRelease(inputs, system) {
  const version = inputs.nixVersion ?? newestVersion();
  if (!/^\d+\.\d[0-9A-Za-z.]*$/.test(version)) {
    throw new Failure(`Cannot install Nix "${version}": nix-version has to be a version such as ${newestVersion()}.`);
  }
  const base = parseBase(inputs.nixUrl ?? "https://releases.nixos.org/nix");
  return {
    version,
    url: `${base}/nix-${version}/nix-${version}-${system}.tar.xz`,
    sha256: chooseChecksum(inputs.nixSha256, version, system)
  };
}
function releaseName({ version, sha256 }) {
  return `nix${version}-${sha256.slice(0, 8)}`;
}
function newestVersion() {
  return Object.keys(checksums).reduce((newest, version) => compareVersions(newest, version) < 0 ? version : newest);
}
function parseBase(url) {
  const protocol = URL.canParse(url) ? new URL(url).protocol : "";
  if (protocol === "https:" || protocol === "http:") return url.replace(/\/+$/, "");
  throw new Failure(`Cannot install Nix from "${withoutLogins(url)}": nix-url has to be an http or https URL.`);
}
function chooseChecksum(expected, version, system) {
  if (expected !== void 0 && !/^[0-9a-fA-F]{64}$/.test(expected)) {
    throw new Failure(`Cannot check Nix ${version} against "${expected}": nix-sha256 has to be 64 hexadecimal digits.`);
  }
  const sha256 = expected ?? checksums[version]?.[system];
  if (sha256 !== void 0) return sha256.toLowerCase();
  throw new Failure(
    `Cannot install Nix ${version} for ${system}: this action does not know its checksum. Set nix-sha256 to the SHA-256 of nix-${version}-${system}.tar.xz, or nix-version to one of ${Object.keys(checksums).join(", ")}.`
  );
}

// src/nix/unpack.ts
import { createHash as createHash4 } from "node:crypto";
async function unpackRelease(source, release, runtime) {
  const directory = await makeUnpackDirectory();
  const archive = readHashed(source);
  try {
    const problem = await extract(archive.chunks(), { directory, release, runtime });
    if (problem === void 0) for await (const _ of archive.chunks()) ;
    checkArchive(archive.digest(), problem, release);
    return directory;
  } catch (error) {
    await removeUnpacked(directory, runtime);
    throw error;
  } finally {
    await archive.close();
  }
}
function readHashed(source) {
  const iterator = source[Symbol.asyncIterator]();
  const hash = createHash4("sha256");
  let isWhole = false;
  let broken;
  async function next() {
    try {
      return await iterator.next();
    } catch (error) {
      broken = { error };
      throw error;
    }
  }
  return {
    /** Reads the rest. A reader may stop early, as tar does at the end of the archive. */
    async *chunks() {
      for (; ; ) {
        const { done, value } = await next();
        if (done) {
          isWhole = true;
          return;
        }
        hash.update(value);
        yield value;
      }
    },
    /** In hexadecimal; undefined if the source was not read to its end. Throws the error that ended the source. */
    digest() {
      if (broken !== void 0) throw broken.error;
      return isWhole ? hash.digest("hex") : void 0;
    },
    close: () => iterator.return?.()
  };
}
async function extract(chunks, { directory, release, runtime }) {
  const hasXz = findProgram("xz", runtime.env) !== void 0;
  const input = hasXz ? chunks : decompress(chunks, "xz", release.url);
  const args = [hasXz ? "-xJ" : "-x", "-f", "-", "-C", directory, "--strip-components=1", "--no-same-owner"];
  try {
    const { code, stderr } = await runProgram("tar", args, { env: runtime.env, input });
    return code === 0 ? void 0 : new Failure(`tar said: ${stderr.trim()} (exit code ${code})`);
  } catch (error) {
    return error;
  }
}
function checkArchive(sha256, problem, { version, url, ...release }) {
  if (sha256 !== void 0 && sha256 !== release.sha256) {
    throw new Failure(
      `Cannot install Nix ${version}: ${url} has the SHA-256 ${sha256}, expected ${release.sha256}. Check nix-sha256 and nix-url.`
    );
  }
  if (problem === void 0) return;
  throw new Failure(`Cannot unpack Nix ${version} from ${url}: ${messageOf(problem)}. Check nix-url.`, {
    cause: problem
  });
}

// src/nix/install.ts
var toolName = "nix-release";
var longestSilence = 1e4;
async function installNix(inputs, runtime, restore) {
  const release = chooseRelease(inputs, installableSystem(process.platform, process.arch));
  await prepareNixDirectory(runtime);
  return await restore?.(release) ? ownProgram : installRelease(release, inputs, runtime);
}
async function installRelease(release, inputs, runtime) {
  if (findProgram("tar", runtime.env) === void 0) {
    throw new Failure("Cannot unpack Nix: there is no tar on PATH. Install the package tar before this step.");
  }
  const asked = inputs.nixVersion !== void 0 || inputs.nixUrl !== void 0;
  const canFallBack = !asked && await hasDebianPackages(runtime);
  let unpacked;
  try {
    unpacked = await unpackKept(release, runtime) ?? await unpackDownload(release, canFallBack, runtime);
  } catch (error) {
    if (canFallBack && isUnreachable(error)) {
      return installFromDebian(`${release.url} cannot be reached (${messageOf(error)})`, runtime);
    }
    if (error instanceof Failure) throw error;
    throw new Failure(
      `Cannot download Nix ${release.version} from ${release.url}: ${messageOf(error)}. Check nix-version, set nix-url to a mirror that this machine can reach, or install Nix before this step.`,
      { cause: error }
    );
  }
  try {
    await adoptRelease(unpacked, release, runtime);
  } finally {
    await removeUnpacked(unpacked, runtime);
  }
  return ownProgram;
}
async function installUnpacked(unpack, release, runtime) {
  const directory = await makeUnpackDirectory();
  try {
    const holdsNix = await unpack(directory);
    if (holdsNix) await adoptRelease(directory, release, runtime);
    return holdsNix;
  } finally {
    await removeUnpacked(directory, runtime);
  }
}
async function unpackKept(release, runtime) {
  const file = await runtime.tools?.find(toolName, release.version);
  if (file === void 0) return void 0;
  try {
    const unpacked = await unpackRelease(createReadStream2(file), { ...release, url: file }, runtime);
    runtime.log.info(`Nix ${release.version} unpacked from the tool cache, ${file}`);
    return unpacked;
  } catch (error) {
    runtime.log.warning(`Cannot use the tool cache: ${messageOf(error)}`);
    return void 0;
  }
}
async function unpackDownload(release, canFallBack, runtime) {
  const { url, version } = release;
  const otherwise = `; if it does not answer within ${longestSilence / 1e3} s, the package nix-bin is installed instead`;
  runtime.log.info(`Downloading Nix ${version} from ${url}${canFallBack ? otherwise : ""}`);
  const onRetry = (error, wait) => runtime.log.info(`The download was interrupted (${messageOf(error)}) and resumes in ${wait} ms`);
  const chunks = download2(url, { env: runtime.env, onRetry, ...canFallBack ? { firstAnswer: longestSilence } : {} });
  const { tools } = runtime;
  if (tools === void 0) return unpackRelease(chunks, release, runtime);
  const file = join9(runtime.temporary, "nix-release.tar.xz");
  const unpacked = await unpackRelease(writeToo(chunks, file), release, runtime);
  try {
    await tools.keep(file, toolName, version);
  } catch (error) {
    runtime.log.warning(`Cannot keep Nix ${version} in the tool cache: ${messageOf(error)}`);
  }
  return unpacked;
}
async function* writeToo(chunks, file) {
  const handle = await open3(file, "w");
  try {
    for await (const chunk of chunks) {
      await handle.writeFile(chunk);
      yield chunk;
    }
  } finally {
    await handle.close();
  }
}
async function hasDebianPackages(runtime) {
  return findProgram("apt-get", runtime.env) !== void 0 && await canBeRoot(runtime);
}
function debianPackages() {
  return process.getuid?.() === 0 ? ["nix-bin", "nix-setup-systemd"] : ["nix-bin"];
}
async function installFromDebian(reason, runtime) {
  const apt = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"];
  await runAsRoot([...apt, "update"], runtime);
  await runAsRoot([...apt, "install", "-y", "--no-install-recommends", ...debianPackages()], runtime);
  const version = await readNixVersion(packagedProgram, runtime);
  runtime.log.warning(`${reason}: installed Nix ${version} from the package nix-bin instead.`);
  return packagedProgram;
}

// src/nix/kvm.ts
import { access as access3, constants as constants3 } from "node:fs/promises";
var device = "/dev/kvm";
async function openKvm(runtime) {
  try {
    await access3(device, constants3.R_OK | constants3.W_OK);
  } catch (error) {
    if (hasCode(error, "ENOENT") || !runtime.isDisposable || !await canBeRoot(runtime)) return;
    try {
      await runAsRoot(["chmod", "666", device], runtime);
      runtime.log.info("Builds may use KVM");
    } catch (problem) {
      runtime.log.info(`Builds cannot use KVM: ${messageOf(problem)}`);
    }
  }
}

// src/nix/toolchain.ts
var oldestVersion = "2.8";
async function openNix(inputs, runtime, restore) {
  if (inputs.githubToken !== void 0) runtime.log.secret(inputs.githubToken);
  await openKvm(runtime);
  const found = await findInstalled(inputs, runtime);
  const installed = found === void 0;
  if (found !== void 0 && await isOwnInstallation(found)) await requireOwner(found);
  const program = found ?? await installNix(inputs, runtime, restore);
  const version = await readNixVersion(program, runtime);
  checkVersion({ program, version }, inputs, runtime);
  if (installed || await isOwnInstallation(program)) {
    await exportInstallation(program, inputs, runtime);
    await removeStale2(runtime);
  }
  runtime.log.info(`Nix ${version} at ${program}${installed ? ", installed now" : ""}`);
  return { program, version, env: environmentOf(inputs, runtime), exec: runtime.exec, installed };
}
async function requireOwner(program) {
  for (const path of [storeDirectory, stateDirectory, ownDirectory]) {
    const cause = await findRefusal(path);
    if (cause === void 0) continue;
    const owner = `${process.getuid?.()}:${process.getgid?.()}`;
    throw new Failure(
      `Cannot use the Nix at ${program}: an earlier run installed it as another user, and this user, ${owner}, may not write to ${path}. Run all steps as the same user, or change its owner before this step, as root: chown -R ${owner} /nix`,
      { cause }
    );
  }
}
async function findInstalled({ nixVersion }, { env }) {
  const program = findProgramOfNix(env);
  const isWanted = program !== ownProgram || nixVersion === void 0 || (await readlink2(ownRoot)).endsWith(`-nix-${nixVersion}`);
  return isWanted ? program : void 0;
}
async function releaseToInstall(inputs, runtime) {
  if (await findInstalled(inputs, runtime) !== void 0) return void 0;
  return chooseRelease(inputs, installableSystem(process.platform, process.arch));
}
async function installedPaths({ program, installed }) {
  if (!installed || program !== ownProgram) return [];
  const links = await pathExists(ownCertificates) ? [ownRoot, ownCertificates] : [ownRoot];
  return [...new Set(await Promise.all(links.map((link) => readlink2(link))))];
}
function environmentOf(settings, runtime) {
  const { apiUrl, repositoryUrl } = runtime.context;
  const env = { ...runtime.env, ...runtime.gitEnv };
  if (apiUrl === void 0 || repositoryUrl === void 0) return withNixConfig(env, settings);
  return withNixConfig(env, { ...settings, githubHost: new URL(repositoryUrl).host });
}
function findNix(settings, runtime) {
  const program = findProgramOfNix(runtime.env);
  return program === void 0 ? void 0 : { program, env: environmentOf(settings, runtime), exec: runtime.exec };
}
function findProgramOfNix(env) {
  const onPath = findProgram("nix", env);
  if (onPath !== void 0) return onPath;
  const home = env.HOME || homedir2();
  const directories = [
    "/nix/var/nix/profiles/default/bin",
    join10(home, ".nix-profile/bin"),
    "/run/current-system/sw/bin",
    join10(env.XDG_STATE_HOME || join10(home, ".local/state"), "nix/profile/bin"),
    dirname3(ownProgram)
  ];
  for (const directory of directories) {
    const program = join10(directory, "nix");
    if (isExecutable(program)) return program;
  }
  return void 0;
}
function checkVersion({ version, program }, { nixVersion, nixVersionStrict }, runtime) {
  if (compareVersions(version, oldestVersion) < 0) {
    throw new Failure(
      `Cannot use Nix ${version} at ${program}: Nix ${oldestVersion} or newer is needed. Upgrade it, or remove it so that this step installs a newer one.`
    );
  }
  if (nixVersion === void 0 || nixVersion === version) return;
  if (nixVersionStrict) {
    throw new Failure(
      `Cannot use Nix ${version} at ${program}: nix-version-strict requires Nix ${nixVersion}. Remove that Nix so that this step installs the right one, or leave out nix-version-strict.`
    );
  }
  runtime.log.warning(
    `Using Nix ${version} at ${program}, not Nix ${nixVersion}: nix-version applies only if no Nix is installed.`
  );
}

// src/stages/build/job-notes.ts
var nothing = { built: {} };
async function readJobNotes({ job, log }) {
  try {
    const text = await job?.read();
    return text === void 0 ? nothing : parseNotes(JSON.parse(text));
  } catch (error) {
    log.warning(`Ignoring what earlier steps of this job recorded for the store cache: ${messageOf(error)}`);
    return nothing;
  }
}
async function addJobNotes(runtime, { built, ...notes }) {
  if (runtime.job === void 0) return;
  const known = await readJobNotes(runtime);
  try {
    await runtime.job.write(JSON.stringify({ ...known, ...notes, built: { ...known.built, ...built } }));
  } catch (error) {
    runtime.log.warning(`Later steps of this job may save less to the store cache: ${messageOf(error)}`);
  }
}
function parseNotes(json) {
  const { before, installed, built } = isObject(json) ? json : {};
  const isRelease = installed === void 0 || typeof installed === "string" && /^nix[\w.]{1,40}-[0-9a-f]{8}$/.test(installed);
  if (!isRelease || !(before === void 0 || areStorePaths(before)) || !isObject(built)) throw notOurs();
  return {
    ...before === void 0 ? {} : { before },
    ...installed === void 0 ? {} : { installed },
    built: Object.fromEntries(Object.entries(built).map(([key, paths]) => [key, areStorePaths(paths) ? paths : []]))
  };
}
function notOurs() {
  return new Failure("the record is malformed");
}

export {
  semver_default,
  nixSystem,
  imageArchitecture,
  hostArchitecture,
  isOwnInstallation,
  releaseName,
  installUnpacked,
  openNix,
  releaseToInstall,
  installedPaths,
  findNix,
  restoreEntry,
  layersOf,
  requireSystem,
  requireSpace,
  registrationOf,
  readJobNotes,
  addJobNotes,
  listTags,
  resolveTag,
  newestFirst,
  parseArtifact,
  readOciEntry,
  withBase32,
  trustedKeysOf,
  readEntryTags,
  openLogin,
  openEntries,
  openFiles,
  openCacheAccess,
  buildOf,
  deleteTags,
  GitHubError,
  openGitHubApi,
  openTagStore,
  deleteOldEntries
};
