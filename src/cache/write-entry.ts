import { createHash } from 'node:crypto';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { freeMemory } from '../lib/compress/block-memory.ts';
import { zstdFrames } from '../lib/compress/zstd-frames.ts';
import { Failure } from '../lib/failure.ts';
import { writeNar } from '../nar/write-nar.ts';
import { groupPaths } from './group-paths.ts';
import { type EntryManifest, type EntryPath, formatEntryManifest, parseEntryManifest } from './manifest.ts';
import { splitPaths } from './split-paths.ts';

/** First bytes of every entry; the length of the manifest follows as 32 bits. */
export const magic = Buffer.from('nix-image-cache\n', 'latin1');
const zstdLevel = 2;

/**
 * Writes an entry to `file`: magic, manifest and the NARs at its start, see `splitPaths`, one zstd stream. Returns its
 * size in bytes. A Failure if a store path differs from what Nix has registered, so that damage does not spread.
 */
export async function writeCacheEntry(file: string, manifest: EntryManifest): Promise<number> {
  return writeFrames(file, partsOf(manifest));
}

/** Writes the rest of an entry to `file`, NARs only, in the same way. */
export async function writeRest(file: string, manifest: EntryManifest): Promise<number> {
  return writeFrames(file, groupPaths(splitPaths(manifest).rest).map(writeNars));
}

/**
 * Writes parts to `file`, one zstd stream in which each part starts a frame. Returns its bytes. `onPiece` sees them, a
 * piece at a time.
 */
export async function writeFrames(
  file: string,
  parts: Iterable<Iterable<Buffer>>,
  onPiece: (piece: Uint8Array) => void = () => {},
): Promise<number> {
  const handle = openSync(file, 'w', 0o600);
  let size = 0;
  try {
    for await (const piece of zstdFrames(parts, zstdLevel)) {
      size += piece.length;
      onPiece(piece);
      writeFileSync(handle, piece);
      freeMemory(piece);
    }
  } finally {
    closeSync(handle);
  }
  return size;
}

/** The text of a manifest. A Failure if no run would accept it: such an entry would only be in the way. */
export function writeManifest(manifest: EntryManifest): Buffer {
  const text = formatEntryManifest(manifest);
  parseEntryManifest(text);
  return Buffer.from(text);
}

function* partsOf(manifest: EntryManifest): Generator<Iterable<Buffer>> {
  const text = writeManifest(manifest);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  yield [magic, length, text];
  for (const group of groupPaths(splitPaths(manifest).start)) yield writeNars(group);
}

/** The NARs of these paths of the store; a Failure if one is not what Nix has registered. */
export function* writeNars(paths: readonly EntryPath[]): Generator<Buffer> {
  for (const path of paths) yield* writeChecked(path);
}

function* writeChecked({ path, narHash, narSize }: EntryPath): Generator<Buffer> {
  const hash = createHash('sha256');
  let size = 0;
  for (const piece of writeNar(path)) {
    hash.update(piece);
    size += piece.length;
    yield piece;
  }
  if (size === narSize && `sha256:${hash.digest('hex')}` === narHash) return;
  throw new Failure(
    `Cannot save ${path}: its contents differ from the hash that Nix registered. Run nix-store --verify --check-contents.`,
  );
}
