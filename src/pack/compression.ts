import { expectToDeflate } from '../lib/compress/deflate.ts';
import { gzip } from '../lib/compress/gzip.ts';
import { zstd } from '../lib/compress/zstd.ts';
import { Failure } from '../lib/failure.ts';
import type { ChunkedPositions } from '../oci/chunked-positions.ts';
import type { Encoding } from '../oci/image.ts';

/** How a layer's tar becomes its blob. */
export interface Compression {
  readonly method: keyof typeof methods;
  readonly level: number;
}

/**
 * The revision covers everything but the level that affects the bytes, such as the size of blocks. Increment it when
 * they change.
 */
const methods = {
  gzip: { level: 1, lowest: 1, highest: 9, revision: 'r4' },
  zstd: { level: 3, lowest: 1, highest: 19, revision: 'r3' },
  'zstd:chunked': { level: 3, lowest: 1, highest: 19, revision: 'r1' },
  none: { level: 0, lowest: 0, highest: 0, revision: '' },
} as const;

/** The default for layers that come as plain tars. */
export const defaultCompression: Compression = { method: 'gzip', level: methods.gzip.level };

/** Reads `compression` and `compression-level`; undefined if neither is set, so compressed layers stay unchanged. */
export function parseCompression(method: string, level: string): Compression | undefined {
  if (method === '' && level === '') return undefined;
  const known = method === '' ? 'gzip' : method;
  if (!isMethod(known)) {
    throw new Failure(`Cannot use compression: "${method}". Use gzip, zstd, zstd:chunked or none.`);
  }
  const { lowest, highest, level: usual } = methods[known];
  const number = level === '' ? usual : /^\d+$/.test(level) ? Number(level) : Number.NaN;
  if (Number.isInteger(number) && number >= lowest && number <= highest) return { method: known, level: number };
  const range = known === 'none' ? 'compression: none has no level' : `${known} has levels ${lowest} to ${highest}`;
  throw new Failure(`Cannot use compression-level: "${level}"; ${range}.`);
}

/** The name of a compression. The same name and the same tar give the same bytes. */
export function compressionName({ method, level }: Compression): string {
  return method === 'none' ? 'none' : `${method}-${level}-${methods[method].revision}`;
}

function isMethod(text: string): text is Compression['method'] {
  return Object.hasOwn(methods, text);
}

/** The bytes of the blob. */
export interface CompressedTar {
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Positions of the blob's index, if it has one; valid after all bytes are read. */
  chunked(): ChunkedPositions | undefined;
}

/** Prepares for tars of so many bytes in all, which are about to be compressed. */
export function expectToCompress(bytes: number, { method }: Compression): void {
  if (method === 'gzip') expectToDeflate(bytes);
}

/** Compresses a tar while reading it. */
export function compress(tar: AsyncIterable<Uint8Array>, { method, level }: Compression): CompressedTar {
  if (method === 'zstd:chunked') return compressChunked(tar, level);
  const bytes = method === 'gzip' ? gzip(tar, level) : method === 'zstd' ? zstd(tar, level) : tar;
  return { bytes, chunked: () => undefined };
}

function compressChunked(tar: AsyncIterable<Uint8Array>, level: number): CompressedTar {
  let positions: ChunkedPositions | undefined;
  async function* bytes() {
    // Loaded on demand, since few runs use it.
    const { zstdChunked } = await import('./zstd-chunked/zstd-chunked.ts');
    positions = yield* zstdChunked(tar, level);
  }
  return { bytes: bytes(), chunked: () => positions };
}

/** The encoding that a method results in. */
export function encodingOf({ method }: Compression): Encoding {
  if (method === 'zstd:chunked') return 'zstd';
  return method === 'none' ? 'tar' : method;
}
