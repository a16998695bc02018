import { type EntryTag, newestFirst } from './entry-tag.ts';

/** Which entries of a repository are kept. */
export interface Keep {
  /** So many of each build, the newest ones. */
  readonly count?: number;
  /** Those of the last so many milliseconds. */
  readonly age?: number;
}

/** The entries that are to be deleted: those beyond the count of their build, and those beyond the age. */
export function oldEntries(tags: readonly EntryTag[], keep: Keep, now: number): EntryTag[] {
  const { count = Number.POSITIVE_INFINITY, age = Number.POSITIVE_INFINITY } = keep;
  const seen = new Map<string, number>();
  return tags.toSorted(newestFirst).filter(({ key, time }) => {
    const build = buildOf(key);
    const newer = seen.get(build) ?? 0;
    seen.set(build, newer + 1);
    return newer >= count || now - time > age;
  });
}

/** What is the same in the keys of all entries for one build on one system: `nix-image-FORMAT-SYSTEM-SPEC`. */
export function buildOf(key: string): string {
  return /^nix-image-\d+-.+?-[0-9a-f]{12}(?=-)/.exec(key)?.[0] ?? key;
}
