import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  Failure
} from "./chunk-32ADV6HS.mjs";

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
function readHeader(block, what) {
  if (block.every((byte) => byte === 0)) return void 0;
  if (readNumber(block, 148, 8) !== checksumOf(block)) {
    throw new Failure(`Cannot read ${what}: it is not a tar archive, or it is damaged (bad header checksum).`);
  }
  const prefix = block.toString("latin1", 257, 262) === "ustar" && block[262] === 0 ? readText(block, 345, 155) : "";
  const name = readText(block, 0, 100);
  const size = readNumber(block, 124, 12);
  if (!Number.isSafeInteger(size)) throw new Failure(`Cannot read ${what}: "${name}" has an invalid size.`);
  const flag = String.fromCharCode(block[156] ?? 0);
  return {
    name: prefix === "" ? name : `${prefix}/${name}`,
    type: types[flag] ?? "other",
    size: withoutContent.includes(flag) ? 0 : size,
    linkname: readText(block, 157, 100)
  };
}
function readPaxRecords(data, what, encoding = "utf8") {
  const records = /* @__PURE__ */ new Map();
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(32, at);
    const length = space < 0 ? Number.NaN : decimalOf(data.toString("latin1", at, space));
    const equals = data.indexOf(61, space);
    const isRecord = length > 0 && at + length <= data.length && equals >= 0 && equals < at + length;
    if (!isRecord || data[at + length - 1] !== 10) {
      throw new Failure(`Cannot read ${what}: it has a damaged PAX header.`);
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
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? length : end);
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

export {
  blockSize,
  readHeader,
  readPaxRecords,
  decimalOf,
  paddedSize,
  readNumber
};
