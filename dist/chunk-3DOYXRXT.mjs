const { PassThrough } = globalThis.process.getBuiltinModule("node:stream");
const { pipeline } = globalThis.process.getBuiltinModule("node:stream/promises");
const zlib = globalThis.process.getBuiltinModule("node:zlib");
import {
  zstdSlices,
  zstdWindowLog
} from "./chunk-JYQXIE4E.mjs";
import {
  freeMemory
} from "./chunk-XBGOFGJP.mjs";
import {
  Failure,
  messageOf
} from "./chunk-UH7NESJ6.mjs";
import {
  __require
} from "./chunk-CEWVY5XM.mjs";

// src/lib/compress/decompress.ts

// late:xz-decompress of src
var xz_decompress_of_src_default = new Proxy({}, { get: (_, key) => __require("./xz-decompress.cjs")[key] });

// src/lib/compress/decompress.ts
async function* decompress(source, compression, description) {
  const output = new PassThrough();
  const done = inflate(source, { compression, description, output });
  done.catch(() => {
  });
  try {
    yield* output;
    await done;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const problem = isForeignXz(cause) ? `its xz stream uses a check, filter or dictionary that is not supported. Compress it with the default settings of xz` : `its ${compression} stream is damaged or cut off (${messageOf(cause)})`;
    throw new Failure(`Cannot read ${description}: ${problem}.`, { cause });
  }
}
async function* decompressReusing(source, compression, description) {
  if (compression !== "gzip") return yield* decompress(source, compression, description);
  let last = new Uint8Array(0);
  for await (const chunk of decompress(source, compression, description)) {
    yield chunk;
    const isFull = chunk.byteOffset + chunk.length === chunk.buffer.byteLength;
    if (isFull) freeMemory(chunk);
    last = chunk;
  }
  freeMemory(last);
}
function inflate(source, {
  compression,
  description,
  output
}) {
  if (compression === "gzip") return pipeline(source, zlib.createGunzip({ chunkSize }), output);
  if (compression === "zstd") return inflateZstd(source, description, output);
  return pipeline(new xz_decompress_of_src_default.XzReadableStream(ReadableStream.from(source)), output);
}
function isForeignXz(error) {
  return /^get_next_output failed with error code [2346]$/.test(messageOf(error));
}
var chunkSize = 1 << 17;
async function inflateZstd(source, description, output) {
  if (!("createZstdDecompress" in zlib)) {
    const fallback = await import("./chunk-S3BHVBCB.mjs");
    return pipeline(fallback.inflateZstd(source, description), output);
  }
  const params = { [zlib.constants.ZSTD_d_windowLogMax]: zstdWindowLog };
  return pipeline(zstdSlices(source, description), zlib.createZstdDecompress({ params, chunkSize }), output);
}
function compressedFormatOf(start) {
  const begins = (...magic) => magic.every((byte, i) => start[i] === byte);
  if (begins(31, 139)) return "gzip";
  if (begins(40, 181, 47, 253)) return "zstd";
  if (begins(253, 55, 122, 88, 90)) return "xz";
  if (begins(66, 90, 104)) return "bzip2";
  return void 0;
}

export {
  decompress,
  decompressReusing,
  compressedFormatOf
};
