import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';
import { createBlockMemory } from '../lib/compress/block-memory.ts';
import { Failure } from '../lib/failure.ts';
import { type ByteString, bytesOf, onDisk, textOf } from '../tar/byte-string.ts';
import { narString, narTokens, padded } from './nar-tokens.ts';

const pieceSize = 1 << 20;
const memory = createBlockMemory(pieceSize);

/** Bytes of a NAR that are written, but not handed out yet. */
interface Piece {
  readonly buffer: Buffer;
  filled: number;
}

/**
 * More than everything between the contents of two files takes: a name or a target, whose length Linux limits, and
 * tokens.
 */
const largestRecord = 8 << 10;

/** The NAR of `path`. A piece is valid until the next one is requested. */
export function* writeNar(path: string): Generator<Buffer> {
  const piece = { buffer: memory.take(), filled: 0 };
  append(piece, narTokens.start);
  yield* writeNode(bytesOf(path), piece);
  yield* handOut(piece);
  memory.give(piece.buffer);
}

function append(piece: Piece, bytes: Buffer): void {
  piece.filled += bytes.copy(piece.buffer, piece.filled);
}

function* handOut(piece: Piece): Generator<Buffer> {
  yield piece.buffer.subarray(0, piece.filled);
  piece.filled = 0;
}

function* writeNode(path: ByteString, piece: Piece): Generator<Buffer> {
  const stats = lstatSync(onDisk(path));
  if (piece.filled > pieceSize - largestRecord) yield* handOut(piece);
  append(piece, narTokens.open);
  if (stats.isDirectory()) {
    append(piece, narTokens.directory);
    for (const name of readdirSync(onDisk(path), 'latin1').sort()) {
      if (piece.filled > pieceSize - largestRecord) yield* handOut(piece);
      append(piece, narTokens.entry);
      append(piece, narString(name));
      append(piece, narTokens.node);
      yield* writeNode(`${path}/${name}`, piece);
      if (piece.filled > pieceSize - largestRecord) yield* handOut(piece);
      append(piece, narTokens.close);
    }
  } else if (stats.isFile()) {
    append(piece, narTokens.regular);
    if ((stats.mode & 0o100) !== 0) append(piece, narTokens.executable);
    append(piece, narTokens.contents);
    yield* writeContents(path, stats.size, piece);
  } else if (stats.isSymbolicLink()) {
    append(piece, narTokens.symlink);
    append(piece, narString(readlinkSync(onDisk(path), 'latin1')));
  } else {
    throw new Failure(`Cannot archive ${textOf(path)}: it is not a file, directory or symlink.`);
  }
  append(piece, narTokens.close);
}

function* writeContents(path: ByteString, size: number, piece: Piece): Generator<Buffer> {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(size));
  append(piece, length);
  if (size === 0) return;
  const file = openSync(onDisk(path), 'r');
  try {
    for (let left = size; left > 0; ) {
      if (piece.filled === pieceSize) yield* handOut(piece);
      const read = readSync(file, piece.buffer, piece.filled, Math.min(left, pieceSize - piece.filled), null);
      if (read === 0) throw new Failure(`Cannot archive ${textOf(path)}: it shrank while it was read.`);
      piece.filled += read;
      left -= read;
    }
  } finally {
    closeSync(file);
  }
  if (piece.filled > pieceSize - largestRecord) yield* handOut(piece);
  append(piece, Buffer.alloc(padded(size) - size));
}
