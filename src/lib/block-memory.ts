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

export function createBlockMemory(size: number): BlockMemory {
  const spare: Buffer[] = [];
  return {
    size,
    take: () => spare.pop() ?? Buffer.allocUnsafeSlow(size),
    give: block => spare.push(block),
  };
}

/**
 * Frees at once what the garbage collector would find only later, for bytes that nobody looks at any more. Those in the
 * memory that Node shares among small buffers stay, and Node 20 leaves all to the collector.
 */
export function free({ buffer }: Uint8Array): void {
  const memory = buffer as { readonly byteLength: number; transfer?(size: number): unknown };
  if (memory.byteLength > Buffer.poolSize) memory.transfer?.(0);
}
