import { createBlockMemory, freeMemory } from '../../lib/compress/block-memory.ts';
import { blocksOf, mapConcurrently } from '../../lib/compress/blocks.ts';
import { zstdFramesOf } from '../../lib/compress/zstd-frame.ts';
import type { ChunkedPositions } from '../../oci/chunked-positions.ts';
import { footerOf } from './footer.ts';
import { createTarIndex, type Mark, type TarIndex } from './tar-index.ts';

/** The same size as the blocks of plain zstd. */
const memory = createBlockMemory(2 << 20);

/** A part of a block that becomes one frame, and its marks. */
interface Part {
  readonly bytes: Buffer;
  readonly marks: readonly Mark[];
}

/**
 * Compresses a tar to zstd:chunked, the format of containers/storage: the content of each file in zstd frames of its
 * own, everything in between in other frames, then the index, which plain zstd decoders skip. Frames hold at most 2 MiB
 * and are compressed in parallel; the bytes do not depend on the number of cores. A chunk is valid only until the next
 * one. Returns the positions of the index, or undefined if the tar cannot be indexed and the blob is plain zstd.
 */
export async function* zstdChunked(
  tar: AsyncIterable<Uint8Array>,
  level: number,
): AsyncGenerator<Uint8Array, ChunkedPositions | undefined> {
  const index = createTarIndex(level);
  let plain = 0;
  let position = 0;
  const blocks = mapConcurrently(blocksOf(watched(tar, index), memory), async ({ block, length }) => {
    const start = plain;
    plain += length;
    const parts = partsOf(block.subarray(0, length), start, index.marksUntil(plain));
    const frames = await zstdFramesOf(
      parts.map(({ bytes }) => bytes),
      level,
    );
    memory.give(block);
    return parts.map(({ marks }, i) => ({ marks, frame: frames[i] as Uint8Array }));
  });
  for await (const frames of blocks) {
    for (const { frame, marks } of frames) {
      yield frame;
      position += frame.length;
      for (const mark of marks) mark.setPosition(position);
    }
    for (const { frame } of frames.slice(0, 1)) freeMemory(frame);
  }
  const ended = await index.end();
  if (ended === undefined) return undefined;
  const { bytes, positions } = footerOf(position, ended.contents, ended.tarSplit);
  yield bytes;
  return positions;
}

async function* watched(tar: AsyncIterable<Uint8Array>, index: TarIndex): AsyncGenerator<Uint8Array> {
  for await (const chunk of tar) {
    index.read(chunk);
    yield chunk;
  }
}

/** A block of the tar that begins at `start`, cut at the marks; an empty block is one part. */
function partsOf(block: Buffer, start: number, marks: readonly Mark[]): Part[] {
  const parts: Part[] = [];
  let from = 0;
  let reached: Mark[] = [];
  const cut = (to: number) => {
    parts.push({ bytes: block.subarray(from, to), marks: reached });
    from = to;
    reached = [];
  };
  for (const mark of marks) {
    reached.push(mark);
    if (mark.isCut) cut(mark.at - start);
  }
  if (from < block.length || parts.length === 0) cut(block.length);
  return parts;
}
