import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);

// src/lib/failure.ts
var Failure = class extends Error {
  name = "Failure";
};
function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
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
    `Cannot use created: "${text}". Give commit, now, keep, an RFC 3339 time (2026-01-31T12:00:00Z) or Unix seconds.`
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

// src/report/format-size.ts
function formatSize(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let power = 0;
  for (; value >= 999.5 && power < units.length - 1; power++) value /= 1e3;
  return `${power === 0 || value >= 9.95 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

// src/lib/process.ts
import { spawn } from "node:child_process";
import { constants } from "node:fs";
import { access, stat } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { Readable, Writable } from "node:stream";
import { finished, pipeline } from "node:stream/promises";
var stderrKept = 65536;
async function runProgram(program, args, options = {}) {
  const child = spawn(program, args, {
    stdio: ["pipe", "pipe", "pipe"],
    ...options.cwd === void 0 ? {} : { cwd: options.cwd },
    ...options.env === void 0 ? {} : { env: options.env }
  });
  const exit = new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(new Failure(`Cannot run ${program}: ${cause.message}.`, { cause })));
    child.once("close", (code2) => resolve(code2 ?? -1));
  });
  const stdout = [];
  let stderr = "";
  const lines = createInterface({ input: child.stderr, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on("line", (line) => {
    stderr = `${stderr}${line}
`.slice(-stderrKept);
    options.onErrorLine?.(line);
  });
  const output = options.output ?? collectText(stdout);
  const streams = [
    pipeline(child.stdout, output),
    feed(child.stdin, options.input ?? ""),
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
  return { code, stdout: stdout.join(""), stderr };
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
async function findProgram(program, env) {
  for (const directory of (env.PATH ?? "").split(delimiter).filter((part) => part !== "")) {
    const candidate = join(directory, program);
    if (await isExecutable(candidate)) return candidate;
  }
  return void 0;
}
async function isExecutable(path) {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

// src/lib/block-memory.ts
function createBlockMemory(size) {
  const spare = [];
  return {
    size,
    take: () => spare.pop() ?? Buffer.allocUnsafeSlow(size),
    give: (block) => spare.push(block)
  };
}
function roomFor({ length }) {
  return length + (length >> 8) + (1 << 10);
}
function freeMemory({ buffer }) {
  const memory = buffer;
  if (memory.byteLength > Buffer.poolSize) memory.transfer?.(0);
}

// src/lib/blocks.ts
var blocksAhead = 3;
function mapBlocks(source, memory, work) {
  return mapAhead(blocksOf(source, memory), async ({ block, length }) => {
    const result = await work(block.subarray(0, length));
    memory.give(block);
    return result;
  });
}
async function* mapAhead(items, work) {
  const ahead = [];
  for await (const item of items) {
    const result = work(item);
    result.catch(() => {
    });
    ahead.push(result);
    if (ahead.length === blocksAhead) yield await ahead.shift();
  }
  for (const result of ahead) yield await result;
}
async function* blocksOf(source, { size, take }) {
  let block = take();
  let length = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      if (length === size) {
        yield { block, length };
        block = take();
        length = 0;
      }
      const taken = Math.min(chunk.length - at, size - length);
      block.set(chunk.subarray(at, at + taken), length);
      length += taken;
      at += taken;
    }
  }
  yield { block, length };
}

export {
  Failure,
  messageOf,
  hasCode,
  runProgram,
  findProgram,
  isExecutable,
  parseCreated,
  resolveCreated,
  parseRfc3339,
  createBlockMemory,
  roomFor,
  freeMemory,
  mapBlocks,
  mapAhead,
  formatSize
};
