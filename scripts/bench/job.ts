import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pathExists } from '../../src/nix/path-exists.ts';
import { ownProgram } from '../../src/nix/settings.ts';
import { hostArchitecture, nixSystem } from '../../src/nix/system.ts';
import { runJob } from '../../test/cache/run-job.ts';
import { type Machine, openMachine, runThere } from '../../test/support/bare-machine.ts';
import { type CacheServer, startCacheServer } from '../../test/support/cache-server.ts';
import { startDistribution } from '../../test/support/distribution.ts';
import { type NixRelease, openNixRelease } from '../../test/support/nix-release.ts';
import { startReleaseServer } from '../../test/support/release-server.ts';
import { run } from '../../test/support/run.ts';
import { unpackPackages } from '../unpack-packages.ts';
import { type ByteCounter, startByteCounter } from './byte-counter.ts';
import { readPackages } from './closure.ts';
import { type Measured, median } from './measure.ts';
import { forgetSkopeo, type Programs } from './push.ts';
import { megabytes, table } from './report.ts';

/** Jobs in this order, each on a new machine without Nix. */
const cases = {
  cold: 'cold',
  again: 'the same again',
  readme: 'a README changed',
  source: 'application source changed',
  release: 'a release tag on a built commit',
  substituted: 'cold, all paths in a binary cache',
  package: 'the same as a package',
  known: 'the package again, its layers in the registry',
} as const;

type Case = keyof typeof cases;

/** Those in which a binary cache has all paths, each with a cache service that is empty. */
const substitutedCases: readonly Case[] = ['substituted', 'package', 'known'];

/** A group of cases that can be measured alone, if an earlier run has filled the binary cache. */
export const jobGroups = { all: Object.keys(cases) as Case[], substituted: ['cold', ...substitutedCases] as Case[] };

/** Bytes from and to the registry, the server of Nix and the cache. */
interface Traffic {
  readonly fetched: number;
  readonly sent: number;
}

type Job = Measured & Traffic;

/** The servers of a series of jobs, and what outlasts their machines. */
interface Place {
  readonly machine: Machine;
  readonly checkout: string;
  readonly reference: string;
  readonly release: NixRelease;
  /** URL of the server that has the release. */
  readonly releases: string;
  readonly cache: CacheServer;
  /** A directory for the ways that use no cache service. */
  readonly kept: string;
  readonly settings: readonly string[];
  /** Each command is run behind this, which measures it. */
  readonly time: readonly string[];
}

/** Does a job; throws if it fails. Returns what it fetched and sent without these servers. */
type Way = (name: Case, place: Place) => Promise<Traffic>;

const dist = fileURLToPath(new URL('../../dist/', import.meta.url));
const chosen = ['adminer', 'nginx-full', 'php-fpm'];

interface JobSetting {
  readonly directory: string;
  readonly rounds: number;
  readonly group: keyof typeof jobGroups;
}

/**
 * The whole job in each case, main and post part, and beside it the same done by hand with curl, tar, Nix and skopeo. All
 * machines and servers are in memory, so that no disk is measured: ext4 takes a millisecond for each new file for some time
 * after many were removed, as each machine is. Traffic is counted in a round of its own, because what counts it takes time
 * too. Gives the table in Markdown.
 */
export async function benchJob(programs: Programs, { directory, rounds, group }: JobSetting): Promise<string> {
  const packages = await preparePackages(directory);
  const ways: Readonly<Record<string, Way>> = { hand: byHand(programs), ours };
  const traffic = new Map<string, Traffic>();
  const timed = new Map<string, Job[]>();
  for (let round = 0; round <= rounds; round++) {
    const counted = round === 0;
    for (const [way, doJob] of Object.entries(ways)) {
      for (const [name, job] of await inMemory(() => runSeries(doJob, packages, { directory, group, counted }))) {
        const key = `${way} ${name}`;
        if (counted) traffic.set(key, job);
        else timed.set(key, [...(timed.get(key) ?? []), job]);
      }
    }
  }
  const rows = jobGroups[group].map(name => {
    const title = cases[name];
    const [hand, mine] = Object.keys(ways).map(way => {
      const { fetched, sent } = traffic.get(`${way} ${name}`) as Traffic;
      return { ...median(timed.get(`${way} ${name}`) ?? []), fetched, sent };
    }) as [Job, Job];
    const cells = [hand, mine].flatMap(one => [
      one.seconds.toFixed(2),
      one.processor.toFixed(1),
      megabytes(one.fetched),
      megabytes(one.sent),
    ]);
    return [title, ...cells, (hand.seconds / mine.seconds).toFixed(1), megabytes(mine.memory)];
  });
  const columns = ['seconds', 'processor seconds', 'MB fetched', 'MB sent'];
  const heading = ['by hand', 'ours'].flatMap(way => columns.map(column => `${way}, ${column}`));
  const count = JSON.parse(packages).length;
  return `${table(['', ...heading, 'times as fast', 'ours, peak MB'], rows)}\n\nApplication: ${count + 1} store paths, in 99 layers.`;
}

/** Runs `body` with its temporary directories in memory. */
async function inMemory<T>(body: () => Promise<T>): Promise<T> {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = '/dev/shm';
  try {
    return await body();
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}

/** The packages as JSON: names, directories and dependencies. */
async function preparePackages(directory: string): Promise<string> {
  const debian = join(directory, 'debian');
  if (!(await pathExists(debian))) await unpackPackages(debian, chosen);
  return JSON.stringify(await readPackages(debian, chosen));
}

async function runSeries(
  doJob: Way,
  packages: string,
  { directory, group, counted }: Pick<JobSetting, 'directory' | 'group'> & { readonly counted: boolean },
): Promise<Map<Case, Job>> {
  const kept = await mkdtemp(join(tmpdir(), 'bench-job-'));
  const checkout = join(kept, 'checkout');
  const release = await openNixRelease();
  const [registry, releases] = [await startDistribution(), await startReleaseServer(release.directory)];
  // Another checkout has other derivations.
  const binaryCache = join(
    directory,
    `job-binary-cache-${createHash('sha256').update(packages).digest('hex').slice(0, 8)}`,
  );
  const substituter = await startReleaseServer(binaryCache);
  const hosts = [registry.host, new URL(releases.url).host, new URL(substituter.url).host];
  const counters = counted ? await Promise.all(hosts.map(startByteCounter)) : [];
  const [images, archives, paths] = counted ? counters.map(({ host }) => host) : hosts;
  const jobs = new Map<Case, Job>();
  let [cache, store] = [await startCacheServer(), await mkdtemp(join(kept, 'store-'))];
  try {
    for (const name of jobGroups[group]) {
      await change(checkout, name, packages);
      if (substitutedCases.includes(name)) {
        await cache.close();
        [cache, store] = [await startCacheServer(), await mkdtemp(join(kept, 'store-'))];
      }
      const caches = substitutedCases.includes(name) ? `http://${paths}` : '';
      const servers = {
        ...{ checkout, release, cache, kept: store },
        reference: `${images}/${repositoryOf(name)}:${name === 'release' ? 'v1' : 'main'}`,
        releases: `http://${archives}`,
        settings: [`substituters = ${caches}`, 'require-sigs = false', 'sandbox = false'],
      };
      const job = await measureJob(name, { doJob, servers, counters, binaryCache });
      console.error(`${cases[name]}: ${job.seconds.toFixed(2)} s`);
      jobs.set(name, job);
    }
    return jobs;
  } finally {
    for (const server of [...counters, cache, releases, substituter, registry]) await server.close();
    await rm(kept, { recursive: true });
  }
}

function repositoryOf(name: Case): string {
  if (name === 'substituted') return 'other';
  return name === 'package' || name === 'known' ? 'package' : 'app';
}

/** Commits what the case is about. */
async function change(checkout: string, name: Case, packages: string): Promise<void> {
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args], { cwd: checkout });
  if (name === 'cold') {
    await mkdir(join(checkout, 'app'), { recursive: true });
    const flake = await readFile(new URL('job.nix', import.meta.url), 'utf8');
    await writeFile(
      join(checkout, 'flake.nix'),
      flake.replace('SYSTEM', nixSystem).replace('ARCHITECTURE', hostArchitecture),
    );
    await writeFile(join(checkout, 'packages.json'), packages);
    await git('init', '--quiet', '--initial-branch=main');
  }
  if (name === 'cold' || name === 'readme') await writeFile(join(checkout, 'README.md'), `${name}\n`);
  // The binary cache has what the first job built.
  const source = name === 'substituted' ? 'cold' : name;
  if (source === 'cold' || source === 'source') {
    await writeFile(join(checkout, 'app/app'), `#!/bin/sh\necho ${source}\n`, { mode: 0o755 });
  }
  await git('add', '--all');
  if (['cold', 'readme', 'source', 'substituted'].includes(name)) {
    await git('commit', '--quiet', '--allow-empty', '--message', name);
  }
}

interface Measuring {
  readonly doJob: Way;
  readonly servers: Omit<Place, 'machine' | 'time'>;
  readonly counters: readonly ByteCounter[];
  /** Filled by the first job, for the last one. */
  readonly binaryCache: string;
}

async function measureJob(name: Case, { doJob, servers, counters, binaryCache }: Measuring): Promise<Job> {
  const cleanups: (() => Promise<unknown>)[] = [];
  const machine = await openMachine({ after: cleanup => void cleanups.push(cleanup) });
  const report = join(machine.root, 'report');
  const time = ['/usr/bin/time', '--append', '--format=%e %U %S %M', `--output=${report}`, '--'];
  try {
    await forgetSkopeo();
    const own = await doJob(name, { ...servers, machine, time });
    const lines = (await readFile(report, 'utf8'))
      .trim()
      .split('\n')
      .map(line => line.split(' ').map(Number));
    const sum = (...columns: number[]) =>
      lines.reduce((total, line) => total + columns.reduce((all, i) => all + (line[i] ?? 0), 0), 0);
    if (name === 'cold' && !(await pathExists(binaryCache))) await fillBinaryCache(machine, binaryCache);
    return {
      seconds: sum(0),
      processor: sum(1, 2),
      memory: Math.max(...lines.map(([, , , kilobytes = 0]) => kilobytes * 1024)),
      fetched: own.fetched + counters.reduce((total, one) => total + one.takeAnswered(), 0),
      sent: own.sent + counters.reduce((total, one) => total + one.take(), 0),
    };
  } finally {
    for (const cleanup of cleanups) await cleanup();
  }
}

async function fillBinaryCache(machine: Machine, binaryCache: string): Promise<void> {
  const copy = [
    'copy',
    '--extra-experimental-features',
    'nix-command',
    '--all',
    '--to',
    `file://${binaryCache}?compression=zstd`,
  ];
  const program = (await pathExists(join(machine.nix, ownProgram.slice('/nix/'.length))))
    ? [ownProgram]
    : ['sh', '-c', '"$(dirname /nix/store/*/bin/nix)/nix" "$@"', 'sh'];
  await expectSuccess(await runThere(machine, [...program, ...copy]));
}

function expectSuccess({ code, stdout, stderr }: Awaited<ReturnType<typeof runThere>>): void {
  if (code !== 0) throw new Error(`The job failed:\n${stdout}${stderr}`);
}

/** The step as a runner runs it. */
const ours: Way = async (name, { machine, checkout, reference, release, releases, cache, settings, time }) => {
  const result = await runJob(machine, {
    inputs: {
      installable: name === 'package' || name === 'known' ? '.#app' : '.',
      ...(name === 'known' ? { reuse: 'trust' } : {}),
      tags: reference,
      push: 'true',
      'nix-version': release.version,
      'nix-sha256': release.sha256,
      'nix-url': releases,
      'nix-conf': settings.join('\n'),
    },
    directory: checkout,
    temporary: join(machine.root, 'runner'),
    env: { ...cache.env, RUNNER_TOOL_CACHE: '', ...(name === 'release' ? { GITHUB_REF: 'refs/tags/v1.0.0' } : {}) },
    commandOf: part => [...time, process.execPath, join(dist, `${part}.mjs`)],
  });
  if (result.code !== 0) throw new Error(`The job failed:\n${result.log}`);
  return cache.takeTraffic();
};

/** As workflows do it without an action: a release of Nix, a store in one archive under a key, the image's script. */
function byHand({ script, skopeo }: Programs): Way {
  const text = `
    release=$1; reference=$2; kept=$3; skopeo=$4; shift 4
    curl -sSfo archive "$release"
    mkdir -p unpacked /nix/store /nix/var/nix
    tar -xJf archive -C unpacked --strip-components=1
    chmod -R a-w unpacked/store/*
    mv unpacked/store/* /nix/store
    nix=$(dirname /nix/store/*/bin/nix)
    "$nix/nix-store" --load-db < unpacked/.reginfo
    find /nix/store -mindepth 1 -maxdepth 1 | sort > before
    if [ -e "$kept/store.tar.zst" ]; then
      zstd -q -d -c "$kept/store.tar.zst" | tar -C / -x
      "$nix/nix-store" --load-db < /nix/registration
    fi
    result=$(cd "$checkout" && "$nix/nix" build --extra-experimental-features 'nix-command flakes' --no-link --print-out-paths .)
    "$@" "$result" | "$skopeo" --insecure-policy copy --quiet --dest-tls-verify=false docker-archive:/dev/stdin "docker://$reference"
    if [ ! -e "$kept/store.tar.zst" ]; then
      paths=$("$nix/nix-store" --query --requisites "$result" | sort | comm -13 before -)
      "$nix/nix-store" --dump-db $paths > /nix/registration
      tar -C / -c nix/registration $paths 2> /dev/null | zstd -q -T0 > "$kept/store.tar.zst"
    fi`;
  return async (_, { machine, checkout, reference, release, releases, kept, settings, time }) => {
    const url = `${releases}/nix-${release.version}/nix-${release.version}-${nixSystem}.tar.xz`;
    const command = [...time, 'sh', '-euc', text, 'sh', url, reference, kept, skopeo, ...script];
    const env = { checkout, NIX_CONFIG: [...settings, 'build-users-group ='].join('\n') };
    const archive = join(kept, 'store.tar.zst');
    const isKept = await pathExists(archive);
    expectSuccess(await runThere(machine, command, { env }));
    const size = (await readFile(archive)).length;
    return isKept ? { fetched: size, sent: 0 } : { fetched: 0, sent: size };
  };
}
