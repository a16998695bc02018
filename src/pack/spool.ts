import { createReadStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** Half of an image's hundred layers are smaller, and have few of its bytes. */
const largestInMemory = 128 * 1024;
const chunkSize = 1 << 18;

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
  if (handle !== undefined) {
    return use => (use === 'brief' ? readBriefly(file) : createReadStream(file, { highWaterMark: chunkSize }));
  }
  return async function* () {
    yield kept;
  };
}

/** All chunks in the same memory: fresh ones stay, at the speed of an upload, far more than there is to upload at a time. */
async function* readBriefly(file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file);
  try {
    const block = Buffer.allocUnsafeSlow(chunkSize);
    for (;;) {
      const { bytesRead } = await handle.read(block, 0, chunkSize, null);
      if (bytesRead === 0) return;
      yield block.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
