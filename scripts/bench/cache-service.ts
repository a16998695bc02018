/**
 * Saves paths of this machine's store as an entry of the store cache, or restores one: in the repository that CACHE_TO names, or in
 * the cache service of the runner. Arguments: `save KEY BASE PATH…` (BASE is the key of an earlier entry, or empty) or
 * `restore KEY`.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EntryStore, openFileStore } from '../../src/cache/entry-store.ts';
import { sortByReferences } from '../../src/cache/manifest.ts';
import { openOciStore } from '../../src/cache/oci/open-oci-store.ts';
import { restoreEntry } from '../../src/cache/restore-entry.ts';
import { openTransport } from '../../src/lib/http/transport.ts';
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
import { parseRepository } from '../../src/oci/reference.ts';
import { openActionsCache } from '../../src/runtimes/actions-cache.ts';
import { openTerminalLog } from '../../src/runtimes/terminal-log.ts';

// As the action does.
tuneGarbageCollection();

const [command, key = '', ...rest] = process.argv.slice(2);
const { env } = process;
const nix = { program: '/usr/bin/nix', version: '', env, exec: runProgram, installed: false };
const system = 'bench';
const directory = await mkdtemp(join(tmpdir(), 'cache-service-'));

function openEntries(): EntryStore {
  const backend = openActionsCache(env);
  if (backend !== undefined) return openFileStore(backend, directory);
  const transport = openTransport({ insecureHosts: [], env });
  return openOciStore({
    repository: parseRepository(env.CACHE_TO ?? ''),
    access: { transport, insecureRegistries: [], env, log: openTerminalLog('quiet') },
    directory,
    signingKey: undefined,
    trustedKeys: [],
    now: Date.now,
  });
}

if (command === 'save') {
  const [base = '', ...paths] = rest;
  const registered = await readRegistrations(nix, paths);
  const sorted = sortByReferences([...registered].map(([path, facts]) => ({ path, ...facts })));
  await openEntries().save({ layers: [], outputs: [], toolchain: [], system, paths: sorted }, key, base || undefined);
} else {
  const entries = openEntries();
  const opening = entries.find(key, []).then(() => entries.open(key, []));
  const [valid, isOwn] = await Promise.all([listValidPaths(nix), ownsStore(nix)]);
  const store = {
    isOwn,
    valid,
    findInvalid: (paths: readonly string[]) => findInvalidPaths(nix, paths),
    substitute: (paths: readonly string[]) => substitutePaths(nix, paths),
    register: (registration: AsyncIterable<Uint8Array>) => registerPaths(nix, registration),
    importPaths: (stream: AsyncIterable<Uint8Array>) => importPaths(nix, stream),
  };
  const opened = await opening;
  if (opened === undefined) throw new Error(`There is no entry ${key}.`);
  await restoreEntry(opened.entry, { store, system });
}
await rm(directory, { recursive: true });
process.exit();
