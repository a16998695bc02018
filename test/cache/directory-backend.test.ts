import assert from 'node:assert/strict';
import { lstat, mkdir, readdir, readFile, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openDirectoryBackend } from '../../src/cache/directory-backend.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function open(t: TestContext) {
  const root = await temporaryDirectory(t);
  const directory = join(root, 'shared');
  await mkdir(directory);
  const entryPath = (key: string) => join(directory, `${key}.nix-image-cache`);
  const write = async (name: string, text: string) => {
    const path = join(root, name);
    await writeFile(path, text);
    return path;
  };
  return { root, directory, entryPath, write, backend: openDirectoryBackend(directory) };
}

test('a dangling symlink, a FIFO and a directory are no entries, and the others are found', {
  timeout: 20_000,
}, async t => {
  const { root, entryPath, backend } = await open(t);
  await symlink(join(root, 'nowhere'), entryPath('app-1'));
  await run('mkfifo', [entryPath('app-2')]);
  await mkdir(entryPath('app-3'));
  await writeFile(entryPath('app-0'), 'good');
  await utimes(entryPath('app-0'), 1, 1);
  const file = join(root, 'restored');
  for (const key of ['app-1', 'app-2', 'app-3', 'app-9']) {
    assert.equal(await backend.find(key, ['app-']), 'app-0');
    assert.equal(await backend.restore(file, key, ['app-']), 'app-0');
    assert.equal(await readFile(file, 'utf8'), 'good');
    assert.equal(await backend.restore(file, key, []), undefined);
  }
});

test('a symlink is not followed to read or to write an entry, and the new entry takes its place', async t => {
  const { root, entryPath, write, backend } = await open(t);
  const outside = await write('outside', 'secret');
  await symlink(outside, entryPath('app-1'));
  assert.equal(await backend.restore(join(root, 'restored'), 'app-1', []), undefined);
  assert.equal(await backend.save(await write('saved', 'entry'), 'app-1'), true);
  assert.equal(await readFile(outside, 'utf8'), 'secret');
  assert.ok((await lstat(entryPath('app-1'))).isFile());
  assert.equal(await readFile(entryPath('app-1'), 'utf8'), 'entry');
});

test('writers of one key do not write to the same temporary file, whatever their process numbers', async t => {
  const { root, directory, entryPath, write, backend } = await open(t);
  // Where writers of the same process number met, and where anyone could plant a link.
  await symlink(await write('outside', 'secret'), join(directory, `.app-1.${process.pid}`));
  const texts = Array.from({ length: 8 }, (_, i) => String(i).repeat(300_000));
  const files = await Promise.all(texts.map((text, i) => write(`saved-${i}`, text)));
  await Promise.all(files.map(file => backend.save(file, 'app-1')));
  assert.ok(texts.includes(await readFile(entryPath('app-1'), 'utf8')));
  assert.equal(await readFile(join(root, 'outside'), 'utf8'), 'secret');
  assert.deepEqual((await readdir(directory)).sort(), [`.app-1.${process.pid}`, 'app-1.nix-image-cache']);
});

test('what a killed writer left is removed a day later', async t => {
  const { directory, write, backend } = await open(t);
  const old = join(directory, '.app-1.x.nix-image-cache.tmp');
  const fresh = join(directory, '.app-2.x.nix-image-cache.tmp');
  for (const path of [old, fresh]) await writeFile(path, 'half');
  await utimes(old, 1, 1);
  await backend.save(await write('saved', 'entry'), 'app-3');
  assert.deepEqual((await readdir(directory)).sort(), ['.app-2.x.nix-image-cache.tmp', 'app-3.nix-image-cache']);
});
