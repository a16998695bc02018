import { crc32 } from 'node:zlib';
import { createBlockMemory } from './block-memory.ts';
import { mapBlocks } from './blocks.ts';
import { allocateDeflateBlock, deflateBlockSize, deflateInPlace } from './deflate.ts';

const memory = createBlockMemory(deflateBlockSize, allocateDeflateBlock);

/** No name, no time, "unknown" system, so nothing about the machine. RFC 1952 section 2.3. */
const header = Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
/** An empty block that is the last one. RFC 1951 section 3.2.6. */
const lastBlock = Uint8Array.from([3, 0]);

/**
 * Compresses to one gzip member, RFC 1952. Blocks of 1 MiB are deflated in parallel and independently of each other, so
 * one stream keeps all cores busy and the bytes do not depend on their number. `level` is 1 to 9. A chunk is valid only
 * until the next one.
 */
export async function* gzip(source: AsyncIterable<Uint8Array>, level: number): AsyncGenerator<Uint8Array> {
  let crc = 0;
  let length = 0;
  yield header;
  yield* mapBlocks(source, memory, bytes => {
    crc = crc32(bytes, crc);
    length += bytes.length;
    return deflateInPlace(bytes, level);
  });
  yield lastBlock;
  yield trailer(crc, length);
}

function trailer(crc: number, length: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(crc, 0);
  bytes.writeUInt32LE(length % 2 ** 32, 4);
  return bytes;
}
