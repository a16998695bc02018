import { createHash } from 'node:crypto';
import { parsePackageName } from '../../store-path.ts';
import type { EntryPath } from '../manifest.ts';

/** Bytes of a NAR that is a group of its own, so that its change sends nothing else. */
const smallestAlone = 64 << 10;
/** Bytes of an average group of small NARs. */
const averageGroup = 128 << 10;

/**
 * The groups of an entry's paths whose NARs are one blob each. Large NARs are alone. Small ones are sorted by the names of
 * their packages, so that versions of a package are neighbours, and a group ends after a path if the path's own hash and
 * size say so. Another path therefore changes one or two groups, whatever else the entry holds.
 */
export function groupByName(paths: readonly EntryPath[]): EntryPath[][] {
  const placed = paths.map(path => ({ path, place: placeOf(path) })).sort((a, b) => (a.place < b.place ? -1 : 1));
  const groups: EntryPath[][] = [];
  let open: EntryPath[] = [];
  for (const { path } of placed) {
    if (path.narSize >= smallestAlone) {
      groups.push([path]);
      continue;
    }
    if (open.length === 0) groups.push(open);
    open.push(path);
    if (endsGroup(path)) open = [];
  }
  return groups;
}

function placeOf({ path }: EntryPath): string {
  const name = createHash('sha256').update(parsePackageName(path).name).digest('hex');
  return `${name} ${path}`;
}

/** For small NARs as often as it takes to make groups of the average size. */
function endsGroup({ path, narSize }: EntryPath): boolean {
  const share = createHash('sha256').update(path).digest().readUInt32BE(0) / 2 ** 32;
  return share < narSize / averageGroup;
}
