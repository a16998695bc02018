import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { readWholeFile } from '../lib/read-whole-file.ts';
import type { CacheBackend } from '../runtime.ts';
import { largestEntry, parseResult, type Result } from './result-entry.ts';

/** A place that stores results. */
export interface ResultsPlace {
  readonly backend: CacheBackend;
  /** A directory that no other run uses. */
  readonly temporary: string;
}

/** Entries per key: if replacements are refused too, damage is not the reason. */
const mostEntries = 3;

/**
 * Keys of the entries that a result may have: an entry cannot be replaced, so that of a damaged one is saved under the same
 * key with a number.
 */
function numberedKeys(key: string): readonly string[] {
  return Array.from({ length: mostEntries }, (_, i) => (i === 0 ? key : `${key}-${i + 1}`));
}

/**
 * The result under a key; undefined if there is none. `onDamage` gets the Failure of each entry that `parseResult` does not
 * accept, with the entry's own key.
 */
export async function fetchResult(
  key: string,
  place: ResultsPlace,
  onDamage: (failure: Failure, entry: string) => void,
): Promise<Result | undefined> {
  for (const entry of numberedKeys(key)) {
    const found = await readResult(entry, key, place);
    if (!(found instanceof Failure)) return found;
    onDamage(found, entry);
  }
  return undefined;
}

/**
 * Saves the text of an entry, which `formatResult` wrote, and returns the entry's key; undefined if there is a result already,
 * or if the service refuses another.
 */
export async function saveResult(key: string, text: string, place: ResultsPlace): Promise<string | undefined> {
  const { backend, temporary } = place;
  for (const entry of numberedKeys(key)) {
    if ((await backend.find(entry, [])) === entry) {
      if ((await readResult(entry, key, place)) instanceof Failure) continue;
      return undefined;
    }
    const file = join(temporary, 'result');
    await writeFile(file, text);
    return (await backend.save(file, entry)) ? entry : undefined;
  }
  return undefined;
}

/** The result in one entry; undefined if the entry is not there, a Failure if `parseResult` does not accept it. */
async function readResult(
  entry: string,
  key: string,
  { backend, temporary }: ResultsPlace,
): Promise<Result | Failure | undefined> {
  const file = join(temporary, 'result');
  if ((await backend.restore(file, entry, [])) !== entry) return undefined;
  try {
    return parseResult(await readWholeFile(file, largestEntry, 'the entry'), key);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
