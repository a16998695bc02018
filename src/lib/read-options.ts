/** How a stream of bytes is read. */
export interface ReadOptions {
  /** Whether a chunk's memory is used again for the next one. The chunk is good until then, and no fresh memory is taken. */
  readonly reuseBuffer?: boolean;
}

/** For a reader that is done with each chunk before it asks for the next one. */
export const reuseBuffer: ReadOptions = { reuseBuffer: true };
