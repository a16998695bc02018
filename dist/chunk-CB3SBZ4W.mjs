import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  formatDuration
} from "./chunk-KOXRFBVW.mjs";
import {
  connect,
  createServer,
  parseRfc3339
} from "./chunk-LPQ76Q4D.mjs";
import {
  formatSize
} from "./chunk-S73ABKVA.mjs";
import {
  isObject
} from "./chunk-MLJXCXOP.mjs";
import {
  Failure,
  hasCode,
  messageOf
} from "./chunk-WFDJKZW3.mjs";

// src/lib/tune-garbage-collection.ts
import { setFlagsFromString } from "node:v8";
function tuneGarbageCollection() {
  setFlagsFromString("--heap-growing-percent=200");
  setFlagsFromString("--semi-space-growth-factor=1");
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

// src/runtimes/clean-commit.ts
import { existsSync as existsSync2, realpathSync } from "node:fs";
import { dirname as dirname2, join as join3, relative } from "node:path";

// src/runtimes/git-view.ts
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
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
    tree: repository.tree,
    isShallow: existsSync(join2(repository.common, "shallow")),
    git,
    readRemote: () => {
      const remote = settings2.find(([key]) => key === "remote.origin.url")?.[1];
      return remote === void 0 ? void 0 : rewrite(remote, [...settings2, ...parseSettings(users)]);
    },
    changedFiles: () => readChangedFiles(repository, view, env),
    unseenFiles: async () => comparesAll(settings2) ? readUnseenFiles(repository, view, env) : void 0
  };
}
async function readChangedFiles({ tree, own }, view, env) {
  const index = join2(own, "index");
  const copy = join2(view, `index-${randomUUID()}`);
  try {
    if (!statSync(index).isFile()) return void 0;
    copyFileSync(index, copy);
    utimesSync(copy, farFuture, farFuture);
    linkSharedIndexes(own, view);
  } catch {
    return void 0;
  }
  const status = (file, ...paths) => runGit([...statusCommand, ...paths], view, { ...env, GIT_WORK_TREE: tree, GIT_INDEX_FILE: file });
  const lists = await Promise.all([status(index, ":(top,attr:!filter)"), status(copy, ...withFilter)]);
  if (lists.includes(void 0)) return void 0;
  return lists.flatMap((list) => (list ?? "").split("\0").flatMap((entry) => entry.replace(/^.{1,2} /s, "") || []));
}
var withFilter = [":(top)", ":(top,exclude,attr:!filter)"];
var statusCommand = [
  ...["status", "--porcelain", "-z", "--untracked-files=no", "--ignore-submodules=dirty", "--no-renames", "--"]
];
async function readUnseenFiles({ tree, own }, view, env) {
  linkSharedIndexes(own, view);
  const list = (...args) => runGit(["ls-files", "-v", "-z", "--", ...args], view, {
    ...env,
    ...{ GIT_WORK_TREE: tree, GIT_INDEX_FILE: join2(own, "index") }
  });
  const [all, filtered] = await Promise.all([list(":(top)"), list(...withFilter)]);
  if (all === void 0 || filtered === void 0) return void 0;
  const entriesOf = (text) => text.split("\0").filter((entry) => entry !== "");
  const unseen = entriesOf(all).filter((entry) => !entry.startsWith("H "));
  return [...entriesOf(filtered), ...unseen].map((entry) => entry.slice("H ".length));
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
async function readCleanCommit(directory, { view, revision }, options) {
  const [root, real] = [realpathSync(view.tree), realpathSync(directory)];
  if (!isIn(root, real) || !await isClean(view, options)) return void 0;
  return { revision, directory: relative(root, real), isShallow: view.isShallow };
}
function isIn(root, directory) {
  for (let at = directory; ; at = dirname2(at)) {
    if (existsSync2(join3(at, ".git"))) return at === root;
    if (dirname2(at) === at) return false;
  }
}
async function isClean(view, options) {
  for (const files of [await view.changedFiles(), await view.unseenFiles()]) {
    if (files === void 0 || files.length > 0) return false;
  }
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
async function openCheckout(directory, options) {
  const view = await openGitView(directory, options);
  const checkout = await readCheckout(view);
  const { revision } = checkout;
  return {
    checkout,
    changedFiles: async () => view?.changedFiles(),
    async cleanCommit(at) {
      if (view === void 0 || revision === void 0) return void 0;
      return readCleanCommit(at, { view, revision }, options);
    }
  };
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
import { existsSync as existsSync3, lstatSync as lstatSync2, mkdirSync as mkdirSync2, readdirSync as readdirSync2, realpathSync as realpathSync2, symlinkSync as symlinkSync2, writeFileSync as writeFileSync2 } from "node:fs";
import { homedir } from "node:os";
import { join as join4 } from "node:path";
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
import { join as join5 } from "node:path";
var prefix = "nix-image-";
var name = /^nix-image-[A-Za-z0-9]{6}$/;
var lock = "lock";
function openTemporary(root, variable) {
  const directory = makeTemporary(root, prefix, variable);
  const server = createServer();
  server.on("error", () => {
  });
  server.listen(join5(directory, lock)).unref();
  return directory;
}
function isTemporary(directory, root) {
  const last = directory.slice(directory.lastIndexOf("/") + 1);
  return name.test(last) && join5(root, last) === directory;
}
async function isOwnDirectory(path) {
  const found = await lstat(path);
  return found.isDirectory() && found.uid === process.getuid?.();
}
async function removeAbandoned(root) {
  const names = await readdir(root).catch(() => []);
  for (const path of names.filter((entry) => name.test(entry)).map((entry) => join5(root, entry))) {
    try {
      if (await isOwnDirectory(path) && await isAbandoned(path)) await rm(path, { recursive: true, force: true });
    } catch {
    }
  }
}
function isAbandoned(directory) {
  return new Promise((resolve2) => {
    const socket = connect(join5(directory, lock));
    socket.on("connect", () => {
      socket.destroy();
      resolve2(false);
    });
    socket.on("error", (error) => resolve2(hasCode(error, "ECONNREFUSED")));
  });
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

// src/runtimes/workflow-context.ts
import { readFile } from "node:fs/promises";

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

export {
  tuneGarbageCollection,
  makeTemporary,
  createActivities,
  createHeartbeat,
  addSecret,
  maskSecrets,
  listenForCancellation,
  openCheckout,
  safeGitEnv,
  trustCheckout,
  homeOf,
  openTemporary,
  isTemporary,
  isOwnDirectory,
  removeAbandoned,
  known,
  readGitHubContext
};
