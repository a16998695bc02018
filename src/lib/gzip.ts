import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';

const deflateBlock = promisify<Uint8Array, object, Buffer>(deflateRaw);

/** Input bytes a block; fixed, since the output depends on it. */
const blockSize = 1 << 20;
/** How far deflate looks back, so what a block must know of the one before. */
const windowSize = 1 << 15;
/** Blocks in work at a time: enough to keep the cores of a runner busy, few enough to keep memory flat. */
const blocksAhead = 8;

/** No name, no time, "unknown" system: nothing of the machine. RFC 1952 section 2.3. */
const header = Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);

/**
 * Compresses to one gzip member, RFC 1952. Blocks of 1 MiB are compressed side by side, each with the end of the one
 * before as dictionary, so that one stream keeps all cores busy and the same input gives the same bytes on any number
 * of them.
 */
export async function* gzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let crc = 0;
  let length = 0;
  let dictionary: Uint8Array | undefined;
  const ahead: Promise<Buffer>[] = [];
  yield header;
  for await (const { bytes, last } of blocksOf(source)) {
    crc = crc32(bytes, crc);
    length += bytes.length;
    ahead.push(compress(bytes, dictionary, last));
    dictionary = bytes.subarray(-windowSize);
    if (ahead.length === blocksAhead) yield await (ahead.shift() as Promise<Buffer>);
  }
  for (const block of ahead) yield await block;
  yield trailer(crc, length);
}

function compress(bytes: Uint8Array, dictionary: Uint8Array | undefined, last: boolean): Promise<Buffer> {
  const finishFlush = last ? constants.Z_FINISH : constants.Z_SYNC_FLUSH;
  const block = deflateBlock(bytes, {
    level: 6,
    finishFlush,
    chunkSize: 1 << 18,
    ...(dictionary === undefined || dictionary.length === 0 ? {} : { dictionary }),
  });
  // Awaited in order by the caller; a failure before its turn must not count as unhandled.
  block.catch(() => {});
  return block;
}

/** Cuts a stream into blocks of `blockSize`; the last one, and only that, may be shorter or empty. */
async function* blocksOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<{ bytes: Uint8Array; last: boolean }> {
  let block = new Uint8Array(blockSize);
  let filled = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      if (filled === blockSize) {
        yield { bytes: block, last: false };
        block = new Uint8Array(blockSize);
        filled = 0;
      }
      const taken = Math.min(chunk.length - at, blockSize - filled);
      block.set(chunk.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
    }
  }
  yield { bytes: block.subarray(0, filled), last: true };
}

function trailer(crc: number, length: number): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(crc, 0);
  bytes.writeUInt32LE(length % 2 ** 32, 4);
  return bytes;
}
