import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { minVersion, satisfies } from 'semver';
import { runProgram } from '../src/lib/process.ts';
import { archive } from './support/archives.ts';
import { run } from './support/run.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const readJson = (name: string) => JSON.parse(readFileSync(join(root, name), 'utf8'));

interface Package {
  readonly engines?: { readonly node?: string };
}

test('every dependency supports the oldest Node that package.json names', () => {
  const oldest = minVersion(readJson('package.json').engines.node) ?? '';
  const { packages }: { packages: Readonly<Record<string, Package>> } = readJson('package-lock.json');
  const refusing = Object.entries(packages).filter(
    ([, { engines }]) => engines?.node !== undefined && !satisfies(oldest, engines.node),
  );
  assert.deepEqual(
    refusing.map(([path, { engines }]) => `${path} wants Node ${engines?.node}`),
    [],
  );
});

test('the npm package holds the local command, which runs once it is installed', async t => {
  const directory = await temporaryDirectory(t);
  const packed = JSON.parse(await run('npm', ['pack', '--json', '--pack-destination', directory], { cwd: root }));
  const [{ filename, files }] = Object.values(packed) as [{ filename: string; files: { path: string }[] }];
  const others = files.map(({ path }) => path).filter(path => !path.startsWith('dist/'));
  assert.deepEqual(others.toSorted(), ['LICENSE', 'README.md', 'package.json']);
  const install = ['install', '--offline', '--no-audit', '--no-fund', '--prefix', directory, join(directory, filename)];
  await run('npm', install, { cwd: directory });
  const nixImage = join(directory, 'node_modules/.bin/nix-image');
  const layout = join(directory, 'layout');
  await run(nixImage, ['build', '--path', archive('layered.tar.gz'), '--output', `oci:${layout}`], { cwd: directory });
  assert.equal(JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')).manifests.length, 1);
});

test('every module of dist is valid, chunks that load on demand too', async () => {
  const entryPoints = globSync('dist/*.mjs', { cwd: root }).map(file => join(root, file));
  const { outputFiles } = await build({ entryPoints, write: false, outdir: 'out', logLevel: 'silent' });
  assert.equal(outputFiles.length, entryPoints.length);
});

test('the archive of a release holds what the actions run, and no sources, tests or documents', async () => {
  const archived = await run('sh', ['-c', 'git archive --worktree-attributes HEAD | tar -t'], { cwd: root });
  const names = new Set(archived.split('\n').map(name => name.split('/')[0] ?? ''));
  for (const name of ['action.yml', 'dist', 'promote', 'LICENSE']) assert.ok(names.has(name), name);
  for (const name of ['src', 'test', 'docs', 'examples', 'scripts', '.github', '.ci'])
    assert.ok(!names.has(name), name);
});

test('a release whose version or notes are missing is refused', async () => {
  const { version } = readJson('package.json');
  const notes = (tag: string) => runProgram(process.execPath, [join(root, 'scripts/release-notes.ts'), tag]);
  assert.match((await notes('v99.0.0')).stderr, /^Cannot release v99\.0\.0: package\.json has the version /);
  const { code, stdout, stderr } = await notes(`v${version}`);
  if (code === 0) assert.match(stdout, /^- /);
  else assert.match(stderr, /^Cannot release \S+: CHANGELOG\.md has no notes under "## /);
});
