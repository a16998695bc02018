import { type FileHandle, open } from 'node:fs/promises';
import { openFile } from '../lib/open-file.ts';

/** Half of an image's hundred layers are smaller, and have few of its bytes. */
const largestInMemory = 128 * 1024;

/**
 * Reads a stream whose chunks may be good only until the next one, and keeps its bytes to be read any number of times, as
 * `Blob.open` has it: a few in memory, more in `file`.
 */
export async function spool(
  source: AsyncIterable<Uint8Array>,
  file: string,
): Promise<(use?: 'brief') => AsyncIterable<Uint8Array>> {
  let kept = Buffer.alloc(0);
  let handle: FileHandle | undefined;
  try {
    for await (const chunk of source) {
      if (handle === undefined && kept.length + chunk.length <= largestInMemory) {
        kept = Buffer.concat([kept, chunk]);
        continue;
      }
      if (handle === undefined) {
        handle = await open(file, 'w');
        await handle.writeFile(kept);
      }
      await handle.writeFile(chunk);
    }
  } finally {
    await handle?.close();
  }
  if (handle !== undefined) return use => openFile(file, use);
  return async function* () {
    yield kept;
  };
}
