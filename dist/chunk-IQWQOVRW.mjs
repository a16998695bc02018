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

// src/lib/block-memory.ts
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

// src/lib/blocks.ts
var blocksAhead = 3;
async function* mapBlocks(source, memory, work) {
  const worked = mapAhead(blocksOf(source, memory), async ({ block, length }) => {
    return { block, result: await work(block.subarray(0, length)) };
  });
  for await (const { block, result } of worked) {
    yield result;
    memory.give(block);
  }
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

// src/lib/zstd-frame.ts
import zlib from "node:zlib";
async function zstdFrame(bytes, level) {
  if (!("createZstdCompress" in zlib)) {
    throw new Failure(`Cannot compress with zstd: Node ${process.version} cannot. Use Node 22.15 or newer, or gzip.`);
  }
  const { ZSTD_c_compressionLevel, ZSTD_c_checksumFlag, ZSTD_e_end } = zlib.constants;
  const engine = zlib.createZstdCompress({
    params: { [ZSTD_c_compressionLevel]: level, [ZSTD_c_checksumFlag]: 1 },
    flush: ZSTD_e_end,
    chunkSize: roomFor(bytes)
  });
  const parts = [];
  engine.on("data", (part) => parts.push(part));
  try {
    await new Promise((resolve, reject) => {
      engine.once("error", reject);
      engine.write(bytes, (error) => error ? reject(error) : resolve());
    });
  } finally {
    engine.destroy();
  }
  const [frame] = parts;
  return frame !== void 0 && parts.length === 1 ? frame : Buffer.concat(parts);
}

export {
  Failure,
  messageOf,
  hasCode,
  parseDigest,
  isDigest,
  digestOf,
  digestOfHash,
  hexOf,
  createBlockMemory,
  roomFor,
  freeMemory,
  mapBlocks,
  mapAhead,
  blocksOf,
  zstdFrame
};
