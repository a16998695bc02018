import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CacheBackend } from '../host.ts';
import { hasCode } from '../lib/failure.ts';

/** The runner's cache service, or undefined where there is none. Its client, a large part of us, is loaded when needed. */
export function openActionsCache(env: Readonly<Record<string, string | undefined>>): CacheBackend | undefined {
  const isThere = env.ACTIONS_RESULTS_URL || env.ACTIONS_CACHE_URL;
  if (!isThere) return undefined;
  // The path is a part of what the service calls the version of an entry: it must be the same at every run.
  const place = join(env.RUNNER_TEMP || tmpdir(), 'nix-image-cache', 'entry');
  return {
    async restore(file, key, prefixes) {
      const { restoreCache } = await import('@actions/cache');
      await mkdir(dirname(place), { recursive: true });
      const found = await restoreCache([place], key, [...prefixes]);
      if (found !== undefined) await move(place, file);
      return found;
    },
    async save(file, key) {
      const { saveCache } = await import('@actions/cache');
      await mkdir(dirname(place), { recursive: true });
      await move(file, place);
      try {
        // Says itself, as a warning, why it could not; it does not ask again when the service is at its rate limit.
        return (await saveCache([place], key)) !== -1;
      } finally {
        await rm(place, { force: true });
      }
    },
  };
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!hasCode(error, 'EXDEV')) throw error;
    await copyFile(from, to);
    await rm(from);
  }
}
