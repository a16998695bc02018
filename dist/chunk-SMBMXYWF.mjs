import { createRequire as requireOfBundle } from 'node:module';
const require = requireOfBundle(import.meta.url);
import {
  Failure
} from "./chunk-WFDJKZW3.mjs";

// src/lib/compress/zstd-stream.ts
var zstdWindowLog = 23;
var largestWindow = 2 ** zstdWindowLog;
var frameMagic = 4247762216;
var skippableMagic = 407710288;
var smallSlice = 1 << 16;
async function* zstdSlices(source, description, work = { moved: 0 }) {
  let rest = new Uint8Array(0);
  let ahead = 0;
  let isSkipped = false;
  let frame;
  let frames = 0;
  for await (const chunk of source) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    let start = 0;
    for (; ; ) {
      const step = Math.min(ahead, bytes.length - at);
      at += step;
      ahead -= step;
      if (isSkipped) start = at;
      if (ahead > 0) break;
      isSkipped = false;
      if (frame === void 0) {
        if (at > start) yield sliceOf(bytes, start, at);
        start = at;
        const skipped = skippableSize(bytes, at);
        isSkipped = skipped !== void 0;
        frame = isSkipped ? void 0 : readFrameHeader(bytes, at);
        if (skipped === void 0 && frame === void 0) break;
        if (frame !== void 0) checkWindow(frame, description);
        work.moved += frame?.window ?? 0;
        frames += 1;
        ahead = skipped ?? frame?.size ?? 0;
        continue;
      }
      if (bytes.length - at < 3) break;
      const { size, isLast } = readBlockHeader(bytes, at);
      work.moved += frame.window;
      ahead = 3 + size + (isLast && frame.hasChecksum ? 4 : 0);
      if (isLast) frame = void 0;
    }
    if (at > start) yield sliceOf(bytes, start, at);
    rest = Buffer.from(bytes.subarray(at));
  }
  if (rest.length > 0 || ahead > 0 || frame !== void 0 || frames === 0) throw new Error("unexpected end of file");
}
function sliceOf(bytes, start, end) {
  const slice = bytes.subarray(start, end);
  return slice.length > smallSlice ? slice : Buffer.from(slice);
}
function skippableSize(bytes, at) {
  if (bytes.length - at < 8) return void 0;
  const view = viewOf(bytes, at);
  return view.getUint32(0, true) >>> 4 === skippableMagic >>> 4 ? 8 + view.getUint32(4, true) : void 0;
}
function readFrameHeader(bytes, at) {
  if (bytes.length - at < 4) return void 0;
  const view = viewOf(bytes, at);
  const magic = view.getUint32(0, true);
  if (magic >>> 4 === skippableMagic >>> 4) return void 0;
  if (magic !== frameMagic) throw new Error("no frame where one should begin");
  if (bytes.length - at < 5) return void 0;
  const descriptor = view.getUint8(4);
  const isSingleSegment = (descriptor & 32) !== 0;
  const dictionaryIdSize = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSizeSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const contentSizeAt = 5 + (isSingleSegment ? 0 : 1) + dictionaryIdSize;
  const size = contentSizeAt + contentSizeSize;
  if (bytes.length - at < size) return void 0;
  return {
    size,
    window: isSingleSegment ? readContentSize(view, contentSizeAt, contentSizeSize) : readWindow(view.getUint8(5)),
    hasChecksum: (descriptor & 4) !== 0
  };
}
function readWindow(descriptor) {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + base / 8 * (descriptor & 7);
}
function readContentSize(view, at, size) {
  if (size === 1) return view.getUint8(at);
  if (size === 2) return view.getUint16(at, true) + 256;
  if (size === 4) return view.getUint32(at, true);
  return Number(view.getBigUint64(at, true));
}
function checkWindow({ window }, description) {
  if (window <= largestWindow) return;
  throw new Failure(
    `Cannot read ${description}: its zstd stream needs a window of ${window} bytes, more than the ${largestWindow} bytes that every decoder supports (RFC 9659). Compress it at level 19 or below, without --long and --ultra.`
  );
}
function readBlockHeader(bytes, at) {
  const header = (bytes[at] ?? 0) | (bytes[at + 1] ?? 0) << 8 | (bytes[at + 2] ?? 0) << 16;
  const isRepeatedByte = (header >> 1 & 3) === 1;
  return { size: isRepeatedByte ? 1 : header >> 3, isLast: (header & 1) === 1 };
}
function viewOf(bytes, at) {
  return new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
}

export {
  zstdWindowLog,
  zstdSlices
};
