import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  formatReference,
  formatRepository,
  isRegistryHost,
  parseImageName,
  parseReference,
  parseRepository
} from "./chunk-RYZTQ7VR.mjs";
import {
  isCertificatePackage,
  isForeign,
  isNamedSecret,
  isTlsPackage,
  parseCompression,
  programOf,
  reuseBuffer,
  secretIn,
  startSize,
  storePathIn,
  toolInStorePath
} from "./chunk-REXRYIA7.mjs";
import {
  BlockList,
  inputNames,
  inputTable,
  isIP,
  modes,
  parseCreated,
  sbomFormats,
  takesInput,
  withoutLogins
} from "./chunk-PG3CCCZV.mjs";
import {
  oneLine
} from "./chunk-KE3VB7AW.mjs";
import {
  findProgram,
  runProgram
} from "./chunk-MEXKEPMQ.mjs";
import {
  indexTypes,
  manifestTypes,
  mediaTypes,
  storeDirectory,
  storeHash,
  storePathName
} from "./chunk-G5OCPV4E.mjs";
import {
  objectIn,
  parseJson
} from "./chunk-LI5CVXRG.mjs";
import {
  isObject
} from "./chunk-MLJXCXOP.mjs";
import {
  digestOf,
  hexOf,
  isDigest
} from "./chunk-LZSYUQMR.mjs";
import {
  Failure,
  codeOf,
  hasCode,
  messageOf,
  sentence
} from "./chunk-WFDJKZW3.mjs";

// src/inputs/is-path.ts
function isPath(text) {
  return /^\.{0,2}\//.test(text);
}

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

// src/oci/platform.ts
var platformPattern = /^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+(\.[a-z0-9]+)*)?$/;
function isPlatform(text) {
  return platformPattern.test(normalizePlatform(text));
}
function parsePlatform(text, description) {
  const [os = "", architecture = "", variant] = text.split("/");
  if (platformPattern.test(text)) return { architecture, os, ...variant === void 0 ? {} : { variant } };
  throw new Failure(
    `Cannot read ${description}: "${text}" is not a platform. It is OS/ARCHITECTURE, as in linux/amd64.`
  );
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
    const repository = formatRepository(parseRepository(name));
    if (!names.has(repository)) names.set(repository, name);
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
  const rules2 = (lines.length === 0 ? defaultRules.split("\n") : lines).map(parseTagRule);
  return rules2.toSorted((a, b) => b.priority - a.priority);
}
function parseTagRule(line) {
  const fields = fieldsOf(line).map(([key, value]) => value === void 0 ? ["value", key] : [key, value]);
  const specified = Object.fromEntries(fields);
  if (Object.keys(specified).length < fields.length) {
    throw ruleFailure(line, 'it has an attribute twice. Quote an attribute with a comma in its value: "value=a,b".');
  }
  const { type = "raw", ...attributes } = specified;
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
function withDefaults(specified, { attributes }, line) {
  const filled = { enable: "true" };
  for (const [name, value] of Object.entries({ ...attributes, ...specified })) {
    if (value === null) throw ruleFailure(line, `its ${name}= is missing.`);
    filled[name] = value;
  }
  return specified.event === "pr" ? { prefix: "pr-", ...filled } : filled;
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
function parseTagging(inputs) {
  if (inputs.images.trim() === "") {
    const rule = ruleLines(inputs.tags).find((line) => /(^|,)"?type=/.test(line));
    if (rule !== void 0) {
      throw new Failure(
        `Cannot use the tags line "${rule}": a rule needs the input images. Set it, for example to ghcr.io/acme/app.`
      );
    }
    if (inputs.flavor.trim() !== "")
      throw new Failure("Cannot use flavor without images: it applies only to rules in tags.");
    return { references: parseTags(inputs.tags) };
  }
  const lines = ruleLines(inputs.tags);
  const rules2 = lines.filter((line) => !isReference(line));
  return {
    references: parseTags(lines.filter(isReference).join("\n")),
    rules: {
      images: parseImageNames(inputs.images),
      rules: lines.length > 0 && rules2.length === 0 ? [] : parseTagRules(rules2.join("\n")),
      flavor: parseFlavor(inputs.flavor)
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

// src/inputs/check-inputs.ts
function checkTogether(inputs) {
  const { builds, tagging, metadata, push, load, buildArgs, impure } = inputs;
  const mayHaveTags = tagging.references.length > 0 || tagging.rules !== void 0 || metadata !== void 0;
  for (const [name, wanted] of Object.entries({ push, load })) {
    if (wanted && !mayHaveTags)
      throw new Failure(`Cannot ${name}: tags is empty. Give at least one reference in tags.`);
  }
  if (builds.some(({ source }) => source.kind === "path") && (buildArgs.length > 0 || impure)) {
    throw new Failure("Cannot use build-args or impure together with path: nothing is built. Remove one of them.");
  }
  if (builds.length > 1 && (load || inputs.output?.kind === "docker-archive")) {
    throw new Failure(
      `Cannot ${load ? "load" : "write a docker-archive of"} an image for ${builds.length} platforms: only one is possible. Keep one line in installable.`
    );
  }
  if (inputs.cache.binaryCache !== void 0 && inputs.cache.maxSize !== void 0) {
    throw new Failure(
      "Cannot use cache-max-size with a binary cache in cache-to: such a cache has no entries to limit. Remove one of them."
    );
  }
  if (inputs.cache.keep !== void 0 && inputs.cache.registry === void 0) {
    throw new Failure(
      "Cannot use cache-keep: it deletes entries of a registry, and cache-to names none. Give oci://HOST/PATH in cache-to."
    );
  }
  checkSbom(inputs);
  if (inputs.attest.provenance && inputs.attest.signer === void 0) {
    throw new Failure("Cannot attach provenance that nobody signs: set sign: keyless, or give a signing-key.");
  }
  if (inputs.attest.toGitHub && inputs.attest.signer?.kind !== "keyless") {
    throw new Failure("Cannot use attest-to-github: GitHub's API takes what a workflow signs. Set sign: keyless.");
  }
  if (inputs.mode === "index" && inputs.sources.length === 0)
    throw new Failure("Cannot make an index: sources is empty. List the images that the platform jobs pushed.");
  if (inputs.mode === "promote" && inputs.from === void 0)
    throw new Failure("Cannot promote: from is empty. Give the reference of an image, or the path of an OCI layout.");
  if (inputs.mode === "push-layout" && builds[0]?.source.kind !== "path")
    throw new Failure("Cannot push a layout: path is empty. Give the directory or tar archive that it is in.");
  if (inputs.pushByDigest && inputs.ifExists !== "overwrite")
    throw new Failure("Cannot use if-exists with push-by-digest: no tag is moved. Remove one of them.");
}
function checkSbom({ sbom: { formats, file }, builds }) {
  if (file === void 0) return;
  if (formats.length === 0) {
    throw new Failure("Cannot write sbom-file: sbom names no format. Give cyclonedx, spdx or both in sbom.");
  }
  for (const [word, count] of Object.entries({ format: formats.length, platform: builds.length })) {
    if (count < 2 || file.includes(`{{${word}}}`)) continue;
    throw new Failure(
      `Cannot write ${count} documents to sbom-file ${file}. Write {{${word}}} where their names differ.`
    );
  }
}
function rejectForeignInputs(mode, names) {
  const foreign = names.filter((name) => !takesInput(mode, name));
  const [first] = foreign;
  if (first === void 0) return;
  if (takesInput("build", first)) {
    const names2 = foreign.filter((name) => takesInput("build", name)).join(", ");
    throw new Failure(`Cannot use ${names2} in the ${mode} action: only the build action accepts this. Remove it.`);
  }
  const taking = modes.filter((one) => takesInput(one, first)).join(" or ");
  throw new Failure(`Cannot use ${first} in the ${mode} action: only ${taking} accepts this. Remove it.`);
}
function rejectTags(text) {
  const tagged = text.split(/[\r\n,]+/).find((item) => /^[^=]*:[^/=]*$/.test(item.trim()));
  if (tagged === void 0) return;
  throw new Failure(
    `Cannot push ${tagged.trim()} by digest: it has a tag. With push-by-digest, tags names the repository alone, as in ghcr.io/acme/app.`
  );
}
function checkApart(images) {
  const targets = images.flatMap(({ output, pushByDigest, tagging, sbom }) => [
    ...sbom.file === void 0 ? [] : [sbom.file],
    ...output === void 0 ? [] : [`${output.kind}:${output.path}`],
    ...pushByDigest ? [] : tagging.references.map(formatReference),
    ...pushByDigest ? [] : tagging.rules?.images ?? []
  ]);
  const twice = targets.find((target, i) => targets.indexOf(target) !== i);
  if (twice === void 0) return;
  throw new Failure(
    `Cannot build several images: more than one of them would use ${twice}. Write {{name}} where their names differ.`
  );
}

// src/check/image-files.ts
import { posix } from "node:path";

// src/check/local-store.ts
import { closeSync, lstatSync, openSync, readlinkSync, readSync } from "node:fs";
function findInStore(path) {
  try {
    return readEntry(path);
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return isThere(storePathIn(path)) ? "absent" : void 0;
    return void 0;
  }
}
function isThere(path) {
  return path !== void 0 && lstatSync(path, { throwIfNoEntry: false }) !== void 0;
}
function readEntry(path) {
  const stats = lstatSync(path);
  const common2 = { mode: stats.mode & 4095, uid: 0, size: stats.isFile() ? stats.size : 0 };
  if (stats.isSymbolicLink()) return { type: "symlink", ...common2, target: readlinkSync(path) };
  if (stats.isDirectory()) return { type: "directory", ...common2 };
  if (!stats.isFile()) return { type: "other", ...common2 };
  const program = (stats.mode & 73) === 0 ? void 0 : programOf(readStart(path));
  return { type: "file", ...common2, ...program === void 0 ? {} : { program } };
}
function readStart(path) {
  const file = openSync(path, "r");
  try {
    const start = Buffer.alloc(startSize);
    return start.subarray(0, readSync(file, start, 0, startSize, 0));
  } finally {
    closeSync(file);
  }
}

// src/check/image-files.ts
var mostLinks = 40;
var directory = { type: "directory", mode: 493, uid: 0, size: 0 };
function openImageFiles(layers, volumes) {
  const topDown = layers.toReversed().map(({ files, storePaths }) => ({ files, storePaths: new Set(storePaths) }));
  const areKnown = layers.map(({ files, storePaths }) => files !== void 0 || storePaths !== void 0).toReversed();
  const findEntry = (path) => {
    if (path === "/") return directory;
    const storePath = storePathIn(path);
    let hasStorePath = false;
    for (const [i, { files, storePaths }] of topDown.entries()) {
      if (files === void 0 && areKnown[i] === false) return "unknown";
      if (files === void 0) {
        if (path === "/nix" || path === storeDirectory) return directory;
        if (storePath !== void 0 && storePaths.has(storePath)) return findInStore(path) ?? "unknown";
        continue;
      }
      const entry = files.entries.get(path);
      if (entry !== void 0) return entry;
      if (storePath !== void 0 && files.entries.has(storePath)) hasStorePath = true;
      if (!files.isComplete) return "unknown";
      if (hides(files, path)) break;
    }
    return hasStorePath ? "plain" : "absent";
  };
  const isInVolume = (path) => volumes.some((volume) => path === volume || path.startsWith(`${volume}/`));
  return {
    find(path) {
      const found = followLinks(posix.resolve("/", path), findEntry);
      return found.entry === "absent" && isInVolume(found.path) ? "unknown" : found.entry;
    },
    isVisible: (path, layer) => {
      const at = topDown.findIndex(({ files }) => files === layer);
      const above = topDown.slice(0, at).flatMap(({ files }) => files ?? []);
      return !above.some((files) => files.entries.has(path) || hides(files, path));
    }
  };
}
function hides({ removed, opaque }, path) {
  if (removed.size === 0 && opaque.size === 0) return false;
  if (removed.has(path)) return true;
  for (let at = posix.dirname(path); ; at = posix.dirname(at)) {
    if (removed.has(at) || opaque.has(at)) return true;
    if (at === "/") return false;
  }
}
function followLinks(path, findEntry) {
  let rest = path.split("/").filter(Boolean);
  let at = "/";
  let entry = directory;
  let links = 0;
  while (rest.length > 0) {
    const [name = "", ...others] = rest;
    at = posix.join(at, name);
    rest = others;
    entry = findEntry(at);
    if (typeof entry === "string") {
      if (entry === "unknown") return { entry, path: posix.join(at, ...rest) };
      continue;
    }
    if (entry.type === "symlink") {
      links += 1;
      if (links > mostLinks) return { entry: "absent", path: at };
      rest = [...(entry.target ?? "").split("/").filter((part) => part !== "" && part !== "."), ...rest];
      at = entry.target?.startsWith("/") ? "/" : posix.dirname(at);
    } else if (entry.type !== "directory" && rest.length > 0) {
      return { entry: "absent", path: posix.join(at, ...rest) };
    }
  }
  return { entry, path: at };
}

// src/check/checked-image.ts
function checkedImage({ config, layers, repositoryUrl }) {
  const { json } = config;
  const container = isObject(json.config) ? json.config : {};
  const volumes = Object.keys(objectAt(container, "Volumes"));
  return {
    json,
    container,
    env: new Map(textsAt(container, "Env").map(splitVariable)),
    labels: new Map(Object.entries(objectAt(container, "Labels")).map(([key, value]) => [key, String(value)])),
    layers,
    files: openImageFiles(layers, volumes),
    repositoryUrl
  };
}
function textAt(json, field) {
  const value = json[field];
  return typeof value === "string" ? value : "";
}
function textsAt(json, field) {
  const value = json[field];
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
function objectAt(json, field) {
  const value = json[field];
  return isObject(value) ? value : {};
}
function splitVariable(text) {
  const equals = text.indexOf("=");
  return equals < 0 ? [text, ""] : [text.slice(0, equals), text.slice(equals + 1)];
}

// src/check/config-rules.ts
var mostLayers = 125;
function findTooManyLayers({ layers }) {
  return layers.length > mostLayers ? [`the image has ${layers.length} layers`] : [];
}
function findOldCreated({ json }) {
  const { created } = json;
  return typeof created === "string" && created.startsWith("1970-01-01T") ? [`created is ${created}`] : [];
}
function findForeignSource({ labels, repositoryUrl }) {
  const key = "org.opencontainers.image.source";
  const source = labels.get(key);
  if (source === void 0 || repositoryUrl === void 0) return [];
  return normalizeUrl(source) === normalizeUrl(repositoryUrl) ? [] : [`${key} is ${source}, not ${repositoryUrl}`];
}
function normalizeUrl(url) {
  const parts = url.toLowerCase().split("/").filter(Boolean);
  return parts.join("/").replace(/\.git$/, "");
}
function findSecretsInConfig({ env, labels, container }) {
  const named2 = (what, entries) => [...entries].flatMap(([name, value]) => {
    const kind = secretIn(value) ?? (isNamedSecret(name, value) ? "value with the name of a secret" : void 0);
    return kind === void 0 ? [] : [`${what} ${secretIn(name) === void 0 ? name : "\u2026"} (${kind})`];
  });
  const inArguments = ["Entrypoint", "Cmd"].flatMap((field) => {
    const kind = secretIn(textsAt(container, field).join("\n"));
    return kind === void 0 ? [] : [`${field} (${kind})`];
  });
  return [...named2("variable", env), ...named2("label", labels), ...inArguments];
}

// src/check/efficiency.ts
var lowestScore = 0.9;
function efficiencyOf(layers) {
  const copies = /* @__PURE__ */ new Map();
  for (const { files } of layers) {
    if (files?.isComplete !== true) return void 0;
    removeHidden(copies, files);
    for (const [path, size] of sizesOf(files)) addCopy(copies, path, size);
  }
  const all = [...copies];
  const total = all.reduce((sum, [, copy]) => sum + copy.sum, 0);
  const useful = all.reduce((sum, [, copy]) => sum + copy.smallest, 0);
  const wasted = all.flatMap(([path, { sum, smallest }]) => sum > smallest ? [[path, sum - smallest]] : []);
  return { score: total === 0 ? 1 : useful / total, wasted: new Map(wasted.toSorted(([, a], [, b]) => b - a)) };
}
function findDuplicates({ layers }) {
  const efficiency = efficiencyOf(layers);
  if (efficiency === void 0 || efficiency.score >= lowestScore) return [];
  const { score, wasted } = efficiency;
  return [
    `the efficiency is ${(score * 100).toFixed(1)} %`,
    ...[...wasted].map(([path, size]) => `${path} (${size} bytes)`)
  ];
}
function* sizesOf({ entries, storeSizes }) {
  yield* storeSizes;
  for (const [path, { type, size }] of entries) {
    if (type === "file" && storePathIn(path) === void 0) yield [path, size];
  }
}
function addCopy(copies, path, size) {
  const before = copies.get(path);
  copies.set(path, {
    smallest: Math.min(before?.smallest ?? size, size),
    sum: (before?.sum ?? 0) + size
  });
}
function removeHidden(copies, files) {
  if (files.removed.size + files.opaque.size === 0) return;
  for (const [path, copy] of copies) if (hides(files, path)) copy.smallest = 0;
}

// src/check/file-rules.ts
var storePathPattern = new RegExp(`${storeDirectory}/${storeHash}-[\\w+.?=-]+`, "g");
function findMissingStorePaths({ container, files }) {
  const { Labels: _, ...started } = container;
  const named2 = new Set(JSON.stringify(started).match(storePathPattern) ?? []);
  return [...named2].filter((path) => files.find(path) === "absent").map((path) => `${path} is not in the image`);
}
var usualCertificates = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/ssl/certs/ca-bundle.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem"
];
function findMissingCertificates({ layers, env, files }) {
  const named2 = env.get("SSL_CERT_FILE");
  if (named2 !== void 0) {
    return files.find(named2) === "absent" ? [`SSL_CERT_FILE is ${named2}, which is not in the image`] : [];
  }
  const library = layers.map(({ files: files2, storePaths = [] }) => files2?.tlsLibrary ?? storePaths.find(isTlsPackage)).find((path) => path !== void 0);
  const isNamed2 = env.has("NIX_SSL_CERT_FILE") || env.has("SSL_CERT_DIR");
  if (library === void 0 || isNamed2 || usualCertificates.some((path) => files.find(path) !== "absent")) return [];
  const certificates = layers.map(({ files: files2, storePaths = [] }) => files2?.certificates ?? storePaths.find(isCertificatePackage)).find((path) => path !== void 0);
  return certificates === void 0 ? [`the image has ${library}, but no CA certificates`] : [`the image has CA certificates in ${certificates}, but SSL_CERT_FILE does not name them`];
}
function findUnknownUser({ container, files }) {
  const [user = "", group = ""] = textAt(container, "User").split(":");
  const find = (what, name, path) => {
    if (/^\d*$/.test(name)) return [];
    const found = files.find(path);
    if (found === "absent") return [`the ${what} ${name} is a name, and the image has no ${path}`];
    const text = typeof found === "string" ? void 0 : found.text;
    const isListed = text === void 0 || text.split("\n").some((line) => line.startsWith(`${name}:`));
    return isListed ? [] : [`the ${what} ${name} is not in ${path}`];
  };
  return [...find("user", user, "/etc/passwd"), ...find("group", group, "/etc/group")];
}
function findMissingTmp({ container, files }) {
  const found = files.find("/tmp");
  if (found === "unknown") return [];
  if (found === "absent") return ["the image has no /tmp"];
  if (typeof found === "string" || found.type !== "directory") return ["/tmp is not a directory"];
  const [user = ""] = textAt(container, "User").split(":");
  const isOwner = user === "" || user === "root" || Number(user) === 0 || Number(user) === found.uid;
  if (isOwner || (found.mode & 2) !== 0) return [];
  return [`/tmp has mode ${octal(found)}, so the user ${user} cannot write to it`];
}
function findMissingWorkingDir({ container, files }) {
  const path = textAt(container, "WorkingDir");
  if (path === "") return [];
  const found = files.find(path);
  if (found === "unknown" || typeof found !== "string" && found.type === "directory") return [];
  return [`WorkingDir ${path} is ${found === "absent" ? "not in the image" : "not a directory"}`];
}
function findSetuid(image) {
  return visibleFiles(image, ({ type, mode }) => type === "file" && (mode & 3072) !== 0);
}
function findWorldWritable(image) {
  return visibleFiles(
    image,
    ({ type, mode }) => (mode & 2) !== 0 && (type === "file" || type === "directory" && (mode & 512) === 0)
  );
}
function visibleFiles({ layers, files }, isMeant) {
  const found = [];
  for (const { files: layer } of layers) {
    for (const [path, entry] of layer?.entries ?? []) {
      if (layer !== void 0 && isMeant(entry) && files.isVisible(path, layer)) {
        found.push(`${path} (mode ${octal(entry)})`);
      }
    }
  }
  return found;
}
function findSecretFiles({ layers }) {
  return layers.flatMap(({ files }) => [...files?.secrets ?? []].map(([path, kind]) => `${path} (${kind})`));
}
function findBuildTools({ layers }) {
  const found = /* @__PURE__ */ new Map();
  for (const { files, storePaths } of layers) {
    for (const [path, kind] of files?.buildTools ?? []) found.set(path, kind);
    for (const path of storePaths ?? files?.storeSizes.keys() ?? []) {
      const kind = toolInStorePath(path);
      if (kind !== void 0 && !found.has(path)) found.set(path, kind);
    }
  }
  return [...found].map(([path, kind]) => `${storePathName(path)} (${kind})`);
}
function octal({ mode }) {
  return mode.toString(8).padStart(4, "0");
}

// src/check/program-rules.ts
import { posix as posix2 } from "node:path";
var defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
var mostPrograms = 10;
function findMissingCommand(image) {
  const fault = commandOf(image)?.fault;
  return fault === void 0 ? [] : [fault];
}
function findMissingInterpreter(image) {
  const [, ...interpreters] = startedPrograms(image);
  return interpreters.flatMap(({ fault }) => fault ?? []);
}
function findForeignPrograms(image) {
  const architecture = textAt(image.json, "architecture");
  return startedPrograms(image).flatMap(
    ({ path, entry }) => entry?.program !== void 0 && isForeign(entry.program, architecture) ? [`${path} is for another architecture than ${architecture}`] : []
  );
}
function startedPrograms(image) {
  const command = commandOf(image);
  const programs = command === void 0 ? [] : [command];
  for (const program of programs) {
    if (programs.length < mostPrograms) programs.push(...interpretersOf(program, image));
  }
  return programs;
}
function interpretersOf({ path, entry }, image) {
  const { interpreter, argument = "", machine: machine2 } = entry?.program ?? {};
  if (interpreter === void 0) return [];
  const found = locate(interpreter, image);
  const of = (located) => located.fault === void 0 ? located : { ...located, fault: `${located.fault}, and ${path} needs it` };
  const isEnv = machine2 === void 0 && posix2.basename(interpreter) === "env";
  const started = isEnv ? argument.split(/\s+/).find((word) => word !== "" && !/^-|=/.test(word)) : void 0;
  return [of(found), ...started === void 0 ? [] : [of(locate(started, image))]];
}
function commandOf(image) {
  const [name] = [...textsAt(image.container, "Entrypoint"), ...textsAt(image.container, "Cmd")];
  return name === void 0 ? void 0 : locate(name, image);
}
function locate(name, { files, env, container }) {
  const search = env.get("PATH") ?? defaultPath;
  const isSearched = !name.includes("/");
  const directories = isSearched ? search.split(":").filter(Boolean) : [textAt(container, "WorkingDir")];
  const candidates = directories.map((directory2) => posix2.resolve("/", directory2, name));
  const found = candidates.map((path) => ({ path, entry: files.find(path) }));
  for (const { path, entry } of found) {
    if (isExecutable(entry)) return { path, entry };
  }
  if (found.some(({ entry }) => entry === "unknown")) return { path: name };
  const [first] = found;
  if (isSearched) return { path: name, fault: `${name} is in no directory of PATH (${search})` };
  return { path: name, fault: `${name} ${faultOf(first?.entry ?? "absent")}` };
}
function isExecutable(entry) {
  return typeof entry !== "string" && entry.type === "file" && (entry.mode & 73) !== 0;
}
function faultOf(entry) {
  if (entry === "absent") return "is not in the image";
  if (typeof entry === "string" || entry.type !== "file") return "is not an executable file of the image";
  return `is not executable (mode ${entry.mode.toString(8).padStart(4, "0")})`;
}

// src/check/rules.ts
var rules = {
  "missing-command": {
    reason: "The container cannot start.",
    cure: "Correct `Entrypoint` or `Cmd`, or add the package of the program to the image.",
    find: findMissingCommand
  },
  "missing-interpreter": {
    reason: 'The container cannot start: engines report "no such file or directory" although the program is there.',
    cure: "Add the loader or interpreter to the image, or let Nix patch the program (`autoPatchelfHook`, `patchShebangs`).",
    find: findMissingInterpreter
  },
  "wrong-architecture": {
    reason: 'The container cannot start: engines report "exec format error".',
    cure: "Build the image for its platform, or correct `architecture`.",
    find: findForeignPrograms
  },
  "missing-store-path": {
    reason: "What the config names is not there when the container runs.",
    cure: "Add the path to the contents of the image. If the store of the host is mounted, declare the volume `/nix/store`.",
    find: findMissingStorePaths
  },
  "no-ca-certificates": {
    reason: "Programs cannot verify servers: HTTPS requests fail.",
    cure: "Add the package `cacert`, and set `SSL_CERT_FILE` to its `etc/ssl/certs/ca-bundle.crt`.",
    find: findMissingCertificates
  },
  "unknown-user": {
    reason: "The container cannot start: engines look names up in the image.",
    cure: "Use numbers (`1000:1000`), or add `/etc/passwd` and `/etc/group` (`dockerTools.fakeNss`).",
    find: findUnknownUser
  },
  "no-tmp": {
    reason: "Programs that write temporary files fail.",
    cure: 'Add `/tmp` with mode 1777 (`extraCommands = "mkdir -m 1777 tmp"`), or declare a volume there.',
    find: findMissingTmp
  },
  "missing-working-dir": {
    reason: "Engines create the directory for root, so that other users cannot write there.",
    cure: "Add the directory to the image, or correct `WorkingDir`.",
    find: findMissingWorkingDir
  },
  "setuid-file": {
    reason: "Whoever runs the file gets the rights of its owner or group.",
    cure: "Remove the bits, or the file.",
    find: findSetuid
  },
  "world-writable": {
    reason: "Every user of the container can change what others run or read.",
    cure: "Remove the permission, or set the sticky bit of the directory (mode 1777).",
    find: findWorldWritable
  },
  "secret-in-layer": {
    reason: "Whoever can pull the image can read the file, even if a layer above removes it.",
    cure: "Revoke the secret, remove the file, and give secrets to the container when it starts.",
    find: findSecretFiles
  },
  "secret-in-config": {
    reason: "Whoever can pull the image can read its config.",
    cure: "Revoke the secret, and give it to the container when it starts.",
    isEarly: true,
    find: findSecretsInConfig
  },
  "build-tools": {
    reason: "Compilers and headers make the image large, and help whoever breaks into the container.",
    cure: "Find what refers to them with `nix why-depends`, and cut the reference (`removeReferencesTo`, a separate output).",
    find: findBuildTools
  },
  "duplicate-files": {
    reason: "Files that a layer above replaces or removes are pulled in vain.",
    cure: "Leave each file to one layer, and remove files in the layer that has them.",
    find: findDuplicates
  },
  "too-many-layers": {
    reason: 'Docker supports at most 125 layers and fails with "max depth exceeded".',
    cure: "Build the image with fewer (`maxLayers`), or set `max-layers`.",
    isEarly: true,
    find: findTooManyLayers
  },
  "created-1970": {
    reason: "Tools show an image that is decades old, and clean-up by age deletes it first.",
    cure: "Leave `created` at its default, the time of the commit.",
    isEarly: true,
    find: findOldCreated
  },
  "foreign-source": {
    reason: "GitHub links the package to the repository that the label names, and scanners look there.",
    cure: "Correct the label, or delete it with `!org.opencontainers.image.source` in `labels`.",
    isEarly: true,
    find: findForeignSource
  }
};
var ruleIds = Object.keys(rules);

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
  const named2 = paths.map((path) => ({ path, name: sortName(path) }));
  named2.sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  return named2.map(({ path }) => path);
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
  orderForDocker(groups);
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
      mergeCosts: []
    };
    return { group, name: byName.get(path) ?? 0 };
  });
  groups.sort((a, b) => a.group.roots - b.group.roots || a.group.causeCount - b.group.causeCount || a.name - b.name);
  return groups.map(({ group }) => group);
}
function collectCauses(nodes) {
  const indexes = new Map(nodes.map((node, i) => [node, i]));
  const words = Math.ceil(nodes.length / 32);
  const all = new Int32Array(nodes.length * words);
  const causes = nodes.map((_, i) => all.subarray(i * words, (i + 1) * words));
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
  const { reach: reach2, most, threshold, count } = options;
  const costs = new Float64Array(groups.length);
  const steps = new Uint8Array(groups.length);
  const update = (i) => {
    const step = cheapestStep(groups, i, options);
    costs[i] = groups[i]?.mergeCosts[step - 1] ?? noMerge;
    steps[i] = step;
  };
  for (let i = 0; i < groups.length; i++) update(i);
  while (groups.length > 1) {
    const i = indexOfLeast(costs, groups.length);
    const cost = costs[i] ?? noMerge;
    if (cost === noMerge || groups.length <= most && cost >= threshold) return;
    const partner = i + (steps[i] ?? 0);
    const merged = mergeGroups(groups[i], groups[partner]);
    groups[i] = merged;
    groups.splice(partner, 1);
    for (const list of [costs, steps]) list.copyWithin(partner, partner + 1);
    for (let j = Math.max(0, i - reach2); j < Math.min(partner, groups.length); j++) {
      const group = groups[j];
      group.mergeCosts.splice(partner - j - 1, 1);
      if (i - j <= group.mergeCosts.length && j < i) group.mergeCosts[i - j - 1] = mergeCost(group, merged, count);
      update(j);
    }
  }
}
var noMerge = Number.POSITIVE_INFINITY;
function indexOfLeast(numbers, length) {
  let least = 0;
  for (let i = 1; i < length; i++) if (numbers[i] < numbers[least]) least = i;
  return least;
}
function cheapestStep(groups, i, { reach: reach2, count }) {
  const group = groups[i];
  const { mergeCosts } = group;
  while (mergeCosts.length < reach2) {
    const other = groups[i + mergeCosts.length + 1];
    if (other === void 0 || group.roots > 0 !== other.roots > 0) break;
    mergeCosts.push(mergeCost(group, other, count));
  }
  let step = 0;
  let least = noMerge;
  for (let at = 0; at < mergeCosts.length; at++) {
    const cost = mergeCosts[at];
    if (cost >= least) continue;
    least = cost;
    step = at + 1;
  }
  return step;
}
function mergeCost(a, b, count) {
  const union = countUnion(a.causes, b.causes);
  return a.size * (union - a.causeCount + b.roots * count) + b.size * (union - b.causeCount + a.roots * count);
}
function orderForDocker(groups) {
  for (let next = 1; next < groups.length; next++) {
    for (let i = next; i > 0; i--) {
      const [lower, upper] = [groups[i - 1], groups[i]];
      if (upper.roots > 0 || !isBetterBelow(upper, lower)) break;
      [groups[i - 1], groups[i]] = [upper, lower];
    }
  }
}
function isBetterBelow(one, other) {
  const union = countUnion(one.causes, other.causes);
  return other.size * (union - other.causeCount) < one.size * (union - one.causeCount);
}
function mergeGroups(a, b) {
  addBits(a.causes, b.causes);
  return {
    paths: [...a.paths, ...b.paths],
    size: a.size + b.size,
    causes: a.causes,
    causeCount: countBits(a.causes),
    roots: a.roots + b.roots,
    mergeCosts: []
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

// src/metadata/imported-metadata.ts
var noMetadata = { tags: [], labels: {}, annotations: [] };
function parseMetadataJson(text, description) {
  const json = parseJson(text, description);
  const { tags = [], labels = {}, annotations = [] } = objectOf(targetOf(json, description), description);
  const isMap = (value) => Object.values(objectOf(value, description)).every(isString);
  if (!isStrings(tags) || !isMap(labels) || !isStrings(annotations)) {
    throw new Failure(
      `Cannot read ${description}: tags and annotations must be lists of strings, and labels a map of strings.`
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
  const variables = {
    tags: tags.map((tag) => tag.trim()).filter((tag) => tag !== ""),
    labels: parseLabels(read("LABELS")).set,
    annotations: parseAnnotations(read("ANNOTATIONS"))
  };
  return withoutUnknown(variables);
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
function targetOf(json, description) {
  const { target } = objectOf(json, description);
  if (target === void 0) return json;
  const targets = Object.values(objectOf(target, description));
  if (targets.length === 1) return targets[0];
  throw new Failure(`Cannot read ${description}: it has ${targets.length} targets; exactly one is supported.`);
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
function objectOf(value, description) {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new Failure(`Cannot read ${description}: it is neither the json of docker/metadata-action nor a bake file.`);
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
  if (trimmed.startsWith("{")) return { kind: "json", metadata: parseMetadataJson(trimmed, "the input metadata") };
  const paths = trimmed.split(/\r?\n/).map((line) => line.trim().replace(/^cwd:\/\//, ""));
  return { kind: "files", paths: paths.filter((path) => path !== "") };
}

// src/inputs/inputs.ts
var annotatePlaces = ["config", "manifest", "index"];

// src/inputs/input-values.ts
function parseBuildArgs(lines) {
  const crowded = lines.find((line) => /^--?[\w-]+\s/.test(line));
  if (crowded === void 0) return lines;
  throw new Failure(
    `Cannot use the build-args line "${crowded}": write the flag and each of its values on separate lines.`
  );
}
function parseStrict(version, isStrict) {
  if (!isStrict || version !== "") return isStrict;
  throw new Failure("Cannot use nix-version-strict: nix-version is empty. Set it to the required version.");
}
function parsePublicKeys(keys) {
  const wrong = keys.find((key) => !/^[^:]+:[A-Za-z0-9+/]{43}=$/.test(key));
  if (wrong === void 0) return keys;
  throw new Failure(
    `Cannot use trusted-public-keys: "${wrong}" is not a public key. Give NAME:BASE64, as published by the binary cache.`
  );
}
function wordsOf(line) {
  return line.split(/\s+/).filter((word) => word !== "");
}
function parseHosts(lines) {
  const hosts = lines.flatMap((line) => line.split(",").map((host) => host.trim())).filter((host) => host !== "");
  const wrong = hosts.find((host) => !isRegistryHost(host));
  if (wrong === void 0) return hosts;
  throw new Failure(
    `Cannot use insecure-registries: "${wrong}" is not a host. Give HOST or HOST:PORT, without https://.`
  );
}
function parseFlag(name, value) {
  if (/^(true|True|TRUE)$/.test(value)) return true;
  if (/^(false|False|FALSE)$/.test(value)) return false;
  throw new Failure(`Cannot use ${name}: "${value}". Give true or false.`);
}
function parseFrom(text) {
  if (text === "") return {};
  return { from: isPath(text) ? { layout: text } : parseImageName(text) };
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
function parseOneOf(name, value, known) {
  const found = known.find((item) => item === value);
  if (found !== void 0) return found;
  throw new Failure(`Cannot use ${name}: "${value}". Give ${known.slice(0, -1).join(", ")} or ${known.at(-1)}.`);
}
function parseRuleIds(words) {
  return words.map((word) => {
    const found = ruleIds.find((id) => id === word);
    if (found !== void 0) return found;
    throw new Failure(`Cannot use check-ignore: "${word}" is not a rule. The rules are ${ruleIds.join(", ")}.`);
  });
}
function parseSbom(text) {
  if (text === "") return [];
  const formats = text.split(",").map((format) => parseOneOf("sbom", format.trim(), sbomFormats));
  return [...new Set(formats)];
}
function parseAnnotate(text) {
  const levels = text.split(",").map((level) => level.trim());
  return levels.map((level) => parseOneOf("annotate", level, annotatePlaces));
}
function parseMetadata(text) {
  return text.trim() === "" ? {} : { metadata: parseMetadataSource(text) };
}
function parsePlatforms(text, mode) {
  if (text === "") return [];
  const platforms = mode === "index" || mode === "push-layout" ? text.split(",").map((one) => one.trim()) : [text];
  if (platforms.every(isPlatform)) return platforms;
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
function parseLayering(text) {
  return text === "" ? {} : { layering: parseOneOf("layering", text, layerings) };
}
function parseMaxLayers(text) {
  if (text === "") return {};
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 2 && number <= 127) return { maxLayers: number };
  throw new Failure(`Cannot use max-layers: "${text}". Give a number from 2 to 127; Docker stacks at most 125.`);
}
function parseMaxSize(text) {
  if (text === "") return {};
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?) ?([kMGT]?)B?$/.exec(text) ?? [];
  if (number !== void 0) return { maxSize: Math.floor(Number(number) * 1e3 ** " kMGT".indexOf(unit || " ")) };
  throw new Failure(`Cannot use cache-max-size: "${text}". Give bytes, or a number with kB, MB, GB or TB.`);
}
function parseLogin(username, password) {
  if (username === "" && password === "") return {};
  if (username !== "") return { login: { username, password } };
  throw new Failure("Cannot log in with password alone: give username and password.");
}
function linesOf2(text) {
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== "" && !line.startsWith("#"));
}

// src/inputs/installable-lines.ts
function installableLines(text) {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter((line) => line !== "" && !/^#(\s|$)/.test(line)).map(parseInstallable);
}
function parseInstallable(line) {
  const [, key, installable = line] = /^([A-Za-z0-9][\w./-]*)=(.+)$/.exec(line) ?? [];
  if (key === void 0) return { name: void 0, platform: void 0, installable };
  const [, name, platform] = /^(?:([a-z0-9]+(?:[._-]+[a-z0-9]+)*))??(?:(?:^|\/)(linux\/.+))?$/.exec(key) ?? [];
  if (name === void 0 && platform === void 0 || platform !== void 0 && !isPlatform(platform)) {
    throw new Failure(
      `Cannot use the installable line "${line}": "${key}" is neither a name in lower-case letters, digits, ".", "_" and "-" nor a platform such as linux/amd64.`
    );
  }
  return { name, platform, installable };
}
function imageNamesOf(lines) {
  const names = new Set(lines.map(({ name }) => name));
  const named2 = [...names].filter((name) => name !== void 0);
  if (named2.length === 0 || named2.length === names.size) return named2;
  throw new Failure("Cannot use installable: some of its lines have a name and some have none. Name all or none.");
}
function parseBuilds(installables, source) {
  const isDefault = installables.length === 1 && installables[0]?.installable === inputTable.installable.default;
  const other = parseSource(source, isDefault ? [] : ["installable"]);
  if (other !== void 0) return [{ source: other }];
  const platforms = installables.map(({ platform }) => platform && normalizePlatform(platform));
  const twice = platforms.find((platform, i) => platforms.indexOf(platform) !== i);
  if (installables.length > 1 && new Set(platforms).size < installables.length) {
    throw new Failure(
      `Cannot use installable: ${installables.length} lines are for ${twice ?? "no platform"}. Start each with a different name or platform, as in linux/arm64=.#image.`
    );
  }
  if (installables.length > 1 && platforms.includes(void 0)) {
    throw new Failure(
      "Cannot use installable: some of its lines have a platform and some have none. Give all a platform."
    );
  }
  return installables.map(({ platform, installable }) => ({
    ...platform === void 0 ? {} : { platform },
    source: { kind: "installable", installable }
  }));
}
function parseSource({ file, attr, path }, others) {
  const named2 = [...others, ...file === void 0 ? [] : ["file"], ...path === void 0 ? [] : ["path"]];
  if (named2.length > 1) {
    throw new Failure(`Cannot use ${named2.join(" and ")} together: each names the image. Keep one of them.`);
  }
  if (attr !== void 0 && file === void 0) {
    throw new Failure(`Cannot use attr "${attr}" without file: name the Nix file it is in, or use installable.`);
  }
  if (path !== void 0) return { kind: "path", path };
  if (file !== void 0) return { kind: "file", file, ...attr === void 0 ? {} : { attr } };
  return void 0;
}

// src/inputs/parse-cache-to.ts
function parseCacheTo(text, signingKey) {
  const isRegistry = text.startsWith("oci://");
  const isBinaryCache = /^(file:\/\/\/|(s3|https?):\/\/)[^\s]+$/.test(text);
  if (signingKey !== "" && !isRegistry && !isBinaryCache) {
    throw new Failure(
      "Cannot use cache-signing-key: cache-to names neither a registry nor a binary cache. Give its URL in cache-to."
    );
  }
  const key = signingKey === "" ? {} : { signingKey: parseSigningKey(signingKey) };
  if (text === "") return {};
  if (isPath(text)) return { directory: text };
  if (isBinaryCache) return { binaryCache: { url: text, ...key } };
  if (isRegistry) return { registry: { repository: parseRegistryUrl(text), ...key } };
  throw new Failure(
    `Cannot use cache-to: "${withoutLogins(text)}". Give a directory (/\u2026 or ./\u2026), a registry (oci://HOST/PATH), or a binary cache: file:///\u2026, s3://\u2026, https://\u2026.`
  );
}
function parseRegistryUrl(url) {
  if (withoutLogins(url) !== url) {
    throw new Failure(
      `Cannot use "${withoutLogins(url)}": an oci:// URL has no login. Use docker login, or username and password.`
    );
  }
  return parseRepository(url.replace(/^oci:\/\//, ""));
}
function parseSigningKey(key) {
  if (/^[^:\s]+:[A-Za-z0-9+/]{86}==$/.test(key)) return key;
  throw new Failure(
    'Cannot use cache-signing-key: it is not a secret key. Give the output of "nix key generate-secret".'
  );
}
var day = 24 * 60 * 60 * 1e3;
function parseCacheKeep(text) {
  if (text === "") return {};
  const words = text.split(/\s+/);
  const counts = words.filter((word) => /^[1-9]\d{0,5}$/.test(word));
  const ages = words.filter((word) => /^[1-9]\d{0,4}d$/.test(word));
  if (counts.length > 1 || ages.length > 1 || counts.length + ages.length !== words.length) {
    throw new Failure(
      `Cannot use cache-keep: "${text}". Give a number of entries (10), an age in days (14d), or both (10 14d).`
    );
  }
  const [count] = counts.map(Number);
  const [age] = ages.map((word) => Number(word.slice(0, -1)) * day);
  return { keep: { ...count === void 0 ? {} : { count }, ...age === void 0 ? {} : { age } } };
}

// src/inputs/parse-signer.ts
function parseSigner({ sign, pem, config }) {
  const kind = sign === "" ? void 0 : parseOneOf("sign", sign, ["keyless"]);
  if (kind !== void 0 && pem !== "") {
    throw new Failure(
      "Cannot use sign: keyless together with signing-key: an image has one signer. Remove one of them."
    );
  }
  if (config !== "" && kind === void 0) {
    throw new Failure("Cannot use signing-config: it names the services for sign: keyless. Set that, or remove it.");
  }
  if (kind !== void 0) return { signer: { kind, ...config === "" ? {} : { config } } };
  if (pem === "") return {};
  if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) return { signer: { kind: "key", pem } };
  throw new Failure(
    'Cannot use signing-key: it is not a private key in PEM. Give the content of the file, which starts with "-----BEGIN".'
  );
}

// src/inputs/parse-inputs.ts
function parseImages(read) {
  const [first, ...others] = imageNamesOf(installableLines(read("installable")));
  const of = (name) => parseInputs((input) => read(input).replaceAll("{{name}}", name), name);
  const images = first === void 0 ? [parseInputs(read)] : [of(first), ...others.map(of)];
  checkApart(images);
  return images;
}
function parseInputs(read, name) {
  const text = (name2) => {
    const row = inputTable[name2];
    return read(name2).trim() === "" ? row.default ?? "" : read(name2);
  };
  const isGiven = (name2) => {
    const row = inputTable[name2];
    return word(name2) !== (row.default ?? "");
  };
  const word = (name2) => text(name2).trim();
  const optional = (key, name2) => word(name2) === "" ? {} : { [key]: word(name2) };
  const flag = (name2) => parseFlag(name2, word(name2));
  const lines = (name2) => linesOf2(text(name2));
  const isPublic = (name2) => inputTable[name2].kind !== "secret";
  const given = inputNames.filter((name2) => isPublic(name2) && isGiven(name2));
  const inputs = {
    given: Object.fromEntries(given.map((name2) => [name2, word(name2)])),
    mode: parseOneOf("mode", word("mode"), modes),
    name,
    builds: parseBuilds(
      installableLines(text("installable")).filter((line) => line.name === name),
      { ...optional("file", "file"), ...optional("attr", "attr"), ...optional("path", "path") }
    ),
    pushByDigest: flag("push-by-digest"),
    comment: flag("comment"),
    ifExists: parseOneOf("if-exists", word("if-exists"), ["overwrite", "error", "skip"]),
    sources: text("sources").trimStart().startsWith("[") ? [text("sources").trim()] : lines("sources"),
    ...parseFrom(word("from")),
    allowLabels: word("allow-labels") === "" ? describingLabels : lines("allow-labels"),
    buildArgs: parseBuildArgs(lines("build-args")),
    impure: flag("impure"),
    native: parseOneOf("native", word("native"), ["auto", "require", "off"]),
    preferStream: flag("prefer-stream"),
    ...optional("imageName", "image-name"),
    platforms: parsePlatforms(word("platform"), word("mode")),
    ...parseConfig(word("config")),
    contents: lines("contents"),
    ...optional("user", "user"),
    ...optional("base", "base"),
    ...parseLayering(word("layering")),
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
    check: parseOneOf("check", word("check"), ["warn", "error", "off"]),
    checkIgnore: parseRuleIds(lines("check-ignore").flatMap(wordsOf)),
    preflight: flag("preflight"),
    attest: {
      ...parseSigner({ sign: word("sign"), pem: word("signing-key"), config: word("signing-config") }),
      provenance: flag("provenance"),
      allowUnattested: flag("allow-unattested"),
      toGitHub: flag("attest-to-github")
    },
    sbom: { formats: parseSbom(word("sbom")), ...optional("file", "sbom-file") },
    ...word("output") === "" ? {} : { output: parseOutput(word("output")) },
    ...parseLogin(word("username"), word("password")),
    ...optional("githubToken", "github-token"),
    insecureRegistries: parseHosts(lines("insecure-registries")),
    nix: {
      ...optional("nixVersion", "nix-version"),
      ...optional("nixUrl", "nix-url"),
      ...optional("nixSha256", "nix-sha256"),
      nixVersionStrict: parseStrict(word("nix-version"), flag("nix-version-strict")),
      substituters: lines("substituters").flatMap(wordsOf),
      trustedPublicKeys: parsePublicKeys(lines("trusted-public-keys").flatMap(wordsOf)),
      builders: lines("builders"),
      nixConf: lines("nix-conf")
    },
    rebuild: parseOneOf("rebuild", word("rebuild"), ["auto", "always"]),
    cache: {
      use: { true: "full", restore: "restore", false: "off" }[parseOneOf("cache", word("cache"), ["true", "false", "restore"])],
      save: { auto: "auto", true: "always", false: "never" }[parseOneOf("cache-save", word("cache-save"), ["auto", "true", "false"])],
      keyFiles: lines("cache-key-files"),
      keyExtra: word("cache-key-extra"),
      excludeSubstitutable: flag("cache-exclude-substitutable"),
      ...parseMaxSize(word("cache-max-size")),
      ...parseCacheTo(word("cache-to"), word("cache-signing-key")),
      ...parseCacheKeep(word("cache-keep"))
    }
  };
  checkTogether(inputs);
  rejectForeignInputs(inputs.mode, inputNames.filter(isGiven));
  if (inputs.pushByDigest) rejectTags(text("tags"));
  return inputs;
}

// src/lib/http/transport.ts
import { existsSync, readFileSync } from "node:fs";

// src/lib/http/http-module.ts
function httpModuleFor({ protocol }) {
  return process.getBuiltinModule(protocol === "https:" ? "node:https" : "node:http");
}
function addressOf({ hostname, port }) {
  return { hostname: hostname.replaceAll(/[[\]]/g, ""), port };
}
function placeOf({ protocol, hostname, port }) {
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}

// src/lib/http/is-loopback.ts
function isLoopback(host) {
  const name = host.replace(/:[0-9]+$/, "");
  return name === "localhost" || /^127(?:\.[0-9]{1,3}){3}$/.test(name) || name === "[::1]" || name.endsWith(".localhost");
}

// src/lib/http/local-network.ts
var machine = blockList([
  ["0.0.0.0", 8],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["::", 127],
  ["fe80::", 10],
  ["fd00:ec2::254", 128]
]);
var privateNetworks = blockList([
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["fc00::", 7]
]);
var localNames = /(?:^|\.)(?:local|localdomain|internal|home\.arpa)$/;
function isMachineAddress(address) {
  return isIn(machine, address);
}
function isLocalAddress(address) {
  return isMachineAddress(address) || isIn(privateNetworks, address);
}
function isLocalHost(hostname) {
  const host = hostname.toLowerCase().replaceAll(/^\[|\]$|\.$/g, "");
  if (isIP(host) !== 0) return isLocalAddress(host);
  return isLoopback(host) || !host.includes(".") || localNames.test(host);
}
function blockList(networks) {
  const list = new BlockList();
  for (const [network, bits] of networks) list.addSubnet(network, bits, network.includes(":") ? "ipv6" : "ipv4");
  return list;
}
function isIn(list, address) {
  return isIP(address) !== 0 && list.check(address, address.includes(":") ? "ipv6" : "ipv4");
}

// src/lib/http/connection-fault.ts
var clock = "set the clock of this machine if it is wrong";
var rows = [
  {
    codes: /^ECONNREFUSED$/,
    failed: "Cannot reach",
    why: "nothing listens on SERVER",
    advice: "Check the host and the port, and that the server is running."
  },
  { codes: /^ENOTFOUND$/, failed: "Cannot find", why: "no such host", advice: "Check the host name." },
  {
    codes: /^CERT_HAS_EXPIRED$/,
    failed: "Cannot trust",
    why: "its certificate has expired",
    advice: `Renew the certificate on the server, or ${clock}.`
  },
  {
    codes: /^CERT_NOT_YET_VALID$/,
    failed: "Cannot trust",
    why: "its certificate is not valid yet",
    advice: `Wait until it is valid, or ${clock}.`
  },
  {
    codes: /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    failed: "Cannot trust",
    why: "its certificate is for another host (NAMES)",
    advice: "Use a name in the certificate, or install a certificate for this host on the server."
  },
  {
    codes: /SELF_SIGNED/,
    failed: "Cannot trust",
    why: "its certificate is self-signed, or signed by an unknown authority",
    advice: "Set SSL_CERT_FILE to a file with the certificate of that authority."
  },
  {
    codes: /^UNABLE_TO_|^CERT_UNTRUSTED$|^INVALID_CA$/,
    failed: "Cannot trust",
    why: "its certificate is signed by an unknown authority, or the server does not send an intermediate certificate",
    advice: "Set SSL_CERT_FILE to a file with the certificate of that authority."
  },
  { codes: /CERT|^CRL_|^HOSTNAME_MISMATCH$/, failed: "Cannot trust", why: "its certificate is not valid", advice: "" },
  {
    codes: /^(EPROTO|ERR_SSL_\w+)$/,
    failed: "Cannot speak TLS to",
    why: "it does not answer in TLS, or supports no secure version of it",
    advice: "Check the scheme and the port."
  },
  {
    codes: /^HPE_HEADER_OVERFLOW$/,
    failed: "Cannot use",
    why: "its answer has more than 16 KiB of headers",
    advice: ""
  }
];
function withServer(error, server) {
  const reason = error instanceof AggregateError ? error.errors[0] : error;
  return Object.assign(reason, { server });
}
function connectionFaultOf(error) {
  const { server } = error;
  const code = codeOf(error);
  const row = rows.find(({ codes }) => codes.test(code));
  if (row === void 0 || typeof server !== "string") return void 0;
  const why = row.why.replace("SERVER", () => server).replace("NAMES", () => namesIn(error));
  return { server, failed: row.failed, why: `${why} (${code})`, advice: row.advice };
}
function failureOf({ failed, server, why, advice }, cause) {
  return new Failure(`${failed} ${server}: ${why}. ${advice}`.trimEnd(), { cause });
}
function namesIn(error) {
  const { cert } = error;
  return oneLine(String(cert?.subjectaltname ?? cert?.subject?.CN ?? "it has no name"), 200);
}

// src/lib/http/timeout.ts
function timeoutError(description, limit, code = "ERR_TIMEOUT") {
  return Object.assign(new Error(`Timeout: ${description} after ${limit / 1e3} s`), { code });
}

// src/lib/http/proxy.ts
var proxyRefused = "ERR_PROXY_REFUSED";
function proxyFor({ protocol, host, hostname, port }, env) {
  const name = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const value = named(name, env);
  const target = { hostname, port: port || String(portOf(protocol)) };
  if (value === "" || isLoopback(host) || isExcepted(target, named("NO_PROXY", env))) return void 0;
  const text = value.includes("://") ? value : `http://${value}`;
  const failure = (why) => new Failure(`Cannot use ${name}: ${why}.`);
  if (!/^https?:/i.test(text) || !URL.canParse(text)) {
    throw failure("it is not the URL of an HTTP proxy. Write http://HOST:PORT");
  }
  const url = new URL(text);
  try {
    proxyAuthorization(url);
  } catch {
    throw failure('its user or password has a "%" that is not part of a %XX. Write "%" as "%25"');
  }
  return url;
}
function named(name, env) {
  return env[name.toLowerCase()] ?? env[name] ?? "";
}
function isExcepted({ hostname, port }, noProxy) {
  const target = { hostname: hostname.replaceAll(/^\[|\]$|\.$/g, ""), port };
  const entries = noProxy.toLowerCase().split(/[,\s]+/);
  return entries.some((entry) => entry === "*" || isNamed(target, entry));
}
function isNamed({ hostname, port }, entry) {
  const [, network = "", bits = ""] = /^([0-9a-f.:]+)\/(\d{1,3})$/.exec(entry) ?? [];
  if (isIP(network) !== 0) return isInNetwork(hostname, network, Number(bits));
  const [, host = "", named2 = port] = /^(\[.+\]|[^:]+|[^[]*:.*:.*)(?::(\d+))?$/.exec(entry) ?? [];
  const name = host.replaceAll(/^\[|\]$|^\*?\./g, "");
  if (name === "" || named2 !== port) return false;
  if (isIP(name) !== 0) return isInNetwork(hostname, name, isIP(name) === 4 ? 32 : 128);
  return isIP(hostname) === 0 && `.${hostname}`.endsWith(`.${name}`);
}
function isInNetwork(address, network, bits) {
  const [family, familyOfNetwork] = [isIP(address), isIP(network)];
  if (family === 0 || bits > (familyOfNetwork === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, familyOfNetwork === 4 ? "ipv4" : "ipv6");
  return list.check(address, family === 4 ? "ipv4" : "ipv6");
}
var longestTunnel = 6e4;
function portOf(protocol) {
  return protocol === "https:" ? 443 : 80;
}
function openTunnel(proxy, target, agent) {
  const path = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
  return new Promise((resolve, reject) => {
    const asked = httpModuleFor(proxy).request({
      agent,
      ...addressOf(proxy),
      method: "CONNECT",
      path,
      headers: { host: path, ...proxyAuthorization(proxy) }
    });
    asked.on("connect", ({ statusCode }, socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      const advice = statusCode === 407 ? " Check the login in HTTPS_PROXY." : "";
      const refusal = new Failure(
        `Cannot reach ${path}: the proxy ${proxy.host} answered HTTP ${statusCode}.${advice}`
      );
      reject(Object.assign(refusal, { code: proxyRefused }));
    });
    asked.on("error", (error) => reject(proxyError(error, proxy)));
    asked.setTimeout(longestTunnel, () => asked.destroy(timeoutError("no answer to CONNECT", longestTunnel)));
    asked.end();
  });
}
function proxyError(error, proxy) {
  const reason = withServer(error, placeOf(proxy));
  const fault = connectionFaultOf(reason);
  if (fault !== void 0) {
    const advice = `${fault.advice} HTTPS_PROXY or HTTP_PROXY names this proxy.`.trim();
    return failureOf({ ...fault, failed: `${fault.failed} the proxy`, advice }, reason);
  }
  const message = `the proxy ${proxy.host}: ${reason.message}`;
  return Object.assign(new Error(message, { cause: reason }), { code: codeOf(reason) });
}
function proxyAuthorization({ username, password }) {
  const login = [username, password].map(decodeURIComponent).join(":");
  return login === ":" ? {} : { "proxy-authorization": `Basic ${Buffer.from(login).toString("base64")}` };
}

// src/lib/http/agent.ts
var longestConnecting = 1e4;
function openAgent(protocol, { insecure, ca, isPublicOnly, tunnel }) {
  const isTls = protocol === "https:";
  const { Agent } = httpModuleFor({ protocol });
  const agent = new Agent({
    keepAlive: true,
    ...isTls ? { rejectUnauthorized: !insecure } : {},
    ...ca === void 0 ? {} : { ca: [...ca] },
    ...isPublicOnly ? { lookup: lookupPublic } : {}
  });
  const connect = agent.createConnection;
  const open = (options) => limitConnecting(connect.call(agent, options), isTls);
  agent.createConnection = (options, callback) => {
    if (tunnel === void 0) return open(options);
    const target = { host: String(options.host), port: Number(options.port) };
    const give = callback;
    openTunnel(tunnel.proxy, target, tunnel.agent).then((socket) => give(null, isTls ? open({ ...options, socket }) : socket)).catch(give);
    return void 0;
  };
  return agent;
}
var lookupPublic = (hostname, options, done) => {
  const { lookup } = process.getBuiltinModule("node:dns");
  lookup(hostname, options, (error, found, family) => {
    const addresses = error !== null ? [] : typeof found === "string" ? [found] : found.map(({ address }) => address);
    const refused = addresses.find(isMachineAddress);
    const refusal = `Cannot follow a redirect to ${hostname}: it resolves to ${refused}, which is not a public address.`;
    done(refused === void 0 ? error : new Failure(refusal), found, family);
  });
};
function limitConnecting(socket, isTls) {
  const giveUp = () => socket.destroy(timeoutError("not connected", longestConnecting, "ETIMEDOUT"));
  const timer = setTimeout(giveUp, longestConnecting);
  for (const end of [isTls ? "secureConnect" : "connect", "close"]) socket.once(end, () => clearTimeout(timer));
  return socket;
}

// src/lib/http/exchange.ts
function exchange(request, route, timeouts) {
  const { url, body, method } = request;
  const isQuick = method !== "PUT" && method !== "PATCH";
  const limit = isQuick ? timeouts.quickAnswer ?? timeouts.answer : timeouts.answer;
  return new Promise((resolve, reject) => {
    const sent = openRequest(request, route);
    const giveUp = () => sent.destroy(timeoutError(`no answer of ${url.host}`, limit));
    const timer = setTimeout(giveUp, limit);
    let hasAnswer = false;
    let bodyError;
    sent.once("response", (answer) => {
      hasAnswer = true;
      clearTimeout(timer);
      answer.once("close", () => sent.writableFinished || sent.destroy());
      resolve(answer);
    });
    sent.once("error", (error) => {
      const wasIdle = sent.reusedSocket && hasCode(error, "ECONNRESET", "EPIPE");
      if (!wasIdle || hasAnswer || (body?.size ?? 0) > 0)
        return reject(error === bodyError ? error : connectionError(error, request, route));
      for (const idle of Object.values(route.agent.freeSockets).flat()) idle?.destroy();
      resolve(exchange(request, route, timeouts));
    });
    sent.on("error", () => {
    });
    sent.once("close", () => clearTimeout(timer));
    sendBody(sent, body, () => timer.refresh()).catch((error) => {
      bodyError = error;
      sent.destroy(error);
    });
  });
}
function openRequest({ method, url, headers, body }, { agent, proxy }) {
  const server = proxy ?? url;
  return httpModuleFor(server).request({
    agent,
    ...addressOf(server),
    path: `${proxy === void 0 ? "" : url.origin}${url.pathname}${url.search}`,
    method,
    headers: {
      host: url.host,
      "user-agent": "nix-image-action",
      ...headers,
      ...proxy === void 0 ? {} : proxyAuthorization(proxy),
      ...body === void 0 ? {} : { "content-length": body.size }
    }
  });
}
function connectionError(error, { url }, { proxy }) {
  return proxy === void 0 ? withServer(error, placeOf(url)) : proxyError(error, proxy);
}
async function sendBody(sent, body, onProgress) {
  let left = body?.size ?? 0;
  if (body === void 0 || left === 0) {
    sent.end();
    return;
  }
  let isOver = false;
  let wake = () => {
  };
  const stop = () => {
    isOver = true;
    wake();
  };
  sent.once("response", stop).once("close", stop);
  for await (const chunk of body.open()) {
    if (isOver) return;
    left -= chunk.length;
    if (left < 0) break;
    await new Promise((resolve) => {
      wake = resolve;
      const onTaken = (error) => error ? stop() : resolve();
      if (left === 0) sent.end(chunk, onTaken);
      else sent.write(chunk, onTaken);
    });
    if (isOver) return;
    onProgress();
  }
  if (left !== 0) throw new Error(`a body of ${body.size} bytes provided ${body.size - left}`);
}

// src/lib/http/names-host.ts
function namesHost(hosts, host) {
  const wanted = authoritiesOf(host);
  return hosts.flatMap(authoritiesOf).some((authority) => wanted.includes(authority));
}
function authoritiesOf(host) {
  const name = host.toLowerCase();
  return /:\d+$/.test(name) ? [name] : [`${name}:80`, `${name}:443`];
}

// src/lib/http/response.ts
function openResponse(answer, { url, address }, timeouts) {
  const giveUp = () => answer.destroy(timeoutError(`no end of an answer of ${url.host}`, timeouts.body));
  const bytes = async (limit) => {
    const chunks = [];
    let size = 0;
    const timer = setTimeout(giveUp, timeouts.body);
    try {
      for await (const chunk of chunksOf(answer)) {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= limit) break;
      }
    } finally {
      clearTimeout(timer);
    }
    return Buffer.concat(chunks).subarray(0, limit);
  };
  return {
    url,
    address,
    status: answer.statusCode ?? 0,
    header: (name) => answer.headersDistinct[name]?.join(", "),
    bytes,
    body: withPauses(answer, giveUp, timeouts.body),
    async discard() {
      await bytes(1 << 20).catch(() => {
      });
    }
  };
}
async function* withPauses(answer, giveUp, limit) {
  let timer = setTimeout(giveUp, limit);
  try {
    for await (const chunk of chunksOf(answer)) {
      clearTimeout(timer);
      yield chunk;
      timer = setTimeout(giveUp, limit);
    }
  } finally {
    clearTimeout(timer);
  }
}
async function* chunksOf(answer) {
  try {
    yield* answer;
  } catch (cause) {
    if (!hasCode(cause, "ECONNRESET", "ERR_STREAM_PREMATURE_CLOSE")) throw cause;
    throw Object.assign(new Error("the connection was closed before the end of an answer", { cause }), {
      code: "ECONNRESET"
    });
  }
}

// src/lib/http/transport.ts
var usualTimeouts = { answer: 3e5, quickAnswer: 6e4, body: 6e4 };
function openTransport({ insecureHosts, env, timeouts = usualTimeouts }) {
  const agents = /* @__PURE__ */ new Map();
  let isClosed = false;
  const agentTo = ({ protocol }, { insecure = false, isPublicOnly = false, proxy } = {}) => {
    const kind = [protocol, insecure, isPublicOnly, proxy ?? ""].join(" ");
    const known = agents.get(kind);
    if (known !== void 0) return known;
    const ca = protocol === "https:" ? readAuthorities(env) : void 0;
    const tunnel = proxy === void 0 ? void 0 : { proxy, agent: agentTo(proxy) };
    const agent = openAgent(protocol, { insecure, isPublicOnly, ca, tunnel });
    agents.set(kind, agent);
    return agent;
  };
  return {
    async send(request) {
      if (isClosed) throw new Error("The transport is closed.");
      const { url, isPublicOnly = false } = request;
      const proxy = proxyFor(url, env);
      const insecure = namesHost(insecureHosts, placeOf(url));
      const asked = url.protocol === "http:" ? proxy : void 0;
      const agent = asked === void 0 ? agentTo(url, { insecure, isPublicOnly, proxy }) : agentTo(asked);
      const answer = await exchange(request, { agent, proxy: asked }, timeouts);
      const address = proxy === void 0 ? answer.socket.remoteAddress : void 0;
      return openResponse(answer, { url, address }, timeouts);
    },
    async close() {
      isClosed = true;
      for (const agent of agents.values()) agent.destroy();
    }
  };
}
function readAuthorities({ SSL_CERT_FILE: file = "", NODE_EXTRA_CA_CERTS: extra = "" }) {
  if (file === "") return void 0;
  const tls = process.getBuiltinModule("node:tls");
  const extras = extra !== "" && existsSync(extra) ? [readFileSync(extra, "utf8")] : [];
  try {
    return [...tls.getCACertificates?.() ?? tls.rootCertificates, ...extras, readFileSync(file, "utf8")];
  } catch (cause) {
    throw new Failure(`Cannot read SSL_CERT_FILE=${file}: ${messageOf(cause)}.`, { cause });
  }
}

// src/registry/access/credentials.ts
import { readFileSync as readFileSync2 } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

// src/registry/access/credential-helper.ts
async function askHelper(name, { server, env }) {
  const program = `docker-credential-${name}`;
  const failed = `Cannot get the login for ${server}`;
  if (!/^[\w.-]+$/.test(name)) {
    throw new Failure(
      `${failed}: "${oneLine(name, 80)}" in Docker's config is not a valid name for a credential helper. Correct credHelpers or credsStore there.`
    );
  }
  if (findProgram(program, env) === void 0) {
    throw new Failure(
      `${failed}: Docker's config names the helper ${program}, which is not on PATH. Install it, or remove it from that config.`
    );
  }
  const result = await runProgram(program, ["get"], { env, input: server });
  const { code, stdout } = result;
  if (code !== 0) {
    if (/credentials not found|no credentials|not found in native keychain/i.test(stdout)) return void 0;
    const said = wordsOf2(result);
    throw new Failure(`${failed}: ${program} failed with exit code ${code}${said === "" ? "" : ` and said: ${said}`}.`);
  }
  return parseAnswer(stdout, program);
}
function parseAnswer(stdout, program) {
  if (/^\s*(\{\s*\})?\s*$/.test(stdout)) return void 0;
  const { Username, Secret } = objectIn(Buffer.from(stdout));
  if (Secret === "") return void 0;
  if (typeof Username !== "string" || typeof Secret !== "string") {
    throw new Failure(
      `Cannot get a login from ${program}: its answer is not JSON with Username and Secret. Update or replace this helper.`
    );
  }
  return { username: Username, secret: Secret };
}
function wordsOf2({ stdout, stderr }) {
  const text = [stdout, stderr].find((output) => output.trim() !== "") ?? "";
  if (/"Secret"/i.test(text)) return "";
  const words = oneLine(text, 2e3).split(" ").map(withoutSecret);
  return oneLine(words.join(" "), 300).replace(/\.+$/, "");
}
function withoutSecret(word, i, words) {
  const isNamed2 = /(?:password|secret|token)["']?[:=]$/i.test(words[i - 1] ?? "");
  const looksSecret = word.length >= 8 && /\d|[^=]=[^=]|[A-Za-z0-9+/_-]{32}/.test(word);
  return isNamed2 || looksSecret ? "***" : word;
}

// src/registry/access/credentials.ts
var hubServer = "https://index.docker.io/v1/";
var hubName = "index.docker.io";
async function findCredentials(repository, { login, githubToken, env }) {
  if (login !== void 0 && (await login.hosts).has(repository.host)) {
    const { username: username2, password: password2 } = login;
    return { kind: "basic", username: username2, password: password2, ...password2 === githubToken ? { isJobToken: true } : {} };
  }
  for (const path of authFiles(env)) {
    const found = await credentialsIn(path, repository, env);
    if (found !== void 0) return found;
  }
  const { CI_REGISTRY: gitlab, CI_REGISTRY_USER: username, CI_REGISTRY_PASSWORD: password } = env;
  if (repository.host === gitlab && username && password) return { kind: "basic", username, password };
  if (repository.host === "ghcr.io" && githubToken !== void 0) {
    return { kind: "basic", username: "x-access-token", password: githubToken };
  }
  return void 0;
}
function authFiles(env) {
  const home = env.HOME || homedir();
  const runtime = env.XDG_RUNTIME_DIR;
  const named2 = env.REGISTRY_AUTH_FILE;
  return [
    join(env.DOCKER_CONFIG || join(home, ".docker"), "config.json"),
    ...named2 === void 0 || named2 === "" ? [] : [named2],
    ...runtime === void 0 ? [] : [join(runtime, "containers", "auth.json")],
    join(env.XDG_CONFIG_HOME || join(home, ".config"), "containers", "auth.json")
  ];
}
async function credentialsIn(path, repository, env) {
  const file = readAuthFile(path);
  const names = namesOf(repository);
  const failed = `Cannot read the registry logins in ${path}`;
  for (const { key, name, value } of entriesFor(names, objectAt2(file, "credHelpers", failed))) {
    if (typeof value !== "string")
      throw new Failure(`${failed}: "credHelpers" of ${name} must be the name of a helper.`);
    const server = key === name || name !== hubName ? name : hubServer;
    const found = value === "" ? void 0 : await askHelper(value, { server, env });
    if (found !== void 0) return helped(found);
  }
  const store = file.credsStore ?? "";
  if (typeof store !== "string") throw new Failure(`${failed}: "credsStore" must be the name of a helper.`);
  if (store !== "") {
    const server = repository.host === "docker.io" ? hubServer : repository.host;
    const found = await askHelper(store, { server, env });
    if (found !== void 0) return helped(found);
  }
  for (const { value } of entriesFor(names, objectAt2(file, "auths", failed))) {
    const found = credentialsOf(value, failed);
    if (found !== void 0) return found;
  }
  return void 0;
}
function helped({ username, secret }) {
  return username === "<token>" ? { kind: "identity", token: secret } : { kind: "basic", username, password: secret };
}
function namesOf(repository) {
  const parts = formatRepository(repository).split("/");
  const paths = parts.map((_, i) => parts.slice(0, parts.length - i).join("/"));
  return [...paths, ...repository.host === "docker.io" ? [hubName, "registry-1.docker.io"] : []];
}
function entriesFor(names, object) {
  const entries = Object.entries(object).filter(([, value]) => value !== null);
  return names.flatMap((name) => {
    const exact = entries.filter(([key]) => key === name);
    const others = entries.filter(([key]) => key !== name && plainName(key) === name);
    return [...exact, ...others].map(([key, value]) => ({ key, name, value }));
  });
}
function plainName(key) {
  return key.toLowerCase().replace(/^https?:\/\//, "").replace(/(?:\/v[12])?\/?$/, "");
}
function readAuthFile(path) {
  let text;
  try {
    text = readFileSync2(path, "utf8");
  } catch (error) {
    if (hasCode(error, "ENOENT", "ENOTDIR")) return {};
    throw new Failure(`Cannot read the registry logins in ${path}: ${messageOf(error)}.`, { cause: error });
  }
  try {
    const json = JSON.parse(text === "" ? "{}" : text);
    if (isObject(json)) return json;
  } catch {
  }
  throw new Failure(`Cannot read the registry logins in ${path}: it is not a JSON object. Run docker login again.`);
}
function objectAt2(file, name, failed) {
  const value = file[name] ?? {};
  if (isObject(value)) return value;
  throw new Failure(`${failed}: "${name}" is not a JSON object. Run docker login again.`);
}
function credentialsOf(entry, failed) {
  const fields = ["identitytoken", "registrytoken", "username", "password", "auth"];
  const [identity, registry, username, password, auth] = fields.map((name) => {
    const value = isObject(entry) ? entry[name] ?? "" : void 0;
    if (typeof value === "string") return value;
    throw new Failure(`${failed}: "${name}" of a registry is not a string. Run docker login again.`);
  });
  if (identity) return { kind: "identity", token: identity };
  if (registry) return { kind: "bearer", token: registry };
  if (username && password) return { kind: "basic", username, password };
  if (!auth) return void 0;
  const pair = Buffer.from(auth, "base64").toString("utf8").replace(/\0+$/, "");
  const colon = pair.indexOf(":");
  if (colon > 0) return { kind: "basic", username: pair.slice(0, colon), password: pair.slice(colon + 1) };
  throw new Failure(`${failed}: an "auth" is not base64 of USER:PASSWORD. Run docker login again.`);
}

// src/lib/http/resolve-location.ts
function resolveLocation(location, source) {
  const { url: base } = source;
  const failure = (why) => new Failure(`Cannot follow ${base.host} to ${shown(location)}: ${why}.`);
  if (!URL.canParse(location, base.href)) throw failure("it is not a URL");
  const url = new URL(location, base);
  if (url.protocol !== "https:" && url.protocol !== "http:") throw failure("its scheme is neither https nor http");
  if (base.protocol === "https:" && url.protocol === "http:") {
    if (url.hostname !== base.hostname) throw failure("https must not lead to http");
    url.protocol = "https:";
    url.port = base.port;
  }
  if (isLocalHost(url.hostname) && url.hostname !== base.hostname && !isLocal(source)) {
    throw failure("a server on the internet must not lead into a local network");
  }
  return url;
}
function isLocal({ url, address }) {
  return isLocalHost(url.hostname) || address !== void 0 && isLocalAddress(address);
}
function shown(location) {
  return location.replace(/[?#].*/s, "").slice(0, 200);
}

// src/lib/http/follow-redirects.ts
var mostRedirects = 5;
async function followRedirects(request, { send, resolve }) {
  let next = request;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const response = await send(next);
    const location = redirectOf(response);
    if (location === void 0) return response;
    await response.discard();
    const url = resolve(location, response);
    const isLedAway = url.origin !== response.url.origin && !isLocal(response);
    const isPublicOnly = next.isPublicOnly === true || isLedAway;
    next = { ...response.status === 303 ? withoutContent(next) : next, url, isPublicOnly };
  }
  throw new Failure(`Cannot reach ${request.url.host}: it redirects more than ${mostRedirects} times.`);
}
function redirectOf({ status, header }) {
  return [301, 302, 303, 307, 308].includes(status) ? header("location") : void 0;
}
function withoutContent({ method, body: _, ...request }) {
  return { ...request, method: method === "HEAD" ? "HEAD" : "GET" };
}

// src/lib/http/retry.ts
import { setTimeout as sleep } from "node:timers/promises";
var tries = 5;
var silentTries = 2;
var usualWaits = { first: 500, longest: 6e4 };
async function retry(body, options) {
  const { waitFor, onRetry, waits = usualWaits } = options;
  let silent = 0;
  for (let tried = 1; ; tried++) {
    try {
      return await body();
    } catch (error) {
      if (hasCode(error, "ERR_TIMEOUT")) silent += 1;
      const asked = tried < tries && silent < silentTries ? waitFor(error) : void 0;
      if (asked === void 0) throw error;
      const ours = waits.first * 2 ** (tried - 1) * (0.5 + Math.random());
      const wait = Math.round(Math.min(Math.max(asked, ours), waits.longest));
      onRetry(error, wait);
      await sleep(wait);
    }
  }
}
var brokenConnection = /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|ERR_TIMEOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|HPE_(?!HEADER_OVERFLOW)\w+)$/;
function isBrokenConnection(error) {
  if (!(error instanceof Error)) return false;
  const { code } = error;
  return code !== void 0 && brokenConnection.test(code);
}

// src/registry/access/advice.ts
var ghcrLogin = "Set github-token, or set username and password.";
var ghcrPush = 'Add "permissions: packages: write" to the job, and give this repository write access in the settings of the package.';
var ghcrRead = 'Add "permissions: packages: read" to the job, and give this repository access in the settings of the package.';
var logIn = "Log in: set username and password, which apply to the registries in tags, or run docker login in an earlier step.";
var wrongLogin = "The registry does not accept this login. Check username and password; a token may have expired.";
var wrongJobToken = "The registry does not accept the token of the job as the password. Use an access token that may write packages: on Gitea and Forgejo one of a user, with the scope write:package.";
var missingRepository = "Create the repository in the registry first, or check its name.";
var rows2 = [
  {
    statuses: [404],
    actions: ["reach"],
    advice: "The host has no /v2/ endpoint, so it is not a registry. Check the host and the port in tags."
  },
  {
    statuses: [407],
    advice: "The proxy requires a valid login. Set HTTP_PROXY to http://USER:PASSWORD@HOST:PORT."
  },
  {
    statuses: [429],
    logins: ["none"],
    advice: "Log in to get a higher rate limit, or wait and run again."
  },
  { statuses: [429], advice: "This login has reached its rate limit. Wait and run again." },
  { statuses: [401, 403], registry: "ghcr.io", logins: ["none"], advice: ghcrLogin },
  { statuses: [401, 403], logins: ["none"], advice: logIn },
  { statuses: [401, 403], registry: "ghcr.io", words: /scope/i, advice: "Give the token the scope write:packages." },
  {
    statuses: [403],
    registry: "ghcr.io",
    actions: ["log in"],
    advice: `Check github-token, or username and password. ${ghcrPush}`
  },
  { statuses: [403], registry: "ghcr.io", actions: ["push"], advice: ghcrPush },
  { statuses: [403], registry: "ghcr.io", actions: ["read"], advice: ghcrRead },
  { statuses: [401], registry: "ghcr.io", actions: ["log in"], advice: wrongLogin },
  { statuses: [401, 403], actions: ["log in"], logins: ["job token"], advice: wrongJobToken },
  { statuses: [400, 401, 403], actions: ["log in"], advice: wrongLogin },
  { statuses: [401], logins: ["password"], advice: wrongLogin },
  {
    statuses: [401, 403],
    actions: ["push"],
    advice: "The login is valid, but has no permission to push here. Give its account write access to this repository."
  },
  {
    statuses: [401, 403],
    actions: ["delete"],
    advice: "The login is valid, but has no permission to delete here. Give its account permission to delete in this repository."
  },
  {
    statuses: [401, 403],
    advice: "The login is valid, but has no permission to read here. Give its account read access to this repository."
  },
  {
    statuses: [404],
    actions: ["read"],
    words: /MANIFEST_UNKNOWN|manifest unknown/i,
    advice: "Check the tag or digest."
  },
  { statuses: [404], words: /NAME_UNKNOWN|not found|does not exist/i, advice: missingRepository }
];
function adviceFor({ status, words, registry, action, login }) {
  const row = rows2.find(
    (row2) => row2.statuses.includes(status) && (row2.actions?.includes(action) ?? true) && (row2.logins?.includes(login) ?? true) && (row2.registry === void 0 || row2.registry === registry) && (row2.words?.test(words) ?? true)
  );
  return row?.advice ?? "";
}
var inTags = "Check the host and the port in tags, and that the registry is running.";
var connectionRows = [
  [/^(ECONNREFUSED|ENOTFOUND)$/, inTags],
  [
    /SELF_SIGNED|^UNABLE_TO_/,
    "Set SSL_CERT_FILE to the certificate of its authority, or add the registry to insecure-registries."
  ],
  [/^(EPROTO|ERR_SSL_\w+)$/, "If the registry serves plain HTTP, add it to insecure-registries."]
];
function connectionAdviceFor(code) {
  return connectionRows.find(([codes]) => codes.test(code))?.[1];
}

// src/registry/access/challenge.ts
function parseChallenges(header) {
  const challenges = [];
  const pattern = /[\s,]*(?:([A-Za-z][\w-]*)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|([A-Za-z][\w-]*))/y;
  for (let match = pattern.exec(header); match !== null; match = pattern.exec(header)) {
    const [, name, quoted, bare, scheme] = match;
    if (scheme !== void 0) challenges.push({ scheme: scheme.toLowerCase(), parameters: {} });
    const current = challenges.at(-1);
    if (name !== void 0 && current !== void 0) {
      current.parameters[name.toLowerCase()] = quoted?.replaceAll(/\\(.)/g, "$1") ?? bare ?? "";
    }
  }
  return challenges;
}

// src/registry/access/registry-error.ts
var RegistryError = class extends Failure {
  name = "RegistryError";
  status;
  /** The registry's own codes, such as MANIFEST_BLOB_UNKNOWN. */
  codes;
  /** Milliseconds that the registry asks to wait (Retry-After), 0 if it does not say. */
  retryAfter;
  /** The advice at the end of the message; empty if there is none. */
  advice;
  constructor(message, answer) {
    super(message);
    this.status = answer.status;
    this.codes = answer.codes;
    this.retryAfter = answer.retryAfter;
    this.advice = answer.advice ?? "";
  }
};
var IndexRefusal = class extends RegistryError {
};
var unknownContent = ["BLOB_UNKNOWN", "MANIFEST_BLOB_UNKNOWN", "MANIFEST_UNKNOWN"];
function isUnknownContent(error) {
  if (!(error instanceof Error)) return false;
  const codes = error instanceof RegistryError ? error.codes : [];
  const unknown = error instanceof IndexRefusal ? [...unknownContent, "MANIFEST_INVALID"] : unknownContent;
  return codes.some((code) => unknown.includes(code)) || isUnknownContent(error.cause);
}
function isDenied(error) {
  return error instanceof RegistryError && (error.status === 401 || error.status === 403);
}
var UnsettledError = class extends RegistryError {
};
var largestErrorBody = 8192;
async function readRegistryError({ failed, request: { method, url }, asked }, response) {
  const { status } = response;
  const { codes, words } = parseErrors(await response.bytes(largestErrorBody).catch(() => Buffer.alloc(0)));
  const said = [status, words].filter((part) => part !== "").join(" ");
  const refusal = sentence(`${failed}: the answer to ${method} ${url.origin}${url.pathname} was ${said}`);
  const advice = asked === void 0 ? "" : adviceFor({ ...asked, status, words });
  const message = advice === "" ? refusal : `${refusal} ${advice}`;
  return new RegistryError(message, { status, codes, retryAfter: retryAfterOf(response), advice });
}
var mostErrors = 10;
function parseErrors(body) {
  const { errors } = objectIn(body);
  const list = (Array.isArray(errors) ? errors : []).filter(isObject).slice(0, mostErrors);
  const fields = list.map(({ code, message }) => [code, message].map((text2) => typeof text2 === "string" ? text2 : ""));
  const words = fields.map((field) => field.filter((text2) => text2 !== "").join(": ")).join("; ");
  if (words.trim() !== "") {
    return { codes: fields.map(([code = ""]) => oneLine(code, 80)).filter((code) => code !== ""), words: oneLine(words) };
  }
  const text = body.toString("utf8").trimStart();
  return { codes: [], words: text.startsWith("<") ? "" : oneLine(text) };
}
function retryAfterOf(response) {
  const value = response.header("retry-after") ?? "";
  return /^\d+$/.test(value) ? Number(value) * 1e3 : 0;
}

// src/registry/access/token.ts
var largestToken = 1 << 20;
var headerValue = /^[\x21-\x7e]+$/;
async function fetchToken(transport, token) {
  const realm = realmOf(token);
  if (token.credentials?.kind === "bearer") return token.credentials.token;
  try {
    return await askRealm(transport, realm, token);
  } catch (error) {
    const isRefused = error instanceof RegistryError && [400, 401, 403, 404].includes(error.status);
    if (!isRefused || token.mountScopes.length === 0) throw error;
    return askRealm(transport, realm, { ...token, mountScopes: [] });
  }
}
async function askRealm(transport, realm, token) {
  const { credentials, registry } = token;
  const failed = `Cannot log in to ${registry.url.origin}`;
  const request = credentials?.kind === "identity" ? refreshRequest(realm, token, credentials.token) : getRequest(realm, token);
  const isPublicOnly = realm.origin !== registry.url.origin && !isLocal(registry);
  const response = await followRedirects(
    { ...request, isPublicOnly },
    {
      send({ headers: { authorization, ...headers } = {}, ...each }) {
        const isRealm = each.url.origin === realm.origin;
        if (!isRealm && each.body !== void 0) {
          throw new Failure(
            `${failed}: ${realm.host} redirects the login to ${each.url.origin}, which must not receive it. Check the configuration of the registry.`
          );
        }
        const shown2 = isRealm && authorization !== void 0 ? { ...headers, authorization } : headers;
        return transport.send({ ...each, headers: shown2 });
      },
      resolve: resolveLocation
    }
  );
  if (response.status !== 200) {
    const asked = { registry: token.host, action: "log in", login: loginKindOf(credentials) };
    throw await readRegistryError({ failed, request, asked }, response);
  }
  const found = tokenIn(await response.bytes(largestToken));
  if (found === void 0 || !headerValue.test(found)) {
    const description = found === void 0 ? "no token" : found === "" ? "an empty token" : "a token with characters that are not allowed in a header";
    throw new Failure(
      `${failed}: its token service ${realm.host} sent ${description}. Try again, or ask its operator.`
    );
  }
  return found;
}
function loginKindOf(credentials) {
  if (credentials === void 0) return "none";
  return credentials.kind === "basic" && credentials.isJobToken ? "job token" : "password";
}
function tokenIn(body) {
  const { token, access_token } = objectIn(body);
  const found = token || access_token || token;
  return typeof found === "string" ? found : void 0;
}
function realmOf({ challenge, registry }) {
  const { realm = "" } = challenge.parameters;
  const { origin, protocol } = registry.url;
  const failure = (why) => new Failure(
    `Cannot log in to ${origin}: it sent the token realm "${oneLine(realm, 200)}", ${why}. Check the configuration of the registry.`
  );
  if (!URL.canParse(realm)) throw failure("which is not a URL");
  const url = new URL(realm);
  if (url.protocol !== "https:" && url.protocol !== protocol) throw failure("which is not https");
  if (isLocalHost(url.hostname) && !isLocal(registry))
    throw failure("which is in a local network, while the registry is not");
  return url;
}
function getRequest(realm, { challenge, scope, mountScopes, credentials }) {
  const url = new URL(realm);
  const { service } = challenge.parameters;
  if (service !== void 0) url.searchParams.set("service", service);
  for (const each of [scope, ...mountScopes]) url.searchParams.append("scope", each);
  return { method: "GET", url, headers: credentials?.kind === "basic" ? { authorization: basicOf(credentials) } : {} };
}
function refreshRequest(url, { challenge, scope, mountScopes }, token) {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    client_id: "nix-image-action",
    service: challenge.parameters.service ?? "",
    scope: [scope, ...mountScopes].join(" "),
    refresh_token: token
  });
  const bytes = Buffer.from(form.toString());
  return {
    method: "POST",
    url,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: {
      size: bytes.length,
      async *open() {
        yield bytes;
      }
    }
  };
}
function basicOf({ username, password }) {
  return `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

// src/registry/access/registry.ts
var transientStatus = /* @__PURE__ */ new Set([408, 429, 499, 500, 502, 503, 504, 520, 521, 522, 523, 524]);
async function openRepository(repository, access) {
  const { log, waits } = access;
  const tryAgain = async (description, body) => {
    const onRetry = (error, wait) => log.info(`${description}: ${sentence(withoutAdvice(error))} Trying again in ${(wait / 1e3).toFixed(1)} s.`);
    try {
      return await retry(body, { waitFor: transientWait, onRetry, ...waits === void 0 ? {} : { waits } });
    } catch (error) {
      if (isBrokenConnection(error)) {
        const broken = `Cannot reach ${formatRepository(repository)}. ${description}: ${sentence(messageOf(error))}`;
        throw new Failure(broken, { cause: error });
      }
      const fault = connectionFaultOf(error);
      throw fault === void 0 ? error : failureOf(fault, error);
    }
  };
  const { source, challenges } = await tryAgain(`Reaching ${repository.host}`, () => ping(repository, access));
  const { origin } = source.url;
  const login = createLogin({ repository, source, challenges, access });
  const resolve = (to) => typeof to === "string" ? new URL(`/v2/${repository.path}/${to}`, origin) : to;
  return {
    repository,
    origin,
    request: ({ to, ...request }) => followRedirects(
      { ...request, url: resolve(to) },
      { send: (each) => sendWithLogin(each, { source, login, transport: access.transport }), resolve: resolveLocation }
    ),
    retry: tryAgain,
    refusal: ({ to, ...request }, response) => {
      const action = actionOf(request);
      const failed = `Cannot ${action} ${action === "push" ? "to" : "from"} ${formatRepository(repository)}`;
      const isOwn = response.url.origin === origin;
      const asked = isOwn ? { registry: repository.host, action, login: login.kind() } : void 0;
      return readRegistryError({ failed, request: { ...request, url: resolve(to) }, asked }, response);
    }
  };
}
function withoutAdvice(error) {
  const message = messageOf(error);
  return error instanceof RegistryError ? message.slice(0, message.length - error.advice.length) : message;
}
function actionOf({ method }) {
  if (method === "DELETE") return "delete";
  return method === "GET" || method === "HEAD" ? "read" : "push";
}
function transientWait(error) {
  if (error instanceof UnsettledError) return error.retryAfter;
  if (error instanceof RegistryError) return transientStatus.has(error.status) ? error.retryAfter : void 0;
  if (error instanceof Failure) return void 0;
  return isBrokenConnection(error) ? 0 : void 0;
}
async function ping(repository, { transport, insecure }) {
  const { host } = repository;
  const apiHost = host === "docker.io" ? "registry-1.docker.io" : host;
  const ask = async (origin) => {
    const request = { method: "GET", url: new URL("/v2/", origin) };
    let source;
    const send = async (each) => {
      const response2 = await transport.send(each);
      if (source === void 0 || isSecured(source.url, response2.url)) source = response2;
      return response2;
    };
    const response = await followRedirects(request, { send, resolve: resolveLocation });
    if (response.status !== 200 && response.status !== 401) {
      const asked = { registry: host, action: "reach", login: "none" };
      throw await readRegistryError({ failed: `Cannot use ${host} as a registry`, request, asked }, response);
    }
    await response.discard();
    const challenges = parseChallenges(response.header("www-authenticate") ?? "");
    return { source: source ?? response, challenges };
  };
  const schemes = isLoopback(host) ? ["http", "https"] : insecure ? ["https", "http"] : ["https"];
  const errors = [];
  for (const scheme of schemes) {
    try {
      return await ask(`${scheme}://${apiHost}`);
    } catch (error) {
      errors.push(error);
      if (!mayBeOther(scheme, error)) break;
    }
  }
  throw explain(errors.findLast((error) => !isNoTls(error)) ?? errors[0], repository);
}
function mayBeOther(scheme, error) {
  if (error instanceof RegistryError) return scheme === "http" && error.status === 400;
  return !(error instanceof Failure) && !isUnknownCertificate(error) && codeOf(error) !== "ERR_TIMEOUT";
}
function isSecured(from, to) {
  return from.protocol === "http:" && to.protocol === "https:" && from.hostname === to.hostname;
}
function isUnknownCertificate(error) {
  return connectionFaultOf(error)?.failed === "Cannot trust";
}
function isNoTls(error) {
  return connectionFaultOf(error)?.failed === "Cannot speak TLS to";
}
function explain(error, { host, path }) {
  const fault = connectionFaultOf(error);
  if (fault === void 0) return error;
  const server = fault.failed === "Cannot reach" ? `${host}/${path}` : host;
  return failureOf({ ...fault, server, advice: connectionAdviceFor(codeOf(error)) ?? fault.advice }, error);
}
function createLogin(context) {
  const { repository, source, access } = context;
  let { challenges } = context;
  let current;
  const newHeader = async () => {
    const { credentials } = access;
    const challenge = challenges.find(({ scheme }) => scheme === "bearer");
    if (challenge !== void 0) {
      const scope = `repository:${repository.path}:${access.actions}`;
      const mountScopes = access.mountSources.map(({ path }) => `repository:${path}:pull`);
      const token = await fetchToken(access.transport, {
        challenge,
        registry: source,
        host: repository.host,
        scope,
        mountScopes,
        credentials
      });
      access.log.secret(token);
      return `Bearer ${token}`;
    }
    const basic = challenges.some(({ scheme }) => scheme === "basic");
    return basic && credentials?.kind === "basic" ? basicOf(credentials) : void 0;
  };
  return {
    kind() {
      if (access.credentials === void 0) return "none";
      return challenges.some(({ scheme }) => scheme === "bearer") ? "token" : "password";
    },
    header() {
      if (current !== void 0) return current;
      const mine = newHeader();
      mine.catch(() => {
        if (current === mine) current = void 0;
      });
      current = mine;
      return mine;
    },
    learn(response, used) {
      const offered = parseChallenges(response.header("www-authenticate") ?? "");
      if (!offered.some(({ scheme }) => scheme === "bearer" || scheme === "basic")) return false;
      if (used === current) {
        challenges = offered;
        current = void 0;
      }
      return true;
    }
  };
}
async function sendWithLogin(request, { source, login, transport }) {
  if (request.url.origin !== source.url.origin) return transport.send({ ...request, isPublicOnly: !isLocal(source) });
  const sendWith = async (header2) => {
    const authorization = await header2;
    const headers = { ...request.headers, ...authorization === void 0 ? {} : { authorization } };
    return transport.send({ ...request, headers });
  };
  const header = login.header();
  const response = await sendWith(header);
  if (response.status !== 401 || !login.learn(response, header)) return response;
  await response.discard();
  return sendWith(login.header());
}

// src/registry/access/client.ts
async function openClient({ host, path }, access) {
  const repository = { host, path };
  const credentials = await findCredentials(repository, access);
  if (credentials !== void 0) {
    access.log.secret(credentials.kind === "basic" ? credentials.password : credentials.token);
  }
  return openRepository(repository, { ...access, credentials, insecure: namesHost(access.insecureRegistries, host) });
}
function isSameRepository(a, b) {
  return a.host === b.host && a.path === b.path;
}
function byRepository(references) {
  const groups = /* @__PURE__ */ new Map();
  for (const reference of references) {
    const name = formatRepository(reference);
    const group = groups.get(name);
    if (group === void 0) groups.set(name, [reference]);
    else group.push(reference);
  }
  return [...groups.values()];
}

// src/registry/content/stored-digest.ts
function hasOtherDigest(response, digest) {
  return (response.header("docker-content-digest") ?? digest) !== digest;
}
function expectDigest({ repository }, response, digest) {
  if (!hasOtherDigest(response, digest)) return;
  const stored = response.header("docker-content-digest");
  const { status } = response;
  const message = `Cannot trust ${formatRepository(repository)}: it answered ${status}, but stored ${digest} as ${stored}.`;
  throw new UnsettledError(message, { status, codes: [], retryAfter: 0 });
}

// src/registry/content/manifests.ts
var largestManifest = 4 << 20;
var readsAtATime = 8;
var accept = [...manifestTypes, ...indexTypes].join(", ");
async function putManifest(client, manifest, name) {
  const { mediaType, size, digest } = manifest.descriptor;
  const request = {
    method: "PUT",
    to: `manifests/${name}`,
    headers: { "content-type": mediaType },
    body: { size, open: manifest.open }
  };
  let isTried = false;
  await client.retry(`Writing the manifest ${name}`, async () => {
    if (isTried && await digestUnder(client, name) === digest) return;
    isTried = true;
    const response = await client.request(request);
    if (![200, 201, 202].includes(response.status)) {
      const refusal = await client.refusal(request, response);
      throw mediaType === mediaTypes.index ? new IndexRefusal(refusal.message, refusal) : refusal;
    }
    await response.discard();
    expectDigest(client, response, digest);
  });
}
async function digestUnder(client, name) {
  const response = await client.request({ method: "HEAD", to: `manifests/${name}`, headers: { accept } });
  await response.discard();
  return response.status === 200 ? response.header("docker-content-digest") : void 0;
}
function findManifest(client, name) {
  return readUnless(client, name, [404]);
}
async function readManifestIfThere(client, name) {
  try {
    return await readUnless(client, name, [400, 401, 403, 404, 405]);
  } catch (error) {
    if (error instanceof LargeManifest) return void 0;
    throw error;
  }
}
var LargeManifest = class extends Failure {
};
async function readUnless(client, name, absent) {
  try {
    return await readManifest(client, name);
  } catch (error) {
    if (error instanceof RegistryError && absent.includes(error.status)) return void 0;
    throw error;
  }
}
async function getManifest(client, name) {
  return (await readManifest(client, name)).bytes;
}
async function readManifest(client, name) {
  const request = { method: "GET", to: `manifests/${name}`, headers: { accept } };
  return client.retry(`Reading the manifest ${name}`, async () => {
    const response = await client.request(request);
    if (response.status !== 200) throw await client.refusal(request, response);
    const bytes = await response.bytes(largestManifest + 1);
    if (bytes.length > largestManifest) {
      throw new LargeManifest(
        `Cannot use ${formatRepository(client.repository)} (${name}): its manifest is larger than 4 MiB.`
      );
    }
    if (name.startsWith("sha256:") && digestOf(bytes) !== name) {
      throw new Failure(
        `Cannot trust ${formatRepository(client.repository)}: it sent a manifest with the digest ${digestOf(bytes)} for ${name}.`
      );
    }
    return {
      bytes,
      mediaType: response.header("content-type") ?? mediaTypes.manifest,
      etag: response.header("etag")
    };
  });
}

// src/lib/http/read-pages.ts
var mostPages = 200;
var EndlessListError = class extends Failure {
  name = "EndlessListError";
};
async function* readPages(first, read) {
  const seen = /* @__PURE__ */ new Set();
  for (let url = first; url !== void 0; ) {
    const failed = `Cannot list ${url.origin}${url.pathname}`;
    if (seen.has(url.href)) throw new EndlessListError(`${failed}: its pages form a cycle.`);
    if (seen.size >= mostPages) throw new EndlessListError(`${failed}: it has more than ${mostPages} pages.`);
    seen.add(url.href);
    const page = await read(url);
    yield page.value;
    url = page.next;
  }
}
function nextPageOf(response, resolve) {
  const target = nextLinkOf(response.header("link") ?? "");
  return target === void 0 ? void 0 : resolve(target, response);
}
function nextLinkOf(header) {
  for (const [, target, parameters = ""] of header.matchAll(/<([^<>]*)>([^<]*)/g)) {
    const [, quoted, bare] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters) ?? [];
    const relations = (quoted ?? bare ?? "").toLowerCase().split(/\s+/);
    if (relations.includes("next")) return target;
  }
  return void 0;
}

// src/oci/manifest.ts
function manifestBlob({ config, layers, annotations }) {
  const json = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config,
    layers,
    ...sortedAnnotations(annotations)
  };
  return blobOf(JSON.stringify(json), mediaTypes.manifest);
}
function sortedAnnotations(annotations) {
  const names = Object.keys(annotations).sort();
  if (names.length === 0) return {};
  return { annotations: Object.fromEntries(names.map((name) => [name, annotations[name] ?? ""])) };
}
function blobOf(content, mediaType) {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return {
    descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length },
    async *open() {
      yield bytes;
    }
  };
}

// src/oci/artifact-manifest.ts
var emptyConfig = blobOf("{}", "application/vnd.oci.empty.v1+json");
function artifactManifest(subject, { content, annotations }) {
  const json = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    artifactType: content.descriptor.mediaType,
    config: emptyConfig.descriptor,
    layers: [content.descriptor],
    subject: { mediaType: subject.mediaType, digest: subject.digest, size: subject.size },
    ...sortedAnnotations(annotations)
  };
  return blobOf(JSON.stringify(json), mediaTypes.manifest);
}

// src/registry/content/blobs.ts
var chunkSize = 4 << 20;
var largestChunk = 64 << 20;
var largestConfig = 4 << 20;
async function uploadBlob(client, blob, from) {
  const { digest } = blob.descriptor;
  const upload = { client, blob, url: void 0, inChunks: false };
  return client.retry(`Uploading ${digest}`, async () => {
    const resumed = upload.url === void 0 ? void 0 : await resumeUpload(client, upload.url);
    if (resumed !== void 0) {
      await putChunks(upload, resumed);
      return "uploaded";
    }
    const isFirstTry = upload.url === void 0;
    if (!(isFirstTry && from === "new") && await hasBlob(client, digest)) return isFirstTry ? "exists" : "uploaded";
    const mounted = typeof from === "object" ? await mountBlob(client, digest, from) : void 0;
    const session = mounted ?? await startUpload(client);
    if (session === "mounted") return "mounted";
    upload.url = session.url;
    if (!upload.inChunks && await putWhole(upload, session)) return "uploaded";
    await putChunks(upload, upload.inChunks ? session : await startUpload(client));
    return "uploaded";
  });
}
async function hasBlob(client, digest) {
  const request = { method: "HEAD", to: `blobs/${digest}` };
  const response = await client.request(request);
  if (response.status >= 500 || response.status === 429) throw await client.refusal(request, response);
  await response.discard();
  return response.status === 200 && !hasOtherDigest(response, digest);
}
async function mountBlob(client, digest, from) {
  const to = `blobs/uploads/?mount=${digest}&from=${encodeURIComponent(from.path)}`;
  const response = await client.request({ method: "POST", to, body: emptyBody });
  await response.discard();
  if (response.status === 201 && !hasOtherDigest(response, digest)) return "mounted";
  return response.status === 202 ? sessionOf(response) : void 0;
}
async function startUpload(client) {
  const request = { method: "POST", to: "blobs/uploads/", body: emptyBody };
  const response = await client.request(request);
  const session = response.status === 202 ? sessionOf(response) : void 0;
  if (session === void 0) throw await client.refusal(request, response);
  await response.discard();
  return session;
}
async function resumeUpload(client, url) {
  const response = await client.request({ method: "GET", to: url });
  await response.discard();
  const offset = offsetOf(response);
  if (response.status !== 204 || offset === 0) return void 0;
  return { url, chunkMinimum: chunkMinimumOf(response), ...sessionOf(response), offset };
}
async function putWhole(upload, { url }) {
  const { client, blob } = upload;
  const { digest, size } = blob.descriptor;
  const request = {
    method: "PUT",
    to: withDigest(url, digest),
    headers: { "content-type": "application/octet-stream" },
    body: { size, open: () => blob.open(reuseBuffer) }
  };
  const response = await client.request(request);
  if (response.status === 413) {
    await response.discard();
    return false;
  }
  await expectStored(upload, request, response);
  return true;
}
async function putChunks(upload, { url, offset, chunkMinimum }) {
  const { client, blob } = upload;
  upload.inChunks = true;
  upload.url = url;
  let start = offset;
  for await (const chunk of chunksOf2(blob.open(), offset, Math.max(chunkSize, chunkMinimum))) {
    const request = {
      method: "PATCH",
      to: upload.url,
      headers: {
        "content-type": "application/octet-stream",
        "content-range": `${start}-${start + chunk.length - 1}`
      },
      body: {
        size: chunk.length,
        async *open() {
          yield chunk;
        }
      }
    };
    const response = await client.request(request);
    if (response.status !== 202 && response.status !== 201) throw await uploadRefusal(client, request, response);
    await response.discard();
    upload.url = locationOf(response) ?? upload.url;
    start += chunk.length;
  }
  const end = { method: "PUT", to: withDigest(upload.url, blob.descriptor.digest), body: emptyBody };
  await expectStored(upload, end, await client.request(end));
}
async function* chunksOf2(source, offset, size) {
  let skip = offset;
  let parts = [];
  let length = 0;
  for await (const piece of source) {
    const wanted = piece.subarray(Math.min(skip, piece.length));
    skip -= piece.length - wanted.length;
    parts.push(wanted);
    length += wanted.length;
    while (length >= size) {
      const all = Buffer.concat(parts);
      yield all.subarray(0, size);
      parts = [all.subarray(size)];
      length -= size;
    }
  }
  if (length > 0) yield Buffer.concat(parts);
}
async function expectStored({ client, blob }, request, response) {
  if (![201, 202, 204].includes(response.status)) throw await uploadRefusal(client, request, response);
  await response.discard();
  expectDigest(client, response, blob.descriptor.digest);
}
async function uploadRefusal(client, request, response) {
  const error = await client.refusal(request, response);
  const isUnsettled = [404, 416].includes(error.status) || error.codes.some((code) => /^(BLOB_UPLOAD_|DIGEST_INVALID)/.test(code));
  return isUnsettled ? new UnsettledError(error.message, error) : error;
}
function sessionOf(response) {
  const url = locationOf(response);
  return url === void 0 ? void 0 : { url, offset: 0, chunkMinimum: chunkMinimumOf(response) };
}
function locationOf(response) {
  const location = response.header("location");
  return location === void 0 ? void 0 : resolveLocation(location, response);
}
function chunkMinimumOf(response) {
  const bytes = Number(response.header("oci-chunk-min-length") ?? 0);
  return bytes > 0 ? Math.min(bytes, largestChunk) : 0;
}
function offsetOf(response) {
  const last = /^(?:bytes=)?0-(\d+)$/.exec(response.header("range") ?? "")?.[1];
  return last === void 0 || last === "0" ? 0 : Number(last) + 1;
}
function withDigest(url, digest) {
  const ended = new URL(url);
  ended.search += `${url.search === "" ? "?" : "&"}digest=${encodeURIComponent(digest)}`;
  return ended;
}
var emptyBody = { size: 0, async *open() {
} };
async function checkMayPush(client) {
  await client.retry(`Asking ${client.repository.host} whether a push is allowed`, async () => {
    const request = { method: "POST", to: "blobs/uploads/", body: emptyBody };
    const response = await client.request(request);
    if (response.status !== 202) throw await client.refusal(request, response);
    await response.discard();
    const url = locationOf(response);
    if (url !== void 0) await cancelUpload(client, url);
  });
}
async function cancelUpload(client, url) {
  try {
    await (await client.request({ method: "DELETE", to: url })).discard();
  } catch {
  }
}
async function readBlob(client, { digest, size }, largest = largestConfig) {
  if (size > largest) {
    throw new Failure(
      `Cannot use ${formatRepository(client.repository)}: ${digest}, a config or an artifact, is larger than ${largest >> 20} MiB.`
    );
  }
  const request = { method: "GET", to: `blobs/${digest}` };
  return client.retry(`Reading ${digest}`, async () => {
    const response = await client.request(request);
    if (response.status !== 200) throw await client.refusal(request, response);
    const bytes = await response.bytes(size + 1);
    if (digestOf(bytes) === digest) return bytes;
    throw new Failure(
      `Cannot trust ${formatRepository(client.repository)}: the bytes it sent for the blob ${digest} do not have that digest.`
    );
  });
}
async function* openBlob(client, { digest }) {
  const request = { method: "GET", to: `blobs/${digest}` };
  const response = await client.request(request);
  if (response.status !== 200) throw await client.refusal(request, response);
  yield* response.body;
}

// src/registry/content/manifest-links.ts
var largestReferrers = 4 << 20;
var mostReferrers = 1e3;
async function readLinks(client, digest) {
  try {
    const json = objectIn(await getManifest(client, digest));
    return { exists: true, children: digestsIn(json.manifests), subject: digestsIn([json.subject])[0] };
  } catch (error) {
    if (error instanceof RegistryError && error.status === 404)
      return { exists: false, children: [], subject: void 0 };
    throw error;
  }
}
async function listReferrers(client, digest) {
  const first = new URL(`/v2/${client.repository.path}/referrers/${digest}`, client.origin);
  const found = /* @__PURE__ */ new Map();
  for await (const page of readPages(first, (url) => readReferrers(client, { url, digest }))) {
    for (const referrer of page.slice(0, mostReferrers - found.size)) found.set(referrer.digest, referrer);
    if (found.size >= mostReferrers) break;
  }
  return [...found.values()];
}
async function listTaggedReferrers(client, digest) {
  const stored = await readManifestIfThere(client, fallbackTagOf(digest));
  return stored === void 0 ? [] : referrersIn(objectIn(stored.bytes));
}
function fallbackTagOf(digest) {
  return `sha256-${hexOf(digest)}`;
}
async function readReferrers(client, { url, digest }) {
  const request = { method: "GET", to: url };
  return client.retry(`Listing the referrers of ${digest}`, async () => {
    const response = await client.request(request);
    const isApi = response.url.origin === client.origin;
    if (isApi && (response.status === 429 || response.status >= 500)) throw await client.refusal(request, response);
    if (!isApi || response.status !== 200) {
      await response.discard();
      return { value: [], next: void 0 };
    }
    const value = referrersIn(objectIn(await response.bytes(largestReferrers)));
    return { value, next: nextPageOf(response, resolveLocation) };
  });
}
function subjectOfTag(tag) {
  const [, hex] = /^sha256-([0-9a-f]{64})(\.[\w.-]+)?$/.exec(tag) ?? [];
  return hex === void 0 ? void 0 : `sha256:${hex}`;
}
function referrersIn({ manifests }) {
  return (Array.isArray(manifests) ? manifests.filter(isObject) : []).flatMap(
    ({ digest, artifactType }) => typeof digest === "string" && isDigest(digest) ? [{ digest, artifactType: typeof artifactType === "string" ? artifactType : void 0 }] : []
  );
}
function digestsIn(manifests) {
  return referrersIn({ manifests }).map(({ digest }) => digest);
}

export {
  keysNotAllowed,
  parsePlatform,
  isSamePlatform,
  closestTo,
  normalizePlatform,
  placeAnnotations,
  annotationName,
  annotationsOf,
  withoutKeys,
  compilePattern,
  withoutRepeats,
  checkedImage,
  efficiencyOf,
  rules,
  ruleIds,
  stableLayers,
  defaultMaxLayers,
  layersOfClosure,
  storePathsComment,
  noMetadata,
  parseMetadataJson,
  metadataOfEnvironment,
  joinMetadata,
  isPath,
  parseImages,
  parseInputs,
  connectionFaultOf,
  proxyRefused,
  openTransport,
  resolveLocation,
  followRedirects,
  retry,
  isBrokenConnection,
  RegistryError,
  isUnknownContent,
  isDenied,
  openClient,
  isSameRepository,
  byRepository,
  EndlessListError,
  readPages,
  nextPageOf,
  readsAtATime,
  accept,
  putManifest,
  findManifest,
  readManifestIfThere,
  getManifest,
  manifestBlob,
  sortedAnnotations,
  blobOf,
  emptyConfig,
  artifactManifest,
  uploadBlob,
  hasBlob,
  checkMayPush,
  readBlob,
  openBlob,
  readLinks,
  listReferrers,
  listTaggedReferrers,
  fallbackTagOf,
  subjectOfTag
};
