import type { BlockMemory } from './block-memory.ts';

/** Blocks processed at a time: enough to keep the cores of a runner busy, few enough to keep memory flat. */
const blocksAhead = 4;

/**
 * Cuts a stream into blocks, all but the last as large as the memory's blocks, so results do not depend on timing, and
 * processes several at a time. Results come in the order of the blocks; one that is in the memory of its block is valid
 * until the next. An empty stream is one empty block.
 */
export async function* mapBlocks(
  source: AsyncIterable<Uint8Array>,
  memory: BlockMemory,
  work: (bytes: Buffer) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const worked = mapConcurrently(blocksOf(source, memory), async ({ block, length }) => {
    return { block, result: await work(block.subarray(0, length)) };
  });
  for await (const { block, result } of worked) {
    yield result;
    memory.give(block);
  }
}

/** Processes several items at a time; results come in the order of the items. */
export async function* mapConcurrently<T, R>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const ahead: Promise<R>[] = [];
  for await (const item of items) {
    const result = work(item);
    // Awaited in its turn; a failure before that must not count as unhandled.
    result.catch(() => {});
    ahead.push(result);
    if (ahead.length === blocksAhead) yield await (ahead.shift() as Promise<R>);
  }
  for (const result of ahead) yield await result;
}

/** Cuts a stream into blocks, all but the last as large as the memory's blocks. An empty stream is one empty block. */
export async function* blocksOf(
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  { size, take }: BlockMemory,
): AsyncGenerator<{ readonly block: Buffer; readonly length: number }> {
  let block = take();
  let length = 0;
  for await (const { buffer, byteOffset, length: chunkLength } of source) {
    // Node copies a part of a buffer three times as fast as V8 a whole one, if threads share memory.
    const bytes = Buffer.from(buffer);
    const end = byteOffset + chunkLength;
    for (let at = byteOffset; at < end; ) {
      if (length === size) {
        yield { block, length };
        block = take();
        length = 0;
      }
      const taken = Math.min(end - at, size - length);
      bytes.copy(block, length, at, at + taken);
      length += taken;
      at += taken;
    }
  }
  yield { block, length };
}
