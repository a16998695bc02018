import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import xz from 'xz-decompress';
import { Failure, messageOf } from '../failure.ts';
import { freeMemory } from './block-memory.ts';
import { zstdSlices, zstdWindowLog } from './zstd-stream.ts';

export type CompressedFormat = 'gzip' | 'zstd' | 'xz';

/**
 * The plain bytes of a compressed stream. A chunk of 64 KiB or more may be valid only until the next one. A Failure
 * that names `description` if the stream is damaged or truncated.
 */
export async function* decompress(
  source: AsyncIterable<Uint8Array>,
  compression: CompressedFormat,
  description: string,
): AsyncGenerator<Uint8Array> {
  const output = new PassThrough();
  const done = inflate(source, { compression, description, output });
  done.catch(() => {});
  try {
    yield* output as AsyncIterable<Uint8Array>;
    await done;
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const problem = isForeignXz(cause)
      ? `its xz stream uses a check, filter or dictionary that is not supported. Compress it with the default settings of xz`
      : `its ${compression} stream is damaged or cut off (${messageOf(cause)})`;
    throw new Failure(`Cannot read ${description}: ${problem}.`, { cause });
  }
}

/** Like `decompress`, but each chunk is valid only until the next one is requested, which leaves little garbage. */
export async function* decompressReusing(
  source: AsyncIterable<Uint8Array>,
  compression: CompressedFormat,
  description: string,
): AsyncGenerator<Uint8Array> {
  if (compression !== 'gzip') return yield* decompress(source, compression, description);
  let last: Uint8Array = new Uint8Array(0);
  for await (const chunk of decompress(source, compression, description)) {
    yield chunk;
    // zlib may fill the same memory with several chunks; it is finished with it when it is full, or at the end.
    const isFull = chunk.byteOffset + chunk.length === chunk.buffer.byteLength;
    if (isFull) freeMemory(chunk);
    last = chunk;
  }
  freeMemory(last);
}

function inflate(
  source: AsyncIterable<Uint8Array>,
  {
    compression,
    description,
    output,
  }: { readonly compression: CompressedFormat; readonly description: string; readonly output: PassThrough },
): Promise<void> {
  if (compression === 'gzip') return pipeline(source, zlib.createGunzip({ chunkSize }), output);
  if (compression === 'zstd') return inflateZstd(source, description, output);
  return pipeline(new xz.XzReadableStream(ReadableStream.from(source)), output);
}

/**
 * XZ Embedded does not support SHA-256 checks, BCJ and delta filters, or dictionaries above 64 MiB; xz.h, enum xz_ret.
 */
function isForeignXz(error: unknown): boolean {
  return /^get_next_output failed with error code [2346]$/.test(messageOf(error));
}

/** Memory for results. By default Node returns pieces of 16 KiB, each with a turn through the main thread. */
const chunkSize = 1 << 17;
async function inflateZstd(source: AsyncIterable<Uint8Array>, description: string, output: PassThrough): Promise<void> {
  if (!('createZstdDecompress' in zlib)) {
    const fallback = await import('./zstd-fallback.ts');
    return pipeline(fallback.inflateZstd(source, description), output);
  }
  const params = { [zlib.constants.ZSTD_d_windowLogMax]: zstdWindowLog };
  return pipeline(zstdSlices(source, description), zlib.createZstdDecompress({ params, chunkSize }), output);
}

/** The format of a compressed stream that begins with these bytes, by its magic number. */
export function compressedFormatOf(start: Uint8Array): CompressedFormat | 'bzip2' | undefined {
  const begins = (...magic: number[]) => magic.every((byte, i) => start[i] === byte);
  if (begins(0x1f, 0x8b)) return 'gzip';
  if (begins(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  if (begins(0xfd, 0x37, 0x7a, 0x58, 0x5a)) return 'xz';
  if (begins(0x42, 0x5a, 0x68)) return 'bzip2';
  return undefined;
}
