import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { Failure } from '../lib/failure.ts';
import type { ByteString } from '../tar/byte-string.ts';
import { bytesOf, textOf } from '../tar/byte-string.ts';
import { onDisk } from './on-disk.ts';

const pieceSize = 1 << 20;

/** A string of a NAR: its length as 64 bits, its bytes, zeros up to the next multiple of 8. */
export function narString(text: ByteString): Buffer {
  const buffer = Buffer.alloc(8 + padded(text.length));
  buffer.writeUInt32LE(text.length);
  buffer.write(text, 8, 'latin1');
  return buffer;
}

/** The next multiple of 8. */
export function padded(size: number): number {
  return Math.ceil(size / 8) * 8;
}

const tokens = (...texts: readonly ByteString[]) => Buffer.concat(texts.map(narString));

const start = tokens('nix-archive-1');
const open = tokens('(', 'type');
const close = tokens(')');
const directory = tokens('directory');
const entry = tokens('entry', '(', 'name');
const node = tokens('node');
const regular = tokens('regular');
const executable = tokens('executable', '');
const contents = tokens('contents');
const symlink = tokens('symlink', 'target');

/** The NAR of what is at `path`: figure 5.2 of "The Purely Functional Software Deployment Model". A file at a time in memory at most. */
export function* writeNar(path: string): Generator<Buffer> {
  yield start;
  yield* writeNode(bytesOf(path));
}

function* writeNode(path: ByteString): Generator<Buffer> {
  const stats = lstatSync(onDisk(path));
  yield open;
  if (stats.isDirectory()) {
    yield directory;
    for (const name of readdirSync(onDisk(path), 'latin1').sort()) {
      yield Buffer.concat([entry, narString(name), node]);
      yield* writeNode(`${path}/${name}`);
      yield close;
    }
  } else if (stats.isFile()) {
    yield regular;
    if ((stats.mode & 0o100) !== 0) yield executable;
    yield contents;
    yield* writeContents(path);
  } else if (stats.isSymbolicLink()) {
    yield Buffer.concat([symlink, narString(readlinkSync(onDisk(path), 'latin1'))]);
  } else {
    throw new Failure(`Cannot archive ${textOf(path)}: it is no file, directory or symlink.`);
  }
  yield close;
}

function* writeContents(path: ByteString): Generator<Buffer> {
  const file = openSync(onDisk(path), 'r');
  try {
    const { size } = fstatSync(file);
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(size));
    yield length;
    for (let left = size; left > 0; ) {
      const piece = Buffer.allocUnsafe(Math.min(left, pieceSize));
      const read = readSync(file, piece);
      if (read === 0) throw new Failure(`Cannot archive ${textOf(path)}: it became shorter meanwhile.`);
      yield piece.subarray(0, read);
      left -= read;
    }
    yield Buffer.alloc(padded(size) - size);
  } finally {
    closeSync(file);
  }
}
