import { createHash } from 'node:crypto';
import { parsePackageName } from '../../store-path.ts';
import type { EntryPath } from '../manifest.ts';

/** A NAR of at least so many bytes is a group of its own, so that a change of it sends nothing else. */
const smallestAlone = 64 << 10;
/** Average size of a group of small NARs, in bytes. */
const averageGroup = 128 << 10;

/**
 * Groups the paths of an entry; each group becomes one blob. Each large NAR is a group of its own. Small ones are
 * sorted by package name, so that versions of a package are neighbours. The hash and the size of a path alone decide
 * whether a group ends after it. So a changed path changes only one or two groups.
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

/** Whether a group ends after this path: true often enough to give groups of the average size. */
function endsGroup({ path, narSize }: EntryPath): boolean {
  const share = createHash('sha256').update(path).digest().readUInt32BE(0) / 2 ** 32;
  return share < narSize / averageGroup;
}
