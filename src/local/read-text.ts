import { readFile } from 'node:fs/promises';
import { Failure, messageOf } from '../lib/failure.ts';

/** The text of a file that an input names; `what` is the input's name. */
export async function readText(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new Failure(`Cannot read ${path}, given as ${what}: ${messageOf(cause)}.`, { cause });
  }
}
