import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createBlockMemory } from './compress/block-memory.ts';
import { Failure } from './failure.ts';
import type { ReadOptions } from './read-options.ts';

const memory = createBlockMemory(1 << 18);
/** Chunks up to this size are copied, since a sender may request the next chunk while this one is in transit. */
const smallChunk = 1 << 16;

/** Opens a file for reading; a Failure for a FIFO, which would wait for a writer, and for a device. */
export async function openRegularFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Failure(`Cannot read ${path}: it is not a regular file.`);
}

/** A part of a file, in bytes. */
export interface ByteRange {
  readonly offset: number;
  readonly size: number;
}

/**
 * A fresh stream of a file, or of an extent of it, in chunks of 256 KiB; the last may be smaller. With `reuseBuffer` a
 * chunk of more than 64 KiB is valid only until the next one is requested, since all use the same memory. Fresh memory
 * would pile up during an upload.
 */
export async function* openFile(
  path: string,
  options?: ReadOptions,
  { offset, size }: ByteRange = { offset: 0, size: Number.POSITIVE_INFINITY },
): AsyncGenerator<Uint8Array> {
  const file = await openRegularFile(path);
  try {
    const kept = options?.reuseBuffer ? memory.take() : undefined;
    for (let at = 0; at < size; ) {
      const block = kept ?? Buffer.allocUnsafeSlow(Math.min(memory.size, size - at));
      const { bytesRead } = await file.read(block, 0, Math.min(block.length, size - at), offset + at);
      if (bytesRead === 0) break;
      const chunk = block.subarray(0, bytesRead);
      yield bytesRead > smallChunk ? chunk : Buffer.from(chunk);
      at += bytesRead;
    }
    // If the reader stopped early, a chunk may still be in transit.
    if (kept !== undefined) memory.give(kept);
  } finally {
    await file.close();
  }
}
