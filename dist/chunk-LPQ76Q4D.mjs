import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  Failure
} from "./chunk-WFDJKZW3.mjs";
import {
  __require
} from "./chunk-DNGIBJ4B.mjs";

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
    modes: demandingModes,
    description: "File with the trusted root of a Sigstore of your own, for `require-signed`"
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
    description: "Entries to keep in a registry: how many of each build (`10`), for how long (`14d`), or both (`10 14d`); older ones are deleted after a save"
  },
  "cache-signing-key": {
    kind: "secret",
    group: "Store cache",
    description: "Secret key that signs entries in a registry and what is copied to a binary cache"
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
function takesInput(mode, name) {
  const { modes: taking = ["build"] } = inputTable[name];
  return taking.includes(mode);
}

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

// src/sbom/sbom-document.ts
var sbomFormats = ["cyclonedx", "spdx"];
var sbomTypes = {
  cyclonedx: { mediaType: "application/vnd.cyclonedx+json", predicateType: "https://cyclonedx.org/bom" },
  spdx: { mediaType: "application/spdx+json", predicateType: "https://spdx.dev/Document" }
};
async function sbomOf(format, subject) {
  if (format === "spdx") return (await import("./chunk-X4SVFXZH.mjs")).spdx(subject);
  return (await import("./chunk-ZF5NHA3B.mjs")).cycloneDx(subject);
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

// required:node:net
var { BlockList, connect, createServer, isIP } = __require("node:net");

export {
  githubIssuer,
  modes,
  inputTable,
  inputNames,
  takesInput,
  parseCreated,
  resolveCreated,
  parseRfc3339,
  BlockList,
  connect,
  createServer,
  isIP,
  secretsInUrls,
  withoutLogins,
  basicLogin,
  sbomFormats,
  sbomTypes,
  sbomOf
};
