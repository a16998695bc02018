import type { EntryManifest, EntryPath } from './manifest.ts';

/** Fewest bytes of NARs that get a file of their own: it costs another request. */
const smallestRest = 32 << 20;

/** The paths of an entry in two files. */
export interface SplitPaths {
  /** Nix itself, and what an evaluation reads. */
  readonly start: readonly EntryPath[];
  /** What is needed only if something has to be built; empty if that is not much, and then it is in the start. */
  readonly rest: readonly EntryPath[];
}

/** Divides the paths of an entry into those that every build needs and the rest, each in the entry's order. */
export function splitPaths({ paths, toolchain }: Pick<EntryManifest, 'paths' | 'toolchain'>): SplitPaths {
  const named = new Set(toolchain);
  const ofToolchain = paths.findLastIndex(({ path }) => named.has(path));
  const isRest = (path: EntryPath, i: number) => i > ofToolchain && !isSource(path);
  const rest = paths.filter(isRest);
  if (rest.reduce((sum, { narSize }) => sum + narSize, 0) < smallestRest) return { start: paths, rest: [] };
  return { start: paths.filter((path, i) => !isRest(path, i)), rest };
}

/** Whether no derivation made the path, as far as is known. Evaluations read such paths. */
export function isSource({ deriver, references }: EntryPath): boolean {
  return deriver === undefined && references.length === 0;
}
