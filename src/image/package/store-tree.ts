import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { posix } from 'node:path';
import { hasCode } from '../../lib/failure.ts';
import { type ByteString, bytesOf, onDisk, textOf } from '../../tar/byte-string.ts';
import type { Locate } from '../store-layer/walk-files.ts';

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
  /** An UnlistedPaths that names all that is needed to find these paths, instead of the first alone. */
  expectListed(paths: readonly ByteString[]): void;
  /** Names in a directory, sorted bytewise. */
  list(directory: StoreEntry): readonly ByteString[];
  /** Hash of the contents of a file. */
  hash(file: StoreEntry): string;
}

/** A file, symlink or directory; its symlinks are not followed. */
export interface FileFacts {
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  readonly isExecutable: boolean;
  readonly size: number;
}

/** Store paths whose files are not known yet. */
export class UnlistedPaths extends Error {
  readonly paths: readonly string[];

  constructor(paths: readonly string[]) {
    super(`${paths.join(', ')} are not listed`);
    this.paths = paths;
  }
}

/** The files in store paths, by the paths that images use. An UnlistedPaths if they are not known yet. */
export interface StoreFiles {
  /** Undefined if there is none. */
  describe(path: ByteString): FileFacts | undefined;
  /** Target of a symlink. */
  readTarget(path: ByteString): ByteString;
  /** Names in a directory, in any order. */
  list(path: ByteString): readonly ByteString[];
  /** SHA-256 of the contents of a file, hex digits. */
  hash(path: ByteString): string;
}

/** The files of this machine's store, or of a relocated one. */
export function filesOnDisk(storeDirectory: string, locate: Locate): StoreFiles {
  const sourceOf = (path: ByteString): Buffer => {
    const storePath = storePathOf(path, bytesOf(storeDirectory));
    return onDisk(bytesOf(locate(textOf(storePath))) + path.slice(storePath.length));
  };
  return {
    describe(path) {
      try {
        const stats = lstatSync(sourceOf(path));
        return { type: typeOf(stats), isExecutable: (stats.mode & 0o111) !== 0, size: stats.size };
      } catch (error) {
        if (hasCode(error, 'ENOENT', 'ENOTDIR')) return undefined;
        throw error;
      }
    },
    readTarget: path => readlinkSync(sourceOf(path), 'latin1'),
    list: path => readdirSync(sourceOf(path), 'latin1'),
    hash: path =>
      createHash('sha256')
        .update(readFileSync(sourceOf(path)))
        .digest('hex'),
  };
}

function typeOf(stats: Stats): FileFacts['type'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}

/** The store path that a path is in, or is. */
export function storePathOf(path: ByteString, storeDirectory: ByteString): ByteString {
  const end = path.indexOf('/', storeDirectory.length + 1);
  return end < 0 ? path : path.slice(0, end);
}

/** A store with the paths that images use; `storeDirectory` is usually `/nix/store`. */
export function openStoreTree(storeDirectory: string, files: StoreFiles): StoreTree {
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
    const facts = files.describe(here);
    if (facts?.type !== 'symlink') return facts && here;
    return follow(posix.resolve(directory, files.readTarget(here)));
  }

  function unlistedFor(path: ByteString): readonly string[] {
    try {
      follow(path);
      return [];
    } catch (error) {
      if (error instanceof UnlistedPaths) return error.paths;
      throw error;
    }
  }

  return {
    expectListed(paths) {
      const unlisted = new Set<string>();
      for (const path of paths) for (const one of unlistedFor(path)) unlisted.add(one);
      if (unlisted.size > 0) throw new UnlistedPaths([...unlisted]);
    },
    find(path) {
      const real = follow(path);
      const facts = real === undefined || real === root ? undefined : files.describe(real);
      if (real === undefined || facts === undefined) return undefined;
      const { type, isExecutable, size } = facts;
      if (type !== 'file' && type !== 'directory') return undefined;
      return { path: real, type, isExecutable: type === 'file' && isExecutable, size };
    },
    list: ({ path }) => files.list(path).toSorted(),
    hash: ({ path }) => files.hash(path),
  };
}
