import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  compileDeflate,
  deflateHere
} from "./chunk-MTZ6CDKL.mjs";
import {
  parseJson
} from "./chunk-Z6I6B3TS.mjs";
import {
  createBlockMemory,
  freeMemory,
  isDigest,
  mapBlocks,
  roomFor,
  zstdFrame
} from "./chunk-R6VUWMYB.mjs";
import {
  Failure,
  messageOf
} from "./chunk-32ADV6HS.mjs";
import {
  __require
} from "./chunk-MPN7ELPR.mjs";

// src/lib/http/url-login.ts
var logins = /\b([a-z][a-z0-9+.-]*):\/\/([^\s/?#]*)@/gi;
var shortestToken = 16;
function secretsInUrls(text) {
  const secrets = [...text.matchAll(logins)].flatMap(([, scheme = "", login = ""]) => {
    const colon = login.indexOf(":");
    if (colon >= 0) return [login.slice(colon + 1)];
    return /https?$/i.test(scheme) && login.length >= shortestToken ? [login] : [];
  });
  return [...new Set(secrets.flatMap((secret) => [secret, decoded(secret)]))].filter((secret) => secret !== "");
}
function withoutLogins(text) {
  return text.replaceAll(logins, "$1://***@");
}
function basicLogin({ username, password }) {
  const login = [username, password].map(decoded).join(":");
  return login === ":" ? void 0 : `Basic ${Buffer.from(login).toString("base64")}`;
}
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

// src/lib/printable.ts
var controls = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
function printable(text) {
  return escapeControls(text.replaceAll(/\r\n?/g, "\n")).replaceAll("##[", "#\u200B#[").replaceAll(/(?<![^\n])((?:(?!\n)[\p{Z}\p{C}])*):(?=:)/gu, "$1:\u200B");
}
function escapeControls(text) {
  return text.replaceAll(controls, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

// required:node:util
var { parseArgs, stripVTControlCharacters } = __require("node:util");

// src/metadata/allowed-labels.ts
var describingLabels = ["title", "description", "documentation", "licenses", "version", "created"].map(
  (name) => `org.opencontainers.image.${name}`
);
function keysNotAllowed(labels, patterns) {
  const allowed = patterns.map(patternOf);
  return Object.keys(labels).filter((key) => !allowed.some((pattern) => pattern.test(key)));
}
function patternOf(text) {
  const parts = text.split("*").map((part) => part.replaceAll(/[\\^$.+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}

// src/metadata/created.ts
var lastSecond = 253402300799;
function parseCreated(text) {
  if (text === "commit" || text === "now" || text === "keep") return text;
  const seconds = /^\d+$/.test(text) ? Number(text) : parseRfc3339(text);
  if (seconds !== void 0 && seconds <= lastSecond) return seconds;
  throw new Failure(
    `Cannot use created: "${text}". Write commit, now, keep, an RFC 3339 time (2026-01-31T12:00:00Z) or Unix seconds.`
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

// src/oci/platform.ts
var platformPattern = /^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+(\.[a-z0-9]+)*)?$/;
function isPlatform(text) {
  return platformPattern.test(normalizePlatform(text));
}
function parsePlatform(text, what) {
  const [os = "", architecture = "", variant] = text.split("/");
  if (platformPattern.test(text)) return { architecture, os, ...variant === void 0 ? {} : { variant } };
  throw new Failure(`Cannot read ${what}: "${text}" is not a platform. It is OS/ARCHITECTURE, as in linux/amd64.`);
}
function isSamePlatform(a, b) {
  return normalizePlatform(a) === normalizePlatform(b);
}
function closestTo(wanted, candidates, of) {
  for (const platform of acceptable(wanted)) {
    const found = candidates.filter((candidate) => normalizePlatform(of(candidate)) === platform);
    if (found.length > 0) return found;
  }
  return [];
}
function acceptable(wanted) {
  const platform = normalizePlatform(wanted);
  const [, arm = "", usual] = /^(.+\/arm\/v)(\d)$/.exec(platform) ?? [];
  if (usual === void 0 || wanted.split("/").length > 2) return [platform];
  return [7, 6, 5].filter((variant) => variant <= Number(usual)).map((variant) => `${arm}${variant}`);
}
function normalizePlatform(text) {
  const [os = "", architecture = "", variant = "", ...more] = text.toLowerCase().split("/");
  return [os === "macos" ? "darwin" : os, ...normalizeMachine(architecture, variant), ...more].filter((part) => part !== "").join("/");
}
function normalizeMachine(architecture, variant) {
  switch (architecture) {
    case "i386":
      return ["386", ""];
    case "x86_64":
    case "x86-64":
    case "amd64":
      return ["amd64", variant === "v1" ? "" : variant];
    case "aarch64":
    case "arm64":
      if (/^(8|v8|v8\.0)$/.test(variant)) return ["arm64", ""];
      return ["arm64", /^(9|9\.0|v9\.0)$/.test(variant) ? "v9" : variant];
    case "armhf":
      return ["arm", "v7"];
    case "armel":
      return ["arm", "v6"];
    case "arm":
      if (variant === "") return ["arm", "v7"];
      return ["arm", /^[5-8]$/.test(variant) ? `v${variant}` : variant];
    default:
      return [architecture, variant];
  }
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
var annotationForm = "key=value, optionally prefixed with manifest:, manifest[OS/ARCHITECTURE]: or index:";
function parseAnnotations(text) {
  return linesOf(text).flatMap((line) => {
    const [name, value] = parseAssignment(line, "annotation", annotationForm);
    const levels = levelPattern.exec(name)?.[1];
    const key = levels === void 0 ? name : name.slice(levels.length + 1);
    if (key === "") throw new Failure(`Cannot use the annotation line "${line.trim()}": write ${annotationForm}.`);
    if (levels === void 0) return [{ key, value }];
    return levels.split(",").map((level) => ({ ...parseLevel(level, line.trim()), key, value }));
  });
}
function parseLevel(text, line) {
  if (text === "manifest" || text === "index") return { level: text };
  const platform = /^manifest\[([^\]]+)\]$/.exec(text)?.[1];
  if (platform !== void 0) return { level: "manifest", platform };
  throw new Failure(`Cannot use the annotation "${line}": "${text}" is not a valid prefix. Write ${annotationForm}.`);
}
function placeAnnotations(annotations, levels) {
  return annotations.flatMap(
    ({ level, ...rest }) => (level === void 0 ? levels : [level]).map((of) => ({ level: of, ...rest }))
  );
}
function annotationName({ level, platform, key }) {
  return `${level}${platform === void 0 ? "" : `[${platform}]`}:${key}`;
}
function annotationsOf(annotations, level, platform) {
  const meant = annotations.filter(
    (item) => item.level === level && (item.platform === void 0 || platform !== void 0 && isSamePlatform(item.platform, platform))
  );
  return Object.fromEntries(meant.map(({ key, value }) => [key, value]));
}
function withoutKeys(labels, keys) {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !keys.has(key)));
}
function parseAssignment(line, kind, form) {
  const equals = line.indexOf("=");
  const key = line.slice(0, Math.max(equals, 0)).trim();
  if (key === "" || /^[!"]|\s/.test(key)) {
    throw new Failure(`Cannot use the ${kind} line "${line.trim()}": write ${form}.`);
  }
  return [key, line.slice(equals + 1)];
}
function linesOf(text) {
  return text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#"));
}

// src/oci/reference.ts
var pathComponent = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
var pathPattern = new RegExp(`^${pathComponent}(?:/${pathComponent})*$`);
var hostPattern = /^(?:\[[0-9a-fA-F:]+\]|(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*)(?::[0-9]+)?$/;
var tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
var longestName = 255;
function parseReference(text) {
  const fail = (why) => new Failure(`Cannot use the tag "${text}": ${why}`);
  if (text.includes("@")) throw fail("a push needs a tag, not a digest. Write NAME:TAG.");
  const colon = text.lastIndexOf(":");
  const hasTag = colon > text.lastIndexOf("/");
  const name = hasTag ? text.slice(0, colon) : text;
  const tag = hasTag ? text.slice(colon + 1) : "latest";
  if (!tagPattern.test(tag)) {
    throw fail('a tag has 1 to 128 letters, digits, "_", "." and "-", and does not start with "." or "-".');
  }
  return { ...checkedName(name, { fail, form: "[HOST/]PATH[:TAG], as in ghcr.io/acme/app:1.2", tag: `:${tag}` }), tag };
}
function parseRepository(text) {
  const fail = (why) => new Failure(`Cannot use the image name "${text}": ${why}`);
  if (text.includes("@") || text.lastIndexOf(":") > text.lastIndexOf("/"))
    throw fail("it has a tag or a digest. Write only the name here, and tags in the input tags.");
  return checkedName(text, { fail, form: "[HOST/]PATH, as in ghcr.io/acme/app", tag: "" });
}
function checkedName(name, { fail, form, tag }) {
  const repository = splitName(name);
  if (!isRegistryHost(repository.host)) throw fail(`"${repository.host}" is not a registry host.`);
  if (repository.path !== repository.path.toLowerCase()) {
    throw fail(`repository names are lower-case; write "${name.toLowerCase()}${tag}".`);
  }
  if (!pathPattern.test(repository.path)) throw fail(`it is not of the form ${form}.`);
  if (name.length > longestName) throw fail(`repository names have at most ${longestName} characters.`);
  return repository;
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
function isTag(text) {
  return tagPattern.test(text);
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

// src/metadata/rule-lines.ts
function ruleLines(text) {
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
}
function fieldsOf(line) {
  const fields = splitFields(line);
  const [only = ""] = fields;
  if (fields.length === 1 && only !== line && splitFields(only).slice(1).some(isAssignment)) return fieldsOf(only);
  return fields.map((field) => {
    const equals = field.indexOf("=", 1);
    if (equals < 0) return [field.trim()];
    return [field.slice(0, equals).trim().toLowerCase(), field.slice(equals + 1).trim()];
  });
}
function isAssignment(field) {
  return /^\s*\w+\s*=/.test(field);
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
    `Cannot use the flavor line "${line}": write latest=auto, true or false; or prefix=TEXT or suffix=TEXT, optionally followed by ,onlatest=true or false.`
  );
}

// src/metadata/image-names.ts
function parseImageNames(text) {
  const names = /* @__PURE__ */ new Map();
  for (const name of parseLines(text)) {
    const place = formatRepository(parseRepository(name));
    if (!names.has(place)) names.set(place, name);
  }
  return [...names.values()];
}
function parseLines(text) {
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
    throw ruleFailure(line, 'it has an attribute twice. Quote an attribute with a comma in its value: "value=a,b".');
  }
  const { type = "raw", ...attributes } = given;
  if (!isRuleType(type)) {
    throw ruleFailure(line, `the type "${type}" is unknown. Known types are ${Object.keys(types).join(", ")}.`);
  }
  const row = types[type];
  const known = [...Object.keys(row.attributes), ...common.filter((name) => !(name in row.attributes))];
  for (const name of Object.keys(attributes)) {
    if (!known.includes(name)) {
      throw ruleFailure(line, `type=${type} has no attribute "${name}". Its attributes are ${known.join(", ")}.`);
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
    if (value === null) throw ruleFailure(line, `its ${name}= is missing.`);
    filled[name] = value;
  }
  return given.event === "pr" ? { prefix: "pr-", ...filled } : filled;
}
function checkAttributes(type, attributes, line) {
  const { event, format, group, priority, pattern, match } = attributes;
  if (priority !== void 0 && (priority === "" || Number.isNaN(Number(priority)))) {
    throw ruleFailure(line, `priority "${priority}" is not a number.`);
  }
  if (type === "ref" && !["branch", "tag", "pr"].includes(event ?? "")) {
    throw ruleFailure(line, `event must be branch, tag or pr, not "${event}".`);
  }
  if (type === "sha" && format !== "short" && format !== "long") {
    throw ruleFailure(line, `format must be short or long, not "${format}".`);
  }
  if (type === "match" && !/^\d+$/.test(group ?? "")) throw ruleFailure(line, `group "${group}" is not a number.`);
  if (type === "match") compilePattern(pattern ?? "", line);
  if (match !== void 0 && match !== "") checkGroup(match, line);
}
function checkGroup(match, line) {
  compileRegExp(match, "", line);
  const [, ...groups] = new RegExp(`${match}|`).exec("") ?? [];
  if (groups.length === 0) throw ruleFailure(line, "match needs a group in parentheses.");
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
function ruleFailure(line, why) {
  return new Failure(`Cannot use the tags line "${line}": ${why}`);
}

// src/metadata/tags.ts
function parseTagging(given) {
  if (given.images.trim() === "") {
    const rule = ruleLines(given.tags).find((line) => /(^|,)"?type=/.test(line));
    if (rule !== void 0) {
      throw new Failure(
        `Cannot use the tags line "${rule}": a rule needs the input images. Set it, for example to ghcr.io/acme/app.`
      );
    }
    if (given.flavor.trim() !== "")
      throw new Failure("Cannot use flavor without images: it applies only to rules in tags.");
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

// src/metadata/given-metadata.ts
var noMetadata = { tags: [], labels: {}, annotations: [] };
function parseMetadataJson(text, what) {
  const json = parseJson(text, what);
  const { tags = [], labels = {}, annotations = [] } = objectOf(targetOf(json, what), what);
  const isMap = (value) => Object.values(objectOf(value, what)).every(isString);
  if (!isStrings(tags) || !isMap(labels) || !isStrings(annotations)) {
    throw new Failure(
      `Cannot read ${what}: tags and annotations must be lists of strings, and labels a map of strings.`
    );
  }
  return withoutUnknown({ tags, labels, annotations: annotations.flatMap(parseAnnotation) });
}
function metadataOfEnvironment(env) {
  const read = (name) => env[`DOCKER_METADATA_OUTPUT_${name}`] ?? "";
  if (read("JSON") !== "") return parseMetadataJson(read("JSON"), "DOCKER_METADATA_OUTPUT_JSON");
  if (["LABELS", "ANNOTATIONS", "TAGS"].every((name) => read(name) === "")) {
    throw new Failure(
      "Cannot use metadata: env, because DOCKER_METADATA_OUTPUT_JSON is not set. Run docker/metadata-action in an earlier step of this job."
    );
  }
  const tags = read("TAGS").split(/[\n,]/);
  const given = {
    tags: tags.map((tag) => tag.trim()).filter((tag) => tag !== ""),
    labels: parseLabels(read("LABELS")).set,
    annotations: parseAnnotations(read("ANNOTATIONS"))
  };
  return withoutUnknown(given);
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
  throw new Failure(`Cannot read ${what}: it has ${targets.length} targets; exactly one is supported.`);
}
var derivedKey = /^org\.opencontainers\.image\.(title|description|url|source|version|created|revision|licenses)$/;
function withoutUnknown({ tags, labels, annotations }) {
  const isKnown = (key, value) => value !== "" || !derivedKey.test(key);
  return {
    tags,
    labels: Object.fromEntries(Object.entries(labels).filter(([key, value]) => isKnown(key, value))),
    annotations: annotations.filter(({ key, value }) => isKnown(key, value))
  };
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

// src/report/format-size.ts
function formatSize(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let power = 0;
  for (; value >= 999.5 && power < units.length - 1; power++) value /= 1e3;
  return `${power === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

// src/lib/process.ts
import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { Readable, Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
var stderrKept = 65536;
async function runProgram(program, args, options = {}) {
  const child = spawn(program, args, {
    stdio: [options.input === void 0 ? "ignore" : "pipe", "pipe", "pipe"],
    ...options.cwd === void 0 ? {} : { cwd: options.cwd },
    ...options.env === void 0 ? {} : { env: options.env }
  });
  const exit = new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(startFailure(program, cause, options)));
    child.once("close", (code2) => resolve(code2 ?? -1));
  });
  const stdout = [];
  const readErrors = collectErrors(child.stderr, options.onErrorLine);
  const output = options.output ?? collectText(stdout);
  const streams = [
    pipeline(child.stdout, output),
    ...child.stdin === null ? [] : [feed(child.stdin, options.input ?? "")],
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
  return { code, stdout: stdout.join(""), stderr: readErrors() };
}
function collectErrors(source, onErrorLine) {
  let kept = "";
  createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
    kept = `${kept}${line}
`.slice(-stderrKept);
    onErrorLine?.(line);
  });
  return () => kept;
}
function startFailure(program, cause, { cwd }) {
  const hasDirectory = cwd === void 0 || statSync(cwd, { throwIfNoEntry: false })?.isDirectory();
  const why = hasDirectory ? `${cause.message}.` : `the directory ${cwd} does not exist. Check out the repository in an earlier step.`;
  return new Failure(`Cannot run ${program}: ${why}`, { cause });
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
  let isBroken = false;
  async function* watched() {
    try {
      yield* source;
    } catch (error) {
      isBroken = true;
      throw error;
    }
  }
  try {
    await pipeline(watched, stdin);
  } catch (error) {
    if (isBroken) throw error;
  }
}
function findProgram(program, env) {
  for (const directory of (env.PATH ?? "").split(delimiter).filter((part) => part !== "")) {
    const candidate = join(directory, program);
    if (isExecutable(candidate)) return candidate;
  }
  return void 0;
}
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

// src/image/layering/closure-graph.ts
function linkNodes(closure) {
  const nodes = /* @__PURE__ */ new Map();
  for (const path of closure.keys()) nodes.set(path, { path, references: [], users: [] });
  for (const [path, { references }] of closure) {
    const user = nodes.get(path);
    for (const reference of new Set(references)) {
      const node = nodes.get(reference);
      if (user === void 0 || node === void 0) {
        throw new Failure(
          `Cannot divide the closure into layers: ${path} refers to ${reference}, which is not in the closure.`
        );
      }
      if (node === user) continue;
      user.references.push(node);
      node.users.push(user);
    }
  }
  return sortUsersFirst([...nodes.values()]);
}
function sortUsersFirst(nodes) {
  const waiting = new Map(nodes.map((node) => [node, node.users.length]));
  const sorted = nodes.filter((node) => node.users.length === 0);
  for (const node of sorted) {
    for (const reference of node.references) {
      const left = (waiting.get(reference) ?? 0) - 1;
      waiting.set(reference, left);
      if (left === 0) sorted.push(reference);
    }
  }
  const circular = nodes.find((node) => (waiting.get(node) ?? 0) > 0);
  if (circular === void 0) return sorted;
  throw new Failure(`Cannot divide the closure into layers: the references of ${circular.path} form a cycle.`);
}
function sortByName(paths) {
  const named = paths.map((path) => ({ path, name: sortName(path) }));
  named.sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  return named.map(({ path }) => path);
}
function sortName(path) {
  const [start, ...name] = path.split("-");
  return [...name, start].join("-");
}

// src/image/layering/popularity.ts
function layersByPopularity(closure, maxLayers) {
  const order = orderByPopularity(closure);
  const alone = order.slice(0, maxLayers - 1).map((path) => [path]);
  const rest = order.slice(maxLayers - 1);
  return rest.length === 0 ? alone : [...alone, rest];
}
function orderByPopularity(closure) {
  const nodes = linkNodes(closure);
  const ways = countWays(nodes);
  const popularity = new Map(nodes.map((node) => [node.path, popularityOf(node, ways)]));
  const of = (path) => popularity.get(path) ?? 0n;
  return sortByName([...closure.keys()]).toSorted((a, b) => of(a) === of(b) ? 0 : of(a) > of(b) ? -1 : 1);
}
function countWays(nodes) {
  const ways = new Map(nodes.map((node) => [node, node.users.length === 0 ? 1n : 0n]));
  for (const node of nodes) {
    for (const reference of node.references) ways.set(reference, (ways.get(reference) ?? 0n) + (ways.get(node) ?? 0n));
  }
  return ways;
}
function popularityOf(node, ways) {
  let sum = 0n;
  const leading = /* @__PURE__ */ new Set([node]);
  for (const one of leading) {
    sum += ways.get(one) ?? 0n;
    for (const user of one.users) leading.add(user);
  }
  return sum;
}

// src/image/layering/stable.ts
var layerCost = 16 * 1024;
var reach = 16;
var reachOfMany = 2;
var fullReachFactor = 8;
function stableLayers(closure, maxLayers) {
  const groups = orderGroups(closure);
  const count = groups.length;
  mergeNeighbours(groups, { reach: reachOfMany, most: fullReachFactor * maxLayers, threshold: 0, count });
  mergeNeighbours(groups, { reach, most: maxLayers, threshold: layerCost * count, count });
  const layers = groups.length > maxLayers ? [groups.flatMap(({ paths }) => paths)] : groups.map(({ paths }) => paths);
  return layers.map(sortByName);
}
function orderGroups(closure) {
  const nodes = linkNodes(closure);
  const causes = collectCauses(nodes);
  const byName = new Map(sortByName([...closure.keys()]).map((path, i) => [path, i]));
  const groups = nodes.map(({ path, users }, i) => {
    const own = causes[i];
    const group = {
      paths: [path],
      size: roundedSize(closure.get(path)?.narSize ?? 0),
      causes: own,
      causeCount: countBits(own),
      roots: users.length === 0 ? 1 : 0,
      mergeCosts: /* @__PURE__ */ new Map()
    };
    return { group, name: byName.get(path) ?? 0 };
  });
  groups.sort((a, b) => a.group.roots - b.group.roots || a.group.causeCount - b.group.causeCount || a.name - b.name);
  return groups.map(({ group }) => group);
}
function collectCauses(nodes) {
  const indexes = new Map(nodes.map((node, i) => [node, i]));
  const causes = nodes.map(() => new Int32Array(Math.ceil(nodes.length / 32)));
  for (const [i, node] of [...nodes.entries()].reverse()) {
    const own = causes[i];
    own[i >> 5] = (own[i >> 5] ?? 0) | 1 << (i & 31);
    for (const reference of node.references) addBits(own, causes[indexes.get(reference) ?? 0]);
  }
  return causes;
}
function roundedSize(bytes) {
  return 2 ** (Math.round(2 * Math.log2(Math.max(bytes, 1))) / 2);
}
function mergeNeighbours(groups, options) {
  const { most, threshold } = options;
  const costs = [];
  const steps = [];
  const update = (i) => {
    [costs[i], steps[i]] = cheapestMerge(groups, i, options);
  };
  for (let i = 0; i < groups.length; i++) update(i);
  while (groups.length > 1) {
    const i = indexOfLeast(costs);
    const cost = costs[i] ?? noMerge;
    if (cost === noMerge || groups.length <= most && cost >= threshold) return;
    const partner = i + (steps[i] ?? 0);
    groups[i] = merge(groups[i], groups[partner]);
    for (const list of [groups, costs, steps]) list.splice(partner, 1);
    for (let j = Math.max(0, i - options.reach); j < Math.min(partner, groups.length); j++) update(j);
  }
}
function indexOfLeast(numbers) {
  let least = 0;
  for (let i = 1; i < numbers.length; i++) if (numbers[i] < numbers[least]) least = i;
  return least;
}
var noMerge = Number.POSITIVE_INFINITY;
function cheapestMerge(groups, i, { reach: reach2, count }) {
  const group = groups[i];
  let [least, steps] = [noMerge, 0];
  for (let step = 1; step <= reach2; step++) {
    const other = groups[i + step];
    if (other === void 0 || group.roots > 0 !== other.roots > 0) break;
    let cost = group.mergeCosts.get(other);
    if (cost === void 0) {
      cost = mergeCost(group, other, count);
      group.mergeCosts.set(other, cost);
    }
    if (cost < least) [least, steps] = [cost, step];
  }
  return [least, steps];
}
function mergeCost(a, b, count) {
  const union = countUnion(a.causes, b.causes);
  return a.size * (union - a.causeCount + b.roots * count) + b.size * (union - b.causeCount + a.roots * count);
}
function merge(a, b) {
  const causes = a.causes.slice();
  addBits(causes, b.causes);
  return {
    paths: [...a.paths, ...b.paths],
    size: a.size + b.size,
    causes,
    causeCount: countBits(causes),
    roots: a.roots + b.roots,
    mergeCosts: /* @__PURE__ */ new Map()
  };
}
function addBits(bits, others) {
  for (let i = 0; i < bits.length; i++) bits[i] = bits[i] | others[i];
}
function countBits(bits) {
  return countUnion(bits, bits);
}
function countUnion(a, b) {
  let count = 0;
  for (let i = 0; i < a.length; i++) {
    let bits = a[i] | b[i];
    bits -= bits >>> 1 & 1431655765;
    bits = (bits & 858993459) + (bits >>> 2 & 858993459);
    count += (bits + (bits >>> 4) & 252645135) * 16843009 >>> 24;
  }
  return count;
}

// src/image/layering/layering.ts
var layerings = ["stable", "popularity", "as-built"];
var defaultMaxLayers = 100;
function layersOfClosure(layering, closure, maxLayers) {
  return { stable: stableLayers, popularity: layersByPopularity }[layering](closure, maxLayers);
}
function storePathsComment(paths) {
  return `store paths: ['${paths.join("', '")}']`;
}

// src/lib/compress/gzip.ts
import { crc32 } from "node:zlib";

// src/lib/compress/deflate.ts
import { availableParallelism } from "node:os";
import { extname } from "node:path";
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
  let places;
  async function* bytes() {
    const { zstdChunked } = await import("./chunk-RBRVCYYP.mjs");
    places = yield* zstdChunked(tar, level);
  }
  return { bytes: bytes(), chunked: () => places };
}
function encodingOf({ method }) {
  if (method === "zstd:chunked") return "zstd";
  return method === "none" ? "tar" : method;
}

// src/inputs/is-path.ts
function isPath(text) {
  return /^\.{0,2}\//.test(text);
}

// late:semver
var semver_default = new Proxy({}, { get: (_, key) => __require("./semver.cjs")[key] });

// required:node:net
var { BlockList, connect, createServer, isIP } = __require("node:net");

export {
  describingLabels,
  keysNotAllowed,
  parseCreated,
  resolveCreated,
  parseRfc3339,
  isPlatform,
  parsePlatform,
  isSamePlatform,
  closestTo,
  normalizePlatform,
  parseLabels,
  parseAnnotations,
  placeAnnotations,
  annotationName,
  annotationsOf,
  withoutKeys,
  parseReference,
  parseRepository,
  parseImageName,
  isTag,
  isRegistryHost,
  formatRepository,
  formatReference,
  compilePattern,
  parseTagging,
  parseTags,
  withoutRepeats,
  stableLayers,
  layerings,
  defaultMaxLayers,
  layersOfClosure,
  storePathsComment,
  secretsInUrls,
  withoutLogins,
  basicLogin,
  noMetadata,
  parseMetadataJson,
  metadataOfEnvironment,
  joinMetadata,
  defaultCompression,
  parseCompression,
  compressionName,
  compress,
  encodingOf,
  isPath,
  semver_default,
  formatSize,
  printable,
  escapeControls,
  BlockList,
  connect,
  createServer,
  isIP,
  parseArgs,
  stripVTControlCharacters,
  runProgram,
  collectErrors,
  startFailure,
  findProgram,
  isExecutable
};
