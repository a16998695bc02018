const { spawn } = globalThis.process.getBuiltinModule("node:child_process");
const { accessSync, constants, statSync } = globalThis.process.getBuiltinModule("node:fs");
const { delimiter, join } = globalThis.process.getBuiltinModule("node:path");
const { createInterface } = globalThis.process.getBuiltinModule("node:readline");
const { Readable, Writable } = globalThis.process.getBuiltinModule("node:stream");
const { finished, pipeline } = globalThis.process.getBuiltinModule("node:stream/promises");
const { subscribe } = globalThis.process.getBuiltinModule("node:diagnostics_channel");
const { constants: constants2 } = globalThis.process.getBuiltinModule("node:os");
const { execFile } = globalThis.process.getBuiltinModule("node:child_process");
const { randomUUID } = globalThis.process.getBuiltinModule("node:crypto");
const {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync: statSync2,
  symlinkSync,
  utimesSync,
  writeFileSync
} = globalThis.process.getBuiltinModule("node:fs");
const { dirname, join: join2, resolve } = globalThis.process.getBuiltinModule("node:path");
const { existsSync: existsSync2, realpathSync } = globalThis.process.getBuiltinModule("node:fs");
const { dirname: dirname2, join: join3, relative, sep } = globalThis.process.getBuiltinModule("node:path");
const { existsSync: existsSync3, lstatSync: lstatSync2, mkdirSync: mkdirSync2, readdirSync: readdirSync2, realpathSync: realpathSync2, symlinkSync: symlinkSync2, writeFileSync: writeFileSync2 } = globalThis.process.getBuiltinModule("node:fs");
const { homedir } = globalThis.process.getBuiltinModule("node:os");
const { join: join4 } = globalThis.process.getBuiltinModule("node:path");
const { homedir: homedir2 } = globalThis.process.getBuiltinModule("node:os");
const { mkdtempSync: mkdtempSync2 } = globalThis.process.getBuiltinModule("node:fs");
const { join: join5 } = globalThis.process.getBuiltinModule("node:path");
const { lstat, readdir, rm } = globalThis.process.getBuiltinModule("node:fs/promises");
const { connect, createServer } = globalThis.process.getBuiltinModule("node:net");
const { join: join6 } = globalThis.process.getBuiltinModule("node:path");
const { readFile } = globalThis.process.getBuiltinModule("node:fs/promises");
// src/inputs/github-issuer.ts
var githubIssuer = "https://token.actions.githubusercontent.com";

// src/inputs/mode.ts
var modes = ["build", "metadata", "index", "promote", "push-layout", "cleanup", "verify"];
var buildingModes = ["build", "verify"];
var pushingModes = ["build", "index", "promote", "push-layout"];
var changingModes = [...pushingModes, "cleanup"];
var registryModes = [...changingModes, "verify"];
var describingModes = [...pushingModes, "metadata"];
var taggingModes = [...describingModes, "cleanup"];
var demandingModes = ["build", "promote", "push-layout", "verify"];

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
  image: {
    kind: "text",
    group: "Image",
    modes: ["verify"],
    description: "Image to verify: a reference by tag or digest"
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
    modes: [...pushingModes, "verify"],
    description: "Platform that the image must have (`linux/amd64`); also chooses from an index",
    descriptions: {
      verify: "Platform to build again (`linux/amd64`); all of the index if not set",
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
    modes: taggingModes,
    description: "Image names without tags, one per line; the rules in `tags` (or default rules) provide the tags"
  },
  tags: {
    kind: "list",
    group: "Tags and labels",
    modes: taggingModes,
    description: "Full references, newline- or comma-separated; with `images`, docker/metadata-action's rules, one per line"
  },
  flavor: {
    kind: "list",
    group: "Tags and labels",
    modes: taggingModes,
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
    modes: taggingModes,
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
    modes: changingModes,
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
  check: {
    kind: "text",
    group: "Push",
    modes: ["build", "promote", "push-layout"],
    default: "warn",
    description: "Check the image: `warn`, `error` (fail, moving no tag) or `off`"
  },
  "check-ignore": {
    kind: "list",
    group: "Push",
    modes: ["build", "promote", "push-layout"],
    description: "Rules of the check to leave out"
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
  sbom: {
    kind: "text",
    group: "Supply chain",
    description: "Attach a bill of materials (SBOM) of exactly what is in the image: `cyclonedx`, `spdx` or both, comma-separated"
  },
  "check-reproducible": {
    kind: "flag",
    group: "Supply chain",
    default: "false",
    description: "Build and pack again, and fail before any tag moves if a file differs"
  },
  "nix-db": {
    kind: "flag",
    group: "Supply chain",
    default: "false",
    description: "Add a layer with the database of Nix, for scanners and for a `nix` in the container, as `includeNixDB` of dockerTools"
  },
  "sbom-file": {
    kind: "text",
    group: "Supply chain",
    description: "File to write the SBOM to; with several formats or platforms, put `{{format}}` and `{{platform}}` into its name"
  },
  sign: {
    kind: "text",
    group: "Supply chain",
    modes: pushingModes,
    description: "Sign the image: `keyless` (as this workflow, through Sigstore). Or set `signing-key`"
  },
  "signing-key": {
    kind: "secret",
    group: "Supply chain",
    modes: pushingModes,
    description: "Private key to sign with: PEM, or the `cosign.key` of `cosign generate-key-pair`, whose password is in the variable `COSIGN_PASSWORD`"
  },
  provenance: {
    kind: "flag",
    group: "Supply chain",
    // Not for push-layout: another run built what that pushes.
    modes: ["build", "index", "promote"],
    default: "false",
    description: "Attach SLSA provenance: from what, by which workflow and how the image was built. Needs `sign` or `signing-key`"
  },
  "allow-unattested": {
    kind: "flag",
    group: "Supply chain",
    modes: pushingModes,
    default: "false",
    description: "If the registry refuses signatures and provenance, push without them and warn, instead of failing"
  },
  "attest-to-github": {
    kind: "flag",
    group: "Supply chain",
    modes: pushingModes,
    default: "false",
    description: "Also send what `sign: keyless` signs to GitHub's attestations API, for `gh attestation verify`"
  },
  "signing-config": {
    kind: "text",
    group: "Supply chain",
    modes: pushingModes,
    description: "File with the signing config of a Sigstore of your own, for `sign: keyless`"
  },
  "require-signed": {
    kind: "list",
    group: "Supply chain",
    modes: demandingModes,
    description: "Identity that must have signed `base` and the images in `reuse-from`: `https://github.com/OWNER/NAME/.github/workflows/FILE@REF`. Of several lines, one suffices",
    descriptions: {
      promote: "Identity that must have signed `from` and the images in `reuse-from`: `https://github.com/OWNER/NAME/.github/workflows/FILE@REF`. Of several lines, one suffices",
      "push-layout": "Identity that must have signed the images in `reuse-from`: `https://github.com/OWNER/NAME/.github/workflows/FILE@REF`. Of several lines, one suffices",
      verify: "Identity that must have signed: `https://github.com/OWNER/NAME/.github/workflows/FILE@REF`. Of several lines, one suffices"
    }
  },
  "require-issuer": {
    kind: "text",
    group: "Supply chain",
    modes: demandingModes,
    default: githubIssuer,
    description: "Issuer that vouches for the identity in `require-signed`"
  },
  "require-key": {
    kind: "text",
    group: "Supply chain",
    modes: demandingModes,
    description: "Public key that must have signed, instead of `require-signed`: PEM, or a file with it"
  },
  "trusted-root": {
    kind: "text",
    group: "Supply chain",
    modes: [...pushingModes, "verify"],
    description: "File with the trusted root of a Sigstore of your own: for `require-signed`, and to recognize what `sign: keyless` attached before",
    descriptions: {
      index: "File with the trusted root of a Sigstore of your own, to recognize what `sign: keyless` attached before",
      verify: "File with the trusted root of a Sigstore of your own, for `require-signed`"
    }
  },
  require: {
    kind: "text",
    group: "Supply chain",
    modes: ["verify"],
    default: "signature,provenance,sbom",
    description: "What that signer must have attached, comma-separated: `signature`, `provenance` and `sbom`; `rebuild` also builds the image again from the provenance and compares"
  },
  "require-repository": {
    kind: "text",
    group: "Supply chain",
    modes: ["verify"],
    description: "Repository that the provenance must name (`acme/app`); on a runner, that of the workflow by default"
  },
  "require-workflow": {
    kind: "text",
    group: "Supply chain",
    modes: ["verify"],
    description: "Workflow file that the provenance must name (`.github/workflows/build.yml`)"
  },
  "require-ref": {
    kind: "text",
    group: "Supply chain",
    modes: ["verify"],
    description: "Git ref that the provenance must name (`refs/heads/main`)"
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
  rebuild: {
    kind: "text",
    group: "Store cache",
    default: "auto",
    description: "Whether to build what an earlier run built from the same commit and inputs: `auto` (not if its result is known and the registry has its layers) or `always`"
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
    description: "When to save: `auto` (on the default branch and, except in a registry, in pull requests from the repository itself), `true` or `false`"
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
    description: "Where to keep the store cache instead of the runner's cache service: a directory (`/\u2026`, `./\u2026`), a registry (`oci://ghcr.io/acme/app-cache`) or a Nix binary cache (`file:///\u2026`, `s3://\u2026`, `https://\u2026`)"
  },
  "cache-keep": {
    kind: "text",
    group: "Store cache",
    description: "Entries and results to keep in a registry: how many of each build (`10`), for how long (`14d`), or both (`10 14d`); older ones are deleted after a save"
  },
  "cache-signing-key": {
    kind: "secret",
    group: "Store cache",
    description: "Secret key that signs entries and results in a registry and what is copied to a binary cache"
  },
  "nix-version": {
    kind: "text",
    group: "Nix",
    modes: buildingModes,
    description: "Version to install if there is no Nix; an existing Nix (2.8 or newer) is used unchanged"
  },
  "nix-version-strict": {
    kind: "flag",
    group: "Nix",
    modes: buildingModes,
    default: "false",
    description: "Fail, instead of warning, if the existing Nix is not `nix-version`"
  },
  "nix-url": {
    kind: "text",
    group: "Nix",
    modes: buildingModes,
    description: "Mirror of `https://releases.nixos.org/nix` to install from"
  },
  "nix-sha256": {
    kind: "text",
    group: "Nix",
    modes: buildingModes,
    description: "SHA-256 of the release archive, for a version that this action does not know"
  },
  substituters: {
    kind: "list",
    group: "Nix",
    modes: buildingModes,
    description: "Additional binary caches to fetch from"
  },
  "trusted-public-keys": {
    kind: "list",
    group: "Nix",
    modes: buildingModes,
    description: "Public keys of these caches and of the entries in a registry, as `NAME:BASE64`"
  },
  builders: {
    kind: "list",
    group: "Nix",
    modes: buildingModes,
    description: "Remote builders, one per line, as in `/etc/nix/machines`"
  },
  "nix-conf": {
    kind: "list",
    group: "Nix",
    modes: buildingModes,
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

// src/lib/failure.ts
var Failure = class extends Error {
  name = "Failure";
  /** Where in the checkout the cause is. */
  place;
  log;
  constructor(message, { place, log, ...options } = {}) {
    super(message, options);
    this.place = place;
    this.log = log;
  }
};
function messageOf(error) {
  if (isTooDeep(error)) return "Cannot read a document that is nested thousands of levels deep.";
  if (!(error instanceof Error)) return String(error);
  const [, why] = diskFaults.find(([codes]) => codes.includes(codeOf(error))) ?? [];
  return why === void 0 || error instanceof Failure ? error.message : `${why} (${error.message})`;
}
var diskFaults = [
  [["ENOSPC", "EDQUOT"], "the disk or the quota of this user is full"],
  [["EROFS"], "the file system is mounted read-only"]
];
function codeOf(error) {
  const { code } = error instanceof Error ? error : {};
  return typeof code === "string" ? code : "";
}
function stackOf(error) {
  return error instanceof Failure || isTooDeep(error) || !(error instanceof Error) ? void 0 : error.stack;
}
function isTooDeep(error) {
  return error instanceof RangeError && error.message === "Maximum call stack size exceeded";
}
function sentence(text) {
  const trimmed = text.trimEnd();
  return /[.!?]$/.test(trimmed) ? trimmed.replace(/\.+$/, ".") : `${trimmed}.`;
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

// src/lib/json-object.ts
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// src/lib/pool.ts
function createPool(limit) {
  let running = 0;
  const waiting = [];
  return async (body) => {
    if (running >= limit) await new Promise((resolve2) => waiting.push(resolve2));
    else running += 1;
    try {
      return await body();
    } finally {
      const next = waiting.shift();
      if (next === void 0) running -= 1;
      else next();
    }
  };
}
function untilFailure(pool) {
  let failure;
  return (body) => pool(async () => {
    if (failure !== void 0) throw failure.error;
    try {
      return await body();
    } catch (error) {
      failure ??= { error };
      throw error;
    }
  });
}
function inBackground(promise) {
  promise.catch(() => {
  });
  return promise;
}
async function settleAll(promises) {
  const results = await Promise.allSettled(promises);
  return results.map((result) => {
    if (result.status === "rejected") throw result.reason;
    return result.value;
  });
}

// src/lib/http/url-login.ts
var logins = /\b([a-z][a-z0-9+.-]*):\/\/([^\s/?#]*)@/gi;
var shortestToken = 16;
function secretsInUrls(text) {
  const secrets2 = [...text.matchAll(logins)].flatMap(([, scheme = "", login = ""]) => {
    const colon = login.indexOf(":");
    if (colon >= 0) return [login.slice(colon + 1)];
    return /https?$/i.test(scheme) && login.length >= shortestToken ? [login] : [];
  });
  return [...new Set(secrets2.flatMap((secret) => [secret, decoded(secret)]))].filter((secret) => secret !== "");
}
function withoutLogins(text) {
  return text.replaceAll(logins, "$1://***@");
}
function publicUrl(url) {
  return url.replaceAll(logins, "$1://");
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

// src/runtimes/secrets.ts
var secrets = /* @__PURE__ */ new Set();
function addSecret(value) {
  if (value !== "") secrets.add(value);
}
function maskSecrets(text) {
  let masked = text;
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) masked = masked.replaceAll(secret, "***");
  return masked;
}

// src/lib/printable.ts
var controls = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
function printable(text) {
  return escapeControls(text.replaceAll(/\r\n?/g, "\n")).replaceAll("##[", "#\u200B#[").replaceAll(/(?<![^\n])((?:(?!\n)[\p{Z}\p{C}])*):(?=:)/gu, "$1:\u200B");
}
function escapeControls(text) {
  return text.replaceAll(controls, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
function oneLine(text, limit = 400) {
  return text.slice(0, limit * 2).replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, " ").trim().slice(0, limit);
}

// src/lib/process.ts
var stderrKept = 65536;
async function runProgram(program, args, options = {}) {
  const child = spawn(program, args, {
    stdio: [options.input === void 0 ? "ignore" : "pipe", "pipe", "pipe"],
    ...options.cwd === void 0 ? {} : { cwd: options.cwd },
    ...options.env === void 0 ? {} : { env: options.env }
  });
  const exit = new Promise((resolve2, reject) => {
    child.once("error", (cause) => reject(startFailure(program, cause, options)));
    child.once("close", (code2) => resolve2(code2 ?? -1));
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
async function* readProgram(program, args, options = {}) {
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
  const exit = new Promise((resolve2, reject) => {
    child.once("error", (cause) => reject(startFailure(program, cause, options)));
    child.once("close", (code) => resolve2(code ?? -1));
  });
  exit.catch(() => {
  });
  const readErrors = collectErrors(child.stderr);
  try {
    yield* child.stdout;
    const code = await exit;
    if (code !== 0) throw new Failure(`${program} failed with exit code ${code}: ${readErrors().trim()}`);
  } finally {
    child.kill();
  }
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

// src/runtimes/cancellation.ts
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
      process.exitCode = 128 + constants2.signals[signal];
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
async function openGitView(directory, options) {
  const repository = findRepository(directory, options.searchesAbove);
  if (repository === void 0) return void 0;
  const view = mkdtempSync(join2(options.temporary, "git-"));
  const env = environmentFor(view, options.env);
  const git = (...args) => runGit(args, view, env);
  const shared = linkRepository(repository, view);
  const config = join2(repository.common, "config");
  const own = await git("config", "--file", config, "--no-includes", "--null", "--get-regexp", ownSettings);
  const settings2 = parseSettings(own ?? "");
  writeFileSync(join2(shared, "config"), formatConfig(settings2));
  return {
    tree: repository.tree,
    shallow: readShallow(join2(repository.common, "shallow")),
    git,
    async readRemote() {
      const remote = settings2.find(([key]) => key === "remote.origin.url")?.[1];
      if (remote === void 0) return void 0;
      const user = { ...options.env, GIT_DIR: view };
      const users = await runGit(["config", "--null", "--get-regexp", rewriteSettings], view, user);
      return rewrite(remote, [...settings2, ...parseSettings(users ?? "")]);
    },
    changedFiles: () => readChangedFiles(repository, view, env),
    matchesHead: async () => comparesAll(settings2) && await matchesHead(repository, view, env)
  };
}
async function readChangedFiles({ tree, own }, view, env) {
  const index = join2(own, "index");
  const copy = join2(view, `index-${randomUUID()}`);
  try {
    if (!statSync2(index).isFile()) return void 0;
    copyFileSync(index, copy);
    utimesSync(copy, farFuture, farFuture);
    linkSharedIndexes(own, view);
  } catch {
    return void 0;
  }
  const status = (file, ...paths) => runGit([...statusCommand, ...paths], view, { ...env, GIT_WORK_TREE: tree, GIT_INDEX_FILE: file });
  const lists = await Promise.all([status(index, withoutFilter), status(copy, ...withFilter)]);
  if (lists.includes(void 0)) return void 0;
  return lists.flatMap((list) => (list ?? "").split("\0").flatMap((entry) => entry.replace(/^.{1,2} /s, "") || []));
}
var withoutFilter = ":(top,attr:!filter)";
var withFilter = [":(top)", ":(top,exclude,attr:!filter)"];
var statusCommand = [
  ...["status", "--porcelain", "-z", "--untracked-files=no", "--ignore-submodules=dirty", "--no-renames", "--"]
];
async function matchesHead({ tree, own }, view, env) {
  const index = join2(own, "index");
  if (!statSync2(index, { throwIfNoEntry: false })?.isFile()) return false;
  linkSharedIndexes(own, view);
  const git = (...args) => runGit(args, view, { ...env, GIT_WORK_TREE: tree, GIT_INDEX_FILE: index });
  const [changed, filtered, all] = await Promise.all([
    git(...statusCommand, withoutFilter),
    git("ls-files", "-z", "--", ...withFilter),
    git("ls-files", "-v", "-z", "--", ":(top)")
  ]);
  const isCompared = (entry) => entry === "" || entry.startsWith("H ");
  return changed === "" && filtered === "" && all?.split("\0").every(isCompared) === true;
}
var farFuture = 2 ** 32 - 1;
function linkSharedIndexes(own, view) {
  const linked = new Set(readdirSync(view));
  const names = readdirSync(own).filter((name2) => /^sharedindex\.[0-9a-f]+$/.test(name2) && !linked.has(name2));
  linkFiles(own, view, names);
}
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
  const target = statSync2(link).isDirectory() ? link : /^gitdir: (.+)\n*$/.exec(readSmallFile(link) ?? "")?.[1];
  if (target === void 0) return void 0;
  const own = resolve(dirname(link), target);
  const common = resolve(own, readSmallFile(join2(own, "commondir"))?.trim() ?? ".");
  return readSmallFile(join2(own, "HEAD")) === void 0 ? void 0 : { tree: dirname(link), own, common };
}
var largestPointer = 8192;
function readSmallFile(path) {
  const found = statSync2(path, { throwIfNoEntry: false });
  return found?.isFile() && found.size <= largestPointer ? readFileSync(path, "utf8") : void 0;
}
function readShallow(file) {
  return existsSync(file) ? readSmallFile(file)?.trim().split("\n").toSorted().join("\n") : "";
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
var exactSettings = {
  "core.autocrlf": ["false"],
  "core.eol": ["lf", "native"],
  "core.filemode": ["true"],
  "core.symlinks": ["true"]
};
function comparesAll(settings2) {
  return settings2.every(([key, value]) => exactSettings[key]?.includes(value) ?? true);
}
function parseSettings(text) {
  return text.split("\0").flatMap((entry) => {
    const [, key, value] = /^(.+)\n([\s\S]*)$/.exec(entry) ?? [];
    return key === void 0 || value === void 0 ? [] : [[key, value]];
  });
}
function formatConfig(settings2) {
  const linesOf = (section) => settings2.filter(([key, value]) => key.startsWith(`${section}.`) && /^[a-z0-9]+$/i.test(value)).map(([key, value]) => `	${key.slice(section.length + 1)} = ${value}`);
  const core = ["	repositoryformatversion = 1", "	bare = false", ...linesOf("core")];
  return ["[core]", ...core, "[extensions]", ...linesOf("extensions"), ""].join("\n");
}
function rewrite(remote, settings2) {
  const [best] = settings2.filter(([key2, value2]) => key2.startsWith("url.") && value2 !== "" && remote.startsWith(value2)).toSorted(([, a], [, b]) => b.length - a.length);
  if (best === void 0) return remote;
  const [key, value] = best;
  return `${key.slice("url.".length, -".insteadof".length)}${remote.slice(value.length)}`;
}

// src/runtimes/clean-commit.ts
async function readCleanCommit({ directory, files }, checked, options) {
  const real = realpathSync(directory);
  const root = rootOf(real);
  if (root === void 0) return void 0;
  const { view, revision } = await openRoot(root, checked, options);
  if (view === void 0 || revision === void 0) return void 0;
  const below = relative(root, real);
  const has = async (name2) => await view.git("cat-file", "-e", `HEAD:${join3(below, name2)}`) !== void 0;
  const holds = await Promise.all([isClean(view, options), ...files.map(has)]);
  const { shallow } = view;
  return holds.includes(false) || shallow === void 0 ? void 0 : { revision, directory: below, shallow };
}
function rootOf(directory) {
  for (let at = directory; ; at = dirname2(at)) {
    if (existsSync2(join3(at, ".git"))) return at;
    if (dirname2(at) === at) return void 0;
  }
}
async function openRoot(root, checked, options) {
  if (checked.view !== void 0 && realpathSync(checked.view.tree) === root) return checked;
  if (!root.startsWith(`${realpathSync(checked.top)}${sep}`)) return {};
  const view = await openGitView(root, { ...options, searchesAbove: false });
  return { view, revision: await view?.git("rev-parse", "--verify", "--quiet", "HEAD") };
}
async function isClean(view, options) {
  if (!await view.matchesHead()) return false;
  if (!existsSync2(join3(view.tree, ".gitmodules"))) return true;
  const entries = await view.git("ls-tree", "-r", "-z", "--full-tree", "HEAD");
  if (entries === void 0) return false;
  const submodules = [...entries.matchAll(/(?:^|\0)160000 commit [0-9a-f]+\t([^\0]+)/g)].map(([, path = ""]) => path);
  for (const path of submodules) {
    const tree = join3(view.tree, path);
    if (!existsSync2(join3(tree, ".git"))) continue;
    const submodule = await openGitView(tree, { ...options, searchesAbove: false });
    if (submodule === void 0 || !await isClean(submodule, options)) return false;
  }
  return true;
}

// src/runtimes/checkout.ts
var headFormat = [
  ...["--format=%H %ct%n%D", "--decorate=full"],
  ...["HEAD", "refs/heads/*", "refs/tags/*"].map((pattern) => `--decorate-refs=${pattern}`)
];
async function openCheckout(directory, { readsRemote = false, ...options }) {
  const view = await openGitView(directory, options);
  const checkout = await readCheckout(view, readsRemote);
  const { revision } = checkout;
  return {
    checkout,
    changedFiles: async () => view?.changedFiles(),
    cleanCommit: (at, files) => readCleanCommit({ directory: at, files }, { top: directory, view, revision }, options)
  };
}
async function readCheckout(view, readsRemote) {
  const readingRemote = readsRemote ? view?.readRemote() : void 0;
  const head = await view?.git("log", "-1", ...headFormat);
  if (view === void 0 || head === void 0) return {};
  const [, revision, seconds, names = ""] = /^(\S+) (\d+)\n?(.*)$/.exec(head) ?? [];
  if (revision === void 0) return {};
  const branch = /HEAD -> refs\/heads\/(\S+?)(?:, |$)/.exec(names)?.[1];
  const gitTag = await newestOf(
    [...names.matchAll(/tag: refs\/tags\/(\S+?)(?:, |$)/g)].map(([, tag = ""]) => tag),
    view
  );
  const repositoryUrl = webUrlOf(await readingRemote ?? "");
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
  if (!isForeign(directory) && !isForeign(join4(directory, ".git"))) return {};
  const home = env.XDG_CONFIG_HOME || join4(env.HOME || homedir(), ".config");
  const view = join4(temporary, "config");
  mkdirSync2(join4(view, "git"), { recursive: true });
  linkFiles2(home, view, "git");
  linkFiles2(join4(home, "git"), join4(view, "git"), "config");
  writeFileSync2(join4(view, "git/config"), trusting(directory, join4(home, "git/config")));
  if (!env.GIT_CONFIG_GLOBAL) return { XDG_CONFIG_HOME: view };
  const file = join4(temporary, "gitconfig");
  writeFileSync2(file, trusting(directory, env.GIT_CONFIG_GLOBAL));
  return { XDG_CONFIG_HOME: view, GIT_CONFIG_GLOBAL: file };
}
function isForeign(path) {
  return lstatSync2(path, { throwIfNoEntry: false })?.uid !== process.getuid?.() && existsSync3(path);
}
function linkFiles2(from, to, except) {
  const names = existsSync3(from) ? readdirSync2(from) : [];
  for (const name2 of names) if (name2 !== except) symlinkSync2(join4(from, name2), join4(to, name2));
}
function trusting(directory, other) {
  const paths = [.../* @__PURE__ */ new Set([directory, realpathSync2(directory)])].flatMap((path) => [path, join4(path, ".git")]);
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
function homeOf(env) {
  if (env.HOME) return env.HOME;
  try {
    return homedir2();
  } catch {
    return void 0;
  }
}

// src/runtimes/make-temporary.ts
function makeTemporary(parent, prefix2, variable) {
  try {
    return mkdtempSync2(join5(parent, prefix2));
  } catch (cause) {
    const advice = `Set ${variable} to a directory that exists, is writable and has room.`;
    throw new Failure(`Cannot make a temporary directory in ${parent}: ${messageOf(cause)}. ${advice}`, { cause });
  }
}

// src/runtimes/temporary-directory.ts
var prefix = "nix-image-";
var name = /^nix-image-[A-Za-z0-9]{6}$/;
var lock = "lock";
function openTemporary(root, variable) {
  const directory = makeTemporary(root, prefix, variable);
  const server = createServer();
  server.on("error", () => {
  });
  server.listen(join6(directory, lock)).unref();
  return directory;
}
function isTemporary(directory, root) {
  const last = directory.slice(directory.lastIndexOf("/") + 1);
  return name.test(last) && join6(root, last) === directory;
}
async function isOwnDirectory(path) {
  const found = await lstat(path);
  return found.isDirectory() && found.uid === process.getuid?.();
}
async function removeAbandoned(root) {
  const names = await readdir(root).catch(() => []);
  for (const path of names.filter((entry) => name.test(entry)).map((entry) => join6(root, entry))) {
    try {
      if (await isOwnDirectory(path) && await isAbandoned(path)) await rm(path, { recursive: true, force: true });
    } catch {
    }
  }
}
function isAbandoned(directory) {
  return new Promise((resolve2) => {
    const socket = connect(join6(directory, lock));
    socket.on("connect", () => {
      socket.destroy();
      resolve2(false);
    });
    socket.on("error", (error) => resolve2(hasCode(error, "ECONNREFUSED")));
  });
}

// src/lib/format-duration.ts
function formatDuration(milliseconds) {
  const seconds = milliseconds / 1e3;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

// src/lib/format-size.ts
function formatSize(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let power = 0;
  for (; value >= 999.5 && power < units.length - 1; power++) value /= 1e3;
  return `${power === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

// src/runtimes/activities.ts
var mostNames = 2;
function createActivities(now) {
  const running = /* @__PURE__ */ new Set();
  let moved = 0;
  let since;
  return {
    start(name2, size) {
      const one = { name: name2, size, done: 0 };
      running.add(one);
      return {
        add(bytes) {
          since ??= now();
          one.done += bytes;
          moved += bytes;
        },
        end() {
          running.delete(one);
          if (running.size === 0) [moved, since] = [0, void 0];
        }
      };
    },
    line() {
      const all = [...running];
      const shown = all.slice(0, mostNames).map(describe).join(", ");
      const more = all.length > mostNames ? ` and ${all.length - mostNames} more` : "";
      return `${shown}${more}${describeRate(all, { moved, elapsed: since === void 0 ? 0 : now() - since })}`;
    }
  };
}
function describe({ name: name2, size, done }) {
  if (done === 0) return name2;
  return size === void 0 ? `${name2} (${formatSize(done)})` : `${name2} (${formatSize(done)} of ${formatSize(size)})`;
}
function describeRate(all, { moved, elapsed }) {
  if (elapsed < 1e3 || moved === 0) return "";
  const rate = moved / elapsed;
  const left = all.reduce((sum, { size, done }) => sum + Math.max(0, (size ?? done) - done), 0);
  return `, ${formatSize(rate * 1e3)}/s${left === 0 ? "" : `, ${formatDuration(left / rate)} left`}`;
}

// src/runtimes/heartbeat.ts
var longestSilence = 25e3;
function createHeartbeat(beat) {
  let depth = 0;
  let timer;
  const restart = () => {
    clearTimeout(timer);
    if (depth === 0) return;
    timer = setTimeout(() => {
      beat();
      restart();
    }, longestSilence);
    timer.unref();
  };
  return {
    touch: restart,
    enter() {
      depth += 1;
      restart();
    },
    leave() {
      depth -= 1;
      restart();
    }
  };
}

// src/runtimes/trusted-run.ts
var branchEvents = ["push", "workflow_dispatch", "repository_dispatch"];
function isTrustedRun(env, event) {
  const { repository, pull_request: pullRequest } = event;
  if (env.GITHUB_EVENT_NAME === "pull_request") {
    const head = pullRequest?.head?.repo?.full_name;
    return head !== void 0 && head === env.GITHUB_REPOSITORY;
  }
  if (env.GITHUB_EVENT_NAME === "schedule") return true;
  const branch = repository?.default_branch;
  return branchEvents.includes(env.GITHUB_EVENT_NAME) && branch !== void 0 && env.GITHUB_REF === `refs/heads/${branch}`;
}
function isRestrictedRun(env, event) {
  const { pull_request: pullRequest } = event;
  if (pullRequest === void 0 || env.GITHUB_EVENT_NAME === "pull_request_target") return false;
  return pullRequest.head?.repo?.full_name !== env.GITHUB_REPOSITORY || env.GITHUB_ACTOR === "dependabot[bot]";
}

// src/runtimes/known.ts
function known(fields) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== void 0));
}

// src/runtimes/workflow-context.ts
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
    workflow: workflowOf(env, server),
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
function workflowOf(env, server) {
  const { GITHUB_WORKFLOW_REF: file = "", GITHUB_REPOSITORY: repository = "" } = env;
  const [, path, ref] = file.startsWith(`${repository}/`) ? /^([^@]+)@(.+)$/.exec(file.slice(repository.length + 1)) ?? [] : [];
  if (path === void 0 || ref === void 0 || !env.GITHUB_RUN_ID) return void 0;
  return {
    server,
    repository,
    path,
    ref,
    repositoryId: env.GITHUB_REPOSITORY_ID ?? "",
    ownerId: env.GITHUB_REPOSITORY_OWNER_ID ?? "",
    runnerEnvironment: env.RUNNER_ENVIRONMENT ?? "",
    invocation: `${server}/${repository}/actions/runs/${env.GITHUB_RUN_ID}/attempts/${env.GITHUB_RUN_ATTEMPT || "1"}`
  };
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
  const given = env.GITHUB_REF || void 0;
  const ref = isTarget ? `refs/pull/${number}/merge` : given?.replace(/^(refs\/pull\/\d+)\/head$/, "$1/merge");
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

// src/runtimes/read-github-context.ts
async function readGitHubContext(env, checkout) {
  const event = await readEvent(env);
  return {
    ...workflowContext(env, event, checkout),
    isTrusted: isTrustedRun(env, event),
    isRestricted: isRestrictedRun(env, event)
  };
}

// src/sbom/sbom-document.ts
var sbomFormats = ["cyclonedx", "spdx"];
var sbomTypes = {
  cyclonedx: { mediaType: "application/vnd.cyclonedx+json", predicateType: "https://cyclonedx.org/bom" },
  spdx: { mediaType: "application/spdx+json", predicateType: "https://spdx.dev/Document" }
};
async function sbomOf(format, subject) {
  if (format === "spdx") return (await import("./chunk-UPQD5ZHM.mjs")).spdx(subject);
  return (await import("./chunk-TPQLN3XX.mjs")).cycloneDx(subject);
}

export {
  githubIssuer,
  modes,
  inputTable,
  inputNames,
  takesInput,
  Failure,
  messageOf,
  codeOf,
  stackOf,
  sentence,
  hasCode,
  parseCreated,
  resolveCreated,
  parseRfc3339,
  isObject,
  createPool,
  untilFailure,
  inBackground,
  settleAll,
  secretsInUrls,
  withoutLogins,
  publicUrl,
  basicLogin,
  addSecret,
  maskSecrets,
  printable,
  escapeControls,
  oneLine,
  runProgram,
  readProgram,
  collectErrors,
  startFailure,
  findProgram,
  isExecutable,
  listenForCancellation,
  openCheckout,
  safeGitEnv,
  trustCheckout,
  homeOf,
  makeTemporary,
  openTemporary,
  isTemporary,
  isOwnDirectory,
  removeAbandoned,
  formatDuration,
  formatSize,
  createActivities,
  createHeartbeat,
  known,
  readGitHubContext,
  sbomFormats,
  sbomTypes,
  sbomOf
};
