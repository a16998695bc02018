import { randomUUID } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { copyFile, type FileHandle, lstat, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { hasCode } from '../lib/failure.ts';
import type { CacheBackend } from '../runtime.ts';

const ending = '.nix-image-cache';
/** Suffix of incomplete files. */
const temporaryEnding = `${ending}.tmp`;
/** Milliseconds; no copy takes a day. */
const staleAge = 24 * 60 * 60 * 1000;
const pieceSize = 1 << 20;

/**
 * Entries as files in a directory, named after their keys; several machines and users may share it. Anything but a
 * readable regular file is ignored, and replaced by a new entry with its key.
 */
export function openDirectoryBackend(directory: string): CacheBackend {
  const entryPath = (key: string) => join(directory, `${key}${ending}`);
  return {
    async find(key, prefixes) {
      const found = await openFirst(directory, key, prefixes);
      await found?.handle.close();
      return found?.key;
    },
    async restore(file, key, prefixes) {
      const found = await openFirst(directory, key, prefixes);
      if (found === undefined) return undefined;
      const target = await open(file, 'w', 0o600);
      // Both close their handles.
      await pipeline(found.handle.createReadStream({ highWaterMark: pieceSize }), target.createWriteStream());
      return found.key;
    },
    async save(file, key) {
      await mkdir(directory, { recursive: true });
      await removeStale(directory);
      // Parallel readers see all of it or nothing. The name is new, so nothing planted is followed or overwritten.
      const temporary = join(directory, `.${key}.${randomUUID()}${temporaryEnding}`);
      try {
        await copyFile(file, temporary, constants.COPYFILE_EXCL);
        await rename(temporary, entryPath(key));
      } finally {
        await rm(temporary, { force: true });
      }
      return true;
    },
  };
}

interface Found {
  readonly key: string;
  readonly handle: FileHandle;
}

/** The entry of the key, else the newest one of the first prefix that has one. */
async function openFirst(directory: string, key: string, prefixes: readonly string[]): Promise<Found | undefined> {
  const entries = await listEntries(directory);
  const nearest = prefixes.flatMap(prefix =>
    entries.filter(entry => entry.key.startsWith(prefix)).sort((a, b) => b.time - a.time || (a.key < b.key ? -1 : 1)),
  );
  for (const entry of [...entries.filter(entry => entry.key === key), ...nearest]) {
    const handle = await openEntryFile(join(directory, `${entry.key}${ending}`));
    if (handle !== undefined) return { key: entry.key, handle };
  }
  return undefined;
}

async function listEntries(directory: string): Promise<{ key: string; time: number }[]> {
  const names = (await listNames(directory)).filter(name => name.endsWith(ending) && !name.startsWith('.'));
  const entries = await Promise.all(
    names.map(async name => {
      const stats = await lookAt(join(directory, name));
      return stats?.isFile() ? [{ key: name.slice(0, -ending.length), time: stats.mtimeMs }] : [];
    }),
  );
  return entries.flat();
}

async function listNames(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Facts about `path` itself, without following a link; undefined if it is gone. */
function lookAt(path: string): Promise<Stats | undefined> {
  return lstat(path).catch(() => undefined);
}

/** Opens without waiting, in case the file has become a FIFO; undefined if it cannot be read. */
async function openEntryFile(path: string): Promise<FileHandle | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  return undefined;
}

/** Removes files left by killed writers. */
async function removeStale(directory: string): Promise<void> {
  for (const name of await listNames(directory)) {
    if (!name.startsWith('.') || !name.endsWith(temporaryEnding)) continue;
    const path = join(directory, name);
    const stats = await lookAt(path);
    // This user cannot remove files of another user.
    if (stats?.isFile() && Date.now() - stats.mtimeMs > staleAge) await rm(path, { force: true }).catch(() => {});
  }
}
