import { DamagedEntry, withDamageReported } from '../cache/read-entry.ts';
import { parseResult, type Result } from './result-entry.ts';

/** Where results are kept: texts, which are never replaced. */
export interface ResultsBackend {
  /** The text of an entry; undefined if there is none, a DamagedEntry if it can never be used. */
  read(entry: string): Promise<Uint8Array | undefined>;
  /** Saves the text of a new entry; false if it was refused, or if there is one already. */
  save(entry: string, text: string): Promise<boolean>;
}

/** Entries per key: if replacements are refused too, damage is not the reason. */
const mostEntries = 3;

/**
 * Keys of the entries that a result may have: an entry cannot be replaced, so that of a damaged one is saved under the
 * same key with a number.
 */
function numberedKeys(key: string): readonly string[] {
  return Array.from({ length: mostEntries }, (_, i) => (i === 0 ? key : `${key}-${i + 1}`));
}

/**
 * The result under a key; undefined if there is none. `onDamage` gets the Failure of each entry that `parseResult` does
 * not accept, with the entry's own key.
 */
export async function fetchResult(
  key: string,
  backend: ResultsBackend,
  onDamage: (failure: DamagedEntry, entry: string) => void,
): Promise<Result | undefined> {
  for (const entry of numberedKeys(key)) {
    const found = await readResult(entry, key, backend);
    if (!(found instanceof DamagedEntry)) return found;
    onDamage(found, entry);
  }
  return undefined;
}

/**
 * Saves the text of an entry, which `formatResult` wrote, and returns the entry's key; undefined if there is a result
 * already, or if the backend refuses another.
 */
export async function saveResult(key: string, text: string, backend: ResultsBackend): Promise<string | undefined> {
  for (const entry of numberedKeys(key)) {
    const found = await readResult(entry, key, backend);
    if (found instanceof DamagedEntry) continue;
    return found === undefined && (await backend.save(entry, text)) ? entry : undefined;
  }
  return undefined;
}

/** The result in one entry; undefined if the entry is not there, a DamagedEntry if it cannot be used. */
async function readResult(
  entry: string,
  key: string,
  backend: ResultsBackend,
): Promise<Result | DamagedEntry | undefined> {
  try {
    const text = await backend.read(entry);
    return text && withDamageReported(() => parseResult(text, key));
  } catch (error) {
    if (error instanceof DamagedEntry) return error;
    throw error;
  }
}
