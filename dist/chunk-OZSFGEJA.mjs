import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  bytesOf,
  decompress,
  indexTypes,
  installableSystem,
  isDescriptor,
  layerFactsOf,
  manifestTypes,
  mediaTypeOf,
  mediaTypes,
  openFile,
  reuseBuffer,
  textOf,
  withFacts
} from "./chunk-HBQZMXVE.mjs";
import {
  EndlessListError,
  GitHubError,
  connectionFaultOf,
  failureOf,
  followRedirects,
  isBrokenConnection,
  isLocal,
  isLocalHost,
  isLoopback,
  namesHost,
  nextPageOf,
  openGitHubApi,
  openTransport,
  proxyRefused,
  readPages,
  resolveLocation,
  retry,
  semver_default
} from "./chunk-TMXNPKEU.mjs";
import {
  formatReference,
  formatRepository,
  isTag,
  parseRepository
} from "./chunk-RYZTQ7VR.mjs";
import {
  blocksOf,
  createBlockMemory,
  freeMemory,
  isStorePath,
  mapConcurrently,
  parsePackageName,
  storeDirectory,
  zstdFrame
} from "./chunk-HSNXDN4F.mjs";
import {
  digestOf,
  digestOfHash,
  hexOf,
  isDigest
} from "./chunk-LZSYUQMR.mjs";
import {
  largestJson,
  objectIn,
  parseJson,
  parseJsonObject
} from "./chunk-JV3OK7I5.mjs";
import {
  basicLogin,
  withoutLogins
} from "./chunk-LPQ76Q4D.mjs";
import {
  oneLine
} from "./chunk-S73ABKVA.mjs";
import {
  createPool,
  findProgram,
  inBackground,
  isExecutable,
  runProgram,
  settleAll
} from "./chunk-TJDMYOEP.mjs";
import {
  isObject
} from "./chunk-MLJXCXOP.mjs";
import {
  zstdWindowLog
} from "./chunk-SMBMXYWF.mjs";
import {
  Failure,
  codeOf,
  hasCode,
  messageOf,
  sentence
} from "./chunk-WFDJKZW3.mjs";

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
import { createHash as createHash3, randomUUID as randomUUID2 } from "node:crypto";
import { join as join2 } from "node:path";

// src/cache/manifest.ts
var formatVersion = 4;
var largestManifest = 128 << 20;
var mostLayers = 1e4;
function formatEntryManifest({ system, paths, layers, outputs, toolchain }) {
  const rows2 = paths.map(({ path, narHash, narSize, references, deriver, signatures = [] }) => ({
    ...{ path, narHash, narSize, references },
    ...deriver === void 0 ? {} : { deriver },
    ...signatures.some(isSignature) ? { signatures: signatures.filter(isSignature).slice(0, mostSignatures) } : {}
  }));
  return JSON.stringify({ format: formatVersion, system, paths: rows2, layers, outputs, toolchain });
}
function parseEntryManifest(text) {
  let json;
  try {
    json = parseJson(text, "its manifest", { largest: largestManifest });
  } catch (cause) {
    throw new Failure("its manifest is not JSON", { cause });
  }
  const { format, system, paths, layers, outputs, toolchain } = json ?? {};
  if (format !== formatVersion) throw new Failure(`its format is ${shown(format)}, not ${formatVersion}`);
  if (typeof system !== "string" || !Array.isArray(paths) || !Array.isArray(layers)) {
    throw new Failure("its manifest lacks system, paths or layers");
  }
  if (layers.length > mostLayers) throw new Failure(`it has ${layers.length} layers`);
  const manifest = {
    system,
    paths: paths.map(parsePath),
    layers: layers.map(parseLayer),
    outputs: parseStorePaths("outputs", outputs),
    toolchain: parseStorePaths("Nix", toolchain)
  };
  checkOrder(manifest.paths);
  const held = new Set(manifest.paths.map(({ path }) => path));
  const lost = manifest.outputs.find((output) => !held.has(output));
  if (lost !== void 0) throw new Failure(`it lacks its output ${lost}`);
  return manifest;
}
function parseStorePaths(name, value) {
  if (areStorePaths(value)) return value;
  throw new Failure(`its ${name} is not a list of store paths`);
}
function shown(value) {
  return typeof value === "object" && value !== null ? "a list or an object" : String(value).slice(0, longestName);
}
function parsePath(value) {
  const { path, narHash, narSize, references, deriver, signatures } = value ?? {};
  if (!isValidPath(path)) throw new Failure(`${shown(path)} is not a store path`);
  if (typeof narHash !== "string" || !/^sha256:[0-9a-f]{64}$/.test(narHash)) throw new Failure(`${path} has no hash`);
  if (!Number.isSafeInteger(narSize) || narSize < 1) throw new Failure(`${path} has no size`);
  if (!areStorePaths(references)) {
    throw new Failure(`${path} has a reference that is not a store path`);
  }
  if (deriver !== void 0 && !isValidPath(deriver))
    throw new Failure(`${path} has a deriver that is not a store path`);
  if (signatures !== void 0 && !areSignatures(signatures)) throw new Failure(`${path} has an invalid signature`);
  return {
    ...{ path, narHash, narSize, references },
    ...deriver === void 0 ? {} : { deriver },
    ...signatures === void 0 ? {} : { signatures }
  };
}
var mostSignatures = 20;
function isSignature(value) {
  return typeof value === "string" && /^[^:\s]{1,200}:[A-Za-z0-9+/]{86}==$/.test(value);
}
function areSignatures(value) {
  return Array.isArray(value) && value.length <= mostSignatures && value.every(isSignature);
}
var longestName = 200;
function parseLayer(value) {
  const fail2 = (lack) => new Failure(`${shown(value)} is not a layer: ${lack}`);
  if (!isDescriptor(value)) throw fail2("it is not a descriptor");
  const { mediaType, digest, size } = value;
  if (!Object.values(mediaTypeOf).includes(mediaType)) throw fail2("its media type is not one of a layer");
  const facts = layerFactsOf(value);
  if (facts?.compression === void 0) throw fail2("it lacks its diffID or its compression");
  if ([facts.compression, facts.identity ?? ""].some((name) => name.length > longestName))
    throw fail2("a name is too long");
  return withFacts({ mediaType, digest, size }, facts);
}
function isValidPath(value) {
  return isStorePath(value) && /^\/nix\/store\/[0-9a-df-np-sv-z]{32}-/.test(value);
}
function areStorePaths(value) {
  return Array.isArray(value) && value.every(isValidPath);
}
function checkOrder(paths) {
  const all = new Set(paths.map(({ path }) => path));
  const before = /* @__PURE__ */ new Set();
  for (const { path, references } of paths) {
    if (before.has(path)) throw new Failure(`${path} is listed twice`);
    before.add(path);
    const late = references.find((reference) => all.has(reference) && !before.has(reference));
    if (late !== void 0) throw new Failure(`${path} comes before ${late}, which it refers to`);
  }
}
function sortByReferences(paths) {
  const left2 = new Map(paths.map((path) => [path.path, path]));
  const sorted = [];
  for (const path of paths) {
    for (const stack = [path]; stack.length > 0; ) {
      const top = stack.at(-1);
      const next = top.references.find((reference) => reference !== top.path && left2.has(reference));
      if (next !== void 0) {
        stack.push(left2.get(next));
        continue;
      }
      stack.pop();
      if (left2.delete(top.path)) sorted.push(top);
    }
  }
  return sorted;
}

// src/cache/read-entry.ts
import { createHash as createHash2 } from "node:crypto";
import { closeSync as closeSync3, openSync as openSync3 } from "node:fs";

// src/lib/compress/zstd-frames.ts
import { readSync } from "node:fs";
import zlib from "node:zlib";
var frameSize = 2 << 20;
var largestFrame = frameSize + (64 << 10);
var chunkSize = frameSize + 1;
var plainMemory = createBlockMemory(frameSize);
var frameMemory = createBlockMemory(largestFrame);
var skippableMagic = 407710288;
var headerSize = 12;
var hasZstd = "zstdCompress" in zlib;
async function* zstdFrames(parts, level) {
  async function* blocks() {
    for (const part of parts) yield* blocksOf(part, plainMemory);
  }
  const frames = mapConcurrently(blocks(), async ({ block, length }) => {
    const frame = await zstdFrame(block.subarray(0, length), level);
    plainMemory.give(block);
    return frame;
  });
  for await (const frame of frames) {
    const header = Buffer.alloc(headerSize);
    header.writeUInt32LE(skippableMagic, 0);
    header.writeUInt32LE(4, 4);
    header.writeUInt32LE(frame.length, 8);
    yield header;
    yield frame;
  }
}
function framesFor(size) {
  return Math.max(1, Math.ceil(size / frameSize));
}
function* findZstdFrames(file) {
  const header = Buffer.alloc(headerSize);
  for (let position = 0; ; ) {
    const read = readAt(file, header, position);
    if (read === 0) return void 0;
    position += headerSize;
    const size = header.readUInt32LE(8);
    const isHeader = header.readUInt32LE(0) === skippableMagic && header.readUInt32LE(4) === 4;
    if (read < headerSize || !isHeader || size > largestFrame)
      throw new Failure("Cannot decompress: the file has no zstd frames.");
    yield { position, size };
    position += size;
  }
}
function readZstdFrame(file, { position, size }) {
  const block = frameMemory.take();
  try {
    const frame = block.subarray(0, size);
    if (readAt(file, frame, position) < size) throw new Failure("Cannot decompress: the last zstd frame is truncated.");
    const params = { [zlib.constants.ZSTD_d_windowLogMax]: zstdWindowLog };
    return zlib.zstdDecompressSync(frame, { maxOutputLength: frameSize, chunkSize, params });
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure("Cannot decompress: a zstd frame is damaged.", { cause });
  } finally {
    frameMemory.give(block);
  }
}
function readAt(file, buffer, position) {
  let filled = 0;
  while (filled < buffer.length) {
    const read = readSync(file, buffer, filled, buffer.length - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}

// src/nar/nar-fault.ts
var NarFault = class extends Failure {
  name = "NarFault";
};

// src/nar/nar-tokens.ts
function narString(text) {
  const buffer = Buffer.alloc(8 + padded(text.length));
  buffer.writeUInt32LE(text.length);
  buffer.write(text, 8, "latin1");
  return buffer;
}
function padded(size) {
  return Math.ceil(size / 8) * 8;
}
var strings = (...texts) => Buffer.concat(texts.map(narString));
var narTokens = {
  start: strings("nix-archive-1"),
  open: strings("(", "type"),
  close: strings(")"),
  directory: strings("directory"),
  entry: strings("entry", "(", "name"),
  node: strings("node"),
  regular: strings("regular"),
  executable: strings("executable", ""),
  contents: strings("contents"),
  symlink: strings("symlink", "target")
};

// src/nar/read-nar.ts
var longestPath = 4096;
var none = Buffer.alloc(0);
function readNar(next, sink) {
  const parser = parseNar(sink);
  for (let piece = next(); piece !== void 0; piece = next()) parser.push(piece);
  parser.end();
}
function parseNar(sink) {
  const steps = parse(sink, { bytes: none, at: 0, following: none });
  steps.next();
  return { push: (piece) => void steps.next(piece), end: () => void steps.next(void 0) };
}
function* parse(sink, input) {
  yield* choose(input, narTokens.start);
  yield* readNode(sink, input, "");
  if (left(input) > 0 || (yield* nextPiece(input)) !== void 0) fail("extra bytes after its end");
}
function left({ bytes, at }) {
  return bytes.length - at;
}
function* nextPiece(input) {
  if (input.following.length === 0) return yield;
  const piece = input.following;
  input.following = none;
  return piece;
}
function* readOn(input, size) {
  while (left(input) < size) {
    const rest = Buffer.from(input.bytes.subarray(input.at));
    const piece = (yield* nextPiece(input)) ?? fail("it is truncated");
    const more = rest.length === 0 ? piece.length : size - rest.length;
    input.bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece.subarray(0, more)]);
    input.following = piece.subarray(more);
    input.at = 0;
  }
}
function* readNode(sink, input, path) {
  yield* choose(input, narTokens.open);
  const type = yield* choose(input, narTokens.regular, narTokens.directory, narTokens.symlink);
  if (type === narTokens.regular) {
    yield* readFile(sink, input, path);
    yield* choose(input, narTokens.close);
  } else if (type === narTokens.directory) {
    sink.startDirectory(path);
    yield* readEntries(sink, input, path);
    sink.endDirectory(path);
  } else {
    const target = yield* readString(input);
    if (target === "" || target.includes("\0")) fail("a symlink with an invalid target");
    sink.symlink(path, target);
    yield* choose(input, narTokens.close);
  }
}
function* readEntries(sink, input, path) {
  if (path.length > longestPath) fail("directories too deep");
  for (let last = ""; (yield* choose(input, narTokens.entry, narTokens.close)) === narTokens.entry; ) {
    const name = yield* readString(input);
    if (name === "" || name === "." || name === ".." || /[/\0]/.test(name)) fail("an invalid name");
    if (name <= last) fail("names out of order");
    last = name;
    yield* choose(input, narTokens.node);
    yield* readNode(sink, input, `${path}/${name}`);
    yield* choose(input, narTokens.close);
  }
}
function* readFile(sink, input, path) {
  const mark = yield* choose(input, narTokens.contents, narTokens.executable);
  if (mark === narTokens.executable) yield* choose(input, narTokens.contents);
  const size = yield* readNumber(input);
  sink.startFile(path, mark === narTokens.executable, size);
  for (let missing = size; missing > 0; ) {
    if (left(input) < 1) yield* readOn(input, 1);
    const piece = input.bytes.subarray(input.at, input.at + missing);
    input.at += piece.length;
    missing -= piece.length;
    sink.contents(piece);
  }
  yield* readPadding(input, size);
  sink.endFile();
}
function* choose(input, ...known) {
  const start = 16;
  if (left(input) < start) yield* readOn(input, start);
  const found = known.find((token) => hasToken(input, token, start));
  if (found === void 0) fail("an unexpected token");
  if (left(input) < found.length) yield* readOn(input, found.length);
  if (!hasToken(input, found, found.length)) fail("an unexpected token");
  input.at += found.length;
  return found;
}
function hasToken({ bytes, at }, token, size) {
  for (let i = 0; i < size; i++) {
    if (bytes[at + i] !== token[i]) return false;
  }
  return true;
}
function* readString(input) {
  const size = yield* readNumber(input);
  if (size > longestPath) fail("a string too long");
  if (left(input) < size) yield* readOn(input, size);
  const text = input.bytes.toString("latin1", input.at, input.at + size);
  input.at += size;
  yield* readPadding(input, size);
  return text;
}
function* readNumber(input) {
  if (left(input) < 8) yield* readOn(input, 8);
  const number2 = input.bytes.readUInt32LE(input.at) + 2 ** 32 * input.bytes.readUInt32LE(input.at + 4);
  if (!Number.isSafeInteger(number2)) fail("a number too large");
  input.at += 8;
  return number2;
}
function* readPadding(input, size) {
  const end2 = padded(size) - size;
  if (left(input) < end2) yield* readOn(input, end2);
  for (let i = 0; i < end2; i++) {
    if (input.bytes[input.at + i] !== 0) fail("padding that is not zero");
  }
  input.at += end2;
}
function fail(description) {
  throw new NarFault(`Cannot read a NAR: ${description}.`);
}

// src/cache/group-paths.ts
var smallestPart = 8 << 20;
function groupPaths(paths) {
  const groups = [];
  let size = smallestPart;
  for (const path of paths) {
    if (size >= smallestPart) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)?.push(path);
    size += path.narSize;
  }
  return groups;
}

// src/cache/split-paths.ts
var smallestRest = 32 << 20;
function splitPaths({ paths, toolchain }) {
  const named = new Set(toolchain);
  const ofToolchain = paths.findLastIndex(({ path }) => named.has(path));
  const isRest = (path, i) => i > ofToolchain && !isSource(path);
  const rest = paths.filter(isRest);
  if (rest.reduce((sum, { narSize }) => sum + narSize, 0) < smallestRest) return { start: paths, rest: [] };
  return { start: paths.filter((path, i) => !isRest(path, i)), rest };
}
function isSource({ deriver, references }) {
  return deriver === void 0 && references.length === 0;
}

// src/cache/write-entry.ts
import { createHash } from "node:crypto";
import { closeSync as closeSync2, openSync as openSync2, writeFileSync } from "node:fs";

// src/nar/write-nar.ts
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync as readSync2 } from "node:fs";

// src/nar/on-disk.ts
function onDisk(path) {
  return Buffer.from(path, "latin1");
}

// src/nar/write-nar.ts
var pieceSize2 = 1 << 20;
var memory = createBlockMemory(pieceSize2);
var largestRecord = 8 << 10;
function* writeNar(path) {
  const piece = { buffer: memory.take(), filled: 0 };
  append(piece, narTokens.start);
  yield* writeNode(bytesOf(path), piece);
  yield* handOut(piece);
  memory.give(piece.buffer);
}
function append(piece, bytes) {
  piece.filled += bytes.copy(piece.buffer, piece.filled);
}
function* handOut(piece) {
  yield piece.buffer.subarray(0, piece.filled);
  piece.filled = 0;
}
function* writeNode(path, piece) {
  const stats = lstatSync(onDisk(path));
  if (piece.filled > pieceSize2 - largestRecord) yield* handOut(piece);
  append(piece, narTokens.open);
  if (stats.isDirectory()) {
    append(piece, narTokens.directory);
    for (const name of readdirSync(onDisk(path), "latin1").sort()) {
      if (piece.filled > pieceSize2 - largestRecord) yield* handOut(piece);
      append(piece, narTokens.entry);
      append(piece, narString(name));
      append(piece, narTokens.node);
      yield* writeNode(`${path}/${name}`, piece);
      if (piece.filled > pieceSize2 - largestRecord) yield* handOut(piece);
      append(piece, narTokens.close);
    }
  } else if (stats.isFile()) {
    append(piece, narTokens.regular);
    if ((stats.mode & 64) !== 0) append(piece, narTokens.executable);
    append(piece, narTokens.contents);
    yield* writeContents(path, stats.size, piece);
  } else if (stats.isSymbolicLink()) {
    append(piece, narTokens.symlink);
    append(piece, narString(readlinkSync(onDisk(path), "latin1")));
  } else {
    throw new Failure(`Cannot archive ${textOf(path)}: it is not a file, directory or symlink.`);
  }
  append(piece, narTokens.close);
}
function* writeContents(path, size, piece) {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(size));
  append(piece, length);
  if (size === 0) return;
  const file = openSync(onDisk(path), "r");
  try {
    for (let left2 = size; left2 > 0; ) {
      if (piece.filled === pieceSize2) yield* handOut(piece);
      const read = readSync2(file, piece.buffer, piece.filled, Math.min(left2, pieceSize2 - piece.filled), null);
      if (read === 0) throw new Failure(`Cannot archive ${textOf(path)}: it shrank while it was read.`);
      piece.filled += read;
      left2 -= read;
    }
  } finally {
    closeSync(file);
  }
  if (piece.filled > pieceSize2 - largestRecord) yield* handOut(piece);
  append(piece, Buffer.alloc(padded(size) - size));
}

// src/cache/write-entry.ts
var magic = Buffer.from("nix-image-cache\n", "latin1");
var zstdLevel = 2;
async function writeCacheEntry(file, manifest) {
  return writeFrames(file, partsOf(manifest));
}
async function writeRest(file, manifest) {
  return writeFrames(file, groupPaths(splitPaths(manifest).rest).map(writeNars));
}
async function writeFrames(file, parts, onPiece = () => {
}) {
  const handle = openSync2(file, "w", 384);
  let size = 0;
  try {
    for await (const piece of zstdFrames(parts, zstdLevel)) {
      size += piece.length;
      onPiece(piece);
      writeFileSync(handle, piece);
      freeMemory(piece);
    }
  } finally {
    closeSync2(handle);
  }
  return size;
}
function writeManifest(manifest) {
  const text = formatEntryManifest(manifest);
  parseEntryManifest(text);
  return Buffer.from(text);
}
function* partsOf(manifest) {
  const text = writeManifest(manifest);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  yield [magic, length, text];
  for (const group of groupPaths(splitPaths(manifest).start)) yield writeNars(group);
}
function* writeNars(paths) {
  for (const path of paths) yield* writeChecked(path);
}
function* writeChecked({ path, narHash, narSize }) {
  const hash = createHash("sha256");
  let size = 0;
  for (const piece of writeNar(path)) {
    hash.update(piece);
    size += piece.length;
    yield piece;
  }
  if (size === narSize && `sha256:${hash.digest("hex")}` === narHash) return;
  throw new Failure(
    `Cannot save ${path}: its contents differ from the hash that Nix registered. Run nix-store --verify --check-contents.`
  );
}

// src/cache/read-entry.ts
var DamagedEntry = class extends Failure {
  name = "DamagedEntry";
};
var startSize = magic.length + 4;
function openEntry(file, fetchRest = lackRest) {
  const manifest = readFrames(file, (handle, frames) => parseEntryManifest(readHead(handle, frames)));
  return {
    manifest,
    async fetchParts(wanted) {
      const { start, rest } = splitPaths(manifest);
      const isWanted = ({ path }) => wanted.has(path);
      const parts = readFrames(file, (handle, frames) => {
        readHead(handle, frames);
        return takeParts(groupPaths(start), { file, frames });
      });
      const more = rest.some(isWanted) ? findParts(await fetchRest(manifest), groupPaths(rest)) : [];
      return [...parts, ...more].filter(({ paths }) => paths.some(isWanted));
    }
  };
}
function lackRest() {
  throw new DamagedEntry("its other file is not here");
}
function findParts(file, groups) {
  return readFrames(file, (_, frames) => takeParts(groups, { file, frames }));
}
function readManifestFile(file) {
  return readFrames(file, (handle, frames) => {
    const blocks = [];
    for (let frame = frames.next(); !frame.done; frame = frames.next()) {
      if (blocks.length >= framesFor(largestManifest)) throw new Failure("its manifest is too long");
      blocks.push(readZstdFrame(handle, frame.value));
    }
    return Buffer.concat(blocks);
  });
}
function readFrames(file, read) {
  const handle = openSync3(file, "r");
  try {
    return withDamageReported(() => read(handle, findZstdFrames(handle)));
  } finally {
    closeSync3(handle);
  }
}
function withDamageReported(body) {
  try {
    return body();
  } catch (error) {
    throw damagedEntryOf(error);
  }
}
function damagedEntryOf(error) {
  const isOfEntry = error instanceof Failure || error instanceof RangeError || hasCode(error, "ENAMETOOLONG");
  return isOfEntry ? new DamagedEntry(messageOf(error), { cause: error }) : error;
}
function readHead(file, frames) {
  const read = () => readZstdFrame(file, takeFrame(frames));
  const first = read();
  if (!first.subarray(0, magic.length).equals(magic)) throw new Failure("it is not a cache entry");
  if (first.length < startSize) throw new Failure("it is truncated");
  const length = first.readUInt32LE(magic.length);
  if (length > largestManifest) throw new Failure(`its manifest has ${length} bytes`);
  const others = Array.from({ length: framesFor(startSize + length) - 1 }, read);
  const head = Buffer.concat([first, ...others]);
  if (head.length !== startSize + length) throw new Failure("its manifest is truncated or too long");
  return head.toString("utf8", startSize);
}
function takeFrame(frames) {
  const { value, done } = frames.next();
  if (done) throw new Failure("it is truncated");
  return value;
}
function takeParts(groups, { file, frames }) {
  const parts = groups.map((group) => {
    const size = group.reduce((sum, { narSize }) => sum + narSize, 0);
    return { file, paths: group, frames: Array.from({ length: framesFor(size) }, () => takeFrame(frames)) };
  });
  if (!frames.next().done) throw new Failure("it has extra bytes after its last store path");
  return parts;
}
function readPart(part, sinkFor) {
  const handle = openSync3(part.file, "r");
  try {
    withDamageReported(() => {
      const input = openPart(handle, part, freeMemory);
      for (const path of part.paths) {
        const next = nextOf(path, input);
        const sink = sinkFor(path);
        if (sink !== void 0) readChecked(path, next, sink);
        else while (next() !== void 0) ;
      }
      if (!input.isAtEnd()) throw new Failure("it has extra bytes after its last store path");
    });
  } finally {
    closeSync3(handle);
  }
}
function* narsOf(part) {
  const handle = openSync3(part.file, "r");
  try {
    const input = openPart(handle, part, () => {
    });
    for (const path of part.paths) {
      const next = nextOf(path, input);
      yield { path, next };
      while (next() !== void 0) ;
    }
  } finally {
    closeSync3(handle);
  }
}
function readChecked({ path, narHash }, next, sink) {
  const hash = createHash2("sha256");
  const hashed = () => {
    const piece = next();
    if (piece !== void 0) hash.update(piece);
    return piece;
  };
  try {
    readNar(hashed, sink);
  } finally {
    sink.close();
  }
  if (`sha256:${hash.digest("hex")}` !== narHash) throw new Failure(`${path} does not match its hash`);
}
function openPart(file, { frames }, done) {
  let memory2 = Buffer.alloc(0);
  let rest = memory2;
  let read = 0;
  const isAtEnd = () => {
    while (rest.length === 0) {
      done(memory2);
      const frame = frames[read++];
      if (frame === void 0) return true;
      memory2 = readZstdFrame(file, frame);
      rest = memory2;
    }
    return false;
  };
  const take = (most) => {
    if (isAtEnd()) throw new Failure("it is truncated");
    const piece = rest.subarray(0, most);
    rest = rest.subarray(piece.length);
    return piece;
  };
  return { take, isAtEnd };
}
function nextOf({ narSize }, { take }) {
  let left2 = narSize;
  return () => {
    if (left2 === 0) return void 0;
    const piece = take(left2);
    left2 -= piece.length;
    return piece;
  };
}

// src/cache/entry-store.ts
function openFileStore(backend, directory) {
  const fetchRest = async (manifest, key) => {
    const file = join2(directory, `restored-${randomUUID2()}`);
    const rest = restKey(key, manifest);
    if (await backend.restore(file, rest, []) === rest) return file;
    throw new DamagedEntry(`the cache does not have its other file, ${rest}`);
  };
  const saveRest = async (manifest, key) => {
    if (splitPaths(manifest).rest.length === 0) return { size: 0, sent: 0 };
    const file = join2(directory, "saved-rest");
    const size = await writeRest(file, manifest);
    const rest = restKey(key, manifest);
    if (await backend.save(file, rest)) return { size, sent: size };
    return await backend.find(rest, []) === rest ? { size, sent: 0 } : void 0;
  };
  return {
    find: (key, prefixes) => backend.find(key, prefixes),
    async open(key, prefixes) {
      const file = join2(directory, "restored");
      const found = await backend.restore(file, key, prefixes);
      if (found === void 0) return void 0;
      return { key: found, entry: openEntry(file, (manifest) => fetchRest(manifest, found)) };
    },
    async save(manifest, key) {
      const rest = await saveRest(manifest, key);
      if (rest === void 0) return void 0;
      const file = join2(directory, "saved");
      const size = await writeCacheEntry(file, manifest);
      return await backend.save(file, key) ? { size: size + rest.size, sent: size + rest.sent } : void 0;
    }
  };
}
function restKey(key, manifest) {
  const content = JSON.stringify([key, splitPaths(manifest).rest.map(({ path, narHash }) => [path, narHash])]);
  return `nix-image-rest-${formatVersion}-${createHash3("sha256").update(content).digest("hex")}`;
}

// src/nar/nix-key.ts
import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
var privatePrefix = Buffer.from("302e020100300506032b657004220420", "hex");
var publicPrefix = Buffer.from("302a300506032b6570032100", "hex");
function signText(text, key) {
  const { name, bytes } = partsOf2(key);
  const der = Buffer.concat([privatePrefix, bytes.subarray(0, 32)]);
  const secret = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return `${name}:${sign(null, Buffer.from(text), secret).toString("base64")}`;
}
function isSigned(text, signature, keys2) {
  const { name, bytes } = partsOf2(signature);
  return keys2.map(partsOf2).some((key) => {
    if (key.name !== name || key.bytes.length !== 32) return false;
    const der = Buffer.concat([publicPrefix, key.bytes]);
    return verify(null, Buffer.from(text), createPublicKey({ key: der, format: "der", type: "spki" }), bytes);
  });
}
function publicKeyOf(key) {
  const { name, bytes } = partsOf2(key);
  return `${name}:${bytes.subarray(32).toString("base64")}`;
}
function partsOf2(text) {
  const colon = text.indexOf(":");
  return { name: text.slice(0, colon), bytes: Buffer.from(text.slice(colon + 1), "base64") };
}

// src/registry/access/credentials.ts
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join as join3 } from "node:path";

// src/registry/access/credential-helper.ts
async function askHelper(name, { server, env }) {
  const program = `docker-credential-${name}`;
  const failed = `Cannot get the login for ${server}`;
  if (!/^[\w.-]+$/.test(name)) {
    throw new Failure(
      `${failed}: "${oneLine(name, 80)}" in Docker's config is not a valid name for a credential helper. Correct credHelpers or credsStore there.`
    );
  }
  if (findProgram(program, env) === void 0) {
    throw new Failure(
      `${failed}: Docker's config names the helper ${program}, which is not on PATH. Install it, or remove it from that config.`
    );
  }
  const result = await runProgram(program, ["get"], { env, input: server });
  const { code, stdout } = result;
  if (code !== 0) {
    if (/credentials not found|no credentials|not found in native keychain/i.test(stdout)) return void 0;
    const said = wordsOf(result);
    throw new Failure(`${failed}: ${program} failed with exit code ${code}${said === "" ? "" : ` and said: ${said}`}.`);
  }
  return parseAnswer(stdout, program);
}
function parseAnswer(stdout, program) {
  if (/^\s*(\{\s*\})?\s*$/.test(stdout)) return void 0;
  const { Username, Secret } = objectIn(Buffer.from(stdout));
  if (Secret === "") return void 0;
  if (typeof Username !== "string" || typeof Secret !== "string") {
    throw new Failure(
      `Cannot get a login from ${program}: its answer is not JSON with Username and Secret. Update or replace this helper.`
    );
  }
  return { username: Username, secret: Secret };
}
function wordsOf({ stdout, stderr }) {
  const text = [stdout, stderr].find((output) => output.trim() !== "") ?? "";
  if (/"Secret"/i.test(text)) return "";
  const words = oneLine(text, 2e3).split(" ").map(withoutSecret);
  return oneLine(words.join(" "), 300).replace(/\.+$/, "");
}
function withoutSecret(word, i, words) {
  const isNamed = /(?:password|secret|token)["']?[:=]$/i.test(words[i - 1] ?? "");
  const looksSecret = word.length >= 8 && /\d|[^=]=[^=]|[A-Za-z0-9+/_-]{32}/.test(word);
  return isNamed || looksSecret ? "***" : word;
}

// src/registry/access/credentials.ts
var hubServer = "https://index.docker.io/v1/";
var hubName = "index.docker.io";
async function findCredentials(repository, { login, githubToken, env }) {
  if (login !== void 0 && (await login.hosts).has(repository.host)) {
    const { username: username2, password: password2 } = login;
    return { kind: "basic", username: username2, password: password2, ...password2 === githubToken ? { isJobToken: true } : {} };
  }
  for (const path of authFiles(env)) {
    const found = await credentialsIn(path, repository, env);
    if (found !== void 0) return found;
  }
  const { CI_REGISTRY: gitlab, CI_REGISTRY_USER: username, CI_REGISTRY_PASSWORD: password } = env;
  if (repository.host === gitlab && username && password) return { kind: "basic", username, password };
  if (repository.host === "ghcr.io" && githubToken !== void 0) {
    return { kind: "basic", username: "x-access-token", password: githubToken };
  }
  return void 0;
}
function authFiles(env) {
  const home = env.HOME || homedir();
  const runtime = env.XDG_RUNTIME_DIR;
  const named = env.REGISTRY_AUTH_FILE;
  return [
    join3(env.DOCKER_CONFIG || join3(home, ".docker"), "config.json"),
    ...named === void 0 || named === "" ? [] : [named],
    ...runtime === void 0 ? [] : [join3(runtime, "containers", "auth.json")],
    join3(env.XDG_CONFIG_HOME || join3(home, ".config"), "containers", "auth.json")
  ];
}
async function credentialsIn(path, repository, env) {
  const file = readAuthFile(path);
  const names = namesOf(repository);
  const failed = `Cannot read the registry logins in ${path}`;
  for (const { key, name, value } of entriesFor(names, objectAt(file, "credHelpers", failed))) {
    if (typeof value !== "string")
      throw new Failure(`${failed}: "credHelpers" of ${name} must be the name of a helper.`);
    const server = key === name || name !== hubName ? name : hubServer;
    const found = value === "" ? void 0 : await askHelper(value, { server, env });
    if (found !== void 0) return helped(found);
  }
  const store = file.credsStore ?? "";
  if (typeof store !== "string") throw new Failure(`${failed}: "credsStore" must be the name of a helper.`);
  if (store !== "") {
    const server = repository.host === "docker.io" ? hubServer : repository.host;
    const found = await askHelper(store, { server, env });
    if (found !== void 0) return helped(found);
  }
  for (const { value } of entriesFor(names, objectAt(file, "auths", failed))) {
    const found = credentialsOf(value, failed);
    if (found !== void 0) return found;
  }
  return void 0;
}
function helped({ username, secret }) {
  return username === "<token>" ? { kind: "identity", token: secret } : { kind: "basic", username, password: secret };
}
function namesOf(repository) {
  const parts = formatRepository(repository).split("/");
  const paths = parts.map((_, i) => parts.slice(0, parts.length - i).join("/"));
  return [...paths, ...repository.host === "docker.io" ? [hubName, "registry-1.docker.io"] : []];
}
function entriesFor(names, object) {
  const entries = Object.entries(object).filter(([, value]) => value !== null);
  return names.flatMap((name) => {
    const exact = entries.filter(([key]) => key === name);
    const others = entries.filter(([key]) => key !== name && plainName(key) === name);
    return [...exact, ...others].map(([key, value]) => ({ key, name, value }));
  });
}
function plainName(key) {
  return key.toLowerCase().replace(/^https?:\/\//, "").replace(/(?:\/v[12])?\/?$/, "");
}
function readAuthFile(path) {
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return {};
    throw new Failure(`Cannot read the registry logins in ${path}: ${messageOf(error)}.`, { cause: error });
  }
  try {
    const json = JSON.parse(text === "" ? "{}" : text);
    if (isObject(json)) return json;
  } catch {
  }
  throw new Failure(`Cannot read the registry logins in ${path}: it is not a JSON object. Run docker login again.`);
}
function objectAt(file, name, failed) {
  const value = file[name] ?? {};
  if (isObject(value)) return value;
  throw new Failure(`${failed}: "${name}" is not a JSON object. Run docker login again.`);
}
function credentialsOf(entry, failed) {
  const fields = ["identitytoken", "registrytoken", "username", "password", "auth"];
  const [identity, registry, username, password, auth] = fields.map((name) => {
    const value = isObject(entry) ? entry[name] ?? "" : void 0;
    if (typeof value === "string") return value;
    throw new Failure(`${failed}: "${name}" of a registry is not a string. Run docker login again.`);
  });
  if (identity) return { kind: "identity", token: identity };
  if (registry) return { kind: "bearer", token: registry };
  if (username && password) return { kind: "basic", username, password };
  if (!auth) return void 0;
  const pair = Buffer.from(auth, "base64").toString("utf8").replace(/\0+$/, "");
  const colon = pair.indexOf(":");
  if (colon > 0) return { kind: "basic", username: pair.slice(0, colon), password: pair.slice(colon + 1) };
  throw new Failure(`${failed}: an "auth" is not base64 of USER:PASSWORD. Run docker login again.`);
}

// src/registry/access/advice.ts
var ghcrLogin = "Set github-token, or set username and password.";
var ghcrPush = 'Add "permissions: packages: write" to the job, and give this repository write access in the settings of the package.';
var ghcrRead = 'Add "permissions: packages: read" to the job, and give this repository access in the settings of the package.';
var logIn = "Log in: set username and password, which apply to the registries in tags, or run docker login in an earlier step.";
var wrongLogin = "The registry does not accept this login. Check username and password; a token may have expired.";
var wrongJobToken = "The registry does not accept the token of the job as the password. Use an access token that may write packages: on Gitea and Forgejo one of a user, with the scope write:package.";
var missingRepository = "Create the repository in the registry first, or check its name.";
var rows = [
  {
    statuses: [404],
    actions: ["reach"],
    advice: "The host has no /v2/ endpoint, so it is not a registry. Check the host and the port in tags."
  },
  {
    statuses: [407],
    advice: "The proxy requires a valid login. Set HTTP_PROXY to http://USER:PASSWORD@HOST:PORT."
  },
  {
    statuses: [429],
    logins: ["none"],
    advice: "Log in to get a higher rate limit, or wait and run again."
  },
  { statuses: [429], advice: "This login has reached its rate limit. Wait and run again." },
  { statuses: [401, 403], registry: "ghcr.io", logins: ["none"], advice: ghcrLogin },
  { statuses: [401, 403], logins: ["none"], advice: logIn },
  { statuses: [401, 403], registry: "ghcr.io", words: /scope/i, advice: "Give the token the scope write:packages." },
  {
    statuses: [403],
    registry: "ghcr.io",
    actions: ["log in"],
    advice: `Check github-token, or username and password. ${ghcrPush}`
  },
  { statuses: [403], registry: "ghcr.io", actions: ["push"], advice: ghcrPush },
  { statuses: [403], registry: "ghcr.io", actions: ["read"], advice: ghcrRead },
  { statuses: [401], registry: "ghcr.io", actions: ["log in"], advice: wrongLogin },
  { statuses: [401, 403], actions: ["log in"], logins: ["job token"], advice: wrongJobToken },
  { statuses: [400, 401, 403], actions: ["log in"], advice: wrongLogin },
  { statuses: [401], logins: ["password"], advice: wrongLogin },
  {
    statuses: [401, 403],
    actions: ["push"],
    advice: "The login is valid, but has no permission to push here. Give its account write access to this repository."
  },
  {
    statuses: [401, 403],
    actions: ["delete"],
    advice: "The login is valid, but has no permission to delete here. Give its account permission to delete in this repository."
  },
  {
    statuses: [401, 403],
    advice: "The login is valid, but has no permission to read here. Give its account read access to this repository."
  },
  {
    statuses: [404],
    actions: ["read"],
    words: /MANIFEST_UNKNOWN|manifest unknown/i,
    advice: "Check the tag or digest."
  },
  { statuses: [404], words: /NAME_UNKNOWN|not found|does not exist/i, advice: missingRepository }
];
function adviceFor({ status, words, registry, action, login }) {
  const row = rows.find(
    (row2) => row2.statuses.includes(status) && (row2.actions?.includes(action) ?? true) && (row2.logins?.includes(login) ?? true) && (row2.registry === void 0 || row2.registry === registry) && (row2.words?.test(words) ?? true)
  );
  return row?.advice ?? "";
}
var inTags = "Check the host and the port in tags, and that the registry is running.";
var connectionRows = [
  [/^(ECONNREFUSED|ENOTFOUND)$/, inTags],
  [
    /SELF_SIGNED|^UNABLE_TO_/,
    "Set SSL_CERT_FILE to the certificate of its authority, or add the registry to insecure-registries."
  ],
  [/^(EPROTO|ERR_SSL_\w+)$/, "If the registry serves plain HTTP, add it to insecure-registries."]
];
function connectionAdviceFor(code) {
  return connectionRows.find(([codes]) => codes.test(code))?.[1];
}

// src/registry/access/challenge.ts
function parseChallenges(header) {
  const challenges = [];
  const pattern = /[\s,]*(?:([A-Za-z][\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([A-Za-z][\w-]*))/y;
  for (let match = pattern.exec(header); match !== null; match = pattern.exec(header)) {
    const [, name, quoted, bare, scheme] = match;
    if (scheme !== void 0) challenges.push({ scheme: scheme.toLowerCase(), parameters: {} });
    const current = challenges.at(-1);
    if (name !== void 0 && current !== void 0) {
      current.parameters[name.toLowerCase()] = quoted?.replaceAll(/\\(.)/g, "$1") ?? bare ?? "";
    }
  }
  return challenges;
}

// src/registry/access/registry-error.ts
var RegistryError = class extends Failure {
  name = "RegistryError";
  status;
  /** The registry's own codes, such as MANIFEST_BLOB_UNKNOWN. */
  codes;
  /** Milliseconds that the registry asks to wait (Retry-After), 0 if it does not say. */
  retryAfter;
  /** The advice at the end of the message; empty if there is none. */
  advice;
  constructor(message, answer) {
    super(message);
    this.status = answer.status;
    this.codes = answer.codes;
    this.retryAfter = answer.retryAfter;
    this.advice = answer.advice ?? "";
  }
};
var IndexRefusal = class extends RegistryError {
};
var unknownContent = ["BLOB_UNKNOWN", "MANIFEST_BLOB_UNKNOWN", "MANIFEST_UNKNOWN"];
function isUnknownContent(error) {
  if (!(error instanceof Error)) return false;
  const codes = error instanceof RegistryError ? error.codes : [];
  const unknown = error instanceof IndexRefusal ? [...unknownContent, "MANIFEST_INVALID"] : unknownContent;
  return codes.some((code) => unknown.includes(code)) || isUnknownContent(error.cause);
}
function isDenied(error) {
  return error instanceof RegistryError && (error.status === 401 || error.status === 403);
}
var UnsettledError = class extends RegistryError {
};
var largestErrorBody = 8192;
async function readRegistryError({ failed, request: { method, url }, asked }, response) {
  const { status } = response;
  const { codes, words } = parseErrors(await response.bytes(largestErrorBody).catch(() => Buffer.alloc(0)));
  const said = [status, words].filter((part) => part !== "").join(" ");
  const refusal = sentence(`${failed}: the answer to ${method} ${url.origin}${url.pathname} was ${said}`);
  const advice = asked === void 0 ? "" : adviceFor({ ...asked, status, words });
  const message = advice === "" ? refusal : `${refusal} ${advice}`;
  return new RegistryError(message, { status, codes, retryAfter: retryAfterOf(response), advice });
}
var mostErrors = 10;
function parseErrors(body) {
  const { errors } = objectIn(body);
  const list = (Array.isArray(errors) ? errors : []).filter(isObject).slice(0, mostErrors);
  const fields = list.map(({ code, message }) => [code, message].map((text2) => typeof text2 === "string" ? text2 : ""));
  const words = fields.map((field) => field.filter((text2) => text2 !== "").join(": ")).join("; ");
  if (words.trim() !== "") {
    return { codes: fields.map(([code = ""]) => oneLine(code, 80)).filter((code) => code !== ""), words: oneLine(words) };
  }
  const text = body.toString("utf8").trimStart();
  return { codes: [], words: text.startsWith("<") ? "" : oneLine(text) };
}
function retryAfterOf(response) {
  const value = response.header("retry-after") ?? "";
  return /^\d+$/.test(value) ? Number(value) * 1e3 : 0;
}

// src/registry/access/token.ts
var largestToken = 1 << 20;
var headerValue = /^[\x21-\x7e]+$/;
async function fetchToken(transport, token) {
  const realm = realmOf(token);
  if (token.credentials?.kind === "bearer") return token.credentials.token;
  try {
    return await askRealm(transport, realm, token);
  } catch (error) {
    const isRefused = error instanceof RegistryError && [400, 401, 403, 404].includes(error.status);
    if (!isRefused || token.mountScopes.length === 0) throw error;
    return askRealm(transport, realm, { ...token, mountScopes: [] });
  }
}
async function askRealm(transport, realm, token) {
  const { credentials, registry } = token;
  const failed = `Cannot log in to ${registry.url.origin}`;
  const request = credentials?.kind === "identity" ? refreshRequest(realm, token, credentials.token) : getRequest(realm, token);
  const isPublicOnly = realm.origin !== registry.url.origin && !isLocal(registry);
  const response = await followRedirects(
    { ...request, isPublicOnly },
    {
      send({ headers: { authorization, ...headers } = {}, ...each }) {
        const isRealm = each.url.origin === realm.origin;
        if (!isRealm && each.body !== void 0) {
          throw new Failure(
            `${failed}: ${realm.host} redirects the login to ${each.url.origin}, which must not receive it. Check the configuration of the registry.`
          );
        }
        const shown2 = isRealm && authorization !== void 0 ? { ...headers, authorization } : headers;
        return transport.send({ ...each, headers: shown2 });
      },
      resolve: resolveLocation
    }
  );
  if (response.status !== 200) {
    const asked = { registry: token.host, action: "log in", login: loginKindOf(credentials) };
    throw await readRegistryError({ failed, request, asked }, response);
  }
  const found = tokenIn(await response.bytes(largestToken));
  if (found === void 0 || !headerValue.test(found)) {
    const description = found === void 0 ? "no token" : found === "" ? "an empty token" : "a token with characters that are not allowed in a header";
    throw new Failure(
      `${failed}: its token service ${realm.host} sent ${description}. Try again, or ask its operator.`
    );
  }
  return found;
}
function loginKindOf(credentials) {
  if (credentials === void 0) return "none";
  return credentials.kind === "basic" && credentials.isJobToken ? "job token" : "password";
}
function tokenIn(body) {
  const { token, access_token } = objectIn(body);
  const found = token || access_token || token;
  return typeof found === "string" ? found : void 0;
}
function realmOf({ challenge, registry }) {
  const { realm = "" } = challenge.parameters;
  const { origin, protocol } = registry.url;
  const failure = (why) => new Failure(
    `Cannot log in to ${origin}: it sent the token realm "${oneLine(realm, 200)}", ${why}. Check the configuration of the registry.`
  );
  if (!URL.canParse(realm)) throw failure("which is not a URL");
  const url = new URL(realm);
  if (url.protocol !== "https:" && url.protocol !== protocol) throw failure("which is not https");
  if (isLocalHost(url.hostname) && !isLocal(registry))
    throw failure("which is in a local network, while the registry is not");
  return url;
}
function getRequest(realm, { challenge, scope, mountScopes, credentials }) {
  const url = new URL(realm);
  const { service } = challenge.parameters;
  if (service !== void 0) url.searchParams.set("service", service);
  for (const each of [scope, ...mountScopes]) url.searchParams.append("scope", each);
  return { method: "GET", url, headers: credentials?.kind === "basic" ? { authorization: basicOf(credentials) } : {} };
}
function refreshRequest(url, { challenge, scope, mountScopes }, token) {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: "nix-image-action",
    service: challenge.parameters.service ?? "",
    scope: [scope, ...mountScopes].join(" "),
    refresh_token: token
  });
  const bytes = Buffer.from(form.toString());
  return {
    method: "POST",
    url,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: {
      size: bytes.length,
      async *open() {
        yield bytes;
      }
    }
  };
}
function basicOf({ username, password }) {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

// src/registry/access/registry.ts
var transientStatus = /* @__PURE__ */ new Set([408, 429, 499, 500, 502, 503, 504, 520, 521, 522, 523, 524]);
async function openRepository(repository, access4) {
  const { log, waits } = access4;
  const tryAgain = async (description, body) => {
    const onRetry = (error, wait) => log.info(`${description}: ${sentence(withoutAdvice(error))} Trying again in ${(wait / 1e3).toFixed(1)} s.`);
    try {
      return await retry(body, { waitFor: transientWait, onRetry, ...waits === void 0 ? {} : { waits } });
    } catch (error) {
      if (isBrokenConnection(error)) {
        const broken = `Cannot reach ${formatRepository(repository)}. ${description}: ${sentence(messageOf(error))}`;
        throw new Failure(broken, { cause: error });
      }
      const fault = connectionFaultOf(error);
      throw fault === void 0 ? error : failureOf(fault, error);
    }
  };
  const { source, challenges } = await tryAgain(`Reaching ${repository.host}`, () => ping(repository, access4));
  const { origin } = source.url;
  const login = createLogin({ repository, source, challenges, access: access4 });
  const resolve = (to) => typeof to === "string" ? new URL(`/v2/${repository.path}/${to}`, origin) : to;
  return {
    repository,
    origin,
    request: ({ to, ...request }) => followRedirects(
      { ...request, url: resolve(to) },
      { send: (each) => sendWithLogin(each, { source, login, transport: access4.transport }), resolve: resolveLocation }
    ),
    retry: tryAgain,
    refusal: ({ to, ...request }, response) => {
      const action = actionOf(request);
      const failed = `Cannot ${action} ${action === "push" ? "to" : "from"} ${formatRepository(repository)}`;
      const isOwn = response.url.origin === origin;
      const asked = isOwn ? { registry: repository.host, action, login: login.kind() } : void 0;
      return readRegistryError({ failed, request: { ...request, url: resolve(to) }, asked }, response);
    }
  };
}
function withoutAdvice(error) {
  const message = messageOf(error);
  return error instanceof RegistryError ? message.slice(0, message.length - error.advice.length) : message;
}
function actionOf({ method }) {
  if (method === "DELETE") return "delete";
  return method === "GET" || method === "HEAD" ? "read" : "push";
}
function transientWait(error) {
  if (error instanceof UnsettledError) return error.retryAfter;
  if (error instanceof RegistryError) return transientStatus.has(error.status) ? error.retryAfter : void 0;
  if (error instanceof Failure) return void 0;
  return isBrokenConnection(error) ? 0 : void 0;
}
async function ping(repository, { transport, insecure }) {
  const { host } = repository;
  const apiHost = host === "docker.io" ? "registry-1.docker.io" : host;
  const ask = async (origin) => {
    const request = { method: "GET", url: new URL("/v2/", origin) };
    let source;
    const send = async (each) => {
      const response2 = await transport.send(each);
      if (source === void 0 || isSecured(source.url, response2.url)) source = response2;
      return response2;
    };
    const response = await followRedirects(request, { send, resolve: resolveLocation });
    if (response.status !== 200 && response.status !== 401) {
      const asked = { registry: host, action: "reach", login: "none" };
      throw await readRegistryError({ failed: `Cannot use ${host} as a registry`, request, asked }, response);
    }
    await response.discard();
    const challenges = parseChallenges(response.header("www-authenticate") ?? "");
    return { source: source ?? response, challenges };
  };
  const schemes = isLoopback(host) ? ["http", "https"] : insecure ? ["https", "http"] : ["https"];
  const errors = [];
  for (const scheme of schemes) {
    try {
      return await ask(`${scheme}://${apiHost}`);
    } catch (error) {
      errors.push(error);
      if (!mayBeOther(scheme, error)) break;
    }
  }
  throw explain(errors.findLast((error) => !isNoTls(error)) ?? errors[0], repository);
}
function mayBeOther(scheme, error) {
  if (error instanceof RegistryError) return scheme === "http" && error.status === 400;
  return !(error instanceof Failure) && !isUnknownCertificate(error) && codeOf(error) !== "ERR_TIMEOUT";
}
function isSecured(from, to) {
  return from.protocol === "http:" && to.protocol === "https:" && from.hostname === to.hostname;
}
function isUnknownCertificate(error) {
  return connectionFaultOf(error)?.failed === "Cannot trust";
}
function isNoTls(error) {
  return connectionFaultOf(error)?.failed === "Cannot speak TLS to";
}
function explain(error, { host, path }) {
  const fault = connectionFaultOf(error);
  if (fault === void 0) return error;
  const server = fault.failed === "Cannot reach" ? `${host}/${path}` : host;
  return failureOf({ ...fault, server, advice: connectionAdviceFor(codeOf(error)) ?? fault.advice }, error);
}
function createLogin(context) {
  const { repository, source, access: access4 } = context;
  let { challenges } = context;
  let current;
  const newHeader = async () => {
    const { credentials } = access4;
    const challenge = challenges.find(({ scheme }) => scheme === "bearer");
    if (challenge !== void 0) {
      const scope = `repository:${repository.path}:${access4.actions}`;
      const mountScopes = access4.mountSources.map(({ path }) => `repository:${path}:pull`);
      const token = await fetchToken(access4.transport, {
        challenge,
        registry: source,
        host: repository.host,
        scope,
        mountScopes,
        credentials
      });
      access4.log.secret(token);
      return `Bearer ${token}`;
    }
    const basic = challenges.some(({ scheme }) => scheme === "basic");
    return basic && credentials?.kind === "basic" ? basicOf(credentials) : void 0;
  };
  return {
    kind() {
      if (access4.credentials === void 0) return "none";
      return challenges.some(({ scheme }) => scheme === "bearer") ? "token" : "password";
    },
    header() {
      if (current !== void 0) return current;
      const mine = newHeader();
      mine.catch(() => {
        if (current === mine) current = void 0;
      });
      current = mine;
      return mine;
    },
    learn(response, used) {
      const offered = parseChallenges(response.header("www-authenticate") ?? "");
      if (!offered.some(({ scheme }) => scheme === "bearer" || scheme === "basic")) return false;
      if (used === current) {
        challenges = offered;
        current = void 0;
      }
      return true;
    }
  };
}
async function sendWithLogin(request, { source, login, transport }) {
  if (request.url.origin !== source.url.origin) return transport.send({ ...request, isPublicOnly: !isLocal(source) });
  const sendWith = async (header2) => {
    const authorization = await header2;
    const headers = { ...request.headers, ...authorization === void 0 ? {} : { authorization } };
    return transport.send({ ...request, headers });
  };
  const header = login.header();
  const response = await sendWith(header);
  if (response.status !== 401 || !login.learn(response, header)) return response;
  await response.discard();
  return sendWith(login.header());
}

// src/registry/access/client.ts
async function openClient({ host, path }, access4) {
  const repository = { host, path };
  const credentials = await findCredentials(repository, access4);
  if (credentials !== void 0) {
    access4.log.secret(credentials.kind === "basic" ? credentials.password : credentials.token);
  }
  return openRepository(repository, { ...access4, credentials, insecure: namesHost(access4.insecureRegistries, host) });
}
function isSameRepository(a, b) {
  return a.host === b.host && a.path === b.path;
}
function byRepository(references) {
  const groups = /* @__PURE__ */ new Map();
  for (const reference of references) {
    const name = formatRepository(reference);
    const group = groups.get(name);
    if (group === void 0) groups.set(name, [reference]);
    else group.push(reference);
  }
  return [...groups.values()];
}

// src/registry/content/stored-digest.ts
function hasOtherDigest(response, digest) {
  return (response.header("docker-content-digest") ?? digest) !== digest;
}
function expectDigest({ repository }, response, digest) {
  if (!hasOtherDigest(response, digest)) return;
  const stored = response.header("docker-content-digest");
  const { status } = response;
  const message = `Cannot trust ${formatRepository(repository)}: it answered ${status}, but stored ${digest} as ${stored}.`;
  throw new UnsettledError(message, { status, codes: [], retryAfter: 0 });
}

// src/registry/content/manifests.ts
var largestManifest2 = 4 << 20;
var readsAtATime = 8;
var accept = [...manifestTypes, ...indexTypes].join(", ");
async function putManifest(client, manifest, name) {
  const { mediaType, size, digest } = manifest.descriptor;
  const request = {
    method: "PUT",
    to: `manifests/${name}`,
    headers: { "content-type": mediaType },
    body: { size, open: manifest.open }
  };
  let isTried = false;
  await client.retry(`Writing the manifest ${name}`, async () => {
    if (isTried && await digestUnder(client, name) === digest) return;
    isTried = true;
    const response = await client.request(request);
    if (![200, 201, 202].includes(response.status)) {
      const refusal = await client.refusal(request, response);
      throw mediaType === mediaTypes.index ? new IndexRefusal(refusal.message, refusal) : refusal;
    }
    await response.discard();
    expectDigest(client, response, digest);
  });
}
async function digestUnder(client, name) {
  const response = await client.request({ method: "HEAD", to: `manifests/${name}`, headers: { accept } });
  await response.discard();
  return response.status === 200 ? response.header("docker-content-digest") : void 0;
}
function findManifest(client, name) {
  return readUnless(client, name, [404]);
}
async function readManifestIfThere(client, name) {
  try {
    return await readUnless(client, name, [400, 401, 403, 404, 405]);
  } catch (error) {
    if (error instanceof LargeManifest) return void 0;
    throw error;
  }
}
var LargeManifest = class extends Failure {
};
async function readUnless(client, name, absent) {
  try {
    return await readManifest(client, name);
  } catch (error) {
    if (error instanceof RegistryError && absent.includes(error.status)) return void 0;
    throw error;
  }
}
async function getManifest(client, name) {
  return (await readManifest(client, name)).bytes;
}
async function readManifest(client, name) {
  const request = { method: "GET", to: `manifests/${name}`, headers: { accept } };
  return client.retry(`Reading the manifest ${name}`, async () => {
    const response = await client.request(request);
    if (response.status !== 200) throw await client.refusal(request, response);
    const bytes = await response.bytes(largestManifest2 + 1);
    if (bytes.length > largestManifest2) {
      throw new LargeManifest(
        `Cannot use ${formatRepository(client.repository)} (${name}): its manifest is larger than 4 MiB.`
      );
    }
    if (name.startsWith("sha256:") && digestOf(bytes) !== name) {
      throw new Failure(
        `Cannot trust ${formatRepository(client.repository)}: it sent a manifest with the digest ${digestOf(bytes)} for ${name}.`
      );
    }
    return {
      bytes,
      mediaType: response.header("content-type") ?? mediaTypes.manifest,
      etag: response.header("etag")
    };
  });
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

// src/cache/oci/read-oci-entry.ts
import { randomUUID as randomUUID3 } from "node:crypto";
import { join as join5 } from "node:path";

// src/registry/content/download-blob.ts
import { createHash as createHash4 } from "node:crypto";
import { open as open2 } from "node:fs/promises";
var WrongContent = class extends Failure {
  name = "WrongContent";
};
async function downloadBlob(client, descriptor, path) {
  const file = await open2(path, "w", 384);
  const download3 = { client, descriptor, file, size: 0, hash: createHash4("sha256") };
  try {
    await client.retry(`Reading ${descriptor.digest}`, () => readRest(download3));
    if (download3.size !== descriptor.size || digestOfHash(download3.hash) !== descriptor.digest) throw wrong(download3);
  } finally {
    await file.close();
  }
}
async function readRest(download3) {
  const { client, descriptor, file } = download3;
  if (download3.size > 0 && download3.size === descriptor.size) return;
  const headers = download3.size === 0 ? {} : { range: `bytes=${download3.size}-` };
  const request = { method: "GET", to: `blobs/${descriptor.digest}`, headers };
  const response = await client.request(request);
  if (response.status !== 200 && response.status !== 206) throw await client.refusal(request, response);
  if (!continues(download3, response)) {
    download3.size = 0;
    download3.hash = createHash4("sha256");
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
import { chmodSync as chmodSync2, linkSync, lstatSync as lstatSync2, readdirSync as readdirSync2, renameSync, rmSync } from "node:fs";
import { mkdtemp, statfs } from "node:fs/promises";
import { basename, join as join4 } from "node:path";

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

// src/cache/read-parts.ts
import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { setImmediate } from "node:timers/promises";
import { Worker } from "node:worker_threads";

// src/cache/unpack-nar.ts
import {
  chmodSync,
  closeSync as closeSync4,
  fchmodSync,
  futimesSync,
  lutimesSync,
  mkdirSync,
  openSync as openSync4,
  symlinkSync,
  utimesSync,
  writeSync
} from "node:fs";
var storeTime = 1;
function unpackNar(path) {
  const root = bytesOf(path);
  const pathOf = (below) => onDisk(root + below);
  let file;
  const close = () => {
    if (file !== void 0) closeSync4(file);
    file = void 0;
  };
  return {
    startDirectory: (below) => void mkdirSync(pathOf(below), 493),
    endDirectory(below) {
      if (below !== "") makeReadOnly(pathOf(below));
    },
    symlink(below, target) {
      symlinkSync(onDisk(target), pathOf(below));
      lutimesSync(pathOf(below), storeTime, storeTime);
    },
    startFile(below, isExecutable2) {
      file = openSync4(pathOf(below), "wx");
      fchmodSync(file, isExecutable2 ? 365 : 292);
    },
    contents(piece) {
      for (let at = 0; at < piece.length && file !== void 0; ) at += writeSync(file, piece, at);
    },
    endFile() {
      if (file !== void 0) futimesSync(file, storeTime, storeTime);
      close();
    },
    close
  };
}
function makeReadOnly(directory) {
  chmodSync(directory, 365);
  utimesSync(directory, storeTime, storeTime);
}
var noSink = {
  startDirectory() {
  },
  endDirectory() {
  },
  symlink() {
  },
  startFile() {
  },
  contents() {
  },
  endFile() {
  },
  close() {
  }
};

// src/cache/read-parts.ts
var mostThreads = 4;
async function readParts({ parts, targets }) {
  const wanted = parts.filter(({ paths }) => paths.some(({ path }) => targets.has(path)));
  const sorted = wanted.sort((a, b) => b.frames.length - a.frames.length);
  const reading = { parts: sorted, targets, taken: new Int32Array(new SharedArrayBuffer(4)) };
  const threads = Math.min(availableParallelism(), mostThreads, sorted.length);
  const others = Array.from({ length: threads - 1 }, () => readBeside(reading));
  await settleAll([...others, readRemainingParts(reading)]);
}
async function readRemainingParts({ parts, targets, taken }) {
  try {
    for (; ; ) {
      const part = parts[Atomics.add(taken, 0, 1)];
      if (part === void 0) return;
      readPart(part, ({ path }) => {
        const target = targets.get(path);
        return target === void 0 ? targets.has(path) ? noSink : void 0 : unpackNar(target);
      });
      await setImmediate();
    }
  } catch (error) {
    Atomics.store(taken, 0, parts.length);
    throw error;
  }
}
function readBeside(reading) {
  const worker = new Worker(new URL(`./parts-worker${extname(import.meta.url)}`, import.meta.url), {
    workerData: reading
  });
  return new Promise((resolve, reject) => {
    worker.once("message", (message) => reject(new DamagedEntry(message)));
    worker.once("error", reject);
    worker.once("exit", () => resolve());
  });
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
  const temporary = await mkdtemp(join4(storeDirectory, ".nix-image-"));
  const targets = new Map(missing.map(({ path }) => [path, join4(temporary, basename(path))]));
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
    if (!lstatSync2(target).isDirectory()) return linkSync(target, path);
    renameSync(target, path);
    makeReadOnly(path);
  } catch (error) {
    if (!hasCode(error, "ENOTEMPTY", "EEXIST", "ENOTDIR")) throw error;
    throw new Failure(`${path} exists but is not valid. Run nix-store --delete ${path}`, { cause: error });
  }
}
function removeTree(path) {
  const openUp = (directory) => {
    chmodSync2(directory, 493);
    for (const entry of readdirSync2(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) openUp(join4(directory, entry.name));
    }
  };
  if (lstatSync2(path, { throwIfNoEntry: false })?.isDirectory()) openUp(path);
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

// src/oci/manifest.ts
function manifestBlob({ config, layers, annotations }) {
  const json = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config,
    layers,
    ...sortedAnnotations(annotations)
  };
  return manifestBlobOf(json);
}
function manifestBlobOf(json) {
  const blob = blobOf(JSON.stringify(json), json.mediaType);
  const { size } = blob.descriptor;
  if (size <= largestJson) return blob;
  const annotations = JSON.stringify(json.annotations ?? {}).length;
  throw new Failure(
    `Cannot publish a manifest of ${size} bytes: registries and engines accept ${largestJson}. Its annotations have ${annotations} bytes, and its list of layers or images the rest. Shorten the longer one.`
  );
}
function sortedAnnotations(annotations) {
  const names = Object.keys(annotations).sort();
  if (names.length === 0) return {};
  return { annotations: Object.fromEntries(names.map((name) => [name, annotations[name] ?? ""])) };
}
function blobOf(content, mediaType) {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return {
    descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length },
    async *open() {
      yield bytes;
    }
  };
}

// src/oci/artifact-manifest.ts
var emptyConfig = blobOf("{}", "application/vnd.oci.empty.v1+json");
function artifactManifest(subject, { content, annotations }) {
  const json = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: content.descriptor.mediaType,
    config: emptyConfig.descriptor,
    layers: [content.descriptor],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    ...sortedAnnotations(annotations)
  };
  return manifestBlobOf(json);
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
  return manifestBlobOf(json);
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
import { createHash as createHash5 } from "node:crypto";
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
  const name = createHash5("sha256").update(parsePackageName(path).name).digest("hex");
  return `${name} ${path}`;
}
function endsGroup({ path, narSize }) {
  const share = createHash5("sha256").update(path).digest().readUInt32BE(0) / 2 ** 32;
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
  const file = join5(directory, `index-${hexOf(artifact.index.digest)}`);
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
    const file = join5(directory, `nars-${randomUUID3()}`);
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
import { createHash as createHash6 } from "node:crypto";
import { rm as rm2 } from "node:fs/promises";
import { join as join6 } from "node:path";

// src/registry/content/blobs.ts
var chunkSize2 = 4 << 20;
var largestChunk = 64 << 20;
var largestConfig = 4 << 20;
async function uploadBlob(client, blob, from) {
  const { digest } = blob.descriptor;
  const upload = { client, blob, url: void 0, inChunks: false };
  return client.retry(`Uploading ${digest}`, async () => {
    const resumed = upload.url === void 0 ? void 0 : await resumeUpload(client, upload.url);
    if (resumed !== void 0) {
      await putChunks(upload, resumed);
      return "uploaded";
    }
    const isFirstTry = upload.url === void 0;
    if (!(isFirstTry && from === "new") && await hasBlob(client, digest)) return isFirstTry ? "exists" : "uploaded";
    const mounted = typeof from === "object" ? await mountBlob(client, digest, from) : void 0;
    const session = mounted ?? await startUpload(client);
    if (session === "mounted") return "mounted";
    upload.url = session.url;
    if (!upload.inChunks && await putWhole(upload, session)) return "uploaded";
    await putChunks(upload, upload.inChunks ? session : await startUpload(client));
    return "uploaded";
  });
}
async function hasBlob(client, digest) {
  const request = { method: "HEAD", to: `blobs/${digest}` };
  const response = await client.request(request);
  if (response.status >= 500 || response.status === 429) throw await client.refusal(request, response);
  await response.discard();
  return response.status === 200 && !hasOtherDigest(response, digest);
}
async function mountBlob(client, digest, from) {
  const to = `blobs/uploads/?mount=${digest}&from=${encodeURIComponent(from.path)}`;
  const response = await client.request({ method: "POST", to, body: emptyBody });
  await response.discard();
  if (response.status === 201 && !hasOtherDigest(response, digest)) return "mounted";
  return response.status === 202 ? sessionOf(response) : void 0;
}
async function startUpload(client) {
  const request = { method: "POST", to: "blobs/uploads/", body: emptyBody };
  const response = await client.request(request);
  const session = response.status === 202 ? sessionOf(response) : void 0;
  if (session === void 0) throw await client.refusal(request, response);
  await response.discard();
  return session;
}
async function resumeUpload(client, url) {
  const response = await client.request({ method: "GET", to: url });
  await response.discard();
  const offset = offsetOf(response);
  if (response.status !== 204 || offset === 0) return void 0;
  return { url, chunkMinimum: chunkMinimumOf(response), ...sessionOf(response), offset };
}
async function putWhole(upload, { url }) {
  const { client, blob } = upload;
  const { digest, size } = blob.descriptor;
  const request = {
    method: "PUT",
    to: withDigest(url, digest),
    headers: { "content-type": "application/octet-stream" },
    body: { size, open: () => blob.open(reuseBuffer) }
  };
  const response = await client.request(request);
  if (response.status === 413) {
    await response.discard();
    return false;
  }
  await expectStored(upload, request, response);
  return true;
}
async function putChunks(upload, { url, offset, chunkMinimum }) {
  const { client, blob } = upload;
  upload.inChunks = true;
  upload.url = url;
  let start = offset;
  for await (const chunk of chunksOf(blob.open(), offset, Math.max(chunkSize2, chunkMinimum))) {
    const request = {
      method: "PATCH",
      to: upload.url,
      headers: {
        "content-type": "application/octet-stream",
        "content-range": `${start}-${start + chunk.length - 1}`
      },
      body: {
        size: chunk.length,
        async *open() {
          yield chunk;
        }
      }
    };
    const response = await client.request(request);
    if (response.status !== 202 && response.status !== 201) throw await uploadRefusal(client, request, response);
    await response.discard();
    upload.url = locationOf(response) ?? upload.url;
    start += chunk.length;
  }
  const end2 = { method: "PUT", to: withDigest(upload.url, blob.descriptor.digest), body: emptyBody };
  await expectStored(upload, end2, await client.request(end2));
}
async function* chunksOf(source, offset, size) {
  let skip = offset;
  let parts = [];
  let length = 0;
  for await (const piece of source) {
    const wanted = piece.subarray(Math.min(skip, piece.length));
    skip -= piece.length - wanted.length;
    parts.push(wanted);
    length += wanted.length;
    while (length >= size) {
      const all = Buffer.concat(parts);
      yield all.subarray(0, size);
      parts = [all.subarray(size)];
      length -= size;
    }
  }
  if (length > 0) yield Buffer.concat(parts);
}
async function expectStored({ client, blob }, request, response) {
  if (![201, 202, 204].includes(response.status)) throw await uploadRefusal(client, request, response);
  await response.discard();
  expectDigest(client, response, blob.descriptor.digest);
}
async function uploadRefusal(client, request, response) {
  const error = await client.refusal(request, response);
  const isUnsettled = [404, 416].includes(error.status) || error.codes.some((code) => /^(BLOB_UPLOAD_|DIGEST_INVALID)/.test(code));
  return isUnsettled ? new UnsettledError(error.message, error) : error;
}
function sessionOf(response) {
  const url = locationOf(response);
  return url === void 0 ? void 0 : { url, offset: 0, chunkMinimum: chunkMinimumOf(response) };
}
function locationOf(response) {
  const location = response.header("location");
  return location === void 0 ? void 0 : resolveLocation(location, response);
}
function chunkMinimumOf(response) {
  const bytes = Number(response.header("oci-chunk-min-length") ?? 0);
  return bytes > 0 ? Math.min(bytes, largestChunk) : 0;
}
function offsetOf(response) {
  const last = /^(?:bytes=)?0-(\d+)$/.exec(response.header("range") ?? "")?.[1];
  return last === void 0 || last === "0" ? 0 : Number(last) + 1;
}
function withDigest(url, digest) {
  const ended = new URL(url);
  ended.search += `${url.search === "" ? "?" : "&"}digest=${encodeURIComponent(digest)}`;
  return ended;
}
var emptyBody = { size: 0, async *open() {
} };
async function checkMayPush(client) {
  await client.retry(`Asking ${client.repository.host} whether a push is allowed`, async () => {
    const request = { method: "POST", to: "blobs/uploads/", body: emptyBody };
    const response = await client.request(request);
    if (response.status !== 202) throw await client.refusal(request, response);
    await response.discard();
    const url = locationOf(response);
    if (url !== void 0) await cancelUpload(client, url);
  });
}
async function cancelUpload(client, url) {
  try {
    await (await client.request({ method: "DELETE", to: url })).discard();
  } catch {
  }
}
async function readBlob(client, { digest, size }, largest = largestConfig) {
  if (size > largest) {
    throw new Failure(
      `Cannot use ${formatRepository(client.repository)}: ${digest}, a config or an artifact, is larger than ${largest >> 20} MiB.`
    );
  }
  const request = { method: "GET", to: `blobs/${digest}` };
  return client.retry(`Reading ${digest}`, async () => {
    const response = await client.request(request);
    if (response.status !== 200) throw await client.refusal(request, response);
    const bytes = await response.bytes(size + 1);
    if (digestOf(bytes) === digest) return bytes;
    throw new Failure(
      `Cannot trust ${formatRepository(client.repository)}: the bytes it sent for the blob ${digest} do not have that digest.`
    );
  });
}
async function* openBlob(client, { digest }) {
  const request = { method: "GET", to: `blobs/${digest}` };
  const response = await client.request(request);
  if (response.status !== 200) throw await client.refusal(request, response);
  yield* response.body;
}

// src/cache/oci/save-oci-entry.ts
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
  const send = async (blob) => {
    const uploaded = await uploadBlob(client, blob, saving.isEmpty ? "new" : void 0);
    if (uploaded === "uploaded") sent += blob.descriptor.size;
    return blob.descriptor;
  };
  const sendParts = async (parts, { mediaType, name }) => {
    const file = join6(directory, `${tag}-${name}`);
    try {
      return await send(await writeBlob(parts, { mediaType, file }));
    } finally {
      await rm2(file, { force: true });
    }
  };
  const descriptors = new Map(known.map(({ paths, descriptor }) => [contentOf(paths), descriptor]));
  const sendGroup = async (paths, i) => descriptors.get(contentOf(paths)) ?? sendParts([writeNars(paths)], { mediaType: entryTypes.group, name: String(i) });
  const index = await sendParts([[writeManifest(manifest)]], { mediaType: entryTypes.index, name: "index" });
  const [groups] = await Promise.all([
    settleAll(groupByName(manifest.paths).map((paths, i) => pool(() => sendGroup(paths, i)))),
    send(emptyConfig)
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
  const hash = createHash6("sha256");
  const size = await writeFrames(file, parts, (piece) => hash.update(piece));
  const descriptor = { mediaType, digest: digestOfHash(hash), size };
  return { descriptor, open: (options) => openFile(file, options) };
}

// src/nar/nar-hash.ts
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

// src/nar/fingerprint.ts
function fingerprintOf({ path, narHash, narSize, references }) {
  return ["1", path, withBase32(narHash), narSize, [...references].sort().join(",")].join(";");
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

// src/registry/content/manifest-links.ts
var largestReferrers = 4 << 20;
var mostReferrers = 1e3;
async function readLinks(client, digest) {
  try {
    const json = objectIn(await getManifest(client, digest));
    return { exists: true, children: digestsIn(json.manifests), subject: digestsIn([json.subject])[0] };
  } catch (error) {
    if (error instanceof RegistryError && error.status === 404)
      return { exists: false, children: [], subject: void 0 };
    throw error;
  }
}
async function listReferrers(client, digest) {
  const first = new URL(`/v2/${client.repository.path}/referrers/${digest}`, client.origin);
  const found = /* @__PURE__ */ new Map();
  for await (const page of readPages(first, (url) => readReferrers(client, { url, digest }))) {
    for (const referrer of page.slice(0, mostReferrers - found.size)) found.set(referrer.digest, referrer);
    if (found.size >= mostReferrers) break;
  }
  return [...found.values()];
}
async function allReferrers(client, digest) {
  const lists = await settleAll([listTaggedReferrers(client, digest), listReferrers(client, digest)]);
  return [...new Map(lists.flat().map((referrer) => [referrer.digest, referrer])).values()];
}
async function listTaggedReferrers(client, digest) {
  const stored = await readManifestIfThere(client, fallbackTagOf(digest));
  return stored === void 0 ? [] : referrersIn(objectIn(stored.bytes));
}
function fallbackTagOf(digest) {
  return `sha256-${hexOf(digest)}`;
}
async function readReferrers(client, { url, digest }) {
  const request = { method: "GET", to: url };
  return client.retry(`Listing the referrers of ${digest}`, async () => {
    const response = await client.request(request);
    const isApi = response.url.origin === client.origin;
    if (isApi && (response.status === 429 || response.status >= 500)) throw await client.refusal(request, response);
    if (!isApi || response.status !== 200) {
      await response.discard();
      return { value: [], next: void 0 };
    }
    const value = referrersIn(objectIn(await response.bytes(largestReferrers)));
    return { value, next: nextPageOf(response, resolveLocation) };
  });
}
function subjectOfTag(tag) {
  const [, hex] = /^sha256-([0-9a-f]{64})(\.[\w.-]+)?$/.exec(tag) ?? [];
  return hex === void 0 ? void 0 : `sha256:${hex}`;
}
function referrersIn({ manifests }) {
  return (Array.isArray(manifests) ? manifests.filter(isObject) : []).flatMap(
    ({ digest, artifactType }) => typeof digest === "string" && isDigest(digest) ? [{ digest, artifactType: typeof artifactType === "string" ? artifactType : void 0 }] : []
  );
}
function digestsIn(manifests) {
  return referrersIn({ manifests }).map(({ digest }) => digest);
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
      const left2 = `${others.length} untagged ${others.length === 1 ? "version is" : "versions are"} left`;
      return { refused: `GitHub does not delete the last tagged version of a package, and ${left2}` };
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

// src/nix/toolchain.ts
import { readlink as readlink2 } from "node:fs/promises";
import { homedir as homedir3 } from "node:os";
import { dirname as dirname3, join as join11 } from "node:path";

// src/nix/install.ts
import { createReadStream as createReadStream2 } from "node:fs";
import { open as open3 } from "node:fs/promises";
import { join as join10 } from "node:path";

// src/nix/adopt.ts
import { randomUUID as randomUUID5 } from "node:crypto";
import { createReadStream } from "node:fs";
import { chmod, lstat as lstat3, mkdir as mkdir3, readdir as readdir4, rename as rename3, symlink } from "node:fs/promises";
import { dirname as dirname2, join as join9 } from "node:path";

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
import { randomUUID as randomUUID4 } from "node:crypto";
import { mkdir as mkdir2, rename as rename2, writeFile } from "node:fs/promises";
import { homedir as homedir2 } from "node:os";
import { dirname, join as join7 } from "node:path";

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
var ownProgram = join7(ownRoot, "bin/nix");
var packagedProgram = "/usr/bin/nix";
var ownCertificates = "/nix/var/nix/gcroots/nix-image-action-certificates";
var ownSettings = join7(ownDirectory, "nix.conf");
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
function withStore(env, url) {
  return { ...env, NIX_CONFIG: [...env.NIX_CONFIG ? [env.NIX_CONFIG] : [], `store = ${url}`].join("\n") };
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
  runtime.exportVariable("NIX_USER_CONF_FILES", [ownSettings, ...userSettings(runtime.env)].join(":"));
  const bundle = join7(ownCertificates, "etc/ssl/certs/ca-bundle.crt");
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
  if (env.NIX_USER_CONF_FILES) return env.NIX_USER_CONF_FILES.split(":").filter((file) => file !== ownSettings);
  const home = env.XDG_CONFIG_HOME || join7(env.HOME || homedir2(), ".config");
  return [home, ...(env.XDG_CONFIG_DIRS || "/etc/xdg").split(":")].map((directory) => join7(directory, "nix/nix.conf"));
}
async function replaceFile(path, text) {
  await mkdir2(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID4()}`;
  await writeFile(temporary, text, { mode: 384 });
  await rename2(temporary, path);
}

// src/nix/unpack-directory.ts
import { mkdtemp as mkdtemp2, readdir as readdir3, rm as rm3, stat } from "node:fs/promises";
import { join as join8 } from "node:path";
var prefix = ".nix-image-action-";
var staleAge2 = 24 * 60 * 60 * 1e3;
function makeUnpackDirectory() {
  return mkdtemp2(join8(nixDirectory, prefix));
}
async function removeUnpacked(directory, runtime) {
  await runtime.exec("chmod", ["-R", "u+w", directory], { env: runtime.env });
  await rm3(directory, { recursive: true, force: true });
}
async function removeStale2(runtime) {
  try {
    for (const name of await readdir3(nixDirectory)) {
      const path = join8(nixDirectory, name);
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
  const store = join9(directory, "store");
  const names = (await readdir4(store)).sort();
  const candidates = names.filter((name) => name.endsWith(`-nix-${release.version}`));
  if (candidates.length === 0) throw withoutNix(release);
  await makeReadOnly2(
    names.map((name) => join9(store, name)),
    runtime
  );
  await mkdir3(storeDirectory, { recursive: true });
  await mkdir3(stateDirectory, { recursive: true });
  const moved = [];
  let nix;
  try {
    for (const name of names) {
      const to = join9(storeDirectory, name);
      if (await moveStorePath(join9(store, name), to)) moved.push(to);
    }
    nix = await findNixPath(candidates);
    if (nix === void 0) throw withoutNix(release);
    await requireVersion(nix, release, runtime);
    await register(nix, join9(directory, ".reginfo"), runtime);
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
    const path = join9(storeDirectory, name);
    if (isExecutable(join9(path, "bin/nix"))) return path;
  }
  return void 0;
}
function withoutNix({ version, url }) {
  return new Failure(`Cannot install Nix ${version}: ${url} contains no store path with bin/nix.`);
}
async function requireVersion(nix, { version }, runtime) {
  const found = await readNixVersion(join9(nix, "bin/nix"), runtime);
  if (found !== version) throw new Failure(`Cannot install Nix ${version}: ${nix} reports that it is Nix ${found}.`);
}
async function register(nix, registration, runtime) {
  const program = join9(nix, "bin/nix-store");
  const { code, stderr } = await runProgram(program, ["--load-db"], {
    env: runtime.env,
    input: createReadStream(registration)
  });
  if (code !== 0) throw new Failure(`Cannot register Nix in ${storeDirectory}: ${stderr.trim()} (exit code ${code}).`);
}
async function linkCertificates(names) {
  for (const name of names) {
    const path = join9(storeDirectory, name);
    if (await pathExists(join9(path, "etc/ssl/certs/ca-bundle.crt"))) return replaceLink(path, ownCertificates);
  }
}
async function replaceLink(target, link) {
  await mkdir3(dirname2(link), { recursive: true });
  const temporary = `${link}.${randomUUID5()}`;
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
  const send = (request) => authorization === void 0 || request.url.origin !== first.origin ? transport.send(request) : transport.send({ ...request, headers: { ...request.headers, authorization } });
  const redirects = { send, resolve: resolveLocation };
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
  let left2 = size;
  for await (const chunk of chunks) {
    if (left2 < chunk.length) yield chunk.subarray(left2);
    left2 = Math.max(0, left2 - chunk.length);
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
import { createHash as createHash7 } from "node:crypto";
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
  const hash = createHash7("sha256");
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
  const file = join10(runtime.temporary, "nix-release.tar.xz");
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
async function readVersionToUse(inputs, runtime) {
  const found = await findInstalled(inputs, runtime);
  if (found !== void 0) return readNixVersion(found, runtime);
  return chooseRelease(inputs, installableSystem(process.platform, process.arch)).version;
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
  const home = env.HOME || homedir3();
  const directories = [
    "/nix/var/nix/profiles/default/bin",
    join11(home, ".nix-profile/bin"),
    "/run/current-system/sw/bin",
    join11(env.XDG_STATE_HOME || join11(home, ".local/state"), "nix/profile/bin"),
    dirname3(ownProgram)
  ];
  for (const directory of directories) {
    const program = join11(directory, "nix");
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
  withStore,
  isOwnInstallation,
  userSettings,
  releaseName,
  installUnpacked,
  openNix,
  releaseToInstall,
  readVersionToUse,
  installedPaths,
  findNix,
  hasZstd,
  NarFault,
  parseNar,
  formatVersion,
  mostLayers,
  areStorePaths,
  sortByReferences,
  isSource,
  DamagedEntry,
  narsOf,
  makeReadOnly,
  readParts,
  restoreEntry,
  layersOf,
  requireSystem,
  requireSpace,
  registrationOf,
  readJobNotes,
  addJobNotes,
  isSigned,
  RegistryError,
  isUnknownContent,
  isDenied,
  openClient,
  isSameRepository,
  byRepository,
  readsAtATime,
  putManifest,
  findManifest,
  readManifestIfThere,
  getManifest,
  listTags,
  resolveTag,
  newestFirst,
  manifestBlob,
  manifestBlobOf,
  sortedAnnotations,
  blobOf,
  emptyConfig,
  artifactManifest,
  parseArtifact,
  readOciEntry,
  uploadBlob,
  hasBlob,
  checkMayPush,
  readBlob,
  openBlob,
  withBase32,
  fingerprintOf,
  trustedKeysOf,
  readEntryTags,
  openLogin,
  openEntries,
  openFiles,
  openCacheAccess,
  buildOf,
  listReferrers,
  allReferrers,
  fallbackTagOf,
  deleteTags,
  openTagStore,
  deleteOldEntries
};
