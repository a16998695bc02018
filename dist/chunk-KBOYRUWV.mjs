import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);

// src/lib/failure.ts
var Failure = class extends Error {
  name = "Failure";
};
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
function hasCode(error, ...codes) {
  if (!(error instanceof Error)) return false;
  const { code } = error;
  return code !== void 0 && codes.includes(code) || hasCode(error.cause, ...codes);
}

// src/metadata/created.ts
var lastSecond = 253402300799;
function parseCreated(text) {
  if (text === "commit" || text === "now" || text === "keep") return text;
  const seconds = /^\d+$/.test(text) ? Number(text) : parseRfc3339(text);
  if (seconds !== void 0 && seconds <= lastSecond) return seconds;
  throw new Failure(
    `Cannot use created: "${text}". Give commit, now, keep, an RFC 3339 time (2026-01-31T12:00:00Z) or Unix seconds.`
  );
}
function resolveCreated(created, clocks) {
  if (created === "keep") return void 0;
  if (created === "now") return formatSeconds(Math.floor(clocks.now() / 1e3));
  if (created !== "commit") return formatSeconds(created);
  const { sourceDateEpoch, commitTime } = clocks;
  if (sourceDateEpoch === void 0 || sourceDateEpoch === "") {
    return commitTime === void 0 ? void 0 : formatSeconds(commitTime);
  }
  if (!/^\d+$/.test(sourceDateEpoch) || Number(sourceDateEpoch) > lastSecond) {
    throw new Failure(`Cannot use SOURCE_DATE_EPOCH="${sourceDateEpoch}": it must be Unix seconds.`);
  }
  return formatSeconds(Number(sourceDateEpoch));
}
function parseRfc3339(text) {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-]\d\d:\d\d)$/i.exec(text);
  if (parts === null) return void 0;
  const [, date, time, zone] = parts;
  const local = Date.parse(`${date}T${time}Z`);
  const instant = Date.parse(`${date}T${time}${zone?.toUpperCase()}`);
  const exists = !Number.isNaN(local) && new Date(local).toISOString().startsWith(`${date}T${time}`);
  return exists && !Number.isNaN(instant) && instant >= 0 ? Math.floor(instant / 1e3) : void 0;
}
function formatSeconds(seconds) {
  return new Date(seconds * 1e3).toISOString().replace(".000Z", "Z");
}

// src/metadata/labels.ts
function parseLabels(text) {
  const set = /* @__PURE__ */ new Map();
  const deleted = /* @__PURE__ */ new Set();
  for (const line of linesOf(text)) {
    const deletion = /^\s*!\s*([^=\s]+)\s*$/.exec(line)?.[1];
    if (deletion !== void 0) {
      set.delete(deletion);
      deleted.add(deletion);
      continue;
    }
    const [key, value] = parseAssignment(line, "label", "key=value, or !key to delete a label");
    deleted.delete(key);
    set.set(key, value);
  }
  return { set: Object.fromEntries(set), deleted };
}
var levelPattern = /^((?:manifest|index)(?:-descriptor)?(?:\[[^\]]*\])?(?:,(?:manifest|index)(?:-descriptor)?(?:\[[^\]]*\])?)*):/;
var annotationForm = "key=value, with manifest:, manifest[OS/ARCHITECTURE]: or index: in front if need be";
function parseAnnotations(text) {
  return linesOf(text).flatMap((line) => {
    const [name, value] = parseAssignment(line, "annotation", annotationForm);
    const levels2 = levelPattern.exec(name)?.[1];
    const key = levels2 === void 0 ? name : name.slice(levels2.length + 1);
    if (key === "") throw new Failure(`Cannot use the annotation line "${line.trim()}": write ${annotationForm}.`);
    return (levels2 ?? "manifest").split(",").map((level) => ({ ...parseLevel(level, line.trim()), key, value }));
  });
}
function parseLevel(text, line) {
  if (text === "manifest" || text === "index") return { level: text };
  const platform = /^manifest\[([^\]]+)\]$/.exec(text)?.[1];
  if (platform !== void 0) return { level: "manifest", platform };
  throw new Failure(`Cannot use the annotation "${line}": there is no "${text}". Write ${annotationForm}.`);
}
function annotationsOf(annotations, level, platform) {
  const meant = annotations.filter(
    (item) => item.level === level && (item.platform === void 0 || item.platform === platform)
  );
  return Object.fromEntries(meant.map(({ key, value }) => [key, value]));
}
function parseAssignment(line, kind, form) {
  const equals = line.indexOf("=");
  const key = line.slice(0, Math.max(equals, 0)).trim();
  if (key === "" || key.startsWith("!") || /\s/.test(key)) {
    throw new Failure(`Cannot use the ${kind} line "${line.trim()}": write ${form}.`);
  }
  return [key, line.slice(equals + 1)];
}
function linesOf(text) {
  return text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
}

// src/metadata/given-metadata.ts
var noMetadata = { tags: [], labels: {}, annotations: [] };
function parseMetadataJson(text, what) {
  let json;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Failure(`Cannot read ${what}: it is not JSON (${messageOf(cause)}).`, { cause });
  }
  const { tags = [], labels = {}, annotations = [] } = objectOf(targetOf(json, what), what);
  const isMap = (value) => Object.values(objectOf(value, what)).every(isString);
  if (!isStrings(tags) || !isMap(labels) || !isStrings(annotations)) {
    throw new Failure(`Cannot read ${what}: tags and annotations are lists of strings, labels is a map of strings.`);
  }
  return checkTags({ tags, labels, annotations: annotations.flatMap(parseAnnotation) }, what);
}
function metadataOfEnvironment(env) {
  const read = (name) => env[`DOCKER_METADATA_OUTPUT_${name}`] ?? "";
  if (read("JSON") !== "") return parseMetadataJson(read("JSON"), "DOCKER_METADATA_OUTPUT_JSON");
  if (["LABELS", "ANNOTATIONS", "TAGS"].every((name) => read(name) === "")) {
    throw new Failure(
      "Cannot use metadata: env, there is no DOCKER_METADATA_OUTPUT_JSON. Run docker/metadata-action in an earlier step of this job."
    );
  }
  const tags = read("TAGS").split(/[\n,]/);
  const given = {
    tags: tags.map((tag) => tag.trim()).filter((tag) => tag !== ""),
    labels: parseLabels(read("LABELS")).set,
    annotations: parseAnnotations(read("ANNOTATIONS"))
  };
  return checkTags(given, "DOCKER_METADATA_OUTPUT_TAGS");
}
function joinMetadata(parts) {
  return {
    tags: [...new Set(parts.flatMap(({ tags }) => tags))],
    labels: Object.assign({}, ...parts.map(({ labels }) => labels)),
    annotations: parts.flatMap(({ annotations }) => annotations)
  };
}
function parseAnnotation(text) {
  const [first = "", ...rest] = text.split("\n");
  return parseAnnotations(first).map((item) => ({ ...item, value: [item.value, ...rest].join("\n") }));
}
function targetOf(json, what) {
  const { target } = objectOf(json, what);
  if (target === void 0) return json;
  const targets = Object.values(objectOf(target, what));
  if (targets.length === 1) return targets[0];
  throw new Failure(`Cannot read ${what}: it has ${targets.length} targets, and which one is meant is not known.`);
}
function checkTags(given, what) {
  const bare = given.tags.find((tag) => !tag.includes(":"));
  if (bare === void 0) return given;
  throw new Failure(`Cannot use the tag "${bare}" of ${what}: it names no image. Give images to metadata-action.`);
}
function objectOf(value, what) {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new Failure(`Cannot read ${what}: it is neither the json of docker/metadata-action nor a bake file.`);
}
function isString(value) {
  return typeof value === "string";
}
function isStrings(value) {
  return Array.isArray(value) && value.every(isString);
}

// src/metadata/metadata-source.ts
function parseMetadataSource(text) {
  const trimmed = text.trim();
  if (trimmed === "env") return { kind: "env" };
  if (trimmed.startsWith("{")) return { kind: "given", metadata: parseMetadataJson(trimmed, "the input metadata") };
  const paths = trimmed.split(/\r?\n/).map((line) => line.trim().replace(/^cwd:\/\//, ""));
  return { kind: "files", paths: paths.filter((path) => path !== "") };
}

// src/oci/digest.ts
import { createHash } from "node:crypto";
function parseDigest(text, what) {
  if (typeof text === "string" && isDigest(text)) return text;
  throw new Failure(`Cannot read ${what}: ${JSON.stringify(text)} is not a digest (sha256: and 64 hex digits).`);
}
function isDigest(text) {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}
function digestOf(bytes) {
  return digestOfHash(createHash("sha256").update(bytes));
}
function digestOfHash(hash) {
  return `sha256:${hash.digest("hex")}`;
}
function hexOf(digest) {
  return digest.slice("sha256:".length);
}

// src/oci/reference.ts
var pathComponent = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
var pathPattern = new RegExp(`^${pathComponent}(?:/${pathComponent})*$`);
var hostPattern = /^(?:\[[0-9a-fA-F:]+\]|(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*)(?::[0-9]+)?$/;
var tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
var longestName = 255;
function parseReference(text) {
  const fail = (why) => new Failure(`Cannot use the tag "${text}": ${why}`);
  if (text.includes("@")) throw fail("a digest cannot be pushed to; give NAME:TAG.");
  const colon = text.lastIndexOf(":");
  const hasTag = colon > text.lastIndexOf("/");
  const name = hasTag ? text.slice(0, colon) : text;
  const tag = hasTag ? text.slice(colon + 1) : "latest";
  if (!tagPattern.test(tag)) {
    throw fail('after the ":" come up to 128 letters, digits, "_", "." and "-", the first not "." or "-".');
  }
  const repository = splitName(name);
  if (!isRegistryHost(repository.host)) throw fail(`"${repository.host}" is not a registry host.`);
  if (repository.path !== repository.path.toLowerCase()) {
    throw fail(`a repository is lower-case; write "${name.toLowerCase()}:${tag}".`);
  }
  if (!pathPattern.test(repository.path))
    throw fail("it is not of the form [HOST/]PATH[:TAG], as in ghcr.io/acme/app:1.2.");
  if (name.length > longestName) throw fail(`a repository name has at most ${longestName} characters.`);
  return { ...repository, tag };
}
function parseImageName(text) {
  const at = text.indexOf("@");
  const digest = text.slice(at + 1);
  if (at >= 0 && !isDigest(digest)) throw new Failure(`Cannot use the image "${text}": "${digest}" is not a digest.`);
  const { tag, ...repository } = parseReference(at < 0 ? text : text.slice(0, at));
  return { ...repository, name: at < 0 ? tag : digest };
}
function splitName(name) {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHost = first === "localhost" || /[.:]/.test(first);
  const host = isHost ? first : "docker.io";
  const path = isHost ? name.slice(slash + 1) : name;
  if (host === "index.docker.io") return splitName(`docker.io/${path}`);
  return { host, path: host === "docker.io" && !path.includes("/") ? `library/${path}` : path };
}
function isRegistryHost(text) {
  return hostPattern.test(text);
}
function formatRepository({ host, path }) {
  return `${host}/${path}`;
}
function formatReference(reference) {
  return `${formatRepository(reference)}:${reference.tag}`;
}
function isLoopback(host) {
  const name = host.replace(/:[0-9]+$/, "");
  return name === "localhost" || /^127(?:\.[0-9]{1,3}){3}$/.test(name) || name === "[::1]" || name.endsWith(".localhost");
}

// src/metadata/rule-lines.ts
function ruleLines(text) {
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
}
function fieldsOf(line) {
  return splitFields(line).map((field) => {
    const equals = field.indexOf("=", 1);
    if (equals < 0) return [field.trim()];
    return [field.slice(0, equals).trim().toLowerCase(), field.slice(equals + 1).trim()];
  });
}
function splitFields(line) {
  const fields = line.matchAll(/(?<=^|,)(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/g);
  return [...fields].map(([, quoted, bare]) => quoted === void 0 ? bare ?? "" : quoted.replaceAll('""', '"'));
}

// src/metadata/flavor.ts
function parseFlavor(text) {
  let flavor = { latest: "auto", prefix: "", prefixLatest: false, suffix: "", suffixLatest: false };
  for (const line of ruleLines(text)) {
    let affix;
    for (const [key, value] of fieldsOf(line)) {
      if (key === "prefix" || key === "suffix") affix = key;
      flavor = { ...flavor, ...parseField({ key, value, affix }, line) };
    }
  }
  return flavor;
}
function parseField({ key, value, affix }, line) {
  if (value !== void 0 && key === affix) return { [affix]: value };
  if (key === "latest" && (value === "auto" || value === "true" || value === "false")) return { latest: value };
  if (key === "onlatest" && affix !== void 0 && (value === "true" || value === "false")) {
    return { [`${affix}Latest`]: value === "true" };
  }
  throw new Failure(
    `Cannot use the flavor line "${line}": write latest=auto, true or false, or prefix=TEXT or suffix=TEXT, either with ,onlatest=true or false behind it.`
  );
}

// src/metadata/image-names.ts
function parseImageNames(text) {
  const lines = ruleLines(text);
  const [only] = lines;
  if (only !== void 0 && lines.length === 1 && fieldsOf(only).every(({ length }) => length === 1)) {
    return fieldsOf(only).map(([name]) => parseName(name, only));
  }
  return lines.flatMap(parseLine);
}
function parseLine(line) {
  let name = "";
  let enabled = true;
  for (const [key, value] of fieldsOf(line)) {
    if (value === void 0 || key === "name") name = value ?? key;
    else if (key === "enable" && /^(true|false)$/.test(value)) enabled = value === "true";
    else throw new Failure(`Cannot use the images line "${line}": write NAME, or name=NAME,enable=true or false.`);
  }
  const parsed = parseName(name, line);
  return enabled ? [parsed] : [];
}
function parseName(name, line) {
  if (name === "") throw new Failure(`Cannot use the images line "${line}": the name is empty.`);
  return name.toLowerCase();
}

// src/metadata/tag-rule.ts
var types = {
  schedule: { priority: 1e3, attributes: { pattern: "nightly" } },
  semver: { priority: 900, attributes: { pattern: null, value: "", match: "" } },
  pep440: { priority: 900, attributes: { pattern: null, value: "", match: "" } },
  match: { priority: 800, attributes: { pattern: null, group: "0", value: "" } },
  edge: { priority: 700, attributes: { branch: "" } },
  ref: { priority: 600, attributes: { event: null } },
  raw: { priority: 200, attributes: { value: null } },
  sha: { priority: 100, attributes: { format: "short", prefix: "sha-" } }
};
var common = ["enable", "priority", "prefix", "suffix"];
var defaultRules = "type=schedule\ntype=ref,event=branch\ntype=ref,event=tag\ntype=ref,event=pr";
function parseTagRules(text) {
  const lines = ruleLines(text);
  const rules = (lines.length === 0 ? defaultRules.split("\n") : lines).map(parseTagRule);
  return rules.toSorted((a, b) => b.priority - a.priority);
}
function parseTagRule(line) {
  const fields = fieldsOf(line).map(([key, value]) => value === void 0 ? ["value", key] : [key, value]);
  const given = Object.fromEntries(fields);
  if (Object.keys(given).length < fields.length) {
    throw wrong(line, 'it gives an attribute twice. A comma inside of one needs quotes round all of it: "value=a,b".');
  }
  const { type = "raw", ...attributes } = given;
  if (!isRuleType(type)) {
    throw wrong(line, `there is no type "${type}". Known are ${Object.keys(types).join(", ")}.`);
  }
  const row = types[type];
  const known2 = [...Object.keys(row.attributes), ...common.filter((name) => !(name in row.attributes))];
  for (const name of Object.keys(attributes)) {
    if (!known2.includes(name)) {
      throw wrong(line, `type=${type} has no attribute "${name}". Known are ${known2.join(", ")}.`);
    }
  }
  const filled = withDefaults(attributes, row, line);
  checkAttributes(type, filled, line);
  const priority = Number(filled.priority ?? row.priority);
  return { type, attributes: filled, priority, line };
}
function withDefaults(given, { attributes }, line) {
  const filled = { enable: "true" };
  for (const [name, value] of Object.entries({ ...attributes, ...given })) {
    if (value === null) throw wrong(line, `its ${name}= is missing.`);
    filled[name] = value;
  }
  return given.event === "pr" ? { prefix: "pr-", ...filled } : filled;
}
function checkAttributes(type, attributes, line) {
  const { event, format, group, priority, pattern, match } = attributes;
  if (priority !== void 0 && (priority === "" || Number.isNaN(Number(priority)))) {
    throw wrong(line, `priority "${priority}" is not a number.`);
  }
  if (type === "ref" && !["branch", "tag", "pr"].includes(event ?? "")) {
    throw wrong(line, `event is branch, tag or pr, not "${event}".`);
  }
  if (type === "sha" && format !== "short" && format !== "long") {
    throw wrong(line, `format is short or long, not "${format}".`);
  }
  if (type === "match" && !/^\d+$/.test(group ?? "")) throw wrong(line, `group "${group}" is not a number.`);
  if (type === "match") compilePattern(pattern ?? "", line);
  if (match !== void 0 && match !== "") compileRegExp(match, "", line);
}
function compilePattern(pattern, line) {
  const [, source = pattern, flags = ""] = /^\/(.+)\/(.*)$/.exec(pattern) ?? [];
  return compileRegExp(source, flags, line);
}
function compileRegExp(source, flags, line) {
  try {
    return new RegExp(source, flags);
  } catch (cause) {
    throw new Failure(`Cannot use the tags line "${line}": ${messageOf(cause)}.`, { cause });
  }
}
function isRuleType(text) {
  return Object.hasOwn(types, text);
}
function wrong(line, why) {
  return new Failure(`Cannot use the tags line "${line}": ${why}`);
}

// src/metadata/tags.ts
function parseTagging(given) {
  if (given.images.trim() === "") {
    const rule = ruleLines(given.tags).find((line) => /(^|,)"?type=/.test(line));
    if (rule !== void 0) {
      throw new Failure(
        `Cannot use the tags line "${rule}": a rule needs images. Name them in images: ghcr.io/acme/app.`
      );
    }
    if (given.flavor.trim() !== "") throw new Failure("Cannot use flavor without images: it is for the rules in tags.");
    return { references: parseTags(given.tags) };
  }
  const lines = ruleLines(given.tags);
  const rules = lines.filter((line) => !isReference(line));
  return {
    references: parseTags(lines.filter(isReference).join("\n")),
    rules: {
      images: parseImageNames(given.images),
      rules: lines.length > 0 && rules.length === 0 ? [] : parseTagRules(rules.join("\n")),
      flavor: parseFlavor(given.flavor)
    }
  };
}
function parseTags(text) {
  const items = ruleLines(text).flatMap((line) => line.split(",").map((item) => item.trim()));
  return withoutRepeats(items.filter((item) => item !== "").map(parseReference));
}
function withoutRepeats(references) {
  return [...new Map(references.map((reference) => [formatReference(reference), reference])).values()];
}
function isReference(line) {
  return fieldsOf(line).every(({ length, 0: text }) => length === 1 && /^[^{}]+\/[^{}/]+:[^{}/:]+$/.test(text));
}

// src/lib/gzip.ts
import { promisify } from "node:util";
import { constants, crc32, deflateRaw } from "node:zlib";

// src/lib/blocks.ts
var blocksAhead = 4;
function mapBlocks(source, size, work) {
  return mapAhead(blocksOf(source, size), work);
}
async function* mapAhead(items, work) {
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
async function* blocksOf(source, size) {
  let block = Buffer.allocUnsafeSlow(size);
  let filled = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      if (filled === size) {
        yield { bytes: block, last: false };
        block = Buffer.allocUnsafeSlow(size);
        filled = 0;
      }
      const taken = Math.min(chunk.length - at, size - filled);
      block.set(chunk.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
    }
  }
  yield { bytes: block.subarray(0, filled), last: true };
}

// src/lib/gzip.ts
var deflateBlock = promisify(deflateRaw);
var blockSize = 1 << 20;
var windowSize = 1 << 15;
var header = Uint8Array.from([31, 139, 8, 0, 0, 0, 0, 0, 0, 255]);
async function* gzip(source, level) {
  let crc = 0;
  let length = 0;
  let dictionary = new Uint8Array(0);
  yield header;
  yield* mapBlocks(source, blockSize, ({ bytes, last }) => {
    crc = crc32(bytes, crc);
    length += bytes.length;
    const deflated = deflateBlock(bytes, {
      level,
      finishFlush: last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
      chunkSize: 1 << 18,
      ...dictionary.length === 0 ? {} : { dictionary }
    });
    dictionary = bytes.subarray(-windowSize);
    return deflated;
  });
  yield trailer(crc, length);
}
function trailer(crc, length) {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(crc, 0);
  bytes.writeUInt32LE(length % 2 ** 32, 4);
  return bytes;
}

// src/lib/zstd.ts
import { promisify as promisify2 } from "node:util";
import zlib from "node:zlib";
var blockSize2 = 4 << 20;
function zstd(source, level) {
  if (!("zstdCompress" in zlib)) {
    throw new Failure(`Cannot compress with zstd: Node ${process.version} cannot. Use Node 22.15 or newer, or gzip.`);
  }
  const compressBlock = promisify2(zlib.zstdCompress);
  const params = { [zlib.constants.ZSTD_c_compressionLevel]: level, [zlib.constants.ZSTD_c_checksumFlag]: 1 };
  return mapBlocks(source, blockSize2, ({ bytes }) => compressBlock(bytes, { params }));
}

// src/pack/compression.ts
var methods = {
  gzip: { level: 6, lowest: 1, highest: 9 },
  zstd: { level: 3, lowest: 1, highest: 19 },
  none: { level: 0, lowest: 0, highest: 0 }
};
var defaultCompression = { method: "gzip", level: methods.gzip.level };
function parseCompression(method, level) {
  if (method === "" && level === "") return void 0;
  const known2 = method === "" ? "gzip" : method;
  if (known2 !== "gzip" && known2 !== "zstd" && known2 !== "none") {
    throw new Failure(`Cannot use compression: "${method}". Give gzip, zstd or none.`);
  }
  const { lowest, highest, level: usual } = methods[known2];
  const number2 = level === "" ? usual : /^\d+$/.test(level) ? Number(level) : Number.NaN;
  if (Number.isInteger(number2) && number2 >= lowest && number2 <= highest) return { method: known2, level: number2 };
  const range = known2 === "none" ? "none has no level" : `${known2} has levels ${lowest} to ${highest}`;
  throw new Failure(`Cannot use compression-level: "${level}"; ${range}.`);
}
function nameOf({ method, level }) {
  return method === "none" ? "none" : `${method}-${level}`;
}
function compress(tar, { method, level }) {
  if (method === "gzip") return gzip(tar, level);
  if (method === "zstd") return zstd(tar, level);
  return tar;
}
function encodingOf({ method }) {
  return method === "none" ? "tar" : method;
}

// src/inputs.ts
var inputTable = {
  mode: {
    kind: "text",
    default: "build",
    description: "build, or metadata to compute tags, labels and annotations alone: no Nix, no image"
  },
  installable: { kind: "text", default: ".", description: "Flake installable that gives the image" },
  file: { kind: "text", description: "Nix file with the image, instead of installable" },
  attr: { kind: "text", description: "Attribute of the image in file" },
  path: { kind: "text", description: "Image that is built already (store path, result link, file); needs no Nix" },
  "build-args": { kind: "list", description: "Extra arguments for nix build, one a line" },
  impure: { kind: "flag", default: "false", description: "Build with --impure" },
  native: {
    kind: "text",
    default: "auto",
    description: "Read a streamLayeredImage from its settings, not by running its script: auto, require or off"
  },
  "prefer-stream": {
    kind: "flag",
    default: "true",
    description: "Build the stream behind a buildLayeredImage instead of its tarball"
  },
  "image-name": { kind: "text", description: "Which image of an archive or layout that holds several" },
  platform: { kind: "text", description: "Platform that the image must be for (linux/amd64); chooses from an index" },
  config: { kind: "text", description: "For a package: JSON over the config of its image" },
  contents: { kind: "list", description: "For a package: further installables, linked at the root of its image" },
  user: { kind: "text", description: "For a package: user of its image, a number, two with a colon, or a name" },
  base: {
    kind: "text",
    description: "For a package: image to build on, a reference or the path (./\u2026 or /\u2026) of an archive or layout"
  },
  "max-layers": { kind: "text", description: "For a package: most layers of its image (100)" },
  images: { kind: "list", description: "Names without tag, one a line; the rules in tags give the tags" },
  tags: {
    kind: "list",
    description: "Full references, newline or comma separated; with images docker/metadata-action's rules, one a line"
  },
  flavor: { kind: "list", description: "With images: latest=auto|true|false, prefix=TEXT, suffix=TEXT" },
  labels: { kind: "list", description: "key=value a line over the labels of the build; !key deletes one" },
  annotations: {
    kind: "list",
    description: "key=value a line, onto the manifest; index: or manifest[OS/ARCHITECTURE]: may stand in front"
  },
  annotate: {
    kind: "text",
    default: "config,manifest,index",
    description: "Where labels go: into the config, and as annotations onto the manifest and the index"
  },
  metadata: {
    kind: "list",
    description: "docker/metadata-action's output: its json, the paths of its bake files, or env for its variables"
  },
  revision: {
    kind: "text",
    default: "head",
    description: "Commit of a pull request that the label names: head or merge"
  },
  created: { kind: "text", default: "commit", description: "commit, now, keep, an RFC 3339 time or Unix seconds" },
  push: { kind: "flag", default: "false", description: "Push to every reference in tags" },
  load: { kind: "flag", default: "false", description: "Load into the local container engine under tags" },
  output: { kind: "text", description: "Write the image to oci:DIR, oci-archive:FILE or docker-archive:FILE too" },
  "dry-run": {
    kind: "flag",
    default: "false",
    description: "Build, and tell what would be uploaded; nothing is pushed, loaded or written"
  },
  "export-metadata": {
    kind: "flag",
    default: "false",
    description: "Set DOCKER_METADATA_OUTPUT_* for later steps, as docker/metadata-action does"
  },
  compression: {
    kind: "text",
    description: "gzip, zstd or none; without it gzip, and compressed layers stay as they are"
  },
  "compression-level": { kind: "text", description: "1 to 9 for gzip (6), 1 to 19 for zstd (3)" },
  reuse: {
    kind: "text",
    default: "verify",
    description: "How far layers known from the registry are believed: trust, verify or off"
  },
  "reuse-from": {
    kind: "list",
    description: "Further references to know layers from, such as the default branch's tag"
  },
  preflight: { kind: "flag", default: "true", description: "See before the build whether the push is allowed" },
  username: { kind: "text", description: "User at the registries in tags; without it the Docker or Podman login" },
  password: { kind: "secret", description: "Password or token of that user" },
  "github-token": { kind: "secret", description: "Token for ghcr.io and for flake inputs from GitHub" },
  "insecure-registries": { kind: "list", description: "Hosts spoken to over http or with an unknown certificate" },
  "nix-version": { kind: "text", description: "Version of Nix to install when there is none" },
  "nix-url": { kind: "text", description: "Mirror of https://releases.nixos.org/nix to install from" },
  "nix-sha256": { kind: "text", description: "SHA-256 of the release archive of a version that is not known here" },
  "nix-conf": { kind: "list", description: "Extra lines of nix.conf" },
  cache: {
    kind: "text",
    default: "true",
    description: "Keep what the build needed of the store for later runs: true, false or restore (nothing is saved)"
  },
  "cache-save": {
    kind: "text",
    default: "auto",
    description: "auto (on the default branch and in pull requests from the repository), true or false"
  },
  "cache-key-files": { kind: "list", description: "Patterns of further lock files that the cache key depends on" },
  "cache-key-extra": { kind: "text", description: "Text that the cache key depends on too" },
  "cache-exclude-substitutable": {
    kind: "flag",
    default: "false",
    description: "Leave out of the cache what came from a binary cache"
  },
  "cache-max-size": { kind: "text", description: "Most bytes of store paths in a cache entry, as in 4GB" },
  "cache-to": { kind: "text", description: "file:///DIR to keep the cache in instead of the runner's cache service" }
};
var annotatePlaces = ["config", "manifest", "index"];
function parseInputs(read) {
  const text = (name) => {
    const row = inputTable[name];
    return read(name).trim() === "" ? row.default ?? "" : read(name);
  };
  const word = (name) => text(name).trim();
  const given = (key, name) => word(name) === "" ? {} : { [key]: word(name) };
  const flag = (name) => parseFlag(name, word(name));
  const lines = (name) => linesOf2(text(name));
  const inputs = {
    mode: parseOneOf("mode", word("mode"), ["build", "metadata"]),
    spec: parseSpec({
      installable: word("installable"),
      ...given("file", "file"),
      ...given("attr", "attr"),
      ...given("path", "path")
    }),
    buildArgs: parseBuildArgs(lines("build-args")),
    impure: flag("impure"),
    native: parseOneOf("native", word("native"), ["auto", "require", "off"]),
    preferStream: flag("prefer-stream"),
    ...given("imageName", "image-name"),
    ...parsePlatform(word("platform")),
    ...parseConfig(word("config")),
    contents: lines("contents"),
    ...given("user", "user"),
    ...given("base", "base"),
    ...parseMaxLayers(word("max-layers")),
    tagging: parseTagging({ images: text("images"), tags: text("tags"), flavor: text("flavor") }),
    labels: parseLabels(text("labels")),
    annotations: parseAnnotations(text("annotations")),
    annotate: parseAnnotate(word("annotate")),
    ...parseMetadata(text("metadata")),
    revision: parseOneOf("revision", word("revision"), ["head", "merge"]),
    dryRun: flag("dry-run"),
    exportMetadata: flag("export-metadata"),
    created: parseCreated(word("created")),
    push: flag("push"),
    load: flag("load"),
    ...parseGivenCompression(word("compression"), word("compression-level")),
    reuse: parseOneOf("reuse", word("reuse"), ["trust", "verify", "off"]),
    reuseFrom: parseTags(text("reuse-from")),
    preflight: flag("preflight"),
    ...word("output") === "" ? {} : { output: parseOutput(word("output")) },
    ...parseLogin(word("username"), word("password")),
    ...given("githubToken", "github-token"),
    insecureRegistries: parseHosts(lines("insecure-registries")),
    nix: {
      ...given("nixVersion", "nix-version"),
      ...given("nixUrl", "nix-url"),
      ...given("nixSha256", "nix-sha256"),
      nixConf: lines("nix-conf")
    },
    cache: {
      use: { true: "full", restore: "restore", false: "off" }[parseOneOf("cache", word("cache"), ["true", "false", "restore"])],
      save: { auto: "auto", true: "always", false: "never" }[parseOneOf("cache-save", word("cache-save"), ["auto", "true", "false"])],
      keyFiles: lines("cache-key-files"),
      keyExtra: word("cache-key-extra"),
      excludeSubstitutable: flag("cache-exclude-substitutable"),
      ...parseMaxSize(word("cache-max-size")),
      ...parseCacheTo(word("cache-to"))
    }
  };
  checkTogether(inputs);
  return inputs;
}
function checkTogether({ spec, tagging, metadata, push, load, buildArgs, impure }) {
  const mayHaveTags = tagging.references.length > 0 || tagging.rules !== void 0 || metadata !== void 0;
  for (const [name, wanted] of Object.entries({ push, load })) {
    if (wanted && !mayHaveTags)
      throw new Failure(`Cannot ${name}: tags is empty. Give at least one reference in tags.`);
  }
  if (spec.kind === "path" && (buildArgs.length > 0 || impure)) {
    throw new Failure("Cannot use build-args or impure together with path: nothing is built. Remove one of them.");
  }
}
function parseSpec(given) {
  const { installable, file, attr, path } = given;
  const named = [
    ...installable === inputTable.installable.default ? [] : ["installable"],
    ...file === void 0 ? [] : ["file"],
    ...path === void 0 ? [] : ["path"]
  ];
  if (named.length > 1) {
    throw new Failure(`Cannot use ${named.join(" and ")} together: each names the image. Keep one of them.`);
  }
  if (attr !== void 0 && file === void 0) {
    throw new Failure(`Cannot use attr "${attr}" without file: name the Nix file it is in, or use installable.`);
  }
  if (path !== void 0) return { kind: "path", path };
  if (file !== void 0) return { kind: "file", file, ...attr === void 0 ? {} : { attr } };
  return { kind: "installable", installable };
}
function parseBuildArgs(lines) {
  const crowded = lines.find((line) => /^--?[\w-]+\s/.test(line));
  if (crowded === void 0) return lines;
  throw new Failure(
    `Cannot use the build-args line "${crowded}": write the flag and each of its values on a line of its own.`
  );
}
function parseHosts(lines) {
  const hosts = lines.flatMap((line) => line.split(",").map((host) => host.trim())).filter((host) => host !== "");
  const wrong2 = hosts.find((host) => !isRegistryHost(host));
  if (wrong2 === void 0) return hosts;
  throw new Failure(
    `Cannot use insecure-registries: "${wrong2}" is not a host. Give HOST or HOST:PORT, without https://.`
  );
}
function parseFlag(name, value) {
  if (/^(true|True|TRUE)$/.test(value)) return true;
  if (/^(false|False|FALSE)$/.test(value)) return false;
  throw new Failure(`Cannot use ${name}: "${value}". Give true or false.`);
}
function parseOutput(text) {
  const [, kind, path] = /^(oci|oci-archive|docker-archive):(.+)$/.exec(text) ?? [];
  if (kind !== void 0 && path !== void 0) return { kind, path };
  throw new Failure(`Cannot use output: "${text}". Give oci:DIR, oci-archive:FILE or docker-archive:FILE.`);
}
function parseGivenCompression(method, level) {
  const compression = parseCompression(method, level);
  return compression === void 0 ? {} : { compression };
}
function parseOneOf(name, value, known2) {
  const found = known2.find((item) => item === value);
  if (found !== void 0) return found;
  throw new Failure(`Cannot use ${name}: "${value}". Give ${known2.slice(0, -1).join(", ")} or ${known2.at(-1)}.`);
}
function parseAnnotate(text) {
  const places = text.split(",").map((place) => place.trim());
  return places.map((place) => parseOneOf("annotate", place, annotatePlaces));
}
function parseMetadata(text) {
  return text.trim() === "" ? {} : { metadata: parseMetadataSource(text) };
}
function parsePlatform(text) {
  if (text === "") return {};
  if (/^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+)?$/.test(text)) return { platform: text };
  throw new Failure(`Cannot use platform: "${text}". Give OS/ARCHITECTURE, as in linux/amd64 or linux/arm/v7.`);
}
function parseConfig(text) {
  if (text === "") return {};
  try {
    return { config: JSON.parse(text) };
  } catch (cause) {
    throw new Failure(`Cannot use config: it is not JSON (${messageOf(cause)}).`, { cause });
  }
}
function parseMaxLayers(text) {
  if (text === "") return {};
  const number2 = Number(text);
  if (/^\d+$/.test(text) && number2 >= 2 && number2 <= 127) return { maxLayers: number2 };
  throw new Failure(`Cannot use max-layers: "${text}". Give a number from 2 to 127, the most that engines can stack.`);
}
function parseMaxSize(text) {
  if (text === "") return {};
  const [, number2, unit = ""] = /^(\d+(?:\.\d+)?) ?([kMGT]?)B?$/.exec(text) ?? [];
  if (number2 !== void 0) return { maxSize: Math.floor(Number(number2) * 1e3 ** " kMGT".indexOf(unit || " ")) };
  throw new Failure(`Cannot use cache-max-size: "${text}". Give bytes, or a number with kB, MB, GB or TB.`);
}
function parseCacheTo(text) {
  if (text === "") return {};
  const [, path] = /^file:\/\/(\/.+)$/.exec(text) ?? [];
  if (path !== void 0) return { directory: decodeURIComponent(path) };
  throw new Failure(`Cannot use cache-to: "${text}". Give file:///DIRECTORY.`);
}
function parseLogin(username, password) {
  if (username === "" && password === "") return {};
  if (username !== "" && password !== "") return { login: { username, password } };
  throw new Failure(
    `Cannot log in with ${username === "" ? "password" : "username"} alone: give username and password.`
  );
}
function linesOf2(text) {
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
}

// src/cache/choose-paths.ts
function choosePaths(candidates, choice) {
  const { excludeSubstitutable, maxSize = Number.POSITIVE_INFINITY, outputs } = choice;
  const substitutable = excludeSubstitutable ? candidates.filter(({ isSubstitutable }) => isSubstitutable) : [];
  const left = new Map(candidates.map((candidate) => [candidate.path, candidate]));
  for (const { path } of substitutable) left.delete(path);
  let size = [...left.values()].reduce((sum, { narSize }) => sum + narSize, 0);
  const evicted = [];
  for (const next of leastUsefulFirst([...left.values()], outputs)) {
    if (size <= maxSize) break;
    for (const gone of withReferrers(next, left)) {
      left.delete(gone.path);
      evicted.push(gone);
      size -= gone.narSize;
    }
  }
  return { paths: [...left.values()], substitutable, evicted };
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
function withReferrers(candidate, left) {
  if (!left.has(candidate.path)) return [];
  if (candidate.isSubstitutable) return [candidate];
  const gone = /* @__PURE__ */ new Set([candidate]);
  for (const one of gone) {
    for (const other of left.values()) if (other.references.includes(one.path)) gone.add(other);
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
  const left = new Map(paths.map((path) => [path.path, path]));
  const sorted = [];
  for (const path of paths) {
    for (const stack = [path]; stack.length > 0; ) {
      const top = stack.at(-1);
      const next = top.references.find((reference) => reference !== top.path && left.has(reference));
      if (next !== void 0) {
        stack.push(left.get(next));
        continue;
      }
      stack.pop();
      if (left.delete(top.path)) sorted.push(top);
    }
  }
  return sorted;
}

// src/cache/write-entry.ts
import { createHash as createHash2 } from "node:crypto";
import { createWriteStream } from "node:fs";
import { stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";

// src/lib/zstd-frames.ts
import { promisify as promisify3 } from "node:util";
import zlib2 from "node:zlib";
var blockSize3 = 4 << 20;
var largestFrame = blockSize3 + (64 << 10);
var skippableMagic = 407710288;
var headerSize = 12;
var hasZstd = "zstdCompress" in zlib2;
function zstdFrames(source, level) {
  const compress2 = promisify3(zlib2.zstdCompress);
  const params = { [zlib2.constants.ZSTD_c_compressionLevel]: level, [zlib2.constants.ZSTD_c_checksumFlag]: 1 };
  return mapBlocks(source, blockSize3, async ({ bytes }) => {
    const frame = await compress2(bytes, { params });
    const header2 = Buffer.alloc(headerSize);
    header2.writeUInt32LE(skippableMagic, 0);
    header2.writeUInt32LE(4, 4);
    header2.writeUInt32LE(frame.length, 8);
    return Buffer.concat([header2, frame]);
  });
}
function readZstdFrames(file) {
  const decompress = promisify3(zlib2.zstdDecompress);
  return mapAhead(framesOf(file), async (frame) => {
    try {
      return await decompress(frame, { maxOutputLength: blockSize3 });
    } catch (cause) {
      throw new Failure("Cannot decompress: a zstd frame is damaged.", { cause });
    }
  });
}
async function* framesOf(file) {
  const header2 = Buffer.alloc(headerSize);
  for (let position = 0; ; ) {
    const read = await readAt(file, header2, position);
    if (read === 0) return;
    const size = header2.readUInt32LE(8);
    const isHeader = header2.readUInt32LE(0) === skippableMagic && header2.readUInt32LE(4) === 4;
    if (read < headerSize || !isHeader || size > largestFrame) throw new Failure("Cannot decompress: no zstd frames.");
    const frame = Buffer.allocUnsafe(size);
    position += headerSize;
    if (await readAt(file, frame, position) < size) throw new Failure("Cannot decompress: cut off.");
    position += size;
    yield frame;
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
import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from "node:fs";

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

// src/cache/on-disk.ts
function onDisk(path) {
  return Buffer.from(path, "latin1");
}

// src/cache/write-nar.ts
var pieceSize = 1 << 20;
function narString(text) {
  const buffer = Buffer.alloc(8 + padded(text.length));
  buffer.writeUInt32LE(text.length);
  buffer.write(text, 8, "latin1");
  return buffer;
}
function padded(size) {
  return Math.ceil(size / 8) * 8;
}
var tokens = (...texts) => Buffer.concat(texts.map(narString));
var start = tokens("nix-archive-1");
var open = tokens("(", "type");
var close = tokens(")");
var directory = tokens("directory");
var entry = tokens("entry", "(", "name");
var node = tokens("node");
var regular = tokens("regular");
var executable = tokens("executable", "");
var contents = tokens("contents");
var symlink = tokens("symlink", "target");
function* writeNar(path) {
  yield start;
  yield* writeNode(bytesOf(path));
}
function* writeNode(path) {
  const stats = lstatSync(onDisk(path));
  yield open;
  if (stats.isDirectory()) {
    yield directory;
    for (const name of readdirSync(onDisk(path), "latin1").sort()) {
      yield Buffer.concat([entry, narString(name), node]);
      yield* writeNode(`${path}/${name}`);
      yield close;
    }
  } else if (stats.isFile()) {
    yield regular;
    if ((stats.mode & 64) !== 0) yield executable;
    yield contents;
    yield* writeContents(path);
  } else if (stats.isSymbolicLink()) {
    yield Buffer.concat([symlink, narString(readlinkSync(onDisk(path), "latin1"))]);
  } else {
    throw new Failure(`Cannot archive ${textOf(path)}: it is no file, directory or symlink.`);
  }
  yield close;
}
function* writeContents(path) {
  const file = openSync(onDisk(path), "r");
  try {
    const { size } = fstatSync(file);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(size));
    yield length;
    for (let left = size; left > 0; ) {
      const piece = Buffer.allocUnsafe(Math.min(left, pieceSize));
      const read = readSync(file, piece);
      if (read === 0) throw new Failure(`Cannot archive ${textOf(path)}: it became shorter meanwhile.`);
      yield piece.subarray(0, read);
      left -= read;
    }
    yield Buffer.alloc(padded(size) - size);
  } finally {
    closeSync(file);
  }
}

// src/cache/write-entry.ts
var magic = Buffer.from("nix-image-cache\n", "latin1");
var zstdLevel = 3;
async function writeEntry(file, manifest) {
  await pipeline(zstdFrames(entryOf(manifest), zstdLevel), createWriteStream(file));
  return (await stat(file)).size;
}
async function* entryOf(manifest) {
  const text = Buffer.from(formatManifest(manifest));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  yield Buffer.concat([magic, length, text]);
  for (const path of manifest.paths) yield* writeChecked(path);
}
function* writeChecked({ path, narHash, narSize }) {
  const hash = createHash2("sha256");
  let size = 0;
  for (const piece of writeNar(path)) {
    hash.update(piece);
    size += piece.length;
    yield piece;
  }
  if (size === narSize && `sha256:${hash.digest("hex")}` === narHash) return;
  throw new Failure(`Cannot save ${path}: it is not what Nix has registered. Run nix-store --verify --check-contents.`);
}

// src/lib/process.ts
import { spawn } from "node:child_process";
import { constants as constants2 } from "node:fs";
import { access, stat as stat2 } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { Readable, Writable } from "node:stream";
import { finished, pipeline as pipeline2 } from "node:stream/promises";
var stderrKept = 65536;
async function runProgram(program, args, options = {}) {
  const child = spawn(program, args, {
    stdio: ["pipe", "pipe", "pipe"],
    ...options.cwd === void 0 ? {} : { cwd: options.cwd },
    ...options.env === void 0 ? {} : { env: options.env }
  });
  const exit = new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(new Failure(`Cannot run ${program}: ${cause.message}.`, { cause })));
    child.once("close", (code2) => resolve(code2 ?? -1));
  });
  const stdout = [];
  let stderr = "";
  const lines = createInterface({ input: child.stderr, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on("line", (line) => {
    stderr = `${stderr}${line}
`.slice(-stderrKept);
    options.onErrorLine?.(line);
  });
  const output = options.output ?? collectText(stdout);
  const streams = [
    pipeline2(child.stdout, output),
    feed(child.stdin, options.input ?? ""),
    finished(child.stderr, { cleanup: true })
  ];
  const settled = Promise.allSettled(streams);
  let code;
  try {
    code = await exit;
  } catch (error) {
    output.destroy();
    throw error;
  }
  const failed = (await settled).find((result) => result.status === "rejected");
  if (failed !== void 0 && code === 0) throw failed.reason;
  return { code, stdout: stdout.join(""), stderr };
}
function collectText(parts) {
  const decoder = new TextDecoder();
  return new Writable({
    write(chunk, _encoding, done) {
      parts.push(decoder.decode(chunk, { stream: true }));
      done();
    },
    final(done) {
      parts.push(decoder.decode());
      done();
    }
  });
}
async function feed(stdin, input) {
  const source = typeof input === "string" ? Readable.from(input === "" ? [] : [Buffer.from(input)]) : input;
  try {
    await pipeline2(source, stdin);
  } catch (error) {
    if (error.code !== "EPIPE") throw error;
  }
}
async function findProgram(program, env) {
  for (const directory2 of (env.PATH ?? "").split(delimiter).filter((part) => part !== "")) {
    const candidate = join(directory2, program);
    if (await isExecutable(candidate)) return candidate;
  }
  return void 0;
}
async function isExecutable(path) {
  try {
    await access(path, constants2.X_OK);
    return (await stat2(path)).isFile();
  } catch {
    return false;
  }
}

// src/nix/build.ts
import { randomUUID } from "node:crypto";
import { join as join2 } from "node:path";

// src/nix/build-log.ts
import { stripVTControlCharacters } from "node:util";
var tailLength = 25;
var levels = { error: 0, warning: 1, info: 3 };
var activities = { copyPath: 100, build: 105, substitute: 108, postBuildHook: 110 };
var results = { buildLogLine: 101, postBuildLogLine: 107 };
function createBuildLog() {
  return { derivations: /* @__PURE__ */ new Map(), tails: /* @__PURE__ */ new Map(), errors: [], plain: [] };
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
      const machine = fieldOf(event, 1);
      return { level: "info", text: `building ${storePathName(path)}${machine === "" ? "" : ` on ${machine}`}` };
    }
    case activities.substitute:
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
    buildArguments(inputs, join2(host.temporary, `result-${randomUUID()}`)),
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
  return parseBuilt(stdout, name);
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

// src/nix/closure.ts
var pathsAtATime = 1e3;
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
  for (let at = 0; at < paths.length; at += pathsAtATime) {
    const json = await pathInfo(nix, [...options, "--", ...paths.slice(at, at + pathsAtATime)]);
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
import { mkdir, rename, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join as join3 } from "node:path";

// src/nix/is-there.ts
import { access as access2 } from "node:fs/promises";
async function isThere(path) {
  try {
    await access2(path);
    return true;
  } catch {
    return false;
  }
}

// src/nix/settings.ts
var ownDirectory = "/nix/var/nix-image-action";
var ownRoot = "/nix/var/nix/gcroots/nix-image-action";
var ownProgram = join3(ownRoot, "bin/nix");
var packagedProgram = "/usr/bin/nix";
var ownCertificates = "/nix/var/nix/gcroots/nix-image-action-certificates";
var ownSettings = join3(ownDirectory, "nix.conf");
function withNixConfig(env, settings) {
  const { nixConf, githubToken, githubHost = "github.com" } = settings;
  const lines = [
    ...env.NIX_CONFIG ? [env.NIX_CONFIG] : [],
    ...nixConf,
    // With "extra-" a token that the user's own settings have for this host stays the one in force.
    ...githubToken === void 0 ? [] : [`extra-access-tokens = ${githubHost}=${githubToken}`]
  ];
  return lines.length === 0 ? env : { ...env, NIX_CONFIG: lines.join("\n") };
}
async function isOwnInstallation(program) {
  return [ownProgram, packagedProgram].includes(program) && await isThere(ownSettings);
}
async function exportInstallation(program, nixConf, host) {
  await replaceFile(ownSettings, ["build-users-group =", ...nixConf, ""].join("\n"));
  const files = userSettings(host.env).filter((file) => file !== ownSettings);
  host.exportVariable("NIX_USER_CONF_FILES", [ownSettings, ...files].join(":"));
  const bundle = join3(ownCertificates, "etc/ssl/certs/ca-bundle.crt");
  if (!host.env.NIX_SSL_CERT_FILE && !await isThere("/etc/ssl/certs/ca-certificates.crt") && await isThere(bundle)) {
    host.exportVariable("NIX_SSL_CERT_FILE", bundle);
  }
  if (program === ownProgram && await findProgram("nix", host.env) !== ownProgram) host.addPath(dirname(ownProgram));
}
function userSettings(env) {
  if (env.NIX_USER_CONF_FILES) return env.NIX_USER_CONF_FILES.split(":");
  const home = env.XDG_CONFIG_HOME || join3(env.HOME || homedir(), ".config");
  return [home, ...(env.XDG_CONFIG_DIRS || "/etc/xdg").split(":")].map((directory2) => join3(directory2, "nix/nix.conf"));
}
async function replaceFile(path, text) {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}

// src/nix/store.ts
import { access as access3, constants as constants3 } from "node:fs/promises";
import { dirname as dirname2, join as join4 } from "node:path";
var pathsAtATime2 = 1e3;
async function listValidPaths(nix) {
  const { code, stdout, stderr } = await runProgram(nix.program, ["path-info", ...features, "--all"], { env: nix.env });
  if (code !== 0) throw new Failure(`Cannot list the store: ${stderr.trim()}`);
  return new Set(linesOf3(stdout));
}
async function findInvalidPaths(nix, paths) {
  return new Set(await askStore(nix, ["--check-validity", "--print-invalid"], paths));
}
async function readRequisites(nix, paths) {
  return new Set(await askStore(nix, ["--query", "--requisites", "--include-outputs"], paths));
}
async function readFlakeInputs(nix, { spec }, directory2) {
  if (spec.kind === "file") return [];
  const flake = spec.installable.split("#")[0] || ".";
  const args = ["flake", "archive", ...features, "--json", "--dry-run", "--no-write-lock-file", "--", flake];
  const { code, stdout, stderr } = await runProgram(nix.program, args, { env: nix.env, cwd: directory2 });
  if (code !== 0) throw new Failure(`Cannot list the inputs of ${describeSpec(spec)}: ${stderr.trim()}`);
  return inputsBelow(JSON.parse(stdout)).flatMap(({ path }) => path === void 0 ? [] : [path]);
}
function inputsBelow({ inputs = {} }) {
  return Object.values(inputs).flatMap((input) => [input, ...inputsBelow(input)]);
}
async function ownsStore(nix) {
  if (!["", "auto", void 0].includes(nix.env.NIX_REMOTE)) return false;
  try {
    for (const path of ["/nix/store", "/nix/var/nix", "/nix/var/nix/db"]) await access3(path, constants3.W_OK);
    return true;
  } catch {
    return false;
  }
}
async function registerPaths(nix, registration) {
  await feedStore(nix, "--load-db", registration);
}
async function importPaths(nix, stream) {
  await feedStore(nix, "--import", stream);
}
async function substitutePaths(nix, paths) {
  try {
    await askStore(nix, ["--realise"], paths);
    return true;
  } catch {
    return false;
  }
}
async function keepPaths(nix, paths, directory2) {
  for (let at = 0; at < paths.length; at += pathsAtATime2) {
    const root = join4(directory2, `kept-${at}`);
    await askStore(nix, ["--realise", "--add-root", root, "--indirect"], paths.slice(at, at + pathsAtATime2));
  }
}
async function feedStore(nix, command, input) {
  const { code, stderr } = await runProgram(storeProgram(nix), [command], { env: nix.env, input });
  if (code !== 0) throw new Failure(`nix-store ${command} failed: ${stderr.trim()}`);
}
async function askStore(nix, command, paths) {
  const answers = [];
  for (let at = 0; at < paths.length; at += pathsAtATime2) {
    const args = [...command, ...paths.slice(at, at + pathsAtATime2)];
    const { code, stdout, stderr } = await runProgram(storeProgram(nix), args, { env: nix.env });
    if (code !== 0) throw new Failure(`nix-store ${command[0]} failed: ${stderr.trim()}`);
    answers.push(...linesOf3(stdout));
  }
  return answers;
}
function storeProgram(nix) {
  return join4(dirname2(nix.program), "nix-store");
}
function linesOf3(text) {
  return text.split("\n").filter((line) => line !== "");
}

// src/report/format-size.ts
function formatSize(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let power = 0;
  for (; value >= 999.5 && power < units.length - 1; power++) value /= 1e3;
  return `${power === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

// src/cache/cache-key.ts
import { createHash as createHash3 } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join as join5, matchesGlob } from "node:path";
import { pipeline as pipeline3 } from "node:stream/promises";
var lockFiles = [/(^|\/)flake\.lock$/, /(^|\/)npins\/sources\.json$/, /(^|\/)nix\/sources\.json$/];
async function cacheKey({ directory: directory2, patterns, system, spec, extra }) {
  const files = await findFiles(directory2, patterns);
  const locks = createHash3("sha256");
  addField(locks, extra);
  for (const file of files) {
    addField(locks, file);
    addField(locks, await hashFile(join5(directory2, file)));
  }
  const forSystem = `nix-image-${formatVersion}-${system}-`;
  const forSpec = `${forSystem}${createHash3("sha256").update(spec).digest("hex").slice(0, 12)}-`;
  return { key: `${forSpec}${locks.digest("hex").slice(0, 32)}`, prefixes: [forSpec, forSystem], files };
}
function addField(hash, text) {
  const bytes = Buffer.from(text);
  hash.update(`${bytes.length}:`).update(bytes);
}
async function hashFile(path) {
  const hash = createHash3("sha256");
  await pipeline3(createReadStream(path), hash);
  return hash.digest("hex");
}
async function findFiles(directory2, patterns) {
  const isWanted = (file) => lockFiles.some((name) => name.test(file)) || patterns.some((pattern) => matchesGlob(file, pattern));
  const found = [];
  for (const rest = [""]; rest.length > 0; ) {
    const below = rest.pop();
    for (const entry2 of await readdir(join5(directory2, below), { withFileTypes: true })) {
      const path = below === "" ? entry2.name : `${below}/${entry2.name}`;
      if (entry2.isDirectory() && entry2.name !== ".git" && entry2.name !== "node_modules") rest.push(path);
      if (entry2.isFile() && isWanted(path)) found.push(path);
    }
  }
  return found.sort();
}

// src/cache/directory-backend.ts
import { copyFile, mkdir as mkdir2, readdir as readdir2, rename as rename2, rm, stat as stat3 } from "node:fs/promises";
import { join as join6 } from "node:path";
var ending = ".nix-image-cache";
function openDirectoryBackend(directory2) {
  const place = (key) => join6(directory2, `${key}${ending}`);
  return {
    async restore(file, key, prefixes) {
      const keys = await listKeys(directory2);
      const found = keys.includes(key) ? key : await newest(directory2, keys, prefixes);
      if (found !== void 0) await copyFile(place(found), file);
      return found;
    },
    async save(file, key) {
      await mkdir2(directory2, { recursive: true });
      const temporary = join6(directory2, `.${key}.${process.pid}`);
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
async function listKeys(directory2) {
  try {
    const names = await readdir2(directory2);
    return names.filter((name) => name.endsWith(ending) && !name.startsWith(".")).map((name) => name.slice(0, -ending.length));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return [];
    throw error;
  }
}
async function newest(directory2, keys, prefixes) {
  for (const prefix of prefixes) {
    const dated = await Promise.all(
      keys.filter((key) => key.startsWith(prefix)).map(async (key) => ({ key, time: (await stat3(join6(directory2, `${key}${ending}`))).mtimeMs }))
    );
    const last = dated.sort((a, b) => b.time - a.time || (a.key < b.key ? -1 : 1))[0];
    if (last !== void 0) return last.key;
  }
  return void 0;
}

// src/cache/restore-entry.ts
import { chmodSync as chmodSync2, linkSync, lstatSync as lstatSync2, readdirSync as readdirSync2, renameSync, rmSync } from "node:fs";
import { mkdtemp, statfs } from "node:fs/promises";
import { basename, join as join7 } from "node:path";

// src/cache/export-stream.ts
var exportMagic = 1163413838;
async function* exportStream(entry2, wanted) {
  let current;
  for await (const { path, piece } of entry2.streamNars()) {
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

// src/cache/read-entry.ts
import { createHash as createHash4 } from "node:crypto";
import { open as open2 } from "node:fs/promises";

// src/cache/read-nar.ts
var longestString = 4096;
var deepest = 1024;
function openNar(sink) {
  const parser = readArchive(sink);
  let step = parser.next();
  let rest = Buffer.alloc(0);
  return {
    push(piece) {
      let bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
      if (rest.length > 0) bytes = Buffer.concat([rest, bytes]);
      let at = 0;
      while (step.done !== true) {
        const { size, isWhole } = step.value;
        const there = Math.min(size, bytes.length - at);
        if (there < size && (isWhole || there === 0)) break;
        at += there;
        step = parser.next(bytes.subarray(at - there, at));
      }
      rest = Buffer.from(bytes.subarray(at));
      if (step.done === true && rest.length > 0) refuse("bytes after its end");
    },
    end() {
      if (step.done !== true) refuse("cut off");
    }
  };
}
function* readArchive(sink) {
  yield* expectString("nix-archive-1");
  yield* readNode(sink, "", 0);
}
function* readNode(sink, path, depth) {
  if (depth > deepest) refuse("directories too deep");
  yield* expectString("(");
  yield* expectString("type");
  const type = yield* readString();
  if (type === "directory") {
    sink.startDirectory(path);
    yield* readEntries(sink, path, depth);
    sink.endDirectory(path);
  } else if (type === "regular") {
    yield* readFile(sink, path);
  } else if (type === "symlink") {
    yield* expectString("target");
    const target = yield* readString();
    if (target === "" || target.includes("\0")) refuse("a symlink with no possible target");
    sink.symlink(path, target);
    yield* expectString(")");
  } else {
    refuse("something that is no file, directory or symlink");
  }
}
function* readEntries(sink, path, depth) {
  for (let last = ""; (yield* readString(")", "entry")) === "entry"; ) {
    yield* expectString("(");
    yield* expectString("name");
    const name = yield* readString();
    if (name === "" || name === "." || name === ".." || /[/\0]/.test(name)) refuse("a name that is none");
    if (name <= last) refuse("names out of order");
    last = name;
    yield* expectString("node");
    yield* readNode(sink, `${path}/${name}`, depth + 1);
    yield* expectString(")");
  }
}
function* readFile(sink, path) {
  const isExecutable2 = (yield* readString("executable", "contents")) === "executable";
  if (isExecutable2) {
    yield* expectString("");
    yield* expectString("contents");
  }
  const size = yield* readNumber();
  sink.startFile(path, isExecutable2);
  for (let left = size; left > 0; ) {
    const piece = yield { size: left, isWhole: false };
    sink.contents(piece);
    left -= piece.length;
  }
  yield* readPadding(size);
  sink.endFile();
  yield* expectString(")");
}
function* readString(...known2) {
  const size = yield* readNumber();
  if (size > longestString) refuse("a string too long");
  const text = size === 0 ? "" : (yield { size, isWhole: true }).toString("latin1");
  yield* readPadding(size);
  if (known2.length > 0 && !known2.includes(text)) refuse(`"${text}" instead of "${known2.join('" or "')}"`);
  return text;
}
function expectString(text) {
  return readString(text);
}
function* readNumber() {
  const number2 = (yield { size: 8, isWhole: true }).readBigUInt64LE();
  if (number2 > BigInt(Number.MAX_SAFE_INTEGER)) refuse("a number too large");
  return Number(number2);
}
function* readPadding(size) {
  const rest = padded(size) - size;
  if (rest > 0 && (yield { size: rest, isWhole: true }).some((byte) => byte !== 0)) refuse("padding that is not zero");
}
function refuse(what) {
  throw new Failure(`Cannot read a NAR: ${what}.`);
}

// src/cache/read-entry.ts
var largestManifest = 128 << 20;
async function openEntry(file) {
  const handle = await open2(file);
  try {
    const input = openInput(readZstdFrames(handle));
    const start2 = await input.take(magic.length + 4);
    if (!start2.subarray(0, magic.length).equals(magic)) throw new Failure("it is no cache entry");
    const length = start2.readUInt32LE(magic.length);
    if (length > largestManifest) throw new Failure(`its manifest has ${length} bytes`);
    const manifest = parseManifest((await input.take(length)).toString("utf8"));
    const streamNars = () => narsOf(manifest, input);
    return { manifest, readNars: (sinkFor) => readNars(streamNars(), sinkFor), streamNars, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
async function readNars(pieces, sinkFor) {
  let current;
  try {
    for await (const { path, piece } of pieces) {
      if (path !== current?.path) {
        current?.check?.end();
        const sink = sinkFor(path);
        current = { path, check: sink === void 0 ? void 0 : checkNar(path, sink) };
      }
      current.check?.push(piece);
    }
    current?.check?.end();
  } finally {
    current?.check?.close();
  }
}
function checkNar({ path, narHash }, sink) {
  const hash = createHash4("sha256");
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
    for (let left = path.narSize; left > 0; ) {
      const piece = await input.some(left);
      yield { path, piece };
      left -= piece.length;
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
    for (let left = size; left > 0; left -= pieces.at(-1)?.length ?? 0) pieces.push(await some(left));
    return Buffer.concat(pieces);
  };
  return { take, some, isAtEnd };
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
  const close2 = () => {
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
    startFile(below, isExecutable2) {
      file = openSync2(place(below), "wx");
      fchmodSync(file, isExecutable2 ? 365 : 292);
    },
    contents(piece) {
      for (let at = 0; at < piece.length && file !== void 0; ) at += writeSync(file, piece, at);
    },
    endFile() {
      if (file !== void 0) futimesSync(file, storeTime, storeTime);
      close2();
    },
    close: close2
  };
}
function seal(directory2) {
  chmodSync(directory2, 365);
  utimesSync(directory2, storeTime, storeTime);
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
  const entry2 = await openEntry(file);
  try {
    if (entry2.manifest.system !== system) throw new Failure(`it is for ${entry2.manifest.system}, not ${system}`);
    const { paths } = entry2.manifest;
    const invalid = await store.findInvalid(paths.map(({ path }) => path));
    const missing = paths.filter(({ path }) => invalid.has(path));
    await requireReferences(entry2.manifest.paths, missing, store);
    const size = missing.reduce((sum, { narSize }) => sum + narSize, 0);
    await requireSpace(size);
    if (missing.length > 0) {
      if (store.isOwn) await unpackAndRegister(entry2, missing, store);
      else await checkAndImport(entry2, missing, { store, file });
    }
    return { paths: missing.map(({ path }) => path), size, held: paths.map(({ path }) => path) };
  } finally {
    await entry2.close();
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
async function unpackAndRegister(entry2, missing, store) {
  const temporary = await mkdtemp(join7(storeDirectory, ".nix-image-"));
  const places = new Map(missing.map(({ path }) => [path, join7(temporary, basename(path))]));
  const moved = [];
  try {
    await entry2.readNars(({ path }) => {
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
  const openUp = (directory2) => {
    chmodSync2(directory2, 493);
    for (const entry2 of readdirSync2(directory2, { withFileTypes: true })) {
      if (entry2.isDirectory()) openUp(join7(directory2, entry2.name));
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
async function checkAndImport(entry2, missing, { store, file }) {
  const wanted = new Set(missing.map(({ path }) => path));
  await entry2.readNars(({ path }) => wanted.has(path) ? noSink : void 0);
  const again = await openEntry(file);
  try {
    await store.importPaths(exportStream(again, wanted));
  } finally {
    await again.close();
  }
}

// src/stages/restore-store.ts
async function restoreStore(nix, inputs, host) {
  const backend = openBackend(inputs.cache.directory, host);
  if (backend === void 0 || inputs.cache.use === "off") return void 0;
  if (!hasZstd) {
    host.log.warning(`The store cache needs Node 22.15 or newer, and this is ${process.version}: there is none.`);
    return void 0;
  }
  return host.log.group("Cache", async () => {
    try {
      const before = await listValidPaths(nix);
      const key = await keyOf(inputs, host);
      const found = await restoreFrom(backend, key, { nix, host });
      return { result: { key: key.key, ...found }, before };
    } catch (error) {
      host.log.warning(`The store cache is not used: ${messageOf(error)}`);
      return void 0;
    }
  });
}
async function keyOf({ cache, spec, contents: contents2, buildArgs }, { directory: directory2, log }) {
  const key = await cacheKey({
    directory: directory2,
    patterns: cache.keyFiles,
    system: nixSystem,
    spec: JSON.stringify([spec, contents2, buildArgs]),
    extra: cache.keyExtra
  });
  log.info(`Key ${key.key}, of ${key.files.join(", ") || "no lock files"}`);
  return key;
}
function openBackend(directory2, host) {
  return directory2 === void 0 ? host.cache : openDirectoryBackend(host.resolve(directory2));
}
async function restoreFrom(backend, { key, prefixes }, { nix, host }) {
  const file = `${host.temporary}/restored`;
  const matchedKey = await backend.restore(file, key, prefixes);
  if (matchedKey === void 0) {
    host.log.info("No entry");
    return { matchedKey, restoredPaths: 0, restoredBytes: 0 };
  }
  let restored;
  try {
    restored = await restoreEntry(file, { store: await openStore(nix), system: nixSystem });
  } catch (error) {
    host.log.warning(`The cache entry ${matchedKey} is refused, the store is as before: ${messageOf(error)}`);
    return { matchedKey: void 0, restoredPaths: 0, restoredBytes: 0 };
  }
  await keepPaths(nix, restored.paths, host.temporary);
  const { paths, size } = restored;
  host.log.info(
    `Restored ${paths.length} of ${restored.held.length} store paths, ${formatSize(size)}, from ${matchedKey}`
  );
  return { matchedKey, restoredPaths: paths.length, restoredBytes: size };
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
  const { key, matchedKey } = cache.result;
  if (key === matchedKey || !isSaveWanted(inputs, host)) return;
  try {
    const paths = await neededPaths(built, { nix, inputs, host });
    const { directory: directory2, excludeSubstitutable, maxSize } = inputs.cache;
    const task = {
      key,
      ...directory2 === void 0 ? {} : { directory: directory2 },
      excludeSubstitutable,
      ...maxSize === void 0 ? {} : { maxSize },
      program: nix.program,
      version: nix.version,
      nixConf: inputs.nix.nixConf,
      outputs: built.map(({ path }) => path),
      paths: paths.filter((path) => !cache.before.has(path))
    };
    await (host.afterJob?.(JSON.stringify(task)) ?? saveStore(JSON.stringify(task), host));
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
async function neededPaths(built, { nix, inputs, host }) {
  const needed = await readRequisites(
    nix,
    built.flatMap(({ path, drvPath }) => drvPath === void 0 ? [path] : [path, drvPath])
  );
  const { spec } = inputs;
  const sources = spec.kind === "path" ? [] : await readFlakeInputs(nix, { ...inputs, spec }, host.directory);
  return [.../* @__PURE__ */ new Set([...needed, ...sources])].sort();
}
async function saveStore(text, host) {
  const task = JSON.parse(text);
  const backend = openBackend(task.directory, host);
  if (backend === void 0) return;
  const { program, version } = task;
  const nix = { program, version, env: withNixConfig(host.env, task), installed: false };
  const { paths, substitutable, evicted } = choosePaths(await readCandidates(nix, task.paths), {
    ...task,
    maxSize: task.maxSize
  });
  report("left out, since binary caches have them", substitutable, host);
  report("left out for cache-max-size, the least useful first", evicted, host);
  if (paths.length === 0) return host.log.info("Nothing to save: this build added nothing to the store.");
  const file = `${host.temporary}/saved`;
  const size = await writeEntry(file, { system: nixSystem, paths: sortByReferences(paths) });
  if (!await backend.save(file, task.key)) return;
  const plain = formatSize(totalSize(paths));
  host.log.info(`Saved ${paths.length} store paths, ${plain}, as ${task.key}: ${formatSize(size)}`);
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

// src/hosts/checkout.ts
async function readCheckout(directory2, env) {
  const git = (...args) => askGit(args, directory2, env);
  const head = await git("log", "-1", "--format=%H %ct");
  if (head === void 0) return {};
  const [revision, seconds] = head.split(" ");
  const gitTag = (await git("tag", "--points-at", "HEAD", "--sort=-version:refname"))?.split("\n")[0];
  const branch = await git("symbolic-ref", "--quiet", "--short", "HEAD");
  const repositoryUrl = webUrlOf(await git("remote", "get-url", "origin") ?? "");
  return {
    ...revision === void 0 ? {} : { revision },
    commitTime: Number(seconds),
    ...gitTag === void 0 || gitTag === "" ? {} : { gitTag },
    ...branch === void 0 ? {} : { branch },
    ...repositoryUrl === void 0 ? {} : { repositoryUrl }
  };
}
async function askGit(args, directory2, env) {
  const trust = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "safe.directory", GIT_CONFIG_VALUE_0: "*" };
  try {
    const { code, stdout } = await runProgram("git", args, { cwd: directory2, env: { ...env, ...trust } });
    return code === 0 ? stdout.trim() : void 0;
  } catch {
    return void 0;
  }
}
function webUrlOf(remote) {
  const scp = /^(?:[\w.-]+@)?([\w.-]+):(?!\/)([^@]+)$/.exec(remote);
  const text = scp === null ? remote : `ssh://${scp[1]}/${scp[2]}`;
  if (!URL.canParse(text)) return void 0;
  const { protocol, hostname, host, pathname } = new URL(text);
  if (!/^(https?|ssh|git):$/.test(protocol)) return void 0;
  const isWeb = protocol === "https:" || protocol === "http:";
  const path = pathname.replace(/\/$/, "").replace(/\.git$/, "");
  return `${isWeb ? protocol : "https:"}//${isWeb ? host : hostname}${path}`;
}

// src/hosts/workflow-context.ts
import { readFile as readFile2 } from "node:fs/promises";
async function readEvent(env) {
  const path = env.GITHUB_EVENT_PATH;
  if (path === void 0 || path === "") return {};
  try {
    return JSON.parse(await readFile2(path, "utf8"));
  } catch {
    return {};
  }
}
function workflowContext(env, event, checkout) {
  const name = env.GITHUB_REPOSITORY || void 0;
  const server = env.GITHUB_SERVER_URL || "https://github.com";
  const license = event.repository?.license?.spdx_id;
  const commitTime = checkout.commitTime ?? parseRfc3339(event.head_commit?.timestamp ?? "");
  return known({
    repositoryUrl: event.repository?.html_url ?? (name === void 0 ? void 0 : `${server}/${name}`),
    repositoryName: name?.split("/").at(-1),
    description: event.repository?.description ?? void 0,
    license: license === "NOASSERTION" ? void 0 : license ?? void 0,
    revision: event.pull_request?.head?.sha ?? (env.GITHUB_SHA || void 0),
    gitTag: env.GITHUB_REF_TYPE === "tag" ? env.GITHUB_REF_NAME : void 0,
    commitTime,
    ...runOf(env, event)
  });
}
function runOf(env, event) {
  const { pull_request: pull, number: number2, repository } = event;
  const eventName = env.GITHUB_EVENT_NAME || void 0;
  const isTarget = eventName === "pull_request_target" && number2 !== void 0;
  const ref = isTarget ? `refs/pull/${number2}/merge` : env.GITHUB_REF || void 0;
  const wantsHead = /^true$/i.test(env.DOCKER_METADATA_PR_HEAD_SHA ?? "");
  const scheduled = eventName === "schedule" ? env.GITHUB_REF_NAME : void 0;
  return {
    eventName,
    ref,
    sha: (wantsHead ? pull?.head?.sha : void 0) ?? (env.GITHUB_SHA || void 0),
    baseRef: baseOf(ref ?? "", event),
    defaultBranch: repository?.default_branch ?? scheduled,
    shortShaLength: parseLength(env.DOCKER_METADATA_SHORT_SHA_LENGTH ?? "")
  };
}
function baseOf(ref, { pull_request: pull, base_ref: pushedFrom }) {
  if (ref.startsWith("refs/pull/")) return pull?.base?.ref;
  return ref.startsWith("refs/tags/") ? pushedFrom?.replace(/^refs\/heads\//, "") : void 0;
}
function parseLength(text) {
  if (text === "") return void 0;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new Failure(`Cannot use DOCKER_METADATA_SHORT_SHA_LENGTH="${text}": it must be a number from 1.`);
}
function terminalContext({ branch, ...checkout }) {
  const { repositoryUrl } = checkout;
  return known({
    ...checkout,
    repositoryName: repositoryUrl?.split("/").at(-1),
    ref: refOf(checkout.gitTag, branch),
    sha: checkout.revision
  });
}
function refOf(gitTag, branch) {
  if (gitTag !== void 0) return `refs/tags/${gitTag}`;
  return branch === void 0 ? void 0 : `refs/heads/${branch}`;
}
function known(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== void 0));
}

export {
  Failure,
  messageOf,
  hasCode,
  resolveCreated,
  annotationsOf,
  noMetadata,
  parseMetadataJson,
  metadataOfEnvironment,
  joinMetadata,
  parseDigest,
  isDigest,
  digestOf,
  digestOfHash,
  hexOf,
  parseReference,
  parseImageName,
  formatRepository,
  formatReference,
  isLoopback,
  compilePattern,
  withoutRepeats,
  defaultCompression,
  nameOf,
  compress,
  encodingOf,
  inputTable,
  parseInputs,
  runProgram,
  findProgram,
  isExecutable,
  readCheckout,
  readEvent,
  workflowContext,
  terminalContext,
  formatSize,
  createBuildLog,
  readLogLine,
  build,
  features,
  specArguments,
  describeSpec,
  isThere,
  ownDirectory,
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
  restoreStore,
  readClosure,
  readNarHashes,
  planSave,
  saveStore
};
