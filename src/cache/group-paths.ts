import type { EntryPath } from './manifest.ts';

/** Large enough that a part's incomplete last frame matters little; small enough that all cores have work. */
const smallestPart = 8 << 20;

/**
 * The parts of an entry, in its order. Each has as many paths as it takes to reach 8 MiB of NARs; the last one has the
 * rest.
 */
export function groupPaths(paths: readonly EntryPath[]): EntryPath[][] {
  const groups: EntryPath[][] = [];
  let size = smallestPart;
  for (const path of paths) {
    if (size >= smallestPart) {
      groups.push([]);
      size = 0;
    }
    groups.at(-1)?.push(path);
    size += path.narSize;
  }
  return groups;
}
