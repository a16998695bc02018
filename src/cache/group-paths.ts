import type { EntryPath } from './manifest.ts';

/** Enough that a part's last frame, which is not full, matters little; few enough that all cores have to do. */
const smallestPart = 8 << 20;

/** The parts of an entry, in its order: as many paths each as it takes to have 8 MiB of NARs, the rest in the last. */
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
