import { readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Distribution, startDistribution } from '../../test/support/distribution.ts';
import { startDocker } from '../../test/support/docker.ts';
import { startByteCounter } from './byte-counter.ts';
import type { Settings } from './closure.ts';
import { type FilledCache, fillCache } from './filled-cache.ts';
import { type Measured, measure, median } from './measure.ts';
import { peakMemoryOf, processorOf } from './processes.ts';
import { cells, megabytes, table } from './report.ts';

/** What is pushed in each case, in this order, to a registry that is empty at first. */
const cases = [
  { name: 'first push', settings: 'image', repository: 'first', labels: false },
  { name: 'the same again', settings: 'image', repository: 'first', labels: false },
  { name: 'labels changed', settings: 'relabelled', repository: 'first', labels: true },
  { name: 'one store path changed', settings: 'changed', repository: 'first', labels: false },
  { name: 'to a second repository', settings: 'image', repository: 'second', labels: false },
] as const;

type Case = (typeof cases)[number];

export interface Programs {
  /** Command that writes the archive of the settings given as its last argument. */
  readonly script: readonly string[];
  readonly skopeo: string;
  readonly crane: string;
  /** Our command. */
  readonly program: readonly string[];
}

export interface Tools extends Programs {
  readonly settings: Settings;
}

/** A way to push, from the settings of an image to a registry. */
interface Method {
  readonly name: string;
  /** Far from the fastest and slow enough to be measured in one round alone. */
  readonly once?: boolean;
  push(reference: string, pushed: Case): Promise<Measured>;
}

function waysOf(tools: Tools, cache: FilledCache): readonly Method[] {
  const { script, skopeo, crane, settings } = tools;
  const shell = (name: string, push: string): Method => ({
    name,
    async push(reference, pushed) {
      await forgetSkopeo();
      const command = push
        .replace('SCRIPT', '"$@"')
        .replace('SKOPEO', `'${skopeo}' --insecure-policy copy --quiet --dest-tls-verify=false`);
      const line = `reference=$1; shift; ${command.replace('CRANE', `'${crane}' push --insecure`)}`;
      return measure(['sh', '-euc', line, 'sh', reference, ...script, settings[pushed.settings]]);
    },
  });
  return [
    shell('script \\| skopeo', 'SCRIPT | SKOPEO docker-archive:/dev/stdin "docker://$reference"'),
    shell('script > file, skopeo', 'SCRIPT > image.tar; SKOPEO docker-archive:image.tar "docker://$reference"'),
    shell('script > file, crane', 'SCRIPT > image.tar; CRANE image.tar "$reference"'),
    { name: 'docker load, push', once: true, push: (reference, pushed) => pushByDocker(reference, pushed, tools) },
    { name: 'ours, trust', push: (reference, pushed) => pushOurs(reference, { ...pushed, reuse: 'trust' }, tools) },
    { name: 'ours, verify', push: (reference, pushed) => pushOurs(reference, { ...pushed, reuse: 'verify' }, tools) },
    {
      name: 'ours, verify, with the store cache',
      push: (reference, pushed) => pushOurs(reference, { ...pushed, reuse: 'verify', cache }, tools),
    },
    {
      name: 'ours, trust, zstd',
      push: (reference, pushed) => pushOurs(reference, { ...pushed, reuse: 'trust', compression: 'zstd' }, tools),
    },
  ];
}

/** As root, skopeo keeps what it knows of blobs in a place that no variable moves. */
export async function forgetSkopeo(): Promise<void> {
  if (process.getuid?.() === 0) await rm('/var/lib/containers/cache/blob-info-cache-v1.sqlite', { force: true });
}

type OurCase = Case & {
  readonly reuse: string;
  readonly compression?: string;
  /** What the first case has left of an earlier push. */
  readonly cache?: FilledCache;
};

/** Labels are given as the action is given them: after the build. */
async function pushOurs(
  reference: string,
  { settings, repository, labels, reuse, compression = 'gzip', cache }: OurCase,
  tools: Tools,
): Promise<Measured> {
  const [host] = reference.split('/');
  const path = tools.settings[labels ? 'image' : settings];
  return measure([
    ...tools.program,
    'build',
    ...['--path', cache === undefined ? path : await cache.pathTo(path)],
    ...(cache === undefined ? [] : ['--cache-to', cache.directory]),
    ...['--tags', reference, '--push', '--reuse', reuse, '--compression', compression],
    ...(labels ? ['--labels', 'org.opencontainers.image.revision=another'] : []),
    ...(repository === 'second' ? ['--reuse-from', `${host}/first:latest`] : []),
  ]);
}

/** A daemon with empty storage each time; its start is not measured, its work is. */
async function pushByDocker(
  reference: string,
  { settings }: Case,
  { script, settings: files }: Tools,
): Promise<Measured> {
  const docker = await startDocker();
  try {
    const pid = Number(await readFile(join(dirname(docker.socket), 'pid'), 'utf8'));
    const before = processorOf(pid);
    const line =
      'reference=$1; shift; "$@" | docker load; docker tag bench:latest "$reference"; docker push "$reference"';
    const command = ['sh', '-euc', line, 'sh', reference, ...script, files[settings]];
    const { seconds, processor, memory } = await measure(command, { DOCKER_HOST: `unix://${docker.socket}` });
    return {
      seconds,
      processor: processor + processorOf(pid) - before,
      memory: Math.max(memory, peakMemoryOf(pid)),
    };
  } finally {
    await docker.close();
  }
}

/** One run of a way through all cases. */
interface Round {
  readonly measured: readonly Measured[];
  /** Bytes that were sent to the registry, if they were counted. */
  readonly sent: readonly number[];
}

async function runRound(method: Method, counted: boolean): Promise<Round> {
  const registry: Distribution = await startDistribution();
  const counter = counted ? await startByteCounter(registry.host) : undefined;
  const measured: Measured[] = [];
  const sent: number[] = [];
  try {
    for (const pushed of cases) {
      const reference = `${counter?.host ?? registry.host}/${pushed.repository}:latest`;
      measured.push(await method.push(reference, pushed));
      if (counter !== undefined) sent.push(counter.take());
    }
  } finally {
    await counter?.close();
    await registry.close();
  }
  return { measured, sent };
}

/**
 * Every way in turn, `rounds` times, each time with a registry of its own; before that once through a server that counts
 * the bytes, which warms up the machine and counts only for those that are measured once. Gives the table in Markdown.
 */
export async function benchPush(tools: Tools, rounds: number): Promise<string> {
  const cache = await fillCache(tools.program, tools.settings.image);
  try {
    return await benchMethods(waysOf(tools, cache), rounds);
  } finally {
    await cache.close();
  }
}

async function benchMethods(methods: readonly Method[], rounds: number): Promise<string> {
  const sent = new Map<Method, readonly number[]>();
  const results = new Map<Method, Round[]>(methods.map(method => [method, []]));
  for (const method of methods) {
    const result = await runRound(method, true);
    sent.set(method, result.sent);
    if (method.once) results.get(method)?.push(result);
  }
  for (let round = 1; round <= rounds; round++) {
    for (const method of methods.filter(({ once }) => !once)) {
      const result = await runRound(method, false);
      results.get(method)?.push(result);
      console.error(
        `round ${round}, ${method.name}: ${result.measured.map(one => one.seconds.toFixed(2)).join(' ')} s`,
      );
    }
  }
  return cases
    .map(({ name }, index) => {
      const medians = new Map(
        methods.map(method => [
          method,
          median((results.get(method) ?? []).flatMap(round => round.measured[index] ?? [])),
        ]),
      );
      const peers = [...medians]
        .filter(([method]) => !method.name.startsWith('ours'))
        .map(([, { seconds }]) => seconds);
      const fastest = Math.min(...peers);
      const rows = [...medians].map(([method, one]) => [
        method.name,
        one.seconds.toFixed(2),
        `${(fastest / one.seconds).toFixed(1)}`,
        megabytes(sent.get(method)?.[index] ?? Number.NaN),
        ...cells(one),
      ]);
      const heading = ['', 'seconds', 'times as fast as the fastest peer', 'MB sent', 'peak MB', 'processor seconds'];
      return `### ${name[0]?.toUpperCase()}${name.slice(1)}\n\n${table(heading, rows)}`;
    })
    .join('\n\n');
}
