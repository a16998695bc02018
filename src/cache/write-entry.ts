import { createHash } from 'node:crypto';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { freeMemory } from '../lib/compress/block-memory.ts';
import { zstdFrames } from '../lib/compress/zstd-frames.ts';
import { Failure } from '../lib/failure.ts';
import { groupPaths } from './group-paths.ts';
import { type EntryManifest, type EntryPath, formatEntryManifest, parseEntryManifest } from './manifest.ts';
import { writeNar } from './write-nar.ts';

/** First bytes of every entry; the length of the manifest follows as 32 bits. */
export const magic = Buffer.from('nix-image-cache\n', 'latin1');
const zstdLevel = 2;

/**
 * Writes an entry to `file`: magic, manifest and NARs, one zstd stream. Returns its size in bytes. A Failure if a store
 * path differs from what Nix has registered, so that damage does not spread.
 */
export async function writeCacheEntry(file: string, manifest: EntryManifest): Promise<number> {
  const handle = openSync(file, 'w');
  let size = 0;
  try {
    for await (const piece of zstdFrames(partsOf(manifest), zstdLevel)) {
      size += piece.length;
      writeFileSync(handle, piece);
      freeMemory(piece);
    }
  } finally {
    closeSync(handle);
  }
  return size;
}

function* partsOf(manifest: EntryManifest): Generator<Iterable<Buffer>> {
  const text = Buffer.from(formatEntryManifest(manifest));
  // No run would accept such an entry, so it would only block its key.
  parseEntryManifest(text.toString());
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  yield [magic, length, text];
  for (const group of groupPaths(manifest.paths)) yield writeGroup(group);
}

function* writeGroup(paths: readonly EntryPath[]): Generator<Buffer> {
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
