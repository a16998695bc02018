/**
 * Measures on this machine, in one run, what docs/performance.md shows: `npm run bench` pushes beside other tools,
 * `-- layers` compares the layer stream with the script of nixpkgs, `-- memory` shows the peak memory, `-- cache` saves and
 * restores a store beside other ways to keep one, `-- chunked` counts what podman fetches of a layer with one changed file,
 * `-- layering` pushes changed images whose layers are chosen in different ways, and draws them (docs/layers.md, layers.svg),
 * `-- install` installs Nix from a server on loopback, `-- job` runs whole jobs on machines without Nix (`-- job substituted`
 * only those with a binary cache), `-- scale` shows how
 * time and memory grow. `--once` measures one round and leaves the documents as they are, to see that the bench works; of
 * `scale` it leaves out the largest sizes. STREAM_SCRIPT may name nixpkgs' stream_layered_image.py; without it a script of ours does the
 * same steps.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pathExists } from '../src/nix/path-exists.ts';
import { run } from '../test/support/run.ts';
import { benchCache } from './bench/cache.ts';
import { benchChunked } from './bench/chunked.ts';
import { type Closure, makeClosure } from './bench/closure.ts';
import { benchInstall } from './bench/install.ts';
import { benchJob, jobGroups } from './bench/job.ts';
import { benchLayering } from './bench/layering.ts';
import { benchLayers } from './bench/layers.ts';
import { benchMemory } from './bench/memory.ts';
import { benchPush, type Programs, type Tools } from './bench/push.ts';
import { benchRegistryCache } from './bench/registry-cache.ts';
import { megabytes } from './bench/report.ts';
import { benchScale } from './bench/scale.ts';
import { debianPackages, pushingPackages } from './install-packages.ts';
import { meetRequirements } from './requirements.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const directory = `${root}.cache/bench`;
const newer = `${directory}/sid`;
const { values, positionals } = parseArgs({ allowPositionals: true, options: { once: { type: 'boolean' } } });
const [name = 'push', group = 'all'] = positionals;
const rounds = values.once ? 1 : 3;

const sections = {
  push: ofImage(tools => benchPush(tools, rounds)),
  layers: ofImage(tools => benchLayers(tools, rounds, directory)),
  memory: ofImage((tools, closure) => benchMemory(tools, closure, directory)),
  cache: ofImage(async (_, closure) =>
    [await benchCache(closure, rounds), await benchRegistryCache(closure, rounds)].join('\n\n'),
  ),
  chunked: async () => `${await benchChunked(directory)}\n\nMachine: ${describeMachine()}.`,
  layering: async () =>
    `${await benchLayering(await findPrograms(), { directory, picture: `${root}docs/layers.svg` })}\n\nMachine: ${describeMachine()}.`,
  job: async () =>
    `${await benchJob(await findPrograms(), { directory, rounds, group: jobGroupOf(group) })}\n\nMachine: ${describeMachine()}. ${rounds} rounds, medians.`,
  scale: async () => {
    const text = await benchScale((await findPrograms()).program, { rounds, short: values.once === true });
    return `${text}\n\nMachine: ${describeMachine()}. ${rounds} rounds, medians; memory: the largest.`;
  },
  install: async () => `${await benchInstall(rounds)}\n\nMachine: ${describeMachine()}. ${rounds} rounds, medians.`,
} satisfies Record<string, () => Promise<string>>;

if (!Object.hasOwn(sections, name))
  throw new Error(`Cannot measure "${name}": give ${Object.keys(sections).join(', ')}.`);

await meetRequirements([debianPackages([...pushingPackages, 'python3', 'time'])]);
await mkdir(directory, { recursive: true });
const load = loadavg()[0]?.toFixed(2);
const text = await sections[name as keyof typeof sections]();
console.log(text);
if (!values.once && group === 'all') await writeSection(name, text);

function jobGroupOf(text: string): keyof typeof jobGroups {
  if (text === 'all' || text === 'substituted') return text;
  throw new Error(`Cannot measure the jobs "${text}": give ${Object.keys(jobGroups).join(' or ')}.`);
}

/** A section that measures what is done with an image. */
function ofImage(bench: (tools: Tools, closure: Closure) => Promise<string>): () => Promise<string> {
  return async () => {
    const closure = await makeClosure(directory);
    return `${await bench(await findTools(closure), closure)}\n\n${await describe(closure)}`;
  };
}

async function findTools({ settings }: Closure): Promise<Tools> {
  return { ...(await findPrograms()), settings };
}

async function findPrograms(): Promise<Programs> {
  if (!(await pathExists(`${newer}/run`)))
    await run(`${root}scripts/bench/newer-debian`, ['sid', newer, 'skopeo', 'crane']);
  // What is called python3 may be a script that looks for it first.
  const python = (await run('python3', ['-c', 'import sys; print(sys.executable)'])).trim();
  return {
    script: [python, process.env.STREAM_SCRIPT ?? `${root}scripts/bench/stream.py`],
    skopeo: `${newer}/run/skopeo`,
    crane: `${newer}/run/crane`,
    program: [process.execPath, `${root}dist/cli.mjs`],
  };
}

function describeMachine(): string {
  const [{ model = '' } = {}] = cpus();
  return `${cpus().length} × ${model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}, load ${load} before`;
}

/** The machine and what was measured on it. */
async function describe({ paths, size, layers }: Closure): Promise<string> {
  const image = `${paths} store paths, ${megabytes(size)} MB of NARs, ${layers} layers`;
  const version = async (program: string, ...args: string[]) => (await run(program, args)).trim().split('\n')[0];
  const debian = async (...packages: string[]) =>
    (await run('dpkg-query', ['--show', ...packages])).trim().replaceAll('\t', ' ').replaceAll('\n', ', ');
  const crane = /Version: (.*)/.exec(await run('sh', ['-c', `dpkg-deb --field "$0"/archives/crane_*.deb`, newer]))?.[1];
  const script =
    process.env.STREAM_SCRIPT === undefined ? 'a script of ours that does the steps of nixpkgs’' : 'that of nixpkgs';
  return [
    `Machine: ${describeMachine()}. Image: ${image}. Script: ${script}, ${await version('python3', '--version')}.`,
    `Versions: Node ${process.version}, ${await version(`${newer}/run/skopeo`, '--version')}, crane ${crane},`,
    `${await debian('docker.io', 'docker-registry', 'nix-bin')}. ${rounds} rounds, medians.`,
  ].join('\n');
}

/** Puts the text between the marks of the section in docs/performance.md, or docs/layers.md. */
async function writeSection(section: string, text: string): Promise<void> {
  const file = `${root}docs/${section === 'layering' ? 'layers' : 'performance'}.md`;
  const [begin, end] = [`<!-- ${section} -->\n`, `<!-- end of ${section} -->`];
  const [before, rest] = (await readFile(file, 'utf8')).split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`${file} has no place for "${section}".`);
  await writeFile(file, `${before}${begin}\n${text}\n\n${end}${after}`);
}
