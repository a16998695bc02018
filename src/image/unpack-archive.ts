import { mkdtemp, stat, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CompressedFormat, decompressReusing } from '../lib/compress/decompress.ts';
import { Failure } from '../lib/failure.ts';
import { openFile } from '../lib/open-file.ts';
import { reuseBuffer } from '../lib/read-options.ts';

/** Most bytes of an archive, unpacked. */
const mostBytes = 64 * 2 ** 30;
/**
 * An archive whose compressed size is a smaller fraction than this is assumed to be made to fill disks, unless it
 * unpacks to at most `harmless` bytes.
 */
const mostRatio = 200;
const harmless = 2 ** 30;

interface Limit {
  readonly bytes: number;
  readonly why: string;
}

/**
 * The plain bytes of a compressed archive, in a new file in `directory`. A Failure that names `description` as soon as
 * they exceed the limit for an archive, or the free space on the disk.
 */
export async function unpackArchive(
  path: string,
  {
    compression,
    directory,
    description,
  }: { readonly compression: CompressedFormat; readonly directory: string; readonly description: string },
): Promise<string> {
  const file = join(await mkdtemp(join(directory, 'image-')), 'image.tar');
  const { size } = await stat(path);
  const { bavail, bsize } = await statfs(directory);
  const limit = unpackLimit({ size, free: bavail * bsize, directory });
  const plain = decompressReusing(openFile(path, reuseBuffer), compression, description);
  await writeFile(file, withByteLimit(plain, limit, description));
  return file;
}

/** The limit for an archive of `size` bytes, unpacked to a disk with `free` bytes of space. */
export function unpackLimit({ size, free, directory }: { size: number; free: number; directory: string }): Limit {
  const limits: readonly Limit[] = [
    { bytes: mostBytes, why: 'the limit for an archive' },
    { bytes: Math.max(harmless, size * mostRatio), why: `which is more than ${mostRatio} times its size` },
    { bytes: free, why: `all the free space in ${directory}` },
  ];
  return limits.reduce((least, limit) => (limit.bytes < least.bytes ? limit : least));
}

async function* withByteLimit(
  plain: AsyncIterable<Uint8Array>,
  { bytes, why }: Limit,
  description: string,
): AsyncGenerator<Uint8Array> {
  let left = bytes;
  for await (const chunk of plain) {
    left -= chunk.length;
    if (left < 0) throw new Failure(`Cannot read ${description}: it unpacks to more than ${bytes} bytes, ${why}.`);
    yield chunk;
  }
}
