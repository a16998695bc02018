/**
 * Blocks of memory that are used again and again: fresh ones cost page faults, and bring the garbage collector every
 * few megabytes.
 */
export interface BlockMemory {
  /** Bytes of a block. */
  readonly size: number;
  /** A block with whatever was in it last. */
  take(): Buffer;
  /** Takes back a block that nobody looks at any more. */
  give(block: Buffer): void;
}

/** `allocate` makes a block, which may be larger than `size`. */
export function createBlockMemory(
  size: number,
  allocate: () => Buffer = () => Buffer.allocUnsafeSlow(size),
): BlockMemory {
  const spare: Buffer[] = [];
  return {
    size,
    take: () => spare.pop() ?? allocate(),
    give: block => spare.push(block),
  };
}

/** Bytes for whatever a block is compressed to, so that it comes in one piece; what is not used is never touched. */
export function roomFor({ length }: { readonly length: number }): number {
  return length + (length >> 8) + (1 << 10);
}

/**
 * Gives the whole memory of bytes back at once, which saves the page faults of fresh memory; the garbage collector would
 * come late. Not what small buffers share; and Node 20 leaves all to the collector.
 */
export function freeMemory({ buffer }: Uint8Array): void {
  const memory = buffer as { readonly byteLength: number; transfer?(size: number): unknown };
  if (memory.byteLength > Buffer.poolSize) memory.transfer?.(0);
}
