import { Failure } from '../../lib/failure.ts';
import { isTag } from '../../oci/reference.ts';

/** The tag of an entry in a registry: its key and the time of the save. */
export interface EntryTag {
  readonly tag: string;
  readonly key: string;
  /** Milliseconds since the Unix epoch, in whole seconds. */
  readonly time: number;
}

/**
 * Formats a tag: `KEY.20261130T161053Z`. With the time in the tag, the list of tags shows the newest entry, no tag is
 * ever replaced, and a signature that covers the tag covers the time too. A Failure if the key does not fit into a tag.
 */
export function entryTagOf(key: string, time: number): EntryTag {
  const seconds = Math.floor(time / 1000) * 1000;
  const text = new Date(seconds).toISOString().replace(/[-:]|\.000/g, '');
  const tag = `${key}.${text}`;
  if (isTag(tag)) return { tag, key, time: seconds };
  throw new Failure(
    `Cannot keep the entry ${key} in a registry: a tag has at most 128 letters, digits, "_", "." and "-".`,
  );
}

/** Parses a tag; undefined if it is not the tag of an entry. */
export function parseEntryTag(tag: string): EntryTag | undefined {
  const match = /^(.+)\.(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(tag);
  if (match === null || !isTag(tag)) return undefined;
  const [, key = '', year, month, day, hour, minute, second] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(time) ? undefined : { tag, key, time };
}

/** The newest entry of `key`, else of the first prefix that a key starts with. */
export function findNewest(tags: readonly EntryTag[], key: string, prefixes: readonly string[]): EntryTag | undefined {
  const newestOf = (isWanted: (tag: EntryTag) => boolean) => tags.filter(isWanted).sort(newestFirst)[0];
  const exact = newestOf(one => one.key === key);
  if (exact !== undefined) return exact;
  for (const prefix of prefixes) {
    const nearest = newestOf(one => one.key.startsWith(prefix));
    if (nearest !== undefined) return nearest;
  }
  return undefined;
}

/** The newest first; entries of the same second by name, the last first. */
export function newestFirst(a: EntryTag, b: EntryTag): number {
  return b.time - a.time || (a.tag < b.tag ? 1 : -1);
}
