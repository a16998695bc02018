import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  Failure
} from "./chunk-WFDJKZW3.mjs";

// src/lib/pool.ts
function createPool(limit) {
  let running = 0;
  const waiting = [];
  return async (body) => {
    if (running >= limit) await new Promise((resolve) => waiting.push(resolve));
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

// src/lib/process.ts
import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { Readable, Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
var stderrKept = 65536;
async function runProgram(program, args, options = {}) {
  const child = spawn(program, args, {
    stdio: [options.input === void 0 ? "ignore" : "pipe", "pipe", "pipe"],
    ...options.cwd === void 0 ? {} : { cwd: options.cwd },
    ...options.env === void 0 ? {} : { env: options.env }
  });
  const exit = new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(startFailure(program, cause, options)));
    child.once("close", (code2) => resolve(code2 ?? -1));
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
  const exit = new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(startFailure(program, cause, options)));
    child.once("close", (code) => resolve(code ?? -1));
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

export {
  createPool,
  inBackground,
  settleAll,
  runProgram,
  readProgram,
  collectErrors,
  startFailure,
  findProgram,
  isExecutable
};
