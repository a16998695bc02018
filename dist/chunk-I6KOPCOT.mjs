import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  findProgram,
  isExecutable,
  runProgram
} from "./chunk-MEXKEPMQ.mjs";
import {
  storeDirectory
} from "./chunk-G5OCPV4E.mjs";
import {
  zstdSlices,
  zstdWindowLog
} from "./chunk-SMBMXYWF.mjs";
import {
  freeMemory
} from "./chunk-CNJZ53BR.mjs";
import {
  Failure,
  messageOf
} from "./chunk-WFDJKZW3.mjs";
import {
  __require
} from "./chunk-DNGIBJ4B.mjs";

// src/nix/store.ts
import { randomUUID } from "node:crypto";
import { realpathSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { dirname, join } from "node:path";

// src/nix/build-target.ts
var features = ["--extra-experimental-features", "nix-command flakes"];
function targetArguments({ target, buildArgs, impure }) {
  return [
    ...impure ? ["--impure"] : [],
    ...target.kind === "file" ? ["--file", target.file] : [],
    ...buildArgs,
    "--",
    ...target.kind === "installable" ? [target.installable] : target.attr === void 0 ? [] : [target.attr]
  ];
}
function describeTarget(target) {
  if (target.kind === "installable") return target.installable;
  return target.attr === void 0 ? target.file : `${target.attr} of ${target.file}`;
}

// src/nix/in-batches.ts
var batchSize = 1e3;
function inBatches(paths) {
  const count = Math.ceil(paths.length / batchSize);
  return Array.from({ length: count }, (_, i) => paths.slice(i * batchSize, (i + 1) * batchSize));
}

// src/nix/store.ts
async function listValidPaths(nix) {
  const { code, stdout, stderr } = await nix.exec(nix.program, ["path-info", ...features, "--all"], { env: nix.env });
  if (code !== 0) throw new Failure(`Cannot list the store: ${stderr.trim()}`);
  return new Set(linesOf(stdout));
}
async function findInvalidPaths(nix, paths) {
  return new Set(await askStore(nix, ["--check-validity", "--print-invalid"], paths));
}
async function readRequisites(nix, paths) {
  return new Set(await askStore(nix, ["--query", "--requisites", "--include-outputs"], paths));
}
async function readFlakeInputs(nix, { target }, directory) {
  if (target.kind === "file") return [];
  const flake = target.installable.split("#")[0] || ".";
  const args = ["flake", "archive", ...features, "--json", "--dry-run", "--no-write-lock-file", "--", flake];
  const { code, stdout, stderr } = await nix.exec(nix.program, args, { env: nix.env, cwd: directory });
  if (code !== 0) throw new Failure(`Cannot list the inputs of ${describeTarget(target)}: ${stderr.trim()}`);
  return inputsBelow(JSON.parse(stdout)).flatMap(({ path }) => path === void 0 ? [] : [path]);
}
function inputsBelow({ inputs = {} }) {
  return Object.values(inputs).flatMap((input) => [input, ...inputsBelow(input)]);
}
async function ownsStore(nix) {
  if (!["auto", "local"].includes(await readStoreSetting(nix))) return false;
  try {
    for (const path of [storeDirectory, "/nix/var/nix", "/nix/var/nix/db"]) await access(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
async function readStoreSetting({ program, env, exec }) {
  for (const command of [["show-config"], ["config", "show"]]) {
    const { code, stdout } = await exec(program, [...command, ...features, "--json"], { env });
    if (code === 0) return JSON.parse(stdout).store.value;
  }
  throw new Failure('Cannot find out which store Nix uses: both "nix config show" and "nix show-config" failed.');
}
async function registerPaths(nix, registration) {
  await feedStore(nix, "--load-db", registration);
}
async function importPaths(nix, stream) {
  try {
    await feedStore(nix, "--import", stream);
  } catch (cause) {
    if (!/lacks a (valid )?signature/.test(messageOf(cause))) throw cause;
    throw new Failure("the Nix daemon accepts them only from trusted users. Add this user to its trusted-users", {
      cause
    });
  }
}
async function substitutePaths(nix, paths) {
  try {
    await askStore(nix, ["--realise"], paths);
    return true;
  } catch {
    return false;
  }
}
async function keepPaths(nix, paths, directory) {
  for (const batch of inBatches(paths)) {
    const root = join(directory, `kept-${randomUUID()}`);
    await askStore(nix, ["--realise", "--add-root", root, "--indirect"], batch);
  }
}
async function feedStore(nix, command, input) {
  const { code, stderr } = await runProgram(storeProgram(nix), [command], { env: nix.env, input });
  if (code !== 0) throw new Failure(`nix-store ${command} failed: ${stderr.trim()}`);
}
async function askStore(nix, command, paths) {
  const answers = [];
  for (const batch of inBatches(paths)) {
    const args = [...command, ...batch];
    const { code, stdout, stderr } = await nix.exec(storeProgram(nix), args, { env: nix.env });
    if (code !== 0) throw new Failure(`nix-store ${command[0]} failed: ${stderr.trim()}`);
    answers.push(...linesOf(stdout));
  }
  return answers;
}
function storeProgram({ program, env }) {
  const directories = [dirname(program), dirname(realpathSync(program))];
  const found = directories.map((directory) => join(directory, "nix-store")).find(isExecutable) ?? findProgram("nix-store", env);
  if (found !== void 0) return found;
  throw new Failure(`Cannot query the store: there is no nix-store next to ${program} or on PATH. Reinstall Nix.`);
}
function linesOf(text) {
  return text.split("\n").filter((line) => line !== "");
}

// src/nix/database.ts
import { readFileSync } from "node:fs";
import { join as join2 } from "node:path";
var knownSchema = "10";
function readHashesInDatabase(nix, paths) {
  const rows = readRows(nix, "SELECT hash FROM ValidPaths WHERE path = ?", paths);
  const hashes = rows?.map((row) => String(row?.hash ?? ""));
  return hashes?.includes("") ? void 0 : hashes;
}
function readSizesInDatabase(nix, paths) {
  const rows = readRows(nix, "SELECT narSize FROM ValidPaths WHERE path = ?", paths);
  const sizes = rows?.map((row) => Number(row?.narSize ?? 0));
  return sizes?.includes(0) ? void 0 : sizes;
}
var mostLargest = 5;
function readLargestInDatabase(nix) {
  const rows = readDatabase(nix, (database) => [
    database.prepare("SELECT sum(narSize) AS total FROM ValidPaths").get(),
    ...database.prepare(`SELECT path, narSize FROM ValidPaths ORDER BY narSize DESC LIMIT ${mostLargest}`).all()
  ]);
  if (rows === void 0) return void 0;
  const [sum, ...largest] = rows;
  return {
    total: Number(sum?.total ?? 0),
    largest: largest.map((row) => ({ path: String(row?.path), narSize: Number(row?.narSize ?? 0) }))
  };
}
function readRows(nix, query, paths) {
  return readDatabase(nix, (database) => {
    const statement = database.prepare(query);
    return paths.map((path) => statement.get(path));
  });
}
function readDatabase({ env }, read) {
  if (!hasQuietSqlite()) return void 0;
  if (!["", "auto", "daemon", "local"].includes(env.NIX_REMOTE ?? "")) return void 0;
  const directory = join2(env.NIX_STATE_DIR || "/nix/var/nix", "db");
  try {
    if (readFileSync(join2(directory, "schema"), "utf8").trim() !== knownSchema) return void 0;
    return inDatabase(join2(directory, "db.sqlite"), read);
  } catch {
    return void 0;
  }
}
function hasQuietSqlite() {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  return major > 24 || major === 24 && minor >= 15;
}
function inDatabase(file, read) {
  const sqlite = process.getBuiltinModule("node:sqlite");
  const database = new sqlite.DatabaseSync(file, { readOnly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}

// src/nix/closure.ts
function readClosure(nix, paths) {
  return readPathInfos(nix, paths, ["--recursive"]);
}
function readRegistrations(nix, paths) {
  return readPathInfos(nix, paths, []);
}
async function readNarHashes(nix, paths) {
  const hashes = readHashesInDatabase(nix, paths) ?? await askForHashes(nix, paths);
  return new Map(paths.map((path, i) => [path, parseNarHash(hashes[i] ?? "", path)]));
}
async function readNarSizes(nix, paths) {
  const sizes = readSizesInDatabase(nix, paths) ?? await askForSizes(nix, paths);
  return new Map(sizes.map((size, i) => [paths[i] ?? "", size]));
}
async function askForSizes(nix, paths) {
  try {
    const sizes = (await askStore(nix, ["--query", "--size"], paths)).map(Number);
    return sizes.length === paths.length && sizes.every(Number.isSafeInteger) ? sizes : [];
  } catch {
    return [];
  }
}
async function askForHashes(nix, paths) {
  try {
    return await askStore(nix, ["--query", "--hash"], paths);
  } catch (cause) {
    throw new Failure(`Cannot query the store paths of the image: ${messageOf(cause)}`, { cause });
  }
}
async function readPathInfos(nix, paths, options) {
  const infos = /* @__PURE__ */ new Map();
  const isDerivation = (path) => path.endsWith(".drv");
  for (const [some, more] of [
    [paths.filter((path) => !isDerivation(path)), options],
    // Before 2.15, Nix takes a derivation as its outputs by default.
    [paths.filter(isDerivation), [...options, "--derivation"]]
  ]) {
    for (const batch of inBatches(some)) {
      const json = await pathInfo(nix, [...more, "--", ...batch]);
      for (const [path, info] of entriesOf(JSON.parse(json))) infos.set(path, parsePathInfo(path, info));
    }
  }
  return new Map([...infos].sort(([a], [b]) => a < b ? -1 : 1));
}
async function pathInfo(nix, args) {
  const run = (format) => runProgram(nix.program, ["path-info", ...features, "--json", ...format, ...args], { env: nix.env });
  let result = await run([]);
  if (result.code !== 0 && result.stderr.includes("--json-format")) result = await run(["--json-format", "1"]);
  if (result.code === 0) return result.stdout;
  throw new Failure(`Cannot query the store paths of the image: ${result.stderr.trim()}`);
}
function entriesOf(json) {
  if (Array.isArray(json)) return json.map((info) => [info.path, info]);
  return Object.entries(json);
}
function parsePathInfo(path, info) {
  const {
    narHash,
    narSize,
    references,
    deriver,
    signatures = [],
    ultimate
  } = info ?? {};
  if (narHash === void 0 || narSize === void 0 || references === void 0) {
    throw new Failure(`Cannot use ${path}: it is not in the store. Build it again.`);
  }
  return {
    narHash: parseNarHash(narHash, path),
    narSize,
    references,
    // Nix 2.8 omits it if it is unknown, newer versions print null.
    ...deriver === void 0 || deriver === null ? {} : { deriver },
    signatures,
    isSubstitutable: ultimate !== true && signatures.length > 0
  };
}
function parseNarHash(text, path) {
  const digits = /^sha256[:-]([0-9a-zA-Z+/]+=*)$/.exec(text)?.[1] ?? "";
  const hex = digits.length === 64 ? digits : digits.length === 52 ? fromBase32(digits) : fromBase64(digits);
  if (/^[0-9a-f]{64}$/.test(hex)) return `sha256:${hex}`;
  throw new Failure(`Cannot use ${path}: its NAR hash "${text}" is not a SHA-256 in a known format.`);
}
function fromBase64(digits) {
  return Buffer.from(digits, "base64").toString("hex");
}
function fromBase32(digits) {
  const alphabet = "0123456789abcdfghijklmnpqrsvwxyz";
  const bytes = Buffer.alloc(32);
  for (let i = 0; i < digits.length; i++) {
    const digit = alphabet.indexOf(digits[digits.length - 1 - i]);
    if (digit < 0) return "";
    const at = i * 5 >> 3;
    const shifted = digit << (i * 5 & 7);
    bytes[at] = bytes[at] | shifted;
    if (at < 31) bytes[at + 1] = shifted >> 8;
  }
  return bytes.toString("hex");
}

// src/lib/compress/decompress.ts
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import zlib from "node:zlib";

// late:xz-decompress
var xz_decompress_default = new Proxy({}, { get: (_, key) => __require("./xz-decompress.cjs")[key] });

// src/lib/compress/decompress.ts
async function* decompress(source, compression, description) {
  const output = new PassThrough();
  const done = inflate(source, { compression, description, output });
  done.catch(() => {
  });
  try {
    yield* output;
    await done;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const problem = isForeignXz(cause) ? `its xz stream uses a check, filter or dictionary that is not supported. Compress it with the default settings of xz` : `its ${compression} stream is damaged or cut off (${messageOf(cause)})`;
    throw new Failure(`Cannot read ${description}: ${problem}.`, { cause });
  }
}
async function* decompressReusing(source, compression, description) {
  if (compression !== "gzip") return yield* decompress(source, compression, description);
  let last = new Uint8Array(0);
  for await (const chunk of decompress(source, compression, description)) {
    yield chunk;
    const isFull = chunk.byteOffset + chunk.length === chunk.buffer.byteLength;
    if (isFull) freeMemory(chunk);
    last = chunk;
  }
  freeMemory(last);
}
function inflate(source, {
  compression,
  description,
  output
}) {
  if (compression === "gzip") return pipeline(source, zlib.createGunzip({ chunkSize }), output);
  if (compression === "zstd") return inflateZstd(source, description, output);
  return pipeline(new xz_decompress_default.XzReadableStream(ReadableStream.from(source)), output);
}
function isForeignXz(error) {
  return /^get_next_output failed with error code [2346]$/.test(messageOf(error));
}
var chunkSize = 1 << 17;
async function inflateZstd(source, description, output) {
  if (!("createZstdDecompress" in zlib)) {
    const fallback = await import("./chunk-4PEWE2RX.mjs");
    return pipeline(fallback.inflateZstd(source, description), output);
  }
  const params = { [zlib.constants.ZSTD_d_windowLogMax]: zstdWindowLog };
  return pipeline(zstdSlices(source, description), zlib.createZstdDecompress({ params, chunkSize }), output);
}
function compressedFormatOf(start) {
  const begins = (...magic) => magic.every((byte, i) => start[i] === byte);
  if (begins(31, 139)) return "gzip";
  if (begins(40, 181, 47, 253)) return "zstd";
  if (begins(253, 55, 122, 88, 90)) return "xz";
  if (begins(66, 90, 104)) return "bzip2";
  return void 0;
}

export {
  decompress,
  decompressReusing,
  compressedFormatOf,
  features,
  targetArguments,
  describeTarget,
  inBatches,
  listValidPaths,
  findInvalidPaths,
  readRequisites,
  readFlakeInputs,
  ownsStore,
  readStoreSetting,
  registerPaths,
  importPaths,
  substitutePaths,
  keepPaths,
  readLargestInDatabase,
  readClosure,
  readRegistrations,
  readNarHashes,
  readNarSizes
};
