import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { freeMemory } from '../lib/block-memory.ts';
import { Failure } from '../lib/failure.ts';
import { readZstdFrames } from '../lib/zstd-frames.ts';
import { type EntryPath, type Manifest, parseManifest } from './manifest.ts';
import { type NarSink, openNar } from './read-nar.ts';
import { magic } from './write-entry.ts';

/** An entry's file, open at its first NAR. */
export interface Entry {
  readonly manifest: Manifest;
  /**
   * Reads the NARs in their order, once. Each is taken in as `sinkFor` says, or passed over where that gives undefined; a
   * DamagedEntry as soon as one is no NAR or has not its hash, and when the entry does not end behind the last.
   */
  readNars(sinkFor: (path: EntryPath) => ClosingSink | undefined): Promise<void>;
  /** The bytes of the NARs in their order, unchecked; instead of `readNars`. */
  streamNars(): AsyncGenerator<NarPiece>;
  close(): Promise<void>;
}

/** An entry that no store could take; it will not get better. */
export class DamagedEntry extends Failure {
  override readonly name = 'DamagedEntry';
}

interface NarPiece {
  readonly path: EntryPath;
  readonly piece: Uint8Array;
  /** Whether nothing behind it is in the same memory. */
  readonly isLast: boolean;
}

type ClosingSink = NarSink & { close(): void };

/** A manifest of 400,000 paths. */
const largestManifest = 128 << 20;

/** Opens an entry and checks what it says of itself; a DamagedEntry when it is something else, damaged or cut off. */
export async function openEntry(file: string): Promise<Entry> {
  const handle = await open(file);
  try {
    const input = openInput(readZstdFrames(handle));
    const start = await input.take(magic.length + 4);
    if (!start.subarray(0, magic.length).equals(magic)) throw new Failure('it is no cache entry');
    const length = start.readUInt32LE(magic.length);
    if (length > largestManifest) throw new Failure(`its manifest has ${length} bytes`);
    const manifest = parseManifest((await input.take(length)).toString('utf8'));
    const streamNars = () => narsOf(manifest, input);
    return { manifest, readNars: sinkFor => readNars(streamNars(), sinkFor), streamNars, close: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw asDamage(error);
  }
}

/** What is no Failure is trouble of the machine. */
function asDamage(error: unknown): unknown {
  return error instanceof Failure ? new DamagedEntry(error.message, { cause: error }) : error;
}

async function readNars(
  pieces: AsyncGenerator<NarPiece>,
  sinkFor: (path: EntryPath) => ClosingSink | undefined,
): Promise<void> {
  let current: { readonly path: EntryPath; readonly check: NarCheck | undefined } | undefined;
  try {
    for await (const { path, piece, isLast } of pieces) {
      if (path !== current?.path) {
        current?.check?.end();
        const sink = sinkFor(path);
        current = { path, check: sink === undefined ? undefined : checkNar(path, sink) };
      }
      current.check?.push(piece);
      if (isLast) freeMemory(piece);
    }
    current?.check?.end();
  } catch (error) {
    throw asDamage(error);
  } finally {
    current?.check?.close();
  }
}

interface NarCheck {
  push(piece: Uint8Array): void;
  end(): void;
  close(): void;
}

function checkNar({ path, narHash }: EntryPath, sink: ClosingSink): NarCheck {
  const hash = createHash('sha256');
  const reader = openNar(sink);
  return {
    push(piece) {
      hash.update(piece);
      reader.push(piece);
    },
    end() {
      reader.end();
      if (`sha256:${hash.digest('hex')}` !== narHash) throw new Failure(`${path} has not the hash that it claims`);
    },
    close: () => sink.close(),
  };
}

async function* narsOf({ paths }: Manifest, input: Input): AsyncGenerator<NarPiece> {
  for (const path of paths) {
    for (let left = path.narSize; left > 0; ) {
      const piece = await input.some(left);
      // Before it is handed out: memory that was freed has no length.
      left -= piece.length;
      yield { path, piece, isLast: input.isEmpty() };
    }
  }
  if (!(await input.isAtEnd())) throw new Failure('there are bytes behind its last store path');
}

interface Input {
  /** Exactly that many bytes. */
  take(size: number): Promise<Buffer>;
  /** At least one byte, at most that many. */
  some(most: number): Promise<Uint8Array>;
  isAtEnd(): Promise<boolean>;
  /** Whether the next bytes will be in other memory. */
  isEmpty(): boolean;
}

function openInput(source: AsyncGenerator<Uint8Array>): Input {
  let rest: Uint8Array = new Uint8Array(0);
  const isAtEnd = async () => {
    while (rest.length === 0) {
      const { value, done } = await source.next();
      if (done) return true;
      rest = value;
    }
    return false;
  };
  const some = async (most: number) => {
    if (await isAtEnd()) throw new Failure('it is cut off');
    const piece = rest.subarray(0, most);
    rest = rest.subarray(piece.length);
    return piece;
  };
  const take = async (size: number) => {
    const pieces: Uint8Array[] = [];
    for (let left = size; left > 0; left -= pieces.at(-1)?.length ?? 0) pieces.push(await some(left));
    return Buffer.concat(pieces);
  };
  return { take, some, isAtEnd, isEmpty: () => rest.length === 0 };
}
