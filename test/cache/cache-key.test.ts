import assert from 'node:assert/strict';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { cacheKey, type KeyOptions, keyIncludesToolchain } from '../../src/cache/cache-key.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function checkout(t: TestContext, files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await temporaryDirectory(t);
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  return directory;
}

/** Runs `body` with the rights of nobody. */
async function asNobody<T>(body: () => Promise<T>): Promise<T> {
  process.seteuid?.(65_534);
  try {
    return await body();
  } finally {
    process.seteuid?.(0);
  }
}

const keyOf = (directory: string, options: Partial<KeyOptions> = {}) =>
  cacheKey({ directory, patterns: [], system: 'x86_64-linux', spec: '.#image', extra: '', ...options });

test('the lock files of Nix are found wherever they are, and no others', async t => {
  const directory = await checkout(t, {
    'flake.lock': '1',
    'deep/er/flake.lock': '2',
    'npins/sources.json': '3',
    'sub/nix/sources.json': '4',
    'sources.json': 'no',
    'my-flake.lock': 'no',
    'Cargo.lock': 'no',
    'node_modules/x/flake.lock': 'no',
    '.git/flake.lock': 'no',
  });
  await symlink('/nix/store', join(directory, 'result'));
  await symlink('flake.lock', join(directory, 'npins/flake.lock'));
  const { files } = await keyOf(directory);
  assert.deepEqual(files, ['deep/er/flake.lock', 'flake.lock', 'npins/sources.json', 'sub/nix/sources.json']);
  const more = await keyOf(directory, { patterns: ['**/*.lock'] });
  assert.deepEqual(more.files, ['Cargo.lock', ...files.slice(0, 2), 'my-flake.lock', ...files.slice(2)]);
});

test('the same files give the same key in another place', async t => {
  const files = { 'flake.lock': '1', 'b/flake.lock': '2' };
  const one = await keyOf(await checkout(t, files));
  const other = await keyOf(await checkout(t, { 'b/flake.lock': '2', 'flake.lock': '1' }));
  assert.deepEqual(one, other);
  assert.match(one.key, /^nix-image-4-x86_64-linux-[0-9a-f]{12}-[0-9a-f]{32}$/);
});

test('what cannot be read does not keep the rest from being found', async t => {
  const directory = await checkout(t, { 'flake.lock': '1', 'data/flake.lock': '2', 'sub/flake.lock': '3' });
  const before = await keyOf(directory);
  await chmod(directory, 0o755);
  await chmod(join(directory, 'data'), 0);
  await chmod(join(directory, 'sub/flake.lock'), 0);
  // Root reads everything, so another user has to look.
  const read = () => keyOf(directory);
  const { files, unreadable, key } = process.getuid?.() === 0 ? await asNobody(read) : await read();
  // For whoever removes it.
  await chmod(join(directory, 'data'), 0o755);
  assert.deepEqual(files, ['flake.lock', 'sub/flake.lock']);
  assert.deepEqual(unreadable, ['data', 'sub/flake.lock']);
  assert.notEqual(key, before.key);
});

test('whatever differs gives another key, and the prefixes find what is nearest', async t => {
  const directory = await checkout(t, { 'flake.lock': '1', 'go.sum': '2' });
  const base = await keyOf(directory);
  const [forSpec = '', forSystem = ''] = base.prefixes;
  const near = {
    content: await keyOf(await checkout(t, { 'flake.lock': '2' })),
    name: await keyOf(await checkout(t, { 'a/flake.lock': '1' })),
    boundary: await keyOf(await checkout(t, { 'flake.lock': '1', 'npins/sources.json': '' })),
    patterns: await keyOf(directory, { patterns: ['go.*'] }),
    extra: await keyOf(directory, { extra: 'x' }),
  };
  const further = await keyOf(directory, { spec: '.#other' });
  const foreign = await keyOf(directory, { system: 'aarch64-linux' });
  const keys = [base, ...Object.values(near), further, foreign].map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
  for (const { key } of Object.values(near)) assert.ok(key.startsWith(forSpec));
  assert.ok(further.key.startsWith(forSystem) && !further.key.startsWith(forSpec));
  assert.ok(!foreign.key.startsWith(forSystem));
});

test('an entry with Nix is found by runs without, and by those that want another, but not taken for what it is not', async t => {
  const directory = await checkout(t, { 'flake.lock': '1' });
  const without = await keyOf(directory);
  const one = await keyOf(directory, { toolchain: 'nix2.26.3-4e2c53e8' });
  const other = await keyOf(directory, { toolchain: 'nix2.26.3-00000000' });
  assert.match(one.key, /^nix-image-4-x86_64-linux-[0-9a-f]{12}-nix2\.26\.3-4e2c53e8-[0-9a-f]{32}$/);
  assert.deepEqual(one.prefixes.slice(1), without.prefixes);
  assert.ok(one.key.startsWith(one.prefixes[0] ?? ''));
  assert.ok(!other.key.startsWith(one.prefixes[0] ?? ''));
  assert.ok(other.key.startsWith(one.prefixes[1] ?? ''));
  const named = [one.key, `${one.key}-2`, other.key, without.key].map(key =>
    keyIncludesToolchain(key, 'nix2.26.3-4e2c53e8'),
  );
  assert.deepEqual(named, [true, true, false, false]);
});
