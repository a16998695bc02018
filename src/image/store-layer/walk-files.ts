import { lstatSync, readdirSync, readlinkSync, type Stats } from 'node:fs';
import { Failure } from '../../lib/failure.ts';
import { type ByteString, bytesOf, codePointKey, isUtf8, onDisk, textOf } from '../../tar/byte-string.ts';

/** Path of a store path on this machine: itself, or below the root of a relocated store. */
export type Locate = (storePath: string) => string;

/** A file, symlink or directory of the store, with the facts that go into a tar header. */
export interface StoreFile {
  /** `/nix/store/…`, the path in images. */
  readonly path: ByteString;
  /** The path to read it from. */
  readonly source: ByteString;
  readonly type: 'file' | 'symlink' | 'directory';
  /** Permission bits, setuid, setgid and sticky. */
  readonly mode: number;
  /** Bytes of content, 0 for everything but files. */
  readonly size: number;
}

/**
 * A store path and everything in it: a directory before its content, siblings by code point. Symlinks are not followed,
 * hard links count as separate files.
 */
export function* walkFiles(storePath: string, locate: Locate): Generator<StoreFile, void, undefined> {
  const path = bytesOf(storePath);
  const source = bytesOf(locate(storePath));
  const rest: ByteString[] = [''];
  for (let tail = rest.pop(); tail !== undefined; tail = rest.pop()) {
    const file = describe(path + tail, source + tail);
    yield file;
    if (file.type !== 'directory') continue;
    for (const name of sortNames(readdirSync(onDisk(file.source), 'latin1')).reverse()) rest.push(`${tail}/${name}`);
  }
}

/** Target of a symlink. */
export function readTarget({ source }: StoreFile): ByteString {
  return readlinkSync(onDisk(source), 'latin1');
}

function describe(path: ByteString, source: ByteString): StoreFile {
  const stats = lstatSync(onDisk(source));
  const type = typeOf(stats);
  if (type === undefined) {
    throw new Failure(`Cannot put ${textOf(path)} into a layer: it is not a file, directory or symlink.`);
  }
  return { path, source, type, mode: stats.mode & 0o7777, size: type === 'file' ? stats.size : 0 };
}

function typeOf(stats: Stats): StoreFile['type'] | undefined {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : undefined;
}

function sortNames(names: ByteString[]): ByteString[] {
  if (names.every(isUtf8)) return names.sort();
  return names.sort((a, b) => (codePointKey(a) < codePointKey(b) ? -1 : 1));
}
