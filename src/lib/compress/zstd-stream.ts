import { Failure } from '../failure.ts';

/** 8 MiB: every decoder supports it by RFC 9659, and zstd uses no more at levels up to 19. */
export const zstdWindowLog = 23;
const largestWindow = 2 ** zstdWindowLog;
const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;
/**
 * Chunks up to this size are copied, since chunks may be valid only until the next one and a decoder reads small ones
 * ahead.
 */
const smallSlice = 1 << 16;

/** Bytes moved so far by a decoder that moves the whole window for each block. */
export interface WindowWork {
  moved: number;
}

interface FrameHeader {
  /** Bytes of the header. */
  readonly size: number;
  readonly window: number;
  readonly hasChecksum: boolean;
}

/**
 * The frames of a zstd stream in slices, none of which spans two frames, because Node's decoder stops after the first
 * frame of its input (https://github.com/nodejs/node/issues/64741). Skippable frames are left out. A Failure that names
 * `description` before a frame with a window of more than 8 MiB; an Error if the stream is not zstd, or truncated. RFC
 * 8878.
 */
export async function* zstdSlices(
  source: AsyncIterable<Uint8Array>,
  description: string,
  work: WindowWork = { moved: 0 },
): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array(0);
  /** Bytes until the next header of a block or a frame. */
  let ahead = 0;
  let isSkipped = false;
  let frame: FrameHeader | undefined;
  let frames = 0;
  for await (const chunk of source) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    let start = 0;
    for (;;) {
      const step = Math.min(ahead, bytes.length - at);
      at += step;
      ahead -= step;
      if (isSkipped) start = at;
      if (ahead > 0) break;
      isSkipped = false;
      if (frame === undefined) {
        // The previous frame ends here.
        if (at > start) yield sliceOf(bytes, start, at);
        start = at;
        const skipped = skippableSize(bytes, at);
        isSkipped = skipped !== undefined;
        frame = isSkipped ? undefined : readFrameHeader(bytes, at);
        if (skipped === undefined && frame === undefined) break;
        if (frame !== undefined) checkWindow(frame, description);
        work.moved += frame?.window ?? 0;
        frames += 1;
        ahead = skipped ?? frame?.size ?? 0;
        continue;
      }
      if (bytes.length - at < 3) break;
      const { size, isLast } = readBlockHeader(bytes, at);
      work.moved += frame.window;
      ahead = 3 + size + (isLast && frame.hasChecksum ? 4 : 0);
      if (isLast) frame = undefined;
    }
    if (at > start) yield sliceOf(bytes, start, at);
    rest = Buffer.from(bytes.subarray(at));
  }
  if (rest.length > 0 || ahead > 0 || frame !== undefined || frames === 0) throw new Error('unexpected end of file');
}

function sliceOf(bytes: Uint8Array, start: number, end: number): Uint8Array {
  const slice = bytes.subarray(start, end);
  return slice.length > smallSlice ? slice : Buffer.from(slice);
}

/** Bytes of the skippable frame at this position; undefined for another frame. Section 3.1.2. */
function skippableSize(bytes: Uint8Array, at: number): number | undefined {
  if (bytes.length - at < 8) return undefined;
  const view = viewOf(bytes, at);
  return view.getUint32(0, true) >>> 4 === skippableMagic >>> 4 ? 8 + view.getUint32(4, true) : undefined;
}

/** Undefined if the header is not complete yet. */
function readFrameHeader(bytes: Uint8Array, at: number): FrameHeader | undefined {
  if (bytes.length - at < 4) return undefined;
  const view = viewOf(bytes, at);
  const magic = view.getUint32(0, true);
  if (magic >>> 4 === skippableMagic >>> 4) return undefined;
  if (magic !== frameMagic) throw new Error('no frame where one should begin');
  if (bytes.length - at < 5) return undefined;
  const descriptor = view.getUint8(4);
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryIdSize = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const contentSizeSize = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const contentSizeAt = 5 + (isSingleSegment ? 0 : 1) + dictionaryIdSize;
  const size = contentSizeAt + contentSizeSize;
  if (bytes.length - at < size) return undefined;
  return {
    size,
    window: isSingleSegment ? readContentSize(view, contentSizeAt, contentSizeSize) : readWindow(view.getUint8(5)),
    hasChecksum: (descriptor & 4) !== 0,
  };
}

function readWindow(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function readContentSize(view: DataView, at: number, size: number): number {
  if (size === 1) return view.getUint8(at);
  if (size === 2) return view.getUint16(at, true) + 256;
  if (size === 4) return view.getUint32(at, true);
  return Number(view.getBigUint64(at, true));
}

function checkWindow({ window }: FrameHeader, description: string): void {
  if (window <= largestWindow) return;
  throw new Failure(
    `Cannot read ${description}: its zstd stream needs a window of ${window} bytes, more than the ${largestWindow} bytes that every decoder supports (RFC 9659). Compress it at level 19 or below, without --long and --ultra.`,
  );
}

/** Bytes that follow the header of a block. Section 3.1.1.2. */
function readBlockHeader(bytes: Uint8Array, at: number): { readonly size: number; readonly isLast: boolean } {
  const header = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
  const isRepeatedByte = ((header >> 1) & 3) === 1;
  return { size: isRepeatedByte ? 1 : header >> 3, isLast: (header & 1) === 1 };
}

function viewOf(bytes: Uint8Array, at: number): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset + at, bytes.length - at);
}
