import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  Failure,
  hasCode,
  inputTable,
  readCheckout,
  readEvent,
  workflowContext
} from "./chunk-KBOYRUWV.mjs";
import {
  HttpClient,
  addPath,
  debug,
  exportVariable,
  getInput,
  getState,
  group,
  info,
  mkdirP,
  notice,
  rmRF,
  saveState,
  setSecret,
  warning
} from "./chunk-GOQBOSYD.mjs";
import {
  __toESM,
  require_semver
} from "./chunk-TMU5TD52.mjs";

// src/hosts/step-state.ts
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
var temporaryState = "temporary";
var taskState = "task";
function rememberTemporary(directory) {
  saveState(temporaryState, directory);
}
async function removeTemporary() {
  const directory = getState(temporaryState);
  if (directory !== "") await rm(directory, { recursive: true, force: true });
}
async function rememberTask(task) {
  const file = join(await mkdtemp(join(process.env.RUNNER_TEMP || tmpdir(), "nix-image-task-")), "task.json");
  await writeFile(file, task);
  saveState(taskState, file);
}
async function takeTask() {
  const file = getState(taskState);
  if (file === "") return void 0;
  const task = await readFile(file, "utf8");
  await rm(dirname(file), { recursive: true, force: true });
  return task;
}

// src/hosts/runner.ts
import { mkdtemp as mkdtemp2 } from "node:fs/promises";
import { tmpdir as tmpdir3 } from "node:os";
import { join as join4, resolve } from "node:path";

// node_modules/@actions/tool-cache/lib/tool-cache.js
import * as crypto from "crypto";
import * as fs from "fs";

// node_modules/@actions/tool-cache/lib/manifest.js
var semver = __toESM(require_semver(), 1);

// node_modules/@actions/tool-cache/lib/tool-cache.js
import * as path from "path";
var semver2 = __toESM(require_semver(), 1);
import * as stream from "stream";
import * as util from "util";
import { ok } from "assert";

// node_modules/@actions/tool-cache/lib/retry-helper.js
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
var RetryHelper = class {
  constructor(maxAttempts, minSeconds, maxSeconds) {
    if (maxAttempts < 1) {
      throw new Error("max attempts should be greater than or equal to 1");
    }
    this.maxAttempts = maxAttempts;
    this.minSeconds = Math.floor(minSeconds);
    this.maxSeconds = Math.floor(maxSeconds);
    if (this.minSeconds > this.maxSeconds) {
      throw new Error("min seconds should be less than or equal to max seconds");
    }
  }
  execute(action, isRetryable) {
    return __awaiter(this, void 0, void 0, function* () {
      let attempt = 1;
      while (attempt < this.maxAttempts) {
        try {
          return yield action();
        } catch (err) {
          if (isRetryable && !isRetryable(err)) {
            throw err;
          }
          info(err.message);
        }
        const seconds = this.getSleepAmount();
        info(`Waiting ${seconds} seconds before trying again`);
        yield this.sleep(seconds);
        attempt++;
      }
      return yield action();
    });
  }
  getSleepAmount() {
    return Math.floor(Math.random() * (this.maxSeconds - this.minSeconds + 1)) + this.minSeconds;
  }
  sleep(seconds) {
    return __awaiter(this, void 0, void 0, function* () {
      return new Promise((resolve2) => setTimeout(resolve2, seconds * 1e3));
    });
  }
};

// node_modules/@actions/tool-cache/lib/tool-cache.js
var __awaiter2 = function(thisArg, _arguments, P, generator) {
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
var HTTPError = class extends Error {
  constructor(httpStatusCode) {
    super(`Unexpected HTTP response: ${httpStatusCode}`);
    this.httpStatusCode = httpStatusCode;
    Object.setPrototypeOf(this, new.target.prototype);
  }
};
var IS_WINDOWS = process.platform === "win32";
var IS_MAC = process.platform === "darwin";
var userAgent = "actions/tool-cache";
function downloadTool(url, dest, auth, headers) {
  return __awaiter2(this, void 0, void 0, function* () {
    dest = dest || path.join(_getTempDirectory(), crypto.randomUUID());
    yield mkdirP(path.dirname(dest));
    debug(`Downloading ${url}`);
    debug(`Destination ${dest}`);
    const maxAttempts = 3;
    const minSeconds = _getGlobal("TEST_DOWNLOAD_TOOL_RETRY_MIN_SECONDS", 10);
    const maxSeconds = _getGlobal("TEST_DOWNLOAD_TOOL_RETRY_MAX_SECONDS", 20);
    const retryHelper = new RetryHelper(maxAttempts, minSeconds, maxSeconds);
    return yield retryHelper.execute(() => __awaiter2(this, void 0, void 0, function* () {
      return yield downloadToolAttempt(url, dest || "", auth, headers);
    }), (err) => {
      if (err instanceof HTTPError && err.httpStatusCode) {
        if (err.httpStatusCode < 500 && err.httpStatusCode !== 408 && err.httpStatusCode !== 429) {
          return false;
        }
      }
      return true;
    });
  });
}
function downloadToolAttempt(url, dest, auth, headers) {
  return __awaiter2(this, void 0, void 0, function* () {
    if (fs.existsSync(dest)) {
      throw new Error(`Destination file path ${dest} already exists`);
    }
    const http = new HttpClient(userAgent, [], {
      allowRetries: false
    });
    if (auth) {
      debug("set auth");
      if (headers === void 0) {
        headers = {};
      }
      headers.authorization = auth;
    }
    const response = yield http.get(url, headers);
    if (response.message.statusCode !== 200) {
      const err = new HTTPError(response.message.statusCode);
      debug(`Failed to download from "${url}". Code(${response.message.statusCode}) Message(${response.message.statusMessage})`);
      throw err;
    }
    const pipeline2 = util.promisify(stream.pipeline);
    const responseMessageFactory = _getGlobal("TEST_DOWNLOAD_TOOL_RESPONSE_MESSAGE_FACTORY", () => response.message);
    const readStream = responseMessageFactory();
    let succeeded = false;
    try {
      yield pipeline2(readStream, fs.createWriteStream(dest));
      debug("download complete");
      succeeded = true;
      return dest;
    } finally {
      if (!succeeded) {
        debug("download failed");
        try {
          yield rmRF(dest);
        } catch (err) {
          debug(`Failed to delete '${dest}'. ${err.message}`);
        }
      }
    }
  });
}
function _getTempDirectory() {
  const tempDirectory = process.env["RUNNER_TEMP"] || "";
  ok(tempDirectory, "Expected RUNNER_TEMP to be defined");
  return tempDirectory;
}
function _getGlobal(key, defaultValue) {
  const value = global[key];
  return value !== void 0 ? value : defaultValue;
}

// src/hosts/actions-cache.ts
import { copyFile, mkdir, rename, rm as rm2 } from "node:fs/promises";
import { tmpdir as tmpdir2 } from "node:os";
import { dirname as dirname3, join as join3 } from "node:path";
function openActionsCache(env) {
  const isThere = env.ACTIONS_RESULTS_URL || env.ACTIONS_CACHE_URL;
  if (!isThere) return void 0;
  const place = join3(env.RUNNER_TEMP || tmpdir2(), "nix-image-cache", "entry");
  return {
    async restore(file, key, prefixes) {
      const { restoreCache } = await import("./chunk-XXHHGONL.mjs");
      await mkdir(dirname3(place), { recursive: true });
      const found = await restoreCache([place], key, [...prefixes]);
      if (found !== void 0) await move(place, file);
      return found;
    },
    async save(file, key) {
      const { saveCache } = await import("./chunk-XXHHGONL.mjs");
      await mkdir(dirname3(place), { recursive: true });
      await move(file, place);
      try {
        return await saveCache([place], key) !== -1;
      } finally {
        await rm2(place, { force: true });
      }
    }
  };
}
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
var branchEvents = ["push", "schedule", "workflow_dispatch", "repository_dispatch"];
function isTrustedRun(env, event) {
  const { repository, pull_request: pullRequest } = event;
  if (env.GITHUB_EVENT_NAME === "pull_request") {
    const head = pullRequest?.head?.repo?.full_name;
    return head !== void 0 && head === env.GITHUB_REPOSITORY;
  }
  const branch = repository?.default_branch;
  return branchEvents.includes(env.GITHUB_EVENT_NAME) && branch !== void 0 && env.GITHUB_REF === `refs/heads/${branch}`;
}

// src/hosts/runner.ts
async function openRunner() {
  const env = environmentForPrograms();
  const directory = process.env.GITHUB_WORKSPACE || process.cwd();
  const temporary = await mkdtemp2(join4(process.env.RUNNER_TEMP || tmpdir3(), "nix-image-"));
  rememberTemporary(temporary);
  const event = await readEvent(process.env);
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
    context: {
      ...workflowContext(process.env, event, await readCheckout(directory, env)),
      isTrusted: isTrustedRun(process.env, event)
    },
    cache: openActionsCache(process.env),
    afterJob: rememberTask,
    resolve: (path2) => resolve(directory, path2),
    now: Date.now,
    download: (url) => downloadTool(url),
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
