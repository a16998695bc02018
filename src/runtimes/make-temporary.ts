import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, messageOf } from '../lib/failure.ts';

/** Makes a new directory in the one that the environment variable `variable` names; a Failure names that variable. */
export function makeTemporary(parent: string, prefix: string, variable: 'TMPDIR' | 'RUNNER_TEMP'): string {
  try {
    return mkdtempSync(join(parent, prefix));
  } catch (cause) {
    const advice = `Set ${variable} to a directory that exists, is writable and has room.`;
    throw new Failure(`Cannot make a temporary directory in ${parent}: ${messageOf(cause)}. ${advice}`, { cause });
  }
}
