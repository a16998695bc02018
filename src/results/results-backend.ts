import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readWholeFile } from '../lib/read-whole-file.ts';
import type { CacheBackend } from '../runtime.ts';
import { largestEntry, parseResult, type Result } from './result-entry.ts';

/** A place that stores results. */
export interface ResultsPlace {
  readonly backend: CacheBackend;
  /** A directory that no other run uses. */
  readonly temporary: string;
}

/** The result under a key; undefined if there is none. A Failure if `parseResult` does not accept the entry. */
export async function fetchResult(key: string, { backend, temporary }: ResultsPlace): Promise<Result | undefined> {
  const file = join(temporary, 'result');
  if ((await backend.restore(file, key, [])) !== key) return undefined;
  return parseResult(await readWholeFile(file, largestEntry, 'the entry'), key);
}

/**
 * Saves the text of an entry, which `formatResult` wrote; false if the key already has an entry, or if the service
 * refuses it.
 */
export async function saveResult(key: string, text: string, { backend, temporary }: ResultsPlace): Promise<boolean> {
  if ((await backend.find(key, [])) === key) return false;
  const file = join(temporary, 'result');
  await writeFile(file, text);
  return backend.save(file, key);
}
