const { parentPort, workerData } = globalThis.process.getBuiltinModule("node:worker_threads");
const { createHash } = globalThis.process.getBuiltinModule("node:crypto");
const { closeSync, openSync } = globalThis.process.getBuiltinModule("node:fs");
const { readSync } = globalThis.process.getBuiltinModule("node:fs");
const zlib = globalThis.process.getBuiltinModule("node:zlib");
const { setImmediate } = globalThis.process.getBuiltinModule("node:timers/promises");
const {
  chmodSync,
  closeSync: closeSync2,
  fchmodSync,
  futimesSync,
  lutimesSync,
  mkdirSync,
  openSync: openSync2,
  symlinkSync,
  utimesSync,
  writeSync
} = globalThis.process.getBuiltinModule("node:fs");
// src/cache/parts-worker.ts

// src/cache/read-entry.ts

// src/lib/compress/block-memory.ts
function createBlockMemory(size, allocate = () => Buffer.allocUnsafeSlow(size)) {
  const spare = [];
  return {
    size,
    take: () => spare.pop() ?? allocate(),
    give: (block) => spare.push(block)
  };
}
function freeMemory({ buffer }) {
  const memory2 = buffer;
  if (memory2.byteLength > Buffer.poolSize) memory2.transfer?.(0);
}

// src/lib/compress/zstd-frames.ts

// src/lib/failure.ts
var Failure = class extends Error {
  name = "Failure";
  /** Where in the checkout the cause is. */
  place;
  log;
  constructor(message, { place, log, ...options } = {}) {
    super(message, options);
    this.place = place;
    this.log = log;
  }
};
function messageOf(error) {
  if (isTooDeep(error)) return "Cannot read a document that is nested thousands of levels deep.";
  if (!(error instanceof Error)) return String(error);
  const [, why] = diskFaults.find(([codes]) => codes.includes(codeOf(error))) ?? [];
  return why === void 0 || error instanceof Failure ? error.message : `${why} (${error.message})`;
}
var diskFaults = [
  [["ENOSPC", "EDQUOT"], "the disk or the quota of this user is full"],
  [["EROFS"], "the file system is mounted read-only"]
];
function codeOf(error) {
  const { code } = error instanceof Error ? error : {};
  return typeof code === "string" ? code : "";
}
function isTooDeep(error) {
  return error instanceof RangeError && error.message === "Maximum call stack size exceeded";
}
function hasCode(error, ...codes) {
  if (!(error instanceof Error)) return false;
  const { code } = error;
  return code !== void 0 && codes.includes(code) || hasCode(error.cause, ...codes);
}

// src/lib/compress/zstd-stream.ts
var zstdWindowLog = 23;
var largestWindow = 2 ** zstdWindowLog;
var smallSlice = 1 << 16;

// src/lib/compress/zstd-frames.ts
var frameSize = 2 << 20;
var largestFrame = frameSize + (64 << 10);
var chunkSize = frameSize + 1;
var plainMemory = createBlockMemory(frameSize);
var frameMemory = createBlockMemory(largestFrame);
var hasZstd = "zstdCompress" in zlib;
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
  const number = input.bytes.readUInt32LE(input.at) + 2 ** 32 * input.bytes.readUInt32LE(input.at + 4);
  if (!Number.isSafeInteger(number)) fail("a number too large");
  input.at += 8;
  return number;
}
function* readPadding(input, size) {
  const end = padded(size) - size;
  if (left(input) < end) yield* readOn(input, end);
  for (let i = 0; i < end; i++) {
    if (input.bytes[input.at + i] !== 0) fail("padding that is not zero");
  }
  input.at += end;
}
function fail(description) {
  throw new NarFault(`Cannot read a NAR: ${description}.`);
}

// src/cache/group-paths.ts
var smallestPart = 8 << 20;

// src/lib/parse-json.ts
var largestJson = 4 << 20;

// src/nar/nix-key.ts
var privatePrefix = Buffer.from("302e020100300506032b657004220420", "hex");
var publicPrefix = Buffer.from("302a300506032b6570032100", "hex");

// src/oci/blob.ts
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

// src/store-path.ts
var storeHash = "[0-9a-z]{32}";
var pathBeforeName = new RegExp(`^.*/${storeHash}-`);
var baseNamePattern = new RegExp(`^${storeHash}-(?!\\.{1,2}(?:-|$))[\\w+.?=-]{1,211}$`);

// src/oci/layer-contents.ts
var storePath = new RegExp(`/[^' ]*/${storeHash}-[0-9A-Za-z+._?=-]{1,211}`, "g");

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

// src/cache/manifest.ts
var largestManifest = 128 << 20;

// src/cache/split-paths.ts
var smallestRest = 32 << 20;

// src/tar/byte-string.ts
function bytesOf(text) {
  return Buffer.from(text, "utf8").toString("latin1");
}
function onDisk(path) {
  return Buffer.from(path, "latin1");
}

// src/nar/write-nar.ts
var pieceSize = 1 << 20;
var memory = createBlockMemory(pieceSize);
var largestRecord = 8 << 10;

// src/cache/write-entry.ts
var magic = Buffer.from("nix-image-cache\n", "latin1");

// src/cache/read-entry.ts
var DamagedEntry = class extends Failure {
  name = "DamagedEntry";
};
var startSize = magic.length + 4;
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
function readPart(part, sinkFor) {
  const handle = openSync(part.file, "r");
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
    closeSync(handle);
  }
}
var pieceSize2 = 64 << 10;
function readChecked({ path, narHash }, next, sink) {
  const hash = createHash("sha256");
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

// src/cache/unpack-nar.ts
var storeTime = 1;
function unpackNar(path) {
  const root = bytesOf(path);
  const pathOf = (below) => onDisk(root + below);
  let file;
  const close = () => {
    if (file !== void 0) closeSync2(file);
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
      file = openSync2(pathOf(below), "wx");
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

// src/cache/parts-worker.ts
try {
  await readRemainingParts(workerData);
} catch (error) {
  if (!(error instanceof DamagedEntry)) throw error;
  parentPort?.postMessage(error.message);
}
