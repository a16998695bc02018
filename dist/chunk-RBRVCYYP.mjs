import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  blockSize,
  decimalOf,
  paddedSize,
  readHeader,
  readNumber,
  readPaxRecords
} from "./chunk-REFZ6E6F.mjs";
import {
  isUtf8,
  textOf
} from "./chunk-7T77N3KP.mjs";
import {
  blocksOf,
  createBlockMemory,
  digestOf,
  digestOfHash,
  freeMemory,
  inBackground,
  mapConcurrently,
  zstdFrame,
  zstdFramesOf
} from "./chunk-R6VUWMYB.mjs";
import {
  Failure
} from "./chunk-32ADV6HS.mjs";
import "./chunk-MPN7ELPR.mjs";

// src/pack/zstd-chunked/footer.ts
var skippableMagic = 407710288;
var headerSize = 8;
function footerOf(position, contents, tarSplit) {
  const contentsAt = position + headerSize;
  const tarSplitAt = contentsAt + contents.bytes.length + headerSize;
  const contentsPlace = [contentsAt, contents.bytes.length, contents.plainSize, 1];
  const tarSplitPlace = [tarSplitAt, tarSplit.bytes.length, tarSplit.plainSize];
  const places = Buffer.alloc(64);
  for (const [i, place] of [...contentsPlace, ...tarSplitPlace].entries()) {
    places.writeBigUInt64LE(BigInt(place), i * 8);
  }
  places.write("GNUlInUx", 56, "latin1");
  return {
    bytes: Buffer.concat([contents.bytes, tarSplit.bytes, places].flatMap(skippableFrame)),
    places: {
      checksum: digestOf(contents.bytes),
      contents: contentsPlace.join(":"),
      tarSplit: tarSplitPlace.join(":")
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
import { createHash } from "node:crypto";
import { posix } from "node:path";

// src/lib/compress/crc64.ts
import { endianness } from "node:os";
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

// src/tar/read-member.ts
var mostHeaders = 4 << 20;
var xattrPrefix = "SCHILY.xattr.";
function readMember(bytes) {
  let extensions = { pax: /* @__PURE__ */ new Map(), name: "", linkname: "" };
  for (let at = 0; ; ) {
    const end = at + blockSize;
    if (bytes.length < end) return end;
    const block = bytes.subarray(at, end);
    const header = readHeader(block, "the layer");
    if (header === void 0) {
      if (at > 0) throw unusual("ends after an extended header");
      return void 0;
    }
    if (!isExtension(header.type)) return memberOf(block, extensions);
    const next = end + paddedSize(header.size);
    if (next > mostHeaders) throw unusual("has headers of more than 4 MiB");
    if (bytes.length < next) return next + blockSize;
    extensions = withExtension(extensions, header.type, bytes.subarray(end, end + header.size));
    at = next;
  }
}
function isExtension(type) {
  return type === "pax" || type === "gnu-name" || type === "gnu-link";
}
function withExtension(before, type, data) {
  if (type === "pax") return { ...before, pax: readPaxRecords(data, "the layer", "latin1") };
  const text = untilNul(data.toString("latin1"));
  return type === "gnu-name" ? { ...before, name: text } : { ...before, linkname: text };
}
function memberOf(block, { pax, name, linkname }) {
  const magic = block.toString("latin1", 257, 265);
  const isUstar = magic === "ustar\x0000" && block.toString("latin1", 508, 512) !== "tar\0";
  const isGnu = magic === "ustar  \0" && block.readUInt8(345) === 0 && block.readUInt8(357) === 0;
  if (!isUstar && !isGnu) throw unusual("has headers of an unusual format");
  if ([...pax.keys()].some((key) => key.startsWith("GNU.sparse."))) throw unusual("has a sparse file");
  const text = (key, gnu, ustar) => checkedText(gnu || pax.get(key) || ustar);
  const number = (at, length, key = "") => {
    const value = pax.get(key) ? decimalOf(pax.get(key) ?? "") : readNumber(block, at, length);
    if (!Number.isSafeInteger(value)) throw unusual("has a number out of range");
    return value;
  };
  const time = (key) => pax.get(key) ? timeOf(pax.get(key) ?? "") : void 0;
  const prefix = isUstar ? field(block, 345, 155) : "";
  const flag = flagOf(block);
  const member = {
    name: text("path", name, (prefix === "" ? "" : `${prefix}/`) + field(block, 0, 100)),
    flag,
    linkname: text("linkpath", linkname, field(block, 157, 100)),
    mode: number(100, 8),
    uid: number(108, 8, "uid"),
    gid: number(116, 8, "gid"),
    size: number(124, 12, "size"),
    mtime: time("mtime") ?? timeOf(String(number(136, 12))),
    atime: time("atime"),
    ctime: time("ctime"),
    devmajor: number(329, 8),
    devminor: number(337, 8),
    xattrs: xattrsOf(pax)
  };
  if (flag !== "0" && member.size !== 0) throw unusual("has a link, directory or device with content");
  if (member.name === "" || flag === "0" && member.name.endsWith("/")) throw unusual("has a file without a name");
  return member;
}
function flagOf(block) {
  const flag = String.fromCharCode(block.readUInt8(156));
  if (!"0123456".includes(flag)) throw unusual("has a member of an unusual type");
  return flag;
}
function xattrsOf(pax) {
  const found = [...pax].filter(([key, value]) => key.startsWith(xattrPrefix) && value !== "");
  return new Map(found.map(([key, value]) => [checkedText(key.slice(xattrPrefix.length)), value]));
}
function timeOf(seconds) {
  const [, whole = "", fraction = ""] = /^(\d{1,12})(?:\.(\d{1,9}))?$/.exec(seconds) ?? [];
  const date = new Date(Number(whole || Number.NaN) * 1e3);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999) throw unusual("has an unusual time");
  const digits = fraction.replace(/0+$/, "");
  return `${date.toISOString().slice(0, 19)}${digits === "" ? "" : `.${digits}`}Z`;
}
function checkedText(bytes) {
  if (bytes.includes("\0") || !isUtf8(bytes)) throw unusual("has a name that is not UTF-8");
  return textOf(bytes);
}
function field(block, start, length) {
  return untilNul(block.toString("latin1", start, start + length));
}
function untilNul(bytes) {
  const end = bytes.indexOf("\0");
  return end < 0 ? bytes : bytes.slice(0, end);
}
function unusual(what) {
  return new Failure(`Cannot index the layer: it ${what}.`);
}

// src/tar/watch-members.ts
var endSize = 1 << 16;
function watchMembers(watcher) {
  let segment = Buffer.allocUnsafe(endSize + blockSize);
  let filled = 0;
  let padding = 0;
  let wanted = blockSize;
  let left = 0;
  let isOver = false;
  let position = 0;
  const endSegment = (size) => {
    filled = 0;
    left = size;
    padding = paddedSize(size) - size;
    wanted = padding + (isOver ? endSize : blockSize);
  };
  const endZeros = () => {
    const bytes = segment.subarray(0, filled);
    if (bytes.some((byte, i) => i >= padding && byte !== 0)) throw damaged("goes on behind its end");
    watcher.onEnd(bytes);
    endSegment(0);
  };
  const endHeaders = () => {
    const member = readMember(segment.subarray(padding, filled));
    isOver = member === void 0;
    if (member === void 0 || typeof member === "number") {
      wanted = padding + (member ?? endSize);
      return;
    }
    watcher.onHeaders(segment.subarray(0, filled), member, position);
    endSegment(member.size);
  };
  const takeContent = (bytes) => {
    watcher.onContent(bytes);
    left -= bytes.length;
    if (left === 0) watcher.onContentEnd(position);
  };
  const takeSegment = (bytes) => {
    if (wanted > segment.length) segment = Buffer.concat([segment.subarray(0, filled)], wanted);
    segment.set(bytes, filled);
    filled += bytes.length;
    if (filled < wanted) return;
    if (isOver) endZeros();
    else endHeaders();
  };
  return {
    read(chunk) {
      for (let at = 0; at < chunk.length; ) {
        const isContent = left > 0;
        const bytes = chunk.subarray(at, at + (isContent ? left : wanted - filled));
        at += bytes.length;
        position += bytes.length;
        if (isContent) takeContent(bytes);
        else takeSegment(bytes);
      }
    },
    end() {
      const isWhole = isOver ? (filled - padding) % blockSize === 0 : filled === padding;
      if (left > 0 || filled > 0 && !isWhole) throw damaged("is cut off");
      if (filled > 0) endZeros();
    }
  };
}
function damaged(what) {
  return new Failure(`Cannot index the layer: it ${what}.`);
}

// src/pack/zstd-chunked/compressed-text.ts
var mostBytes = 150 << 20;
var frameSize = 2 << 20;
function createCompressedText(level, what) {
  const frames = [];
  let parts = [];
  let length = 0;
  let plainSize = 0;
  const compress = () => {
    const bytes = Buffer.from(parts.join(""));
    plainSize += bytes.length;
    if (plainSize > mostBytes) throw new Failure(`Cannot index the layer: its ${what} has more than 150 MiB.`);
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
  const addMark = (at, isCut, place) => {
    marks.push({ at, isCut, place: (position) => unlessGivenUp(() => place(position)) });
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
      for (const mark of marks) mark.place(position);
    }
    for (const { frame } of frames.slice(0, 1)) freeMemory(frame);
  }
  const ended = await index.end();
  if (ended === void 0) return void 0;
  const { bytes, places } = footerOf(position, ended.contents, ended.tarSplit);
  yield bytes;
  return places;
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
