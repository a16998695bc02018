/**
 * Saves paths of this machine's store as an entry of the store cache, or restores one. Arguments: `save DIRECTORY PATH…`
 * (what is not in the store cache's entry is not looked at) or `restore DIRECTORY`.
 */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sortByReferences } from '../../src/cache/manifest.ts';
import { openEntry } from '../../src/cache/read-entry.ts';
import { restoreEntry } from '../../src/cache/restore-entry.ts';
import { writeCacheEntry, writeRest } from '../../src/cache/write-entry.ts';
import { runProgram } from '../../src/lib/process.ts';
import { tuneGarbageCollection } from '../../src/lib/tune-garbage-collection.ts';
import { readRegistrations } from '../../src/nix/closure.ts';
import {
  findInvalidPaths,
  importPaths,
  listValidPaths,
  ownsStore,
  registerPaths,
  substitutePaths,
} from '../../src/nix/store.ts';

// As the action does.
tuneGarbageCollection();

const [command, directory = '', ...paths] = process.argv.slice(2);
const [file, rest] = [join(directory, 'entry'), join(directory, 'rest')];
const nix = { program: '/usr/bin/nix', version: '', env: process.env, exec: runProgram, installed: false };
const system = 'bench';

if (command === 'save') {
  const registered = await readRegistrations(nix, paths);
  await mkdir(directory);
  const manifest = {
    layers: [],
    outputs: [],
    toolchain: [],
    system,
    paths: sortByReferences([...registered].map(([path, facts]) => ({ path, ...facts }))),
  };
  await writeRest(rest, manifest);
  await writeCacheEntry(file, manifest);
} else {
  const [valid, isOwn] = await Promise.all([listValidPaths(nix), ownsStore(nix)]);
  const store = {
    isOwn,
    valid,
    findInvalid: (paths: readonly string[]) => findInvalidPaths(nix, paths),
    substitute: (paths: readonly string[]) => substitutePaths(nix, paths),
    register: (registration: AsyncIterable<Uint8Array>) => registerPaths(nix, registration),
    importPaths: (stream: AsyncIterable<Uint8Array>) => importPaths(nix, stream),
  };
  await restoreEntry(
    openEntry(file, async () => rest),
    { store, system },
  );
}
