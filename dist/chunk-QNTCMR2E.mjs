const { constants, existsSync } = globalThis.process.getBuiltinModule("node:fs");
const { open, rm, writeFile } = globalThis.process.getBuiltinModule("node:fs/promises");
const { tmpdir } = globalThis.process.getBuiltinModule("node:os");
const { createHash, randomUUID } = globalThis.process.getBuiltinModule("node:crypto");
const { rename, rm: rm2, writeFile: writeFile2 } = globalThis.process.getBuiltinModule("node:fs/promises");
const { join } = globalThis.process.getBuiltinModule("node:path");
const { rmSync } = globalThis.process.getBuiltinModule("node:fs");
const { join: join3, resolve } = globalThis.process.getBuiltinModule("node:path");
const { subscribe, unsubscribe } = globalThis.process.getBuiltinModule("node:diagnostics_channel");
const { lstat, mkdir, mkdtemp, rename: rename2, rm: rm3 } = globalThis.process.getBuiltinModule("node:fs/promises");
const { dirname, join: join2 } = globalThis.process.getBuiltinModule("node:path");
const { setTimeout: sleep } = globalThis.process.getBuiltinModule("node:timers/promises");
const { subscribe: subscribe2 } = globalThis.process.getBuiltinModule("node:diagnostics_channel");
const { PassThrough } = globalThis.process.getBuiltinModule("node:stream");
const { text } = globalThis.process.getBuiltinModule("node:stream/consumers");
const { finished } = globalThis.process.getBuiltinModule("node:stream/promises");
import {
  addPath,
  debug,
  error,
  exportVariable,
  getIDToken,
  getInput,
  getState,
  group,
  info,
  notice,
  saveState,
  setSecret,
  warning
} from "./chunk-U2BFVMR4.mjs";
import {
  leftRecord,
  leftTemporary
} from "./chunk-DEM4RRSK.mjs";
import {
  Failure,
  addSecret,
  collectErrors,
  createActivities,
  createHeartbeat,
  findProgram,
  formatDuration,
  hasCode,
  homeOf,
  inBackground,
  inputTable,
  isOwnDirectory,
  isTemporary,
  listenForCancellation,
  makeTemporary,
  maskSecrets,
  messageOf,
  openCheckout,
  openTemporary,
  printable,
  readGitHubContext,
  removeAbandoned,
  safeGitEnv,
  sentence,
  stackOf,
  startFailure,
  trustCheckout
} from "./chunk-UH7NESJ6.mjs";

// src/runtimes/runner-log.ts
var activities = createActivities(() => performance.now());
var heartbeat = createHeartbeat(() => say(info, `still running: ${activities.line() || "waiting"}`));
function say(write, text2) {
  heartbeat.touch();
  write(printable(text2));
}
var runnerLog = {
  info: (text2) => say(info, text2),
  notice: (text2) => say(notice, text2),
  warning: (text2) => say(warning, text2),
  debug: (text2) => debug(printable(text2)),
  group: (name, body) => group(printable(name), async () => {
    const start = performance.now();
    heartbeat.enter();
    try {
      return await body();
    } finally {
      heartbeat.leave();
      say(info, `${name} took ${formatDuration(performance.now() - start)}`);
    }
  }),
  activity: activities.start,
  secret(value) {
    setSecret(value);
    addSecret(value);
  },
  masked: maskSecrets
};
function failStep(error2) {
  process.exitCode = 1;
  const place = error2 instanceof Failure ? error2.place : void 0;
  error(printable(messageOf(error2)), place && { file: place.file, startLine: place.line });
  const stack = stackOf(error2);
  if (stack !== void 0) runnerLog.info(stack);
}

// src/runtimes/step-state.ts
function temporaryRoot() {
  return process.env.RUNNER_TEMP || tmpdir();
}
function rememberTemporary(directory) {
  saveState(leftTemporary, directory);
}
function forgetTemporary(directory) {
  if (!existsSync(taskFile(directory))) saveState(leftTemporary, "");
}
async function rememberTask(task, temporary) {
  await writeFile(taskFile(temporary), task, { mode: 384 });
}
var taskFile = (temporary) => `${temporary}.task`;
function mainTemporary() {
  const directory = getState(leftTemporary);
  if (directory === "") return void 0;
  if (isTemporary(directory, temporaryRoot())) return directory;
  throw new Failure(`the state of the step names "${directory}", which this action did not create.`);
}
async function removeTemporary() {
  const directory = mainTemporary();
  if (directory === void 0) return;
  try {
    if (!await isOwnDirectory(directory)) throw new Failure(`${directory} was not created by this user.`);
  } catch (error2) {
    if (hasCode(error2, "ENOENT")) return;
    throw error2;
  }
  await rm(directory, { recursive: true, force: true });
}
var largestTask = 64 << 20;
async function takeTask() {
  const temporary = mainTemporary();
  if (temporary === void 0) return void 0;
  const task = await readOwnFile(taskFile(temporary));
  if (task !== void 0) await rm(taskFile(temporary));
  return task;
}
async function readOwnFile(path) {
  let file;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error2) {
    if (hasCode(error2, "ENOENT")) return void 0;
    throw error2;
  }
  try {
    const found = await file.stat();
    const isPrivate = found.isFile() && found.uid === process.getuid?.() && found.nlink === 1 && (found.mode & 63) === 0;
    if (!isPrivate || found.size > largestTask) throw new Failure(`${path} is not a file that the main part wrote.`);
    return await file.readFile("utf8");
  } finally {
    await file.close();
  }
}

// src/runtimes/job-record.ts
var jobRecord = {
  read: () => readOwnFile(recordPath()),
  async write(text2) {
    saveState(leftRecord, "true");
    const temporary = `${recordPath()}.${randomUUID()}`;
    try {
      await writeFile2(temporary, text2, { mode: 384, flag: "wx" });
      await rename(temporary, recordPath());
    } finally {
      await rm2(temporary, { force: true });
    }
  }
};
async function removeJobRecord() {
  await rm2(recordPath(), { force: true });
}
function recordPath() {
  const { GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB } = process.env;
  const job = JSON.stringify([GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT, GITHUB_JOB]);
  return join(temporaryRoot(), `nix-image-job-${createHash("sha256").update(job).digest("hex").slice(0, 16)}.json`);
}

// src/runtimes/runner.ts

// src/runtimes/actions-cache.ts
var longestWait = 60;
var tries = 3;
var member = "nix-image-cache/entry";
var onlyMember = `--transform=s,.*,${member},`;
function openActionsCache(env) {
  const hasService = env.ACTIONS_RESULTS_URL || env.ACTIONS_CACHE_URL;
  if (!hasService) return void 0;
  return {
    async find(key, prefixes) {
      const { restoreCache } = await import("./chunk-O5S7QG2Z.mjs");
      return restoreCache([member], key, [...prefixes], { lookupOnly: true });
    },
    async restore(file, key, prefixes) {
      const { restoreCache } = await import("./chunk-O5S7QG2Z.mjs");
      return inDirectoryBeside(file, async (directory) => {
        const variables = { GITHUB_WORKSPACE: directory, RUNNER_TEMP: directory, TAR_OPTIONS: onlyMember };
        const found = await patiently(() => withVariables(variables, () => restoreCache([member], key, [...prefixes])));
        const archived = join2(directory, member);
        if (found === void 0 || !(await lstat(archived)).isFile()) return void 0;
        await rename2(archived, file);
        return found;
      });
    },
    async save(file, key) {
      const { saveCache } = await import("./chunk-O5S7QG2Z.mjs");
      return inDirectoryBeside(file, async (directory) => {
        const archived = join2(directory, member);
        await mkdir(dirname(archived));
        await rename2(file, archived);
        const variables = { GITHUB_WORKSPACE: directory, RUNNER_TEMP: directory };
        const saved = await patiently(async () => {
          const id = await withVariables(variables, () => fromDirectory(directory, () => saveCache([member], key)));
          return id === -1 ? void 0 : true;
        });
        return saved !== void 0;
      });
    }
  };
}
async function inDirectoryBeside(file, body) {
  const directory = await mkdtemp(join2(dirname(file), "service-"));
  try {
    return await body(directory);
  } finally {
    await rm3(directory, { recursive: true, force: true });
  }
}
async function withVariables(variables, body) {
  const before = Object.keys(variables).map((name) => [name, process.env[name]]);
  Object.assign(process.env, variables);
  try {
    return await body();
  } finally {
    for (const [name, value] of before) {
      if (value === void 0) delete process.env[name];
      else process.env[name] = value;
    }
  }
}
async function fromDirectory(directory, body) {
  const before = process.cwd();
  process.chdir(directory);
  try {
    return await body();
  } finally {
    process.chdir(before);
  }
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

// src/runtimes/runner-exec.ts
var runnerExec = async (program, args, options = {}) => {
  const { exec } = await import("./chunk-IDCA34PA.mjs");
  const { env, cwd, onErrorLine } = options;
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const output = text(stdout);
  const readErrors = collectErrors(stderr, onErrorLine);
  const command = quote(pathOf(program, env ?? process.env));
  try {
    const code = await exec(command, [...args], {
      ...env === void 0 ? {} : { env: known(env) },
      ...cwd === void 0 ? {} : { cwd },
      // Without input, standard input would stay open, and a program that reads it would wait for ever.
      input: Buffer.alloc(0),
      silent: true,
      ignoreReturnCode: true,
      listeners: { stdout: (chunk) => void stdout.write(chunk), stderr: (chunk) => void stderr.write(chunk) }
    });
    stdout.end();
    stderr.end();
    await finished(stderr);
    return { code: code ?? -1, stdout: await output, stderr: readErrors() };
  } catch (error2) {
    throw startFailure(program, error2, options);
  }
};
subscribe2("child_process", (message) => {
  const { process: child } = message;
  process.nextTick(() => child.stdin?.on("error", () => {
  }));
});
function pathOf(program, env) {
  const path = program.includes("/") ? program : findProgram(program, env);
  if (path === void 0) throw new Failure(`Cannot run ${program}: it is not on PATH.`);
  return path;
}
function quote(path) {
  return `"${path.replaceAll('"', '\\"')}"`;
}
function known(env) {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => value === void 0 ? [] : [[name, value]])
  );
}

// src/runtimes/runner-signing.ts
function runnerSigning(env, log) {
  const { COSIGN_PASSWORD: keyPassword = "" } = env;
  if (keyPassword !== "") log.secret(keyPassword);
  return {
    keyPassword,
    async identityToken(audience) {
      const advice = 'Add "permissions: id-token: write" to the job.';
      if (!env.ACTIONS_ID_TOKEN_REQUEST_URL) {
        throw new Failure(`Cannot sign as this workflow: the job may not request an OIDC token. ${advice}`);
      }
      try {
        return await getIDToken(audience);
      } catch (cause) {
        throw new Failure(`Cannot sign as this workflow: GitHub issued no OIDC token. ${sentence(messageOf(cause))}`, {
          cause
        });
      }
    }
  };
}

// src/runtimes/runner.ts
async function openRunner() {
  const env = environmentForPrograms();
  const directory = process.env.GITHUB_WORKSPACE || process.cwd();
  const temporary = openTemporary(temporaryRoot(), "RUNNER_TEMP");
  rememberTemporary(temporary);
  env.HOME = homeOf(env) ?? temporary;
  const cancellation = listenForCancellation(() => rmSync(temporary, { recursive: true, force: true }));
  inBackground(removeAbandoned(temporaryRoot()));
  const { checkout, ...git } = await openCheckout(directory, { env, temporary, searchesAbove: false });
  const isHosted = process.env.RUNNER_ENVIRONMENT === "github-hosted";
  return {
    log: runnerLog,
    env,
    exec: runnerExec,
    gitEnv: { ...safeGitEnv(env), ...trustCheckout(directory, { env, temporary }) },
    directory,
    temporary,
    createDirectory: async () => makeTemporary(temporaryRoot(), "nix-image-output-", "RUNNER_TEMP"),
    context: await readGitHubContext(process.env, checkout),
    ...git,
    ...cancellation,
    cache: openActionsCache(process.env),
    afterJob: (task) => rememberTask(task, temporary),
    job: jobRecord,
    signing: runnerSigning(process.env, runnerLog),
    resolve: (path) => resolve(directory, path),
    now: Date.now,
    isDisposable: isHosted,
    tools: isHosted || !process.env.RUNNER_TOOL_CACHE ? void 0 : toolCache,
    addPath(path) {
      addPath(path);
      env.PATH = process.env.PATH;
    },
    exportVariable(name, value) {
      exportVariable(name, value);
      env[name] = value;
    }
  };
}
var loadToolCache = () => import("./chunk-56BDMOLX.mjs");
var toolFile = "tool";
var toolCache = {
  async find(name, version) {
    const { find } = await loadToolCache();
    const directory = find(name, version);
    return directory === "" ? void 0 : join3(directory, toolFile);
  },
  async keep(file, name, version) {
    const { cacheFile } = await loadToolCache();
    await cacheFile(file, toolFile, name, version);
  }
};
function environmentForPrograms() {
  const isOurs = (name) => /^(INPUT_|STATE_|ACTIONS_RUNTIME_TOKEN$|COSIGN_PASSWORD$|ACTIONS_ID_TOKEN_)/.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)));
}
function readStepInput(name) {
  return getInput(name, { trimWhitespace: false });
}
function refuseUnknownInputs() {
  const known2 = new Set(Object.keys(inputTable).map((name) => `INPUT_${name.toUpperCase()}`));
  const unknown = Object.keys(process.env).filter((name) => name.startsWith("INPUT_") && !known2.has(name));
  if (unknown.length === 0) return;
  const names = unknown.map((name) => `"${name.slice("INPUT_".length).toLowerCase()}"`).join(", ");
  throw new Failure(
    `Cannot use the input ${names}: unknown. Known are ${Object.keys(inputTable).join(", ")}. If the step has no such input, "env" of the job or the runner sets ${unknown.join(", ")}: rename that variable.`
  );
}

export {
  runnerLog,
  failStep,
  forgetTemporary,
  removeTemporary,
  takeTask,
  removeJobRecord,
  openRunner,
  readStepInput,
  refuseUnknownInputs
};
