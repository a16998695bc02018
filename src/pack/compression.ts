import { gzip } from '../lib/compress/gzip.ts';
import { zstd } from '../lib/compress/zstd.ts';
import { Failure } from '../lib/failure.ts';
import type { Encoding } from '../oci/image.ts';

/** How the blob of a layer is made of its tar. */
export interface Compression {
  readonly method: 'gzip' | 'zstd' | 'none';
  readonly level: number;
}

/** The revision stands for all that decides about the bytes but the level, such as the size of blocks: to be counted up where it changes. */
const methods = {
  gzip: { level: 1, lowest: 1, highest: 9, revision: 'r4' },
  zstd: { level: 3, lowest: 1, highest: 19, revision: 'r3' },
  none: { level: 0, lowest: 0, highest: 0, revision: '' },
} as const;

/** Layers that come as plain tars are compressed so unless something else is asked for. */
export const defaultCompression: Compression = { method: 'gzip', level: methods.gzip.level };

/** Reads `compression` and `compression-level`; undefined where neither says anything, so that compressed layers stay as they are. */
export function parseCompression(method: string, level: string): Compression | undefined {
  if (method === '' && level === '') return undefined;
  const known = method === '' ? 'gzip' : method;
  if (known !== 'gzip' && known !== 'zstd' && known !== 'none') {
    throw new Failure(`Cannot use compression: "${method}". Give gzip, zstd or none.`);
  }
  const { lowest, highest, level: usual } = methods[known];
  const number = level === '' ? usual : /^\d+$/.test(level) ? Number(level) : Number.NaN;
  if (Number.isInteger(number) && number >= lowest && number <= highest) return { method: known, level: number };
  const range = known === 'none' ? 'none has no level' : `${known} has levels ${lowest} to ${highest}`;
  throw new Failure(`Cannot use compression-level: "${level}"; ${range}.`);
}

/** The name of a way to compress; blobs of one name and one tar are of the same bytes. */
export function nameOf({ method, level }: Compression): string {
  return method === 'none' ? 'none' : `${method}-${level}-${methods[method].revision}`;
}

/** The blob of a tar. */
export function compress(tar: AsyncIterable<Uint8Array>, { method, level }: Compression): AsyncIterable<Uint8Array> {
  if (method === 'gzip') return gzip(tar, level);
  if (method === 'zstd') return zstd(tar, level);
  return tar;
}

/** The encoding that a method gives. */
export function encodingOf({ method }: Compression): Encoding {
  return method === 'none' ? 'tar' : method;
}
