import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { CacheBackend } from '../runtime.ts';
import { type EntryManifest, formatVersion } from './manifest.ts';
import { DamagedEntry, type Entry, openEntry } from './read-entry.ts';
import { splitPaths } from './split-paths.ts';
import { writeCacheEntry, writeRest } from './write-entry.ts';

/** Where entries of the store cache are kept. */
export interface EntryStore {
  /**
   * Key of the entry that `open` would open, if it can be determined without downloading; undefined if there is none.
   */
  find(key: string, prefixes: readonly string[]): Promise<string | undefined>;
  /**
   * Opens the entry of `key`, else the newest one whose key starts with one of `prefixes`; undefined if there is none,
   * a DamagedEntry if it can never be restored.
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
  /** In a registry. */
  readonly tag?: string;
}

/**
 * Entries that are files, each with another one for its rest if that is large. A copy of each is in `directory` while
 * it is used.
 */
export function openFileStore(backend: CacheBackend, directory: string): EntryStore {
  const fetchRest = async (manifest: EntryManifest, key: string) => {
    const file = join(directory, `restored-${randomUUID()}`);
    const rest = restKey(key, manifest);
    if ((await backend.restore(file, rest, [])) === rest) return file;
    throw new DamagedEntry(`the cache does not have its other file, ${rest}`);
  };
  /** Bytes of the rest; undefined if it was refused. */
  const saveRest = async (manifest: EntryManifest, key: string): Promise<SavedEntry | undefined> => {
    if (splitPaths(manifest).rest.length === 0) return { size: 0, sent: 0 };
    const file = join(directory, 'saved-rest');
    const size = await writeRest(file, manifest);
    const rest = restKey(key, manifest);
    if (await backend.save(file, rest)) return { size, sent: size };
    // A run that was interrupted between the two files has left it.
    return (await backend.find(rest, [])) === rest ? { size, sent: 0 } : undefined;
  };
  return {
    find: (key, prefixes) => backend.find(key, prefixes),
    async open(key, prefixes) {
      const file = join(directory, 'restored');
      const found = await backend.restore(file, key, prefixes);
      if (found === undefined) return undefined;
      return { key: found, entry: openEntry(file, manifest => fetchRest(manifest, found)) };
    },
    async save(manifest, key) {
      // Before the entry, so that no entry is without its rest.
      const rest = await saveRest(manifest, key);
      if (rest === undefined) return undefined;
      const file = join(directory, 'saved');
      const size = await writeCacheEntry(file, manifest);
      return (await backend.save(file, key)) ? { size: size + rest.size, sent: size + rest.sent } : undefined;
    },
  };
}

/**
 * Key of the second file of an entry: unique to entry and content, and without a prefix that a lookup of entries uses.
 */
function restKey(key: string, manifest: EntryManifest): string {
  const content = JSON.stringify([key, splitPaths(manifest).rest.map(({ path, narHash }) => [path, narHash])]);
  return `nix-image-rest-${formatVersion}-${createHash('sha256').update(content).digest('hex')}`;
}
