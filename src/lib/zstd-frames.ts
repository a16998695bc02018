import type { FileHandle } from 'node:fs/promises';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { createBlockMemory } from './block-memory.ts';
import { mapAhead, mapBlocks } from './blocks.ts';
import { Failure } from './failure.ts';

const blockSize = 2 << 20;
/** More than zstd makes of a block that it cannot compress. */
const largestFrame = blockSize + (64 << 10);
/**
 * Memory for a result. By Node's default they come in small pieces, each with a turn of its own through the main thread;
 * and where a piece is just full, Node asks for another.
 */
const chunkSize = blockSize + 1;
const plainMemory = createBlockMemory(blockSize);
const frameMemory = createBlockMemory(largestFrame);
/** A skippable frame of four bytes, which hold the length of the frame behind it; RFC 8878 section 3.1.2. */
const skippableMagic = 0x184d2a50;
const headerSize = 12;

/** Whether this Node can work with zstd at all. */
export const hasZstd = 'zstdCompress' in zlib;

/**
 * Compresses to zstd frames of 2 MiB each, every one announced by a skippable frame with its length, as pzstd does it:
 * any zstd program reads the stream, and `readZstdFrames` reads its frames side by side. `level` is 1 to 19.
 */
export async function* zstdFrames(source: AsyncIterable<Uint8Array>, level: number): AsyncGenerator<Uint8Array> {
  const compress = promisify<Uint8Array, zlib.ZstdOptions, Buffer>(zlib.zstdCompress);
  const params = { [zlib.constants.ZSTD_c_compressionLevel]: level, [zlib.constants.ZSTD_c_checksumFlag]: 1 };
  for await (const frame of mapBlocks(source, plainMemory, bytes => compress(bytes, { params, chunkSize }))) {
    const header = Buffer.alloc(headerSize);
    header.writeUInt32LE(skippableMagic, 0);
    header.writeUInt32LE(4, 4);
    header.writeUInt32LE(frame.length, 8);
    yield header;
    yield frame;
  }
}

/** The plain bytes of a file that `zstdFrames` wrote. A Failure when it is something else, damaged or cut off. */
export function readZstdFrames(file: FileHandle): AsyncGenerator<Uint8Array> {
  const decompress = promisify<Uint8Array, zlib.ZstdOptions, Buffer>(zlib.zstdDecompress);
  return mapAhead(framesOf(file), async ({ block, size }) => {
    try {
      return await decompress(block.subarray(0, size), { maxOutputLength: blockSize, chunkSize });
    } catch (cause) {
      throw new Failure('Cannot decompress: a zstd frame is damaged.', { cause });
    } finally {
      frameMemory.give(block);
    }
  });
}

async function* framesOf(file: FileHandle) {
  const header = Buffer.alloc(headerSize);
  for (let position = 0; ; ) {
    const read = await readAt(file, header, position);
    if (read === 0) return;
    const size = header.readUInt32LE(8);
    const isHeader = header.readUInt32LE(0) === skippableMagic && header.readUInt32LE(4) === 4;
    if (read < headerSize || !isHeader || size > largestFrame) throw new Failure('Cannot decompress: no zstd frames.');
    const block = frameMemory.take();
    position += headerSize;
    if ((await readAt(file, block.subarray(0, size), position)) < size)
      throw new Failure('Cannot decompress: cut off.');
    position += size;
    yield { block, size };
  }
}

/** Fills the buffer as far as the file goes. */
async function readAt(file: FileHandle, buffer: Buffer, position: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
