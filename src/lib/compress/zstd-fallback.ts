import { Decompress } from 'fzstd';
import { Failure } from '../failure.ts';
import { zstdSlices } from './zstd-stream.ts';

/** Bytes that are decoded at a time: four may stand for 128 KiB, so these for 64 MiB. RFC 8878 section 3.1.1.2.2. */
const pieceSize = 2048;
/** fzstd moves the whole window for each block. Streams have one for each 8 KiB or more, even with a window of 8 MiB. */
const mostMovedPerByte = 1024;
const mostMovedBefore = 1 << 30;

/** The plain bytes of a zstd stream, decoded without Node's own zstd, as `decompress` has it. */
export async function* inflateZstd(source: AsyncIterable<Uint8Array>, description: string): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  let size = 0;
  const decoder = new Decompress(chunk => {
    ready.push(chunk);
    size += chunk.length;
  });
  const work = { moved: 0 };
  for await (const slice of zstdSlices(inPieces(source), description, work)) {
    // It keeps what it cannot decode yet.
    decoder.push(slice);
    yield* ready;
    ready = [];
    if (work.moved <= mostMovedBefore + size * mostMovedPerByte) continue;
    throw new Failure(
      `Cannot read ${description}: its zstd stream has blocks so small that decompressing it with Node ${process.version} takes too long. Use Node 22.15 or newer.`,
    );
  }
}

async function* inPieces(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += pieceSize) yield chunk.subarray(at, at + pieceSize);
  }
}
