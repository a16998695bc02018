/**
 * Restores entries one after another into this machine's store and prints what became of each, as a list of Outcomes in
 * JSON. Arguments: program of Nix, then files.
 */
import { readdirSync } from 'node:fs';
import { openEntry } from '../../src/cache/read-entry.ts';
import { restoreEntry } from '../../src/cache/restore-entry.ts';
import { messageOf } from '../../src/lib/failure.ts';
import { runProgram } from '../../src/lib/process.ts';
import {
  findInvalidPaths,
  importPaths,
  listValidPaths,
  ownsStore,
  registerPaths,
  substitutePaths,
} from '../../src/nix/store.ts';

export interface Outcome {
  readonly restored?: readonly string[];
  readonly error?: string;
  readonly isOwn: boolean;
  /** Names in the store's directory afterwards. */
  readonly names: readonly string[];
  readonly valid: readonly string[];
}

const [program = '', ...files] = process.argv.slice(2);
const nix = { program, version: '', env: process.env, exec: runProgram, installed: false };
const isOwn = await ownsStore(nix);
const openStore = async () => ({
  isOwn,
  valid: await listValidPaths(nix),
  findInvalid: (paths: readonly string[]) => findInvalidPaths(nix, paths),
  substitute: (paths: readonly string[]) => substitutePaths(nix, paths),
  register: (registration: AsyncIterable<Uint8Array>) => registerPaths(nix, registration),
  importPaths: (stream: AsyncIterable<Uint8Array>) => importPaths(nix, stream),
});

async function attempt(file: string): Promise<Pick<Outcome, 'restored' | 'error'>> {
  try {
    return {
      restored: (await restoreEntry(openEntry(file), { store: await openStore(), system: 'test-linux' })).paths,
    };
  } catch (error) {
    return { error: messageOf(error) };
  }
}

const outcomes: Outcome[] = [];
for (const file of files) {
  const outcome = await attempt(file);
  const names = readdirSync('/nix/store')
    .filter(name => name !== '.links')
    .sort();
  outcomes.push({ ...outcome, isOwn, names, valid: [...(await listValidPaths(nix))].sort() });
}
console.log(JSON.stringify(outcomes));
