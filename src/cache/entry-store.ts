import { join } from 'node:path';
import type { CacheBackend } from '../runtime.ts';
import type { EntryManifest } from './manifest.ts';
import { type Entry, openEntry } from './read-entry.ts';
import { writeCacheEntry } from './write-entry.ts';

/** Where entries of the store cache are kept. */
export interface EntryStore {
  /** Key of the entry that `open` would open, if it can be determined without downloading; undefined if there is none. */
  find(key: string, prefixes: readonly string[]): Promise<string | undefined>;
  /**
   * Opens the entry of `key`, else the newest one whose key starts with one of `prefixes`; undefined if there is none, a
   * DamagedEntry if it can never be restored.
   */
  open(key: string, prefixes: readonly string[]): Promise<{ readonly key: string; readonly entry: Entry } | undefined>;
  /**
   * Saves paths of this machine's store. `base` is the key of an entry that was restored, which may have some of them.
   * Undefined if the entry was refused, after logging the reason.
   */
  save(manifest: EntryManifest, key: string, base?: string): Promise<SavedEntry | undefined>;
}

/** Bytes of an entry, and how many of them were sent. */
export interface SavedEntry {
  readonly size: number;
  readonly sent: number;
}

/** Entries that are files. A copy of each is in `directory` while it is used. */
export function openFileStore(backend: CacheBackend, directory: string): EntryStore {
  return {
    find: (key, prefixes) => backend.find(key, prefixes),
    async open(key, prefixes) {
      const file = join(directory, 'restored');
      const found = await backend.restore(file, key, prefixes);
      return found === undefined ? undefined : { key: found, entry: openEntry(file) };
    },
    async save(manifest, key) {
      const file = join(directory, 'saved');
      const size = await writeCacheEntry(file, manifest);
      return (await backend.save(file, key)) ? { size, sent: size } : undefined;
    },
  };
}
