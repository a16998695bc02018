import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createBlockMemory } from '../lib/compress/block-memory.ts';
import { blocksOf } from '../lib/compress/blocks.ts';
import { Failure, messageOf } from '../lib/failure.ts';
import { openFile } from '../lib/open-file.ts';
import type { ReadOptions } from '../lib/read-options.ts';

const memory = createBlockMemory(1 << 17);
/** For all blobs together: 16 MiB. */
const mostBlocks = 128;
let blocksKept = 0;

/** The buffered bytes of a stream. */
export interface BufferedBlob {
  /** Opens them, any number of times, see `Blob.open`. */
  open(options?: ReadOptions): AsyncIterable<Uint8Array>;
  /** Frees their memory; they must not be opened afterwards. */
  release(): void;
}

/** Awaits opening or writing `file`; a Failure says where there is no space. */
async function onDisk<T>(work: Promise<T>, file: string): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    const advice =
      'Free some space there, or set TMPDIR (on a runner: RUNNER_TEMP) to a directory with room for all layers.';
    throw new Failure(`Cannot keep a layer in ${dirname(file)}: ${messageOf(cause)}. ${advice}`, { cause });
  }
}

/**
 * Reads a stream whose chunks may be valid only until the next one, and buffers its bytes: in memory while there is
 * room, because writing and reading a file takes longer than sending it, otherwise in `file`.
 */
export async function bufferBlob(source: AsyncIterable<Uint8Array>, file: string): Promise<BufferedBlob> {
  const kept: Buffer[] = [];
  const release = () => {
    blocksKept -= kept.length;
    for (const { buffer } of kept.splice(0)) memory.give(Buffer.from(buffer));
  };
  let handle: FileHandle | undefined;
  try {
    for await (const { block, length } of blocksOf(source, memory)) {
      const bytes = block.subarray(0, length);
      if (handle === undefined && blocksKept < mostBlocks) {
        kept.push(bytes);
        blocksKept += 1;
        continue;
      }
      handle ??= await onDisk(open(file, 'w'), file);
      for (const part of kept) await onDisk(handle.writeFile(part), file);
      release();
      await onDisk(handle.writeFile(bytes), file);
      memory.give(block);
    }
  } catch (error) {
    release();
    throw error;
  } finally {
    await handle?.close();
  }
  if (handle !== undefined) return { open: options => openFile(file, options), release };
  return {
    async *open() {
      yield* kept;
    },
    release,
  };
}
