import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  createBlockMemory,
  freeMemory,
  storeDirectory,
  storeHash
} from "./chunk-HSNXDN4F.mjs";
import {
  isDigest
} from "./chunk-LZSYUQMR.mjs";
import {
  findProgram,
  isExecutable,
  runProgram
} from "./chunk-TJDMYOEP.mjs";
import {
  isObject
} from "./chunk-MLJXCXOP.mjs";
import {
  zstdSlices,
  zstdWindowLog
} from "./chunk-SMBMXYWF.mjs";
import {
  Failure,
  messageOf
} from "./chunk-WFDJKZW3.mjs";
import {
  __require
} from "./chunk-DNGIBJ4B.mjs";

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

// src/nix/database.ts
import { readFileSync } from "node:fs";
import { join } from "node:path";
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
var referencesOf = "SELECT path FROM Refs JOIN ValidPaths ON id = reference WHERE referrer = ?";
function readRegisteredInDatabase(nix, paths) {
  return readDatabase(nix, (database) => {
    const find = database.prepare("SELECT id, hash, narSize, deriver FROM ValidPaths WHERE path = ?");
    const refer = database.prepare(referencesOf);
    return paths.flatMap((path) => {
      const row = find.get(path);
      if (row === void 0) return [];
      return {
        path,
        hash: String(row.hash),
        narSize: Number(row.narSize ?? 0),
        deriver: row.deriver ? String(row.deriver) : void 0,
        references: refer.all(Number(row.id)).map((one) => String(one.path))
      };
    });
  });
}
function withBuildGraph(nix, use) {
  return readDatabase(nix, (database) => {
    const find = database.prepare("SELECT id FROM ValidPaths WHERE path = ?");
    const make = database.prepare("SELECT path FROM DerivationOutputs WHERE drv = ?");
    const refer = database.prepare(referencesOf);
    return use((path) => {
      const id = find.get(path)?.id;
      if (id === void 0) return void 0;
      const listed = (rows) => rows.all(Number(id)).map((row) => String(row.path));
      return { outputs: listed(make), inputs: listed(refer) };
    });
  });
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
  const directory = join(env.NIX_STATE_DIR || "/nix/var/nix", "db");
  try {
    if (readFileSync(join(directory, "schema"), "utf8").trim() !== knownSchema) return void 0;
    return inDatabase(join(directory, "db.sqlite"), read);
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

// src/nix/in-batches.ts
var batchSize = 1e3;
function inBatches(paths) {
  const count = Math.ceil(paths.length / batchSize);
  return Array.from({ length: count }, (_, i) => paths.slice(i * batchSize, (i + 1) * batchSize));
}

// src/nix/store.ts
import { randomUUID } from "node:crypto";
import { realpathSync } from "node:fs";
import { access, constants } from "node:fs/promises";
import { dirname, join as join2 } from "node:path";
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
  return writesStore((await readSettings(nix)).store);
}
async function writesStore(store) {
  if (!["auto", "local"].includes(store)) return false;
  try {
    for (const path of [storeDirectory, "/nix/var/nix", "/nix/var/nix/db"]) await access(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
async function readSettings({ program, env, exec }) {
  for (const command of [["show-config"], ["config", "show"]]) {
    const { code, stdout } = await exec(program, [...command, ...features, "--json"], { env });
    if (code !== 0) continue;
    const settings = JSON.parse(stdout);
    const listOf = (name) => settings[name]?.value ?? [];
    return {
      store: String(settings.store?.value),
      substituters: listOf("substituters"),
      trustedPublicKeys: listOf("trusted-public-keys"),
      requireSigs: settings["require-sigs"]?.value !== false
    };
  }
  throw new Failure('Cannot find out which store Nix uses: both "nix config show" and "nix show-config" failed.');
}
async function isTrustedBy(nix, { store }) {
  if (await writesStore(store)) return true;
  for (const command of ["info", "ping"]) {
    const { code, stdout } = await nix.exec(nix.program, ["store", command, ...features, "--json"], { env: nix.env });
    if (code !== 0) continue;
    const { trusted } = JSON.parse(stdout);
    return trusted === true || trusted === 1;
  }
  return false;
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
    const root = join2(directory, `kept-${randomUUID()}`);
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
  const found = directories.map((directory) => join2(directory, "nix-store")).find(isExecutable) ?? findProgram("nix-store", env);
  if (found !== void 0) return found;
  throw new Failure(`Cannot query the store: there is no nix-store next to ${program} or on PATH. Reinstall Nix.`);
}
function linesOf(text) {
  return text.split("\n").filter((line) => line !== "");
}

// src/nix/closure.ts
function readClosure(nix, paths) {
  return readPathInfos(nix, paths, ["--recursive"]);
}
function readRegistrations(nix, paths) {
  return readPathInfos(nix, paths, []);
}
async function readValidPaths(nix, paths) {
  const rows = readRegisteredInDatabase(nix, paths);
  if (rows !== void 0) {
    return new Map(
      rows.map(({ path, hash, deriver, ...of }) => [
        path,
        { ...of, narHash: parseNarHash(hash, path), ...deriver === void 0 ? {} : { deriver } }
      ])
    );
  }
  const invalid = await findInvalidPaths(nix, paths);
  return readRegistrations(
    nix,
    paths.filter((path) => !invalid.has(path))
  );
}
function readAvailable(nix, paths) {
  return readPathInfos(nix, paths, [], isAvailable);
}
function isAvailable(info) {
  return info !== null && info.valid !== false;
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
async function readPathInfos(nix, paths, options, isWanted = () => true) {
  const infos = /* @__PURE__ */ new Map();
  const isDerivation = (path) => path.endsWith(".drv");
  for (const [some, more] of [
    [paths.filter((path) => !isDerivation(path)), options],
    // Before 2.15, Nix takes a derivation as its outputs by default.
    [paths.filter(isDerivation), [...options, "--derivation"]]
  ]) {
    for (const batch of inBatches(some)) {
      const json = await pathInfo(nix, [...more, "--", ...batch]);
      for (const [path, info] of entriesOf(JSON.parse(json))) {
        if (isWanted(info)) infos.set(path, parsePathInfo(path, info));
      }
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
    ultimate,
    ca
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
    isSubstitutable: ultimate !== true && signatures.length > 0,
    isBuiltHere: ultimate === true,
    isContentAddressed: Boolean(ca)
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
  let left = mostPaths;
  return ofLayers.map(({ comment, created_by: createdBy }) => {
    const said = String(comment || createdBy || "");
    const list = /^store paths: \[(.*)\]$/s.exec(said)?.[1];
    const paths = (list?.match(storePath) ?? []).slice(0, left);
    left -= paths.length;
    return paths.length > 0 ? contentsOf(paths) : { paths: [], history: list?.replaceAll("'", "") ?? said };
  });
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

// src/tar/byte-string.ts
var nonAscii = /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g;
function bytesOf(text) {
  return Buffer.from(text, "utf8").toString("latin1");
}
function textOf(bytes) {
  return Buffer.from(bytes, "latin1").toString("utf8");
}
function isAscii(bytes) {
  return !/[\x80-\xff]/.test(bytes);
}
function isUtf8(bytes) {
  return isAscii(bytes) || !bytes.match(nonAscii)?.some(isStray);
}
function replaceNonAscii(bytes, replacement) {
  return isAscii(bytes) ? bytes : bytes.replace(nonAscii, replacement);
}
function codePointKey(bytes) {
  return replaceNonAscii(bytes, (part) => isStray(part) ? escapedByte(part.charCodeAt(0)) : part);
}
function isStray(part) {
  return part.length === 1;
}
function escapedByte(byte) {
  return String.fromCharCode(237, 176 | byte >> 6, 128 | byte & 63);
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

// src/lib/open-file.ts
import { constants as constants2 } from "node:fs";
import { open } from "node:fs/promises";
var memory = createBlockMemory(1 << 18);
var smallChunk = 1 << 16;
async function openRegularFile(path) {
  const file = await open(path, constants2.O_RDONLY | constants2.O_NONBLOCK);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Failure(`Cannot read ${path}: it is not a regular file.`);
}
async function* openFile(path, options, { offset, size } = { offset: 0, size: Number.POSITIVE_INFINITY }) {
  const file = await openRegularFile(path);
  try {
    const kept = options?.reuseBuffer ? memory.take() : void 0;
    for (let at = 0; at < size; ) {
      const block = kept ?? Buffer.allocUnsafeSlow(Math.min(memory.size, size - at));
      const { bytesRead } = await file.read(block, 0, Math.min(block.length, size - at), offset + at);
      if (bytesRead === 0) break;
      const chunk = block.subarray(0, bytesRead);
      yield bytesRead > smallChunk ? chunk : Buffer.from(chunk);
      at += bytesRead;
    }
    if (kept !== void 0) memory.give(kept);
  } finally {
    await file.close();
  }
}

// src/lib/read-options.ts
var reuseBuffer = { reuseBuffer: true };

export {
  bytesOf,
  textOf,
  isAscii,
  isUtf8,
  replaceNonAscii,
  codePointKey,
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
  readSettings,
  isTrustedBy,
  registerPaths,
  importPaths,
  substitutePaths,
  keepPaths,
  storeProgram,
  readLargestInDatabase,
  withBuildGraph,
  nixSystem,
  imageArchitecture,
  hostArchitecture,
  installableSystem,
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
  openRegularFile,
  openFile,
  reuseBuffer,
  readClosure,
  readRegistrations,
  readValidPaths,
  readAvailable,
  readNarHashes,
  readNarSizes
};
