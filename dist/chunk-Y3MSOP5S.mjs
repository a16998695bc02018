import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  chunkedPositionsOf,
  decompress,
  decompressReusing,
  isAscii,
  isUtf8,
  mediaTypeOf,
  openFile,
  reuseBuffer,
  textOf,
  withFacts
} from "./chunk-HBQZMXVE.mjs";
import {
  blocksOf,
  collectFiles,
  compress,
  compressionName,
  createBlockMemory,
  defaultCompression,
  encodingOf,
  startSize,
  storeDirectory
} from "./chunk-HSNXDN4F.mjs";
import {
  digestOfHash
} from "./chunk-LZSYUQMR.mjs";
import {
  Failure,
  messageOf
} from "./chunk-WFDJKZW3.mjs";

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

// src/pack/meter.ts
import { createHash } from "node:crypto";
function createMeter() {
  const hash = createHash("sha256");
  let size = 0;
  return {
    async *through(source) {
      for await (const chunk of source) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    },
    size: () => size,
    digest: () => digestOfHash(hash)
  };
}
async function drain(source) {
  for await (const _ of source) ;
}

// src/check/watch-tar.ts
var types2 = {
  "0": "file",
  "1": "hardlink",
  "2": "symlink",
  "5": "directory"
};
function watchTar(collector) {
  const start = Buffer.allocUnsafe(startSize);
  let isWhole = true;
  let member;
  let filled = 0;
  const report = (content) => {
    if (member === void 0) return;
    collector.add({ ...member, type: types2[member.flag] ?? "other" }, content);
    member = void 0;
  };
  const watcher = watchMembers({
    onHeaders(_, headers) {
      member = headers;
      filled = 0;
      if (headers.size === 0) report(start.subarray(0, 0));
    },
    onContent(bytes) {
      if (member === void 0) return;
      const wanted = Math.min(startSize, member.size) - filled;
      start.set(bytes.subarray(0, wanted), filled);
      filled += Math.min(wanted, bytes.length);
      if (bytes.length >= wanted) report(start.subarray(0, filled));
    },
    onContentEnd() {
    },
    onEnd() {
    }
  });
  const unlessUnusual = (body) => {
    if (!isWhole) return;
    try {
      body();
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      isWhole = false;
    }
  };
  return {
    read: (chunk) => unlessUnusual(() => watcher.read(chunk)),
    end() {
      unlessUnusual(() => watcher.end());
      return collector.end(isWhole);
    }
  };
}

// src/check/watch-layer.ts
function watchLayer({ reportsMembers }, budget) {
  if (budget === void 0) return { options: reuseBuffer, through: (tar) => tar, files: () => void 0 };
  const collector = collectFiles(budget);
  if (reportsMembers !== true) {
    const watcher = watchTar(collector);
    return { options: reuseBuffer, through: (tar) => passing(tar, watcher), files: watcher.end };
  }
  const onMember = (member, start) => {
    const { name, linkname } = member;
    const isText = isAscii(name) && (linkname === "" || isAscii(linkname));
    collector.add(isText ? member : { ...member, name: textOf(name), linkname: textOf(linkname) }, start);
  };
  return { options: { ...reuseBuffer, onMember }, through: (tar) => tar, files: () => collector.end(true) };
}
async function* passing(tar, watcher) {
  for await (const chunk of tar) {
    watcher.read(chunk);
    yield chunk;
  }
}

// src/pack/buffer-blob.ts
import { open } from "node:fs/promises";
import { dirname } from "node:path";
var memory = createBlockMemory(1 << 17);
var mostBlocks = 128;
var blocksKept = 0;
async function onDisk(work, file) {
  try {
    return await work;
  } catch (cause) {
    const advice = "Free some space there, or set TMPDIR (on a runner: RUNNER_TEMP) to a directory with room for all layers.";
    throw new Failure(`Cannot keep a layer in ${dirname(file)}: ${messageOf(cause)}. ${advice}`, { cause });
  }
}
async function bufferBlob(source, file) {
  const kept = [];
  const release = () => {
    blocksKept -= kept.length;
    for (const { buffer } of kept.splice(0)) memory.give(Buffer.from(buffer));
  };
  let handle;
  try {
    for await (const { block, length } of blocksOf(source, memory)) {
      const bytes = block.subarray(0, length);
      if (handle === void 0 && blocksKept < mostBlocks) {
        kept.push(bytes);
        blocksKept += 1;
        continue;
      }
      handle ??= await onDisk(open(file, "w"), file);
      for (const part of kept) await onDisk(handle.writeFile(part), file);
      release();
      await onDisk(handle.writeFile(bytes), file);
      memory.give(block);
    }
  } catch (error) {
    release();
    throw error;
  } finally {
    await handle?.close();
  }
  if (handle !== void 0) return { open: (options) => openFile(file, options), release };
  return {
    async *open() {
      yield* kept;
    },
    release
  };
}

// src/pack/pack-layer.ts
async function packLayer(layer, file, options = {}) {
  return isPassedOn(layer, options.compression) ? keepLayer(layer, options) : makeLayer(layer, file, options);
}
function isPassedOn({ encoding, keepsBlob }, compression) {
  return compression === void 0 && (encoding !== "tar" || keepsBlob === true);
}
async function makeLayer(layer, file, { compression = defaultCompression, budget }) {
  const watch = watchLayer(layer, budget);
  const tar = createMeter();
  const blob = createMeter();
  const { bytes, chunked } = compress(tar.through(watch.through(openTar(layer, watch.options))), compression);
  const { open: open2, release } = await bufferBlob(blob.through(bytes), file);
  const diffId = checkDiffId(layer, tar.digest());
  const descriptor = {
    mediaType: mediaTypeOf[encodingOf(compression)],
    digest: blob.digest(),
    size: blob.size()
  };
  return {
    descriptor: withFacts(descriptor, {
      ...identityOf(layer),
      diffId,
      compression: compressionName(compression),
      ...chunkedFact(chunked())
    }),
    diffId,
    isCertain: true,
    files: watch.files(),
    tarSize: async () => tar.size(),
    open: open2,
    openTar: () => openTar(layer),
    release
  };
}
async function keepLayer(layer, { budget }) {
  const watch = watchLayer(layer, budget);
  const tar = createMeter();
  const blob = createMeter();
  const { encoding } = layer;
  const bytes = blob.through(layer.open(watch.options));
  const plain = encoding === "tar" ? bytes : decompressReusing(bytes, encoding, descriptionOf(layer));
  await drain(tar.through(watch.through(plain)));
  const diffId = checkDiffId(layer, tar.digest());
  const descriptor = { mediaType: mediaTypeOf[encoding], digest: blob.digest(), size: blob.size() };
  checkDescriptor(layer, descriptor);
  return {
    descriptor: withFacts(descriptor, {
      ...identityOf(layer),
      diffId,
      ...chunkedFact(layer.descriptor && chunkedPositionsOf(layer.descriptor))
    }),
    diffId,
    isCertain: false,
    files: watch.files(),
    tarSize: async () => tar.size(),
    // Compressed layers are in files. A tar that is created while being read may have chunks too small to send from one
    // buffer.
    open: (options) => layer.open(encoding === "tar" ? void 0 : options),
    openTar: () => openTar(layer),
    release() {
    }
  };
}
function openTar(layer, options) {
  const { encoding } = layer;
  if (encoding === "tar") return layer.open(options);
  const plain = options?.reuseBuffer ? decompressReusing : decompress;
  return plain(layer.open(reuseBuffer), encoding, descriptionOf(layer));
}
function descriptionOf({ description, diffId }) {
  return description ?? (diffId === void 0 ? "a layer" : `the layer ${diffId}`);
}
function identityOf({ identity }) {
  return identity === void 0 ? {} : { identity };
}
function chunkedFact(chunked) {
  return chunked === void 0 ? {} : { chunked };
}
function checkDiffId(layer, diffId) {
  if (layer.diffId === void 0 || layer.diffId === diffId) return diffId;
  throw new Failure(
    `Cannot use ${descriptionOf(layer)}: the config lists the diffID ${layer.diffId}, but its content has ${diffId}. The store paths in it changed after the build, or do not build reproducibly: rebuild all of them on this machine.`
  );
}
function checkDescriptor(layer, { digest, size }) {
  const { descriptor } = layer;
  if (descriptor === void 0 || descriptor.digest === digest && descriptor.size === size) return;
  throw new Failure(
    `Cannot use ${descriptionOf(layer)}: the manifest lists ${descriptor.digest} with ${descriptor.size} bytes, but its blob is ${digest} with ${size} bytes.`
  );
}

// src/inspect/layer-usage.ts
import { posix } from "node:path";
var mostPaths = 1e5;
var inStore = new RegExp(`^(${storeDirectory}/[0-9a-z]{32}-[\\w+.?=-]{1,211})(?:/|$)`);
var inDatabase = /^\/nix\/var\/nix\/db\/(?:db\.sqlite|schema)$/;
async function readLayerUsage(members, description) {
  const paths = /* @__PURE__ */ new Map();
  let otherBytes = 0;
  for await (const { name: written, isFile, size } of members) {
    const name = posix.normalize(`/${written}`);
    const bytes = isFile ? size : 0;
    const [, path] = inStore.exec(name) ?? [];
    if (path === void 0) otherBytes += inDatabase.test(name) ? 0 : bytes;
    else paths.set(path, (paths.get(path) ?? 0) + bytes);
    if (paths.size > mostPaths) {
      throw new Failure(`Cannot read ${description}: it has more than ${mostPaths} store paths.`);
    }
  }
  return { paths, otherBytes };
}

// src/tar/read-members.ts
import { once } from "node:events";
async function* readMembers(source, description) {
  const { default: tarStream } = await import("./chunk-2TBTAT7O.mjs");
  const extract = tarStream.extract();
  const feed = async () => {
    for await (const chunk of source) if (!extract.write(chunk)) await once(extract, "drain");
    extract.end(void 0);
  };
  feed().catch((error) => extract.destroy(error));
  try {
    for await (const entry of extract) {
      const { name, type, size = 0, mode, uid, gid, uname, gname, mtime, linkname } = entry.header;
      const header = JSON.stringify([type, mode, uid, gid, uname, gname, mtime, linkname]);
      const isFile = type === "file" || type === "contiguous-file";
      yield { name, isFile, size, header, content: entry };
      entry.resume();
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(`Cannot read ${description}: it is not a tar archive, or it is damaged (${messageOf(cause)}).`, {
      cause
    });
  }
}

export {
  blockSize,
  readHeader,
  readPaxRecords,
  decimalOf,
  paddedSize,
  watchMembers,
  createMeter,
  drain,
  watchLayer,
  packLayer,
  isPassedOn,
  openTar,
  identityOf,
  checkDiffId,
  checkDescriptor,
  readLayerUsage,
  readMembers
};
