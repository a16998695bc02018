import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { startCacheServer } from '../../test/support/cache-server.ts';
import { startCraneRegistry } from '../../test/support/crane-registry.ts';
import { startDistribution } from '../../test/support/distribution.ts';
import { run } from '../../test/support/run.ts';
import { startByteCounter } from './byte-counter.ts';
import type { Closure } from './closure.ts';
import { type Measured, measure, median } from './measure.ts';
import { megabytes, table } from './report.ts';
import { inStore, nixCommand, removeStore, sizeOf } from './stores.ts';

/** What went over the network, or into files. */
interface Traffic {
  readonly bytes: number;
  readonly requests: number;
}

/** A way to keep entries, which is empty at first. The scripts are for sh: `$1` is a directory, `$key` names an entry. */
interface Way {
  readonly name: string;
  readonly save: string;
  readonly restore: string;
  open(directory: string): Promise<{
    readonly env: Readonly<Record<string, string>>;
    /** For the round in which traffic is counted. */
    readonly meteredEnv?: Readonly<Record<string, string>>;
    /** Since the last call. */
    take(): Promise<Traffic>;
    close(): Promise<void>;
  }>;
}

const client = { save: '$node $client save "$key" "$base" $paths', restore: '$node $client restore "$key"' };

const ways: readonly Way[] = [
  { name: "ours, the runner's cache", ...client, open: openService },
  { name: 'ours, oci:// on distribution 3', ...client, open: () => openRegistry(startDistribution({ version: 3 })) },
  { name: 'ours, oci:// on crane registry', ...client, open: () => openRegistry(startCraneRegistry()) },
  {
    name: 'tar, zstd, --load-db',
    save: 'nix-store --dump-db $paths > /nix/registration; tar -C / -c nix/registration $paths 2>&- | zstd -q -T0 > "$1/$key"',
    restore: 'zstd -q -d -c "$1/$key" | tar -C / -x; nix-store --load-db < /nix/registration',
    open: async directory => openDirectory(directory, { isWhole: true }),
  },
  {
    name: 'nix copy to a directory, zstd',
    save: 'nix $features copy --to "file://$1?compression=zstd" $paths',
    restore: 'nix $features copy --no-check-sigs --from "file://$1" $paths',
    open: async directory => openDirectory(directory, { isWhole: false }),
  },
];

/**
 * Saves a closure, restores it to an empty store, saves it with one path changed, and restores that to the store with the
 * other paths; each way in turn, `rounds` times, in memory and over loopback. Needs the rights to mount.
 */
export async function benchRegistryCache({ app, changed }: Closure, rounds: number): Promise<string> {
  const directory = await mkdtemp('/dev/shm/bench-');
  try {
    const source = join(directory, 'source');
    await bundle(directory);
    const closures: string[][] = [];
    for (const path of [app, changed]) {
      await run('nix', [...nixCommand, 'copy', '--no-check-sigs', '--to', `local?root=${source}`, path]);
      closures.push((await run('nix-store', ['--query', '--requisites', path])).trim().split('\n'));
    }
    const results = new Map<Way, Step[][]>(ways.map(way => [way, []]));
    for (let round = 0; round <= rounds; round++) {
      for (const [way, steps] of results) {
        // The first round warms up the machine, and counts the traffic, which takes time of its own.
        steps.push(await runWay(way, { closures, directory, isMetered: round === 0 }));
      }
    }
    return tablesOf(results, await compressedSize(changed));
  } finally {
    await removeStore(directory);
  }
}

interface Step {
  readonly measured: Measured;
  readonly traffic: Traffic;
}

/** The four steps of a way. */
async function runWay(
  way: Way,
  {
    closures: [first = [], second = []],
    directory,
    isMetered,
  }: { readonly closures: readonly string[][]; readonly directory: string; readonly isMetered: boolean },
): Promise<Step[]> {
  const place = join(directory, 'place');
  const target = join(directory, 'target');
  await mkdir(place);
  await mkdir(join(target, 'nix'), { recursive: true });
  const { env, meteredEnv, take, close } = await way.open(place);
  const stores = { source: join(directory, 'source/nix'), target: join(target, 'nix') };
  const step = async (store: string, script: string, variables: Readonly<Record<string, string>>): Promise<Step> => {
    const measured = await measure(inStore(store, ['sh', '-euc', script, 'sh', place]), {
      node: process.execPath,
      client: join(directory, 'cache-service.mjs'),
      features: nixCommand.join(' '),
      NIX_CONFIG: 'substituters =\nbuild-users-group =',
      ...((isMetered && meteredEnv) || env),
      ...variables,
    });
    return { measured, traffic: await take() };
  };
  const one = { key: 'one', base: '', paths: first.join(' ') };
  const two = { key: 'two', base: 'one', paths: second.join(' ') };
  try {
    await step(stores.target, 'nix-store --init', {});
    const steps: Step[] = [];
    for (const entry of [one, two]) {
      steps.push(await step(stores.source, way.save, entry));
      steps.push(await step(stores.target, way.restore, entry));
      const [program = '', ...args] = inStore(stores.target, [
        'nix-store',
        '--check-validity',
        ...entry.paths.split(' '),
      ]);
      await run(program, args);
    }
    return steps;
  } finally {
    await close();
    for (const path of [place, target]) await removeStore(path);
  }
}

async function openService() {
  const server = await startCacheServer();
  return {
    env: server.env,
    async take() {
      const { fetched, sent } = server.takeTraffic();
      return { bytes: fetched + sent, requests: server.calls.splice(0).length };
    },
    close: () => server.close(),
  };
}

async function openRegistry(starting: Promise<{ readonly host: string; close(): Promise<void> }>) {
  const registry = await starting;
  const counter = await startByteCounter(registry.host);
  return {
    env: { CACHE_TO: `${registry.host}/bench/cache` },
    meteredEnv: { CACHE_TO: `${counter.host}/bench/cache` },
    async take() {
      return { bytes: counter.take() + counter.takeAnswered(), requests: counter.takeRequests() };
    },
    async close() {
      await counter.close();
      await registry.close();
    },
  };
}

/** What each save adds, and the restore after it reads: all of the entry, or only what is new. */
async function openDirectory(directory: string, { isWhole }: { readonly isWhole: boolean }) {
  let before = 0;
  let added = 0;
  return {
    env: {},
    async take() {
      const size = await sizeOf(directory);
      if (size > before) added = size - before;
      before = size;
      return { bytes: size === 0 ? 0 : added, requests: isWhole ? 1 : 0 };
    },
    async close() {},
  };
}

async function bundle(directory: string): Promise<void> {
  const entries = [
    new URL('cache-service.ts', import.meta.url),
    new URL('../../src/cache/parts-worker.ts', import.meta.url),
  ];
  await build({
    entryPoints: entries.map(url => fileURLToPath(url)),
    entryNames: '[name]',
    chunkNames: 'chunk-[hash]',
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
    banner: {
      js: "import { createRequire as requireOf } from 'node:module';\nconst require = requireOf(import.meta.url);",
    },
  });
}

/** Bytes of a path's NAR, as compressed as in an entry. */
async function compressedSize(path: string): Promise<number> {
  return Number(await run('sh', ['-c', 'nix-store --dump "$0" | zstd -q -2 | wc -c', path]));
}

function tablesOf(results: ReadonlyMap<Way, readonly Step[][]>, changedSize: number): string {
  const stepOf = (steps: readonly Step[][], i: number) => {
    const [counted, ...timed] = steps.flatMap(one => one[i] ?? []);
    return { ...median(timed.map(({ measured }) => measured)), ...(counted?.traffic ?? { bytes: 0, requests: 0 }) };
  };
  const tableOf = (first: number, cellsOf: (step: ReturnType<typeof stepOf>) => string[], heading: readonly string[]) =>
    table(
      ['', ...['save', 'restore'].flatMap(what => heading.map(name => `${what}, ${name}`))],
      [...results].map(([{ name }, steps]) => [name, ...[first, first + 1].flatMap(i => cellsOf(stepOf(steps, i)))]),
    );
  const common = ({ seconds, processor, memory, bytes, requests }: ReturnType<typeof stepOf>) => [
    seconds.toFixed(2),
    processor.toFixed(1),
    megabytes(memory),
    megabytes(bytes),
    requests === 0 ? '' : String(requests),
  ];
  const columns = ['seconds', 'processor seconds', 'peak MB', 'MB', 'requests'];
  return [
    'All paths, to an empty registry and an empty store:',
    tableOf(0, common, columns),
    `After one path has changed (${megabytes(changedSize)} MB compressed):`,
    tableOf(2, step => [...common(step), (step.bytes / changedSize).toFixed(2)], [...columns, 'MB of the changed']),
  ].join('\n\n');
}
