import type { EntryPath } from './manifest.ts';
import { narString } from './nar-tokens.ts';
import { type EntryPart, piecesOf } from './read-entry.ts';

const exportMagic = 0x4558494e;

/**
 * The wanted paths of an entry in the format of `nix-store --export`, which only Nix's source documents,
 * export-import.cc.
 */
export async function* exportStream(
  parts: readonly EntryPart[],
  wanted: ReadonlySet<string>,
): AsyncGenerator<Uint8Array> {
  let current: EntryPath | undefined;
  for (const part of parts) {
    for (const { path, piece } of piecesOf(part)) {
      if (!wanted.has(path.path)) continue;
      if (path !== current) {
        if (current !== undefined) yield trailerOf(current);
        yield number(1);
        current = path;
      }
      yield piece;
    }
  }
  if (current !== undefined) yield trailerOf(current);
  yield number(0);
}

function trailerOf({ path, references, deriver = '' }: EntryPath): Buffer {
  return Buffer.concat([
    number(exportMagic),
    narString(path),
    number(references.length),
    ...references.map(narString),
    narString(deriver),
    // No signature.
    number(0),
  ]);
}

function number(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeUInt32LE(value);
  return buffer;
}
