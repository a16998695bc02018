import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
import {
  Failure
} from "./chunk-32ADV6HS.mjs";

// src/lib/compress/block-memory.ts
function createBlockMemory(size, allocate = () => Buffer.allocUnsafeSlow(size)) {
  const spare = [];
  return {
    size,
    take: () => spare.pop() ?? allocate(),
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

// src/lib/compress/blocks.ts
var blocksAhead = 3;
async function* mapBlocks(source, memory, work) {
  const worked = mapConcurrently(blocksOf(source, memory), async ({ block, length }) => {
    return { block, result: await work(block.subarray(0, length)) };
  });
  for await (const { block, result } of worked) {
    yield result;
    memory.give(block);
  }
}
async function* mapConcurrently(items, work) {
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

// src/lib/compress/zstd-frame.ts
import zlib from "node:zlib";
async function zstdFrame(bytes, level) {
  const [frame] = await zstdFramesOf([bytes], level);
  return frame;
}
async function zstdFramesOf(parts, level) {
  if (!("createZstdCompress" in zlib)) {
    throw new Failure(
      `Cannot compress with zstd: Node ${process.version} does not support it. Use Node 22.15 or newer, or compression: gzip.`
    );
  }
  const { ZSTD_c_compressionLevel, ZSTD_c_checksumFlag, ZSTD_e_end } = zlib.constants;
  const engine = zlib.createZstdCompress({
    params: { [ZSTD_c_compressionLevel]: level, [ZSTD_c_checksumFlag]: 1 },
    flush: ZSTD_e_end,
    chunkSize: parts.reduce((room, part) => room + roomFor(part), 0)
  });
  let pieces = [];
  engine.on("data", (piece) => pieces.push(piece));
  engine.on("error", () => {
  });
  const frames = [];
  try {
    for (const part of parts) {
      await new Promise((resolve, reject) => {
        engine.write(part, (error) => error ? reject(error) : resolve());
      });
      const [piece] = pieces;
      frames.push(piece !== void 0 && pieces.length === 1 ? piece : Buffer.concat(pieces));
      pieces = [];
    }
  } finally {
    engine.destroy();
  }
  return frames;
}

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

// src/oci/digest.ts
import { createHash } from "node:crypto";
function parseDigest(text, what) {
  if (typeof text === "string" && isDigest(text)) return text;
  throw new Failure(`Cannot read ${what}: ${JSON.stringify(text)} is not a digest (sha256: and 64 hex digits).`);
}
function isDigest(text) {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}
function digestOf(bytes) {
  return digestOfHash(createHash("sha256").update(bytes));
}
function digestOfHash(hash) {
  return `sha256:${hash.digest("hex")}`;
}
function hexOf(digest) {
  return digest.slice("sha256:".length);
}

export {
  parseDigest,
  isDigest,
  digestOf,
  digestOfHash,
  hexOf,
  createBlockMemory,
  roomFor,
  freeMemory,
  mapBlocks,
  mapConcurrently,
  blocksOf,
  zstdFrame,
  zstdFramesOf,
  createPool,
  inBackground,
  settleAll
};
