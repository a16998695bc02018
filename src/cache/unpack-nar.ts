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
  write,
  writeSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { settleAll } from '../lib/pool.ts';
import { type ByteString, bytesOf } from '../tar/byte-string.ts';
import { onDisk } from './on-disk.ts';
import type { NarSink } from './read-nar.ts';

/** Modification time of all that is in a store, in seconds. */
const storeTime = 1;

/** Takes a NAR in, some of it in the background. */
export interface Unpacking extends NarSink {
  /** Waits until all that was handed over is written: only then its memory may be used again. */
  settle(): Promise<void>;
  /** Call it whatever happens. */
  close(): Promise<void>;
}

/** A file that is being written. */
interface OpenFile {
  readonly descriptor: number;
  /** Where the next piece goes. */
  position: number;
  /** Whether pieces of it are written in the background. */
  isBehind: boolean;
}

/** From this size on it is quicker to let another thread write, as this one goes on. */
const largePiece = 128 << 10;
const writeBehind = promisify(write);

/**
 * Writes what is in a NAR to `path`, where nothing may be, with the times and permissions of a store; but a directory
 * that is the NAR's root stays writable, so that it can be moved, until `seal`.
 */
export function unpackNar(path: string): Unpacking {
  const root = bytesOf(path);
  const place = (below: ByteString) => onDisk(root + below);
  let file: OpenFile | undefined;
  let writes: Promise<void>[] = [];
  let written: OpenFile[] = [];
  return {
    startDirectory: below => void mkdirSync(place(below), 0o755),
    endDirectory(below) {
      if (below !== '') seal(place(below));
    },
    symlink(below, target) {
      symlinkSync(onDisk(target), place(below));
      lutimesSync(place(below), storeTime, storeTime);
    },
    startFile(below, isExecutable) {
      file = { descriptor: openSync(place(below), 'wx'), position: 0, isBehind: false };
      // Not on opening: that would be less the umask.
      fchmodSync(file.descriptor, isExecutable ? 0o555 : 0o444);
    },
    contents(piece) {
      if (file === undefined) return;
      if (piece.length < largePiece) writePiece(file, piece);
      else writes.push(writeLargePiece(file, piece));
    },
    endFile() {
      if (file?.isBehind === true) written.push(file);
      else if (file !== undefined) finish(file);
      file = undefined;
    },
    async settle() {
      const [waiting, unfinished] = [writes, written];
      [writes, written] = [[], []];
      try {
        await settleAll(waiting);
      } finally {
        for (const one of unfinished) finish(one);
      }
    },
    async close() {
      try {
        await this.settle();
      } finally {
        if (file !== undefined) closeSync(file.descriptor);
        file = undefined;
      }
    },
  };
}

function writePiece(file: OpenFile, piece: Uint8Array): void {
  for (let at = 0; at < piece.length; ) {
    const size = writeSync(file.descriptor, piece, at, piece.length - at, file.position);
    file.position += size;
    at += size;
  }
}

async function writeLargePiece(file: OpenFile, piece: Uint8Array): Promise<void> {
  const start = file.position;
  file.position += piece.length;
  file.isBehind = true;
  for (let at = 0; at < piece.length; ) {
    at += (await writeBehind(file.descriptor, piece, at, piece.length - at, start + at)).bytesWritten;
  }
}

function finish({ descriptor }: OpenFile): void {
  futimesSync(descriptor, storeTime, storeTime);
  closeSync(descriptor);
}

/** Takes away the right to write to a directory of the store, as Nix does. */
export function seal(directory: string | Buffer): void {
  chmodSync(directory, 0o555);
  utimesSync(directory, storeTime, storeTime);
}

/** A sink for a NAR that is only looked at. */
export const noSink: Unpacking = {
  startDirectory() {},
  endDirectory() {},
  symlink() {},
  startFile() {},
  contents() {},
  endFile() {},
  async settle() {},
  async close() {},
};
