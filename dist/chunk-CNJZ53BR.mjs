import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  Failure
} from "./chunk-WFDJKZW3.mjs";

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
  for await (const { buffer, byteOffset, length: chunkLength } of source) {
    const chunk = Buffer.from(buffer, byteOffset, chunkLength);
    for (let at = 0; at < chunk.length; ) {
      if (length === size) {
        yield { block, length };
        block = take();
        length = 0;
      }
      const taken = Math.min(chunk.length - at, size - length);
      chunk.copy(block, length, at, at + taken);
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
  const frames = [];
  let pieces = [];
  engine.on("data", (piece) => pieces.push(piece));
  try {
    await new Promise((resolve, reject) => {
      engine.on("error", reject);
      for (const part of parts) {
        engine.write(part, (error) => {
          if (error) return;
          const [piece] = pieces;
          frames.push(piece !== void 0 && pieces.length === 1 ? piece : Buffer.concat(pieces));
          pieces = [];
          if (frames.length === parts.length) resolve();
        });
      }
    });
  } finally {
    engine.destroy();
  }
  return frames;
}

export {
  createBlockMemory,
  roomFor,
  freeMemory,
  mapBlocks,
  mapConcurrently,
  blocksOf,
  zstdFrame,
  zstdFramesOf
};
