import {
  isUtf8,
  textOf
} from "./chunk-25LIPGGA.mjs";
import {
  Failure
} from "./chunk-UH7NESJ6.mjs";

// src/tar/read-header.ts
var blockSize = 512;
var types = {
  "\0": "file",
  "0": "file",
  "7": "file",
  "1": "hardlink",
  "2": "symlink",
  "5": "directory",
  x: "pax",
  g: "pax-global",
  L: "gnu-name",
  K: "gnu-link"
};
var withoutContent = "123456";
function readHeader(block, description) {
  if (block.every((byte) => byte === 0)) return void 0;
  if (readNumber(block, 148, 8) !== checksumOf(block)) {
    throw new Failure(`Cannot read ${description}: it is not a tar archive, or it is damaged (bad header checksum).`);
  }
  const prefix = block.toString("latin1", 257, 262) === "ustar" && block[262] === 0 ? readText(block, 345, 155) : "";
  const name = readText(block, 0, 100);
  const size = readNumber(block, 124, 12);
  if (!Number.isSafeInteger(size)) throw new Failure(`Cannot read ${description}: "${name}" has an invalid size.`);
  const flag = String.fromCharCode(block[156] ?? 0);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    type: types[flag] ?? "other",
    size: withoutContent.includes(flag) ? 0 : size,
    linkname: readText(block, 157, 100)
  };
}
function readPaxRecords(data, description, encoding = "utf8") {
  const records = /* @__PURE__ */ new Map();
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(32, at);
    const length = space < 0 ? Number.NaN : decimalOf(data.toString("latin1", at, space));
    const equals = data.indexOf(61, space);
    const isRecord = length > 0 && at + length <= data.length && equals >= 0 && equals < at + length;
    if (!isRecord || data[at + length - 1] !== 10) {
      throw new Failure(`Cannot read ${description}: it has a damaged PAX header.`);
    }
    records.set(data.toString(encoding, space + 1, equals), data.toString(encoding, equals + 1, at + length - 1));
    at += length;
  }
  return records;
}
function decimalOf(text) {
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
}
function paddedSize(size) {
  return Math.ceil(size / blockSize) * blockSize;
}
function readText(block, start, length) {
  const field2 = block.subarray(start, start + length);
  const end = field2.indexOf(0);
  return field2.toString("utf8", 0, end < 0 ? length : end);
}
function readNumber(block, start, length) {
  if (((block[start] ?? 0) & 128) === 0) {
    const [, digits] = /^ *([0-7]*) *$/.exec(readText(block, start, length)) ?? [];
    return digits === void 0 ? Number.NaN : Number.parseInt(digits || "0", 8);
  }
  if (block[start] !== 128) return Number.NaN;
  let value = 0;
  for (let i = 1; i < length; i++) value = value * 256 + (block[start + i] ?? 0);
  return value;
}
function checksumOf(block) {
  let sum = 0;
  for (let i = 0; i < blockSize; i++) sum += i >= 148 && i < 156 ? 32 : block[i] ?? 0;
  return sum;
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
function unusual(description) {
  return new Failure(`Cannot index the layer: it ${description}.`);
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
function damaged(description) {
  return new Failure(`Cannot index the layer: it ${description}.`);
}

export {
  blockSize,
  readHeader,
  readPaxRecords,
  decimalOf,
  paddedSize,
  watchMembers
};
