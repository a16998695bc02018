import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  layerFactsOf,
  mediaTypeOf,
  withFacts
} from "./chunk-ROPKUCAE.mjs";
import {
  isDescriptor,
  isStorePath
} from "./chunk-G5OCPV4E.mjs";
import {
  zstdWindowLog
} from "./chunk-SMBMXYWF.mjs";
import {
  parseJson
} from "./chunk-LI5CVXRG.mjs";
import {
  bytesOf,
  textOf
} from "./chunk-GPVCC3OF.mjs";
import {
  blocksOf,
  createBlockMemory,
  freeMemory,
  mapConcurrently,
  zstdFrame
} from "./chunk-CNJZ53BR.mjs";
import {
  settleAll
} from "./chunk-3M57GHHF.mjs";
import {
  Failure,
  hasCode,
  messageOf
} from "./chunk-WFDJKZW3.mjs";

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

// src/cache/manifest.ts
var formatVersion = 3;
var largestManifest = 128 << 20;
var mostLayers = 1e4;
function formatEntryManifest({ system, paths, layers, outputs, toolchain }) {
  const rows = paths.map(({ path, narHash, narSize, references, deriver, signatures = [] }) => ({
    ...{ path, narHash, narSize, references },
    ...deriver === void 0 ? {} : { deriver },
    ...signatures.some(isSignature) ? { signatures: signatures.filter(isSignature).slice(0, mostSignatures) } : {}
  }));
  return JSON.stringify({ format: formatVersion, system, paths: rows, layers, outputs, toolchain });
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

// src/cache/nar-tokens.ts
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

// src/cache/read-nar.ts
var longestPath = 4096;
var none = Buffer.alloc(0);
function readNar(next, sink) {
  const input = { next, bytes: none, at: 0, following: none };
  choose(input, narTokens.start);
  readNode(sink, input, "");
  if (left(input) > 0 || nextPiece(input) !== void 0) fail("extra bytes after its end");
}
function left({ bytes, at }) {
  return bytes.length - at;
}
function nextPiece(input) {
  if (input.following.length === 0) return input.next();
  const piece = input.following;
  input.following = none;
  return piece;
}
function need(input, size) {
  while (left(input) < size) {
    const rest = Buffer.from(input.bytes.subarray(input.at));
    const piece = nextPiece(input) ?? fail("it is truncated");
    const more = rest.length === 0 ? piece.length : size - rest.length;
    input.bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece.subarray(0, more)]);
    input.following = piece.subarray(more);
    input.at = 0;
  }
}
function readNode(sink, input, path) {
  choose(input, narTokens.open);
  const type = choose(input, narTokens.regular, narTokens.directory, narTokens.symlink);
  if (type === narTokens.regular) {
    readFile(sink, input, path);
    choose(input, narTokens.close);
  } else if (type === narTokens.directory) {
    sink.startDirectory(path);
    readEntries(sink, input, path);
    sink.endDirectory(path);
  } else {
    const target = readString(input);
    if (target === "" || target.includes("\0")) fail("a symlink with an invalid target");
    sink.symlink(path, target);
    choose(input, narTokens.close);
  }
}
function readEntries(sink, input, path) {
  if (path.length > longestPath) fail("directories too deep");
  for (let last = ""; choose(input, narTokens.entry, narTokens.close) === narTokens.entry; ) {
    const name = readString(input);
    if (name === "" || name === "." || name === ".." || /[/\0]/.test(name)) fail("an invalid name");
    if (name <= last) fail("names out of order");
    last = name;
    choose(input, narTokens.node);
    readNode(sink, input, `${path}/${name}`);
    choose(input, narTokens.close);
  }
}
function readFile(sink, input, path) {
  const mark = choose(input, narTokens.contents, narTokens.executable);
  if (mark === narTokens.executable) choose(input, narTokens.contents);
  const size = readNumber(input);
  sink.startFile(path, mark === narTokens.executable);
  for (let missing = size; missing > 0; ) {
    need(input, 1);
    const piece = input.bytes.subarray(input.at, input.at + missing);
    input.at += piece.length;
    missing -= piece.length;
    sink.contents(piece);
  }
  readPadding(input, size);
  sink.endFile();
}
function choose(input, ...known) {
  const start = 16;
  need(input, start);
  const found = known.find((token) => hasToken(input, token, start));
  if (found === void 0) fail("an unexpected token");
  need(input, found.length);
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
function readString(input) {
  const size = readNumber(input);
  if (size > longestPath) fail("a string too long");
  need(input, size);
  const text = input.bytes.toString("latin1", input.at, input.at + size);
  input.at += size;
  readPadding(input, size);
  return text;
}
function readNumber(input) {
  need(input, 8);
  const number = input.bytes.readUInt32LE(input.at) + 2 ** 32 * input.bytes.readUInt32LE(input.at + 4);
  if (!Number.isSafeInteger(number)) fail("a number too large");
  input.at += 8;
  return number;
}
function readPadding(input, size) {
  const end = padded(size) - size;
  need(input, end);
  for (let i = 0; i < end; i++) {
    if (input.bytes[input.at + i] !== 0) fail("padding that is not zero");
  }
  input.at += end;
}
function fail(description) {
  throw new Failure(`Cannot read a NAR: ${description}.`);
}

// src/cache/write-entry.ts
import { createHash } from "node:crypto";
import { closeSync as closeSync2, openSync as openSync2, writeFileSync } from "node:fs";

// src/cache/write-nar.ts
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync as readSync2 } from "node:fs";

// src/cache/on-disk.ts
function onDisk(path) {
  return Buffer.from(path, "latin1");
}

// src/cache/write-nar.ts
var pieceSize = 1 << 20;
var memory = createBlockMemory(pieceSize);
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
  if (piece.filled > pieceSize - largestRecord) yield* handOut(piece);
  append(piece, narTokens.open);
  if (stats.isDirectory()) {
    append(piece, narTokens.directory);
    for (const name of readdirSync(onDisk(path), "latin1").sort()) {
      if (piece.filled > pieceSize - largestRecord) yield* handOut(piece);
      append(piece, narTokens.entry);
      append(piece, narString(name));
      append(piece, narTokens.node);
      yield* writeNode(`${path}/${name}`, piece);
      if (piece.filled > pieceSize - largestRecord) yield* handOut(piece);
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
      if (piece.filled === pieceSize) yield* handOut(piece);
      const read = readSync2(file, piece.buffer, piece.filled, Math.min(left2, pieceSize - piece.filled), null);
      if (read === 0) throw new Failure(`Cannot archive ${textOf(path)}: it shrank while it was read.`);
      piece.filled += read;
      left2 -= read;
    }
  } finally {
    closeSync(file);
  }
  if (piece.filled > pieceSize - largestRecord) yield* handOut(piece);
  append(piece, Buffer.alloc(padded(size) - size));
}

// src/cache/write-entry.ts
var magic = Buffer.from("nix-image-cache\n", "latin1");
var zstdLevel = 2;
async function writeCacheEntry(file, manifest) {
  return writeFrames(file, partsOf(manifest));
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
  for (const group of groupPaths(manifest.paths)) yield writeNars(group);
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
function openEntry(file) {
  const manifest = readFrames(file, (handle, frames) => parseEntryManifest(readHead(handle, frames)));
  return {
    manifest,
    async fetchParts(wanted) {
      const parts = readFrames(file, (handle, frames) => {
        readHead(handle, frames);
        return takeParts(groupPaths(manifest.paths), { file, frames });
      });
      return parts.filter(({ paths }) => paths.some(({ path }) => wanted.has(path)));
    }
  };
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
    startFile(below, isExecutable) {
      file = openSync4(pathOf(below), "wx");
      fchmodSync(file, isExecutable ? 365 : 292);
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

export {
  hasZstd,
  formatVersion,
  largestManifest,
  mostLayers,
  parseEntryManifest,
  areStorePaths,
  sortByReferences,
  narString,
  writeCacheEntry,
  writeFrames,
  writeManifest,
  writeNars,
  DamagedEntry,
  openEntry,
  findParts,
  readManifestFile,
  withDamageReported,
  narsOf,
  makeReadOnly,
  readParts,
  readRemainingParts
};
