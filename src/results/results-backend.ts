import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readWholeFile } from '../lib/read-whole-file.ts';
import type { CacheBackend } from '../runtime.ts';
import { largestEntry, parseResult, type Result } from './result-entry.ts';

/** Where results are kept. */
export interface ResultsPlace {
  readonly backend: CacheBackend;
  /** A directory of this run alone. */
  readonly temporary: string;
}

/** The result under a key; undefined if there is none. A Failure if its entry is not what `parseResult` accepts. */
export async function fetchResult(key: string, { backend, temporary }: ResultsPlace): Promise<Result | undefined> {
  const file = join(temporary, 'result');
  if ((await backend.restore(file, key, [])) !== key) return undefined;
  return parseResult(await readWholeFile(file, largestEntry, 'the entry'), key);
}

/** Saves the text of an entry, which `formatResult` wrote; false if the key has one already, or if the service refused it. */
export async function saveResult(key: string, text: string, { backend, temporary }: ResultsPlace): Promise<boolean> {
  if ((await backend.find(key, [])) === key) return false;
  const file = join(temporary, 'result');
  await writeFile(file, text);
  return backend.save(file, key);
}
