import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  Failure,
  createBlockMemory,
  findProgram,
  formatSize,
  freeMemory,
  hasCode,
  mapAhead,
  mapBlocks,
  messageOf,
  runProgram
} from "./chunk-SGTFMUI5.mjs";

// src/cache/choose-paths.ts
function choosePaths(candidates, choice) {
  const { excludeSubstitutable, maxSize = Number.POSITIVE_INFINITY, outputs } = choice;
  const substitutable = excludeSubstitutable ? candidates.filter(({ isSubstitutable }) => isSubstitutable) : [];
  const left2 = new Map(candidates.map((candidate) => [candidate.path, candidate]));
  for (const { path } of substitutable) left2.delete(path);
  let size = [...left2.values()].reduce((sum, { narSize }) => sum + narSize, 0);
  const evicted = [];
  for (const next of leastUsefulFirst([...left2.values()], outputs)) {
    if (size <= maxSize) break;
    for (const gone of withReferrers(next, left2)) {
      left2.delete(gone.path);
      evicted.push(gone);
      size -= gone.narSize;
    }
  }
  return { paths: [...left2.values()], substitutable, evicted };
}
function leastUsefulFirst(candidates, outputs) {
  const closure = closureOf(outputs, new Map(candidates.map((candidate) => [candidate.path, candidate])));
  const use = ({ path, isSubstitutable }) => isSubstitutable ? 0 : closure.has(path) ? 2 : 1;
  return candidates.toSorted((a, b) => use(a) - use(b) || b.narSize - a.narSize || (a.path < b.path ? -1 : 1));
}
function closureOf(paths, all) {
  const closure = /* @__PURE__ */ new Set();
  for (const rest = [...paths]; rest.length > 0; ) {
    const path = rest.pop();
    if (closure.has(path)) continue;
    closure.add(path);
    rest.push(...all.get(path)?.references ?? []);
  }
  return closure;
}
function withReferrers(candidate, left2) {
  if (!left2.has(candidate.path)) return [];
  if (candidate.isSubstitutable) return [candidate];
  const gone = /* @__PURE__ */ new Set([candidate]);
  for (const one of gone) {
    for (const other of left2.values()) if (other.references.includes(one.path)) gone.add(other);
  }
  return [...gone];
}

// src/cache/manifest.ts
var formatVersion = 1;
var storeDirectory = "/nix/store";
function formatManifest({ system, paths }) {
  const rows = paths.map(({ path, narHash, narSize, references, deriver }) => ({
    ...{ path, narHash, narSize, references },
    ...deriver === void 0 ? {} : { deriver }
  }));
  return JSON.stringify({ format: formatVersion, system, paths: rows });
}
function parseManifest(text) {
  let json;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Failure("its manifest is no JSON", { cause });
  }
  const { format, system, paths } = json ?? {};
  if (format !== formatVersion) throw new Failure(`its format is ${JSON.stringify(format)}, not ${formatVersion}`);
  if (typeof system !== "string" || !Array.isArray(paths)) throw new Failure("its manifest lacks system or paths");
  const manifest = { system, paths: paths.map(parsePath) };
  checkOrder(manifest.paths);
  return manifest;
}
function parsePath(value) {
  const { path, narHash, narSize, references, deriver } = value ?? {};
  if (!isStorePath(path)) throw new Failure(`${JSON.stringify(path)} is no store path`);
  if (typeof narHash !== "string" || !/^sha256:[0-9a-f]{64}$/.test(narHash)) throw new Failure(`${path} has no hash`);
  if (!Number.isSafeInteger(narSize) || narSize < 1) throw new Failure(`${path} has no size`);
  if (!Array.isArray(references) || !references.every(isStorePath)) {
    throw new Failure(`${path} has a reference that is no store path`);
  }
  if (deriver !== void 0 && !isStorePath(deriver)) throw new Failure(`${path} has a deriver that is no store path`);
  return { path, narHash, narSize, references, ...deriver === void 0 ? {} : { deriver } };
}
function isStorePath(value) {
  return typeof value === "string" && /^\/nix\/store\/[0-9a-df-np-sv-z]{32}-(?!\.{1,2}(-|$))[\w+.?=-]{1,211}$/.test(value);
}
function checkOrder(paths) {
  const all = new Set(paths.map(({ path }) => path));
  const before = /* @__PURE__ */ new Set();
  for (const { path, references } of paths) {
    if (before.has(path)) throw new Failure(`${path} is in it twice`);
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

// src/cache/write-entry.ts
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

// src/lib/zstd-frames.ts
import { promisify } from "node:util";
import zlib from "node:zlib";
var blockSize = 2 << 20;
var largestFrame = blockSize + (64 << 10);
var chunkSize = blockSize + 1;
var plainMemory = createBlockMemory(blockSize);
var frameMemory = createBlockMemory(largestFrame);
var skippableMagic = 407710288;
var headerSize = 12;
var hasZstd = "zstdCompress" in zlib;
async function* zstdFrames(source, level) {
  const compress = promisify(zlib.zstdCompress);
  const params = { [zlib.constants.ZSTD_c_compressionLevel]: level, [zlib.constants.ZSTD_c_checksumFlag]: 1 };
  for await (const frame of mapBlocks(source, plainMemory, (bytes) => compress(bytes, { params, chunkSize }))) {
    const header = Buffer.alloc(headerSize);
    header.writeUInt32LE(skippableMagic, 0);
    header.writeUInt32LE(4, 4);
    header.writeUInt32LE(frame.length, 8);
    yield header;
    yield frame;
  }
}
function readZstdFrames(file) {
  const decompress = promisify(zlib.zstdDecompress);
  return mapAhead(framesOf(file), async ({ block, size }) => {
    try {
      return await decompress(block.subarray(0, size), { maxOutputLength: blockSize, chunkSize });
    } catch (cause) {
      throw new Failure("Cannot decompress: a zstd frame is damaged.", { cause });
    } finally {
      frameMemory.give(block);
    }
  });
}
async function* framesOf(file) {
  const header = Buffer.alloc(headerSize);
  for (let position = 0; ; ) {
    const read = await readAt(file, header, position);
    if (read === 0) return;
    const size = header.readUInt32LE(8);
    const isHeader = header.readUInt32LE(0) === skippableMagic && header.readUInt32LE(4) === 4;
    if (read < headerSize || !isHeader || size > largestFrame) throw new Failure("Cannot decompress: no zstd frames.");
    const block = frameMemory.take();
    position += headerSize;
    if (await readAt(file, block.subarray(0, size), position) < size)
      throw new Failure("Cannot decompress: cut off.");
    position += size;
    yield { block, size };
  }
}
async function readAt(file, buffer, position) {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

// src/cache/write-nar.ts
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from "node:fs";

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
  return bytes.replace(nonAscii, replacement);
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

// src/cache/nar-tokens.ts
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

// src/cache/on-disk.ts
function onDisk(path) {
  return Buffer.from(path, "latin1");
}

// src/cache/write-nar.ts
var pieceSize = 1 << 20;
var largestRecord = 8 << 10;
function* writeNar(path) {
  const piece = { buffer: Buffer.allocUnsafeSlow(pieceSize), filled: 0 };
  append(piece, narTokens.start);
  yield* writeNode(bytesOf(path), piece);
  yield* handOut(piece);
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
    throw new Failure(`Cannot archive ${textOf(path)}: it is no file, directory or symlink.`);
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
      const read = readSync(file, piece.buffer, piece.filled, Math.min(left2, pieceSize - piece.filled), null);
      if (read === 0) throw new Failure(`Cannot archive ${textOf(path)}: it became shorter meanwhile.`);
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
async function writeEntry(file, manifest) {
  const handle = await open(file, "w");
  let size = 0;
  try {
    for await (const piece of zstdFrames(entryOf(manifest), zstdLevel)) {
      size += piece.length;
      await handle.writeFile(piece);
      freeMemory(piece);
    }
  } finally {
    await handle.close();
  }
  return size;
}
async function* entryOf(manifest) {
  const text = Buffer.from(formatManifest(manifest));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  yield Buffer.concat([magic, length, text]);
  for (const path of manifest.paths) yield* writeChecked(path);
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
  throw new Failure(`Cannot save ${path}: it is not what Nix has registered. Run nix-store --verify --check-contents.`);
}

// src/nix/binary-cache.ts
import { writeFile } from "node:fs/promises";
import { join as join2 } from "node:path";

// src/nix/build.ts
import { randomUUID } from "node:crypto";
import { join } from "node:path";

// src/nix/build-log.ts
import { stripVTControlCharacters } from "node:util";
var tailLength = 25;
var levels = { error: 0, warning: 1, info: 3 };
var activities = { copyPath: 100, build: 105, substitute: 108, postBuildHook: 110 };
var results = { buildLogLine: 101, postBuildLogLine: 107 };
function createBuildLog() {
  return { derivations: /* @__PURE__ */ new Map(), tails: /* @__PURE__ */ new Map(), errors: [], plain: [], work: { built: 0, substituted: 0 } };
}
function readLogLine(log, line) {
  const event = parseEvent(line);
  if (event === void 0) {
    const text = stripVTControlCharacters(line);
    keepLast(log.plain, text);
    return { level: "info", text };
  }
  switch (event.action) {
    case "start":
      return readStart(log, event, parseId(line));
    case "stop":
      log.derivations.delete(parseId(line));
      return void 0;
    case "result":
      return readResult(log, event, parseId(line));
    case "msg":
      return readMessage(log, event);
    default:
      return void 0;
  }
}
function findFailedBuild(log) {
  for (const error of log.errors) {
    const { derivation, reason } = (failure.exec(error) ?? failureSince231.exec(error))?.groups ?? {};
    if (derivation === void 0 || reason === void 0) continue;
    return { derivation, reason, tail: log.tails.get(derivation) ?? [] };
  }
  return void 0;
}
var failure = /^builder for '(?<derivation>\S+\.drv)' (?<reason>failed [^;\n]+)/m;
var failureSince231 = /^Cannot build '(?<derivation>\S+\.drv)'\.\s+Reason: builder (?<reason>failed [^;\n]+?)\.?$/m;
function storePathName(path) {
  return path.replace(/^.*\/[0-9a-z]{32}-/, "").replace(/\.drv$/, "");
}
function parseEvent(line) {
  if (!line.startsWith("@nix ")) return void 0;
  try {
    const event = JSON.parse(line.slice("@nix ".length));
    return typeof event === "object" && event !== null ? event : void 0;
  } catch {
    return void 0;
  }
}
function parseId(line) {
  return /"id":(\d+)/.exec(line)?.[1] ?? "";
}
function textOf2(value) {
  return typeof value === "string" ? stripVTControlCharacters(value) : "";
}
function fieldOf(event, index) {
  return Array.isArray(event.fields) ? textOf2(event.fields[index]) : "";
}
function readStart(log, event, id) {
  const text = textOf2(event.text);
  const path = fieldOf(event, 0);
  switch (event.type) {
    case activities.build: {
      log.derivations.set(id, path);
      log.work.built += 1;
      const machine = fieldOf(event, 1);
      return { level: "info", text: `building ${storePathName(path)}${machine === "" ? "" : ` on ${machine}`}` };
    }
    case activities.substitute:
      log.work.substituted += 1;
      return { level: "info", text: `fetching ${storePathName(path)} from ${fieldOf(event, 1)}` };
    case activities.copyPath:
      return void 0;
    case activities.postBuildHook:
      log.derivations.set(id, path);
  }
  const isTold = text !== "" && (isAtMost(event.level, levels.info) || text.startsWith("fetching "));
  return isTold ? { level: "info", text } : void 0;
}
function readResult(log, event, id) {
  const derivation = log.derivations.get(id);
  if (derivation === void 0) return void 0;
  const line = fieldOf(event, 0);
  const name = storePathName(derivation);
  switch (event.type) {
    case results.buildLogLine: {
      const tail = log.tails.get(derivation) ?? [];
      keepLast(tail, line);
      log.tails.set(derivation, tail);
      return { level: "info", text: `${name}> ${line}` };
    }
    case results.postBuildLogLine:
      return { level: "info", text: `${name} (post-build-hook)> ${line}` };
    default:
      return void 0;
  }
}
function readMessage(log, event) {
  const text = textOf2(event.msg);
  if (event.level === levels.warning) return { level: "warning", text: text.replace(/^warning: /, "") };
  if (event.level === levels.error) {
    if (text.startsWith("error:")) log.errors.push(undent(text.slice("error:".length)));
    const warning = /^trace: (?:evaluation )?warning: (.*)$/s.exec(text)?.[1];
    if (warning !== void 0) return { level: "warning", text: warning };
  }
  return isAtMost(event.level, levels.info) ? { level: "info", text } : void 0;
}
function undent(text) {
  return text.replace(/^ {7}/gm, "").trim();
}
function isAtMost(level, limit) {
  return typeof level === "number" && level <= limit;
}
function keepLast(lines, line) {
  lines.push(line);
  if (lines.length > tailLength) lines.shift();
}

// src/nix/build.ts
var longestError = 4e3;
async function build(nix, inputs, host) {
  const log = createBuildLog();
  const { code, stdout } = await runProgram(
    nix.program,
    buildArguments(inputs, join(host.temporary, `result-${randomUUID()}`)),
    {
      env: nix.env,
      cwd: host.directory,
      onErrorLine: (line) => {
        const said = readLogLine(log, line);
        if (said !== void 0) host.log[said.level](said.text);
      }
    }
  );
  const name = describeSpec(inputs.spec);
  if (code !== 0) throw new Failure(`Cannot build ${name}: ${explainFailure(log, code)}`);
  return { ...parseBuilt(stdout, name), work: log.work };
}
function buildArguments(inputs, link) {
  const output = ["--log-format", "internal-json", "--json", "--out-link", link];
  return ["build", ...features, ...output, ...specArguments(inputs)];
}
var features = ["--extra-experimental-features", "nix-command flakes"];
function specArguments({ spec, buildArgs, impure }) {
  return [
    ...impure ? ["--impure"] : [],
    ...spec.kind === "file" ? ["--file", spec.file] : [],
    ...buildArgs,
    "--",
    ...spec.kind === "installable" ? [spec.installable] : spec.attr === void 0 ? [] : [spec.attr]
  ];
}
function describeSpec(spec) {
  if (spec.kind === "installable") return spec.installable;
  return spec.attr === void 0 ? spec.file : `${spec.attr} of ${spec.file}`;
}
function explainFailure(log, code) {
  const failed = findFailedBuild(log);
  if (failed !== void 0) {
    const { derivation, reason, tail } = failed;
    return [
      `builder of '${storePathName(derivation)}' (${derivation}) ${reason}.`,
      ...tail.map((line) => `  ${line}`),
      `The whole log is above, or where it was built: nix log ${derivation}`
    ].join("\n");
  }
  const words = log.errors.length > 0 ? log.errors : log.plain;
  return words.length > 0 ? withoutMiddle(words.join("\n")) : `nix ended with exit code ${code} and no error message.`;
}
function withoutMiddle(text) {
  if (text.length <= longestError) return text;
  return `${text.slice(0, longestError / 2)}
\u2026
${text.slice(-longestError / 2)}`;
}
function parseBuilt(json, name) {
  const results2 = JSON.parse(json);
  const [result] = results2;
  if (results2.length !== 1) {
    throw new Failure(`Cannot build ${name}: it is ${results2.length} things, an image is one. Name one of them.`);
  }
  if (typeof result === "string") return { path: result };
  const { path, drvPath, outputs = {} } = result;
  const output = path ?? outputs.out ?? Object.values(outputs)[0];
  if (output === void 0) throw new Failure(`Cannot build ${name}: Nix names no output path in ${json.trim()}.`);
  return { path: output, ...drvPath === void 0 ? {} : { drvPath } };
}

// src/nix/binary-cache.ts
var pathsAtATime = 1e3;
function fetchingFrom(settings, { url, signingKey }) {
  const isBelieved = signingKey === void 0 && url.startsWith("file://");
  const nixConf = [
    // Behind the user's own lines, which may set substituters anew.
    ...settings.nixConf,
    `extra-substituters = ${isBelieved ? withParameter(url, "trusted", "true") : url}`,
    ...signingKey === void 0 ? [] : [`extra-trusted-public-keys = ${publicKeyOf(signingKey)}`]
  ];
  return { ...settings, nixConf };
}
function publicKeyOf(signingKey) {
  const [name, key = ""] = signingKey.split(":");
  return `${name}:${Buffer.from(key, "base64").subarray(32).toString("base64")}`;
}
async function copyToBinaryCache(paths, { url, signingKey }, { nix, directory }) {
  let target = withParameter(url, "compression", "zstd");
  if (signingKey !== void 0) {
    const file = join2(directory, "signing-key");
    await writeFile(file, signingKey, { mode: 384 });
    target = withParameter(target, "secret-key", file);
  }
  for (let at = 0; at < paths.length; at += pathsAtATime) {
    const args = ["copy", ...features, "--to", target, "--", ...paths.slice(at, at + pathsAtATime)];
    const { code, stderr } = await runProgram(nix.program, args, { env: nix.env });
    if (code !== 0) throw new Failure(`nix copy --to ${url} failed: ${stderr.trim()}`);
  }
}
function withParameter(url, name, value) {
  const [, query = ""] = /\?(.*)$/.exec(url) ?? [];
  if (new URLSearchParams(query).has(name)) return url;
  return `${url}${query === "" && !url.endsWith("?") ? "?" : query === "" ? "" : "&"}${name}=${value}`;
}

// src/nix/closure.ts
var pathsAtATime2 = 1e3;
function readClosure(nix, paths) {
  return readPathInfos(nix, paths, ["--recursive"]);
}
function readRegistrations(nix, paths) {
  return readPathInfos(nix, paths, []);
}
async function readNarHashes(nix, paths) {
  const infos = await readPathInfos(nix, paths, []);
  return new Map([...infos].map(([path, { narHash }]) => [path, narHash]));
}
async function readPathInfos(nix, paths, options) {
  const infos = /* @__PURE__ */ new Map();
  for (let at = 0; at < paths.length; at += pathsAtATime2) {
    const json = await pathInfo(nix, [...options, "--", ...paths.slice(at, at + pathsAtATime2)]);
    for (const [path, info] of entriesOf(JSON.parse(json))) infos.set(path, parsePathInfo(path, info));
  }
  return new Map([...infos].sort(([a], [b]) => a < b ? -1 : 1));
}
async function pathInfo(nix, args) {
  const run = (format) => runProgram(nix.program, ["path-info", ...features, "--json", ...format, ...args], { env: nix.env });
  let result = await run([]);
  if (result.code !== 0 && result.stderr.includes("--json-format")) result = await run(["--json-format", "1"]);
  if (result.code === 0) return result.stdout;
  throw new Failure(`Cannot ask Nix about the paths of the image: ${result.stderr.trim()}`);
}
function entriesOf(json) {
  if (Array.isArray(json)) return json.map((info) => [info.path, info]);
  return Object.entries(json);
}
function parsePathInfo(path, info) {
  const { narHash, narSize, references, deriver, signatures, ultimate } = info ?? {};
  if (narHash === void 0 || narSize === void 0 || references === void 0) {
    throw new Failure(`Cannot use ${path}: it is not in the store. Build it again.`);
  }
  return {
    narHash: parseNarHash(narHash, path),
    narSize,
    references,
    // Nix 2.8 omits it where it is unknown, newer ones say null.
    ...deriver === void 0 || deriver === null ? {} : { deriver },
    isSubstitutable: ultimate !== true && (signatures ?? []).length > 0
  };
}
function parseNarHash(text, path) {
  const digits = /^sha256[:-]([0-9a-zA-Z+/]+=*)$/.exec(text)?.[1] ?? "";
  const hex = digits.length === 64 ? digits : digits.length === 52 ? fromBase32(digits) : fromBase64(digits);
  if (/^[0-9a-f]{64}$/.test(hex)) return `sha256:${hex}`;
  throw new Failure(`Cannot use ${path}: its NAR hash "${text}" is no SHA-256 in a form that this program knows.`);
}
function fromBase64(digits) {
  return Buffer.from(digits, "base64").toString("hex");
}
function fromBase32(digits) {
  const alphabet = "0123456789abcdfghijklmnpqrsvwxyz";
  const number2 = [...digits].reduce((sum, digit) => sum << 5n | BigInt(alphabet.indexOf(digit)), 0n);
  const bigEndian = Buffer.from(number2.toString(16).padStart(64, "0"), "hex");
  return bigEndian.reverse().toString("hex");
}

// src/nix/settings.ts
import { randomUUID as randomUUID2 } from "node:crypto";
import { mkdir, rename, writeFile as writeFile2 } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join as join3 } from "node:path";

// src/nix/is-there.ts
import { access } from "node:fs/promises";
async function isThere(path) {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

// src/nix/as-root.ts
async function canBeRoot(host) {
  if (process.getuid?.() === 0) return true;
  const sudo = await findProgram("sudo", host.env);
  return sudo !== void 0 && (await runProgram(sudo, ["-n", "true"], { env: host.env })).code === 0;
}
async function runAsRoot(command, host) {
  const [program = "", ...args] = process.getuid?.() === 0 ? command : ["sudo", "-n", ...command];
  const { code, stderr } = await runProgram(program, args, { env: host.env });
  if (code === 0) return;
  throw new Failure(`Cannot run "${command.join(" ")}" as root: ${stderr.trim()} (exit code ${code}).`);
}

// src/nix/sandbox.ts
var namespaces = ["--user", "--map-root-user", "--mount", "--pid", "--fork", "--mount-proc"];
async function openSandbox(host) {
  const unshare = await findProgram("unshare", host.env);
  if (unshare === void 0) return void 0;
  const isAllowed = async () => (await runProgram(unshare, [...namespaces, "true"], { env: host.env })).code === 0;
  if (await isAllowed()) return true;
  if (!host.isDisposable || !await canBeRoot(host)) return false;
  try {
    await runAsRoot(["sysctl", "-w", "kernel.apparmor_restrict_unprivileged_userns=0"], host);
  } catch {
    return false;
  }
  return isAllowed();
}

// src/nix/settings.ts
var ownDirectory = "/nix/var/nix-image-action";
var ownRoot = "/nix/var/nix/gcroots/nix-image-action";
var ownProgram = join3(ownRoot, "bin/nix");
var packagedProgram = "/usr/bin/nix";
var ownCertificates = "/nix/var/nix/gcroots/nix-image-action-certificates";
var ownSettings = join3(ownDirectory, "nix.conf");
function withNixConfig(env, settings) {
  const { githubToken, githubHost = "github.com" } = settings;
  const lines = [
    ...env.NIX_CONFIG ? [env.NIX_CONFIG] : [],
    // With "extra-" a token that the user's own settings have for this host stays the one in force.
    ...githubToken === void 0 ? [] : [`extra-access-tokens = ${githubHost}=${githubToken}`],
    ...linesOf(settings)
  ];
  return lines.length === 0 ? env : { ...env, NIX_CONFIG: lines.join("\n") };
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
  return [ownProgram, packagedProgram].includes(program) && await isThere(ownSettings);
}
async function exportInstallation(program, settings, host) {
  const lines = ["build-users-group =", ...await sandboxLines(settings, host), ...linesOf(settings), ""];
  await replaceFile(ownSettings, lines.join("\n"));
  const files = userSettings(host.env).filter((file) => file !== ownSettings);
  host.exportVariable("NIX_USER_CONF_FILES", [ownSettings, ...files].join(":"));
  const bundle = join3(ownCertificates, "etc/ssl/certs/ca-bundle.crt");
  if (!host.env.NIX_SSL_CERT_FILE && !await isThere("/etc/ssl/certs/ca-certificates.crt") && await isThere(bundle)) {
    host.exportVariable("NIX_SSL_CERT_FILE", bundle);
  }
  if (program === ownProgram && await findProgram("nix", host.env) !== ownProgram) host.addPath(dirname(ownProgram));
}
async function sandboxLines({ nixConf }, host) {
  if (nixConf.some((line) => /^sandbox\s*=/.test(line))) return [];
  const isAllowed = await openSandbox(host);
  if (isAllowed === void 0) return [];
  if (!isAllowed) {
    host.log.notice(
      "Builds are not sandboxed here: the kernel refuses namespaces to this user. They see the files of this machine and its network; see docs/toolchain.md."
    );
  }
  return [`sandbox = ${isAllowed}`];
}
function userSettings(env) {
  if (env.NIX_USER_CONF_FILES) return env.NIX_USER_CONF_FILES.split(":");
  const home = env.XDG_CONFIG_HOME || join3(env.HOME || homedir(), ".config");
  return [home, ...(env.XDG_CONFIG_DIRS || "/etc/xdg").split(":")].map((directory) => join3(directory, "nix/nix.conf"));
}
async function replaceFile(path, text) {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID2()}`;
  await writeFile2(temporary, text, { mode: 384 });
  await rename(temporary, path);
}

// src/nix/store.ts
import { access as access2, constants } from "node:fs/promises";
import { dirname as dirname2, join as join4 } from "node:path";
var pathsAtATime3 = 1e3;
async function listValidPaths(nix) {
  const { code, stdout, stderr } = await runProgram(nix.program, ["path-info", ...features, "--all"], { env: nix.env });
  if (code !== 0) throw new Failure(`Cannot list the store: ${stderr.trim()}`);
  return new Set(linesOf2(stdout));
}
async function findInvalidPaths(nix, paths) {
  return new Set(await askStore(nix, ["--check-validity", "--print-invalid"], paths));
}
async function readRequisites(nix, paths) {
  return new Set(await askStore(nix, ["--query", "--requisites", "--include-outputs"], paths));
}
async function readFlakeInputs(nix, { spec }, directory) {
  if (spec.kind === "file") return [];
  const flake = spec.installable.split("#")[0] || ".";
  const args = ["flake", "archive", ...features, "--json", "--dry-run", "--no-write-lock-file", "--", flake];
  const { code, stdout, stderr } = await runProgram(nix.program, args, { env: nix.env, cwd: directory });
  if (code !== 0) throw new Failure(`Cannot list the inputs of ${describeSpec(spec)}: ${stderr.trim()}`);
  return inputsBelow(JSON.parse(stdout)).flatMap(({ path }) => path === void 0 ? [] : [path]);
}
function inputsBelow({ inputs = {} }) {
  return Object.values(inputs).flatMap((input) => [input, ...inputsBelow(input)]);
}
async function ownsStore(nix) {
  if (!["auto", "local"].includes(await readStoreSetting(nix))) return false;
  try {
    for (const path of ["/nix/store", "/nix/var/nix", "/nix/var/nix/db"]) await access2(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
async function readStoreSetting({ program, env }) {
  for (const command of [["show-config"], ["config", "show"]]) {
    const { code, stdout } = await runProgram(program, [...command, ...features, "--json"], { env });
    if (code === 0) return JSON.parse(stdout).store.value;
  }
  throw new Failure("Cannot ask Nix which store it uses.");
}
async function registerPaths(nix, registration) {
  await feedStore(nix, "--load-db", registration);
}
async function importPaths(nix, stream) {
  try {
    await feedStore(nix, "--import", stream);
  } catch (cause) {
    if (!/lacks a (valid )?signature/.test(messageOf(cause))) throw cause;
    throw new Failure("the store's daemon takes them from trusted users only. Add this one to its trusted-users", {
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
  for (let at = 0; at < paths.length; at += pathsAtATime3) {
    const root = join4(directory, `kept-${at}`);
    await askStore(nix, ["--realise", "--add-root", root, "--indirect"], paths.slice(at, at + pathsAtATime3));
  }
}
async function feedStore(nix, command, input) {
  const { code, stderr } = await runProgram(storeProgram(nix), [command], { env: nix.env, input });
  if (code !== 0) throw new Failure(`nix-store ${command} failed: ${stderr.trim()}`);
}
async function askStore(nix, command, paths) {
  const answers = [];
  for (let at = 0; at < paths.length; at += pathsAtATime3) {
    const args = [...command, ...paths.slice(at, at + pathsAtATime3)];
    const { code, stdout, stderr } = await runProgram(storeProgram(nix), args, { env: nix.env });
    if (code !== 0) throw new Failure(`nix-store ${command[0]} failed: ${stderr.trim()}`);
    answers.push(...linesOf2(stdout));
  }
  return answers;
}
function storeProgram(nix) {
  return join4(dirname2(nix.program), "nix-store");
}
function linesOf2(text) {
  return text.split("\n").filter((line) => line !== "");
}

// src/cache/cache-key.ts
import { createHash as createHash2 } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join as join5, matchesGlob } from "node:path";
import { pipeline } from "node:stream/promises";
var lockFiles = [/(^|\/)flake\.lock$/, /(^|\/)npins\/sources\.json$/, /(^|\/)nix\/sources\.json$/];
async function cacheKey({ directory, patterns, system, spec, extra }) {
  const files = await findFiles(directory, patterns);
  const locks = createHash2("sha256");
  addField(locks, extra);
  for (const file of files) {
    addField(locks, file);
    addField(locks, await hashFile(join5(directory, file)));
  }
  const forSystem = `nix-image-${formatVersion}-${system}-`;
  const forSpec = `${forSystem}${createHash2("sha256").update(spec).digest("hex").slice(0, 12)}-`;
  return { key: `${forSpec}${locks.digest("hex").slice(0, 32)}`, prefixes: [forSpec, forSystem], files };
}
function addField(hash, text) {
  const bytes = Buffer.from(text);
  hash.update(`${bytes.length}:`).update(bytes);
}
async function hashFile(path) {
  const hash = createHash2("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}
async function findFiles(directory, patterns) {
  const isWanted = (file) => lockFiles.some((name) => name.test(file)) || patterns.some((pattern) => matchesGlob(file, pattern));
  const found = [];
  for (const rest = [""]; rest.length > 0; ) {
    const below = rest.pop();
    for (const entry of await readdir(join5(directory, below), { withFileTypes: true })) {
      const path = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== ".git" && entry.name !== "node_modules") rest.push(path);
      if (entry.isFile() && isWanted(path)) found.push(path);
    }
  }
  return found.sort();
}

// src/cache/directory-backend.ts
import { copyFile, mkdir as mkdir2, readdir as readdir2, rename as rename2, rm, stat } from "node:fs/promises";
import { join as join6 } from "node:path";
var ending = ".nix-image-cache";
function openDirectoryBackend(directory) {
  const place = (key) => join6(directory, `${key}${ending}`);
  return {
    async restore(file, key, prefixes) {
      const keys = await listKeys(directory);
      const found = keys.includes(key) ? key : await newest(directory, keys, prefixes);
      if (found !== void 0) await copyFile(place(found), file);
      return found;
    },
    async save(file, key) {
      await mkdir2(directory, { recursive: true });
      const temporary = join6(directory, `.${key}.${process.pid}`);
      try {
        await copyFile(file, temporary);
        await rename2(temporary, place(key));
      } finally {
        await rm(temporary, { force: true });
      }
      return true;
    }
  };
}
async function listKeys(directory) {
  try {
    const names = await readdir2(directory);
    return names.filter((name) => name.endsWith(ending) && !name.startsWith(".")).map((name) => name.slice(0, -ending.length));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}
async function newest(directory, keys, prefixes) {
  for (const prefix of prefixes) {
    const dated = await Promise.all(
      keys.filter((key) => key.startsWith(prefix)).map(async (key) => ({ key, time: (await stat(join6(directory, `${key}${ending}`))).mtimeMs }))
    );
    const last = dated.sort((a, b) => b.time - a.time || (a.key < b.key ? -1 : 1))[0];
    if (last !== void 0) return last.key;
  }
  return void 0;
}

// src/cache/read-entry.ts
import { createHash as createHash3 } from "node:crypto";
import { open as open2 } from "node:fs/promises";

// src/cache/read-nar.ts
var longestPath = 4096;
function openNar(sink) {
  const input = { bytes: Buffer.alloc(0), at: 0 };
  const parser = readArchive(sink, input);
  let isDone = false;
  return {
    push(piece) {
      const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
      input.bytes = input.bytes.length === 0 ? bytes : Buffer.concat([input.bytes, bytes]);
      if (!isDone) isDone = parser.next().done === true;
      input.bytes = Buffer.from(input.bytes.subarray(input.at));
      input.at = 0;
      if (isDone && input.bytes.length > 0) refuse("bytes after its end");
    },
    end() {
      if (!isDone) refuse("cut off");
    }
  };
}
function left({ bytes, at }) {
  return bytes.length - at;
}
function* readArchive(sink, input) {
  yield* choose(input, narTokens.start);
  yield* readNode(sink, input, "");
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
    if (target === "" || target.includes("\0")) refuse("a symlink with no possible target");
    sink.symlink(path, target);
    yield* choose(input, narTokens.close);
  }
}
function* readEntries(sink, input, path) {
  if (path.length > longestPath) refuse("directories too deep");
  for (let last = ""; (yield* choose(input, narTokens.entry, narTokens.close)) === narTokens.entry; ) {
    const name = yield* readString(input);
    if (name === "" || name === "." || name === ".." || /[/\0]/.test(name)) refuse("a name that is none");
    if (name <= last) refuse("names out of order");
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
  sink.startFile(path, mark === narTokens.executable);
  for (let missing = size; missing > 0; ) {
    if (left(input) === 0) yield;
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
  while (left(input) < start) yield;
  const found = known.find((token) => token.compare(input.bytes, input.at, input.at + start, 0, start) === 0);
  if (found === void 0) refuse("something that does not belong where it is");
  while (left(input) < found.length) yield;
  if (found.compare(input.bytes, input.at, input.at + found.length) !== 0)
    refuse("something that does not belong there");
  input.at += found.length;
  return found;
}
function* readString(input) {
  const size = yield* readNumber(input);
  if (size > longestPath) refuse("a string too long");
  while (left(input) < size) yield;
  const text = input.bytes.toString("latin1", input.at, input.at + size);
  input.at += size;
  yield* readPadding(input, size);
  return text;
}
function* readNumber(input) {
  while (left(input) < 8) yield;
  const number2 = input.bytes.readUInt32LE(input.at) + 2 ** 32 * input.bytes.readUInt32LE(input.at + 4);
  if (!Number.isSafeInteger(number2)) refuse("a number too large");
  input.at += 8;
  return number2;
}
function* readPadding(input, size) {
  const end = padded(size) - size;
  while (left(input) < end) yield;
  for (let i = 0; i < end; i++) {
    if (input.bytes[input.at + i] !== 0) refuse("padding that is not zero");
  }
  input.at += end;
}
function refuse(what) {
  throw new Failure(`Cannot read a NAR: ${what}.`);
}

// src/cache/read-entry.ts
var DamagedEntry = class extends Failure {
  name = "DamagedEntry";
};
var largestManifest = 128 << 20;
async function openEntry(file) {
  const handle = await open2(file);
  try {
    const input = openInput(readZstdFrames(handle));
    const start = await input.take(magic.length + 4);
    if (!start.subarray(0, magic.length).equals(magic)) throw new Failure("it is no cache entry");
    const length = start.readUInt32LE(magic.length);
    if (length > largestManifest) throw new Failure(`its manifest has ${length} bytes`);
    const manifest = parseManifest((await input.take(length)).toString("utf8"));
    const streamNars = () => narsOf(manifest, input);
    return { manifest, readNars: (sinkFor) => readNars(streamNars(), sinkFor), streamNars, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw asDamage(error);
  }
}
function asDamage(error) {
  return error instanceof Failure ? new DamagedEntry(error.message, { cause: error }) : error;
}
async function readNars(pieces, sinkFor) {
  let current;
  try {
    for await (const { path, piece, isLast } of pieces) {
      if (path !== current?.path) {
        current?.check?.end();
        const sink = sinkFor(path);
        current = { path, check: sink === void 0 ? void 0 : checkNar(path, sink) };
      }
      current.check?.push(piece);
      if (isLast) freeMemory(piece);
    }
    current?.check?.end();
  } catch (error) {
    throw asDamage(error);
  } finally {
    current?.check?.close();
  }
}
function checkNar({ path, narHash }, sink) {
  const hash = createHash3("sha256");
  const reader = openNar(sink);
  return {
    push(piece) {
      hash.update(piece);
      reader.push(piece);
    },
    end() {
      reader.end();
      if (`sha256:${hash.digest("hex")}` !== narHash) throw new Failure(`${path} has not the hash that it claims`);
    },
    close: () => sink.close()
  };
}
async function* narsOf({ paths }, input) {
  for (const path of paths) {
    for (let left2 = path.narSize; left2 > 0; ) {
      const piece = await input.some(left2);
      left2 -= piece.length;
      yield { path, piece, isLast: input.isEmpty() };
    }
  }
  if (!await input.isAtEnd()) throw new Failure("there are bytes behind its last store path");
}
function openInput(source) {
  let rest = new Uint8Array(0);
  const isAtEnd = async () => {
    while (rest.length === 0) {
      const { value, done } = await source.next();
      if (done) return true;
      rest = value;
    }
    return false;
  };
  const some = async (most) => {
    if (await isAtEnd()) throw new Failure("it is cut off");
    const piece = rest.subarray(0, most);
    rest = rest.subarray(piece.length);
    return piece;
  };
  const take = async (size) => {
    const pieces = [];
    for (let left2 = size; left2 > 0; left2 -= pieces.at(-1)?.length ?? 0) pieces.push(await some(left2));
    return Buffer.concat(pieces);
  };
  return { take, some, isAtEnd, isEmpty: () => rest.length === 0 };
}

// src/cache/restore-entry.ts
import { chmodSync as chmodSync2, linkSync, lstatSync as lstatSync2, readdirSync as readdirSync2, renameSync, rmSync } from "node:fs";
import { mkdtemp, statfs } from "node:fs/promises";
import { basename, join as join7 } from "node:path";

// src/cache/export-stream.ts
var exportMagic = 1163413838;
async function* exportStream(entry, wanted) {
  let current;
  for await (const { path, piece } of entry.streamNars()) {
    if (!wanted.has(path.path)) continue;
    if (path !== current) {
      if (current !== void 0) yield trailerOf(current);
      yield number(1);
      current = path;
    }
    yield piece;
  }
  if (current !== void 0) yield trailerOf(current);
  yield number(0);
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
import {
  chmodSync,
  closeSync as closeSync2,
  fchmodSync,
  futimesSync,
  lutimesSync,
  mkdirSync,
  openSync as openSync2,
  symlinkSync,
  utimesSync,
  writeSync
} from "node:fs";
var storeTime = 1;
function unpackNar(path) {
  const root = bytesOf(path);
  const place = (below) => onDisk(root + below);
  let file;
  const close = () => {
    if (file !== void 0) closeSync2(file);
    file = void 0;
  };
  return {
    startDirectory: (below) => void mkdirSync(place(below), 493),
    endDirectory(below) {
      if (below !== "") seal(place(below));
    },
    symlink(below, target) {
      symlinkSync(onDisk(target), place(below));
      lutimesSync(place(below), storeTime, storeTime);
    },
    startFile(below, isExecutable) {
      file = openSync2(place(below), "wx");
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
function seal(directory) {
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

// src/cache/restore-entry.ts
async function restoreEntry(file, { store, system }) {
  const entry = await openEntry(file);
  try {
    if (entry.manifest.system !== system) throw new Failure(`it is for ${entry.manifest.system}, not ${system}`);
    const { paths } = entry.manifest;
    const invalid = await store.findInvalid(paths.map(({ path }) => path));
    const missing = paths.filter(({ path }) => invalid.has(path));
    await requireReferences(entry.manifest.paths, missing, store);
    const size = missing.reduce((sum, { narSize }) => sum + narSize, 0);
    await requireSpace(size);
    if (missing.length > 0) {
      if (store.isOwn) await unpackAndRegister(entry, missing, store);
      else await checkAndImport(entry, missing, { store, file });
    }
    return { paths: missing.map(({ path }) => path), size, held: paths.map(({ path }) => path) };
  } finally {
    await entry.close();
  }
}
async function requireReferences(paths, missing, store) {
  const held = new Set(paths.map(({ path }) => path));
  const outside = [...new Set(missing.flatMap(({ references }) => references))].filter((path) => !held.has(path));
  const absent = [...await store.findInvalid(outside)].sort();
  if (absent.length === 0 || await store.substitute(absent)) return;
  throw new Failure(`it refers to ${absent[0]}, which is neither in it nor in the store`);
}
async function requireSpace(size) {
  const { bavail, bsize } = await statfs(storeDirectory);
  if (size <= bavail * bsize) return;
  throw new Failure(`it claims ${size} bytes, and ${storeDirectory} has room for ${bavail * bsize}`);
}
async function unpackAndRegister(entry, missing, store) {
  const temporary = await mkdtemp(join7(storeDirectory, ".nix-image-"));
  const places = new Map(missing.map(({ path }) => [path, join7(temporary, basename(path))]));
  const moved = [];
  try {
    await entry.readNars(({ path }) => {
      const place = places.get(path);
      return place === void 0 ? void 0 : unpackNar(place);
    });
    for (const [path, place] of places) {
      moveIntoStore(place, path);
      moved.push(path);
    }
    await store.register(missing.map(registrationOf).join(""));
  } catch (error) {
    for (const path of await store.findInvalid(moved)) removeTree(path);
    throw error;
  } finally {
    removeTree(temporary);
  }
}
function moveIntoStore(place, path) {
  try {
    if (!lstatSync2(place).isDirectory()) return linkSync(place, path);
    renameSync(place, path);
    seal(path);
  } catch (error) {
    if (!hasCode(error, "ENOTEMPTY", "EEXIST", "ENOTDIR")) throw error;
    throw new Failure(`${path} is in its way: there, but not valid. Run nix-store --delete ${path}`, { cause: error });
  }
}
function removeTree(path) {
  const openUp = (directory) => {
    chmodSync2(directory, 493);
    for (const entry of readdirSync2(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) openUp(join7(directory, entry.name));
    }
  };
  if (lstatSync2(path, { throwIfNoEntry: false })?.isDirectory()) openUp(path);
  rmSync(path, { recursive: true, force: true });
}
function registrationOf({ path, narHash, narSize, deriver = "", references }) {
  const lines = [path, narHash, narSize, deriver, references.length, ...references];
  return lines.map((line) => `${line}
`).join("");
}
async function checkAndImport(entry, missing, { store, file }) {
  const wanted = new Set(missing.map(({ path }) => path));
  await entry.readNars(({ path }) => wanted.has(path) ? noSink : void 0);
  const again = await openEntry(file);
  try {
    await store.importPaths(exportStream(again, wanted));
  } finally {
    await again.close();
  }
}

// src/stages/restore-store.ts
async function fetchEntry(inputs, host) {
  const backend = openBackend(inputs.cache.directory, host);
  if (backend === void 0 || inputs.cache.use === "off" || inputs.cache.binaryCache !== void 0) return void 0;
  if (!hasZstd) {
    host.log.warning(`The store cache needs Node 22.15 or newer, and this is ${process.version}: there is none.`);
    return void 0;
  }
  try {
    const key = await keyOf(inputs, host);
    const file = `${host.temporary}/restored`;
    return { backend, key, file, matchedKey: await backend.restore(file, key.key, key.prefixes) };
  } catch (error) {
    host.log.warning(`The store cache is not used: ${messageOf(error)}`);
    return void 0;
  }
}
async function restoreStore(fetched, nix, { inputs, host }) {
  const isFetchedByBuild = inputs.cache.use !== "off" && inputs.cache.binaryCache !== void 0;
  if (fetched === void 0 && !isFetchedByBuild) return void 0;
  return host.log.group("Cache", async () => {
    try {
      const before = await listValidPaths(nix);
      return { before, result: fetched && await restoreFetched(fetched, nix, host) };
    } catch (error) {
      host.log.warning(`The store cache is not used: ${messageOf(error)}`);
      return void 0;
    }
  });
}
function keyOf({ cache, variants, contents, buildArgs }, { directory }) {
  return cacheKey({
    directory,
    patterns: cache.keyFiles,
    system: nixSystem,
    spec: JSON.stringify([variants.map(({ spec }) => spec), contents, buildArgs]),
    extra: cache.keyExtra
  });
}
function openBackend(directory, host) {
  return directory === void 0 ? host.cache : openDirectoryBackend(host.resolve(directory));
}
var mostReplacements = 3;
async function restoreFetched(fetched, nix, host) {
  const { backend, file } = fetched;
  const { key, files } = fetched.key;
  host.log.info(`Key ${key}, of ${files.join(", ") || "no lock files"}`);
  let { matchedKey } = fetched;
  for (let number2 = 1; ; number2++) {
    const numbered = number2 === 1 ? key : `${key}-${number2}`;
    if (number2 > 1) matchedKey = await backend.restore(file, numbered, []);
    host.log.info(matchedKey === void 0 ? "No entry" : `Entry ${matchedKey}`);
    try {
      if (matchedKey !== void 0) return { key: numbered, matchedKey, ...await restoreFrom(fetched, nix, host) };
    } catch (error) {
      host.log.warning(`The cache entry ${matchedKey} is refused, the store is as before: ${messageOf(error)}`);
      if (error instanceof DamagedEntry && matchedKey === numbered && number2 < mostReplacements) continue;
    }
    return { key: numbered, matchedKey: void 0, restoredPaths: 0, restoredBytes: 0 };
  }
}
async function restoreFrom({ file }, nix, { temporary, log }) {
  const { paths, size, held } = await restoreEntry(file, { store: await openStore(nix), system: nixSystem });
  await keepPaths(nix, paths, temporary);
  log.info(`Restored ${paths.length} of ${held.length} store paths, ${formatSize(size)}`);
  return { restoredPaths: paths.length, restoredBytes: size };
}
async function openStore(nix) {
  return {
    isOwn: await ownsStore(nix),
    findInvalid: (paths) => findInvalidPaths(nix, paths),
    substitute: (paths) => substitutePaths(nix, paths),
    register: (registration) => registerPaths(nix, registration),
    importPaths: (stream) => importPaths(nix, stream)
  };
}
var nixSystem = `${process.arch === "arm64" ? "aarch64" : "x86_64"}-${process.platform}`;

// src/stages/save-store.ts
async function planSave(cache, built, { nix, inputs, host }) {
  const { key, matchedKey } = cache.result ?? {};
  if (key !== void 0 && key === matchedKey || !isSaveWanted(inputs, host)) return;
  try {
    const { directory, binaryCache, excludeSubstitutable, maxSize } = inputs.cache;
    const paths = await neededPaths(built, cache, { nix, inputs, host });
    const task = {
      ...key === void 0 ? {} : { key },
      ...directory === void 0 ? {} : { directory },
      ...binaryCache === void 0 ? {} : { url: binaryCache.url },
      excludeSubstitutable,
      ...maxSize === void 0 ? {} : { maxSize },
      program: nix.program,
      version: nix.version,
      nixConf: inputs.nix.nixConf,
      outputs: built.map(({ path }) => path),
      paths
    };
    const text = JSON.stringify(task);
    await (host.afterJob?.(text) ?? saveStore(text, host, binaryCache?.signingKey));
  } catch (error) {
    host.log.warning(`Cannot save the store cache: ${messageOf(error)}`);
  }
}
function isSaveWanted({ cache }, { context, log }) {
  if (cache.use === "restore" || cache.save === "never") return false;
  if (cache.save === "always" || context.isTrusted === true) return true;
  log.info("Nothing is saved: this run is neither for the default branch nor for a pull request from the repository.");
  return false;
}
async function neededPaths(built, { before }, { nix, inputs, host }) {
  const written = [...await listValidPaths(nix)].filter((path) => path.endsWith(".drv") && !before.has(path));
  const outputs = built.flatMap(({ path, drvPath }) => drvPath === void 0 ? [path] : [path, drvPath]);
  const needed = await readRequisites(nix, [.../* @__PURE__ */ new Set([...outputs, ...written])]);
  const sources = await Promise.all(
    inputs.variants.map(
      ({ spec }) => spec.kind === "path" ? [] : readFlakeInputs(nix, { ...inputs, spec }, host.directory)
    )
  );
  return [.../* @__PURE__ */ new Set([...needed, ...sources.flat()])].filter((path) => !before.has(path)).sort();
}
async function saveStore(text, host, signingKey) {
  const task = JSON.parse(text);
  const { program, version, url } = task;
  const nix = { program, version, env: withNixConfig(host.env, task), installed: false };
  const { paths, substitutable, evicted } = choosePaths(await readCandidates(nix, task.paths), {
    ...task,
    maxSize: task.maxSize
  });
  report("left out, since binary caches have them", substitutable, host);
  report("left out for cache-max-size, the least useful first", evicted, host);
  if (paths.length === 0) return host.log.info("Nothing to save: this build added nothing to the store.");
  if (url === void 0) return saveEntry(paths, task, host);
  await copyToBinaryCache(
    paths.map(({ path }) => path),
    { url, signingKey },
    { nix, directory: host.temporary }
  );
  host.log.info(`Copied ${paths.length} store paths, ${formatSize(totalSize(paths))}, to ${url}`);
}
async function saveEntry(paths, { key = "", directory }, host) {
  const backend = openBackend(directory, host);
  if (backend === void 0) return;
  const file = `${host.temporary}/saved`;
  const size = await writeEntry(file, { system: nixSystem, paths: sortByReferences(paths) });
  if (!await backend.save(file, key)) return;
  host.log.info(`Saved ${paths.length} store paths, ${formatSize(totalSize(paths))}, as ${key}: ${formatSize(size)}`);
}
async function readCandidates(nix, paths) {
  const invalid = await findInvalidPaths(nix, paths);
  const registered = await readRegistrations(
    nix,
    paths.filter((path) => !invalid.has(path))
  );
  const kept = new Set([...registered.keys()].filter((path) => !path.endsWith(".drv")));
  for (const path of kept) {
    for (const reference of registered.get(path)?.references ?? []) if (registered.has(reference)) kept.add(reference);
  }
  return [...registered].filter(([path]) => kept.has(path)).map(([path, facts]) => ({ path, ...facts }));
}
var longestList = 10;
function report(why, paths, { log }) {
  if (paths.length === 0) return;
  const shown = paths.slice(0, longestList).map(({ path, narSize }) => `  ${path}  ${formatSize(narSize)}`);
  const more = paths.length > longestList ? [`  and ${paths.length - longestList} more`] : [];
  log.info([`${paths.length} store paths, ${formatSize(totalSize(paths))}, ${why}:`, ...shown, ...more].join("\n"));
}
function totalSize(paths) {
  return paths.reduce((sum, { narSize }) => sum + narSize, 0);
}

export {
  createBuildLog,
  readLogLine,
  build,
  features,
  specArguments,
  describeSpec,
  fetchingFrom,
  isThere,
  canBeRoot,
  runAsRoot,
  ownRoot,
  ownProgram,
  packagedProgram,
  ownCertificates,
  withNixConfig,
  isOwnInstallation,
  exportInstallation,
  bytesOf,
  textOf,
  isAscii,
  isUtf8,
  replaceNonAscii,
  codePointKey,
  fetchEntry,
  restoreStore,
  readClosure,
  readNarHashes,
  planSave,
  saveStore
};
