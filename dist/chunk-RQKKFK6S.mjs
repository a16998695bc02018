import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  connect,
  createServer,
  describingLabels,
  formatReference,
  isPath,
  isPlatform,
  isRegistryHost,
  layerings,
  normalizePlatform,
  parseAnnotations,
  parseCompression,
  parseCreated,
  parseImageName,
  parseLabels,
  parseMetadataJson,
  parseRfc3339,
  parseTagging,
  parseTags,
  withoutLogins
} from "./chunk-QJY2LTPM.mjs";
import {
  isObject
} from "./chunk-Z6I6B3TS.mjs";
import {
  Failure,
  hasCode,
  messageOf
} from "./chunk-32ADV6HS.mjs";

// src/inputs/mode.ts
var modes = ["build", "metadata", "index", "promote", "push-layout", "cleanup"];
var pushingModes = ["build", "index", "promote", "push-layout"];
var registryModes = [...pushingModes, "cleanup"];
var describingModes = [...pushingModes, "metadata"];

// src/inputs/input-table.ts
var inputTable = {
  mode: { kind: "text", group: "Image", modes, default: "build", description: "Set by each sub-action; do not set it" },
  installable: {
    kind: "list",
    group: "Image",
    default: ".",
    description: "Flake installable of the image. For several images or platforms one per line, as `NAME=\u2026`, `linux/arm64=\u2026` or `NAME/linux/arm64=\u2026`"
  },
  file: { kind: "text", group: "Image", description: "Nix file to build instead of `installable`" },
  attr: { kind: "text", group: "Image", description: "Attribute of the image in `file`" },
  path: {
    kind: "text",
    group: "Image",
    modes: ["build", "push-layout"],
    description: "Image that is already built: a store path, a `result` link, an archive or a layout. Needs no Nix"
  },
  from: {
    kind: "text",
    group: "Image",
    modes: ["promote"],
    description: "Image to promote: a reference by tag or digest, or the path (`./\u2026`, `/\u2026`) of an OCI layout"
  },
  sources: {
    kind: "list",
    group: "Image",
    modes: ["index"],
    description: "Images to join, one per line: references by digest, descriptors as JSON, or files or directories of these"
  },
  "build-args": {
    kind: "list",
    group: "Image",
    description: "Extra arguments for `nix build`, one per line; put a flag and each of its values on separate lines"
  },
  impure: { kind: "flag", group: "Image", default: "false", description: "Build with `--impure`" },
  native: {
    kind: "text",
    group: "Image",
    default: "auto",
    description: "Make the layers of a `streamLayeredImage` without running its script: `auto` (if possible), `require` or `off`"
  },
  "prefer-stream": {
    kind: "flag",
    group: "Image",
    default: "true",
    description: "Build the `stream` of a `buildLayeredImage` instead of its tarball"
  },
  "image-name": {
    kind: "text",
    group: "Image",
    modes: ["build", "promote"],
    description: "Image to choose from an archive or layout that contains several"
  },
  platform: {
    kind: "text",
    group: "Image",
    modes: pushingModes,
    description: "Platform that the image must have (`linux/amd64`); also chooses from an index",
    descriptions: {
      index: "Platforms that must be present, comma-separated (`linux/amd64,linux/arm64`)",
      promote: "Platform to choose from an index (`linux/amd64`)",
      "push-layout": "Platforms that are allowed, comma-separated (default `linux/amd64,linux/arm64`)"
    }
  },
  config: {
    kind: "text",
    group: "Image of a package",
    description: "JSON merged over the image config that the action derives"
  },
  contents: {
    kind: "list",
    group: "Image of a package",
    description: "Further installables, one per line, linked into the root of the image"
  },
  user: {
    kind: "text",
    group: "Image of a package",
    description: "User that the image runs as: `UID`, `UID:GID` or a name"
  },
  base: {
    kind: "text",
    group: "Image of a package",
    description: "Image to build on: a reference, or the path (`./\u2026`, `/\u2026`) of an archive or layout"
  },
  layering: {
    kind: "text",
    group: "Image of a package",
    description: "How to distribute store paths over layers: `stable` (default for packages; a change uploads little), `popularity` (packages, as nixpkgs) or `as-built` (default for images)"
  },
  "max-layers": {
    kind: "text",
    group: "Image of a package",
    description: "Maximum number of layers (default 100), of a package or with `layering: stable`"
  },
  images: {
    kind: "list",
    group: "Tags and labels",
    modes,
    description: "Image names without tags, one per line; the rules in `tags` (or default rules) provide the tags"
  },
  tags: {
    kind: "list",
    group: "Tags and labels",
    modes,
    description: "Full references, newline- or comma-separated; with `images`, docker/metadata-action's rules, one per line"
  },
  flavor: {
    kind: "list",
    group: "Tags and labels",
    modes,
    description: "With `images`: `latest=auto|true|false`, `prefix=TEXT`, `suffix=TEXT`"
  },
  labels: {
    kind: "list",
    group: "Tags and labels",
    modes: describingModes,
    description: "`KEY=VALUE` per line, applied over all other labels; `!KEY` deletes one"
  },
  annotations: {
    kind: "list",
    group: "Tags and labels",
    modes: describingModes,
    description: "`KEY=VALUE` per line; optional prefix `manifest:`, `manifest[linux/amd64]:` or `index:`"
  },
  annotate: {
    kind: "text",
    group: "Tags and labels",
    modes: pushingModes,
    default: "config,manifest,index",
    description: "Where labels go: into the config, and as annotations onto the manifest and the index"
  },
  metadata: {
    kind: "list",
    group: "Tags and labels",
    modes,
    description: "Output of docker/metadata-action: its `json`, the paths of its bake files, or `env` to read the variables it sets"
  },
  revision: {
    kind: "text",
    group: "Tags and labels",
    modes: describingModes,
    default: "head",
    description: "Commit that the `revision` label records in a pull request: `head` (last commit pushed) or `merge` (GitHub's merge commit)"
  },
  created: {
    kind: "text",
    group: "Tags and labels",
    modes: describingModes,
    default: "commit",
    description: "Creation time: `commit`, `now`, `keep` (what the build set), an RFC 3339 time or Unix seconds"
  },
  "allow-labels": {
    kind: "list",
    group: "Tags and labels",
    modes: ["push-layout"],
    description: "Labels that the layout may have, one per line; `*` matches any text. Default: the six that describe the image: `title`, `description`, `documentation`, `licenses`, `version` and `created` of `org.opencontainers.image`"
  },
  push: {
    kind: "flag",
    group: "Push",
    modes: pushingModes,
    default: "false",
    description: "Push the image under all its tags"
  },
  "push-by-digest": {
    kind: "flag",
    group: "Push",
    modes: pushingModes,
    default: "false",
    description: "Push without a tag, for the index action; `tags` then names only repositories"
  },
  "if-exists": {
    kind: "text",
    group: "Push",
    modes: pushingModes,
    default: "overwrite",
    description: "If a tag already names a different image: `overwrite` it, `error` (fail, moving no tag) or `skip` it"
  },
  "dry-run": {
    kind: "flag",
    group: "Push",
    modes: registryModes,
    default: "false",
    description: "Report what would be done; push, load, write and delete nothing"
  },
  preflight: {
    kind: "flag",
    group: "Push",
    modes: pushingModes,
    default: "true",
    description: "Check push permission before building"
  },
  comment: {
    kind: "flag",
    group: "Push",
    modes: pushingModes,
    default: "false",
    description: "Post one comment about the pushed image on the pull request, and keep it updated"
  },
  username: {
    kind: "text",
    group: "Push",
    modes: registryModes,
    description: "User name for the registries in `tags`; default: the Docker or Podman login, then `github-token` for ghcr.io"
  },
  password: { kind: "secret", group: "Push", modes: registryModes, description: "Password or token of that user" },
  "github-token": {
    kind: "secret",
    group: "Push",
    modes,
    description: "Token for ghcr.io, for flake inputs from GitHub and for GitHub's API; on a runner, the job's token by default"
  },
  "insecure-registries": {
    kind: "list",
    group: "Push",
    modes: registryModes,
    description: "Registry hosts to allow over HTTP or with an untrusted certificate"
  },
  compression: {
    kind: "text",
    group: "Layers and reuse",
    description: "`gzip`, `zstd`, `zstd:chunked` or `none` for every layer; default: gzip, leaving compressed layers unchanged"
  },
  "compression-level": {
    kind: "text",
    group: "Layers and reuse",
    description: "1 to 9 for gzip (default 1), 1 to 19 for zstd and zstd:chunked (default 3)"
  },
  reuse: {
    kind: "text",
    group: "Layers and reuse",
    modes: ["build", "promote", "push-layout"],
    default: "verify",
    description: "Whether to trust what manifests in the registry say about their layers: `trust`, `verify` or `off`"
  },
  "reuse-from": {
    kind: "list",
    group: "Layers and reuse",
    modes: ["build", "promote", "push-layout"],
    description: "Further images in registries whose layers may be reused, such as the default branch's tag"
  },
  cache: {
    kind: "text",
    group: "Store cache",
    default: "true",
    description: "Restore store paths of earlier runs, and save those of this build: `true`, `false`, or `restore` (never save)"
  },
  "cache-save": {
    kind: "text",
    group: "Store cache",
    default: "auto",
    description: "When to save: `auto` (on the default branch and in pull requests from the repository itself), `true` or `false`"
  },
  "cache-key-files": {
    kind: "list",
    group: "Store cache",
    description: "Glob patterns of further lock files for the cache key (`**/Cargo.lock`)"
  },
  "cache-key-extra": { kind: "text", group: "Store cache", description: "Additional text for the cache key" },
  "cache-exclude-substitutable": {
    kind: "flag",
    group: "Store cache",
    default: "false",
    description: "Leave out paths that came from a binary cache"
  },
  "cache-max-size": {
    kind: "text",
    group: "Store cache",
    description: "Maximum size of the store paths in an entry (`4GB`); the least useful are left out"
  },
  "cache-to": {
    kind: "text",
    group: "Store cache",
    description: "Where to keep the store cache instead of the runner's cache service: a directory (`/\u2026`, `./\u2026`) or a Nix binary cache (`file:///\u2026`, `s3://\u2026`, `https://\u2026`)"
  },
  "cache-signing-key": {
    kind: "secret",
    group: "Store cache",
    description: "Secret key that signs what is copied to a binary cache"
  },
  "nix-version": {
    kind: "text",
    group: "Nix",
    description: "Version to install if there is no Nix; an existing Nix (2.8 or newer) is used unchanged"
  },
  "nix-version-strict": {
    kind: "flag",
    group: "Nix",
    default: "false",
    description: "Fail, instead of warning, if the existing Nix is not `nix-version`"
  },
  "nix-url": { kind: "text", group: "Nix", description: "Mirror of `https://releases.nixos.org/nix` to install from" },
  "nix-sha256": {
    kind: "text",
    group: "Nix",
    description: "SHA-256 of the release archive, for a version that this action does not know"
  },
  substituters: { kind: "list", group: "Nix", description: "Additional binary caches to fetch from" },
  "trusted-public-keys": { kind: "list", group: "Nix", description: "Public keys of these caches, as `NAME:BASE64`" },
  builders: { kind: "list", group: "Nix", description: "Remote builders, one per line, as in `/etc/nix/machines`" },
  "nix-conf": {
    kind: "list",
    group: "Nix",
    description: "Additional lines for `nix.conf`; they override all other settings"
  },
  load: {
    kind: "flag",
    group: "Output",
    modes: ["build", "promote", "push-layout"],
    default: "false",
    description: "Load the image into the local container engine (docker, otherwise podman) under `tags`"
  },
  output: {
    kind: "text",
    group: "Output",
    modes: ["build", "promote", "push-layout"],
    description: "Also write the image to `oci:DIR`, `oci-archive:FILE` or `docker-archive:FILE`"
  },
  "export-metadata": {
    kind: "flag",
    group: "Output",
    modes: describingModes,
    default: "false",
    description: "Set `DOCKER_METADATA_OUTPUT_*` for later steps, as docker/metadata-action does"
  }
};
var inputNames = Object.keys(inputTable);
function takesInput(mode, name2) {
  const { modes: taking = ["build"] } = inputTable[name2];
  return taking.includes(mode);
}

// src/inputs/check-inputs.ts
function checkTogether(inputs) {
  const { builds, tagging, metadata, push, load, buildArgs, impure } = inputs;
  const mayHaveTags = tagging.references.length > 0 || tagging.rules !== void 0 || metadata !== void 0;
  for (const [name2, wanted] of Object.entries({ push, load })) {
    if (wanted && !mayHaveTags)
      throw new Failure(`Cannot ${name2}: tags is empty. Give at least one reference in tags.`);
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
  if (inputs.mode === "index" && inputs.sources.length === 0)
    throw new Failure("Cannot make an index: sources is empty. List the images that the platform jobs pushed.");
  if (inputs.mode === "promote" && inputs.from === void 0)
    throw new Failure("Cannot promote: from is empty. Give the reference of an image, or the path of an OCI layout.");
  if (inputs.mode === "push-layout" && builds[0]?.source.kind !== "path")
    throw new Failure("Cannot push a layout: path is empty. Give the directory or tar archive that it is in.");
  if (inputs.pushByDigest && inputs.ifExists !== "overwrite")
    throw new Failure("Cannot use if-exists with push-by-digest: no tag is moved. Remove one of them.");
}
function refuseInputs(mode, given) {
  const foreign = given.filter((name2) => !takesInput(mode, name2));
  const [first] = foreign;
  if (first === void 0) return;
  if (takesInput("build", first)) {
    const names = foreign.filter((name2) => takesInput("build", name2)).join(", ");
    throw new Failure(`Cannot use ${names} in the ${mode} action: this mode builds nothing. Remove these inputs.`);
  }
  const taking = modes.filter((one) => takesInput(one, first)).join(" or ");
  throw new Failure(`Cannot use ${first} in the ${mode} action: only ${taking} accepts it. Remove it.`);
}
function refuseTags(text) {
  const tagged = text.split(/[\r\n,]+/).find((item) => /^[^=]*:[^/=]*$/.test(item.trim()));
  if (tagged === void 0) return;
  throw new Failure(
    `Cannot push ${tagged.trim()} by digest: it has a tag. With push-by-digest, tags names the repository alone, as in ghcr.io/acme/app.`
  );
}
function checkApart(images) {
  const places = images.flatMap(({ output, pushByDigest, tagging }) => [
    ...output === void 0 ? [] : [`${output.kind}:${output.path}`],
    ...pushByDigest ? [] : tagging.references.map(formatReference),
    ...pushByDigest ? [] : tagging.rules?.images ?? []
  ]);
  const twice = places.find((place, i) => places.indexOf(place) !== i);
  if (twice === void 0) return;
  throw new Failure(
    `Cannot build several images: more than one of them would use ${twice}. Write {{name}} where their names differ.`
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
function parseFlag(name2, value) {
  if (/^(true|True|TRUE)$/.test(value)) return true;
  if (/^(false|False|FALSE)$/.test(value)) return false;
  throw new Failure(`Cannot use ${name2}: "${value}". Give true or false.`);
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
function parseOneOf(name2, value, known2) {
  const found = known2.find((item) => item === value);
  if (found !== void 0) return found;
  throw new Failure(`Cannot use ${name2}: "${value}". Give ${known2.slice(0, -1).join(", ")} or ${known2.at(-1)}.`);
}
function parseAnnotate(text) {
  const places = text.split(",").map((place) => place.trim());
  return places.map((place) => parseOneOf("annotate", place, annotatePlaces));
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
      `Cannot use cache-to: "${withoutLogins(text)}". Give a directory (/\u2026 or ./\u2026), or a binary cache: file:///\u2026, s3://\u2026, https://\u2026.`
    );
  }
  return { binaryCache: { url: text, ...signingKey === "" ? {} : { signingKey: parseSigningKey(signingKey) } } };
}
function parseSigningKey(key) {
  if (/^[^:\s]+:[A-Za-z0-9+/]{86}==$/.test(key)) return key;
  throw new Failure(
    'Cannot use cache-signing-key: it is not a secret key. Give the output of "nix key generate-secret".'
  );
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
  const [, name2, platform] = /^(?:([a-z0-9]+(?:[._-]+[a-z0-9]+)*))??(?:(?:^|\/)(linux\/.+))?$/.exec(key) ?? [];
  if (name2 === void 0 && platform === void 0 || platform !== void 0 && !isPlatform(platform)) {
    throw new Failure(
      `Cannot use the installable line "${line}": "${key}" is neither a name in lower-case letters, digits, ".", "_" and "-" nor a platform such as linux/amd64.`
    );
  }
  return { name: name2, platform, installable };
}
function imageNamesOf(lines) {
  const names = new Set(lines.map(({ name: name2 }) => name2));
  const named = [...names].filter((name2) => name2 !== void 0);
  if (named.length === 0 || named.length === names.size) return named;
  throw new Failure("Cannot use installable: some of its lines have a name and some have none. Name all or none.");
}
function parseBuilds(installables, given) {
  const isDefault = installables.length === 1 && installables[0]?.installable === inputTable.installable.default;
  const other = parseSource(given, isDefault ? [] : ["installable"]);
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
  const of = (name2) => parseInputs((input) => read(input).replaceAll("{{name}}", name2), name2);
  const images = first === void 0 ? [parseInputs(read)] : [of(first), ...others.map(of)];
  checkApart(images);
  return images;
}
function parseInputs(read, name2) {
  const text = (name3) => {
    const row = inputTable[name3];
    return read(name3).trim() === "" ? row.default ?? "" : read(name3);
  };
  const isGiven = (name3) => {
    const row = inputTable[name3];
    return word(name3) !== (row.default ?? "");
  };
  const word = (name3) => text(name3).trim();
  const given = (key, name3) => word(name3) === "" ? {} : { [key]: word(name3) };
  const flag = (name3) => parseFlag(name3, word(name3));
  const lines = (name3) => linesOf(text(name3));
  const inputs = {
    mode: parseOneOf("mode", word("mode"), modes),
    name: name2,
    builds: parseBuilds(
      installableLines(text("installable")).filter((line) => line.name === name2),
      { ...given("file", "file"), ...given("attr", "attr"), ...given("path", "path") }
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
    ...given("imageName", "image-name"),
    platforms: parsePlatforms(word("platform"), word("mode")),
    ...parseConfig(word("config")),
    contents: lines("contents"),
    ...given("user", "user"),
    ...given("base", "base"),
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
  refuseInputs(inputs.mode, inputNames.filter(isGiven));
  if (inputs.pushByDigest) refuseTags(text("tags"));
  return inputs;
}

// src/lib/tune-garbage-collection.ts
import { setFlagsFromString } from "node:v8";
function tuneGarbageCollection() {
  setFlagsFromString("--heap-growing-percent=200");
  setFlagsFromString("--semi-space-growth-factor=1");
}

// src/runtimes/make-temporary.ts
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
function makeTemporary(parent, prefix2, variable) {
  try {
    return mkdtempSync(join(parent, prefix2));
  } catch (cause) {
    const advice = `Set ${variable} to a directory that exists, is writable and has room.`;
    throw new Failure(`Cannot make a temporary directory in ${parent}: ${messageOf(cause)}. ${advice}`, { cause });
  }
}

// src/runtimes/cancellation.ts
import { subscribe } from "node:diagnostics_channel";
import { constants } from "node:os";
var longestSettling = 5e3;
function listenForCancellation(cleanUp) {
  const controller = new AbortController();
  const running = followPrograms();
  const held = /* @__PURE__ */ new Set();
  const exit = () => {
    for (const child of running) child.kill();
    cleanUp();
    process.exit();
  };
  const cancel = async (signal) => {
    if (controller.signal.aborted) exit();
    process.once("exit", () => {
      process.exitCode = 128 + constants.signals[signal];
    });
    controller.abort(new Failure(`Cancelled by ${signal}.`));
    const timeout = new Promise((resolve2) => setTimeout(resolve2, longestSettling));
    await Promise.race([Promise.allSettled(held), timeout]);
    exit();
  };
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  return {
    cancelled: controller.signal,
    async holdExit(work) {
      held.add(work);
      try {
        return await work;
      } finally {
        held.delete(work);
      }
    }
  };
}
function followPrograms() {
  const running = /* @__PURE__ */ new Set();
  subscribe("child_process", (message) => {
    const { process: child } = message;
    running.add(child);
    for (const event of ["exit", "error"]) child.once(event, () => running.delete(child));
  });
  return running;
}

// src/runtimes/git-view.ts
import { execFile } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync as mkdtempSync2,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from "node:fs";
import { dirname, join as join2, resolve } from "node:path";
async function openGitView(directory, options) {
  const repository = findRepository(directory, options.searchesAbove);
  if (repository === void 0) return void 0;
  const view = mkdtempSync2(join2(options.temporary, "git-"));
  const env = environmentFor(view, options.env);
  const git = (...args) => runGit(args, view, env);
  const shared = linkRepository(repository, view);
  const user = { ...options.env, GIT_DIR: view };
  const [own = "", users = ""] = await Promise.all([
    git("config", "--file", join2(repository.common, "config"), "--no-includes", "--null", "--get-regexp", ownSettings),
    runGit(["config", "--null", "--get-regexp", rewriteSettings], view, user)
  ]);
  const settings2 = parseSettings(own);
  writeFileSync(join2(shared, "config"), formatConfig(settings2));
  return {
    git,
    readRemote: () => {
      const remote = settings2.find(([key]) => key === "remote.origin.url")?.[1];
      return remote === void 0 ? void 0 : rewrite(remote, [...settings2, ...parseSettings(users)]);
    },
    changedFiles: () => readChangedFiles(repository, view, env)
  };
}
async function readChangedFiles({ tree, own }, view, env) {
  const index = join2(own, "index");
  const copy = join2(view, "index");
  try {
    if (!statSync(index).isFile()) return void 0;
    copyFileSync(index, copy);
    utimesSync(copy, farFuture, farFuture);
    linkFiles(own, view, readdirSync(own).filter(isSharedIndex));
  } catch {
    return void 0;
  }
  const status = (file, ...paths) => runGit([...statusCommand, ...paths], view, { ...env, GIT_WORK_TREE: tree, GIT_INDEX_FILE: file });
  const lists = await Promise.all([
    status(index, ":(top,attr:!filter)"),
    status(copy, ":(top)", ":(top,exclude,attr:!filter)")
  ]);
  if (lists.includes(void 0)) return void 0;
  return lists.flatMap((list) => (list ?? "").split("\0").flatMap((entry) => entry.replace(/^.{1,2} /s, "") || []));
}
var statusCommand = [
  ...["status", "--porcelain", "-z", "--untracked-files=no", "--ignore-submodules=dirty", "--no-renames", "--"]
];
var farFuture = 2 ** 32 - 1;
var isSharedIndex = (name2) => /^sharedindex\.[0-9a-f]+$/.test(name2);
function findRepository(directory, searchesAbove) {
  for (let at = directory; ; at = dirname(at)) {
    const link = join2(at, ".git");
    if (existsSync(link)) {
      const isOurs = at === directory || lstatSync(link).uid === process.getuid?.();
      return isOurs ? readRepository(link) : void 0;
    }
    if (!searchesAbove || dirname(at) === at) return void 0;
  }
}
function readRepository(link) {
  const target = statSync(link).isDirectory() ? link : /^gitdir: (.+)\n*$/.exec(readSmallFile(link) ?? "")?.[1];
  if (target === void 0) return void 0;
  const own = resolve(dirname(link), target);
  const common = resolve(own, readSmallFile(join2(own, "commondir"))?.trim() ?? ".");
  return readSmallFile(join2(own, "HEAD")) === void 0 ? void 0 : { tree: dirname(link), own, common };
}
var largestPointer = 8192;
function readSmallFile(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() && found.size <= largestPointer ? readFileSync(path, "utf8") : void 0;
}
function linkRepository({ own, common }, view) {
  writeFileSync(join2(view, "HEAD"), readSmallFile(join2(own, "HEAD")) ?? "");
  if (own === common) {
    linkFiles(common, view, commonFiles);
    return view;
  }
  linkFiles(own, view, ["reftable"]);
  writeFileSync(join2(view, "commondir"), "common");
  const shared = join2(view, "common");
  mkdirSync(shared);
  linkFiles(common, shared, commonFiles);
  return shared;
}
var commonFiles = ["objects", "refs", "packed-refs", "shallow", "reftable"];
function linkFiles(from, to, names) {
  for (const name2 of names) if (existsSync(join2(from, name2))) symlinkSync(join2(from, name2), join2(to, name2));
}
function environmentFor(view, env) {
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name2]) => !name2.startsWith("GIT_"))),
    ...{ HOME: view, XDG_CONFIG_HOME: view },
    ...{ GIT_CONFIG_NOSYSTEM: "1", GIT_CONFIG_GLOBAL: "/dev/null", GIT_ATTR_NOSYSTEM: "1" },
    ...{ GIT_DIR: view, GIT_NO_LAZY_FETCH: "1", GIT_NO_REPLACE_OBJECTS: "1", GIT_OPTIONAL_LOCKS: "0" }
  };
}
function runGit(args, cwd, env) {
  return new Promise((resolve2) => {
    execFile("git", args, { cwd, env, maxBuffer: largestAnswer }, (error, stdout) => {
      resolve2(error === null ? stdout.trim() : void 0);
    });
  });
}
var largestAnswer = 16 << 20;
var rewriteSettings = String.raw`^url\..*\.insteadof$`;
var treeSettings = ["autocrlf", "eol", "filemode", "ignorecase", "precomposeunicode", "symlinks"];
var ownSettings = String.raw`^(remote\.origin\.url|url\..*\.insteadof|extensions\.(objectformat|refstorage)|core\.(${treeSettings.join("|")}))$`;
function parseSettings(text) {
  return text.split("\0").flatMap((entry) => {
    const [, key, value] = /^(.+)\n([\s\S]*)$/.exec(entry) ?? [];
    return key === void 0 || value === void 0 ? [] : [[key, value]];
  });
}
function formatConfig(settings2) {
  const linesOf2 = (section) => settings2.filter(([key, value]) => key.startsWith(`${section}.`) && /^[a-z0-9]+$/i.test(value)).map(([key, value]) => `	${key.slice(section.length + 1)} = ${value}`);
  const core = ["	repositoryformatversion = 1", "	bare = false", ...linesOf2("core")];
  return ["[core]", ...core, "[extensions]", ...linesOf2("extensions"), ""].join("\n");
}
function rewrite(remote, settings2) {
  const [best] = settings2.filter(([key2, value2]) => key2.startsWith("url.") && value2 !== "" && remote.startsWith(value2)).toSorted(([, a], [, b]) => b.length - a.length);
  if (best === void 0) return remote;
  const [key, value] = best;
  return `${key.slice("url.".length, -".insteadof".length)}${remote.slice(value.length)}`;
}

// src/runtimes/checkout.ts
var headFormat = [
  ...["--format=%H %ct%n%D", "--decorate=full"],
  ...["HEAD", "refs/heads/*", "refs/tags/*"].map((pattern) => `--decorate-refs=${pattern}`)
];
async function openCheckout(directory, options) {
  const view = await openGitView(directory, options);
  return { checkout: await readCheckout(view), changedFiles: async () => view?.changedFiles() };
}
async function readCheckout(view) {
  const head = await view?.git("log", "-1", ...headFormat);
  if (view === void 0 || head === void 0) return {};
  const [, revision, seconds, names = ""] = /^(\S+) (\d+)\n?(.*)$/.exec(head) ?? [];
  if (revision === void 0) return {};
  const branch = /HEAD -> refs\/heads\/(\S+?)(?:, |$)/.exec(names)?.[1];
  const gitTag = await newestOf(
    [...names.matchAll(/tag: refs\/tags\/(\S+?)(?:, |$)/g)].map(([, tag = ""]) => tag),
    view
  );
  const repositoryUrl = webUrlOf(view.readRemote() ?? "");
  return {
    revision,
    commitTime: Number(seconds),
    ...gitTag === void 0 ? {} : { gitTag },
    ...branch === void 0 ? {} : { branch },
    ...repositoryUrl === void 0 ? {} : { repositoryUrl }
  };
}
async function newestOf(tags, view) {
  if (tags.length < 2) return tags[0];
  return (await view.git("tag", "--points-at", "HEAD", "--sort=-version:refname"))?.split("\n")[0];
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

// src/runtimes/git-env.ts
import { existsSync as existsSync2, lstatSync as lstatSync2, mkdirSync as mkdirSync2, readdirSync as readdirSync2, realpathSync, symlinkSync as symlinkSync2, writeFileSync as writeFileSync2 } from "node:fs";
import { homedir } from "node:os";
import { join as join3 } from "node:path";
var settings = { "core.fsmonitor": "false", "core.hooksPath": "/dev/null", "log.showSignature": "false" };
function safeGitEnv(env) {
  const count = Number(env.GIT_CONFIG_COUNT ?? 0);
  const pairs = Object.entries(settings).flatMap(([key, value], i) => [
    [`GIT_CONFIG_KEY_${count + i}`, key],
    [`GIT_CONFIG_VALUE_${count + i}`, value]
  ]);
  return { ...Object.fromEntries(pairs), GIT_CONFIG_COUNT: String(count + pairs.length / 2) };
}
function trustCheckout(directory, { env, temporary }) {
  if (!isForeign(directory) && !isForeign(join3(directory, ".git"))) return {};
  const home = env.XDG_CONFIG_HOME || join3(env.HOME || homedir(), ".config");
  const view = join3(temporary, "config");
  mkdirSync2(join3(view, "git"), { recursive: true });
  linkFiles2(home, view, "git");
  linkFiles2(join3(home, "git"), join3(view, "git"), "config");
  writeFileSync2(join3(view, "git/config"), trusting(directory, join3(home, "git/config")));
  if (!env.GIT_CONFIG_GLOBAL) return { XDG_CONFIG_HOME: view };
  const file = join3(temporary, "gitconfig");
  writeFileSync2(file, trusting(directory, env.GIT_CONFIG_GLOBAL));
  return { XDG_CONFIG_HOME: view, GIT_CONFIG_GLOBAL: file };
}
function isForeign(path) {
  return lstatSync2(path, { throwIfNoEntry: false })?.uid !== process.getuid?.() && existsSync2(path);
}
function linkFiles2(from, to, except) {
  const names = existsSync2(from) ? readdirSync2(from) : [];
  for (const name2 of names) if (name2 !== except) symlinkSync2(join3(from, name2), join3(to, name2));
}
function trusting(directory, other) {
  const paths = [.../* @__PURE__ */ new Set([directory, realpathSync(directory)])].flatMap((path) => [path, join3(path, ".git")]);
  return [
    "[include]",
    `	path = ${quote(other)}`,
    "[safe]",
    ...paths.map((path) => `	directory = ${quote(path)}`),
    ""
  ].join("\n");
}
function quote(text) {
  return `"${text.replaceAll(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}

// src/runtimes/home-of.ts
import { homedir as homedir2 } from "node:os";
function homeOf(env) {
  if (env.HOME) return env.HOME;
  try {
    return homedir2();
  } catch {
    return void 0;
  }
}

// src/runtimes/temporary-directory.ts
import { lstat, readdir, rm } from "node:fs/promises";
import { join as join4 } from "node:path";
var prefix = "nix-image-";
var name = /^nix-image-[A-Za-z0-9]{6}$/;
var lock = "lock";
function openTemporary(root, variable) {
  const directory = makeTemporary(root, prefix, variable);
  const server = createServer();
  server.on("error", () => {
  });
  server.listen(join4(directory, lock)).unref();
  return directory;
}
function isTemporary(directory, root) {
  const last = directory.slice(directory.lastIndexOf("/") + 1);
  return name.test(last) && join4(root, last) === directory;
}
async function isOwnDirectory(path) {
  const found = await lstat(path);
  return found.isDirectory() && found.uid === process.getuid?.();
}
async function removeAbandoned(root) {
  const names = await readdir(root).catch(() => []);
  for (const path of names.filter((entry) => name.test(entry)).map((entry) => join4(root, entry))) {
    try {
      if (await isOwnDirectory(path) && await isAbandoned(path)) await rm(path, { recursive: true, force: true });
    } catch {
    }
  }
}
function isAbandoned(directory) {
  return new Promise((resolve2) => {
    const socket = connect(join4(directory, lock));
    socket.on("connect", () => {
      socket.destroy();
      resolve2(false);
    });
    socket.on("error", (error) => resolve2(hasCode(error, "ECONNREFUSED")));
  });
}

// src/runtimes/workflow-context.ts
import { readFile } from "node:fs/promises";
async function readEvent(env) {
  const path = env.GITHUB_EVENT_PATH;
  if (path === void 0 || path === "") return {};
  try {
    const event = JSON.parse(await readFile(path, "utf8"));
    return isObject(event) ? Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null)) : {};
  } catch {
    return {};
  }
}
function workflowContext(env, event, checkout) {
  const name2 = env.GITHUB_REPOSITORY || void 0;
  const server = env.GITHUB_SERVER_URL || "https://github.com";
  const { repository } = event;
  const run = runOf(env, event);
  return known({
    repositoryUrl: repository?.html_url ?? (name2 === void 0 ? void 0 : `${server}/${name2}`),
    repositoryName: name2?.split("/").at(-1),
    repository: name2,
    apiUrl: env.GITHUB_API_URL || void 0,
    pullRequest: event.pull_request === void 0 ? void 0 : event.pull_request.number ?? event.number,
    runUrl: name2 && env.GITHUB_RUN_ID ? `${server}/${name2}/actions/runs/${env.GITHUB_RUN_ID}` : void 0,
    description: repository === void 0 ? void 0 : repository.description ?? "",
    license: repository?.license?.spdx_id ?? void 0,
    revision: event.pull_request?.head?.sha ?? (env.GITHUB_SHA || void 0),
    triggeringRun: triggeringRunOf(event),
    gitTag: env.GITHUB_REF_TYPE === "tag" ? env.GITHUB_REF_NAME : void 0,
    annotationLevels: parseLevels(env.DOCKER_METADATA_ANNOTATIONS_LEVELS ?? ""),
    ...run,
    ...timesOf(run.sha, event, checkout)
  });
}
function triggeringRunOf({ workflow_run: run }) {
  return run && {
    eventName: run.event,
    sha: run.head_sha,
    repository: run.head_repository?.full_name,
    branch: run.head_branch ?? void 0
  };
}
function timesOf(sha, { head_commit: head, commits }, checkout) {
  if (checkout.revision === sha) return { commitTime: checkout.commitTime };
  const commit = [...commits ?? [], head].find((item) => item?.id === sha && sha !== void 0);
  return { commitTime: parseRfc3339(commit?.timestamp ?? ""), checkoutTime: checkout.commitTime };
}
function runOf(env, event) {
  const { pull_request: pull, number, repository } = event;
  const eventName = env.GITHUB_EVENT_NAME || void 0;
  const isTarget = eventName === "pull_request_target" && number !== void 0;
  const ref = isTarget ? `refs/pull/${number}/merge` : env.GITHUB_REF || void 0;
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
  throw new Failure(`Cannot use DOCKER_METADATA_SHORT_SHA_LENGTH="${text}": give a number of at least 1.`);
}
function parseLevels(text) {
  if (text === "") return void 0;
  return text.split(",").map((level) => {
    if (level === "manifest" || level === "index") return level;
    throw new Failure(
      `Cannot use DOCKER_METADATA_ANNOTATIONS_LEVELS="${text}": give manifest, index or manifest,index.`
    );
  });
}
function terminalContext({ branch, ...checkout }) {
  const { repositoryUrl = "" } = checkout;
  const [, repository] = /^https:\/\/github\.com\/([^/]+\/[^/]+)$/.exec(repositoryUrl) ?? [];
  return known({
    ...checkout,
    repositoryName: repositoryUrl.split("/").at(-1) || void 0,
    repository,
    apiUrl: repository === void 0 ? void 0 : "https://api.github.com",
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
  inputTable,
  parseImages,
  tuneGarbageCollection,
  makeTemporary,
  listenForCancellation,
  openCheckout,
  safeGitEnv,
  trustCheckout,
  homeOf,
  openTemporary,
  isTemporary,
  isOwnDirectory,
  removeAbandoned,
  readEvent,
  workflowContext,
  terminalContext
};
