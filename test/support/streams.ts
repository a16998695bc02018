import { createHash } from 'node:crypto';

/** All bytes of a stream; a chunk may be good only until the next one. */
export async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** The bytes as a stream in pieces of these sizes, over and over. */
export async function* inPieces(bytes: Uint8Array, ...sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** Text and bytes that do not compress, in turn; the same on any machine. */
export function makeSample(size: number): Buffer {
  const parts: Buffer[] = [];
  for (let i = 0, length = 0; length < size; i++) {
    const part = i % 2 === 0 ? Buffer.from(`${i}: a line of text\n`) : createHash('sha512').update(String(i)).digest();
    length += part.length;
    parts.push(part);
  }
  return Buffer.concat(parts).subarray(0, size);
}
