import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, chmod, cp, mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { openCheckout } from '../../src/runtimes/checkout.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const env = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'C',
  GIT_COMMITTER_EMAIL: 'c@example.com',
};

const git = (directory: string, ...args: readonly string[]) => run('git', args, { cwd: directory, env });

async function changedFiles(t: TestContext, directory: string): Promise<readonly string[] | undefined> {
  const options = { env: { PATH: env.PATH, HOME: '/nonexistent' }, temporary: await temporaryDirectory(t) };
  const { changedFiles } = await openCheckout(directory, { ...options, searchesAbove: true });
  return changedFiles();
}

/** A repository with one commit of these files. */
async function repository(t: TestContext, files: Readonly<Record<string, string>> = {}): Promise<string> {
  const directory = await temporaryDirectory(t);
  await git(directory, 'init', '-q', '-b', 'main');
  for (const [name, text] of Object.entries({ 'app.nix': 'one', 'lib/b.nix': 'two', ...files })) {
    await mkdir(join(directory, name, '..'), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  await git(directory, 'add', '.');
  await git(directory, 'commit', '-q', '-m', 'first');
  return directory;
}

suite('a tracked file counts', () => {
  for (const [description, change, expected] of [
    [
      'changed, of the same size and in the same second',
      (at: string) => writeFile(join(at, 'app.nix'), 'ONE'),
      'app.nix',
    ],
    ['changed below', (at: string) => appendFile(join(at, 'lib/b.nix'), '\n'), 'lib/b.nix'],
    ['removed', (at: string) => rm(join(at, 'app.nix')), 'app.nix'],
    ['made executable', (at: string) => chmod(join(at, 'app.nix'), 0o755), 'app.nix'],
    ['removed from the index alone', (at: string) => git(at, 'rm', '-q', '--cached', 'app.nix'), 'app.nix'],
    [
      'added to the index, with a strange name',
      async (at: string) => {
        await writeFile(join(at, ' new\nline'), '');
        await git(at, 'add', '.');
      },
      ' new\nline',
    ],
  ] as const) {
    test(description, async t => {
      const directory = await repository(t);
      assert.deepEqual(await changedFiles(t, directory), []);
      await change(directory);
      assert.deepEqual(await changedFiles(t, directory), [expected]);
      assert.deepEqual(await changedFiles(t, join(directory, 'lib')), [expected]);
    });
  }
});

suite('nothing has changed', () => {
  test('if a file is untracked, or only its time is new', async t => {
    const directory = await repository(t);
    await writeFile(join(directory, 'result'), '');
    await utimes(join(directory, 'app.nix'), 0, 0);
    assert.deepEqual(await changedFiles(t, directory), []);
  });

  test('with line ends as the repository says, a split index, a linked worktree', async t => {
    const directory = await repository(t, { 'a.txt': 'a\nb\n' });
    await git(directory, 'config', 'core.autocrlf', 'true');
    await rm(join(directory, 'a.txt'));
    await git(directory, 'checkout', '-q', '.');
    await utimes(join(directory, 'a.txt'), 0, 0);
    await git(directory, 'update-index', '--split-index');
    assert.deepEqual(await changedFiles(t, directory), []);
    await git(directory, 'worktree', 'add', '-q', '-b', 'other', join(directory, 'tree'));
    assert.deepEqual(await changedFiles(t, join(directory, 'tree')), []);
    await writeFile(join(directory, 'tree/app.nix'), 'changed');
    assert.deepEqual(await changedFiles(t, join(directory, 'tree')), ['app.nix']);
    assert.deepEqual(await changedFiles(t, directory), []);
  });

  test('in a clone without a file that is not wanted, or without blobs', async t => {
    const origin = await repository(t);
    await git(origin, 'config', 'uploadpack.allowFilter', 'true');
    const clone = join(await temporaryDirectory(t), 'clone');
    await git(origin, 'clone', '-q', '--filter=blob:none', '--sparse', `file://${origin}`, clone);
    assert.ok(!existsSync(join(clone, 'lib')));
    assert.deepEqual(await changedFiles(t, clone), []);
  });
});

suite('the answer is unknown', () => {
  test('without a repository', async t => {
    assert.equal(await changedFiles(t, await temporaryDirectory(t)), undefined);
  });

  test('if the index is a pipe or is damaged', async t => {
    const directory = await repository(t);
    const index = join(directory, '.git/index');
    await writeFile(index, 'damaged');
    assert.equal(await changedFiles(t, directory), undefined);
    await rm(index);
    await run('mkfifo', [index]);
    assert.equal(await changedFiles(t, directory), undefined);
  });
});

suite('a filter is a program that never runs', () => {
  const filtered = { '.gitattributes': 'big filter=trap diff=trap\n', big: 'big' };

  test('so its files are compared by size and time', async t => {
    const directory = await repository(t);
    for (const way of ['clean', 'smudge']) await git(directory, 'config', `filter.trap.${way}`, 'rev');
    for (const [name, text] of Object.entries(filtered)) await writeFile(join(directory, name), text);
    await git(directory, 'add', '.');
    await git(directory, 'commit', '-q', '-m', 'second');
    assert.equal(await git(directory, 'show', 'HEAD:big'), 'gib');
    assert.deepEqual(await changedFiles(t, directory), []);
    await writeFile(join(directory, 'big'), 'bigger');
    assert.deepEqual(await changedFiles(t, directory), ['big']);
  });

  for (const place of ['.gitattributes', '.git/info/attributes']) {
    test(`by ${place}, with all other traps of a configuration`, async t => {
      const directory = await repository(t, filtered);
      const trap = join(directory, 'trap');
      await writeFile(trap, `#!/bin/sh\ntouch ${directory}/ran\ncat\n`, { mode: 0o755 });
      await mkdir(join(directory, '.git/info'), { recursive: true });
      if (place !== '.gitattributes') await rename(join(directory, '.gitattributes'), join(directory, place));
      await symlink(trap, join(directory, '.git/hooks/post-index-change')).catch(async () => {
        await mkdir(join(directory, '.git/hooks'));
        await symlink(trap, join(directory, '.git/hooks/post-index-change'));
      });
      const settings = ['clean', 'smudge', 'process'].map(way => `${way} = ${trap}`);
      const config = [
        '[core]',
        `fsmonitor = ${trap}`,
        `autocrlf = ${trap}`,
        '[filter "trap"]',
        ...settings,
        'required',
      ];
      const diff = ['[diff]', `external = ${trap}`, '[diff "trap"]', `textconv = ${trap}`];
      await appendFile(join(directory, '.git/config'), `\n${[...config, ...diff, ''].join('\n')}`);
      await writeFile(join(directory, 'big'), 'gib');
      await utimes(join(directory, 'big'), 0, 0);
      const expected = place === '.gitattributes' ? ['big'] : ['.gitattributes', 'big'];
      assert.deepEqual((await changedFiles(t, directory))?.toSorted(), expected);
      assert.ok(!existsSync(join(directory, 'ran')));
    });
  }
});

test('a submodule counts by its commit, and nothing in it starts a program', async t => {
  const origin = await repository(t);
  const directory = await repository(t);
  await git(directory, '-c', 'protocol.file.allow=always', 'submodule', '-q', 'add', origin, 'sub');
  await git(directory, 'commit', '-q', '-m', 'second');
  const sub = join(directory, 'sub');
  const trap = join(directory, 'trap');
  await writeFile(trap, `#!/bin/sh\ntouch ${directory}/ran\n`, { mode: 0o755 });
  const config = join(directory, '.git/modules/sub/config');
  await cp(config, `${config}.good`);
  await appendFile(config, `\n[core]\nfsmonitor = ${trap}\n[alias]\nstatus = !${trap}\n`);
  await appendFile(join(directory, '.gitmodules'), 'ignore = none\n');
  await writeFile(join(sub, 'app.nix'), 'changed');
  assert.deepEqual(await changedFiles(t, directory), ['.gitmodules']);
  assert.ok(!existsSync(join(directory, 'ran')));
  await rename(`${config}.good`, config);
  await git(sub, 'commit', '-q', '-a', '-m', 'third');
  assert.deepEqual(await changedFiles(t, directory), ['.gitmodules', 'sub']);
});
