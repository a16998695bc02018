import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  inputTable
} from "./chunk-7BUEJNM4.mjs";
import {
  annotationName,
  formatReference,
  formatRepository,
  isPath,
  isPlatform,
  isRegistryHost,
  parseAnnotations,
  parseCompression,
  parseImageName,
  parseLabels,
  parseMetadataJson,
  parseTagging,
  parseTags,
  referencesOf
} from "./chunk-C25C3PWN.mjs";
import {
  parseCreated
} from "./chunk-MAGKRFWX.mjs";
import {
  Failure,
  messageOf
} from "./chunk-IQWQOVRW.mjs";

// src/inputs/check-inputs.ts
function checkTogether(inputs) {
  const { variants, tagging, metadata, push, load, buildArgs, impure } = inputs;
  const mayHaveTags = tagging.references.length > 0 || tagging.rules !== void 0 || metadata !== void 0;
  for (const [name, wanted] of Object.entries({ push, load })) {
    if (wanted && !mayHaveTags)
      throw new Failure(`Cannot ${name}: tags is empty. Give at least one reference in tags.`);
  }
  if (variants.some(({ spec }) => spec.kind === "path") && (buildArgs.length > 0 || impure)) {
    throw new Failure("Cannot use build-args or impure together with path: nothing is built. Remove one of them.");
  }
  if (variants.length > 1 && (load || inputs.output?.kind === "docker-archive")) {
    throw new Failure(
      `Cannot ${load ? "load" : "write a docker-archive of"} an image for ${variants.length} platforms: an engine takes one. Name one platform.`
    );
  }
  if (inputs.cache.binaryCache !== void 0 && inputs.cache.maxSize !== void 0) {
    throw new Failure(
      "Cannot use cache-max-size with a binary cache in cache-to: it has no entries. Remove one of them."
    );
  }
  if (inputs.mode === "index" && inputs.sources.length === 0)
    throw new Failure("Cannot make an index: sources is empty. Give what the jobs of the platforms have pushed.");
  if (inputs.mode === "promote" && inputs.from === void 0)
    throw new Failure("Cannot promote: from is empty. Give the reference of an image, or the path of an OCI layout.");
  if (inputs.mode === "push-layout" && variants[0]?.spec.kind !== "path")
    throw new Failure("Cannot push a layout: path is empty. Give the directory or tar archive that it is in.");
  if (inputs.pushByDigest && inputs.ifExists !== "overwrite")
    throw new Failure("Cannot use if-exists with push-by-digest: no tag is moved. Remove one of them.");
}
var forMode = {
  sources: "index",
  from: "promote",
  "allow-labels": "push-layout"
};
var buildInputs = [
  ...["installable", "file", "attr", "build-args", "impure", "config", "contents", "user", "base"],
  ...["max-layers", "compression", "compression-level"]
];
function refuseInputs(mode, given) {
  for (const name of given) {
    const only = forMode[name];
    if (only !== void 0 && only !== mode)
      throw new Failure(`Cannot use ${name} with mode: ${mode}. It is for mode: ${only}.`);
  }
  if (mode !== "promote" && mode !== "push-layout") return;
  const foreign = given.filter((name) => buildInputs.includes(name) || mode === "promote" && name === "path");
  if (foreign.length === 0) return;
  throw new Failure(
    `Cannot use ${foreign.join(", ")} with mode: ${mode}: nothing is built. Remove what it does not take.`
  );
}
function refuseTags(text) {
  const tagged = text.split(/[\r\n,]+/).find((item) => /^[^=]*:[^/=]*$/.test(item.trim()));
  if (tagged === void 0) return;
  throw new Failure(
    `Cannot push ${tagged.trim()} by digest: it has a tag. With push-by-digest, tags names the repository alone, as in ghcr.io/acme/app.`
  );
}
function checkApart(images) {
  if (images.length > 1 && images[0].mode === "metadata") {
    throw new Failure("Cannot describe several images in one step: the outputs speak of one. Use a step for each.");
  }
  const places = images.flatMap(({ output, pushByDigest, tagging }) => [
    ...output === void 0 ? [] : [`${output.kind}:${output.path}`],
    ...pushByDigest ? [] : tagging.references.map(formatReference),
    ...pushByDigest ? [] : tagging.rules?.images ?? []
  ]);
  const twice = places.find((place, i) => places.indexOf(place) !== i);
  if (twice === void 0) return;
  throw new Failure(
    `Cannot make several images: ${twice} is meant for more than one. Write {{name}} where their names differ.`
  );
}

// src/metadata/metadata-source.ts
function parseMetadataSource(text) {
  const trimmed = text.trim();
  if (trimmed === "env") return { kind: "env" };
  if (trimmed.startsWith("{")) return { kind: "given", metadata: parseMetadataJson(trimmed, "the input metadata") };
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
    `Cannot use the build-args line "${crowded}": write the flag and each of its values on a line of its own.`
  );
}
function parseStrict(version, isStrict) {
  if (!isStrict || version !== "") return isStrict;
  throw new Failure("Cannot use nix-version-strict: nix-version is empty. Say which version it has to be.");
}
function parsePublicKeys(keys) {
  const wrong = keys.find((key) => !/^[^:]+:[A-Za-z0-9+/]{43}=$/.test(key));
  if (wrong === void 0) return keys;
  throw new Failure(
    `Cannot use trusted-public-keys: "${wrong}" is no key. Give NAME:BASE64, as the binary cache shows it.`
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
function parseAnnotate(text) {
  const places = text.split(",").map((place) => place.trim());
  return places.map((place) => parseOneOf("annotate", place, annotatePlaces));
}
function parseMetadata(text) {
  return text.trim() === "" ? {} : { metadata: parseMetadataSource(text) };
}
function parsePlatform(text, mode) {
  if (text === "") return {};
  const platforms = mode === "index" || mode === "push-layout" ? text.split(",").map((one) => one.trim()) : [text];
  if (platforms.every(isPlatform)) return { platform: platforms.join(",") };
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
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= 2 && number <= 127) return { maxLayers: number };
  throw new Failure(`Cannot use max-layers: "${text}". Give a number from 2 to 127, the most that engines can stack.`);
}
function parseMaxSize(text) {
  if (text === "") return {};
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?) ?([kMGT]?)B?$/.exec(text) ?? [];
  if (number !== void 0) return { maxSize: Math.floor(Number(number) * 1e3 ** " kMGT".indexOf(unit || " ")) };
  throw new Failure(`Cannot use cache-max-size: "${text}". Give bytes, or a number with kB, MB, GB or TB.`);
}
function parseCacheTo(text, signingKey) {
  const isUrl = /^(file:\/\/\/|(s3|https?):\/\/)[^\s]+$/.test(text);
  if (signingKey !== "" && !isUrl) {
    throw new Failure("Cannot use cache-signing-key: cache-to names no binary cache. Give its URL in cache-to.");
  }
  if (text === "") return {};
  if (isPath(text)) return { directory: text };
  if (!isUrl) {
    throw new Failure(
      `Cannot use cache-to: "${text}". Give a directory (/\u2026 or ./\u2026), or a binary cache: file:///\u2026, s3://\u2026, https://\u2026.`
    );
  }
  return { binaryCache: { url: text, ...signingKey === "" ? {} : { signingKey: parseSigningKey(signingKey) } } };
}
function parseSigningKey(key) {
  if (/^[^:\s]+:[A-Za-z0-9+/]{86}==$/.test(key)) return key;
  throw new Failure('Cannot use cache-signing-key: it is no key. Give what "nix key generate-secret" has printed.');
}
function parseLogin(username, password) {
  if (username === "" && password === "") return {};
  if (username !== "") return { login: { username, password } };
  throw new Failure("Cannot log in with password alone: give username and password.");
}
function linesOf(text) {
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
  const named = [...names].filter((name) => name !== void 0);
  if (named.length === 0 || named.length === names.size) return named;
  throw new Failure("Cannot use installable: some of its lines have a name and some have none. Name all or none.");
}
function parseVariants(installables, given) {
  const isDefault = installables.length === 1 && installables[0]?.installable === inputTable.installable.default;
  const other = parseSpec(given, isDefault ? [] : ["installable"]);
  if (other !== void 0) return [{ spec: other }];
  const platforms = installables.map(({ platform }) => platform);
  const twice = platforms.find((platform, i) => platforms.indexOf(platform) !== i);
  if (installables.length > 1 && new Set(platforms).size < installables.length) {
    throw new Failure(
      `Cannot use installable: ${installables.length} lines are for ${twice ?? "no platform"}. Put another name or platform in front of each, as in linux/arm64=.#image.`
    );
  }
  if (installables.length > 1 && platforms.includes(void 0)) {
    throw new Failure("Cannot use installable: some of its lines have a platform and some have none.");
  }
  return installables.map(({ platform, installable }) => ({
    ...platform === void 0 ? {} : { platform },
    spec: { kind: "installable", installable }
  }));
}
function parseSpec({ file, attr, path }, others) {
  const named = [...others, ...file === void 0 ? [] : ["file"], ...path === void 0 ? [] : ["path"]];
  if (named.length > 1) {
    throw new Failure(`Cannot use ${named.join(" and ")} together: each names the image. Keep one of them.`);
  }
  if (attr !== void 0 && file === void 0) {
    throw new Failure(`Cannot use attr "${attr}" without file: name the Nix file it is in, or use installable.`);
  }
  if (path !== void 0) return { kind: "path", path };
  if (file !== void 0) return { kind: "file", file, ...attr === void 0 ? {} : { attr } };
  return void 0;
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
  const given = (key, name2) => word(name2) === "" ? {} : { [key]: word(name2) };
  const flag = (name2) => parseFlag(name2, word(name2));
  const lines = (name2) => linesOf(text(name2));
  const inputs = {
    mode: parseOneOf("mode", word("mode"), ["build", "metadata", "index", "promote", "push-layout", "cleanup"]),
    name,
    variants: parseVariants(
      installableLines(text("installable")).filter((line) => line.name === name),
      { ...given("file", "file"), ...given("attr", "attr"), ...given("path", "path") }
    ),
    pushByDigest: flag("push-by-digest"),
    comment: flag("comment"),
    ifExists: parseOneOf("if-exists", word("if-exists"), ["overwrite", "error", "skip"]),
    sources: text("sources").trimStart().startsWith("[") ? [text("sources").trim()] : lines("sources"),
    ...parseFrom(word("from")),
    allowLabels: lines("allow-labels"),
    buildArgs: parseBuildArgs(lines("build-args")),
    impure: flag("impure"),
    native: parseOneOf("native", word("native"), ["auto", "require", "off"]),
    preferStream: flag("prefer-stream"),
    ...given("imageName", "image-name"),
    ...parsePlatform(word("platform"), word("mode")),
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
      nixVersionStrict: parseStrict(word("nix-version"), flag("nix-version-strict")),
      substituters: lines("substituters").flatMap(wordsOf),
      trustedPublicKeys: parsePublicKeys(lines("trusted-public-keys").flatMap(wordsOf)),
      builders: lines("builders"),
      nixConf: lines("nix-conf")
    },
    cache: {
      use: { true: "full", restore: "restore", false: "off" }[parseOneOf("cache", word("cache"), ["true", "false", "restore"])],
      save: { auto: "auto", true: "always", false: "never" }[parseOneOf("cache-save", word("cache-save"), ["auto", "true", "false"])],
      keyFiles: lines("cache-key-files"),
      keyExtra: word("cache-key-extra"),
      excludeSubstitutable: flag("cache-exclude-substitutable"),
      ...parseMaxSize(word("cache-max-size")),
      ...parseCacheTo(word("cache-to"), word("cache-signing-key"))
    }
  };
  checkTogether(inputs);
  refuseInputs(inputs.mode, Object.keys(inputTable).filter(isGiven));
  if (inputs.pushByDigest) refuseTags(text("tags"));
  return inputs;
}

// src/metadata/metadata-outputs.ts
var bakeTarget = "docker-metadata-action";
function metadataOutputs(metadata) {
  const { version, tagNames } = metadata;
  const tags = referencesOf(metadata);
  const labels = sorted(metadata.labels);
  const annotations = annotationLines(metadata);
  return {
    version: version ?? "",
    tags: tags.join("\n"),
    "tag-names": tagNames.join("\n"),
    labels: Object.entries(labels).map(assignment).join("\n"),
    annotations: annotations.join("\n"),
    json: JSON.stringify({ tags, "tag-names": tagNames, labels, annotations })
  };
}
function bakeFiles(metadata) {
  const images = [...new Set(metadata.references.map(formatRepository))].join(",");
  const file = (content) => JSON.stringify({ target: { [bakeTarget]: content } }, null, 2);
  const tags = referencesOf(metadata);
  const labels = sorted(metadata.labels);
  const args = { DOCKER_META_IMAGES: images, DOCKER_META_VERSION: metadata.version };
  return {
    "bake-file-tags": file({ tags, args }),
    "bake-file-labels": file({ labels }),
    "bake-file-annotations": file({ annotations: annotationLines(metadata) }),
    "bake-file": file({ tags, labels, args })
  };
}
function annotationLines({ labels, annotations, annotationLevels }) {
  const own = annotations.map((item) => [annotationName(item), item.value]);
  const all = annotationLevels.flatMap(
    (level) => Object.entries(labels).map(([key, value]) => [`${level}:${key}`, value])
  );
  return Object.entries(sorted(Object.fromEntries([...all, ...own]))).map(assignment);
}
function sorted(labels) {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => a < b ? -1 : 1));
}
function assignment([key, value]) {
  return `${key}=${value}`;
}

// src/report/result.ts
function hasImages(result) {
  return "images" in result;
}
function sizeOf({ layers }) {
  return layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
}

export {
  parseImages,
  metadataOutputs,
  bakeFiles,
  hasImages,
  sizeOf
};
