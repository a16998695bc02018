import { lstat, stat } from 'node:fs/promises';
import { Failure, hasCode } from '../../lib/failure.ts';
import { indexArchive } from '../../tar/index-archive.ts';
import { describeFile, shapeOf } from '../shape.ts';
import { openLayoutDirectory } from './layout-directory.ts';
import type { LayoutFiles } from './layout-files.ts';

/**
 * The files of the OCI layout at `path`, absolute: a directory or a plain tar, read in place. In an untrusted layout
 * no symlink is followed, not even the path itself.
 */
export async function openLayoutFiles(
  path: string,
  { isTrusted }: { readonly isTrusted: boolean },
): Promise<LayoutFiles> {
  const description = `the OCI layout ${path}`;
  const facts = await factsOf(path, isTrusted ? stat : lstat);
  if (facts.isDirectory()) return openLayoutDirectory(path, description, isTrusted ? 'store' : 'none');
  if (facts.isSymbolicLink()) throw new Failure(`Cannot use ${description}: it is a symlink. Name the layout itself.`);
  if (facts.isFile() && shapeOf(path) === 'tar') {
    return indexArchive(path, description, { followsLinks: isTrusted });
  }
  const found = facts.isFile() ? describeFile(path) : 'neither a file nor a directory';
  throw new Failure(`Cannot use ${description}: it is ${found}. Name a directory or an uncompressed tar archive.`);
}

async function factsOf(path: string, look: typeof stat | typeof lstat) {
  try {
    return await look(path);
  } catch (cause) {
    if (!hasCode(cause, 'ENOENT', 'ENOTDIR')) throw cause;
    throw new Failure(`Cannot open the OCI layout ${path}: the file does not exist.`, { cause });
  }
}
