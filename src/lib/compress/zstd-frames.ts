import { readSync } from 'node:fs';
import zlib from 'node:zlib';
import { Failure } from '../failure.ts';
import { createBlockMemory } from './block-memory.ts';
import { blocksOf, mapConcurrently } from './blocks.ts';
import { zstdFrame } from './zstd-frame.ts';
import { zstdWindowLog } from './zstd-stream.ts';

/** Plain bytes of each frame of a part but the last. */
export const frameSize = 2 << 20;
/** More than the result of zstd for a block that it cannot compress. */
const largestFrame = frameSize + (64 << 10);
/** Memory for a plain frame. By default Node uses small pieces, and requests another whenever one is exactly full. */
const chunkSize = frameSize + 1;
const plainMemory = createBlockMemory(frameSize);
const frameMemory = createBlockMemory(largestFrame);
/** A skippable frame of four bytes, which hold the length of the frame behind it; RFC 8878 section 3.1.2. */
const skippableMagic = 0x184d2a50;
const headerSize = 12;

/** Whether this Node supports zstd. */
export const hasZstd = 'zstdCompress' in zlib;

/** Position of a frame in a file, without the skippable frame before it. */
export interface ZstdFrame {
  readonly position: number;
  readonly size: number;
}

/**
 * Compresses to zstd frames of 2 MiB each. A skippable frame with the length precedes each, as in pzstd, so any zstd
 * program reads the stream, and each frame can be found and read by itself. Each part starts a frame, so a part of N
 * bytes takes `framesFor(N)`. `level` is 1 to 19.
 */
export async function* zstdFrames(
  parts: Iterable<Iterable<Uint8Array> | AsyncIterable<Uint8Array>>,
  level: number,
): AsyncGenerator<Uint8Array> {
  async function* blocks() {
    for (const part of parts) yield* blocksOf(part, plainMemory);
  }
  const frames = mapConcurrently(blocks(), async ({ block, length }) => {
    const frame = await zstdFrame(block.subarray(0, length), level);
    plainMemory.give(block);
    return frame;
  });
  for await (const frame of frames) {
    const header = Buffer.alloc(headerSize);
    header.writeUInt32LE(skippableMagic, 0);
    header.writeUInt32LE(4, 4);
    header.writeUInt32LE(frame.length, 8);
    yield header;
    yield frame;
  }
}

/** How many frames a part of so many bytes takes. */
export function framesFor(size: number): number {
  return Math.max(1, Math.ceil(size / frameSize));
}

/** The frames of a file that `zstdFrames` wrote, in order. A Failure if the file is something else or truncated. */
export function* findZstdFrames(file: number): Generator<ZstdFrame, undefined> {
  const header = Buffer.alloc(headerSize);
  for (let position = 0; ; ) {
    const read = readAt(file, header, position);
    if (read === 0) return undefined;
    position += headerSize;
    const size = header.readUInt32LE(8);
    const isHeader = header.readUInt32LE(0) === skippableMagic && header.readUInt32LE(4) === 4;
    if (read < headerSize || !isHeader || size > largestFrame)
      throw new Failure('Cannot decompress: the file has no zstd frames.');
    yield { position, size };
    position += size;
  }
}

/** The plain bytes of a frame, in memory of their own. A Failure if it is damaged or truncated. */
export function readZstdFrame(file: number, { position, size }: ZstdFrame): Buffer {
  const block = frameMemory.take();
  try {
    const frame = block.subarray(0, size);
    if (readAt(file, frame, position) < size) throw new Failure('Cannot decompress: the last zstd frame is truncated.');
    const params = { [zlib.constants.ZSTD_d_windowLogMax]: zstdWindowLog };
    return zlib.zstdDecompressSync(frame, { maxOutputLength: frameSize, chunkSize, params });
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('Cannot decompress: a zstd frame is damaged.', { cause });
  } finally {
    frameMemory.give(block);
  }
}

/** Fills the buffer, or as much of it as the file has bytes. */
function readAt(file: number, buffer: Buffer, position: number): number {
  let filled = 0;
  while (filled < buffer.length) {
    const read = readSync(file, buffer, filled, buffer.length - filled, position + filled);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}
