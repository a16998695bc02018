import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { layersOfClosure } from '../../src/image/layering/layering.ts';
import type { PathInfo } from '../../src/nix/closure.ts';
import { pathExists } from '../../src/nix/path-exists.ts';
import { startDistribution } from '../../test/support/distribution.ts';
import { startDocker } from '../../test/support/docker.ts';
import { run } from '../../test/support/run.ts';
import { unpackPackages } from '../unpack-packages.ts';
import { startByteCounter } from './byte-counter.ts';
import { closureOf, nixBuild, readPackages, settingsOf } from './closure.ts';
import { drawLayers, type Row } from './draw-layers.ts';
import { measure } from './measure.ts';
import { forgetSkopeo, type Programs } from './push.ts';
import { megabytes, table } from './report.ts';

/** Debian packages, and the one whose files are an application on top of each: it compresses as well as they do. */
const packages = ['jupyter-notebook', 'npm'];
const application = 'ripgrep';
/** As many as a package gets without `max-layers`, one of which is for links at the root. */
const storeLayers = 99;

const cases = ['first push', 'application changed', 'library in the middle changed', 'library at the bottom changed'];
const pictured = ['Application changed', 'Library in the middle changed'];
const methods = ['ours, stable', 'ours, popularity', 'script \\| skopeo'] as const;
type Method = (typeof methods)[number];

type Closure = ReadonlyMap<string, PathInfo>;

/** One image before a change or after it. */
interface Variant {
  /** Store path of the application. */
  readonly app: string;
  readonly closure: Closure;
  /** Settings of a streamLayeredImage with nixpkgs' layers. */
  readonly settings: string;
}

interface Pushed {
  readonly seconds: number;
  /** Bytes. */
  readonly sent: number;
  /** Bytes that `docker pull` fetches on a machine that has the first image. */
  readonly pulled: number;
}

/** Pushes two closures, each before and after three changes, in three methods; gives tables in Markdown and draws a picture. */
export async function benchLayering(
  programs: Programs,
  { directory, picture }: { readonly directory: string; readonly picture: string },
): Promise<string> {
  const texts: string[] = [];
  const program = join(directory, application);
  if (!(await pathExists(program))) await unpackPackages(program, [application]);
  for (const name of packages) {
    const variants = await makeVariants(name, { directory: join(directory, name), program });
    const rows: string[][] = [];
    for (const method of methods) {
      const pushed = await pushAll(method, variants, programs);
      rows.push([method, ...pushed.map(cell)]);
      console.error(`${name}, ${rows.at(-1)?.join(' | ')}`);
    }
    const [first] = variants;
    if (first === undefined) throw new Error(`There is no image of ${name}.`);
    const heading = [`${name}: MB sent, MB pulled, seconds`, ...cases];
    texts.push(`${await describe(name, first)}\n\n${table(heading, rows)}`);
    await writeFile(
      picture,
      drawLayers(variants.slice(1, 3).flatMap((variant, i) => rowsOf(first, variant, pictured[i] ?? ''))),
    );
  }
  return [...texts, await timePlanning()].join('\n\n');
}

function cell({ sent, pulled, seconds }: Pushed): string {
  return `${megabytes(sent)} / ${megabytes(pulled)} / ${seconds.toFixed(2)}`;
}

/** The image, and with it changed: the application, a library that half of the others have fewer users than, the most used one. */
async function makeVariants(
  name: string,
  { directory, program }: { readonly directory: string; readonly program: string },
): Promise<readonly Variant[]> {
  const debian = join(directory, 'debian');
  await mkdir(directory, { recursive: true });
  if (!(await pathExists(debian))) await unpackPackages(debian, [name]);
  const packages = join(directory, 'packages.json');
  await writeFile(packages, JSON.stringify(await readPackages(debian, [name])));
  const trees = await readdir(join(program, 'trees'));
  const tree = trees.find(archive => archive.startsWith(`${application}_`)) ?? '';
  const files = { packages, program: join(program, 'trees', tree) };
  const [customisation = ''] = await nixBuild('customisation-layer', files, directory);
  const make = async (id: string, change: Readonly<Record<string, string>>): Promise<Variant> => {
    const [app = ''] = await nixBuild('application', { ...files, ...change }, directory);
    const closure = await closureOf(app);
    const settings = join(directory, `${id}-conf.json`);
    const layers = layersOfClosure('popularity', closure, storeLayers);
    await writeFile(settings, JSON.stringify(settingsOf({ layers, labels: {}, customisation })));
    return { app, closure, settings };
  };
  const first = await make('first', {});
  const byUsers = [...usersOf(first.closure)].sort(
    ([a, i], [b, j]) => i.size - j.size || (basename(a).slice(33) < basename(b).slice(33) ? -1 : 1),
  );
  const named = (index: number) => basename(byUsers.at(index)?.[0] ?? '').slice(33);
  return [
    first,
    await make('application', { release: '2' }),
    await make('middle', { 'changed-package': named(byUsers.length >> 1) }),
    await make('bottom', { 'changed-package': named(-1) }),
  ];
}

/** For each path itself and all that refer to it, directly or not: what changes with it. */
function usersOf(closure: Closure): ReadonlyMap<string, ReadonlySet<string>> {
  const users = new Map([...closure.keys()].map(path => [path, new Set([path])]));
  for (const path of closure.keys()) {
    const reached = new Set([path]);
    for (const one of reached) for (const to of closure.get(one)?.references ?? []) reached.add(to);
    for (const one of reached) users.get(one)?.add(path);
  }
  return users;
}

/** All images in turn to one registry, the first one again before each change. */
async function pushAll(method: Method, variants: readonly Variant[], programs: Programs): Promise<readonly Pushed[]> {
  const registry = await startDistribution();
  const counter = await startByteCounter(registry.host);
  const docker = await startDocker();
  const reference = `${counter.host}/app:latest`;
  const pushed: Pushed[] = [];
  try {
    for (const [i, variant] of variants.entries()) {
      if (i > 1) await push(method, { reference, variant: variants[0] ?? variant }, programs);
      counter.take();
      const { seconds } = await push(method, { reference, variant }, programs);
      const sent = counter.take();
      counter.takeAnswered();
      await docker.run('pull', '--quiet', reference);
      pushed.push({ seconds, sent, pulled: counter.takeAnswered() });
      // The machine keeps the first image, and nothing of the others.
      if (i === 0) await docker.run('tag', reference, 'first');
      await docker.run('rmi', reference);
    }
  } finally {
    await docker.close();
    await counter.close();
    await registry.close();
  }
  return pushed;
}

/** How long it takes to plan a large closure, each time in a new process; medians. */
async function timePlanning(): Promise<string> {
  const script = fileURLToPath(new URL('plan-layers.ts', import.meta.url));
  const times: { milliseconds: number; processor: number }[] = [];
  for (let round = 0; round < 5; round++) times.push(JSON.parse(await run(process.execPath, [script])));
  const seconds = (key: 'milliseconds' | 'processor') =>
    ((times.map(time => time[key]).sort((a, b) => a - b)[2] ?? Number.NaN) / 1000).toFixed(2);
  return `Planning the stable layers of 5,000 generated store paths: ${seconds('milliseconds')} s, ${seconds('processor')} s of processor time.`;
}

async function push(
  method: Method,
  { reference, variant }: { readonly reference: string; readonly variant: Variant },
  { program, script, skopeo }: Programs,
) {
  if (method === 'script \\| skopeo') {
    await forgetSkopeo();
    const line = `reference=$1; skopeo=$2; shift 2; "$@" | "$skopeo" --insecure-policy copy --quiet --dest-tls-verify=false docker-archive:/dev/stdin "docker://$reference"`;
    return measure(['sh', '-euc', line, 'sh', reference, skopeo, ...script, variant.settings]);
  }
  const layering = method === 'ours, stable' ? 'stable' : 'popularity';
  return measure([
    ...program,
    'build',
    '--path',
    variant.app,
    '--layering',
    layering,
    '--tags',
    reference,
    '--push',
    '--reuse',
    'trust',
  ]);
}

/** The closure, the compressed size of its application, and what one changed path costs on average, before compression. */
async function describe(name: string, { app, closure }: Variant): Promise<string> {
  const size = [...closure.values()].reduce((sum, { narSize }) => sum + narSize, 0);
  const own = Number(await run('sh', ['-euc', 'tar --create "$1" 2>/dev/null | gzip -1 | wc -c', 'sh', app]));
  const ideal = meansOf(
    closure,
    [...closure.keys()].map(path => [path]),
  );
  const stable = meansOf(closure, layersOfClosure('stable', closure, storeLayers));
  const popularity = meansOf(closure, layersOfClosure('popularity', closure, storeLayers));
  return [
    `\`${name}\`: ${closure.size} store paths, ${megabytes(size)} MB of NARs; the application has ${megabytes(own)} MB compressed.`,
    `If one path changes, the mean over all paths that must be sent is ${megabytes(ideal.sent)} MB (NARs): \`stable\` sends`,
    `${megabytes(stable.sent)} MB (${(stable.sent / ideal.sent).toFixed(3)} times), \`popularity\` ${megabytes(popularity.sent)} MB. Docker's own store`,
    `pulls ${megabytes(stable.pulled)} MB and ${megabytes(popularity.pulled)} MB.`,
  ].join('\n');
}

/** Bytes of NARs that one changed path sends, and that Docker's own store pulls for it: the lowest changed layer and all above. */
function meansOf(closure: Closure, layers: readonly (readonly string[])[]) {
  const sums = { sent: 0, pulled: 0 };
  for (const changed of usersOf(closure).values()) {
    const isChanged = (paths: readonly string[]) => paths.some(path => changed.has(path));
    sums.sent += sizeOf(closure, layers.filter(isChanged).flat());
    sums.pulled += sizeOf(closure, layers.slice(layers.findIndex(isChanged)).flat());
  }
  return { sent: sums.sent / closure.size, pulled: sums.pulled / closure.size };
}

function sizeOf(closure: Closure, paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + (closure.get(path)?.narSize ?? 0), 0);
}

/** The layers of the first image in both methods, and which of them a change sends again. */
function rowsOf({ closure }: Variant, changed: Variant, description: string): readonly Row[] {
  return (['popularity', 'stable'] as const).map(layering => {
    const layers = layersOfClosure(layering, closure, storeLayers).map(paths => ({
      size: sizeOf(closure, paths),
      isSent: paths.some(path => !changed.closure.has(path)),
    }));
    const sent = layers.filter(({ isSent }) => isSent).reduce((sum, { size }) => sum + size, 0);
    return {
      layers,
      title: `${description}: ${layering} sends ${megabytes(sent)} MB again (${layers.length} layers, before compression)`,
    };
  });
}
