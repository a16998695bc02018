import type { EntryPath } from './manifest.ts';

/** A store path that may go into an entry. */
export interface Candidate extends EntryPath {
  /** Whether it came from a binary cache, and can come from there again. */
  readonly isSubstitutable: boolean;
}

export interface Choice {
  readonly excludeSubstitutable: boolean;
  /** Most bytes of all NARs together. */
  readonly maxSize: number | undefined;
  /** The outputs of this build, which the next build needs most. */
  readonly outputs: readonly string[];
  /** Nix itself with everything that it refers to, except the candidates; or nothing. */
  readonly toolchain: readonly Candidate[];
}

export interface Chosen {
  readonly paths: readonly Candidate[];
  /** Left out because a binary cache has them. */
  readonly substitutable: readonly Candidate[];
  /** Left out because of `maxSize`, the least useful first. */
  readonly evicted: readonly Candidate[];
  /** The whole toolchain, or nothing. */
  readonly toolchain: readonly Candidate[];
}

/**
 * The candidates that go into an entry. To stay below `maxSize`, it drops in this order: paths that a binary cache has,
 * then Nix itself as a whole, then paths that only the build needed, then paths that the outputs refer to; the largest
 * first, and each path together with everything that refers to it.
 */
export function choosePaths(candidates: readonly Candidate[], choice: Choice): Chosen {
  const { maxSize = Number.POSITIVE_INFINITY, toolchain } = choice;
  const withToolchain = chooseWithin(maxSize - totalSize(toolchain), candidates, choice);
  if (withToolchain.evicted.every(({ isSubstitutable }) => isSubstitutable)) return { ...withToolchain, toolchain };
  return { ...chooseWithin(maxSize, candidates, choice), toolchain: [] };
}

function chooseWithin(
  maxSize: number,
  candidates: readonly Candidate[],
  { excludeSubstitutable, outputs }: Choice,
): Omit<Chosen, 'toolchain'> {
  const substitutable = excludeSubstitutable ? candidates.filter(({ isSubstitutable }) => isSubstitutable) : [];
  const left = new Map(candidates.map(candidate => [candidate.path, candidate]));
  for (const { path } of substitutable) left.delete(path);
  let size = totalSize([...left.values()]);
  const evicted: Candidate[] = [];
  for (const next of leastUsefulFirst([...left.values()], outputs)) {
    if (size <= maxSize) break;
    for (const gone of withReferrers(next, left)) {
      left.delete(gone.path);
      evicted.push(gone);
      size -= gone.narSize;
    }
  }
  return { paths: [...left.values()], substitutable, evicted };
}

/** Bytes of all NARs together. */
export function totalSize(paths: readonly EntryPath[]): number {
  return paths.reduce((sum, { narSize }) => sum + narSize, 0);
}

function leastUsefulFirst(candidates: readonly Candidate[], outputs: readonly string[]): Candidate[] {
  const closure = closureOf(outputs, new Map(candidates.map(candidate => [candidate.path, candidate])));
  const use = ({ path, isSubstitutable }: Candidate) => (isSubstitutable ? 0 : closure.has(path) ? 2 : 1);
  return candidates.toSorted((a, b) => use(a) - use(b) || b.narSize - a.narSize || (a.path < b.path ? -1 : 1));
}

function closureOf(paths: readonly string[], all: ReadonlyMap<string, Candidate>): ReadonlySet<string> {
  const closure = new Set<string>();
  for (const rest = [...paths]; rest.length > 0; ) {
    const path = rest.pop() as string;
    if (closure.has(path)) continue;
    closure.add(path);
    rest.push(...(all.get(path)?.references ?? []));
  }
  return closure;
}

/**
 * A path that a binary cache has can be fetched when a reference to it is restored; other paths are dropped with
 * everything that refers to them.
 */
function withReferrers(candidate: Candidate, left: ReadonlyMap<string, Candidate>): readonly Candidate[] {
  if (!left.has(candidate.path)) return [];
  if (candidate.isSubstitutable) return [candidate];
  const gone = new Set([candidate]);
  for (const one of gone) {
    for (const other of left.values()) if (other.references.includes(one.path)) gone.add(other);
  }
  return [...gone];
}
