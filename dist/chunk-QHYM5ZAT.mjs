const { createHash } = globalThis.process.getBuiltinModule("node:crypto");
const { posix } = globalThis.process.getBuiltinModule("node:path");
const { endianness } = globalThis.process.getBuiltinModule("node:os");
import {
  watchMembers
} from "./chunk-4GYQYVDP.mjs";
import "./chunk-25LIPGGA.mjs";
import {
  blocksOf,
  createBlockMemory,
  freeMemory,
  mapConcurrently,
  zstdFrame,
  zstdFramesOf
} from "./chunk-XBGOFGJP.mjs";
import {
  digestOf,
  digestOfHash
} from "./chunk-HEI324TL.mjs";
import {
  Failure,
  inBackground
} from "./chunk-UH7NESJ6.mjs";
import "./chunk-UJB6MNXN.mjs";
import "./chunk-CEWVY5XM.mjs";

// src/pack/zstd-chunked/footer.ts
var skippableMagic = 407710288;
var headerSize = 8;
function footerOf(position, contents, tarSplit) {
  const contentsAt = position + headerSize;
  const tarSplitAt = contentsAt + contents.bytes.length + headerSize;
  const contentsPosition = [contentsAt, contents.bytes.length, contents.plainSize, 1];
  const tarSplitPosition = [tarSplitAt, tarSplit.bytes.length, tarSplit.plainSize];
  const positions = Buffer.alloc(64);
  for (const [i, position2] of [...contentsPosition, ...tarSplitPosition].entries()) {
    positions.writeBigUInt64LE(BigInt(position2), i * 8);
  }
  positions.write("GNUlInUx", 56, "latin1");
  return {
    bytes: Buffer.concat([contents.bytes, tarSplit.bytes, positions].flatMap(skippableFrame)),
    positions: {
      checksum: digestOf(contents.bytes),
      contents: contentsPosition.join(":"),
      tarSplit: tarSplitPosition.join(":")
    }
  };
}
function skippableFrame(bytes) {
  const header = Buffer.alloc(headerSize);
  header.writeUInt32LE(skippableMagic, 0);
  header.writeUInt32LE(bytes.length, 4);
  return [header, bytes];
}

// src/pack/zstd-chunked/tar-index.ts

// src/lib/compress/crc64.ts
var byteFolds = Int32Array.from({ length: 256 }, (_, byte) => foldOf(byte << 24));
var wordFolds = Int32Array.from({ length: 16 }, (_, bits) => foldOf(bits << 31 ^ bits << 29 ^ bits << 28));
var noWords = new Int32Array(0);
var isLittleEndian = endianness() === "LE";
function createCrc64() {
  let low = -1;
  let high = -1;
  return {
    update(bytes) {
      const isFit = isLittleEndian && bytes.byteOffset % 4 === 0;
      const words = isFit ? new Int32Array(bytes.buffer, bytes.byteOffset, (bytes.length >> 3) * 2) : noWords;
      let [l, h] = [low, high];
      for (let i = 0; i < words.length; i += 2) {
        const a = l ^ words[i];
        const b = h ^ words[i + 1];
        l = a ^ (a >>> 1 | b << 31) ^ (a >>> 3 | b << 29) ^ (a >>> 4 | b << 28);
        h = foldOf(b) ^ wordFolds[a & 15];
      }
      for (let at = words.byteLength; at < bytes.length; at++) {
        const fold = byteFolds[(l ^ bytes[at]) & 255];
        l = l >>> 8 | h << 24;
        h = h >>> 8 ^ fold;
      }
      [low, high] = [l, h];
    },
    digest() {
      const sum = Buffer.alloc(8);
      sum.writeInt32BE(~high, 0);
      sum.writeInt32BE(~low, 4);
      return sum;
    }
  };
}
function foldOf(high) {
  return high ^ high >>> 1 ^ high >>> 3 ^ high >>> 4;
}

// src/pack/zstd-chunked/compressed-text.ts
var mostBytes = 150 << 20;
var frameSize = 2 << 20;
function createCompressedText(level, description) {
  const frames = [];
  let parts = [];
  let length = 0;
  let plainSize = 0;
  const compress = () => {
    const bytes = Buffer.from(parts.join(""));
    plainSize += bytes.length;
    if (plainSize > mostBytes) throw new Failure(`Cannot index the layer: its ${description} has more than 150 MiB.`);
    frames.push(inBackground(zstdFrame(bytes, level)));
    parts = [];
    length = 0;
  };
  return {
    add(part) {
      parts.push(part);
      length += part.length;
      if (length >= frameSize) compress();
    },
    async end() {
      compress();
      return { bytes: Buffer.concat(await Promise.all(frames)), plainSize };
    }
  };
}

// src/pack/zstd-chunked/table-of-contents.ts
var types = {
  "0": "reg",
  "1": "hardlink",
  "2": "symlink",
  "3": "char",
  "4": "block",
  "5": "dir",
  "6": "fifo"
};
function createTableOfContents(level) {
  const text = createCompressedText(level, "table of contents");
  let separator = '{"version":1,"entries":[';
  return {
    add(member, extent) {
      text.add(separator + JSON.stringify(entryOf(member, extent)));
      separator = ",";
    },
    end(tarSplit) {
      text.add(`${separator === "," ? "" : separator}],"tarSplitDigest":"${digestOf(tarSplit)}"}`);
      return text.end();
    }
  };
}
function entryOf(member, extent) {
  const type = types[member.flag];
  if (type === void 0) throw new Failure(`Cannot index the layer: "${member.name}" is of an unknown type.`);
  const xattrs = [...member.xattrs].map(([name, value]) => [name, Buffer.from(value, "latin1").toString("base64")]);
  return {
    type,
    name: member.name,
    linkName: member.linkname || void 0,
    mode: member.mode || void 0,
    size: member.size || void 0,
    uid: member.uid || void 0,
    gid: member.gid || void 0,
    modtime: member.mtime,
    accesstime: member.atime,
    changetime: member.ctime,
    devMajor: member.devmajor || void 0,
    devMinor: member.devminor || void 0,
    xattrs: xattrs.length === 0 ? void 0 : Object.fromEntries(xattrs),
    ...extent
  };
}

// src/pack/zstd-chunked/tar-split.ts
function createTarSplit(level) {
  const text = createCompressedText(level, "tar-split");
  let position = 0;
  const add = (entry) => {
    text.add(`${JSON.stringify({ ...entry, position })}
`);
    position += 1;
  };
  return {
    addSegment: (bytes) => add({ type: 2, payload: bytes.toString("base64") }),
    addContent(name, size, sum) {
      add({ type: 1, name, ...sum === void 0 ? {} : { size }, payload: sum?.toString("base64") ?? null });
    },
    end: () => text.end()
  };
}

// src/pack/zstd-chunked/tar-index.ts
function createTarIndex(level) {
  const contents = createTableOfContents(level);
  const tarSplit = createTarSplit(level);
  const marks = [];
  let isGivenUp = false;
  const unlessGivenUp = (body) => {
    if (isGivenUp) return;
    try {
      body();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      isGivenUp = true;
    }
  };
  const addMark = (at, isCut, setPosition) => {
    marks.push({ at, isCut, setPosition: (position) => unlessGivenUp(() => setPosition(position)) });
  };
  const watcher = indexer({ contents, tarSplit, addMark });
  const reader = watchMembers(watcher);
  return {
    read: (chunk) => unlessGivenUp(() => reader.read(chunk)),
    marksUntil(at) {
      const next = marks.findIndex((mark) => mark.at > at);
      return marks.splice(0, next < 0 ? marks.length : next);
    },
    async end() {
      unlessGivenUp(() => reader.end());
      unlessGivenUp(() => watcher.end());
      if (isGivenUp) return void 0;
      try {
        const split = await tarSplit.end();
        return { tarSplit: split, contents: await contents.end(split.bytes) };
      } catch (error) {
        if (error instanceof Failure) return void 0;
        throw error;
      }
    }
  };
}
function indexer({ contents, tarSplit, addMark }) {
  const names = /* @__PURE__ */ new Set(["/"]);
  const parents = /* @__PURE__ */ new Set();
  let file;
  return {
    onHeaders(bytes, member, at) {
      const name = posix.resolve("/", member.name);
      if (name !== "/" && names.has(name)) throw new Failure(`Cannot index the layer: it has "${member.name}" twice.`);
      names.add(name);
      parents.add(posix.dirname(name));
      tarSplit.addSegment(bytes);
      if (member.size === 0) {
        tarSplit.addContent(member.name, 0);
        addMark(at, false, () => contents.add(member));
        return;
      }
      const opened = { member, hash: createHash("sha256"), crc: createCrc64(), offset: 0 };
      file = opened;
      addMark(at, true, (position) => {
        opened.offset = position;
      });
    },
    onContent(bytes) {
      file?.hash.update(bytes);
      file?.crc.update(bytes);
    },
    onContentEnd(at) {
      if (file === void 0) return;
      const { member, hash, crc } = file;
      const ended = file;
      const digest = digestOfHash(hash);
      tarSplit.addContent(member.name, member.size, crc.digest());
      addMark(at, true, (position) => contents.add(member, { digest, offset: ended.offset, endOffset: position }));
    },
    onEnd: (bytes) => tarSplit.addSegment(bytes),
    end() {
      const missing = [...parents].find((name) => !names.has(name));
      if (missing !== void 0) throw new Failure(`Cannot index the layer: it lacks the directory "${missing}".`);
    }
  };
}

// src/pack/zstd-chunked/zstd-chunked.ts
var memory = createBlockMemory(2 << 20);
async function* zstdChunked(tar, level) {
  const index = createTarIndex(level);
  let plain = 0;
  let position = 0;
  const blocks = mapConcurrently(blocksOf(watched(tar, index), memory), async ({ block, length }) => {
    const start = plain;
    plain += length;
    const parts = partsOf(block.subarray(0, length), start, index.marksUntil(plain));
    const frames = await zstdFramesOf(
      parts.map(({ bytes: bytes2 }) => bytes2),
      level
    );
    memory.give(block);
    return parts.map(({ marks }, i) => ({ marks, frame: frames[i] }));
  });
  for await (const frames of blocks) {
    for (const { frame, marks } of frames) {
      yield frame;
      position += frame.length;
      for (const mark of marks) mark.setPosition(position);
    }
    for (const { frame } of frames.slice(0, 1)) freeMemory(frame);
  }
  const ended = await index.end();
  if (ended === void 0) return void 0;
  const { bytes, positions } = footerOf(position, ended.contents, ended.tarSplit);
  yield bytes;
  return positions;
}
async function* watched(tar, index) {
  for await (const chunk of tar) {
    index.read(chunk);
    yield chunk;
  }
}
function partsOf(block, start, marks) {
  const parts = [];
  let from = 0;
  let reached = [];
  const cut = (to) => {
    parts.push({ bytes: block.subarray(from, to), marks: reached });
    from = to;
    reached = [];
  };
  for (const mark of marks) {
    reached.push(mark);
    if (mark.isCut) cut(mark.at - start);
  }
  if (from < block.length || parts.length === 0) cut(block.length);
  return parts;
}
export {
  zstdChunked
};
