import { closeSync, openSync, readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { createBlockMemory } from '../../lib/compress/block-memory.ts';
import { Failure, messageOf } from '../../lib/failure.ts';
import type { LayerReadOptions } from '../../oci/image.ts';
import { onDisk, textOf } from '../../tar/byte-string.ts';
import { paddedSize } from '../../tar/read-header.ts';
import { type TarDialect, type TarEntry, writeEnd, writeTarEntry } from '../../tar/write-entry.ts';
import type { StoreFile } from './walk-files.ts';

/** An entry of a layer; `file` is the path of its content, if it has any. */
export interface LayerEntry {
  readonly header: TarEntry;
  readonly file?: StoreFile;
}

const chunkSize = 256 * 1024;
/** Bytes of each file that `onMember` receives. */
export const startSize = 4 * 1024;
/** One byte more than a chunk holds reveals whether a file grew. */
const memory = createBlockMemory(chunkSize + 1);

/** The tar of a layer, as `packEntries` gives it, with its end. */
export async function* packFiles(
  entries: Iterable<LayerEntry>,
  dialect: TarDialect,
  options?: LayerReadOptions,
): AsyncGenerator<Uint8Array, void> {
  let written = 0;
  for await (const chunk of packEntries(entries, dialect, options)) {
    written += chunk.length;
    yield chunk;
  }
  yield writeEnd(written, dialect);
}

/**
 * Entries of the tar of a layer, in chunks of at most 256 KiB, which with `reuseBuffer` all use the same memory. Files
 * are read synchronously, which for small ones is more than ten times faster; the event loop gets its turn after each
 * chunk. A Failure if a file cannot be read or changes meanwhile.
 */
export async function* packEntries(
  entries: Iterable<LayerEntry>,
  dialect: TarDialect,
  options?: LayerReadOptions,
): AsyncGenerator<Uint8Array, void> {
  const block = options?.reuseBuffer ? memory.take() : undefined;
  const take = () => block ?? Buffer.allocUnsafeSlow(memory.size);
  try {
    for (const chunk of packChunks(entries, { dialect, take, onMember: options?.onMember })) {
      yield chunk;
      await setImmediate();
    }
  } catch (cause) {
    if (!isFileSystemError(cause)) throw cause;
    const advice = 'Check the store with "nix-store --verify --check-contents".';
    throw new Failure(`Cannot create a layer: ${messageOf(cause)}. ${advice}`, { cause });
  } finally {
    if (block !== undefined) memory.give(block);
  }
}

interface Packing {
  readonly dialect: TarDialect;
  readonly take: () => Buffer;
  readonly onMember: LayerReadOptions['onMember'];
}

const nothing = Buffer.alloc(0);

function* packChunks(entries: Iterable<LayerEntry>, { dialect, take, onMember }: Packing): Generator<Buffer, void> {
  let chunk = take();
  let used = 0;
  for (const { header, file } of entries) {
    const blocks = writeTarEntry(header, dialect);
    // The start of a file is in one chunk, for `onMember`.
    if (chunkSize - used < blocks.length + Math.min(header.size, startSize)) {
      yield chunk.subarray(0, used);
      chunk = take();
      used = 0;
    }
    chunk.set(blocks, used);
    used += blocks.length;
    if (file === undefined || header.size === 0) {
      onMember?.(header, nothing);
      continue;
    }
    const descriptor = openSync(onDisk(file.source), 'r');
    try {
      for (let left = file.size; left > 0; ) {
        if (used === chunkSize) {
          yield chunk.subarray(0, used);
          chunk = take();
          used = 0;
        }
        const length = Math.min(left, chunkSize - used);
        const end = used + length;
        const room = chunk.subarray(used, left > length ? end : end + 1);
        if (readAtLeast(length, descriptor, room) !== length) throw changed(file);
        if (left === file.size) onMember?.(header, chunk.subarray(used, used + Math.min(length, startSize)));
        used = end;
        left -= length;
      }
    } finally {
      closeSync(descriptor);
    }
    chunk.fill(0, used, paddedSize(used));
    used = paddedSize(used);
  }
  if (used > 0) yield chunk.subarray(0, used);
}

/** Fills `into` until it has `length` bytes or the file ends, and returns how many it has. */
function readAtLeast(length: number, descriptor: number, into: Buffer): number {
  let got = 0;
  while (got < length) {
    const count = readSync(descriptor, into, got, into.length - got, null);
    if (count === 0) break;
    got += count;
  }
  return got;
}

function changed({ path, size }: StoreFile): Failure {
  return new Failure(
    `Cannot create a layer: ${textOf(path)} changed while it was being read (it had ${size} bytes before). ` +
      'Stop programs that write to the store, then run "nix-store --verify --check-contents".',
  );
}

function isFileSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
