import { createCipheriv } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { layersByPopularity } from '../../src/image/layering/popularity.ts';
import { runProgram } from '../../src/lib/process.ts';
import { type PathInfo, readClosure } from '../../src/nix/closure.ts';
import { pathExists } from '../../src/nix/path-exists.ts';
import { nixArguments } from '../../test/support/nix-build.ts';
import { run } from '../../test/support/run.ts';
import { unpackPackages } from '../unpack-packages.ts';

/** A web application, the server before it and the interpreter under it; the first one is what a release changes. */
const chosen = ['adminer', 'nginx-full', 'php-fpm'];
/** Like nixpkgs' default of 100 layers, one of which is for what is linked at the root. */
const storeLayers = 99;

/** A Debian package, unpacked. */
export interface Package {
  /** Good for a store path. */
  readonly name: string;
  readonly tree: string;
  readonly dependencies: readonly string[];
}

/** Paths of settings of a streamLayeredImage, as nixpkgs gives them to its script. */
export interface Settings {
  readonly image: string;
  /** The same image but for its labels. */
  readonly relabelled: string;
  /** The same image but for its topmost store path. */
  readonly changed: string;
}

/** Data that does not compress, in two shapes. */
interface Bulk {
  /** Settings of a streamLayeredImage. */
  readonly settings: string;
  /** Store path of a program that refers to all of it. */
  readonly program: string;
  /** The store paths that hold it. */
  readonly paths: readonly string[];
}

export interface Closure {
  readonly settings: Settings;
  /** 200 MB. */
  readonly small: Bulk;
  /** 2 GB. */
  readonly large: Bulk;
  /** The store path that it is the closure of. */
  readonly app: string;
  /** The same with one file more: its one other path. */
  readonly changed: string;
  readonly paths: number;
  /** Bytes of all NARs. */
  readonly size: number;
  readonly layers: number;
}

/** Makes the images that are measured, in `directory`; what is there from an earlier run is used again. */
export async function makeClosure(directory: string): Promise<Closure> {
  const debian = join(directory, 'debian');
  if (!(await pathExists(debian))) await unpackPackages(debian, chosen);
  const packages = join(directory, 'packages.json');
  await writeFile(packages, JSON.stringify(await readPackages(debian, chosen)));
  const block = join(directory, 'block');
  await writeFile(block, noise(100_000_000));
  const build = (attribute: string) => nixBuild(attribute, { packages, block }, directory);
  const [app = ''] = await build('app');
  const [changed = ''] = await build('changed');
  const [customisation = ''] = await build('customisation-layer');
  const large = await build('large');
  const closure = await closureOf(app);
  const write = async (name: string, layers: readonly (readonly string[])[], labels: Record<string, string> = {}) => {
    const file = join(directory, `${name}-conf.json`);
    await writeFile(file, JSON.stringify(settingsOf({ layers, labels, customisation })));
    return file;
  };
  const layers = layersByPopularity(closure, storeLayers);
  const bulk = async (name: string, paths: readonly string[]): Promise<Bulk> => {
    const settings = await write(
      name,
      paths.map(path => [path]),
    );
    const [program = ''] = await build(`${name}-program`);
    return { settings, program, paths };
  };
  return {
    settings: {
      image: await write('image', layers),
      relabelled: await write('relabelled', layers, { 'org.opencontainers.image.revision': 'another' }),
      changed: await write('changed', layersByPopularity(await closureOf(changed), storeLayers)),
    },
    small: await bulk('small', large.slice(0, 2)),
    large: await bulk('large', large),
    app,
    changed,
    paths: closure.size,
    size: [...closure.values()].reduce((sum, { narSize }) => sum + narSize, 0),
    layers: layers.length + 1,
  };
}

/** The packages, dependencies first, as their own control files name them; the first of `names` refers to the others. */
export async function readPackages(debian: string, names: readonly string[]): Promise<readonly Package[]> {
  const archives = (await readdir(join(debian, 'trees'))).sort();
  const controls = new Map<string, Control>();
  const providers = new Map<string, string>();
  for (const archive of archives) {
    const control = await readControl(debian, archive);
    controls.set(control.package, control);
    for (const name of control.provides) providers.set(name, control.package);
  }
  const done = new Map<string, Package>();
  const begun = new Set<string>();
  const visit = ({ package: name, tree, storeName, depends }: Control) => {
    begun.add(name);
    const dependencies: string[] = [];
    for (const alternatives of depends) {
      const target = alternatives
        .map(one => (controls.has(one) ? one : providers.get(one)))
        .find(one => one !== undefined);
      const control = target === undefined ? undefined : controls.get(target);
      if (control === undefined) continue;
      if (!begun.has(control.package)) visit(control);
      // A package that is begun but not done is part of a circle, which a store cannot have.
      const dependency = done.get(control.package);
      if (dependency !== undefined) dependencies.push(dependency.name);
    }
    done.set(name, { name: storeName, tree, dependencies: [...new Set(dependencies)].sort() });
  };
  const [top = '', ...others] = names;
  const application = controls.get(top);
  if (application === undefined) throw new Error(`${top} was not downloaded.`);
  visit({ ...application, depends: [...application.depends, ...others.map(name => [name])] });
  return [...done.values()];
}

interface Control {
  readonly package: string;
  readonly storeName: string;
  readonly tree: string;
  /** Alternatives in each. */
  readonly depends: readonly (readonly string[])[];
  readonly provides: readonly string[];
}

async function readControl(debian: string, archive: string): Promise<Control> {
  const text = await run('dpkg-deb', ['--field', join(debian, 'archives', archive)]);
  const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1] ?? '';
  const names = (list: string) =>
    list
      .split(',')
      .filter(item => item.trim() !== '')
      .map(item => item.split('|').map(one => one.trim().replace(/[ :].*$/, '')));
  return {
    package: field('Package'),
    storeName: `${field('Package')}-${field('Version')}`.replace(/[^0-9a-zA-Z+._-]/g, '-'),
    tree: join(debian, 'trees', archive),
    depends: names([field('Pre-Depends'), field('Depends')].join(',')),
    provides: names(field('Provides')).flat(),
  };
}

/** Builds an attribute of closure.nix without a sandbox; the links it leaves keep the paths from being collected. */
export async function nixBuild(
  attribute: string,
  files: Readonly<Record<string, string>>,
  directory: string,
): Promise<string[]> {
  const expression = new URL('closure.nix', import.meta.url).pathname;
  const stringArguments = Object.entries(files).flatMap(([name, value]) => ['--argstr', name, value]);
  const options = [...nixArguments, '--option', 'build-users-group', ''];
  const link = join(directory, `result-${attribute}`);
  const output = await run('nix', [
    'build',
    ...options,
    '--json',
    '--out-link',
    link,
    '--file',
    expression,
    ...stringArguments,
    attribute,
  ]);
  return (JSON.parse(output) as { outputs: { out: string } }[]).map(({ outputs }) => outputs.out);
}

export function closureOf(path: string): Promise<ReadonlyMap<string, PathInfo>> {
  return readClosure({ program: 'nix', env: process.env, exec: runProgram }, [path]);
}

export function settingsOf({
  layers,
  labels,
  customisation,
}: {
  readonly layers: readonly (readonly string[])[];
  readonly labels: Readonly<Record<string, string>>;
  readonly customisation: string;
}): object {
  const time = '1970-01-01T00:00:01+00:00';
  return {
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    config: { Cmd: ['/bin/sh'], Labels: labels },
    os: 'linux',
    store_dir: '/nix/store',
    from_image: null,
    store_layers: layers,
    customisation_layer: customisation,
    repo_tag: 'bench:latest',
    created: time,
    mtime: time,
    uid: '0',
    gid: '0',
    uname: 'root',
    gname: 'root',
  };
}

/** The same bytes each time, which no compressor makes smaller. */
function noise(size: number): Buffer {
  return createCipheriv('aes-128-ctr', Buffer.alloc(16), Buffer.alloc(16)).update(Buffer.alloc(size));
}
