import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { run } from '../../test/support/run.ts';
import type { Closure } from './closure.ts';
import { type Measured, measure, median } from './measure.ts';
import { cells, megabytes, table } from './report.ts';
import { inStore, nixCommand, removeStore, sizeOf } from './stores.ts';

/** A way to keep a closure in $1, which is not there at first. Both are scripts for sh with the store paths in $paths. */
interface Method {
  readonly name: string;
  readonly save: string;
  readonly restore: string;
}

const methods: readonly Method[] = [
  { name: 'ours', save: '$node $ours save "$1" $paths', restore: '$node $ours restore "$1"' },
  {
    name: 'tar, zstd, --load-db',
    save: 'nix-store --dump-db $paths > /nix/registration; tar -C / -c nix/registration $paths 2>&- | zstd -q -T0 > "$1"',
    restore: 'zstd -q -d -c "$1" | tar -C / -x; nix-store --load-db < /nix/registration',
  },
  {
    name: 'nix copy, zstd',
    save: 'nix $features copy --to "file://$1?compression=zstd" $paths',
    restore: 'nix $features copy --no-check-sigs --from "file://$1" $paths',
  },
  {
    name: '--export, zstd, --import',
    save: 'nix-store --export $paths | zstd -q -T0 > "$1"',
    restore: 'zstd -q -d -c "$1" | nix-store --import > /dev/null',
  },
];

/**
 * Saves a store that holds the closure and nothing else, and restores it to an empty one, each way in turn, `rounds`
 * times; all in memory, so that no disk is measured. Needs the rights to mount.
 */
export async function benchCache(closure: Closure, rounds: number): Promise<string> {
  const directory = await mkdtemp('/dev/shm/bench-');
  try {
    return tableOf(await measureWays(closure, directory, rounds), closure.size);
  } finally {
    await removeStore(directory);
  }
}

async function measureWays({ app }: Closure, directory: string, rounds: number): Promise<Results> {
  const source = join(directory, 'source');
  const ours = join(directory, 'cache-entry.mjs');
  await bundleCacheEntry(directory);
  await run('nix', [...nixCommand, 'copy', '--no-check-sigs', '--to', `local?root=${source}`, app]);
  const paths = (await run('nix-store', ['--query', '--requisites', app])).trim().split('\n');
  const results: Results = new Map(methods.map(method => [method, { save: [], restore: [], size: 0 }]));
  for (let round = 0; round <= rounds; round++) {
    for (const [method, result] of results) {
      const entry = join(directory, 'entry');
      const target = join(directory, 'target');
      const kept = { ours, entry, paths };
      try {
        await mkdir(join(target, 'nix'), { recursive: true });
        const saved = await measureThere(join(source, 'nix'), method.save, kept);
        await measureThere(join(target, 'nix'), 'nix-store --init', kept);
        const restored = await measureThere(join(target, 'nix'), method.restore, kept);
        await checkStore(join(target, 'nix'), paths);
        result.size = await sizeOf(entry);
        // The first round warms up the machine.
        if (round > 0) result.save.push(saved);
        if (round > 0) result.restore.push(restored);
      } finally {
        for (const path of [target, entry]) await removeStore(path);
      }
    }
  }
  return results;
}

/** Makes `cache-entry.mjs`, as the action is: one file a thread, so that to load many is not what is measured. */
export async function bundleCacheEntry(directory: string): Promise<void> {
  const entries = [
    new URL('cache-entry.ts', import.meta.url),
    new URL('../../src/cache/parts-worker.ts', import.meta.url),
  ];
  await build({
    entryPoints: entries.map(url => fileURLToPath(url)),
    entryNames: '[name]',
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
  });
}

interface Kept {
  /** Our program. */
  readonly ours: string;
  readonly entry: string;
  readonly paths: readonly string[];
}

/** Runs a script where /nix is this directory. */
function measureThere(nix: string, script: string, { ours, entry, paths }: Kept): Promise<Measured> {
  return measure(inStore(nix, ['sh', '-euc', script, 'sh', entry]), {
    node: process.execPath,
    ours,
    paths: paths.join(' '),
    features: nixCommand.join(' '),
    NIX_CONFIG: 'substituters =\nbuild-users-group =',
  });
}

async function checkStore(nix: string, paths: readonly string[]): Promise<void> {
  const [program = '', ...args] = inStore(nix, ['nix-store', '--check-validity', ...paths]);
  await run(program, args);
}

type Results = ReadonlyMap<Method, { readonly save: Measured[]; readonly restore: Measured[]; size: number }>;

function tableOf(results: Results, plainSize: number): string {
  const times = ['seconds', 'peak MB', 'processor seconds'];
  const heading = [
    '',
    'MB',
    'of the NARs',
    ...times.map(name => `save, ${name}`),
    ...times.map(name => `restore, ${name}`),
  ];
  const rows = [...results].map(([{ name }, { save, restore, size }]) => [
    name,
    megabytes(size),
    `${Math.round((100 * size) / plainSize)} %`,
    ...[median(save), median(restore)].flatMap(one => [one.seconds.toFixed(2), ...cells(one)]),
  ]);
  return table(heading, rows);
}
