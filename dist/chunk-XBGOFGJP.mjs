const { posix } = globalThis.process.getBuiltinModule("node:path");
const { closeSync, lstatSync, openSync, readlinkSync, readSync } = globalThis.process.getBuiltinModule("node:fs");
const { posix: posix2 } = globalThis.process.getBuiltinModule("node:path");
const { posix: posix3 } = globalThis.process.getBuiltinModule("node:path");
const { readFileSync } = globalThis.process.getBuiltinModule("node:fs");
const { availableParallelism } = globalThis.process.getBuiltinModule("node:os");
const { extname } = globalThis.process.getBuiltinModule("node:path");
const { crc32 } = globalThis.process.getBuiltinModule("node:zlib");
const zlib = globalThis.process.getBuiltinModule("node:zlib");
const { BlockList, isIP } = globalThis.process.getBuiltinModule("node:net");
const { setTimeout: sleep } = globalThis.process.getBuiltinModule("node:timers/promises");
const { BlockList: BlockList2, isIP: isIP2 } = globalThis.process.getBuiltinModule("node:net");
const { existsSync, readFileSync: readFileSync2 } = globalThis.process.getBuiltinModule("node:fs");
import {
  formatReference,
  formatRepository,
  isRegistryHost,
  parseImageName,
  parseReference,
  parseRepository
} from "./chunk-HEI324TL.mjs";
import {
  Failure,
  codeOf,
  githubIssuer,
  hasCode,
  inputNames,
  inputTable,
  isObject,
  messageOf,
  modes,
  oneLine,
  parseCreated,
  sbomFormats,
  sentence,
  takesInput,
  withoutLogins
} from "./chunk-UH7NESJ6.mjs";

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

// src/inputs/is-path.ts
function isPath(text) {
  return /^\.{0,2}\//.test(text);
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
  if (builds.some(({ source }) => source.kind === "path") && inputs.checkReproducible) {
    throw new Failure("Cannot use check-reproducible together with path: nothing is built. Remove one of them.");
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
  checkRequired(inputs);
  if (inputs.mode === "push-layout" && builds[0]?.source.kind !== "path")
    throw new Failure("Cannot push a layout: path is empty. Give the directory or tar archive that it is in.");
  if (inputs.pushByDigest && inputs.ifExists !== "overwrite")
    throw new Failure("Cannot use if-exists with push-by-digest: no tag is moved. Remove one of them.");
}
function checkRequired({ mode, image, base, from, reuseFrom, require: require2 }) {
  const { signer } = require2;
  if (mode === "verify") {
    checkNamed(require2);
    if (image === void 0) throw new Failure("Cannot verify: image is empty. Give the reference of an image.");
    if (signer !== void 0) return;
    throw new Failure(
      "Cannot verify: no signer is named. Give an identity in require-signed, or a key in require-key."
    );
  }
  if (signer === void 0 || !takesInput(mode, "require-signed")) return;
  const name = signer.kind === "key" ? "require-key" : "require-signed";
  const files2 = {
    base: isPath(base ?? "") ? base : void 0,
    from: from !== void 0 && "layout" in from && from.layout
  };
  for (const [input, file] of Object.entries(files2)) {
    if (!file) continue;
    throw new Failure(`Cannot use ${name} with ${input}: the file ${file} has no signatures. Give a reference.`);
  }
  if (base !== void 0 || from !== void 0 || reuseFrom.length > 0) return;
  throw new Failure(
    `Cannot use ${name}: the step uses no image that could be signed. Set ${mode === "build" ? "base or " : ""}reuse-from, or remove it.`
  );
}
function checkNamed({ parts, repository, workflow, ref }) {
  if (parts.includes("provenance")) return;
  const demands = { "require-repository": repository, "require-workflow": workflow, "require-ref": ref };
  for (const [name, value] of Object.entries(demands)) {
    if (value === void 0) continue;
    throw new Failure(
      `Cannot use ${name}: require does not have provenance, which alone names it. Add provenance to require.`
    );
  }
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
    ...pushByDigest ? [] : tagging.references.map(formatReference)
  ]);
  expectApart(targets);
}
function expectApart(targets) {
  const twice = targets.find((target, i) => targets.indexOf(target) !== i);
  if (twice === void 0) return;
  throw new Failure(
    `Cannot build several images: more than one of them would use ${twice}. Write {{name}} where their names differ.`
  );
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
function buildToolAt(path, isExecutable2) {
  if (isExecutable2 && compilers.test(path)) return { place: path, kind: "compiler" };
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
  const machine2 = number(18, 2);
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
    return { machine: machine2, interpreter: start.toString("utf8", offset, offset + size - 1) };
  }
  return { machine: machine2 };
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
function isForeign({ machine: machine2 }, architecture) {
  const known = Object.hasOwn(machines, architecture) ? machines[architecture] : void 0;
  return machine2 !== void 0 && known !== void 0 && !known.includes(machine2);
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
  let directory2 = "/";
  const spend = (text) => {
    budget.left -= text.length + overhead;
    if (budget.left < 0) isComplete = false;
    return isComplete;
  };
  const keep = (path, entry) => {
    if (!spend(path) || !spend(entry.target ?? entry.text ?? "")) return;
    entries.set(path, entry);
    const parent = parentOf(path);
    if (parent === directory2) return;
    directory2 = parent;
    for (let at = parent; at !== "/" && !entries.has(at) && spend(at); at = parentOf(at)) {
      entries.set(at, { type: "directory", mode: 493, uid: 0, size: 0 });
    }
  };
  const addTo = (named2, path, kind) => {
    if (named2.size < mostNamed && spend(path)) named2.set(path, kind);
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
    text: isAccounts && type === "file" && start.length === size ? start.toString("utf8") : void 0
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

// src/check/local-store.ts
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
  const topDown = layers.toReversed().map(({ files: files2, storePaths }) => ({ files: files2, storePaths: storePaths && new Set(storePaths) }));
  const findEntry = (path) => {
    if (path === "/") return directory;
    const storePath = storePathIn(path);
    let hasStorePath = false;
    for (const { files: files2, storePaths } of topDown) {
      if (files2 === void 0) {
        if (storePaths === void 0) return "unknown";
        if (path === "/nix" || path === storeDirectory) return directory;
        if (storePath !== void 0 && storePaths.has(storePath)) return findInStore(path) ?? "unknown";
        continue;
      }
      const entry = files2.entries.get(path);
      if (entry !== void 0) return entry;
      const isThere2 = storePath !== void 0 && (files2.entries.has(storePath) || files2.storeSizes.has(storePath));
      if (isThere2) hasStorePath = true;
      if (!files2.isComplete) return "unknown";
      if (hides(files2, path)) break;
    }
    return hasStorePath ? "plain" : "absent";
  };
  const isInVolume = (path) => volumes.some((volume) => path === volume || path.startsWith(`${volume}/`));
  return {
    find(path) {
      const found = followLinks(posix2.resolve("/", path), findEntry);
      return found.entry === "absent" && isInVolume(found.path) ? "unknown" : found.entry;
    },
    isVisible: (path, layer) => {
      const at = topDown.findIndex(({ files: files2 }) => files2 === layer);
      return !topDown.slice(0, at).some(({ files: files2, storePaths }) => {
        if (files2 === void 0) return storePaths === void 0 || storePaths.has(storePathIn(path) ?? "");
        return !files2.isComplete || files2.entries.has(path) || hides(files2, path);
      });
    }
  };
}
function hides({ removed, opaque }, path) {
  if (removed.size === 0 && opaque.size === 0) return false;
  if (removed.has(path)) return true;
  for (let at = posix2.dirname(path); ; at = posix2.dirname(at)) {
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
    at = posix2.join(at, name);
    rest = others;
    entry = findEntry(at);
    if (typeof entry === "string") {
      if (entry === "unknown") return { entry, path: posix2.join(at, ...rest) };
      continue;
    }
    if (entry.type === "symlink") {
      links += 1;
      if (links > mostLinks) return { entry: "absent", path: at };
      rest = [...(entry.target ?? "").split("/").filter((part) => part !== "" && part !== "."), ...rest];
      at = entry.target?.startsWith("/") ? "/" : posix2.dirname(at);
    } else if (entry.type !== "directory" && rest.length > 0) {
      return { entry: "absent", path: posix2.join(at, ...rest) };
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
  for (const { files: files2 } of layers) {
    if (files2?.isComplete !== true) return void 0;
    removeHidden(copies, files2);
    for (const [path, size] of sizesOf(files2)) addCopy(copies, path, size);
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
function removeHidden(copies, files2) {
  if (files2.removed.size + files2.opaque.size === 0) return;
  for (const [path, copy] of copies) if (hides(files2, path)) copy.smallest = 0;
}

// src/check/file-rules.ts
var storePathPattern = new RegExp(`${storeDirectory}/${storeHash}-[\\w+.?=-]+`, "g");
function findMissingStorePaths({ container, files: files2 }) {
  const { Labels: _, ...started } = container;
  const named2 = new Set(JSON.stringify(started).match(storePathPattern) ?? []);
  return [...named2].filter((path) => files2.find(path) === "absent").map((path) => `${path} is not in the image`);
}
var usualCertificates = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/ssl/certs/ca-bundle.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem"
];
function findMissingCertificates({ layers, env, files: files2 }) {
  const named2 = env.get("SSL_CERT_FILE");
  if (named2 !== void 0) {
    return files2.find(named2) === "absent" ? [`SSL_CERT_FILE is ${named2}, which is not in the image`] : [];
  }
  const library = layers.map(({ files: files3, storePaths = [] }) => files3?.tlsLibrary ?? storePaths.find(isTlsPackage)).find((path) => path !== void 0);
  const isNamed2 = env.has("NIX_SSL_CERT_FILE") || env.has("SSL_CERT_DIR");
  if (library === void 0 || isNamed2 || usualCertificates.some((path) => files2.find(path) !== "absent")) return [];
  const certificates2 = layers.map(({ files: files3, storePaths = [] }) => files3?.certificates ?? storePaths.find(isCertificatePackage)).find((path) => path !== void 0);
  return certificates2 === void 0 ? [`the image has ${library}, but no CA certificates`] : [`the image has CA certificates in ${certificates2}, but SSL_CERT_FILE does not name them`];
}
function findUnknownUser({ container, files: files2 }) {
  const [user = "", group = ""] = textAt(container, "User").split(":");
  const find = (what, name, path) => {
    if (/^\d*$/.test(name)) return [];
    const found = files2.find(path);
    if (found === "absent") return [`the ${what} ${name} is a name, and the image has no ${path}`];
    const text = typeof found === "string" ? void 0 : found.text;
    const isListed = text === void 0 || text.split("\n").some((line) => line.startsWith(`${name}:`));
    return isListed ? [] : [`the ${what} ${name} is not in ${path}`];
  };
  return [...find("user", user, "/etc/passwd"), ...find("group", group, "/etc/group")];
}
function findMissingTmp({ container, files: files2 }) {
  const found = files2.find("/tmp");
  if (found === "unknown") return [];
  if (found === "absent") return ["the image has no /tmp"];
  if (typeof found === "string" || found.type !== "directory") return ["/tmp is not a directory"];
  const user = userOf(container);
  if (isRoot(user) || Number(user) === found.uid || (found.mode & 2) !== 0) return [];
  return [`/tmp has mode ${octal(found)}, so the user ${user} cannot write to it`];
}
function findMissingWorkingDir({ container, files: files2 }) {
  const path = textAt(container, "WorkingDir");
  if (path === "") return [];
  const found = files2.find(path);
  if (found === "unknown" || typeof found !== "string" && found.type === "directory") return [];
  const user = userOf(container);
  if (found !== "absent") return [`WorkingDir ${path} is not a directory`];
  return isRoot(user) ? [] : [`WorkingDir ${path} is not in the image, and the user is ${user}`];
}
function userOf(container) {
  return textAt(container, "User").split(":")[0] ?? "";
}
function isRoot(user) {
  return user === "" || user === "root" || Number(user) === 0;
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
function visibleFiles({ layers, files: files2 }, isMeant) {
  const found = [];
  for (const { files: layer } of layers) {
    for (const [path, entry] of layer?.entries ?? []) {
      if (layer !== void 0 && isMeant(entry) && files2.isVisible(path, layer)) {
        found.push(`${path} (mode ${octal(entry)})`);
      }
    }
  }
  return found;
}
function findSecretFiles({ layers }) {
  return layers.flatMap(({ files: files2 }) => [...files2?.secrets ?? []].map(([path, kind]) => `${path} (${kind})`));
}
function findBuildTools({ layers }) {
  const found = /* @__PURE__ */ new Map();
  for (const { files: files2, storePaths } of layers) {
    for (const [path, kind] of files2?.buildTools ?? []) found.set(path, kind);
    for (const path of storePaths ?? files2?.storeSizes.keys() ?? []) {
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
  const isEnv = machine2 === void 0 && posix3.basename(interpreter) === "env";
  const started = isEnv ? argument.split(/\s+/).find((word) => word !== "" && !/^-|=/.test(word)) : void 0;
  return [of(found), ...started === void 0 ? [] : [of(locate(started, image))]];
}
function commandOf(image) {
  const [name] = [...textsAt(image.container, "Entrypoint"), ...textsAt(image.container, "Cmd")];
  return name === void 0 ? void 0 : locate(name, image);
}
function locate(name, { files: files2, env, container }) {
  const search = env.get("PATH") ?? defaultPath;
  const isSearched = !name.includes("/");
  const directories = isSearched ? search.split(":").filter(Boolean) : [textAt(container, "WorkingDir")];
  const candidates = directories.map((directory2) => posix3.resolve("/", directory2, name));
  const found = candidates.map((path) => ({ path, entry: files2.find(path) }));
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
    reason: "Engines create the directory for root, so that the user of the image cannot write there.",
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
    reason: "Compilers and headers make the image large, and help an attacker who gets into the container.",
    cure: "Find what refers to them with `nix why-depends`, and cut the reference (`removeReferencesTo`, a separate output).",
    find: findBuildTools
  },
  "duplicate-files": {
    reason: "Every pull downloads these files, although a layer above replaces or removes them.",
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

// src/lib/parse-json.ts
var largestJson = 4 << 20;
var deepestJson = 200;
function parseJson(source, description, options = {}) {
  const { largest = largestJson, parse = JSON.parse } = options;
  if (source.length > largest) {
    throw new Failure(
      `Cannot read ${description}: it has ${source.length} bytes of JSON, more than the limit of ${largest}.`
    );
  }
  const text = typeof source === "string" ? source : Buffer.from(source.buffer, source.byteOffset, source.length).toString();
  if (isDeeper(text, deepestJson)) {
    throw new Failure(`Cannot read ${description}: its JSON is nested more than ${deepestJson} levels deep.`);
  }
  try {
    return parse(text);
  } catch (cause) {
    throw new Failure(`Cannot read ${description}: it is not JSON (${messageOf(cause)}).`, { cause });
  }
}
function parseJsonObject(source, description, options) {
  const json = parseJson(source, description, options);
  if (isObject(json)) return json;
  throw new Failure(`Cannot read ${description}: it is not a JSON object.`);
}
function objectIn(source, options) {
  try {
    return parseJsonObject(source, "an answer", options);
  } catch {
    return {};
  }
}
function isDeeper(text, limit) {
  let depth = 0;
  let isString2 = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === 34) isString2 = !isString2;
    else if (code === 92 && isString2) i++;
    else if (isString2) continue;
    else if (code === 91 || code === 123) depth++;
    else if (code === 93 || code === 125) depth--;
    if (depth > limit) return true;
  }
  return false;
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

// src/lib/compress/deflate-here.ts
var compiled;
var loaded;
function compileDeflate() {
  compiled ??= new WebAssembly.Module(readFileSync(new URL("./deflate.wasm", import.meta.url)));
  return compiled;
}
function deflateHere({ block, length, level }) {
  loaded ??= new WebAssembly.Instance(compileDeflate()).exports;
  const { memory: memory3, input_address, output_address, deflate } = loaded;
  const [bytes, program] = [Buffer.from(block), Buffer.from(memory3.buffer)];
  bytes.copy(program, input_address(), 0, length);
  const size = deflate(length, level);
  program.copy(bytes, 0, output_address(), output_address() + size);
  return size;
}

// src/lib/compress/deflate.ts
var deflateBlockSize = 1 << 20;
var fewBytes = 8 << 20;
var bytesHere = 0;
var deflaters = [];
function allocateDeflateBlock() {
  return Buffer.from(new SharedArrayBuffer(roomFor({ length: deflateBlockSize })));
}
function expectToDeflate(bytes) {
  if (bytes > fewBytes && deflaters.length === 0) startDeflater();
}
async function deflateInPlace({ buffer, length }, level) {
  const task = { block: buffer, length, level };
  if (deflaters.length === 0) {
    bytesHere += length;
    expectToDeflate(bytesHere);
  }
  const deflater = deflaters.length === 0 ? void 0 : findDeflater(task);
  const size = deflater === void 0 ? deflateHere(task) : await deflateInThread(task, deflater);
  return Buffer.from(buffer, 0, size);
}
function deflateInThread(task, { worker, waiting }) {
  return new Promise((done, fail) => {
    waiting.push({ length: task.length, done, fail });
    worker.ref();
    worker.postMessage(task);
  });
}
function findDeflater({ length, level }) {
  const [first] = deflaters.filter(({ isReady }) => isReady).sort((a, b) => bytesWaiting(a) - bytesWaiting(b));
  const isBusy = first === void 0 || first.waiting.length > 0;
  if (isBusy && deflaters.length < mostDeflaters(level)) startDeflater();
  const isSlow = first === void 0 || level === 1 && bytesWaiting(first) >= 3 * length;
  return isSlow ? void 0 : first;
}
function bytesWaiting({ waiting }) {
  return waiting.reduce((sum, { length }) => sum + length, 0);
}
var cores;
function mostDeflaters(level) {
  cores ??= availableParallelism();
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

// src/lib/compress/blocks.ts
var blocksAhead = 4;
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
    const bytes = Buffer.from(buffer);
    const end = byteOffset + chunkLength;
    for (let at = byteOffset; at < end; ) {
      if (length === size) {
        yield { block, length };
        block = take();
        length = 0;
      }
      const taken = Math.min(end - at, size - length);
      bytes.copy(block, length, at, at + taken);
      length += taken;
      at += taken;
    }
  }
  yield { block, length };
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

// src/lib/compress/zstd-frame.ts
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

// src/lib/compress/zstd.ts
var memory2 = createBlockMemory(2 << 20);
async function* zstd(source, level) {
  for await (const frame of mapBlocks(source, memory2, (bytes) => zstdFrame(bytes, level))) {
    yield frame;
    freeMemory(frame);
  }
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

// src/inputs/inputs.ts
var annotatePlaces = ["config", "manifest", "index"];
var requiredParts = ["signature", "provenance", "sbom", "rebuild"];

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
function expectToCompress(bytes, { method }) {
  if (method === "gzip") expectToDeflate(bytes);
}
function compress(tar, { method, level }) {
  if (method === "zstd:chunked") return compressChunked(tar, level);
  const bytes = method === "gzip" ? gzip(tar, level) : method === "zstd" ? zstd(tar, level) : tar;
  return { bytes, chunked: () => void 0 };
}
function compressChunked(tar, level) {
  let positions;
  async function* bytes() {
    const { zstdChunked } = await import("./chunk-QHYM5ZAT.mjs");
    positions = yield* zstdChunked(tar, level);
  }
  return { bytes: bytes(), chunked: () => positions };
}
function encodingOf({ method }) {
  if (method === "zstd:chunked") return "zstd";
  return method === "none" ? "tar" : method;
}

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

// src/inputs/parse-required.ts
function parseRequiredSigner({
  identities,
  issuer,
  key,
  trustedRoot,
  sign
}) {
  if (identities.length > 0 && key !== "") {
    throw new Failure("Cannot use require-signed together with require-key: give an identity or a key. Remove one.");
  }
  const ofIdentities = {
    "trusted-root": sign === "" ? trustedRoot : "",
    "require-issuer": issuer === githubIssuer ? "" : issuer
  };
  for (const [name, text] of Object.entries(ofIdentities)) {
    if (identities.length > 0 || text === "") continue;
    throw new Failure(`Cannot use ${name}: it is only for identities in require-signed. Give one, or remove ${name}.`);
  }
  if (key !== "") return { signer: { kind: "key", key } };
  if (identities.length === 0) return {};
  return { signer: { kind: "identity", identities, issuer, ...trustedRoot === "" ? {} : { trustedRoot } } };
}
function parseRequiredParts(text) {
  const parts = text.split(",").map((part) => parseOneOf("require", part.trim(), requiredParts));
  if (!parts.includes("rebuild") || parts.includes("signature") && parts.includes("provenance")) return parts;
  throw new Failure("Cannot use require: rebuild needs signature and provenance. Add both.");
}
function parseRequiredRepository(text) {
  if (text === "") return {};
  if (/^(https:\/\/[\w.:-]+\/)?[\w.-]+\/[\w.-]+$/.test(text)) return { repository: text };
  throw new Failure(`Cannot use require-repository: "${text}". Give OWNER/NAME or https://HOST/OWNER/NAME.`);
}
function parseRequiredRef(text) {
  if (text === "") return {};
  if (text.startsWith("refs/")) return { ref: text };
  throw new Failure(`Cannot use require-ref: "${text}". Give the full ref, as in refs/heads/main or refs/tags/v1.2.3.`);
}

// src/inputs/parse-signer.ts
function parseSigner({ sign, pem, config, trustedRoot }) {
  const kind = sign === "" ? void 0 : parseOneOf("sign", sign, ["keyless"]);
  if (kind !== void 0 && pem !== "") {
    throw new Failure(
      "Cannot use sign: keyless together with signing-key: an image has one signer. Remove one of them."
    );
  }
  if (config !== "" && kind === void 0) {
    throw new Failure("Cannot use signing-config: it names the services for sign: keyless. Set that, or remove it.");
  }
  if (kind !== void 0) {
    return { signer: { kind, ...config === "" ? {} : { config }, ...trustedRoot === "" ? {} : { trustedRoot } } };
  }
  if (pem === "") return {};
  if (/^-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem)) return { signer: { kind: "key", pem } };
  throw new Failure(
    'Cannot use signing-key: it is not a private key in PEM. Give the content of the file, which starts with "-----BEGIN".'
  );
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
function failureOf({ failed: failed2, server, why, advice }, cause) {
  return new Failure(`${failed2} ${server}: ${why}. ${advice}`.trimEnd(), { cause });
}
function namesIn(error) {
  const { cert } = error;
  return oneLine(String(cert?.subjectaltname ?? cert?.subject?.CN ?? "it has no name"), 200);
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
async function followRedirects(request, { send: send2, resolve }) {
  let next = request;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const response = await send2(next);
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
function redirectOf({ status, header: header2 }) {
  return [301, 302, 303, 307, 308].includes(status) ? header2("location") : void 0;
}
function withoutContent({ method, body: _, ...request }) {
  return { ...request, method: method === "HEAD" ? "HEAD" : "GET" };
}

// src/lib/http/read-pages.ts
var mostPages = 200;
var EndlessListError = class extends Failure {
  name = "EndlessListError";
};
async function* readPages(first, read) {
  const seen = /* @__PURE__ */ new Set();
  for (let url = first; url !== void 0; ) {
    const failed2 = `Cannot list ${url.origin}${url.pathname}`;
    if (seen.has(url.href)) throw new EndlessListError(`${failed2}: its pages form a cycle.`);
    if (seen.size >= mostPages) throw new EndlessListError(`${failed2}: it has more than ${mostPages} pages.`);
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
function nextLinkOf(header2) {
  for (const [, target, parameters = ""] of header2.matchAll(/<([^<>]*)>([^<]*)/g)) {
    const [, quoted, bare] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters) ?? [];
    const relations = (quoted ?? bare ?? "").toLowerCase().split(/\s+/);
    if (relations.includes("next")) return target;
  }
  return void 0;
}

// src/lib/http/retry.ts
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

// src/github/github-api.ts
var GitHubError = class extends Failure {
  name = "GitHubError";
  status;
  /** Milliseconds after which another try may help; undefined if none will. */
  retryAfter;
  constructor(message, answer) {
    super(message);
    this.status = answer.status;
    this.retryAfter = answer.retryAfter;
  }
};
var largestAnswer = 16 << 20;
var usualWaits2 = { first: 500, longest: 6e4 };
function openGitHubApi(access) {
  const { apiUrl } = access;
  if (!/^https?:/.test(apiUrl) || !URL.canParse(apiUrl)) {
    throw new Failure(`Cannot use GITHUB_API_URL="${apiUrl}": it is not a URL. Set it to https://HOST/api/v3.`);
  }
  const urlOf = (path) => new URL(`${apiUrl.replace(/\/$/, "")}/${path.replace(/^\//, "")}`);
  return {
    get: async (path) => (await ask({ method: "GET", url: urlOf(path) }, access)).value,
    request: async (method, path, body) => (await ask({ method, url: urlOf(path), body }, access)).value,
    pages: (path) => readPages(urlOf(path), async (url) => {
      const { value, response } = await ask({ method: "GET", url }, access);
      return { value, next: nextPageOf(response, resolveWithinApi) };
    })
  };
}
async function ask(question, access) {
  const { log, waits = usualWaits2 } = access;
  return retry(() => askOnce(question, access), {
    waits,
    waitFor(error) {
      const wait = error instanceof GitHubError ? error.retryAfter : waitAfterLoss(error, question);
      return wait === void 0 || wait > waits.longest ? void 0 : wait;
    },
    onRetry: (error, wait) => log.info(`${messageOf(error)} Trying again in ${(wait / 1e3).toFixed(1)} s.`)
  });
}
function waitAfterLoss(error, { method }) {
  return error instanceof Failure && isBrokenConnection(error.cause) && method !== "POST" ? 0 : void 0;
}
async function askOnce(question, access) {
  const response = await followRedirects(requestOf(question, access), {
    send: (request) => send(request, access),
    resolve: resolveWithinApi
  });
  if (response.status < 200 || response.status > 299) throw await readRefusal(question, response, access);
  const bytes = await response.bytes(largestAnswer + 1);
  if (bytes.length > largestAnswer)
    throw new Failure(`${failed(question)}: the answer has more than ${largestAnswer} bytes.`);
  return { value: parseAnswer(bytes, question), response };
}
async function send(request, access) {
  try {
    return await access.send(request);
  } catch (cause) {
    const fault = connectionFaultOf(cause);
    const why = fault === void 0 ? sentence(messageOf(cause)) : `${fault.why}. ${fault.advice}`.trimEnd();
    throw new Failure(`${failed(request)}: ${why}`, { cause });
  }
}
function requestOf({ method, url, body }, { token }) {
  const headers = {
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
    ...token === void 0 ? {} : { authorization: `Bearer ${token}` }
  };
  if (body === void 0) return { method, url, headers };
  const bytes = Buffer.from(JSON.stringify(body));
  return {
    method,
    url,
    headers: { ...headers, "content-type": "application/json" },
    body: {
      size: bytes.length,
      async *open() {
        yield bytes;
      }
    }
  };
}
function resolveWithinApi(location, source) {
  const url = resolveLocation(location, source);
  const { origin, pathname } = source.url;
  if (url.origin === origin) return url;
  throw new Failure(`Cannot follow ${origin}${pathname} to ${url.origin}: it leads outside of GitHub's API.`);
}
function parseAnswer(bytes, question) {
  if (bytes.length === 0) return void 0;
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new Failure(`${failed(question)}: the answer is not JSON.`, { cause });
  }
}
function failed({ method, url }) {
  return `Cannot ${method} ${url.origin}${url.pathname}`;
}
var largestRefusal = 64 << 10;
async function readRefusal(question, response, { token }) {
  const { status } = response;
  const said = wordsOf2(await response.bytes(largestRefusal).then(String, () => ""));
  const words = token === void 0 ? said : said.replaceAll(token, "***");
  const retryAfter = waitOf(response, words, question);
  const advice = retryAfter === void 0 ? adviceFor(response) : rateLimitAdvice(response, retryAfter);
  const answer = [`the answer was ${status}`, words].filter((part) => part !== "").join(" ");
  const message = `${failed(question)}: ${sentence(answer)}`;
  return new GitHubError(advice === "" ? message : `${message} ${advice}`, { status, retryAfter });
}
function wordsOf2(body) {
  try {
    const answer = JSON.parse(body);
    if (!isObject(answer)) return "";
    const errors = Array.isArray(answer.errors) ? answer.errors : [];
    const details = errors.map((error) => isObject(error) ? error.message ?? error.code : error);
    const words = [answer.message, ...details].filter((word) => typeof word === "string");
    return oneLine(words.join("; "));
  } catch {
    return "";
  }
}
function waitOf(response, words, { method }) {
  const { status } = response;
  const isUsedUp = response.header("x-ratelimit-remaining") === "0";
  const asked = response.header("retry-after");
  const isLimit = status === 429 || status === 403 && (isUsedUp || asked !== void 0 || /rate limit/i.test(words));
  if (!isLimit) return status >= 500 && method !== "POST" ? secondsOf(asked) * 1e3 : void 0;
  if (asked !== void 0) return secondsOf(asked) * 1e3;
  if (!isUsedUp) return 6e4;
  const now = Date.parse(response.header("date") ?? "") / 1e3;
  const wait = secondsOf(response.header("x-ratelimit-reset")) - now;
  return Number.isNaN(wait) ? 6e4 : Math.max(0, wait * 1e3);
}
function secondsOf(header2) {
  return /^\d+$/.test(header2 ?? "") ? Number(header2) : 0;
}
function rateLimitAdvice({ status }, wait) {
  return status >= 500 ? "" : `The rate limit ends in ${Math.ceil(wait / 1e3)} s.`;
}
function adviceFor(response) {
  if (response.status === 401) return "Check github-token.";
  const permissions = response.header("x-accepted-github-permissions") ?? "";
  if (response.status !== 403 || permissions === "") return "";
  return `The token needs ${oneLine(permissions, 200).replaceAll("=", ": ")}; add it to "permissions" of the job.`;
}

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
  if (isIP2(network) !== 0) return isInNetwork(hostname, network, Number(bits));
  const [, host = "", named2 = port] = /^(\[.+\]|[^:]+|[^[]*:.*:.*)(?::(\d+))?$/.exec(entry) ?? [];
  const name = host.replaceAll(/^\[|\]$|^\*?\./g, "");
  if (name === "" || named2 !== port) return false;
  if (isIP2(name) !== 0) return isInNetwork(hostname, name, isIP2(name) === 4 ? 32 : 128);
  return isIP2(hostname) === 0 && `.${hostname}`.endsWith(`.${name}`);
}
function isInNetwork(address, network, bits) {
  const [family, familyOfNetwork] = [isIP2(address), isIP2(network)];
  if (family === 0 || bits > (familyOfNetwork === 4 ? 32 : 128)) return false;
  const list = new BlockList2();
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
      if (answer.complete && answer.readableLength === 0 && !answer.closed) {
        await new Promise((resolve) => answer.once("close", resolve).resume());
        return;
      }
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
  const extras = extra !== "" && existsSync(extra) ? [readFileSync2(extra, "utf8")] : [];
  try {
    return [...tls.getCACertificates?.() ?? tls.rootCertificates, ...extras, readFileSync2(file, "utf8")];
  } catch (cause) {
    throw new Failure(`Cannot read SSL_CERT_FILE=${file}: ${messageOf(cause)}.`, { cause });
  }
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
    ...optional("image", "image"),
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
    nixDb: flag("nix-db"),
    checkReproducible: flag("check-reproducible"),
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
      ...parseSigner({
        sign: word("sign"),
        pem: word("signing-key"),
        config: word("signing-config"),
        trustedRoot: word("trusted-root")
      }),
      provenance: flag("provenance"),
      allowUnattested: flag("allow-unattested"),
      toGitHub: flag("attest-to-github")
    },
    require: {
      ...parseRequiredSigner({
        identities: lines("require-signed"),
        issuer: word("require-issuer"),
        key: word("require-key"),
        trustedRoot: word("trusted-root"),
        sign: word("sign")
      }),
      parts: parseRequiredParts(word("require")),
      ...parseRequiredRepository(word("require-repository")),
      ...optional("workflow", "require-workflow"),
      ...parseRequiredRef(word("require-ref"))
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
  isPath,
  expectApart,
  storeDirectory,
  storeHash,
  storeDirectoryOf,
  isStorePath,
  isInStore,
  storePathName,
  parsePackageName,
  secretIn,
  startSize,
  collectFiles,
  checkedImage,
  efficiencyOf,
  rules,
  ruleIds,
  stableLayers,
  defaultMaxLayers,
  layersOfClosure,
  storePathsComment,
  largestJson,
  parseJson,
  parseJsonObject,
  objectIn,
  noMetadata,
  parseMetadataJson,
  metadataOfEnvironment,
  joinMetadata,
  createBlockMemory,
  freeMemory,
  mapConcurrently,
  blocksOf,
  zstdFrame,
  zstdFramesOf,
  connectionFaultOf,
  failureOf,
  isLoopback,
  isLocalHost,
  resolveLocation,
  isLocal,
  followRedirects,
  EndlessListError,
  readPages,
  nextPageOf,
  retry,
  isBrokenConnection,
  GitHubError,
  openGitHubApi,
  proxyRefused,
  namesHost,
  openTransport,
  defaultCompression,
  compressionName,
  expectToCompress,
  compress,
  encodingOf,
  parseImages,
  parseInputs
};
