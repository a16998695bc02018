import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { suite, test } from 'node:test';
import { readLocalFlake } from '../../src/nix/local-flake.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

suite('the flake of an installable', () => {
  for (const [installable, below] of [
    ['.', ''],
    ['', ''],
    ['#app', ''],
    ['.#app', ''],
    ['./sub#app', 'sub'],
    ['sub', undefined],
    ['./sub/deeper#app', 'sub'],
    ['.?dir=sub#app', 'sub'],
    ['.?submodules=1#app', ''],
    ['git+file:.#app', ''],
    ['path:.#app', undefined],
    ['.?rev=0123456789012345678901234567890123456789#app', undefined],
    ['.?ref=main#app', undefined],
    ['github:acme/app#app', undefined],
    ['nixpkgs#hello', undefined],
    ['git+https://example.com/app#app', undefined],
    ['/nix/store/0123456789abcdfghijklmnpqrsvwxyz-app', undefined],
    ['./nowhere#app', undefined],
  ] as const) {
    test(`${installable || 'empty'} is ${below === undefined ? 'none here' : `in ./${below}`}`, async t => {
      const directory = await temporaryDirectory(t);
      await mkdir(join(directory, 'sub/deeper'), { recursive: true });
      for (const name of ['.', 'sub']) await writeFile(join(directory, name, 'flake.nix'), '{ }');
      const reading = readLocalFlake(installable, path => resolve(directory, path));
      if (below === undefined) await assert.rejects(reading, { name: 'Failure' });
      else assert.deepEqual(await reading, { directory: join(directory, below), lock: undefined });
    });
  }
});

suite('flake.lock', () => {
  const root = { inputs: { data: 'data' } };
  const hash = 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
  for (const [name, node, expected] of [
    ['pins by the hash', { locked: { type: 'github', narHash: hash } }, undefined],
    ['pins by the commit', { locked: { type: 'git', rev: '0'.repeat(40) } }, undefined],
    ['has a directory of the flake itself', { locked: { type: 'path', path: './data' }, parent: [] }, undefined],
    ['has an input without a hash', { locked: { type: 'git', url: 'file:///data' } }, /does not pin the input data/],
    [
      'has an input that is not locked',
      { original: { type: 'indirect', id: 'nixpkgs' } },
      /does not pin the input data/,
    ],
  ] as const) {
    test(name, async t => {
      const directory = await temporaryDirectory(t);
      const lock = JSON.stringify({ nodes: { root, data: node }, root: 'root', version: 7 });
      await writeFile(join(directory, 'flake.nix'), '{ }');
      await writeFile(join(directory, 'flake.lock'), lock);
      const reading = readLocalFlake('.', path => resolve(directory, path));
      if (expected === undefined) assert.deepEqual(await reading, { directory, lock });
      else await assert.rejects(reading, { name: 'Failure', message: expected });
    });
  }

  test('that is no lock file', async t => {
    const directory = await temporaryDirectory(t);
    await writeFile(join(directory, 'flake.nix'), '{ }');
    for (const text of ['[]', '{', '{"nodes":[]}']) {
      await writeFile(join(directory, 'flake.lock'), text);
      await assert.rejects(
        readLocalFlake('.', () => directory),
        { name: 'Failure' },
      );
    }
  });
});
