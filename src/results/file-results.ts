import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DamagedEntry } from '../cache/read-entry.ts';
import { Failure } from '../lib/failure.ts';
import { readWholeFile } from '../lib/read-whole-file.ts';
import type { CacheBackend } from '../runtime.ts';
import { largestEntry } from './result-entry.ts';
import type { ResultsBackend } from './results-backend.ts';

/**
 * Results that are files of a cache. A copy of each is in `directory`, which no other run uses, while it is read or
 * saved.
 */
export function openFileResults(cache: CacheBackend, directory: string): ResultsBackend {
  const file = join(directory, 'result');
  return {
    async read(entry) {
      if ((await cache.restore(file, entry, [])) !== entry) return undefined;
      try {
        return await readWholeFile(file, largestEntry, 'the entry');
      } catch (error) {
        throw error instanceof Failure ? new DamagedEntry(error.message, { cause: error }) : error;
      }
    },
    async save(entry, text) {
      await writeFile(file, text);
      return cache.save(file, entry);
    },
  };
}
