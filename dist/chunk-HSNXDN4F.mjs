import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  Failure
} from "./chunk-WFDJKZW3.mjs";

// src/lib/compress/block-memory.ts
function createBlockMemory(size, allocate = () => Buffer.allocUnsafeSlow(size)) {
  const spare = [];
  return {
    size,
    take: () => spare.pop() ?? allocate(),
    give: (block) => spare.push(block)
  };
}
function roomFor({ length }) {
  return length + (length >> 8) + (1 << 10);
}
function freeMemory({ buffer }) {
  const memory3 = buffer;
  if (memory3.byteLength > Buffer.poolSize) memory3.transfer?.(0);
}

// src/lib/compress/blocks.ts
var blocksAhead = 3;
async function* mapBlocks(source, memory3, work) {
  const worked = mapConcurrently(blocksOf(source, memory3), async ({ block, length }) => {
    return { block, result: await work(block.subarray(0, length)) };
  });
  for await (const { block, result } of worked) {
    yield result;
    memory3.give(block);
  }
}
async function* mapConcurrently(items, work) {
  const ahead = [];
  for await (const item of items) {
    const result = work(item);
    result.catch(() => {
    });
    ahead.push(result);
    if (ahead.length === blocksAhead) yield await ahead.shift();
  }
  for (const result of ahead) yield await result;
}
async function* blocksOf(source, { size, take }) {
  let block = take();
  let length = 0;
  for await (const { buffer, byteOffset, length: chunkLength } of source) {
    const chunk = Buffer.from(buffer, byteOffset, chunkLength);
    for (let at = 0; at < chunk.length; ) {
      if (length === size) {
        yield { block, length };
        block = take();
        length = 0;
      }
      const taken = Math.min(chunk.length - at, size - length);
      chunk.copy(block, length, at, at + taken);
      length += taken;
      at += taken;
    }
  }
  yield { block, length };
}

// src/lib/compress/zstd-frame.ts
import zlib from "node:zlib";
async function zstdFrame(bytes, level) {
  const [frame] = await zstdFramesOf([bytes], level);
  return frame;
}
async function zstdFramesOf(parts, level) {
  if (!("createZstdCompress" in zlib)) {
    throw new Failure(
      `Cannot compress with zstd: Node ${process.version} does not support it. Use Node 22.15 or newer, or compression: gzip.`
    );
  }
  const { ZSTD_c_compressionLevel, ZSTD_c_checksumFlag, ZSTD_e_end } = zlib.constants;
  const engine = zlib.createZstdCompress({
    params: { [ZSTD_c_compressionLevel]: level, [ZSTD_c_checksumFlag]: 1 },
    flush: ZSTD_e_end,
    chunkSize: parts.reduce((room, part) => room + roomFor(part), 0)
  });
  const frames = [];
  let pieces = [];
  engine.on("data", (piece) => pieces.push(piece));
  try {
    await new Promise((resolve, reject) => {
      engine.on("error", reject);
      for (const part of parts) {
        engine.write(part, (error) => {
          if (error) return;
          const [piece] = pieces;
          frames.push(piece !== void 0 && pieces.length === 1 ? piece : Buffer.concat(pieces));
          pieces = [];
          if (frames.length === parts.length) resolve();
        });
      }
    });
  } finally {
    engine.destroy();
  }
  return frames;
}

// src/store-path.ts
var storeDirectory = "/nix/store";
var storeHash = "[0-9a-z]{32}";
var pathBeforeName = new RegExp(`^.*/${storeHash}-`);
var baseNamePattern = new RegExp(`^${storeHash}-(?!\\.{1,2}(?:-|$))[\\w+.?=-]{1,211}$`);
function storeDirectoryOf(env) {
  return env.NIX_STORE_DIR || storeDirectory;
}
function isStorePath(path, store = storeDirectory) {
  return typeof path === "string" && path.startsWith(`${store}/`) && baseNamePattern.test(path.slice(store.length + 1));
}
function isInStore(path, store = storeDirectory) {
  if (!path.startsWith(`${store}/`)) return false;
  const [first = "", ...below] = path.slice(store.length + 1).split("/");
  return baseNamePattern.test(first) && !below.some((part) => /^\.{0,2}$/.test(part));
}
function storePathName(path) {
  return path.replace(pathBeforeName, "").replace(/\.drv$/, "");
}
function parsePackageName(path) {
  const text = storePathName(path);
  const dash = text.search(/-[^A-Za-z]/);
  if (dash < 1) return { name: text, version: "" };
  return { name: text.slice(0, dash), version: text.slice(dash + 1).replace(/(?<=.)-([a-z]+|lib32|lib64)$/, "") };
}

// src/lib/compress/gzip.ts
import { crc32 } from "node:zlib";

// src/lib/compress/deflate.ts
import { availableParallelism } from "node:os";
import { extname } from "node:path";

// src/lib/compress/deflate-here.ts
import { readFileSync } from "node:fs";
var compiled;
var loaded;
function compileDeflate() {
  compiled ??= new WebAssembly.Module(readFileSync(new URL("./deflate.wasm", import.meta.url)));
  return compiled;
}
function deflateHere({ block, length, level }) {
  loaded ??= new WebAssembly.Instance(compileDeflate()).exports;
  const { memory: memory3, input_address, output_address, deflate } = loaded;
  const bytes = Buffer.from(block);
  bytes.copy(new Uint8Array(memory3.buffer), input_address(), 0, length);
  const size = deflate(length, level);
  bytes.set(new Uint8Array(memory3.buffer, output_address(), size));
  return size;
}

// src/lib/compress/deflate.ts
var deflateBlockSize = 1 << 20;
var fewBytes = 8 << 20;
var bytesGiven = 0;
var deflaters = [];
function allocateDeflateBlock() {
  return Buffer.from(new SharedArrayBuffer(roomFor({ length: deflateBlockSize })));
}
async function deflateInPlace({ buffer, length }, level) {
  const task = { block: buffer, length, level };
  bytesGiven += length;
  const deflater = bytesGiven <= fewBytes ? void 0 : leastBusy(level);
  const size = deflater === void 0 ? deflateHere(task) : await deflateInThread(task, deflater);
  return Buffer.from(buffer, 0, size);
}
function deflateInThread(task, { worker, waiting }) {
  return new Promise((done, fail) => {
    waiting.push({ done, fail });
    worker.ref();
    worker.postMessage(task);
  });
}
function leastBusy(level) {
  const [first] = deflaters.filter(({ isReady }) => isReady).sort((a, b) => a.waiting.length - b.waiting.length);
  const isBusy = first === void 0 || first.waiting.length > 0;
  if (isBusy && deflaters.length < mostDeflaters(level)) startDeflater();
  return first;
}
function mostDeflaters(level) {
  const cores = availableParallelism();
  return Math.max(1, Math.min(level === 1 ? cores - 1 : cores, 2));
}
function startDeflater() {
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  const file = new URL(`./deflate-worker${extname(import.meta.url)}`, import.meta.url);
  const worker = new Worker(file, {
    execArgv: [],
    resourceLimits: { maxYoungGenerationSizeMb: 1 },
    workerData: compileDeflate()
  });
  const deflater = { worker, isReady: false, waiting: [] };
  deflaters.push(deflater);
  worker.once("online", () => {
    deflater.isReady = true;
    worker.unref();
  });
  worker.on("message", (size) => {
    deflater.waiting.shift()?.done(size);
    if (deflater.waiting.length === 0) worker.unref();
  });
  worker.on("error", (error) => {
    deflaters.splice(deflaters.indexOf(deflater), 1);
    for (const { fail } of deflater.waiting) fail(error);
  });
}

// src/lib/compress/gzip.ts
var memory = createBlockMemory(deflateBlockSize, allocateDeflateBlock);
var header = Uint8Array.from([31, 139, 8, 0, 0, 0, 0, 0, 0, 255]);
var lastBlock = Uint8Array.from([3, 0]);
async function* gzip(source, level) {
  let crc = 0;
  let length = 0;
  yield header;
  yield* mapBlocks(source, memory, (bytes) => {
    crc = crc32(bytes, crc);
    length += bytes.length;
    return deflateInPlace(bytes, level);
  });
  yield lastBlock;
  yield trailer(crc, length);
}
function trailer(crc, length) {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(crc, 0);
  bytes.writeUInt32LE(length % 2 ** 32, 4);
  return bytes;
}

// src/lib/compress/zstd.ts
var memory2 = createBlockMemory(2 << 20);
async function* zstd(source, level) {
  for await (const frame of mapBlocks(source, memory2, (bytes) => zstdFrame(bytes, level))) {
    yield frame;
    freeMemory(frame);
  }
}

// src/pack/compression.ts
var methods = {
  gzip: { level: 1, lowest: 1, highest: 9, revision: "r4" },
  zstd: { level: 3, lowest: 1, highest: 19, revision: "r3" },
  "zstd:chunked": { level: 3, lowest: 1, highest: 19, revision: "r1" },
  none: { level: 0, lowest: 0, highest: 0, revision: "" }
};
var defaultCompression = { method: "gzip", level: methods.gzip.level };
function parseCompression(method, level) {
  if (method === "" && level === "") return void 0;
  const known = method === "" ? "gzip" : method;
  if (!isMethod(known)) {
    throw new Failure(`Cannot use compression: "${method}". Use gzip, zstd, zstd:chunked or none.`);
  }
  const { lowest, highest, level: usual } = methods[known];
  const number = level === "" ? usual : /^\d+$/.test(level) ? Number(level) : Number.NaN;
  if (Number.isInteger(number) && number >= lowest && number <= highest) return { method: known, level: number };
  const range = known === "none" ? "compression: none has no level" : `${known} has levels ${lowest} to ${highest}`;
  throw new Failure(`Cannot use compression-level: "${level}"; ${range}.`);
}
function compressionName({ method, level }) {
  return method === "none" ? "none" : `${method}-${level}-${methods[method].revision}`;
}
function isMethod(text) {
  return Object.hasOwn(methods, text);
}
function compress(tar, { method, level }) {
  if (method === "zstd:chunked") return compressChunked(tar, level);
  const bytes = method === "gzip" ? gzip(tar, level) : method === "zstd" ? zstd(tar, level) : tar;
  return { bytes, chunked: () => void 0 };
}
function compressChunked(tar, level) {
  let positions;
  async function* bytes() {
    const { zstdChunked } = await import("./chunk-XE2FIH6U.mjs");
    positions = yield* zstdChunked(tar, level);
  }
  return { bytes: bytes(), chunked: () => positions };
}
function encodingOf({ method }) {
  if (method === "zstd:chunked") return "zstd";
  return method === "none" ? "tar" : method;
}

// src/check/secrets.ts
var kinds = [
  [
    "private key",
    /-----BEGIN (?:(?:RSA|DSA|EC|OPENSSH) )?PRIVATE KEY-----\s+[\w+/=]{20}|-----BEGIN PGP PRIVATE KEY BLOCK-----/
  ],
  ["GitHub token", /\bgh[pousr]_[A-Za-z0-9]{36}\b|\bgithub_pat_\w{82}\b/],
  ["GitLab token", /\bglpat-[\w-]{20}/],
  ["AWS access key", /\bAKIA(?![A-Z0-9]*EXAMPLE)[A-Z0-9]{16}\b/],
  ["Slack token", /\bxox[abprs]-\d{10,13}-[\w-]{10}/],
  ["Stripe key", /\b[rs]k_live_[A-Za-z0-9]{24}/],
  ["npm token", /\bnpm_[A-Za-z0-9]{36}\b/],
  ["PyPI token", /\bpypi-AgEIcHlwaS5vcmc[\w-]{50}/],
  ["Docker Hub token", /\bdckr_pat_[\w-]{27}/]
];
var anyMark = /(?:gh[pousr]|_pat|live|npm)_|(?:glpat|xox[abprs])-|AKIA|pypi-A|-----BEGIN /;
function secretIn(text) {
  if (!anyMark.test(text)) return void 0;
  return kinds.find(([, pattern]) => pattern.test(text))?.[0];
}
var files = [
  [/\/[._]netrc$/, void 0, "credentials (.netrc)"],
  [/\/\.git-credentials$/, void 0, "credentials of Git"],
  [/\/\.pgpass$/, void 0, "passwords of PostgreSQL"],
  [/\/\.pypirc$/, /^[ \t]*password\s*[:=]/m, "credentials of PyPI"],
  [/\/\.npmrc$/, /_(?:auth|authToken|password)\s*=\s*[^\s$]/, "credentials of npm"],
  [/\/(?:\.docker\/config\.json|\.dockercfg)$/, /"auth"\s*:/, "credentials of registries"],
  [/\/\.aws\/credentials$/, void 0, "credentials of AWS"],
  [
    /\/\.env(?:\.(?!example|sample|template|dist|test)[\w-]+)?$/,
    /^[ \t]*(?:export[ \t]+)?\w+[ \t]*=[ \t]*\S/m,
    "environment (.env)"
  ]
];
var anyName = /\/(?:[._][^/]*|config\.json|credentials)$/;
function credentialsIn(path, start) {
  if (!anyName.test(path)) return void 0;
  return files.find(([name, content]) => name.test(path) && (content === void 0 || content.test(start)))?.[2];
}
function isSample(path) {
  return /\/(?:tests?|testing|testdata|test[_-]\w+|docs?|examples?|samples?|fixtures?|demos?|man)\//i.test(path);
}
var secretName = /(?:PASSWORD|PASSWD|SECRET|TOKEN|API_?KEY|PRIVATE_?KEY|ACCESS_?KEY)$/i;
function isNamedSecret(name, value) {
  return secretName.test(name) && !/^(?:|\/.*|\$.*|true|false|yes|no|on|off|none|[01])$/i.test(value);
}

// src/check/store-place.ts
var prefix = `${storeDirectory}/`;
function storePathIn(path) {
  if (!path.startsWith(prefix)) return void 0;
  const end = path.indexOf("/", prefix.length);
  return end < 0 ? path : path.slice(0, end);
}

// src/check/collect-files.ts
import { posix } from "node:path";

// src/check/file-names.ts
var compilers = /\/bin\/(?:(?:[\w-]+-)?(?:gcc|g\+\+|clang|clang\+\+|gfortran)|cc|c\+\+|rustc|ghc|javac|ocamlopt|zig|ld|go)$/;
var compilerPackages = /^(?:(?:[\w-]+-)?(?:gcc|clang|binutils)|rustc|ghc|go)(?:-wrapper)?-\d[\w.]*$/;
var tlsLibraries = /\/lib(?:ssl|gnutls|mbedtls|ssl3)\.so(?:\.[\d.]+)?$/;
var certificates = /\/(?:ca-bundle\.crt|ca-certificates\.crt|tls-ca-bundle\.pem|cert\.pem)$/;
function isCertificates(path) {
  return certificates.test(path);
}
function isTlsLibrary(path) {
  return path.includes(".so") && tlsLibraries.test(path);
}
function buildToolAt(path, isExecutable) {
  if (isExecutable && compilers.test(path)) return { place: path, kind: "compiler" };
  const isHeader = path.startsWith("/usr/include/") && path.endsWith(".h");
  return isHeader ? { place: "/usr/include", kind: "headers" } : void 0;
}
function toolInStorePath(path) {
  if (compilerPackages.test(storePathName(path))) return "compiler";
  return path.endsWith("-dev") ? "headers" : void 0;
}
function isCertificatePackage(path) {
  return /-(?:nss-)?cacert-\d/.test(path);
}
function isTlsPackage(path) {
  return /-(?:openssl|gnutls|libressl|mbedtls|nss)-\d[^-]*$/.test(path);
}

// src/check/program.ts
var loaderHeader = 3;
var longestPath = 4096;
var longestFirstLine = 256;
function programOf(start) {
  if (start.length > 2 && start[0] === 35 && start[1] === 33) return scriptOf(start);
  return start.length >= 52 && start.readUInt32BE(0) === 2135247942 ? elfOf(start) : void 0;
}
function scriptOf(start) {
  const end = start.indexOf("\n");
  const line = start.toString("utf8", 2, end < 0 ? Math.min(start.length, longestFirstLine) : end).trim();
  const [, interpreter, argument] = /^(\S+)\s*(.*)$/.exec(line) ?? [];
  if (interpreter === void 0) return void 0;
  return { interpreter, ...argument ? { argument } : {} };
}
function elfOf(start) {
  const is64 = start[4] === 2;
  const isLittle = start[5] === 1;
  const number = (at, size) => {
    if (at + size > start.length) return Number.NaN;
    if (size === 8) return Number(isLittle ? start.readBigUInt64LE(at) : start.readBigUInt64BE(at));
    return isLittle ? start.readUIntLE(at, size) : start.readUIntBE(at, size);
  };
  const machine = number(18, 2);
  const headers = is64 ? number(32, 8) : number(28, 4);
  const headerSize = number(is64 ? 54 : 42, 2);
  const count = number(is64 ? 56 : 44, 2);
  for (let i = 0; i < count; i++) {
    const at = headers + i * headerSize;
    const type = number(at, 4);
    if (Number.isNaN(type)) break;
    if (type !== loaderHeader) continue;
    const offset = is64 ? number(at + 8, 8) : number(at + 4, 4);
    const size = is64 ? number(at + 32, 8) : number(at + 16, 4);
    if (!(size > 1 && size <= longestPath && offset + size <= start.length)) break;
    return { machine, interpreter: start.toString("utf8", offset, offset + size - 1) };
  }
  return { machine };
}
var machines = {
  amd64: [62, 3],
  "386": [3],
  arm64: [183, 40],
  arm: [40],
  riscv64: [243],
  ppc64le: [21],
  s390x: [22],
  loong64: [258]
};
function isForeign({ machine }, architecture) {
  const known = Object.hasOwn(machines, architecture) ? machines[architecture] : void 0;
  return machine !== void 0 && known !== void 0 && !known.includes(machine);
}

// src/check/collect-files.ts
var startSize = 4 << 10;
var largestText = 1 << 20;
var mostNamed = 1e3;
var overhead = 100;
var keptModes = 3147;
var whiteout = ".wh.";
var opaqueWhiteout = ".wh..wh..opq";
function collectFiles(budget) {
  const entries = /* @__PURE__ */ new Map();
  const [removed, opaque] = [/* @__PURE__ */ new Set(), /* @__PURE__ */ new Set()];
  const storeSizes = /* @__PURE__ */ new Map();
  const [secrets, buildTools] = [/* @__PURE__ */ new Map(), /* @__PURE__ */ new Map()];
  const first = {};
  let isComplete = true;
  let directory = "/";
  const spend = (text) => {
    budget.left -= text.length + overhead;
    if (budget.left < 0) isComplete = false;
    return isComplete;
  };
  const keep = (path, entry) => {
    if (!spend(path) || !spend(entry.target ?? entry.text ?? "")) return;
    entries.set(path, entry);
    const parent = parentOf(path);
    if (parent === directory) return;
    directory = parent;
    for (let at = parent; at !== "/" && !entries.has(at) && spend(at); at = parentOf(at)) {
      entries.set(at, { type: "directory", mode: 493, uid: 0, size: 0 });
    }
  };
  const addTo = (named, path, kind) => {
    if (named.size < mostNamed && spend(path)) named.set(path, kind);
  };
  const addWhiteout = (path, base) => {
    if (!spend(path)) return;
    if (base === opaqueWhiteout) opaque.add(parentOf(path));
    else removed.add(posix.join(parentOf(path), base.slice(whiteout.length)));
  };
  const addName = (path, storePath, member) => {
    if (storePath !== void 0 && member.size > 0) {
      const before = storeSizes.get(storePath);
      if (before !== void 0 || spend(storePath)) storeSizes.set(storePath, (before ?? 0) + member.size);
    }
    if (isTlsLibrary(path) && spend(path)) first.tlsLibrary ??= path;
    if (isCertificates(path) && spend(path)) first.certificates ??= path;
    const tool = buildToolAt(path, (member.mode & 73) !== 0);
    if (tool !== void 0) addTo(buildTools, storePath ?? tool.place, tool.kind);
  };
  const addContent = (path, { size }, start) => {
    if (size === 0 || size > largestText || start.includes(0) || isSample(path)) return;
    const text = start.toString("latin1");
    const kind = secretIn(text) ?? credentialsIn(path, text);
    if (kind !== void 0) addTo(secrets, path, kind);
  };
  return {
    add(member, start) {
      const path = cleanPath(member.name);
      const base = path.slice(path.lastIndexOf("/") + 1);
      if (base.startsWith(whiteout)) return addWhiteout(path, base);
      const storePath = storePathIn(path);
      const isPlain = member.type === "file" && (member.mode & keptModes) === 0;
      if (member.type !== "directory") addName(path, storePath, member);
      if (member.type === "file") addContent(path, member, start);
      if (isPlain && storePath !== void 0 && storePath !== path && !isCertificates(path)) return;
      const linked = member.type === "hardlink" ? entries.get(cleanPath(member.linkname)) : void 0;
      keep(path, linked ?? entryOf(path, member, start));
    },
    end: (isWhole) => ({
      ...{ entries, removed, opaque, storeSizes, secrets, buildTools, ...first },
      isComplete: isComplete && isWhole
    })
  };
}
function entryOf(path, { type, mode, uid, size, linkname }, start) {
  const program = (mode & 73) !== 0 && size > 0 ? programOf(start) : void 0;
  const isAccounts = path === "/etc/passwd" || path === "/etc/group";
  return {
    type: type === "hardlink" ? "file" : type,
    mode: mode & 4095,
    uid,
    size,
    target: type === "symlink" ? linkname : void 0,
    program,
    text: isAccounts && start.length === size ? start.toString("utf8") : void 0
  };
}
function cleanPath(name) {
  const path = name.startsWith("/") ? name : `/${name}`;
  if (path.includes("//") || path.includes("/.")) return posix.resolve("/", path);
  return path.endsWith("/") && path !== "/" ? path.slice(0, -1) : path;
}
function parentOf(path) {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

export {
  storeDirectory,
  storeHash,
  storeDirectoryOf,
  isStorePath,
  isInStore,
  storePathName,
  parsePackageName,
  toolInStorePath,
  isCertificatePackage,
  isTlsPackage,
  programOf,
  isForeign,
  secretIn,
  isNamedSecret,
  storePathIn,
  startSize,
  collectFiles,
  createBlockMemory,
  freeMemory,
  mapConcurrently,
  blocksOf,
  zstdFrame,
  zstdFramesOf,
  defaultCompression,
  parseCompression,
  compressionName,
  compress,
  encodingOf
};
