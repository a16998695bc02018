import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  compileDeflate,
  deflateHere
} from "./chunk-IHLVDD7N.mjs";
import {
  Failure,
  createBlockMemory,
  freeMemory,
  isDigest,
  mapBlocks,
  messageOf,
  roomFor,
  zstdFrame
} from "./chunk-IQWQOVRW.mjs";
import {
  __require
} from "./chunk-MPN7ELPR.mjs";

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
  throw new Failure(`Cannot use the annotation "${line}": there is no "${text}". Write ${annotationForm}.`);
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
    (item) => item.level === level && (item.platform === void 0 || item.platform === platform)
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
  const known = [...Object.keys(row.attributes), ...common.filter((name) => !(name in row.attributes))];
  for (const name of Object.keys(attributes)) {
    if (!known.includes(name)) {
      throw wrong(line, `type=${type} has no attribute "${name}". Known are ${known.join(", ")}.`);
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
  if (match !== void 0 && match !== "") checkGroup(match, line);
}
function checkGroup(match, line) {
  compileRegExp(match, "", line);
  const [, ...groups] = new RegExp(`${match}|`).exec("") ?? [];
  if (groups.length === 0) throw wrong(line, "match needs a group in round brackets.");
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
  return withoutUnknown({ tags, labels, annotations: annotations.flatMap(parseAnnotation) });
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
  throw new Failure(`Cannot read ${what}: it has ${targets.length} targets, and which one is meant is not known.`);
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

// src/oci/platform.ts
var platformPattern = /^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+)?$/;
function isPlatform(text) {
  return platformPattern.test(text);
}
function parsePlatform(text, what) {
  const [os = "", architecture = "", variant] = text.split("/");
  if (isPlatform(text)) return { architecture, os, ...variant === void 0 ? {} : { variant } };
  throw new Failure(`Cannot read ${what}: "${text}" is not a platform. It is OS/ARCHITECTURE, as in linux/amd64.`);
}

// node_modules/@renovatebot/pep440/lib/version.js
var VERSION_PATTERN = [
  "v?",
  "(?:",
  /* */
  "(?:(?<epoch>[0-9]+)!)?",
  // epoch
  /* */
  "(?<release>[0-9]+(?:\\.[0-9]+)*)",
  // release segment
  /* */
  "(?<pre>",
  // pre-release
  /*    */
  "[-_\\.]?",
  /*    */
  "(?<pre_l>(a|b|c|rc|alpha|beta|pre|preview))",
  /*    */
  "[-_\\.]?",
  /*    */
  "(?<pre_n>[0-9]+)?",
  /* */
  ")?",
  /* */
  "(?<post>",
  // post release
  /*    */
  "(?:-(?<post_n1>[0-9]+))",
  /*    */
  "|",
  /*    */
  "(?:",
  /*        */
  "[-_\\.]?",
  /*        */
  "(?<post_l>post|rev|r)",
  /*        */
  "[-_\\.]?",
  /*        */
  "(?<post_n2>[0-9]+)?",
  /*    */
  ")",
  /* */
  ")?",
  /* */
  "(?<dev>",
  // dev release
  /*    */
  "[-_\\.]?",
  /*    */
  "(?<dev_l>dev)",
  /*    */
  "[-_\\.]?",
  /*    */
  "(?<dev_n>[0-9]+)?",
  /* */
  ")?",
  ")",
  "(?:\\+(?<local>[a-z0-9]+(?:[-_\\.][a-z0-9]+)*))?"
  // local version
].join("");
var validRegex = new RegExp("^" + VERSION_PATTERN + "$", "i");
function valid(version) {
  return validRegex.test(version) ? version : null;
}
var cleanRegex = new RegExp("^\\s*" + VERSION_PATTERN + "\\s*$", "i");
function clean(version) {
  return stringify(parse(version, cleanRegex));
}
function parse(version, regex) {
  const { groups } = (regex || validRegex).exec(version) || {};
  if (!groups) {
    return null;
  }
  const parsed = {
    epoch: Number(groups.epoch ? groups.epoch : 0),
    release: groups.release.split(".").map(Number),
    pre: normalize_letter_version(groups.pre_l, groups.pre_n),
    post: normalize_letter_version(
      groups.post_l,
      groups.post_n1 || groups.post_n2
    ),
    dev: normalize_letter_version(groups.dev_l, groups.dev_n),
    local: parse_local_version(groups.local)
  };
  return parsed;
}
function stringify(parsed) {
  if (!parsed) {
    return null;
  }
  const { epoch, release, pre, post, dev, local } = parsed;
  const parts = [];
  if (epoch !== 0) {
    parts.push(`${epoch}!`);
  }
  parts.push(release.join("."));
  if (pre) {
    parts.push(pre.join(""));
  }
  if (post) {
    parts.push("." + post.join(""));
  }
  if (dev) {
    parts.push("." + dev.join(""));
  }
  if (local) {
    parts.push(`+${local}`);
  }
  return parts.join("");
}
function normalize_letter_version(letterIn, numberIn) {
  let letter = letterIn;
  let number = numberIn;
  if (letter) {
    if (!number) {
      number = 0;
    }
    letter = letter.toLowerCase();
    if (letter === "alpha") {
      letter = "a";
    } else if (letter === "beta") {
      letter = "b";
    } else if (["c", "pre", "preview"].includes(letter)) {
      letter = "rc";
    } else if (["rev", "r"].includes(letter)) {
      letter = "post";
    }
    return [letter, Number(number)];
  }
  if (!letter && number) {
    letter = "post";
    return [letter, Number(number)];
  }
  return null;
}
function parse_local_version(local) {
  if (local) {
    return local.split(/[._-]/).map(
      (part) => Number.isNaN(Number(part)) ? part.toLowerCase() : Number(part)
    );
  }
  return null;
}
function explain(version) {
  const parsed = parse(version);
  if (!parsed) {
    return parsed;
  }
  const { epoch, release, pre, post, dev, local } = parsed;
  let base_version = "";
  if (epoch !== 0) {
    base_version += epoch + "!";
  }
  base_version += release.join(".");
  const is_prerelease = Boolean(dev || pre);
  const is_devrelease = Boolean(dev);
  const is_postrelease = Boolean(post);
  return {
    epoch,
    release,
    pre,
    post: post ? post[1] : post,
    dev: dev ? dev[1] : dev,
    local: local ? local.join(".") : local,
    public: stringify(parsed).split("+", 1)[0],
    base_version,
    is_prerelease,
    is_devrelease,
    is_postrelease
  };
}

// node_modules/@renovatebot/pep440/lib/specifier.js
var RANGE_PATTERN = [
  "(?<operator>(===|~=|==|!=|<=|>=|<|>))",
  "\\s*",
  "(",
  /*  */
  "(?<version>(?:" + VERSION_PATTERN.replace(/\?<\w+>/g, "?:") + "))",
  /*  */
  "(?<prefix>\\.\\*)?",
  /*  */
  "|",
  /*  */
  "(?<legacy>[^,;\\s)]+)",
  ")"
].join("");
var rangeRegex = new RegExp("^" + RANGE_PATTERN + "$", "i");

// node_modules/@renovatebot/pep440/lib/semantic.js
function major(input) {
  const version = explain(input);
  if (!version) {
    throw new TypeError("Invalid Version: " + input);
  }
  return version.release[0];
}
function minor(input) {
  const version = explain(input);
  if (!version) {
    throw new TypeError("Invalid Version: " + input);
  }
  if (version.release.length < 2) {
    return 0;
  }
  return version.release[1];
}
function patch(input) {
  const version = explain(input);
  if (!version) {
    throw new TypeError("Invalid Version: " + input);
  }
  if (version.release.length < 3) {
    return 0;
  }
  return version.release[2];
}

// late:semver
var semver_default = new Proxy({}, { get: (_, key) => __require("./semver.cjs")[key] });

// late:moment-timezone
var moment_timezone_default = new Proxy({}, { get: (_, key) => __require("./moment-timezone.cjs")[key] });

// src/metadata/expression.ts
var expressionPattern = /\{\{\{([^{}]*)\}\}\}|\{\{([^{}]*)\}\}/g;
var callPattern = /^\s*([A-Za-z_][\w]*)(?:\s+('[^']*'|"[^"]*"|[^\s'"=]+))?(?:\s+(\w+)\s*=\s*('[^']*'|"[^"]*"))?\s*$/;
function fillIn(template, expressions, line) {
  const filled = template.replaceAll(expressionPattern, (whole, raw, escaped) => {
    const value = evaluate((raw ?? escaped ?? "").trim(), expressions, { whole, line });
    return raw === void 0 ? escapeHtml(value) : value;
  });
  if (template.replaceAll(expressionPattern, "").includes("{{")) {
    throw new Failure(`Cannot use the line "${line}": its "{{" has no "}}".`);
  }
  return filled;
}
function isRaw(template) {
  return /^\{\{\s*raw\s*\}\}$|^\{\{\{\s*raw\s*\}\}\}$/.test(template);
}
function evaluate(text, expressions, { whole, line }) {
  const [, name = "", format, option, zone] = callPattern.exec(text) ?? [];
  const value = Object.hasOwn(expressions, name) ? expressions[name] : void 0;
  if (value === void 0) {
    const allowed = Object.keys(expressions).map((key) => `{{${key}}}`);
    throw new Failure(`Cannot use the line "${line}": ${whole} is not known there. Known are ${allowed.join(", ")}.`);
  }
  if (typeof value === "string") {
    if (format === void 0 && option === void 0) return value;
    throw new Failure(`Cannot use the line "${line}": {{${name}}} takes no arguments.`);
  }
  if (format === void 0 || option !== void 0 && option !== "tz") {
    throw new Failure(`Cannot use the line "${line}": write {{${name} 'FORMAT'}} or {{${name} 'FORMAT' tz='ZONE'}}.`);
  }
  return formatTime(value.time, { format, zone: zone === void 0 ? "UTC" : unquote(zone), line });
}
function formatTime(time, { format, zone, line }) {
  if (moment_timezone_default.tz.zone(zone) === null) {
    throw new Failure(
      `Cannot use the line "${line}": there is no time zone "${zone}". Give a name of the IANA database, as in Europe/Berlin.`
    );
  }
  return moment_timezone_default.tz(time, zone).format(/^['"]/.test(format) ? unquote(format) : void 0);
}
function unquote(text) {
  return text.slice(1, -1);
}
var entities = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#x27;",
  "`": "&#x60;",
  "=": "&#x3D;"
};
function escapeHtml(text) {
  return text.replaceAll(/[&<>"'`=]/g, (character) => entities[character] ?? character);
}

// src/metadata/metadata-context.ts
function branchOf({ ref }) {
  return ref?.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : void 0;
}
function tagOf({ ref }) {
  return ref?.startsWith("refs/tags/") ? ref.slice("refs/tags/".length) : void 0;
}
function pullOf({ ref }) {
  return ref?.startsWith("refs/pull/") ? ref.slice("refs/pull/".length).replace(/\/merge$/, "") : void 0;
}
function shortSha({ sha = "", shortShaLength = 7 }) {
  return sha.slice(0, shortShaLength);
}
function timeExpressions({ now, commitTime, checkoutTime }) {
  const seconds = commitTime ?? checkoutTime;
  return { date: { time: now }, commit_date: { time: seconds === void 0 ? now : seconds * 1e3 } };
}
function globalExpressions(context) {
  const onDefaultBranch = isOnDefaultBranch(context);
  return {
    branch: branchOf(context) ?? "",
    tag: tagOf(context) ?? "",
    sha: shortSha(context),
    base_ref: context.baseRef ?? "",
    is_default_branch: String(onDefaultBranch),
    is_not_default_branch: String(!onDefaultBranch),
    ...timeExpressions(context)
  };
}
function isOnDefaultBranch(context) {
  const { ref, eventName = "", defaultBranch } = context;
  if (ref === void 0 || ref === "" || ref === "refs/heads/") return false;
  return ref.replace(/^refs\/heads\//, "") === defaultBranch || /create|discussion|issues|schedule/.test(eventName);
}

// src/metadata/compute-tags.ts
var longestTag = 128;
function computeTags(rules, flavor, context) {
  const names = [];
  const notes = [];
  let latest;
  for (const rule of rules) checkExpressions(rule, context);
  for (const affix of ["prefix", "suffix"]) {
    fillIn(flavor[affix], globalExpressions(context), `${affix}=${flavor[affix]}`);
  }
  for (const rule of rules) {
    if (!isEnabled(rule, context)) continue;
    const outcome = applyRule(rule, context);
    if (typeof outcome === "string") notes.push(`No tag from "${rule.line}": ${outcome}.`);
    if (typeof outcome !== "object") continue;
    const name = toTag(withAffixes(outcome.value, { rule, flavor, context }));
    if (name === "") continue;
    names.push(name);
    latest ??= flavor.latest === "auto" ? outcome.latest : flavor.latest === "true";
  }
  if (latest === true) names.push(toTag(latestOf(flavor)));
  return { version: names[0], names: withoutRepeats2(names), notes };
}
function checkExpressions({ type, attributes, line }, context) {
  const { enable = "", value = "", prefix = "", suffix = "", pattern = "" } = attributes;
  for (const text of [enable, value, prefix, suffix]) fillIn(text, globalExpressions(context), line);
  if (type === "schedule") fillIn(pattern, timeExpressions(context), line);
  if (type === "semver") fillIn(pattern, semverExpressions(new semver_default.SemVer("0.0.0")), line);
  if (type === "pep440") fillIn(pattern, pep440Expressions("0"), line);
}
function isEnabled({ attributes, line }, context) {
  const enable = fillIn(attributes.enable ?? "true", globalExpressions(context), line);
  if (enable === "true" || enable === "false") return enable === "true";
  throw new Failure(`Cannot use the tags line "${line}": enable is true or false, not "${enable}".`);
}
function applyRule(rule, context) {
  const { type, attributes, line } = rule;
  const fill = (text = "") => fillIn(text, globalExpressions(context), line);
  if (type === "schedule") {
    if (!/schedule/.test(context.eventName ?? "")) return void 0;
    return { value: fillIn(attributes.pattern ?? "", timeExpressions(context), line), latest: false };
  }
  if (type === "raw") return { value: fill(attributes.value), latest: false };
  if (type === "ref") return applyRef(attributes.event, context);
  if (type === "edge") {
    const branch = attributes.branch || context.defaultBranch;
    if (branchOf(context) === void 0) return void 0;
    if (branch === void 0) return "the default branch is not known; name it with branch=";
    return branchOf(context) === branch ? { value: "edge", latest: false } : void 0;
  }
  if (type === "sha") {
    const value2 = attributes.format === "long" ? context.sha : shortSha(context);
    return value2 === void 0 || value2 === "" ? void 0 : { value: value2, latest: false };
  }
  const value = attributes.value === "" ? tagOf(context) : fill(attributes.value);
  if (value === void 0) return void 0;
  if (type === "match") return applyMatch(value, rule);
  return applyVersion(value, rule);
}
function applyRef(event, context) {
  const value = event === "branch" ? branchOf(context) : event === "tag" ? tagOf(context) : pullOf(context);
  return value === void 0 ? void 0 : { value, latest: event === "tag" };
}
function applyMatch(value, { attributes, line }) {
  const { pattern = "", group = "0" } = attributes;
  const match = value.match(compilePattern(pattern, line));
  if (match === null) return `${pattern} does not match ${value}`;
  const part = match[Number(group)];
  return part === void 0 ? `there is no group ${group} in the match of ${pattern}` : { value: part, latest: true };
}
function applyVersion(value, rule) {
  const { match = "", pattern = "" } = rule.attributes;
  const matched = match === "" ? [value, value] : value.match(match);
  if (matched !== null && matched[1] === void 0) return `the group of ${match} is not in ${value}`;
  const text = (matched?.[1] ?? value).replaceAll("/", "-");
  return rule.type === "semver" ? applySemver(text, pattern, rule.line) : applyPep440(text, pattern, rule.line);
}
function applySemver(text, pattern, line) {
  if (semver_default.valid(text) === null) return `${text} is not a semver version`;
  const version = semver_default.parse(text, { loose: true });
  if (version === null) return `${text} is not a semver version`;
  const isFinal = version.prerelease.length === 0;
  const shown = isFinal || isRaw(pattern) ? pattern : "{{version}}";
  return { value: fillIn(shown, semverExpressions(version), line), latest: isFinal };
}
function semverExpressions(version) {
  return {
    raw: version.raw,
    version: version.version,
    major: String(version.major),
    minor: String(version.minor),
    patch: String(version.patch),
    prerelease: version.prerelease.join(","),
    build: version.build.join(",")
  };
}
function applyPep440(text, pattern, line) {
  const facts = valid(text) === null ? null : explain(text);
  if (facts === null) return `${text} is not a PEP 440 version`;
  const expressions = pep440Expressions(text);
  const isFinal = !(facts.is_prerelease || facts.is_postrelease || facts.is_devrelease);
  if (isFinal) return { value: fillIn(pattern, expressions, line), latest: true };
  return { value: isRaw(pattern) ? text : expressions.version, latest: false };
}
function pep440Expressions(text) {
  return {
    raw: text,
    version: clean(text) ?? text,
    major: String(major(text)),
    minor: String(minor(text)),
    patch: String(patch(text))
  };
}
function withAffixes(value, { rule, flavor, context }) {
  const fill = (text) => fillIn(text, globalExpressions(context), rule.line);
  const { prefix = flavor.prefix, suffix = flavor.suffix } = rule.attributes;
  return `${fill(prefix)}${value}${fill(suffix)}`;
}
function latestOf({ prefix, prefixLatest, suffix, suffixLatest }) {
  return `${prefixLatest ? prefix : ""}latest${suffixLatest ? suffix : ""}`;
}
function toTag(text) {
  return text.replaceAll(/[^a-zA-Z0-9._-]+/g, "-").replace(/^[.-]+/, "").slice(0, longestTag);
}
function withoutRepeats2(names) {
  const seen = /* @__PURE__ */ new Set();
  return names.filter((name) => seen.size !== seen.add(name.toLowerCase()).size);
}

// src/metadata/derive-labels.ts
function deriveLabels(context, given) {
  return ociLabels({
    title: context.repositoryName,
    description: context.description,
    url: context.repositoryUrl,
    source: context.repositoryUrl,
    version: given.version,
    created: given.created,
    revision: given.revision === "merge" ? context.sha ?? context.revision : context.revision,
    // GitHub's word for a license that it does not recognise.
    licenses: context.license === "NOASSERTION" ? void 0 : context.license
  });
}
function packageLabels({ description, license, homepage, version }) {
  return ociLabels({ description, url: homepage, version, licenses: license });
}
function baseLabels(base) {
  return ociLabels({ "base.name": base?.name, "base.digest": base?.digest });
}
function ociLabels(known) {
  const entries = Object.entries(known).filter(([, value]) => (value ?? "") !== "");
  return Object.fromEntries(entries.map(([name, value]) => [`org.opencontainers.image.${name}`, String(value)]));
}

// src/metadata/compute-metadata.ts
function computeMetadata(request, context) {
  const { tagging, given, labels, annotations } = request;
  const { references, names, notes, version } = resolveTags(tagging, given, context);
  const expressions = tagging.rules === void 0 ? void 0 : globalExpressions(context);
  const derived = deriveLabels(context, { ...request, version });
  const fill = (text, line) => expressions === void 0 ? text : fillIn(text, expressions, line);
  const set = Object.entries(labels.set).map(([key, value]) => {
    const line = `${key}=${value}`;
    return [fill(key, line), fill(value, line)];
  });
  const kept = Object.entries({ ...derived, ...given.labels, ...Object.fromEntries(set) }).filter(
    ([key]) => !labels.deleted.has(key)
  );
  const own = annotations.map((item) => {
    const line = `${item.key}=${item.value}`;
    return { ...item, key: fill(item.key, line), value: fill(item.value, line) };
  });
  const { annotationLevels = ["manifest"] } = context;
  return {
    version,
    tagNames: names,
    references,
    labels: Object.fromEntries(kept),
    deleted: labels.deleted,
    annotations: placeAnnotations([...given.annotations, ...own], annotationLevels),
    annotationLevels,
    created: request.created,
    notes
  };
}
var versionKey = "org.opencontainers.image.version";
function resolveTags({ references, rules }, given, context) {
  const computed = rules === void 0 ? void 0 : computeTags(rules.rules, rules.flavor, context);
  const names = computed?.names ?? [];
  const tagged = (rules?.images ?? []).flatMap((image) => names.map((name) => parseReference(`${image}:${name}`)));
  const asked = withoutRepeats([...tagged, ...references]);
  const bare = asked.length > 0 ? [] : given.tags.filter((tag) => !tag.includes(":"));
  const whole = given.tags.filter((tag) => !bare.includes(tag));
  const all = asked.length > 0 ? asked : withoutRepeats(whole.map(parseReference));
  const first = all[0]?.tag === "latest" ? void 0 : all[0]?.tag;
  return {
    references: all,
    names: [.../* @__PURE__ */ new Set([...names, ...all.map(({ tag }) => tag)])],
    notes: [
      ...computed?.notes ?? [],
      ...bare.map(
        (tag) => `No tag from "${tag}" of docker/metadata-action: it names no image. Give images to that step.`
      )
    ],
    version: computed?.version ?? given.labels[versionKey] ?? context.gitTag ?? first
  };
}
function referencesOf({ references }) {
  return references.map(formatReference);
}

// src/lib/gzip.ts
import { crc32 } from "node:zlib";

// src/lib/deflate.ts
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

// src/lib/gzip.ts
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

// src/lib/zstd.ts
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
  none: { level: 0, lowest: 0, highest: 0, revision: "" }
};
var defaultCompression = { method: "gzip", level: methods.gzip.level };
function parseCompression(method, level) {
  if (method === "" && level === "") return void 0;
  const known = method === "" ? "gzip" : method;
  if (known !== "gzip" && known !== "zstd" && known !== "none") {
    throw new Failure(`Cannot use compression: "${method}". Give gzip, zstd or none.`);
  }
  const { lowest, highest, level: usual } = methods[known];
  const number = level === "" ? usual : /^\d+$/.test(level) ? Number(level) : Number.NaN;
  if (Number.isInteger(number) && number >= lowest && number <= highest) return { method: known, level: number };
  const range = known === "none" ? "none has no level" : `${known} has levels ${lowest} to ${highest}`;
  throw new Failure(`Cannot use compression-level: "${level}"; ${range}.`);
}
function nameOf({ method, level }) {
  return method === "none" ? "none" : `${method}-${level}-${methods[method].revision}`;
}
function compress(tar, { method, level }) {
  if (method === "gzip") return gzip(tar, level);
  if (method === "zstd") return zstd(tar, level);
  return tar;
}
function encodingOf({ method }) {
  return method === "none" ? "tar" : method;
}

// src/inputs/is-path.ts
function isPath(text) {
  return /^\.{0,2}\//.test(text);
}

export {
  parseLabels,
  parseAnnotations,
  annotationName,
  annotationsOf,
  withoutKeys,
  parseReference,
  parseImageName,
  isRegistryHost,
  formatRepository,
  formatReference,
  parseTagging,
  parseTags,
  noMetadata,
  parseMetadataJson,
  metadataOfEnvironment,
  joinMetadata,
  isPlatform,
  parsePlatform,
  defaultCompression,
  parseCompression,
  nameOf,
  compress,
  encodingOf,
  isPath,
  toTag,
  packageLabels,
  baseLabels,
  computeMetadata,
  referencesOf
};
