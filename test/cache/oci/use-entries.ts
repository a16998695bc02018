/**
 * Saves and restores entries of a repository on this machine, one after another, and prints what became of each as JSON.
 * Arguments: HOST/PATH, then Uses in JSON.
 */
import { mkdtempSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { sortByReferences } from '../../../src/cache/manifest.ts';
import { openOciStore } from '../../../src/cache/oci/open-oci-store.ts';
import { restoreEntry } from '../../../src/cache/restore-entry.ts';
import { messageOf } from '../../../src/lib/failure.ts';
import { openTransport } from '../../../src/lib/http/transport.ts';
import { findProgram, runProgram } from '../../../src/lib/process.ts';
import { readRegistrations } from '../../../src/nix/closure.ts';
import {
  findInvalidPaths,
  importPaths,
  listValidPaths,
  ownsStore,
  registerPaths,
  substitutePaths,
} from '../../../src/nix/store.ts';
import { parseRepository } from '../../../src/oci/reference.ts';
import { openTerminalLog } from '../../../src/runtimes/terminal-log.ts';

export interface Use {
  readonly key: string;
  /** What is saved; restored if undefined. */
  readonly paths?: readonly string[];
  readonly base?: string;
  readonly signingKey?: string;
  readonly trustedKeys?: readonly string[];
  readonly now?: number;
}

export interface Outcome {
  readonly key: string;
  readonly restored?: readonly string[];
  readonly sent?: number;
  readonly error?: string;
  readonly valid: readonly string[];
  /** Whether something is in the store that is not valid. */
  readonly left: readonly string[];
  /** Peak resident bytes of this process so far. */
  readonly memory: number;
}

const [repository = '', uses = '[]'] = process.argv.slice(2);
const { env } = process;
const nix = { program: findProgram('nix', env) ?? '', version: '', env, exec: runProgram, installed: false };
const system = 'test-linux';

async function use({ key, paths, base, signingKey, trustedKeys = [], now = Date.now() }: Use) {
  const entries = openOciStore({
    repository: parseRepository(repository),
    access: {
      transport: openTransport({ insecureHosts: [], env }),
      insecureRegistries: [],
      env,
      log: openTerminalLog('quiet'),
      waits: { first: 10, longest: 20 },
    },
    directory: mkdtempSync(join(homedir(), 'use-entries-')),
    signingKey,
    trustedKeys,
    now: () => now,
  });
  if (paths !== undefined) {
    const registered = await readRegistrations(nix, paths);
    const sorted = sortByReferences([...registered].map(([path, facts]) => ({ path, ...facts })));
    const manifest = { system, paths: sorted, layers: [], outputs: [], toolchain: [] };
    return { sent: (await entries.save(manifest, key, base))?.sent ?? 0 };
  }
  const opened = await entries.open(key, [key]);
  if (opened === undefined) return { error: 'no entry' };
  const store = {
    isOwn: await ownsStore(nix),
    valid: await listValidPaths(nix),
    findInvalid: (some: readonly string[]) => findInvalidPaths(nix, some),
    substitute: (some: readonly string[]) => substitutePaths(nix, some),
    register: (registration: AsyncIterable<Uint8Array>) => registerPaths(nix, registration),
    importPaths: (stream: AsyncIterable<Uint8Array>) => importPaths(nix, stream),
  };
  return { restored: (await restoreEntry(opened.entry, { store, system })).paths };
}

const outcomes: Outcome[] = [];
for (const one of JSON.parse(uses) as Use[]) {
  const result = await use(one).catch(error => ({ error: messageOf(error) }));
  const valid = [...(await listValidPaths(nix))].sort();
  const names = readdirSync('/nix/store').map(name => `/nix/store/${name}`);
  const left = names.filter(name => !valid.includes(name) && name !== '/nix/store/.links');
  outcomes.push({ key: one.key, ...result, valid, left, memory: process.resourceUsage().maxRSS * 1024 });
}
console.log(JSON.stringify(outcomes));
process.exit();
