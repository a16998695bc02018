import { type EntryTag, newestFirst } from './entry-tag.ts';

/** How many entries of a repository to keep, and for how long. */
export interface Keep {
  /** Number of entries per build, the newest ones. */
  readonly count?: number;
  /** Largest age, in milliseconds. */
  readonly age?: number;
}

/** The entries to delete: those beyond the number per build, and those that are too old. */
export function oldEntries<T extends EntryTag>(tags: readonly T[], keep: Keep, now: number): T[] {
  const { count = Number.POSITIVE_INFINITY, age = Number.POSITIVE_INFINITY } = keep;
  const seen = new Map<string, number>();
  return tags.toSorted(newestFirst).filter(({ key, time }) => {
    const build = buildOf(key);
    const newer = seen.get(build) ?? 0;
    seen.set(build, newer + 1);
    return newer >= count || now - time > age;
  });
}

/**
 * The part of a key that all entries of a build share: `nix-image-FORMAT-SYSTEM-SPEC`, `nix-image-result-FORMAT-SPEC`.
 */
export function buildOf(key: string): string {
  return /^nix-image-(?:\d+-.+?|result-\d+)-[0-9a-f]{12}(?=-)/.exec(key)?.[0] ?? key;
}
