import { zstdFrame } from '../../lib/compress/zstd-frame.ts';
import { Failure } from '../../lib/failure.ts';
import { inBackground } from '../../lib/pool.ts';

/** A text as zstd frames. */
export interface CompressedText {
  readonly bytes: Buffer;
  /** Bytes of the plain text. */
  readonly plainSize: number;
}

/** Most bytes of a plain text; readers accept no larger table of contents (`maxTocSize` of containers/storage). */
const mostBytes = 150 << 20;
const frameSize = 2 << 20;

/** A text that is compressed as it grows. A Failure that names `description` if it exceeds 150 MiB. */
export function createCompressedText(level: number, description: string) {
  const frames: Promise<Uint8Array>[] = [];
  let parts: string[] = [];
  let length = 0;
  let plainSize = 0;
  const compress = () => {
    const bytes = Buffer.from(parts.join(''));
    plainSize += bytes.length;
    if (plainSize > mostBytes) throw new Failure(`Cannot index the layer: its ${description} has more than 150 MiB.`);
    frames.push(inBackground(zstdFrame(bytes, level)));
    parts = [];
    length = 0;
  };
  return {
    add(part: string): void {
      parts.push(part);
      length += part.length;
      if (length >= frameSize) compress();
    },
    async end(): Promise<CompressedText> {
      compress();
      return { bytes: Buffer.concat(await Promise.all(frames)), plainSize };
    },
  };
}
