import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { freeMemory } from '../lib/compress/block-memory.ts';
import { findZstdFrames, frameSize, framesFor, readZstdFrame, type ZstdFrame } from '../lib/compress/zstd-frames.ts';
import { Failure, hasCode, messageOf } from '../lib/failure.ts';
import type { ByteRange } from '../lib/open-file.ts';
import { type NarSink, type NextPiece, readNar } from '../nar/read-nar.ts';
import { groupPaths } from './group-paths.ts';
import { type EntryManifest, type EntryPath, largestManifest, parseEntryManifest } from './manifest.ts';
import { splitPaths } from './split-paths.ts';
import { magic } from './write-entry.ts';

/** An entry whose manifest is known; its NARs may still be where entries are kept. */
export interface Entry {
  readonly manifest: EntryManifest;
  /**
   * Brings the NARs of these paths onto this machine, in parts that may hold others too. A DamagedEntry if the entry is
   * not whole as far as it was looked at.
   */
  fetchParts(wanted: ReadonlySet<string>): Promise<readonly EntryPart[]>;
}

/** Some of an entry's NARs in a file, which can be read without the others. */
export interface EntryPart {
  readonly file: string;
  readonly paths: readonly EntryPath[];
  readonly frames: readonly ZstdFrame[];
}

/** An entry that can never be restored. */
export class DamagedEntry extends Failure {
  override readonly name = 'DamagedEntry';
}

export type ClosingSink = NarSink & { close(): void };

/** Before the manifest. */
const startSize = magic.length + 4;

/**
 * Opens the file of an entry and checks its manifest; a DamagedEntry if it is no entry, damaged or truncated.
 * `fetchRest` brings the file of its rest onto this machine, see `splitPaths`.
 */
export function openEntry(file: string, fetchRest: (manifest: EntryManifest) => Promise<string> = lackRest): Entry {
  const manifest = readFrames(file, (handle, frames) => parseEntryManifest(readHead(handle, frames)));
  return {
    manifest,
    async fetchParts(wanted) {
      const { start, rest } = splitPaths(manifest);
      const isWanted = ({ path }: EntryPath) => wanted.has(path);
      const parts = readFrames(file, (handle, frames) => {
        readHead(handle, frames);
        return takeParts(groupPaths(start), { file, frames });
      });
      const more = rest.some(isWanted) ? findParts(await fetchRest(manifest), groupPaths(rest)) : [];
      return [...parts, ...more].filter(({ paths }) => paths.some(isWanted));
    },
  };
}

function lackRest(): never {
  throw new DamagedEntry('its other file is not here');
}

/**
 * The NARs of these groups of paths in a file that holds nothing else; a DamagedEntry if it is too long or too short.
 */
export function findParts(file: string, groups: readonly (readonly EntryPath[])[]): EntryPart[] {
  return readFrames(file, (_, frames) => takeParts(groups, { file, frames }));
}

/** The bytes of a file of zstd frames that holds a manifest; a DamagedEntry if it is something else or too long. */
export function readManifestFile(file: string): Buffer {
  return readFrames(file, (handle, frames) => {
    const blocks: Buffer[] = [];
    for (let frame = frames.next(); !frame.done; frame = frames.next()) {
      if (blocks.length >= framesFor(largestManifest)) throw new Failure('its manifest is too long');
      blocks.push(readZstdFrame(handle, frame.value));
    }
    return Buffer.concat(blocks);
  });
}

function readFrames<T>(file: string, read: (handle: number, frames: Iterator<ZstdFrame>) => T): T {
  const handle = openSync(file, 'r');
  try {
    return withDamageReported(() => read(handle, findZstdFrames(handle)));
  } finally {
    closeSync(handle);
  }
}

/** Runs `body`, whose Failures are about an entry; they become DamagedEntries. */
export function withDamageReported<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    throw damagedEntryOf(error);
  }
}

/** Other errors are faults of this machine. Names that are too long always come from the entry. */
function damagedEntryOf(error: unknown): unknown {
  const isOfEntry = error instanceof Failure || error instanceof RangeError || hasCode(error, 'ENAMETOOLONG');
  return isOfEntry ? new DamagedEntry(messageOf(error), { cause: error }) : error;
}

/** The text of the manifest. */
function readHead(file: number, frames: Iterator<ZstdFrame>): string {
  const read = () => readZstdFrame(file, takeFrame(frames));
  const first = read();
  if (!first.subarray(0, magic.length).equals(magic)) throw new Failure('it is not a cache entry');
  if (first.length < startSize) throw new Failure('it is truncated');
  const length = first.readUInt32LE(magic.length);
  if (length > largestManifest) throw new Failure(`its manifest has ${length} bytes`);
  const others = Array.from({ length: framesFor(startSize + length) - 1 }, read);
  const head = Buffer.concat([first, ...others]);
  if (head.length !== startSize + length) throw new Failure('its manifest is truncated or too long');
  return head.toString('utf8', startSize);
}

function takeFrame(frames: Iterator<ZstdFrame>): ZstdFrame {
  const { value, done } = frames.next();
  if (done) throw new Failure('it is truncated');
  return value;
}

function takeParts(
  groups: readonly (readonly EntryPath[])[],
  { file, frames }: { readonly file: string; readonly frames: Iterator<ZstdFrame> },
): EntryPart[] {
  const parts = groups.map(group => {
    const size = group.reduce((sum, { narSize }) => sum + narSize, 0);
    return { file, paths: group, frames: Array.from({ length: framesFor(size) }, () => takeFrame(frames)) };
  });
  if (!frames.next().done) throw new Failure('it has extra bytes after its last store path');
  return parts;
}

/**
 * Reads the NARs of a part. Each goes to the sink that `sinkFor` returns, or is skipped if that is undefined. Throws a
 * DamagedEntry as soon as one is not a NAR or does not have its hash, and if extra bytes follow.
 */
export function readPart(part: EntryPart, sinkFor: (path: EntryPath) => ClosingSink | undefined): void {
  const handle = openSync(part.file, 'r');
  try {
    withDamageReported(() => {
      const input = openPart(handle, part, freeMemory);
      for (const path of part.paths) {
        const next = nextOf(path, input);
        const sink = sinkFor(path);
        if (sink !== undefined) readChecked(path, next, sink);
        else while (next() !== undefined);
      }
      if (!input.isAtEnd()) throw new Failure('it has extra bytes after its last store path');
    });
  } finally {
    closeSync(handle);
  }
}

/** The NARs of a part, in their order, unchecked. What is left of one is passed over when the next one is asked for. */
export function* narsOf(part: EntryPart): Generator<{ path: EntryPath; next: NextPiece }, undefined, void> {
  const handle = openSync(part.file, 'r');
  try {
    const input = openPart(handle, part, () => {});
    for (const path of part.paths) {
      const next = nextOf(path, input);
      yield { path, next };
      while (next() !== undefined);
    }
  } finally {
    closeSync(handle);
  }
}

/** Small enough that many readers at a time need little memory. */
const pieceSize = 64 << 10;

/** A range of the NAR of a path, unchecked, in pieces of up to 64 KiB. Reads only the frames that have it. */
export function* narRange(part: EntryPart, path: EntryPath, { offset, size }: ByteRange): Generator<Buffer> {
  const before = part.paths.slice(0, part.paths.indexOf(path));
  const start = before.reduce((sum, { narSize }) => sum + narSize, offset);
  const handle = openSync(part.file, 'r');
  try {
    const frames = part.frames.slice(Math.floor(start / frameSize));
    const input = openPart(handle, { ...part, frames }, freeMemory);
    for (let left = start % frameSize; left > 0; ) left -= input.take(left).length;
    for (let left = size; left > 0; ) {
      const piece = Buffer.from(input.take(Math.min(left, pieceSize)));
      left -= piece.length;
      yield piece;
    }
  } finally {
    closeSync(handle);
  }
}

function readChecked({ path, narHash }: EntryPath, next: NextPiece, sink: ClosingSink): void {
  const hash = createHash('sha256');
  const hashed = () => {
    const piece = next();
    if (piece !== undefined) hash.update(piece);
    return piece;
  };
  try {
    readNar(hashed, sink);
  } finally {
    sink.close();
  }
  if (`sha256:${hash.digest('hex')}` !== narHash) throw new Failure(`${path} does not match its hash`);
}

interface Input {
  /** At least one byte, and at most that many. */
  take(most: number): Buffer;
  isAtEnd(): boolean;
}

/** `done` gets the memory of each frame as soon as all of it was used and more is requested. */
function openPart(file: number, { frames }: EntryPart, done: (memory: Buffer) => void): Input {
  let memory: Buffer = Buffer.alloc(0);
  let rest = memory;
  let read = 0;
  const isAtEnd = () => {
    while (rest.length === 0) {
      done(memory);
      const frame = frames[read++];
      if (frame === undefined) return true;
      memory = readZstdFrame(file, frame);
      rest = memory;
    }
    return false;
  };
  const take = (most: number) => {
    if (isAtEnd()) throw new Failure('it is truncated');
    const piece = rest.subarray(0, most);
    rest = rest.subarray(piece.length);
    return piece;
  };
  return { take, isAtEnd };
}

function nextOf({ narSize }: EntryPath, { take }: Input): NextPiece {
  let left = narSize;
  return () => {
    if (left === 0) return undefined;
    const piece = take(left);
    left -= piece.length;
    return piece;
  };
}
