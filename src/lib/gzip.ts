import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';
import { createBlockMemory, mapBlocks } from './blocks.ts';

const deflateBlock = promisify<Uint8Array, object, Buffer>(deflateRaw);

const memory = createBlockMemory(1 << 20);
/** How far deflate looks back, so what a block must know of the one before. */
const windowSize = 1 << 15;

/** No name, no time, "unknown" system: nothing of the machine. RFC 1952 section 2.3. */
const header = Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

/**
 * Compresses to one gzip member, RFC 1952. Blocks of 1 MiB are deflated side by side, each with the end of the one
 * before as dictionary, so that one stream keeps all cores busy and the same input gives the same bytes on any number
 * of them. `level` is 1 to 9.
 */
export async function* gzip(source: AsyncIterable<Uint8Array>, level: number): AsyncGenerator<Uint8Array> {
  let crc = 0;
  let length = 0;
  let dictionary = new Uint8Array(0);
  yield header;
  yield* mapBlocks(source, memory, ({ bytes, last }) => {
    crc = crc32(bytes, crc);
    length += bytes.length;
    const deflated = deflateBlock(bytes, {
      level,
      finishFlush: last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
      chunkSize: 1 << 18,
      ...(dictionary.length === 0 ? {} : { dictionary }),
    });
    dictionary = new Uint8Array(bytes.subarray(-windowSize));
    return deflated;
  });
  yield trailer(crc, length);
}

function trailer(crc: number, length: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(crc, 0);
  bytes.writeUInt32LE(length % 2 ** 32, 4);
  return bytes;
}
