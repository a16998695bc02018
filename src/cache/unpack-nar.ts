import {
  chmodSync,
  closeSync,
  fchmodSync,
  futimesSync,
  lutimesSync,
  mkdirSync,
  openSync,
  symlinkSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import type { NarSink } from '../nar/read-nar.ts';
import { type ByteString, bytesOf, onDisk } from '../tar/byte-string.ts';

/** Modification time of everything in a store, in seconds. */
const storeTime = 1;

/**
 * Writes the contents of a NAR to `path`, which must not exist, with the times and permissions of a store. A directory
 * at the NAR's root stays writable, so that it can be moved, until `makeReadOnly`. Always call `close`.
 */
export function unpackNar(path: string): NarSink & { close(): void } {
  const root = bytesOf(path);
  const pathOf = (below: ByteString) => onDisk(root + below);
  let file: number | undefined;
  const close = () => {
    if (file !== undefined) closeSync(file);
    file = undefined;
  };
  return {
    startDirectory: below => void mkdirSync(pathOf(below), 0o755),
    endDirectory(below) {
      if (below !== '') makeReadOnly(pathOf(below));
    },
    symlink(below, target) {
      symlinkSync(onDisk(target), pathOf(below));
      lutimesSync(pathOf(below), storeTime, storeTime);
    },
    startFile(below, isExecutable) {
      file = openSync(pathOf(below), 'wx');
      // Not while opening, because that would apply the umask.
      fchmodSync(file, isExecutable ? 0o555 : 0o444);
    },
    contents(piece) {
      for (let at = 0; at < piece.length && file !== undefined; ) at += writeSync(file, piece, at);
    },
    endFile() {
      if (file !== undefined) futimesSync(file, storeTime, storeTime);
      close();
    },
    close,
  };
}

/** Makes a directory of the store read-only, as Nix does. */
export function makeReadOnly(directory: string | Buffer): void {
  chmodSync(directory, 0o555);
  utimesSync(directory, storeTime, storeTime);
}

/** A sink for a NAR that is only checked. */
export const noSink: NarSink & { close(): void } = {
  startDirectory() {},
  endDirectory() {},
  symlink() {},
  startFile() {},
  contents() {},
  endFile() {},
  close() {},
};
