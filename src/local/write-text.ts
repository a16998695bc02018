import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure, messageOf } from '../lib/failure.ts';

/** Writes a text file, and creates its directory; `description` names what is written in the error. */
export async function writeText(path: string, text: string, description: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (cause) {
    throw new Failure(`Cannot write ${description} to ${path}: ${messageOf(cause)}. Name another file.`, { cause });
  }
}
