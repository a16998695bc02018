import { closeSync, lstatSync, openSync, readlinkSync, readSync } from 'node:fs';
import { hasCode } from '../lib/failure.ts';
import { startSize } from './collect-files.ts';
import type { FileEntry } from './layer-files.ts';
import { programOf } from './program.ts';
import { storePathIn } from './store-place.ts';

/**
 * A file of a store path in the store of this machine. `absent` if the store has the path, but not the file; undefined
 * if the store does not have the path, or if the file cannot be read.
 */
export function findInStore(path: string): FileEntry | 'absent' | undefined {
  try {
    return readEntry(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return isThere(storePathIn(path)) ? 'absent' : undefined;
    return undefined;
  }
}

function isThere(path: string | undefined): boolean {
  return path !== undefined && lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function readEntry(path: string): FileEntry {
  const stats = lstatSync(path);
  const common = { mode: stats.mode & 0o7777, uid: 0, size: stats.isFile() ? stats.size : 0 };
  if (stats.isSymbolicLink()) return { type: 'symlink', ...common, target: readlinkSync(path) };
  if (stats.isDirectory()) return { type: 'directory', ...common };
  if (!stats.isFile()) return { type: 'other', ...common };
  const program = (stats.mode & 0o111) === 0 ? undefined : programOf(readStart(path));
  return { type: 'file', ...common, ...(program === undefined ? {} : { program }) };
}

function readStart(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(startSize);
    return start.subarray(0, readSync(file, start, 0, startSize, 0));
  } finally {
    closeSync(file);
  }
}
