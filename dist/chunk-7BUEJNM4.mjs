import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  parseRfc3339
} from "./chunk-MAGKRFWX.mjs";
import {
  Failure
} from "./chunk-IQWQOVRW.mjs";

// src/inputs/input-table.ts
var inputTable = {
  mode: {
    kind: "text",
    default: "build",
    description: "build; metadata to compute tags, labels and annotations alone; index to join images of several platforms; promote to label and tag an image that is there; push-layout to push what a fork built; cleanup to delete tags"
  },
  installable: {
    kind: "list",
    default: ".",
    description: "Flake installable that gives the image. Several, one a line, with NAME=, OS/ARCHITECTURE= or NAME/OS/ARCHITECTURE= in front"
  },
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
  platform: {
    kind: "text",
    description: "Platform that the image must be for (linux/amd64); chooses from an index. For mode index all of them, for push-layout those that are allowed, comma separated"
  },
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
  "push-by-digest": {
    kind: "flag",
    default: "false",
    description: "Push without a tag, for a later index; tags then names the repositories alone"
  },
  "if-exists": {
    kind: "text",
    default: "overwrite",
    description: "A tag that names another image already is moved (overwrite), an error (error), or left alone (skip)"
  },
  sources: {
    kind: "list",
    description: "For mode index: references by digest, descriptors as JSON, files or directories of these, one a line"
  },
  comment: {
    kind: "flag",
    default: "false",
    description: "Tell of the pushed image in one comment on the pull request, which is kept up to date"
  },
  from: {
    kind: "text",
    description: "For mode promote: a reference by tag or digest, or the path (./\u2026 or /\u2026) of an OCI layout"
  },
  "allow-labels": {
    kind: "list",
    default: "org.opencontainers.image.*",
    description: "For mode push-layout: labels that the layout may bring, one a line; * stands for any text"
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
  "compression-level": { kind: "text", description: "1 to 9 for gzip (1), 1 to 19 for zstd (3)" },
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
  "github-token": {
    kind: "secret",
    description: "Token for ghcr.io, for flake inputs from GitHub and for GitHub's API"
  },
  "insecure-registries": { kind: "list", description: "Hosts spoken to over http or with an unknown certificate" },
  "nix-version": { kind: "text", description: "Version of Nix to install when there is none" },
  "nix-url": { kind: "text", description: "Mirror of https://releases.nixos.org/nix to install from" },
  "nix-sha256": { kind: "text", description: "SHA-256 of the release archive of a version that is not known here" },
  "nix-version-strict": {
    kind: "flag",
    default: "false",
    description: "Make it an error, not a warning, when the Nix that is there is not nix-version"
  },
  substituters: { kind: "list", description: "Binary caches to fetch from besides the ones that are set" },
  "trusted-public-keys": { kind: "list", description: "Keys that sign what is in these, as NAME:BASE64" },
  builders: { kind: "list", description: "Machines to build on, each a line of /etc/nix/machines" },
  "nix-conf": { kind: "list", description: "Extra lines of nix.conf, after all others" },
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
  "cache-to": {
    kind: "text",
    description: "Directory (/\u2026 or ./\u2026) or binary cache (file:///\u2026, s3://\u2026, https://\u2026) instead of the runner's cache"
  },
  "cache-signing-key": { kind: "secret", description: "Secret key that signs what is copied to a binary cache" }
};

// src/lib/collect-rarely.ts
import { setFlagsFromString } from "node:v8";
function collectRarely() {
  setFlagsFromString("--heap-growing-percent=200");
  setFlagsFromString("--semi-space-growth-factor=1");
}

// src/hosts/checkout.ts
import { execFile } from "node:child_process";
var headFormat = [
  ...["--format=%H %ct%n%D", "--decorate=full"],
  ...["HEAD", "refs/heads/*", "refs/tags/*"].map((pattern) => `--decorate-refs=${pattern}`)
];
async function readCheckout(directory, env) {
  const git = (...args) => askGit(args, directory, env);
  const [head, remote] = await Promise.all([git("log", "-1", ...headFormat), git("remote", "get-url", "origin")]);
  if (head === void 0) return {};
  const [, revision, seconds, names = ""] = /^(\S+) (\d+)\n?(.*)$/.exec(head) ?? [];
  const branch = /HEAD -> refs\/heads\/(\S+?)(?:, |$)/.exec(names)?.[1];
  const gitTag = await newestOf(
    [...names.matchAll(/tag: refs\/tags\/(\S+?)(?:, |$)/g)].map(([, tag = ""]) => tag),
    git
  );
  const repositoryUrl = webUrlOf(remote ?? "");
  return {
    ...revision === void 0 ? {} : { revision },
    commitTime: Number(seconds),
    ...gitTag === void 0 ? {} : { gitTag },
    ...branch === void 0 ? {} : { branch },
    ...repositoryUrl === void 0 ? {} : { repositoryUrl }
  };
}
async function newestOf(tags, git) {
  if (tags.length < 2) return tags[0];
  return (await git("tag", "--points-at", "HEAD", "--sort=-version:refname"))?.split("\n")[0];
}
function askGit(args, cwd, env) {
  const trust = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "safe.directory", GIT_CONFIG_VALUE_0: "*" };
  return new Promise((resolve) => {
    execFile("git", args, { cwd, env: { ...env, ...trust } }, (error, stdout) => {
      resolve(error === null ? stdout.trim() : void 0);
    });
  });
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
import { readFile } from "node:fs/promises";
async function readEvent(env) {
  const path = env.GITHUB_EVENT_PATH;
  if (path === void 0 || path === "") return {};
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return {};
  }
}
function workflowContext(env, event, checkout) {
  const name = env.GITHUB_REPOSITORY || void 0;
  const server = env.GITHUB_SERVER_URL || "https://github.com";
  const { repository } = event;
  const run = runOf(env, event);
  return known({
    repositoryUrl: repository?.html_url ?? (name === void 0 ? void 0 : `${server}/${name}`),
    repositoryName: name?.split("/").at(-1),
    repository: name,
    apiUrl: env.GITHUB_API_URL || void 0,
    pullRequest: event.pull_request === void 0 ? void 0 : event.pull_request.number ?? event.number,
    runUrl: name && env.GITHUB_RUN_ID ? `${server}/${name}/actions/runs/${env.GITHUB_RUN_ID}` : void 0,
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
function timesOf(sha, { head_commit: head, commits = [] }, checkout) {
  if (checkout.revision === sha) return { commitTime: checkout.commitTime };
  const commit = [...commits, head].find((item) => item?.id === sha && sha !== void 0);
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
  throw new Failure(`Cannot use DOCKER_METADATA_SHORT_SHA_LENGTH="${text}": it must be a number from 1.`);
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
  readCheckout,
  readEvent,
  workflowContext,
  terminalContext,
  collectRarely
};
