import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, hasCode, messageOf } from '../lib/failure.ts';

/** The text of a file that an input names; `description` is the input's name. */
export async function readText(path: string, description: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new Failure(`Cannot read ${path}, given as ${description}: ${messageOf(cause)}.`, { cause });
  }
}

/** The text of a file, or of all JSON files in a directory and below it, sorted by path. */
export async function readTexts(
  path: string,
  description: string,
): Promise<{ readonly path: string; readonly text: string }[]> {
  let names: string[];
  try {
    names = await readdir(path, { recursive: true });
  } catch (error) {
    if (hasCode(error, 'ENOTDIR', 'ENOENT')) return [{ path, text: await readText(path, description) }];
    throw new Failure(`Cannot read ${path}, given as ${description}: ${messageOf(error)}.`, { cause: error });
  }
  const files = names.filter(name => name.endsWith('.json')).sort();
  return Promise.all(
    files.map(async name => ({ path: join(path, name), text: await readText(join(path, name), description) })),
  );
}
