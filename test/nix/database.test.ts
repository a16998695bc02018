import assert from 'node:assert/strict';
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readNarHashes, readNarSizes, readValidPaths } from '../../src/nix/closure.ts';
import { readHashesInDatabase, readLargestInDatabase, readSizesInDatabase } from '../../src/nix/database.ts';
import { derivationReader } from '../../src/nix/derivation-file.ts';
import { findDerivations } from '../../src/nix/find-derivations.ts';
import { keepPaths, listValidPaths, ownsStore } from '../../src/nix/store.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { buildFixture, dockertools, openFixtureNix } from './dockertools.ts';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const hasSqlite = major > 24 || (major === 24 && minor >= 15);
const nothing = 'a path that nobody has';
const gone = '/nix/store/00000000000000000000000000000000-gone';

let opened: Awaited<ReturnType<typeof openFixtureNix>>;
let paths: string[];

before(async () => {
  opened = await openFixtureNix();
  const hello = await buildFixture(opened, dockertools('hello'));
  paths = (await run('nix-store', ['--query', '--requisites', hello])).trim().split('\n');
});
after(() => opened.runtime.close());

test('the database says what nix-store says, in the order of the question, and no program is needed', async () => {
  const said = (await run('nix-store', ['--query', '--hash', ...paths])).trim().split('\n');
  const base16 = await run('nix-hash', ['--type', 'sha256', '--to-base16', ...said.map(hash => hash.slice(7))]);
  const hashes = base16
    .trim()
    .split('\n')
    .map(hash => `sha256:${hash}`);
  const nix = { ...opened.nix, program: hasSqlite ? '/nowhere' : opened.nix.program };
  assert.ok(paths.length > 1);
  assert.deepEqual(
    [...(await readNarHashes(nix, paths))],
    paths.map((path, i) => [path, hashes[i]]),
  );
  assert.deepEqual([...(await readNarHashes(nix, paths.toReversed())).keys()], paths.toReversed());
  assert.deepEqual(readHashesInDatabase(opened.nix, paths), hasSqlite ? hashes : undefined);
});

test('sizes of NARs come from the database too, else from nix-store, and are unknown if one path is', async t => {
  const sizes = (await run('nix-store', ['--query', '--size', ...paths])).trim().split('\n').map(Number);
  assert.deepEqual(readSizesInDatabase(opened.nix, paths), hasSqlite ? sizes : undefined);
  const elsewhere = {
    ...opened.nix,
    env: { ...opened.nix.env, NIX_STATE_DIR: await temporaryDirectory(t), NIX_REMOTE: 'local' },
  };
  const known = new Map(paths.map((path, i) => [path, sizes[i]]));
  assert.deepEqual(await readNarSizes(opened.nix, paths), known);
  const asked = { ...opened.nix, env: { ...opened.nix.env, NIX_REMOTE: 'local?root=/' } };
  assert.deepEqual(await readNarSizes(asked, paths), known);
  assert.deepEqual(await readNarSizes(elsewhere, paths), new Map());
  assert.deepEqual(await readNarSizes(opened.nix, [...paths, nothing]), new Map());
});

test('references, derivers and the build graph are the same in the database, in the words of Nix, and in the files', async () => {
  const asked = { ...opened.nix, env: { ...opened.nix.env, NIX_REMOTE: 'local?root=/' } };
  const known = await readValidPaths(opened.nix, [...paths, gone]);
  assert.deepEqual([...known.keys()], paths);
  for (const [path, { narHash, narSize, references, deriver }] of await readValidPaths(asked, [...paths, gone])) {
    const own = known.get(path);
    assert.deepEqual(
      { ...own, references: own?.references.toSorted() },
      {
        ...{ narHash, narSize, references: references.toSorted() },
        ...(deriver === undefined ? {} : { deriver }),
      },
    );
  }
  const hello = paths.at(-1) ?? '';
  const roots = [known.get(hello)?.deriver ?? ''];
  const read = derivationReader();
  const found = findDerivations([...paths, gone], ['/nowhere.drv', ...roots], { nix: opened.nix, read });
  assert.deepEqual([...found.keys()].toSorted(), paths.toSorted());
  assert.equal(found.get(hello), roots[0]);
  assert.deepEqual(findDerivations([...paths, gone], ['/nowhere.drv', ...roots], { nix: asked, read }), found);
});

test('all valid paths, and whose the store is, come from the database and the settings, without a program', async t => {
  const directory = await temporaryDirectory(t);
  const own = { ...opened.nix, ...(hasSqlite ? { program: '/nowhere' } : {}) };
  const listed = await run('nix', ['path-info', '--extra-experimental-features', 'nix-command', '--all']);
  assert.deepEqual([...(await listValidPaths(own))].toSorted(), listed.trim().split('\n').toSorted());
  assert.equal(await ownsStore(own), process.getuid?.() === 0);
  const set = (NIX_CONFIG: string, NIX_REMOTE = '') => ({
    ...opened.nix,
    env: { ...opened.nix.env, NIX_CONFIG, NIX_REMOTE },
  });
  assert.equal(await ownsStore(set('store = daemon')), false);
  assert.equal(await ownsStore(set('', 'daemon')), false);
  await writeFile(join(directory, 'nix.conf'), 'store = daemon');
  assert.equal(await ownsStore(set(`include ${directory}/nix.conf`)), false);
  const elsewhere = set(`store = local?root=${directory}`);
  assert.equal(await ownsStore(elsewhere), false);
  assert.deepEqual(await listValidPaths(elsewhere), new Set());
});

test('paths are roots for the garbage collector as long as the directory of their links exists', async t => {
  const directory = join(await temporaryDirectory(t), 'links');
  await mkdir(directory);
  await keepPaths(opened.nix, paths, directory);
  const printRoots = async () => (await run('nix-store', ['--gc', '--print-roots'])).split('\n');
  const kept = (await printRoots()).filter(line => line.startsWith(directory));
  assert.deepEqual(kept.map(line => line.split(' -> ')[1]).toSorted(), paths.toSorted());
  await rm(directory, { recursive: true });
  assert.ok((await printRoots()).every(line => !line.startsWith(directory)));
});

test('roots are where a Nix with another state directory looks for them', async t => {
  const [directory, state] = [await temporaryDirectory(t), await temporaryDirectory(t)];
  await keepPaths({ ...opened.nix, env: { ...opened.nix.env, NIX_STATE_DIR: state } }, paths, directory);
  assert.equal((await readdir(join(state, 'gcroots/auto'))).length, paths.length);
});

test('the largest store paths come first, with the size of the whole store', async () => {
  const { total, largest } = readLargestInDatabase(opened.nix) ?? { total: 0, largest: [] };
  assert.ok(largest.length > 0 && largest.length <= 5);
  const sizes = largest.map(({ narSize }) => narSize);
  assert.deepEqual(
    sizes,
    sizes.toSorted((one, other) => other - one),
  );
  assert.deepEqual(
    await readNarSizes(
      opened.nix,
      largest.map(({ path }) => path),
    ),
    new Map(largest.map(({ path, narSize }) => [path, narSize])),
  );
  assert.ok(total >= sizes.reduce((sum, size) => sum + size, 0));
});

test('what it cannot say is left to nix-store', async t => {
  const state = await temporaryDirectory(t);
  const { env } = opened.nix;
  const read = (more: Record<string, string>, asked = paths) =>
    readHashesInDatabase({ ...opened.nix, env: { ...env, ...more } }, asked);
  assert.equal(read({}, [...paths, nothing]), undefined);
  assert.equal(read({ NIX_REMOTE: 'local?root=/elsewhere' }), undefined);
  assert.equal(read({ NIX_STATE_DIR: state }), undefined);
  await mkdir(join(state, 'db'));
  await symlink('/nix/var/nix/db/db.sqlite', join(state, 'db/db.sqlite'));
  await writeFile(join(state, 'db/schema'), '10\n');
  assert.deepEqual(read({ NIX_STATE_DIR: state }), read({}));
  await writeFile(join(state, 'db/schema'), '11');
  assert.equal(read({ NIX_STATE_DIR: state }), undefined);
  await writeFile(join(state, 'db/schema'), '10');
  await rm(join(state, 'db/db.sqlite'));
  await writeFile(join(state, 'db/db.sqlite'), 'no database');
  assert.equal(read({ NIX_STATE_DIR: state }), undefined);
});
