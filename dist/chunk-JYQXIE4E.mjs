const { readSync } = globalThis.process.getBuiltinModule("node:fs");
const zlib = globalThis.process.getBuiltinModule("node:zlib");
const { createPrivateKey, createPublicKey, sign, verify } = globalThis.process.getBuiltinModule("node:crypto");
const { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync: readSync2 } = globalThis.process.getBuiltinModule("node:fs");
const { createHash } = globalThis.process.getBuiltinModule("node:crypto");
const { closeSync: closeSync2, openSync: openSync2, writeFileSync } = globalThis.process.getBuiltinModule("node:fs");
const { createHash: createHash2 } = globalThis.process.getBuiltinModule("node:crypto");
const { closeSync: closeSync3, openSync: openSync3 } = globalThis.process.getBuiltinModule("node:fs");
const { constants } = globalThis.process.getBuiltinModule("node:fs");
const { open } = globalThis.process.getBuiltinModule("node:fs/promises");
const { access } = globalThis.process.getBuiltinModule("node:fs/promises");
const { randomUUID } = globalThis.process.getBuiltinModule("node:crypto");
const { mkdir, rename, writeFile } = globalThis.process.getBuiltinModule("node:fs/promises");
const { homedir } = globalThis.process.getBuiltinModule("node:os");
const { dirname, join } = globalThis.process.getBuiltinModule("node:path");
const { dirname: dirname2, join: join2, resolve } = globalThis.process.getBuiltinModule("node:path");
const { readlink } = globalThis.process.getBuiltinModule("node:fs/promises");
const { homedir: homedir2 } = globalThis.process.getBuiltinModule("node:os");
const { dirname: dirname3, join: join3 } = globalThis.process.getBuiltinModule("node:path");
const { readFileSync } = globalThis.process.getBuiltinModule("node:fs");
const { homedir: homedir3 } = globalThis.process.getBuiltinModule("node:os");
const { join: join4 } = globalThis.process.getBuiltinModule("node:path");
const { createHash: createHash3 } = globalThis.process.getBuiltinModule("node:crypto");
const { open: open2 } = globalThis.process.getBuiltinModule("node:fs/promises");
const { randomUUID: randomUUID2 } = globalThis.process.getBuiltinModule("node:crypto");
const { constants: constants2 } = globalThis.process.getBuiltinModule("node:fs");
const { copyFile, lstat, mkdir: mkdir2, open: open3, readdir, rename: rename2, rm } = globalThis.process.getBuiltinModule("node:fs/promises");
const { join: join5 } = globalThis.process.getBuiltinModule("node:path");
const { pipeline } = globalThis.process.getBuiltinModule("node:stream/promises");
const { createHash: createHash4, randomUUID: randomUUID3 } = globalThis.process.getBuiltinModule("node:crypto");
const { join: join6 } = globalThis.process.getBuiltinModule("node:path");
const { createHash: createHash5 } = globalThis.process.getBuiltinModule("node:crypto");
const { createReadStream } = globalThis.process.getBuiltinModule("node:fs");
const { readdir: readdir2 } = globalThis.process.getBuiltinModule("node:fs/promises");
const { join: join7, matchesGlob } = globalThis.process.getBuiltinModule("node:path");
const { pipeline: pipeline2 } = globalThis.process.getBuiltinModule("node:stream/promises");
const { chmodSync, lstatSync: lstatSync2, readdirSync: readdirSync2, rmSync } = globalThis.process.getBuiltinModule("node:fs");
const { join: join8 } = globalThis.process.getBuiltinModule("node:path");
const {
  chmodSync: chmodSync2,
  closeSync: closeSync4,
  fchmodSync,
  futimesSync,
  lutimesSync,
  mkdirSync,
  openSync: openSync4,
  symlinkSync,
  utimesSync,
  writeSync
} = globalThis.process.getBuiltinModule("node:fs");
const { availableParallelism } = globalThis.process.getBuiltinModule("node:os");
const { extname } = globalThis.process.getBuiltinModule("node:path");
const { setImmediate } = globalThis.process.getBuiltinModule("node:timers/promises");
const { linkSync, lstatSync: lstatSync3, renameSync } = globalThis.process.getBuiltinModule("node:fs");
const { mkdtemp, statfs } = globalThis.process.getBuiltinModule("node:fs/promises");
const { basename, join: join9 } = globalThis.process.getBuiltinModule("node:path");
const { createHash: createHash6 } = globalThis.process.getBuiltinModule("node:crypto");
const { randomUUID: randomUUID4 } = globalThis.process.getBuiltinModule("node:crypto");
const { join: join10 } = globalThis.process.getBuiltinModule("node:path");
const { createHash: createHash7 } = globalThis.process.getBuiltinModule("node:crypto");
const { rm: rm2 } = globalThis.process.getBuiltinModule("node:fs/promises");
const { join: join11 } = globalThis.process.getBuiltinModule("node:path");
const { writeFile: writeFile2 } = globalThis.process.getBuiltinModule("node:fs/promises");
const { join: join12 } = globalThis.process.getBuiltinModule("node:path");
import {
  diffIdsOf,
  longestFact,
  mostFacts,
  parseConfig
} from "./chunk-QGRX4KWZ.mjs";
import {
  semver_of_src_default
} from "./chunk-3WZMXA3B.mjs";
import {
  bytesOf,
  onDisk,
  textOf
} from "./chunk-25LIPGGA.mjs";
import {
  EndlessListError,
  GitHubError,
  blocksOf,
  connectionFaultOf,
  createBlockMemory,
  failureOf,
  followRedirects,
  freeMemory,
  isBrokenConnection,
  isLocal,
  isLocalHost,
  isLoopback,
  isStorePath,
  largestJson,
  mapConcurrently,
  namesHost,
  nextPageOf,
  objectIn,
  openGitHubApi,
  openTransport,
  parseJson,
  parseJsonObject,
  parsePackageName,
  readPages,
  resolveLocation,
  retry,
  ruleIds,
  storeDirectory,
  storeHash,
  zstdFrame
} from "./chunk-XBGOFGJP.mjs";
import {
  digestOf,
  digestOfHash,
  formatReference,
  formatRepository,
  hexOf,
  isDigest,
  isTag,
  parseRepository
} from "./chunk-HEI324TL.mjs";
import {
  Failure,
  codeOf,
  createPool,
  findProgram,
  hasCode,
  inBackground,
  isExecutable,
  isObject,
  messageOf,
  oneLine,
  runProgram,
  sentence,
  settleAll,
  untilFailure,
  withoutLogins
} from "./chunk-UH7NESJ6.mjs";

// src/results/result-key.ts
var resultFormat = 2;
function resultKey(decisive) {
  const { system, images } = decisive;
  const spec = [system, images.map(({ inputs }) => [inputs.installable, inputs.contents, inputs["build-args"]])];
  return `nix-image-result-${resultFormat}-${hashOf(spec).slice(0, 12)}-${hashOf(decisive)}`;
}
function isResultKey(tag) {
  return /^nix-image-result-\d+-[0-9a-f]{12}-[0-9a-f]{64}(-\d)?$/.test(tag);
}
function hashOf(value) {
  return hexOf(digestOf(JSON.stringify(value)));
}

// src/lib/compress/zstd-stream.ts
var zstdWindowLog = 23;
var largestWindow = 2 ** zstdWindowLog;
var frameMagic = 4247762216;
var skippableMagic = 407710288;
var smallSlice = 1 << 16;
async function* zstdSlices(source, description, work = { moved: 0 }) {
  let rest = new Uint8Array(0);
  let ahead = 0;
  let isSkipped = false;
  let frame;
  let frames = 0;
  for await (const chunk of source) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    let start = 0;
    for (; ; ) {
      const step = Math.min(ahead, bytes.length - at);
      at += step;
      ahead -= step;
      if (isSkipped) start = at;
      if (ahead > 0) break;
      isSkipped = false;
      if (frame === void 0) {
        if (at > start) yield sliceOf(bytes, start, at);
        start = at;
        const skipped = skippableSize(bytes, at);
        isSkipped = skipped !== void 0;
        frame = isSkipped ? void 0 : readFrameHeader(bytes, at);
        if (skipped === void 0 && frame === void 0) break;
        if (frame !== void 0) checkWindow(frame, description);
        work.moved += frame?.window ?? 0;
        frames += 1;
        ahead = skipped ?? frame?.size ?? 0;
        continue;
      }
      if (bytes.length - at < 3) break;
      const { size, isLast } = readBlockHeader(bytes, at);
      work.moved += frame.window;
      ahead = 3 + size + (isLast && frame.hasChecksum ? 4 : 0);
      if (isLast) frame = void 0;
    }
    if (at > start) yield sliceOf(bytes, start, at);
    rest = Buffer.from(bytes.subarray(at));
  }
  if (rest.length > 0 || ahead > 0 || frame !== void 0 || frames === 0) throw new Error("unexpected end of file");
}
function sliceOf(bytes, start, end2) {
  const slice = bytes.subarray(start, end2);
  return slice.length > smallSlice ? slice : Buffer.from(slice);
}
function skippableSize(bytes, at) {
  if (bytes.length - at < 8) return void 0;
  const view = viewOf(bytes, at);
  return view.getUint32(0, true) >>> 4 === skippableMagic >>> 4 ? 8 + view.getUint32(4, true) : void 0;
}
function readFrameHeader(bytes, at) {
  if (bytes.length - at < 4) return void 0;
  const view = viewOf(bytes, at);
  const magic2 = view.getUint32(0, true);
  if (magic2 >>> 4 === skippableMagic >>> 4) return void 0;
  if (magic2 !== frameMagic) throw new Error("no frame where one should begin");
  if (bytes.length - at < 5) return void 0;
  const descriptor = view.getUint8(4);
  const isSingleSegment = (descriptor & 32) !== 0;
  const dictionaryIdSize = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSizeSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const contentSizeAt = 5 + (isSingleSegment ? 0 : 1) + dictionaryIdSize;
  const size = contentSizeAt + contentSizeSize;
  if (bytes.length - at < size) return void 0;
  return {
    size,
    window: isSingleSegment ? readContentSize(view, contentSizeAt, contentSizeSize) : readWindow(view.getUint8(5)),
    hasChecksum: (descriptor & 4) !== 0
  };
}
function readWindow(descriptor) {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + base / 8 * (descriptor & 7);
}
function readContentSize(view, at, size) {
  if (size === 1) return view.getUint8(at);
  if (size === 2) return view.getUint16(at, true) + 256;
  if (size === 4) return view.getUint32(at, true);
  return Number(view.getBigUint64(at, true));
}
function checkWindow({ window }, description) {
  if (window <= largestWindow) return;
  throw new Failure(
    `Cannot read ${description}: its zstd stream needs a window of ${window} bytes, more than the ${largestWindow} bytes that every decoder supports (RFC 9659). Compress it at level 19 or below, without --long and --ultra.`
  );
}
function readBlockHeader(bytes, at) {
  const header = (bytes[at] ?? 0) | (bytes[at + 1] ?? 0) << 8 | (bytes[at + 2] ?? 0) << 16;
  const isRepeatedByte = (header >> 1 & 3) === 1;
  return { size: isRepeatedByte ? 1 : header >> 3, isLast: (header & 1) === 1 };
}
function viewOf(bytes, at) {
  return new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
}

// src/lib/compress/zstd-frames.ts
var frameSize = 2 << 20;
var largestFrame = frameSize + (64 << 10);
var chunkSize = frameSize + 1;
var plainMemory = createBlockMemory(frameSize);
var frameMemory = createBlockMemory(largestFrame);
var skippableMagic2 = 407710288;
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
    header.writeUInt32LE(skippableMagic2, 0);
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
    const isHeader = header.readUInt32LE(0) === skippableMagic2 && header.readUInt32LE(4) === 4;
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

// src/nar/nix-key.ts
var privatePrefix = Buffer.from("302e020100300506032b657004220420", "hex");
var publicPrefix = Buffer.from("302a300506032b6570032100", "hex");
function signText(text, key) {
  const { name, bytes } = partsOf(key);
  const der = Buffer.concat([privatePrefix, bytes.subarray(0, 32)]);
  const secret = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return `${name}:${sign(null, Buffer.from(text), secret).toString("base64")}`;
}
function isSignature(value) {
  return typeof value === "string" && /^[^:\s\p{C}]{1,200}:[A-Za-z0-9+/]{86}==$/u.test(value);
}
function isSigned(text, signature, keys4) {
  const { name, bytes } = partsOf(signature);
  return keys4.map(partsOf).some((key) => {
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

// src/oci/blob.ts
function isDescriptor(value) {
  if (typeof value !== "object" || value === null) return false;
  const { mediaType, digest, size, annotations } = value;
  return typeof mediaType === "string" && typeof digest === "string" && isDigest(digest) && Number.isSafeInteger(size) && Number(size) >= 0 && (annotations === void 0 || isStringMap(annotations));
}
function isStringMap(value) {
  return typeof value === "object" && value !== null && Object.values(value).every((item) => typeof item === "string");
}
var mediaTypes = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  index: "application/vnd.oci.image.index.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layerTar: "application/vnd.oci.image.layer.v1.tar",
  layerGzip: "application/vnd.oci.image.layer.v1.tar+gzip",
  layerZstd: "application/vnd.oci.image.layer.v1.tar+zstd"
};
var manifestTypes = [
  mediaTypes.manifest,
  "application/vnd.docker.distribution.manifest.v2+json"
];
var indexTypes = [
  mediaTypes.index,
  "application/vnd.docker.distribution.manifest.list.v2+json"
];

// src/oci/layer-contents.ts
function contentsOf(paths) {
  return { paths: paths.map((path) => ({ path })), history: "" };
}
var mostPaths = 2e4;
var storePath = new RegExp(`/[^' ]*/${storeHash}-[0-9A-Za-z+._?=-]{1,211}`, "g");
function contentsInHistory({ json }, count) {
  const entries = (Array.isArray(json.history) ? json.history : []).filter(isObject);
  const ofLayers = entries.filter(({ empty_layer: isEmpty }) => isEmpty !== true);
  if (ofLayers.length !== count) return [];
  let left2 = mostPaths;
  return ofLayers.map(({ comment, created_by: createdBy }) => {
    const said = String(comment || createdBy || "");
    const list = /^store paths: \[(.*)\]$/s.exec(said)?.[1];
    const paths = (list?.match(storePath) ?? []).slice(0, left2);
    left2 -= paths.length;
    return paths.length > 0 ? contentsOf(paths) : { paths: [], history: list?.replaceAll("'", "") ?? said };
  });
}

// src/oci/image.ts
var mediaTypeOf = {
  tar: mediaTypes.layerTar,
  gzip: mediaTypes.layerGzip,
  zstd: mediaTypes.layerZstd
};
var layerEncodings = /* @__PURE__ */ new Map([
  [mediaTypes.layerTar, "tar"],
  [mediaTypes.layerGzip, "gzip"],
  [mediaTypes.layerZstd, "zstd"],
  ["application/vnd.docker.image.rootfs.diff.tar", "tar"],
  ["application/vnd.docker.image.rootfs.diff.tar.gzip", "gzip"],
  ["application/vnd.docker.image.rootfs.diff.tar.zstd", "zstd"]
]);
function layerEncoding({ mediaType, digest }, diffId) {
  const encoding = layerEncodings.get(mediaType);
  return encoding !== void 0 && digest === diffId ? "tar" : encoding;
}
function withBlobsKept(image) {
  return { ...image, layers: image.layers.map((layer) => ({ ...layer, keepsBlob: true })) };
}
function withContents(image) {
  const told = contentsInHistory(image.config, image.layers.length);
  const layers = image.layers.map((layer, i) => ({ ...layer, contents: layer.contents ?? told[i] }));
  return { ...image, layers };
}

// src/oci/chunked-positions.ts
var keys = {
  checksum: "io.github.containers.zstd-chunked.manifest-checksum",
  contents: "io.github.containers.zstd-chunked.manifest-position",
  tarSplit: "io.github.containers.zstd-chunked.tarsplit-position"
};
function annotationsOf({ checksum, contents, tarSplit }) {
  return { [keys.checksum]: checksum, [keys.contents]: contents, [keys.tarSplit]: tarSplit };
}
function chunkedPositionsOf({ annotations = {} }) {
  const checksum = annotations[keys.checksum] ?? "";
  const contents = annotations[keys.contents] ?? "";
  const tarSplit = annotations[keys.tarSplit] ?? "";
  const isWhole = isDigest(checksum) && /^(\d{1,16}:){3}1$/.test(contents) && /^(\d{1,16}:){2}\d{1,16}$/.test(tarSplit);
  return isWhole ? { checksum, contents, tarSplit } : void 0;
}

// src/oci/layer-facts.ts
var keys2 = {
  diffId: "containerd.io/uncompressed",
  identity: "org.nix-image.identity",
  compression: "org.nix-image.compression"
};
function withFacts(descriptor, facts) {
  const { diffId, identity, compression, chunked } = facts;
  return {
    ...descriptor,
    annotations: {
      ...descriptor.annotations,
      [keys2.diffId]: diffId,
      ...identity === void 0 ? {} : { [keys2.identity]: identity },
      ...compression === void 0 ? {} : { [keys2.compression]: compression },
      ...chunked === void 0 ? {} : annotationsOf(chunked)
    }
  };
}
function claimKey(name, { mediaType, digest, size }, facts) {
  const chunked = facts.chunked && annotationsOf(facts.chunked);
  return JSON.stringify([name, facts.diffId, facts.compression, digest, size, mediaType, chunked]);
}
function claimKeys(descriptors) {
  const claims = /* @__PURE__ */ new Set();
  for (const descriptor of descriptors) {
    const facts = layerFactsOf(descriptor);
    for (const name of [facts?.diffId, facts?.identity]) {
      if (facts !== void 0 && name !== void 0) claims.add(claimKey(name, descriptor, facts));
    }
  }
  return claims;
}
function layerFactsOf(descriptor) {
  const { annotations = {} } = descriptor;
  const chunked = chunkedPositionsOf(descriptor);
  const diffId = annotations[keys2.diffId];
  const identity = annotations[keys2.identity];
  const compression = annotations[keys2.compression];
  if (diffId === void 0 || !isDigest(diffId)) return void 0;
  return {
    diffId,
    ...identity === void 0 ? {} : { identity },
    ...compression === void 0 ? {} : { compression },
    ...chunked === void 0 ? {} : { chunked }
  };
}

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

// src/nar/write-nar.ts
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
  return writeFrames(file, partsOf2(manifest));
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
function* partsOf2(manifest) {
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
var pieceSize2 = 64 << 10;
function* narRange(part, path, { offset, size }) {
  const before = part.paths.slice(0, part.paths.indexOf(path));
  const start = before.reduce((sum, { narSize }) => sum + narSize, offset);
  const handle = openSync3(part.file, "r");
  try {
    const frames = part.frames.slice(Math.floor(start / frameSize));
    const input = openPart(handle, { ...part, frames }, freeMemory);
    for (let left2 = start % frameSize; left2 > 0; ) left2 -= input.take(left2).length;
    for (let left2 = size; left2 > 0; ) {
      const piece = Buffer.from(input.take(Math.min(left2, pieceSize2)));
      left2 -= piece.length;
      yield piece;
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
  let memory3 = Buffer.alloc(0);
  let rest = memory3;
  let read = 0;
  const isAtEnd = () => {
    while (rest.length === 0) {
      done(memory3);
      const frame = frames[read++];
      if (frame === void 0) return true;
      memory3 = readZstdFrame(file, frame);
      rest = memory3;
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

// src/check/parse-findings.ts
function parseFindings(value) {
  if (!Array.isArray(value) || value.length > ruleIds.length) throw new Failure("it has an image without findings");
  return value.map(parseFinding);
}
function parseFinding(value) {
  const { rule, platform, facts, others } = isObject(value) ? value : {};
  if (!ruleIds.includes(rule) || typeof platform !== "string" || !/^[\w.-]+(\/[\w.-]+)*$/.test(platform)) {
    throw new Failure("it has a finding without a known rule or a valid platform");
  }
  const areFacts = Array.isArray(facts) && facts.length > 0 && facts.length <= mostFacts;
  if (!areFacts || !facts.every((fact) => typeof fact === "string") || !(Number.isSafeInteger(others) && Number(others) >= 0)) {
    throw new Failure("it has a finding without facts");
  }
  return {
    rule,
    platform,
    // A fact that was cut off has one character more.
    facts: facts.map((fact) => oneLine(fact, longestFact + 1)),
    others: Number(others)
  };
}

// src/oci/check-image.ts
function checkImage(image) {
  const { json, bytes } = image.config;
  const fail2 = (why) => new Failure(`Cannot publish the image: its config ${why}.`);
  for (const field of ["architecture", "os"]) {
    if (!json[field]) throw fail2(`has no ${field}. Engines need one, such as ${field === "os" ? "linux" : "amd64"}`);
  }
  const diffIds = diffIdsOf(image.config);
  if (diffIds !== void 0 && diffIds.length !== image.layers.length) {
    throw fail2(`lists ${diffIds.length} diff_ids, but the image has ${image.layers.length} layers`);
  }
  if (diffIds !== void 0 && isObject(json.rootfs) && json.rootfs.type !== "layers") {
    throw fail2('has no rootfs.type, which must be "layers"');
  }
  if (bytes.length > largestJson) {
    throw fail2(`has ${bytes.length} bytes, more than the ${largestJson} that registries and engines accept`);
  }
}

// src/results/result-entry.ts
var largestEntry = 24 << 20;
var mostLayers2 = 127;
var longestText = 4096;
function formatResult(key, { images, ...result }) {
  const format = ({ config, ...image }) => ({
    ...image,
    config: Buffer.from(config.bytes).toString("base64")
  });
  return JSON.stringify({
    format: resultFormat,
    key,
    ...result,
    images: images.map((platforms) => platforms.map(format))
  });
}
function parseResult(text, key) {
  const json = parseJsonObject(text, "the entry", { largest: largestEntry });
  if (json.format !== resultFormat) throw new Failure(`its format is not ${resultFormat}`);
  if (json.key !== key) throw new Failure("it was saved under another key");
  const { time, run, nixVersion, images } = json;
  if (typeof time !== "string" || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time)) throw new Failure("it has no time");
  if (run !== void 0 && !isWebAddress(run)) throw new Failure("its run is not a web address");
  if (typeof nixVersion !== "string" || !/^\d[\w.+-]{0,50}$/.test(nixVersion))
    throw new Failure("it has no version of Nix");
  return {
    time,
    run,
    nixVersion,
    images: listOf(images, "images").map((platforms) => listOf(platforms, "platforms").map(parseBuilt))
  };
}
function isWebAddress(value) {
  return isText(value) && /^https?:\/\/[!-~]+$/.test(value);
}
function parseBuilt(value) {
  const {
    drvPath,
    config: encoded,
    annotations,
    base,
    meta,
    findings,
    layers: list
  } = isObject(value) ? value : {};
  if (!isStorePath(drvPath)) throw new Failure("it has an image without a derivation");
  if (typeof encoded !== "string") throw new Failure("it has an image without a config");
  const config = parseConfig(Buffer.from(encoded, "base64"), "its config");
  const layers = listOf(list, "layers").map(parseLayer2);
  const diffIds = diffIdsOf(config);
  checkImage({ config, layers });
  if (layers.length > mostLayers2) throw new Failure(`it has an image with ${layers.length} layers`);
  if (diffIds?.some((diffId, i) => diffId !== layerFactsOf(layers[i].descriptor)?.diffId)) {
    throw new Failure("a config in it lists other diffIDs than its layers have");
  }
  return {
    drvPath,
    config,
    annotations: parseAnnotations(annotations),
    base: parseBase(base),
    meta: parseMeta(meta),
    findings: parseFindings(findings),
    layers
  };
}
function parseLayer2(value) {
  const { descriptor, contents } = isObject(value) ? value : {};
  return { descriptor: parseDescriptor(descriptor), contents: parseContents(contents) };
}
function parseDescriptor(value) {
  const facts = isDescriptor(value) ? layerFactsOf(value) : void 0;
  if (!isDescriptor(value) || facts === void 0)
    throw new Failure("it has a layer without a digest, a size or a diffID");
  const { mediaType, digest, size } = value;
  if (!Object.values(mediaTypeOf).includes(mediaType) || layerEncoding(value, facts.diffId) === void 0) {
    throw new Failure("it has a layer whose media type is not one of a layer");
  }
  if (![facts.compression ?? "", facts.identity ?? ""].every(isText))
    throw new Failure("it has a layer with a name that is too long");
  return withFacts({ mediaType, digest, size }, facts);
}
function parseContents(value) {
  if (value === void 0) return void 0;
  const { paths, history } = isObject(value) ? value : {};
  if (!Array.isArray(paths) || !paths.every(isLayerPath) || typeof history !== "string") {
    throw new Failure("it has a layer with malformed contents");
  }
  return { paths, history };
}
function isLayerPath(value) {
  const { path, narSize } = isObject(value) ? value : {};
  return isText(path) && (narSize === void 0 || Number.isSafeInteger(narSize) && Number(narSize) >= 0);
}
function parseAnnotations(value) {
  if (isObject(value) && Object.values(value).every(isText)) return value;
  throw new Failure("it has an image without annotations");
}
function parseBase(value) {
  if (value === void 0) return void 0;
  const { name, digest } = isObject(value) ? value : {};
  if (isText(name) && typeof digest === "string" && isDigest(digest)) return { name, digest };
  throw new Failure("it has a base without a name or a digest");
}
function parseMeta(value) {
  if (value === void 0) return void 0;
  const json = isObject(value) ? value : {};
  const text = (name) => {
    const found = json[name];
    if (found === null || isText(found)) return found;
    throw new Failure(`what it says about a package lacks the ${name}`);
  };
  return {
    description: text("description"),
    license: text("license"),
    homepage: text("homepage"),
    version: text("version")
  };
}
function isText(value) {
  return typeof value === "string" && value.length <= longestText;
}
function listOf(value, name) {
  if (Array.isArray(value) && value.length > 0) return value;
  throw new Failure(`it has no ${name}`);
}

// src/lib/open-file.ts
var memory2 = createBlockMemory(1 << 18);
var smallChunk = 1 << 16;
async function openRegularFile(path) {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Failure(`Cannot read ${path}: it is not a regular file.`);
}
async function* openFile(path, options, { offset, size } = { offset: 0, size: Number.POSITIVE_INFINITY }) {
  const file = await openRegularFile(path);
  try {
    const kept = options?.reuseBuffer ? memory2.take() : void 0;
    for (let at = 0; at < size; ) {
      const block = kept ?? Buffer.allocUnsafeSlow(Math.min(memory2.size, size - at));
      const { bytesRead } = await file.read(block, 0, Math.min(block.length, size - at), offset + at);
      if (bytesRead === 0) break;
      const chunk = block.subarray(0, bytesRead);
      yield bytesRead > smallChunk ? chunk : Buffer.from(chunk);
      at += bytesRead;
    }
    if (kept !== void 0) memory2.give(kept);
  } finally {
    await file.close();
  }
}

// src/lib/read-whole-file.ts
async function readWholeFile(path, limit, description) {
  const file = await openRegularFile(path);
  try {
    const { size } = await file.stat();
    if (size <= limit) return await file.readFile();
    throw new Failure(`Cannot read ${description}: it has ${size} bytes, more than the limit of ${limit}.`);
  } finally {
    await file.close();
  }
}

// src/nix/path-exists.ts
async function pathExists(path) {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

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
var ownProgram = join(ownRoot, "bin/nix");
var packagedProgram = "/usr/bin/nix";
var ownCertificates = "/nix/var/nix/gcroots/nix-image-action-certificates";
var ownSettings = join(ownDirectory, "nix.conf");
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
  const bundle = join(ownCertificates, "etc/ssl/certs/ca-bundle.crt");
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
  const home = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), ".config");
  return [home, ...(env.XDG_CONFIG_DIRS || "/etc/xdg").split(":")].map((directory) => join(directory, "nix/nix.conf"));
}
async function replaceFile(path, text) {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, text, { mode: 384 });
  await rename(temporary, path);
}

// src/nix/read-settings.ts
var largestFile = 1 << 20;
var mostFiles = 50;
async function readSettings(env) {
  const files = [join2(env.NIX_CONF_DIR || "/etc/nix", "nix.conf"), ...userSettings(env).toReversed()];
  const budget = { left: mostFiles };
  const lines = [];
  for (const file of files) lines.push(...await readLines(file, budget));
  return [...lines, ...await expandIncludes(env.NIX_CONFIG ?? "", ".", budget)];
}
async function readLines(file, budget) {
  if (budget.left-- === 0) throw new Failure(`the settings of Nix are in more than ${mostFiles} files`);
  return expandIncludes(await readText(file), dirname2(file), budget);
}
async function expandIncludes(text, directory, budget) {
  const lines = [];
  for (const line of settingsIn(text)) {
    const [, included] = /^!?include\s+(\S+)/.exec(line) ?? [];
    lines.push(...included === void 0 ? [line] : await readLines(resolve(directory, included), budget));
  }
  return lines;
}
async function readText(file) {
  try {
    return (await readWholeFile(file, largestFile, file)).toString("utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return "";
    throw error;
  }
}
var harmless = /^((extra-)?access-tokens|netrc-file|post-build-hook)\s*=/;
function settingsIn(text) {
  const lines = text.split("\n").map((line) => line.replace(/#.*/, "").trim());
  return lines.filter((line) => line !== "" && !harmless.test(line));
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
  throw new Failure(`Cannot install Nix on ${platform} (${arch}). ${adviceFor(platform)}`);
}
function adviceFor(platform) {
  if (platform === "win32") return "Nix does not run on Windows: use a Linux runner, or run the command in WSL.";
  if (platform === "darwin") {
    return "On macOS, install Nix before this step and set builders that build for Linux. Or use a Linux runner.";
  }
  return "This action installs Nix on Linux on x86_64 and aarch64 only. Install Nix 2.8 or newer before this step.";
}

// src/nix/nix-version.ts
function parseNixVersion(output) {
  return /^nix \(.+\) (\d+\.\d\S*)$/m.exec(output)?.[1];
}
function compareVersions(a, b) {
  return semver_of_src_default.compare(coerced(a), coerced(b));
}
function coerced(version) {
  return semver_of_src_default.coerce(version) ?? new semver_of_src_default.SemVer("0.0.0");
}
async function readNixVersion(program, { exec, env }) {
  const { code, stdout, stderr } = await exec(program, ["--version"], { env });
  const version = code === 0 ? parseNixVersion(stdout) : void 0;
  if (version !== void 0) return version;
  throw new Failure(
    `Cannot use ${program}: its --version printed "${(stdout + stderr).trim().slice(0, 500)}" (exit code ${code}). Reinstall that Nix or remove it from PATH.`
  );
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
  const base = parseBase2(inputs.nixUrl ?? "https://releases.nixos.org/nix");
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
function parseBase2(url) {
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

// src/nix/toolchain.ts
async function findInstalled({ nixVersion }, { env }) {
  const program = findProgramOfNix(env);
  const isWanted = program !== ownProgram || nixVersion === void 0 || (await readlink(ownRoot)).endsWith(`-nix-${nixVersion}`);
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
  return [...new Set(await Promise.all(links.map((link) => readlink(link))))];
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
    join3(home, ".nix-profile/bin"),
    "/run/current-system/sw/bin",
    join3(env.XDG_STATE_HOME || join3(home, ".local/state"), "nix/profile/bin"),
    dirname3(ownProgram)
  ];
  for (const directory of directories) {
    const program = join3(directory, "nix");
    if (isExecutable(program)) return program;
  }
  return void 0;
}

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
  const home = env.HOME || homedir3();
  const runtime = env.XDG_RUNTIME_DIR;
  const named = env.REGISTRY_AUTH_FILE;
  return [
    join4(env.DOCKER_CONFIG || join4(home, ".docker"), "config.json"),
    ...named === void 0 || named === "" ? [] : [named],
    ...runtime === void 0 ? [] : [join4(runtime, "containers", "auth.json")],
    join4(env.XDG_CONFIG_HOME || join4(home, ".config"), "containers", "auth.json")
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
    advice: "The host has no /v2/ endpoint, so it is not a registry. Check the host and the port."
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
function adviceFor2({ status, words, registry, action, login }) {
  const row = rows.find(
    (row2) => row2.statuses.includes(status) && (row2.actions?.includes(action) ?? true) && (row2.logins?.includes(login) ?? true) && (row2.registry === void 0 || row2.registry === registry) && (row2.words?.test(words) ?? true)
  );
  return row?.advice ?? "";
}
var unreachable = "Check the host and the port, and that the registry is running.";
var connectionRows = [
  [/^(ECONNREFUSED|ENOTFOUND)$/, unreachable],
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
  const advice = asked === void 0 ? "" : adviceFor2({ ...asked, status, words });
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
async function openRepository(repository, access2) {
  const { log, waits } = access2;
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
  const { source, challenges } = await tryAgain(`Reaching ${repository.host}`, () => ping(repository, access2));
  const { origin } = source.url;
  const login = createLogin({ repository, source, challenges, access: access2 });
  const resolve2 = (to) => typeof to === "string" ? new URL(`/v2/${repository.path}/${to}`, origin) : to;
  return {
    repository,
    origin,
    request: ({ to, ...request }) => followRedirects(
      { ...request, url: resolve2(to) },
      { send: (each) => sendWithLogin(each, { source, login, transport: access2.transport }), resolve: resolveLocation }
    ),
    retry: tryAgain,
    refusal: ({ to, ...request }, response) => {
      const action = actionOf(request);
      const failed = `Cannot ${action} ${action === "push" ? "to" : "from"} ${formatRepository(repository)}`;
      const isOwn = response.url.origin === origin;
      const asked = isOwn ? { registry: repository.host, action, login: login.kind() } : void 0;
      return readRegistryError({ failed, request: { ...request, url: resolve2(to) }, asked }, response);
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
  const { repository, source, access: access2 } = context;
  let { challenges } = context;
  let current;
  const newHeader = async () => {
    const { credentials } = access2;
    const challenge = challenges.find(({ scheme }) => scheme === "bearer");
    if (challenge !== void 0) {
      const scope = `repository:${repository.path}:${access2.actions}`;
      const mountScopes = access2.mountSources.map(({ path }) => `repository:${path}:pull`);
      const token = await fetchToken(access2.transport, {
        challenge,
        registry: source,
        host: repository.host,
        scope,
        mountScopes,
        credentials
      });
      access2.log.secret(token);
      return `Bearer ${token}`;
    }
    const basic = challenges.some(({ scheme }) => scheme === "basic");
    return basic && credentials?.kind === "basic" ? basicOf(credentials) : void 0;
  };
  return {
    kind() {
      if (access2.credentials === void 0) return "none";
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
async function openClient({ host, path }, access2) {
  const repository = { host, path };
  const credentials = await findCredentials(repository, access2);
  if (credentials !== void 0) {
    access2.log.secret(credentials.kind === "basic" ? credentials.password : credentials.token);
  }
  return openRepository(repository, { ...access2, credentials, insecure: namesHost(access2.insecureRegistries, host) });
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
var inDoubt = [401, 403, 429];
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
  const answer = await askReferrersApi(client, digest);
  if (answer instanceof RegistryError) throw new UnknownReferrers(client, digest, answer);
  return answer ?? [];
}
async function allReferrers(client, digest) {
  const answers = await settleAll([askFallbackTag(client, digest), askReferrersApi(client, digest)]);
  const lists = answers.flatMap((answer) => answer === void 0 || answer instanceof RegistryError ? [] : [answer]);
  const denial = answers.find((answer) => answer instanceof RegistryError);
  if (denial !== void 0 && lists.length === 0) throw new UnknownReferrers(client, digest, denial);
  return [...new Map(lists.flat().map((referrer) => [referrer.digest, referrer])).values()];
}
async function listsReferrer(client, subject, digest) {
  const answer = await askReferrersApi(client, subject);
  return Array.isArray(answer) && answer.some((referrer) => referrer.digest === digest);
}
var UnknownReferrers = class extends Failure {
  constructor({ repository }, digest, denial) {
    super(
      `Cannot find out what is attached to ${formatRepository(repository)}@${digest}: ${sentence(denial.message)} The login must be allowed to list referrers and to read tags.`,
      { cause: denial }
    );
  }
};
async function askReferrersApi(client, digest) {
  const first = new URL(`/v2/${client.repository.path}/referrers/${digest}`, client.origin);
  let found;
  try {
    for await (const page of readPages(first, (url) => readReferrers(client, { url, digest }))) {
      if (page === void 0) break;
      found ??= /* @__PURE__ */ new Map();
      for (const referrer of page.slice(0, mostReferrers - found.size)) found.set(referrer.digest, referrer);
      if (found.size >= mostReferrers) break;
    }
  } catch (error) {
    if (isDenied(error)) return error;
    throw error;
  }
  return found && [...found.values()];
}
async function askFallbackTag(client, digest) {
  try {
    const stored = await findManifest(client, fallbackTagOf(digest));
    return stored && referrersIn(objectIn(stored.bytes));
  } catch (error) {
    if (isDenied(error)) return error;
    if (error instanceof RegistryError && [400, 405].includes(error.status)) return void 0;
    throw error;
  }
}
function fallbackTagOf(digest) {
  return `sha256-${hexOf(digest)}`;
}
async function readReferrers(client, { url, digest }) {
  const request = { method: "GET", to: url };
  return client.retry(`Listing the referrers of ${digest}`, async () => {
    const response = await client.request(request);
    const isApi = response.url.origin === client.origin;
    if (isApi && (inDoubt.includes(response.status) || response.status >= 500)) {
      throw await client.refusal(request, response);
    }
    if (!isApi || response.status !== 200) {
      await response.discard();
      return { value: void 0, next: void 0 };
    }
    const index = objectIn(await response.bytes(largestReferrers));
    const value = Array.isArray(index.manifests) ? referrersIn(index) : void 0;
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
async function deleteWithManifests(tagsToDelete, options) {
  const cleanUp = { ...options, tagsToDelete, tags: tagsToDelete, deleted: [], kept: [] };
  const all = new Set(tagsToDelete.values());
  for (const [tag, digest] of tagsToDelete) {
    const name = formatReference({ ...options.client.repository, tag });
    const own = /* @__PURE__ */ new Map([[tag, digest]]);
    const body = async () => {
      const deletion = await deleteWithTags(digest, { tags: own, all }, cleanUp);
      const isLeft = typeof deletion !== "object" && await resolveTag(options.client, tag) === digest;
      return isLeft ? options.tagStore.deleteTag(tag) : deletion;
    };
    if (!await end(name, body, cleanUp)) break;
  }
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
async function openTagStore({ host, path }, { runtime, access: access2 }) {
  const isGitHub = isGitHubRegistry(host, runtime);
  const actions = isGitHub ? "pull" : "pull,delete";
  const client = await openClient({ host, path }, { ...access2, actions, mountSources: [] });
  const tagStore = isGitHub ? await openGitHubTagStore(client, { runtime, access: access2 }) : registryTagStore(client);
  return { client, tagStore };
}
function isGitHubRegistry(registry, { context }) {
  const { repositoryUrl } = context;
  const isServers = repositoryUrl !== void 0 && registry === `containers.${new URL(repositoryUrl).host}`;
  return registry === "ghcr.io" || isServers;
}
async function openGitHubTagStore({ repository }, { runtime, access: access2 }) {
  const { githubToken: token } = access2;
  if (token === void 0) {
    throw new Failure(
      `Cannot clean up ${formatRepository(repository)}: deleting package versions through GitHub's API needs github-token. Set it.`
    );
  }
  const { apiUrl = "https://api.github.com" } = runtime.context;
  const api = openGitHubApi({ apiUrl, token, send: access2.transport.send, log: runtime.log });
  return openContainerPackage(api, repository.path);
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

// src/lib/read-options.ts
var reuseBuffer = { reuseBuffer: true };

// src/registry/content/download-blob.ts
var WrongContent = class extends Failure {
  name = "WrongContent";
};
async function downloadBlob(client, descriptor, path) {
  const file = await open2(path, "w", 384);
  const download2 = { client, descriptor, file, size: 0, hash: createHash3("sha256") };
  try {
    await client.retry(`Reading ${descriptor.digest}`, () => readRest(download2));
    if (download2.size !== descriptor.size || digestOfHash(download2.hash) !== descriptor.digest) throw wrong(download2);
  } finally {
    await file.close();
  }
}
async function readRest(download2) {
  const { client, descriptor, file } = download2;
  if (download2.size > 0 && download2.size === descriptor.size) return;
  const headers = download2.size === 0 ? {} : { range: `bytes=${download2.size}-` };
  const request = { method: "GET", to: `blobs/${descriptor.digest}`, headers };
  const response = await client.request(request);
  if (response.status !== 200 && response.status !== 206) throw await client.refusal(request, response);
  if (!continues(download2, response)) {
    download2.size = 0;
    download2.hash = createHash3("sha256");
  }
  for await (const chunk of response.body) {
    if (download2.size + chunk.length > descriptor.size) throw wrong(download2);
    await file.write(chunk, 0, chunk.length, download2.size);
    download2.hash.update(chunk);
    download2.size += chunk.length;
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
    throw new WrongContent(
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
var ending = ".nix-image-cache";
var temporaryEnding = `${ending}.tmp`;
var staleAge = 24 * 60 * 60 * 1e3;
var pieceSize3 = 1 << 20;
function openDirectoryBackend(directory) {
  const entryPath = (key) => join5(directory, `${key}${ending}`);
  return {
    async find(key, prefixes) {
      const found = await openFirst(directory, key, prefixes);
      await found?.handle.close();
      return found?.key;
    },
    async restore(file, key, prefixes) {
      const found = await openFirst(directory, key, prefixes);
      if (found === void 0) return void 0;
      const target = await open3(file, "w", 384);
      await pipeline(found.handle.createReadStream({ highWaterMark: pieceSize3 }), target.createWriteStream());
      return found.key;
    },
    async save(file, key) {
      await mkdir2(directory, { recursive: true });
      await removeStale(directory);
      const temporary = join5(directory, `.${key}.${randomUUID2()}${temporaryEnding}`);
      try {
        await copyFile(file, temporary, constants2.COPYFILE_EXCL);
        await rename2(temporary, entryPath(key));
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
    (prefix) => entries.filter((entry) => entry.key.startsWith(prefix)).sort((a, b) => b.time - a.time || (a.key < b.key ? -1 : 1))
  );
  for (const entry of [...entries.filter((entry2) => entry2.key === key), ...nearest]) {
    const handle = await openEntryFile(join5(directory, `${entry.key}${ending}`));
    if (handle !== void 0) return { key: entry.key, handle };
  }
  return void 0;
}
async function listEntries(directory) {
  const names = (await listNames(directory)).filter((name) => name.endsWith(ending) && !name.startsWith("."));
  const entries = await Promise.all(
    names.map(async (name) => {
      const stats = await lookAt(join5(directory, name));
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
    handle = await open3(path, constants2.O_RDONLY | constants2.O_NOFOLLOW | constants2.O_NONBLOCK);
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
    const path = join5(directory, name);
    const stats = await lookAt(path);
    if (stats?.isFile() && Date.now() - stats.mtimeMs > staleAge) await rm(path, { force: true }).catch(() => {
    });
  }
}

// src/cache/entry-store.ts
function openFileStore(backend, directory) {
  const fetchRest = async (manifest, key) => {
    const file = join6(directory, `restored-${randomUUID3()}`);
    const rest = restKey(key, manifest);
    if (await backend.restore(file, rest, []) === rest) return file;
    throw new DamagedEntry(`the cache does not have its other file, ${rest}`);
  };
  const saveRest = async (manifest, key) => {
    if (splitPaths(manifest).rest.length === 0) return { size: 0, sent: 0 };
    const file = join6(directory, "saved-rest");
    const size = await writeRest(file, manifest);
    const rest = restKey(key, manifest);
    if (await backend.save(file, rest)) return { size, sent: size };
    return await backend.find(rest, []) === rest ? { size, sent: 0 } : void 0;
  };
  return {
    find: (key, prefixes) => backend.find(key, prefixes),
    async open(key, prefixes) {
      const file = join6(directory, "restored");
      const found = await backend.restore(file, key, prefixes);
      if (found === void 0) return void 0;
      return { key: found, entry: openEntry(file, (manifest) => fetchRest(manifest, found)) };
    },
    async save(manifest, key) {
      const rest = await saveRest(manifest, key);
      if (rest === void 0) return void 0;
      const file = join6(directory, "saved");
      const size = await writeCacheEntry(file, manifest);
      return await backend.save(file, key) ? { size: size + rest.size, sent: size + rest.sent } : void 0;
    }
  };
}
function restKey(key, manifest) {
  const content = JSON.stringify([key, splitPaths(manifest).rest.map(({ path, narHash }) => [path, narHash])]);
  return `nix-image-rest-${formatVersion}-${createHash4("sha256").update(content).digest("hex")}`;
}

// src/lib/once.ts
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

// src/cache/cache-key.ts
var lockFiles = [/(^|\/)flake\.lock$/, /(^|\/)npins\/sources\.json$/, /(^|\/)nix\/sources\.json$/];
async function cacheKey({ directory, patterns, system, spec, ...rest }) {
  const { extra, toolchain } = rest;
  const { files, unreadable } = await findFiles(directory, patterns);
  const locks = createHash5("sha256");
  addField(locks, extra);
  for (const file of files) {
    const hash = await orUnreadable(file, unreadable, () => hashFile(join7(directory, file)));
    addField(locks, file);
    addField(locks, hash ?? "unreadable");
  }
  const forSystem = `nix-image-${formatVersion}-${system}-`;
  const forSpec = `${forSystem}${createHash5("sha256").update(spec).digest("hex").slice(0, 12)}-`;
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
  const hash = createHash5("sha256");
  await pipeline2(createReadStream(path), hash);
  return hash.digest("hex");
}
async function findFiles(directory, patterns) {
  const isWanted = (file) => lockFiles.some((name) => name.test(file)) || patterns.some((pattern) => matchesGlob(file, pattern));
  const files = [];
  const unreadable = [];
  for (const rest = [""]; rest.length > 0; ) {
    const below = rest.pop();
    const list = () => readdir2(join7(directory, below), { withFileTypes: true });
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
function replacementKey(key, number2) {
  return `${key}-${number2}`;
}
function isReplacement(key) {
  return /-\d$/.test(key);
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
  for (const prefix of prefixes) {
    const nearest = newestOf((one) => one.key.startsWith(prefix));
    if (nearest !== void 0) return nearest;
  }
  return void 0;
}
function newestFirst(a, b) {
  return b.time - a.time || (a.tag < b.tag ? 1 : -1);
}

// src/lib/remove-tree.ts
function removeTree(path) {
  const openUp = (directory) => {
    chmodSync(directory, 493);
    for (const entry of readdirSync2(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) openUp(join8(directory, entry.name));
    }
  };
  if (lstatSync2(path, { throwIfNoEntry: false })?.isDirectory()) openUp(path);
  rmSync(path, { recursive: true, force: true });
}

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

// src/cache/unpack-nar.ts
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
  chmodSync2(directory, 365);
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
var fewestFrames = 4;
async function readParts({ parts, targets }, cancelled) {
  const wanted = parts.filter(({ paths }) => paths.some(({ path }) => targets.has(path)));
  const sorted = wanted.sort((a, b) => b.frames.length - a.frames.length);
  const reading = { parts: sorted, targets, taken: new Int32Array(new SharedArrayBuffer(4)) };
  const left2 = sorted.slice(1).reduce((sum, { frames }) => sum + frames.length, 0);
  const threads = Math.min(Math.min(availableParallelism(), mostThreads) - 1, Math.floor(left2 / fewestFrames));
  const stop = () => stopReading(reading);
  cancelled?.addEventListener("abort", stop);
  try {
    const others = Array.from({ length: threads }, () => readBeside(reading));
    await settleAll([...others, readRemainingParts(reading)]);
  } finally {
    cancelled?.removeEventListener("abort", stop);
  }
  cancelled?.throwIfAborted();
}
function stopReading({ taken, parts }) {
  Atomics.store(taken, 0, parts.length);
}
async function readRemainingParts(reading) {
  const { parts, targets, taken } = reading;
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
    stopReading(reading);
    throw error;
  }
}
function readBeside(reading) {
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  const worker = new Worker(new URL(`./parts-worker${extname(import.meta.url)}`, import.meta.url), {
    workerData: reading
  });
  return new Promise((resolve2, reject) => {
    worker.once("message", (message) => reject(new DamagedEntry(message)));
    worker.once("error", reject);
    worker.once("exit", () => resolve2());
  });
}

// src/cache/restore-entry.ts
async function restoreEntry(entry, { store, system, isWanted = () => true, runtime }) {
  requireSystem(entry, system);
  const { paths, layers } = entry.manifest;
  const missing = paths.filter((path) => !store.valid.has(path.path) && isWanted(path));
  await requireReferences(paths, missing, store);
  const size = missing.reduce((sum, { narSize }) => sum + narSize, 0);
  const parts = await entry.fetchParts(new Set(missing.map(({ path }) => path)));
  await requireSpace(size, storeDirectory);
  if (missing.length > 0) {
    if (store.isOwn) {
      const work = unpackAndRegister(parts, missing, { store, cancelled: runtime?.cancelled });
      await (runtime?.holdExit(work) ?? work);
    } else await checkAndImport(parts, missing, store);
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
async function unpackAndRegister(parts, missing, { store, cancelled }) {
  const temporary = await mkdtemp(join9(storeDirectory, ".nix-image-"));
  const targets = new Map(missing.map(({ path }) => [path, join9(temporary, basename(path))]));
  const moved = [];
  const unpack = async () => {
    await readParts({ parts, targets }, cancelled);
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
    if (!lstatSync3(target).isDirectory()) return linkSync(target, path);
    renameSync(target, path);
    makeReadOnly(path);
  } catch (error) {
    if (!hasCode(error, "ENOTEMPTY", "EEXIST", "ENOTDIR")) throw error;
    throw new Failure(`${path} exists but is not valid. Run nix-store --delete ${path}`, { cause: error });
  }
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
var keys3 = {
  tag: "org.nix-image.entry",
  created: "org.opencontainers.image.created",
  signature: "org.nix-image.signature"
};
function artifactBlob({ artifactType, tag, layers, created, signature }) {
  const json = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType,
    config: emptyConfig.descriptor,
    layers: layers.map(({ mediaType, digest, size }) => ({ mediaType, digest, size })),
    annotations: {
      [keys3.tag]: tag,
      ...created === void 0 ? {} : { [keys3.created]: created },
      ...signature === void 0 ? {} : { [keys3.signature]: signature }
    }
  };
  return manifestBlobOf(json);
}
function parseArtifact(bytes, { artifactType, tag }) {
  const { layers, annotations } = parseJsonObject(bytes, "its manifest");
  const said = isObject(annotations) ? annotations : {};
  const [first, ...others] = Array.isArray(layers) && layers.every(isDescriptor) ? layers : [];
  if (first === void 0) throw new Failure("it is not an entry of the store cache");
  if (said[keys3.tag] !== tag) throw new Failure("it was saved under another tag");
  const { [keys3.created]: created, [keys3.signature]: signature } = said;
  const artifact = {
    ...{ artifactType, tag, layers: [first, ...others] },
    ...typeof created === "string" ? { created } : {},
    ...isSignature(signature) ? { signature } : {}
  };
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
  const name = createHash6("sha256").update(parsePackageName(path).name).digest("hex");
  return `${name} ${path}`;
}
function endsGroup({ path, narSize }) {
  const share = createHash6("sha256").update(path).digest().readUInt32BE(0) / 2 ** 32;
  return share < narSize / averageGroup;
}

// src/cache/oci/read-oci-entry.ts
var downloadsAtATime = 8;
async function readOciEntry(tag, reading) {
  const { client, directory, trustedKeys } = reading;
  const stored = await findManifest(client, tag);
  if (stored === void 0) return void 0;
  const artifact = withDamageReported(() => {
    const parsed = parseArtifact(stored.bytes, { artifactType: entryTypes.artifact, tag });
    if (trustedKeys.length > 0) requireSignature(parsed, trustedKeys);
    return parsed;
  });
  const [index, ...blobs] = artifact.layers;
  if (index.size > largestManifest) throw new DamagedEntry(`its list of paths has ${index.size} bytes`);
  const file = join10(directory, `index-${hexOf(index.digest)}`);
  await download(client, index, file);
  return withDamageReported(() => {
    const manifest = parseEntryManifest(readManifestFile(file).toString());
    const grouped = groupByName(manifest.paths);
    if (grouped.length !== blobs.length) throw new Failure("it has other NARs than its manifest names");
    const groups = grouped.map((paths, i) => ({ paths, descriptor: blobs[i] }));
    const fetch = createFetch(reading);
    const isWantedBy = (wanted) => (group) => group.paths.some(({ path }) => wanted.has(path));
    return { manifest, groups, fetchParts: (wanted) => fetch(groups.filter(isWantedBy(wanted))) };
  });
}
function createFetch({ client, directory }) {
  const pool = createPool(downloadsAtATime);
  const fetched = /* @__PURE__ */ new Map();
  const fetchGroup = async ({ paths, descriptor }) => {
    const file = join10(directory, `nars-${randomUUID4()}`);
    await download(client, descriptor, file);
    return findParts(file, [paths])[0];
  };
  return async (groups) => {
    const fresh = groups.filter((group) => !fetched.has(group));
    const size = fresh.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
    const checkingSpace = inBackground(requireSpace(size, directory));
    const run = untilFailure(pool);
    for (const group of fresh) {
      const fetching = run(async () => {
        await checkingSpace;
        return fetchGroup(group);
      });
      fetched.set(group, fetching);
      fetching.catch(() => fetched.delete(group));
    }
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
var groupsAtATime = 5;
async function saveOciEntry(manifest, tag, saving) {
  try {
    return await save(manifest, tag, saving);
  } catch (error) {
    if (!isUnknownContent(error)) throw error;
    return save(manifest, tag, { ...saving, known: [], sendsAll: false });
  }
}
async function save(manifest, tag, saving) {
  const { client, directory, known, signingKey } = saving;
  const pool = untilFailure(createPool(groupsAtATime));
  let sent = 0;
  const send = async (blob) => {
    const uploaded = await uploadBlob(client, blob, saving.sendsAll ? "new" : void 0);
    if (uploaded === "uploaded") sent += blob.descriptor.size;
    return blob.descriptor;
  };
  const sendParts = async (parts, { mediaType, name }) => {
    const file = join11(directory, `${tag}-${name}`);
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
  const unsigned = { artifactType: entryTypes.artifact, tag, layers: [index, ...groups] };
  const artifact = artifactBlob(signingKey === void 0 ? unsigned : signArtifact(unsigned, signingKey));
  await putManifest(client, artifact, tag);
  const size = unsigned.layers.reduce((sum, blob) => sum + blob.size, 0);
  return { tag, size, sent: sent + artifact.descriptor.size };
}
function contentOf(paths) {
  return JSON.stringify(paths.map(({ path, narHash, narSize }) => [path, narHash, narSize]));
}
async function writeBlob(parts, { file, mediaType }) {
  const hash = createHash7("sha256");
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
        // A registry may say of a lost or damaged blob that it exists, and then only sending it again repairs it.
        sendsAll: isReplacement(key) || (await listing()).length === 0
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

// src/results/file-results.ts
function openFileResults(cache, directory) {
  const file = join12(directory, "result");
  return {
    async read(entry) {
      if (await cache.restore(file, entry, []) !== entry) return void 0;
      try {
        return await readWholeFile(file, largestEntry, "the entry");
      } catch (error) {
        throw error instanceof Failure ? new DamagedEntry(error.message, { cause: error }) : error;
      }
    },
    async save(entry, text) {
      await writeFile2(file, text);
      return cache.save(file, entry);
    }
  };
}

// src/results/oci-results.ts
var resultTypes = {
  artifact: "application/vnd.nix-image.result.v1",
  content: "application/vnd.nix-image.result.v1+json"
};
function openOciResults(options, actions) {
  const { repository, access: access2, signingKey } = options;
  const trustedKeys = trustedKeysOf(options.trustedKeys, signingKey);
  const open4 = once(() => openClient(repository, { ...access2, actions, mountSources: [] }));
  return {
    async read(entry) {
      const client = await open4();
      const stored = await unlessDenied(() => findManifest(client, entry));
      if (stored === void 0) return void 0;
      const content = withDamageReported(() => {
        const artifact = parseArtifact(stored.bytes, { artifactType: resultTypes.artifact, tag: entry });
        if (trustedKeys.length > 0) requireSignature(artifact, trustedKeys);
        const [{ size }] = artifact.layers;
        if (size > largestEntry) throw new Failure(`it has ${size} bytes, more than the limit of ${largestEntry}`);
        return artifact.layers[0];
      });
      return readContent(client, content);
    },
    async save(entry, text) {
      const client = await open4();
      const content = blobOf(text, resultTypes.content);
      await settleAll([uploadBlob(client, content, "new"), uploadBlob(client, emptyConfig)]);
      const unsigned = {
        ...{ artifactType: resultTypes.artifact, tag: entry, layers: [content.descriptor] },
        created: new Date(options.now()).toISOString()
      };
      if (await unlessDenied(() => resolveTag(client, entry)) !== void 0) return false;
      const artifact = signingKey === void 0 ? unsigned : signArtifact(unsigned, signingKey);
      await putManifest(client, artifactBlob(artifact), entry);
      return true;
    }
  };
}
async function readSavedResult(client, tag) {
  const stored = await findManifest(client, tag);
  if (stored === void 0) return void 0;
  try {
    const { created = "" } = parseArtifact(stored.bytes, { artifactType: resultTypes.artifact, tag });
    const time = Date.parse(created);
    return Number.isNaN(time) ? void 0 : { tag, key: tag, time, digest: digestOf(stored.bytes) };
  } catch (error) {
    if (error instanceof Failure) return void 0;
    throw error;
  }
}
async function unlessDenied(read) {
  try {
    return await read();
  } catch (error) {
    if (isDenied(error)) return void 0;
    throw error;
  }
}
async function readContent(client, content) {
  try {
    return await readBlob(client, content, largestEntry);
  } catch (cause) {
    const isLost = cause instanceof RegistryError && cause.status === 404;
    throw isLost || cause instanceof WrongContent ? new DamagedEntry(messageOf(cause), { cause }) : cause;
  }
}

// src/stages/build/open-entries.ts
function openEntries(inputs, runtime) {
  const options = ociOptions(inputs, runtime);
  if (options !== void 0) return openOciStore(options);
  const backend = openFiles(inputs.cache, runtime);
  return backend && openFileStore(backend, runtime.temporary);
}
function openResults(inputs, runtime, actions) {
  const options = ociOptions(inputs, runtime);
  if (options !== void 0) return openOciResults(options, actions);
  const backend = openFiles(inputs.cache, runtime);
  return backend && openFileResults(backend, runtime.temporary);
}
function ociOptions(inputs, runtime) {
  const { registry } = inputs.cache;
  if (registry === void 0) return void 0;
  return {
    signingKey: void 0,
    ...registry,
    access: openCacheAccess(inputs, runtime),
    directory: runtime.temporary,
    trustedKeys: inputs.nix.trustedPublicKeys,
    now: runtime.now
  };
}
function openFiles({ directory, binaryCache }, { cache, resolve: resolve2 }) {
  if (binaryCache !== void 0) return void 0;
  return directory === void 0 ? cache : openDirectoryBackend(resolve2(directory));
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

export {
  resultKey,
  isResultKey,
  zstdWindowLog,
  zstdSlices,
  hasZstd,
  NarFault,
  parseNar,
  isSigned,
  isDescriptor,
  mediaTypes,
  manifestTypes,
  indexTypes,
  contentsOf,
  contentsInHistory,
  mediaTypeOf,
  layerEncoding,
  withBlobsKept,
  withContents,
  chunkedPositionsOf,
  withFacts,
  claimKey,
  claimKeys,
  layerFactsOf,
  formatVersion,
  mostLayers,
  areStorePaths,
  sortByReferences,
  isSource,
  DamagedEntry,
  withDamageReported,
  narRange,
  checkImage,
  largestEntry,
  formatResult,
  parseResult,
  openRegularFile,
  openFile,
  readWholeFile,
  pathExists,
  canBeRoot,
  runAsRoot,
  ownDirectory,
  ownRoot,
  ownProgram,
  packagedProgram,
  ownCertificates,
  withNixConfig,
  withStore,
  isOwnInstallation,
  exportInstallation,
  readSettings,
  nixSystem,
  imageArchitecture,
  hostArchitecture,
  installableSystem,
  compareVersions,
  readNixVersion,
  chooseRelease,
  releaseName,
  findInstalled,
  releaseToInstall,
  readVersionToUse,
  installedPaths,
  environmentOf,
  findNix,
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
  allReferrers,
  listsReferrer,
  UnknownReferrers,
  fallbackTagOf,
  deleteTags,
  deleteWithManifests,
  openTagStore,
  manifestBlob,
  manifestBlobOf,
  sortedAnnotations,
  blobOf,
  reuseBuffer,
  uploadBlob,
  hasBlob,
  checkMayPush,
  readBlob,
  openBlob,
  openLogin,
  cacheKey,
  keyIncludesToolchain,
  replacementKey,
  findNewest,
  newestFirst,
  removeTree,
  makeReadOnly,
  readParts,
  restoreEntry,
  layersOf,
  requireSystem,
  requireSpace,
  registrationOf,
  emptyConfig,
  artifactManifest,
  entryTypes,
  parseArtifact,
  isArtifact,
  readOciEntry,
  withBase32,
  fingerprintOf,
  trustedKeysOf,
  readEntryTags,
  readSavedResult,
  openEntries,
  openResults,
  openCacheAccess
};
