import { narString } from '../nar/nar-tokens.ts';
import type { NextPiece } from '../nar/read-nar.ts';
import type { EntryPath } from './manifest.ts';
import { type EntryPart, narsOf } from './read-entry.ts';

const exportMagic = 0x4558494e;

/**
 * The wanted paths of an entry, in their order, in the format of `nix-store --export`, which only Nix's source
 * documents, export-import.cc. A part whose NARs are in that order is read once.
 */
export async function* exportStream(
  parts: readonly EntryPart[],
  wanted: readonly EntryPath[],
): AsyncGenerator<Uint8Array> {
  const partOf = new Map(parts.flatMap(part => part.paths.map(({ path }) => [path, part] as const)));
  let part: EntryPart | undefined;
  let nars: ReturnType<typeof narsOf> | undefined;
  try {
    for (const path of wanted) {
      const holder = partOf.get(path.path) as EntryPart;
      let next = holder === part && nars ? findNar(nars, path) : undefined;
      if (next === undefined) {
        nars?.return(undefined);
        part = holder;
        nars = narsOf(holder);
        next = findNar(nars, path) as NextPiece;
      }
      yield number(1);
      for (let piece = next(); piece !== undefined; piece = next()) yield piece;
      yield trailerOf(path);
    }
  } finally {
    nars?.return(undefined);
  }
  yield number(0);
}

/** The NAR of a path among those that follow. */
function findNar(nars: ReturnType<typeof narsOf>, { path }: EntryPath): NextPiece | undefined {
  for (let nar = nars.next(); !nar.done; nar = nars.next()) if (nar.value.path.path === path) return nar.value.next;
  return undefined;
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
