import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  inputTable,
  readCheckout,
  readEvent,
  workflowContext
} from "./chunk-7BUEJNM4.mjs";
import {
  addPath,
  cp,
  debug,
  exportVariable,
  getInput,
  getState,
  group,
  info,
  mkdirP,
  notice,
  require_http_client,
  require_semver,
  rmRF,
  saveState,
  setSecret,
  warning
} from "./chunk-TQHYWTQ6.mjs";
import {
  Failure,
  hasCode
} from "./chunk-IQWQOVRW.mjs";
import {
  __toESM
} from "./chunk-MPN7ELPR.mjs";

// src/hosts/step-state.ts
import { readFile, rm, writeFile } from "node:fs/promises";
var temporaryState = "temporary";
var taskState = "task";
function rememberTemporary(directory) {
  saveState(temporaryState, directory);
}
async function removeTemporary() {
  const directory = getState(temporaryState);
  if (directory !== "") await rm(directory, { recursive: true, force: true });
}
async function rememberTask(task, file) {
  await writeFile(file, task, { mode: 384 });
  saveState(taskState, file);
}
async function takeTask() {
  const file = getState(taskState);
  if (file === "") return void 0;
  const task = await readFile(file, "utf8");
  await rm(file, { force: true });
  return task;
}

// src/hosts/runner.ts
import { mkdtemp } from "node:fs/promises";
import { tmpdir as tmpdir2 } from "node:os";
import { join as join3, resolve } from "node:path";

// node_modules/@actions/tool-cache/lib/tool-cache.js
import * as fs from "fs";

// node_modules/@actions/tool-cache/lib/manifest.js
var semver = __toESM(require_semver(), 1);

// node_modules/@actions/tool-cache/lib/tool-cache.js
var httpm = __toESM(require_http_client(), 1);
var semver2 = __toESM(require_semver(), 1);
import * as os from "os";
import * as path from "path";
import { ok } from "assert";
var __awaiter = function(thisArg, _arguments, P, generator) {
  function adopt(value) {
    return value instanceof P ? value : new P(function(resolve2) {
      resolve2(value);
    });
  }
  return new (P || (P = Promise))(function(resolve2, reject) {
    function fulfilled(value) {
      try {
        step(generator.next(value));
      } catch (e) {
        reject(e);
      }
    }
    function rejected(value) {
      try {
        step(generator["throw"](value));
      } catch (e) {
        reject(e);
      }
    }
    function step(result) {
      result.done ? resolve2(result.value) : adopt(result.value).then(fulfilled, rejected);
    }
    step((generator = generator.apply(thisArg, _arguments || [])).next());
  });
};
var IS_WINDOWS = process.platform === "win32";
var IS_MAC = process.platform === "darwin";
function cacheFile(sourceFile, targetFile, tool, version, arch2) {
  return __awaiter(this, void 0, void 0, function* () {
    version = semver2.clean(version) || version;
    arch2 = arch2 || os.arch();
    debug(`Caching tool ${tool} ${version} ${arch2}`);
    debug(`source file: ${sourceFile}`);
    if (!fs.statSync(sourceFile).isFile()) {
      throw new Error("sourceFile is not a file");
    }
    const destFolder = yield _createToolPath(tool, version, arch2);
    const destPath = path.join(destFolder, targetFile);
    debug(`destination file ${destPath}`);
    yield cp(sourceFile, destPath);
    _completeToolPath(tool, version, arch2);
    return destFolder;
  });
}
function find(toolName, versionSpec, arch2) {
  if (!toolName) {
    throw new Error("toolName parameter is required");
  }
  if (!versionSpec) {
    throw new Error("versionSpec parameter is required");
  }
  arch2 = arch2 || os.arch();
  if (!isExplicitVersion(versionSpec)) {
    const localVersions = findAllVersions(toolName, arch2);
    const match = evaluateVersions(localVersions, versionSpec);
    versionSpec = match;
  }
  let toolPath = "";
  if (versionSpec) {
    versionSpec = semver2.clean(versionSpec) || "";
    const cachePath = path.join(_getCacheDirectory(), toolName, versionSpec, arch2);
    debug(`checking cache: ${cachePath}`);
    if (fs.existsSync(cachePath) && fs.existsSync(`${cachePath}.complete`)) {
      debug(`Found tool in cache ${toolName} ${versionSpec} ${arch2}`);
      toolPath = cachePath;
    } else {
      debug("not found");
    }
  }
  return toolPath;
}
function findAllVersions(toolName, arch2) {
  const versions = [];
  arch2 = arch2 || os.arch();
  const toolPath = path.join(_getCacheDirectory(), toolName);
  if (fs.existsSync(toolPath)) {
    const children = fs.readdirSync(toolPath);
    for (const child of children) {
      if (isExplicitVersion(child)) {
        const fullPath = path.join(toolPath, child, arch2 || "");
        if (fs.existsSync(fullPath) && fs.existsSync(`${fullPath}.complete`)) {
          versions.push(child);
        }
      }
    }
  }
  return versions;
}
function _createToolPath(tool, version, arch2) {
  return __awaiter(this, void 0, void 0, function* () {
    const folderPath = path.join(_getCacheDirectory(), tool, semver2.clean(version) || version, arch2 || "");
    debug(`destination ${folderPath}`);
    const markerPath = `${folderPath}.complete`;
    yield rmRF(folderPath);
    yield rmRF(markerPath);
    yield mkdirP(folderPath);
    return folderPath;
  });
}
function _completeToolPath(tool, version, arch2) {
  const folderPath = path.join(_getCacheDirectory(), tool, semver2.clean(version) || version, arch2 || "");
  const markerPath = `${folderPath}.complete`;
  fs.writeFileSync(markerPath, "");
  debug("finished caching tool");
}
function isExplicitVersion(versionSpec) {
  const c = semver2.clean(versionSpec) || "";
  debug(`isExplicit: ${c}`);
  const valid2 = semver2.valid(c) != null;
  debug(`explicit? ${valid2}`);
  return valid2;
}
function evaluateVersions(versions, versionSpec) {
  let version = "";
  debug(`evaluating ${versions.length} versions`);
  versions = versions.sort((a, b) => {
    if (semver2.gt(a, b)) {
      return 1;
    }
    return -1;
  });
  for (let i = versions.length - 1; i >= 0; i--) {
    const potential = versions[i];
    const satisfied = semver2.satisfies(potential, versionSpec);
    if (satisfied) {
      version = potential;
      break;
    }
  }
  if (version) {
    debug(`matched: ${version}`);
  } else {
    debug("match not found");
  }
  return version;
}
function _getCacheDirectory() {
  const cacheDirectory = process.env["RUNNER_TOOL_CACHE"] || "";
  ok(cacheDirectory, "Expected RUNNER_TOOL_CACHE to be defined");
  return cacheDirectory;
}

// src/hosts/actions-cache.ts
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { copyFile, mkdir, rename, rm as rm2 } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname as dirname2, join as join2 } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
var longestWait = 60;
var tries = 3;
function openActionsCache(env) {
  const isThere = env.ACTIONS_RESULTS_URL || env.ACTIONS_CACHE_URL;
  if (!isThere) return void 0;
  const place = join2(env.RUNNER_TEMP || tmpdir(), "nix-image-cache", "entry");
  return {
    async find(key, prefixes) {
      const { restoreCache } = await import("./chunk-7JNMJ647.mjs");
      return restoreCache([place], key, [...prefixes], { lookupOnly: true });
    },
    async restore(file, key, prefixes) {
      const { restoreCache } = await import("./chunk-7JNMJ647.mjs");
      await mkdir(dirname2(place), { recursive: true });
      const found = await patiently(() => restoreCache([place], key, [...prefixes]));
      if (found !== void 0) await move(place, file);
      return found;
    },
    async save(file, key) {
      const { saveCache } = await import("./chunk-7JNMJ647.mjs");
      await mkdir(dirname2(place), { recursive: true });
      await move(file, place);
      try {
        const saved = await patiently(async () => await saveCache([place], key) === -1 ? void 0 : true);
        return saved !== void 0;
      } finally {
        await rm2(place, { force: true });
      }
    }
  };
}
async function patiently(call) {
  for (let tried = 1; ; tried++) {
    let wait;
    const look = (message) => {
      const { statusCode, headers } = message.response;
      if (statusCode === 429) wait = Number.parseInt(headers["retry-after"] ?? "", 10);
    };
    subscribe(answers, look);
    try {
      const result = await call();
      if (result !== void 0 || wait === void 0 || !(wait <= longestWait) || tried === tries) return result;
    } finally {
      unsubscribe(answers, look);
    }
    await sleep(wait * 1e3);
  }
}
var answers = "http.client.response.finish";
async function move(from, to) {
  try {
    await rename(from, to);
  } catch (error) {
    if (!hasCode(error, "EXDEV")) throw error;
    await copyFile(from, to);
    await rm2(from);
  }
}

// src/hosts/trusted-run.ts
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

// src/hosts/runner.ts
async function openRunner() {
  const env = environmentForPrograms();
  const directory = process.env.GITHUB_WORKSPACE || process.cwd();
  const temporary = await mkdtemp(join3(process.env.RUNNER_TEMP || tmpdir2(), "nix-image-"));
  rememberTemporary(temporary);
  const event = await readEvent(process.env);
  const isHosted = process.env.RUNNER_ENVIRONMENT === "github-hosted";
  return {
    log: {
      info: (text) => info(withoutCommands(text)),
      notice: (text) => notice(text),
      warning: (text) => warning(text),
      debug,
      group,
      secret: setSecret
    },
    env,
    directory,
    temporary,
    createDirectory: () => mkdtemp(join3(process.env.RUNNER_TEMP || tmpdir2(), "nix-image-output-")),
    context: {
      ...workflowContext(process.env, event, await readCheckout(directory, env)),
      isTrusted: isTrustedRun(process.env, event),
      isRestricted: isRestrictedRun(process.env, event)
    },
    cache: openActionsCache(process.env),
    afterJob: (task) => rememberTask(task, `${temporary}.task`),
    resolve: (path2) => resolve(directory, path2),
    now: Date.now,
    isDisposable: isHosted,
    tools: isHosted || !process.env.RUNNER_TOOL_CACHE ? void 0 : toolCache,
    addPath(path2) {
      addPath(path2);
      env.PATH = process.env.PATH;
    },
    exportVariable(name, value) {
      exportVariable(name, value);
      env[name] = value;
    }
  };
}
var toolFile = "tool";
var toolCache = {
  async find(name, version) {
    const directory = find(name, version);
    return directory === "" ? void 0 : join3(directory, toolFile);
  },
  async keep(file, name, version) {
    await cacheFile(file, toolFile, name, version);
  }
};
function withoutCommands(text) {
  return text.replaceAll(/^(\s*)([:#])(:|#\[)/gm, "$1$2\u200B$3");
}
function environmentForPrograms() {
  const isOurs = (name) => /^(INPUT_|STATE_|ACTIONS_RUNTIME_TOKEN$|ACTIONS_ID_TOKEN_)/.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)));
}
function readStepInput(name) {
  return getInput(name, { trimWhitespace: false });
}
function refuseUnknownInputs() {
  const known = new Set(Object.keys(inputTable).map((name) => `INPUT_${name.toUpperCase()}`));
  const unknown = Object.keys(process.env).filter((name) => name.startsWith("INPUT_") && !known.has(name));
  if (unknown.length === 0) return;
  const names = unknown.map((name) => `"${name.slice("INPUT_".length).toLowerCase()}"`).join(", ");
  throw new Failure(`Cannot use the input ${names}: unknown. Known are ${Object.keys(inputTable).join(", ")}.`);
}

export {
  removeTemporary,
  takeTask,
  openRunner,
  readStepInput,
  refuseUnknownInputs
};
