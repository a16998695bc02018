import { createHash } from 'node:crypto';
import { type Digest, digestOfHash } from '../oci/digest.ts';

/** Counts and hashes the bytes of a stream, once. */
export interface Meter {
  through(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>;
  /** Bytes so far. */
  size(): number;
  /** Finishes the hash. */
  digest(): Digest;
}

export function createMeter(): Meter {
  const hash = createHash('sha256');
  let size = 0;
  return {
    async *through(source) {
      for await (const chunk of source) {
        hash.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    },
    size: () => size,
    digest: () => digestOfHash(hash),
  };
}

/** Reads a stream to its end. */
export async function drain(source: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of source);
}
