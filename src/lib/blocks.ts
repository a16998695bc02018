/** A piece of a stream; all but the last are of one size, so that what is made of them does not depend on timing. */
export interface Block {
  readonly bytes: Uint8Array;
  readonly last: boolean;
}

/**
 * Memory for blocks of one size, used again and again: fresh memory costs page faults, and brings the garbage collector
 * every few megabytes.
 */
export interface BlockMemory {
  readonly size: number;
  readonly spare: Buffer[];
}

/** Blocks in work at a time: enough to keep the cores of a runner busy, few enough to keep memory flat. */
const blocksAhead = 4;

export function createBlockMemory(size: number): BlockMemory {
  return { size, spare: [] };
}

/**
 * Cuts a stream into blocks and works on several side by side; results come in the order of the blocks. The bytes of a
 * block are good until its work is done.
 */
export function mapBlocks(
  source: AsyncIterable<Uint8Array>,
  memory: BlockMemory,
  work: (block: Block) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  return mapAhead(blocksOf(source, memory), async ({ buffer, ...block }) => {
    const result = await work(block);
    memory.spare.push(buffer);
    return result;
  });
}

/** Works on several items side by side; results come in the order of the items. */
export async function* mapAhead<T>(
  items: AsyncIterable<T>,
  work: (item: T) => Promise<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const ahead: Promise<Uint8Array>[] = [];
  for await (const item of items) {
    const result = work(item);
    // Awaited in its turn; a failure before that must not count as unhandled.
    result.catch(() => {});
    ahead.push(result);
    if (ahead.length === blocksAhead) yield await (ahead.shift() as Promise<Uint8Array>);
  }
  for (const result of ahead) yield await result;
}

/** The last block, and only that, may be shorter or empty. */
async function* blocksOf(
  source: AsyncIterable<Uint8Array>,
  { size, spare }: BlockMemory,
): AsyncGenerator<Block & { readonly buffer: Buffer }> {
  const take = () => spare.pop() ?? Buffer.allocUnsafeSlow(size);
  let buffer = take();
  let filled = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      if (filled === size) {
        yield { bytes: buffer, last: false, buffer };
        buffer = take();
        filled = 0;
      }
      const taken = Math.min(chunk.length - at, size - filled);
      buffer.set(chunk.subarray(at, at + taken), filled);
      filled += taken;
      at += taken;
    }
  }
  yield { bytes: buffer.subarray(0, filled), last: true, buffer };
}
