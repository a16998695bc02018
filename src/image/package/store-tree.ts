import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { posix } from 'node:path';
import { hasCode } from '../../lib/failure.ts';
import { type ByteString, bytesOf, textOf } from '../../tar/byte-string.ts';
import { type Locate, onDisk } from '../store-layer/walk-files.ts';

/** A path of the store with its symlinks followed. */
export interface StoreEntry {
  /** Path without symlinks. */
  readonly path: ByteString;
  readonly type: 'file' | 'directory';
  readonly isExecutable: boolean;
  readonly size: number;
}

/** Reads below a store directory by the paths that images use, wherever the store is on this machine. */
export interface StoreTree {
  /** Follows symlinks as they will lead in the image; undefined if they leave the store or point to nothing. */
  find(path: ByteString): StoreEntry | undefined;
  /** Names in a directory, sorted bytewise. */
  list(directory: StoreEntry): readonly ByteString[];
  read(file: StoreEntry): Buffer;
}

/** A store with the paths that images use; `storeDirectory` is usually `/nix/store`. */
export function openStoreTree(storeDirectory: string, locate: Locate): StoreTree {
  const root = bytesOf(storeDirectory);
  const known = new Map<ByteString, ByteString | undefined>();

  /** `path` without symlinks. A cycle of links ends at an entry that is already known, but still without a target. */
  function follow(path: ByteString): ByteString | undefined {
    if (path === root) return root;
    if (!path.startsWith(`${root}/`)) return undefined;
    if (!known.has(path)) {
      known.set(path, undefined);
      known.set(path, followOnce(path));
    }
    return known.get(path);
  }

  function followOnce(path: ByteString): ByteString | undefined {
    const directory = follow(posix.dirname(path));
    if (directory === undefined) return undefined;
    const here = posix.join(directory, posix.basename(path));
    const stats = statsOf(here);
    if (!stats?.isSymbolicLink()) return stats && here;
    return follow(posix.resolve(directory, readlinkSync(onDisk(sourceOf(here)), 'latin1')));
  }

  function statsOf(path: ByteString) {
    try {
      return lstatSync(onDisk(sourceOf(path)));
    } catch (error) {
      if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
      throw error;
    }
  }

  function sourceOf(path: ByteString): ByteString {
    const end = path.indexOf('/', root.length + 1);
    const storePath = end < 0 ? path : path.slice(0, end);
    return bytesOf(locate(textOf(storePath))) + path.slice(storePath.length);
  }

  return {
    find(path) {
      const real = follow(path);
      const stats = real === undefined || real === root ? undefined : statsOf(real);
      if (real === undefined || stats === undefined) return undefined;
      if (!stats.isFile() && !stats.isDirectory()) return undefined;
      const isFile = stats.isFile();
      const isExecutable = isFile && (stats.mode & 0o111) !== 0;
      return { path: real, type: isFile ? 'file' : 'directory', isExecutable, size: stats.size };
    },
    list: ({ path }) => readdirSync(onDisk(sourceOf(path)), 'latin1').sort(),
    read: ({ path }) => readFileSync(onDisk(sourceOf(path))),
  };
}
