/** How a stream of bytes is read. */
export interface ReadOptions {
  /**
   * Whether the next chunk reuses a chunk's memory. A chunk is then valid only until the next one, and no fresh memory
   * is needed.
   */
  readonly reuseBuffer?: boolean;
}

/** For a reader that finishes each chunk before it requests the next one. */
export const reuseBuffer: ReadOptions = { reuseBuffer: true };
