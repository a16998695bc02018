import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nixSystem } from '../../src/nix/system.ts';
import { startDistribution } from '../../test/support/distribution.ts';
import { bundleCacheEntry } from './cache.ts';
import { type MadeStore, makeLargePaths, makePaths } from './made-store.ts';
import { type Apart, measureApart } from './measure.ts';
import { megabytes, table } from './report.ts';
import { inStore, removeStore } from './stores.ts';

/** Something that grows. */
interface Series {
  readonly title: string;
  /** What a size counts. */
  readonly unit: string;
  /** In the order of the table. */
  readonly sizes: readonly number[];
  /** Seconds per size are shown in this unit. */
  readonly per: { readonly name: string; readonly seconds: number; readonly sizes: number };
  /** What is measured of a size, by name; all series do the same in each. */
  measure(size: number, program: readonly string[]): Promise<Readonly<Record<string, Apart>>>;
}

const series: Readonly<Record<string, Series>> = {
  paths: {
    title: 'Store paths of 16 kB, as an image of a package',
    unit: 'store paths',
    sizes: [10, 100, 1000, 5000],
    per: { name: 'ms per path', seconds: 1e-3, sizes: 1 },
    measure: (size, program) => withStore(makePaths(size, 16_384), store => measurePackage(store, program, true)),
  },
  bytes: {
    title: 'Bytes, in 20 store paths of an image of a package',
    unit: 'GB',
    sizes: [0.2, 2, 10],
    per: { name: 'ns per byte', seconds: 1e-9, sizes: 1e9 },
    measure: (size, program) =>
      withStore(makeLargePaths(20, (size * 1e9) / 20), store => measurePackage(store, program, false)),
  },
  images: {
    title: 'Images in one step, which share 100 store paths of 1 MB',
    unit: 'images',
    sizes: [1, 5, 20],
    per: { name: 's per image', seconds: 1, sizes: 1 },
    measure: (size, program) => withStore(makePaths(100, 1 << 20), store => measureStep(store, size, program)),
  },
};

/**
 * How time and memory of our command grow with the number of store paths, their bytes and the images of a step. `rounds`
 * rounds, medians. The largest sizes are left out of a `short` run. Gives tables in Markdown.
 */
export async function benchScale(
  program: readonly string[],
  { rounds, short }: { readonly rounds: number; readonly short: boolean },
): Promise<string> {
  const tables: string[] = [];
  for (const one of Object.values(series)) {
    const sizes = short ? one.sizes.slice(0, -1) : one.sizes;
    const measured: Readonly<Record<string, Apart>>[] = [];
    for (const size of sizes) {
      const results: Readonly<Record<string, Apart>>[] = [];
      for (let round = 0; round < rounds; round++) results.push(await one.measure(size, program));
      measured.push(medians(results));
      console.error(`${size} ${one.unit}`);
    }
    tables.push(`### ${one.title}\n\n${tableOf({ ...one, sizes }, measured)}`);
  }
  return tables.join('\n\n');
}

function medians(rounds: readonly Readonly<Record<string, Apart>>[]): Readonly<Record<string, Apart>> {
  const [first = {}] = rounds;
  return Object.fromEntries(
    Object.keys(first).map(name => [name, medianOf(rounds.map(round => round[name] as Apart))]),
  );
}

function medianOf(measured: readonly Apart[]): Apart {
  const middle = (key: keyof Apart) => measured.map(one => one[key]).sort((a, b) => a - b)[measured.length >> 1] ?? 0;
  return {
    seconds: middle('seconds'),
    processor: middle('processor'),
    memory: Math.max(...measured.map(({ memory }) => memory)),
    children: Math.max(...measured.map(({ children }) => children)),
  };
}

/** A line per case and size, and the exponent between the two largest sizes, which says more than that of the small ones. */
function tableOf({ unit, sizes, per }: Series, measured: readonly Readonly<Record<string, Apart>>[]): string {
  const heading = [
    '',
    unit,
    'seconds',
    per.name,
    'growth exponent',
    'processor seconds',
    'growth exponent',
    'our peak MB',
    'largest child, peak MB',
  ];
  const rows = Object.keys(measured[0] ?? {}).flatMap(name =>
    sizes.map((size, i) => {
      const one = measured[i]?.[name] as Apart;
      const exponent = (key: 'seconds' | 'processor') => {
        const before = measured[i - 1]?.[name]?.[key];
        return before === undefined
          ? ''
          : (Math.log(one[key] / before) / Math.log(size / (sizes[i - 1] as number))).toFixed(2);
      };
      return [
        i === 0 ? name : '',
        String(size),
        one.seconds.toFixed(2),
        (one.seconds / size / per.sizes / per.seconds).toFixed(2),
        exponent('seconds'),
        one.processor.toFixed(1),
        exponent('processor'),
        megabytes(one.memory),
        megabytes(one.children),
      ];
    }),
  );
  return table(heading, rows);
}

async function withStore<T>(making: Promise<MadeStore>, body: (store: MadeStore) => Promise<T>): Promise<T> {
  const store = await making;
  try {
    return await body(store);
  } finally {
    await store.close();
  }
}

/** The registry says which layers it has, so that what does not change is not read again. */
const pushing = ['--push', '--reuse', 'trust'];
const env = { NIX_CONFIG: 'substituters =\nsandbox = false\nbuild-users-group =' };

/** Pushes the program of a store, and if asked keeps the store in an entry and restores that. */
async function measurePackage(store: MadeStore, program: readonly string[], kept: boolean) {
  const registry = await startDistribution();
  const push = (path: string) => {
    const image = ['--path', path, '--tags', `${registry.host}/scale:latest`, ...pushing];
    return measureApart(inStore(store.nix, [...program, 'build', ...image]), env);
  };
  try {
    return {
      'first push': await push(store.app),
      again: await push(store.app),
      'one path changed': await push(store.changed),
      ...(kept ? await measureEntry(store) : {}),
    };
  } finally {
    await registry.close();
  }
}

/** Saves the store and restores it in memory, because a disk takes longer for new files the more were removed before. */
async function measureEntry({ nix, app, paths }: MadeStore): Promise<Readonly<Record<string, Apart>>> {
  const directory = await mkdtemp('/dev/shm/bench-entry-');
  const empty = join(directory, 'nix');
  const [file, ours] = [join(directory, 'entry'), [process.execPath, join(directory, 'cache-entry.mjs')]];
  try {
    await bundleCacheEntry(directory);
    await mkdir(empty);
    const saved = await measureApart(inStore(nix, [...ours, 'save', file, ...paths]), env);
    const restored = await measureApart(inStore(empty, [...ours, 'restore', file]), env);
    await measureApart(inStore(empty, ['nix-store', '--check-validity', app]));
    return { 'store cache, saved': saved, 'store cache, restored': restored };
  } finally {
    await removeStore(directory);
  }
}

/** Builds and pushes so many programs that refer to the store's. */
async function measureStep(store: MadeStore, count: number, program: readonly string[]) {
  const directory = await mkdtemp(join(tmpdir(), 'bench-step-'));
  const registry = await startDistribution();
  const names = Array.from({ length: count }, (_, i) => `image-${i}`);
  const push = async (dependency: string) => {
    await writeFile(join(directory, 'flake.nix'), flakeOf(names, dependency));
    const lines = names.map(name => `${name}=path:${directory}#${name}`).join('\n');
    const image = [
      '--installable',
      lines,
      '--impure',
      '--images',
      `${registry.host}/{{name}}`,
      '--tags',
      'type=raw,value=main',
    ];
    return measureApart(inStore(store.nix, [...program, 'build', ...image, ...pushing]), env);
  };
  try {
    return {
      'first push': await push(store.app),
      again: await push(store.app),
      'one path changed': await push(store.changed),
    };
  } finally {
    await registry.close();
    await rm(directory, { recursive: true });
  }
}

function flakeOf(names: readonly string[], dependency: string): string {
  const script =
    'mkdir -p $out/bin; { echo "#!/bin/sh"; echo "echo $name $dependency"; } > $out/bin/app; chmod +x $out/bin/app';
  return `{
  outputs = { self }: {
    packages.${nixSystem} = builtins.listToAttrs (map (name: {
      inherit name;
      value = derivation {
        inherit name;
        system = "${nixSystem}";
        dependency = builtins.storePath "${dependency}";
        PATH = "/usr/bin:/bin";
        builder = "/bin/sh";
        args = [ "-euc" ''${script}'' ];
      } // { meta.mainProgram = "app"; };
    }) [ ${names.map(name => `"${name}"`).join(' ')} ]);
  };
}
`;
}
