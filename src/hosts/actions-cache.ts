import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { copyFile, mkdir, rename, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CacheBackend } from '../host.ts';
import { hasCode } from '../lib/failure.ts';

/** Seconds that a job waits for the service at most, each time and over again, when it is at its rate limit. */
const longestWait = 60;
const tries = 3;

/** The runner's cache service, or undefined where there is none. Its client, a large part of us, is loaded when needed. */
export function openActionsCache(env: Readonly<Record<string, string | undefined>>): CacheBackend | undefined {
  const isThere = env.ACTIONS_RESULTS_URL || env.ACTIONS_CACHE_URL;
  if (!isThere) return undefined;
  // The path is a part of what the service calls the version of an entry: it must be the same at every run.
  const place = join(env.RUNNER_TEMP || tmpdir(), 'nix-image-cache', 'entry');
  return {
    async find(key, prefixes) {
      const { restoreCache } = await import('@actions/cache');
      return restoreCache([place], key, [...prefixes], { lookupOnly: true });
    },
    async restore(file, key, prefixes) {
      const { restoreCache } = await import('@actions/cache');
      await mkdir(dirname(place), { recursive: true });
      const found = await patiently(() => restoreCache([place], key, [...prefixes]));
      if (found !== undefined) await move(place, file);
      return found;
    },
    async save(file, key) {
      const { saveCache } = await import('@actions/cache');
      await mkdir(dirname(place), { recursive: true });
      await move(file, place);
      try {
        // Says itself, as a warning, why it could not.
        const saved = await patiently(async () => ((await saveCache([place], key)) === -1 ? undefined : true));
        return saved !== undefined;
      } finally {
        await rm(place, { force: true });
      }
    },
  };
}

/**
 * Calls the client again after the time that a service at its rate limit (429) asks for; the client itself gives up, and
 * does not tell why. So its answers are looked at on the way.
 */
async function patiently<T>(call: () => Promise<T | undefined>): Promise<T | undefined> {
  for (let tried = 1; ; tried++) {
    let wait: number | undefined;
    const look = (message: unknown) => {
      const { statusCode, headers } = (message as { readonly response: IncomingMessage }).response;
      if (statusCode === 429) wait = Number.parseInt(headers['retry-after'] ?? '', 10);
    };
    subscribe(answers, look);
    try {
      const result = await call();
      if (result !== undefined || wait === undefined || !(wait <= longestWait) || tried === tries) return result;
    } finally {
      unsubscribe(answers, look);
    }
    await sleep(wait * 1000);
  }
}

/** nodejs.org/api/diagnostics_channel.html, "HTTP". */
const answers = 'http.client.response.finish';

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!hasCode(error, 'EXDEV')) throw error;
    await copyFile(from, to);
    await rm(from);
  }
}
