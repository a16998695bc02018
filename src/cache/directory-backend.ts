import { copyFile, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CacheBackend } from '../host.ts';
import { hasCode } from '../lib/failure.ts';

const ending = '.nix-image-cache';

/** Entries as files of one directory, named by their keys; many machines may share it. */
export function openDirectoryBackend(directory: string): CacheBackend {
  const place = (key: string) => join(directory, `${key}${ending}`);
  const find = async (key: string, prefixes: readonly string[]) => {
    const keys = await listKeys(directory);
    return keys.includes(key) ? key : newest(directory, keys, prefixes);
  };
  return {
    find,
    async restore(file, key, prefixes) {
      const found = await find(key, prefixes);
      if (found !== undefined) await copyFile(place(found), file);
      return found;
    },
    async save(file, key) {
      await mkdir(directory, { recursive: true });
      // Whole or not at all, for others that read meanwhile.
      const temporary = join(directory, `.${key}.${process.pid}`);
      try {
        await copyFile(file, temporary);
        await rename(temporary, place(key));
      } finally {
        await rm(temporary, { force: true });
      }
      return true;
    },
  };
}

async function listKeys(directory: string): Promise<string[]> {
  try {
    const names = await readdir(directory);
    return names
      .filter(name => name.endsWith(ending) && !name.startsWith('.'))
      .map(name => name.slice(0, -ending.length));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** The last entry written of the first prefix that has one. */
async function newest(directory: string, keys: string[], prefixes: readonly string[]): Promise<string | undefined> {
  for (const prefix of prefixes) {
    const dated = await Promise.all(
      keys
        .filter(key => key.startsWith(prefix))
        .map(async key => ({ key, time: (await stat(join(directory, `${key}${ending}`))).mtimeMs })),
    );
    const last = dated.sort((a, b) => b.time - a.time || (a.key < b.key ? -1 : 1))[0];
    if (last !== undefined) return last.key;
  }
  return undefined;
}
