import { Decompress } from 'fzstd';
import { Failure } from '../failure.ts';
import { zstdSlices } from './zstd-stream.ts';

/**
 * Bytes to decode at a time. Four bytes may stand for 128 KiB, so these may stand for 64 MiB. RFC 8878 section
 * 3.1.1.2.2.
 */
const pieceSize = 2048;
/**
 * fzstd moves the whole window for each block. Usual streams have at least 8 KiB per block, even with a window of 8
 * MiB.
 */
const mostMovedPerByte = 1024;
const mostMovedBefore = 1 << 30;

/** Like `decompress` for a zstd stream, but without Node's own zstd. */
export async function* inflateZstd(source: AsyncIterable<Uint8Array>, description: string): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  let size = 0;
  const decoder = new Decompress(chunk => {
    ready.push(chunk);
    size += chunk.length;
  });
  const work = { moved: 0 };
  for await (const slice of zstdSlices(inPieces(source), description, work)) {
    // The decoder keeps bytes that it cannot decode yet.
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
