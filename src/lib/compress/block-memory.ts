/**
 * Reuses blocks of memory, because fresh ones cost page faults and trigger the garbage collector every few megabytes.
 */
export interface BlockMemory {
  /** Bytes of a block. */
  readonly size: number;
  /** A block that still has its previous contents. */
  take(): Buffer;
  /** Takes back a block that is no longer in use. */
  give(block: Buffer): void;
}

/** `allocate` creates a block, which may be larger than `size`. */
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

/** Room for a compressed block, so that the result comes in one piece; memory that is not used is never touched. */
export function roomFor({ length }: { readonly length: number }): number {
  return length + (length >> 8) + (1 << 10);
}

/**
 * Frees the memory of bytes at once, which saves the page faults of fresh memory; the garbage collector would free it
 * late. Skips memory that small buffers share. On Node 20 it does nothing.
 */
export function freeMemory({ buffer }: Uint8Array): void {
  const memory = buffer as { readonly byteLength: number; transfer?(size: number): unknown };
  if (memory.byteLength > Buffer.poolSize) memory.transfer?.(0);
}
