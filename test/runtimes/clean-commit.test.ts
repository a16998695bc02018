import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { appendFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { openCheckout } from '../../src/runtimes/checkout.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const env = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  ...{ GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.com' },
  ...{ GIT_COMMITTER_NAME: 'C', GIT_COMMITTER_EMAIL: 'c@example.com' },
};
const git = async (directory: string, ...args: readonly string[]) =>
  (await run('git', ['-c', 'protocol.file.allow=always', ...args], { cwd: directory, env })).trim();

async function cleanCommit(t: TestContext, directory: string, at = directory, files: readonly string[] = []) {
  const options = { env: { PATH: env.PATH, HOME: '/nonexistent' }, temporary: await temporaryDirectory(t) };
  return (await openCheckout(directory, { ...options, searchesAbove: false })).cleanCommit(at, files);
}

/** A repository with one commit. */
async function repository(t: TestContext): Promise<string> {
  const directory = await temporaryDirectory(t);
  await git(directory, 'init', '-q', '-b', 'main');
  await mkdir(join(directory, 'sub'));
  for (const name of ['flake.nix', 'sub/flake.nix']) await writeFile(join(directory, name), '{ }');
  await git(directory, 'add', '.');
  await git(directory, 'commit', '-q', '-m', 'first');
  return directory;
}

test('a clean checkout is its commit, and so is a directory in it; files that are not tracked do not count', async t => {
  const directory = await repository(t);
  await writeFile(join(directory, 'result'), '');
  const revision = await git(directory, 'rev-parse', 'HEAD');
  for (const at of ['', 'sub']) {
    assert.deepEqual(await cleanCommit(t, directory, join(directory, at)), {
      ...{ revision, directory: at, shallow: '' },
    });
  }
});

test('a repository that is checked out below the directory of the run counts for itself', async t => {
  const [workspace, origin] = [await temporaryDirectory(t), await repository(t)];
  await git(workspace, 'clone', '-q', origin, 'app');
  const app = join(workspace, 'app');
  const found = { revision: await git(app, 'rev-parse', 'HEAD'), directory: 'sub', shallow: '' };
  assert.deepEqual(await cleanCommit(t, workspace, join(app, 'sub')), found);
  for (const args of [
    ['init', '-q'],
    ['commit', '-q', '--allow-empty', '-m', 'other'],
  ])
    await git(workspace, ...args);
  assert.deepEqual(await cleanCommit(t, workspace, join(app, 'sub')), found);
  await appendFile(join(app, 'flake.nix'), ' ');
  assert.equal(await cleanCommit(t, workspace, join(app, 'sub')), undefined);
});

test('is the same to many that ask at once', async t => {
  const directory = await repository(t);
  await git(directory, 'update-index', '--split-index');
  const options = { env: { PATH: env.PATH, HOME: '/nonexistent' }, temporary: await temporaryDirectory(t) };
  const { cleanCommit, changedFiles } = await openCheckout(directory, { ...options, searchesAbove: false });
  const asked = Array.from({ length: 10 }, () => cleanCommit(directory, []));
  const changed = await Promise.all(Array.from({ length: 5 }, changedFiles));
  assert.deepEqual(changed, [[], [], [], [], []]);
  assert.deepEqual(new Set((await Promise.all(asked)).map(found => found?.revision)).size, 1);
  assert.ok((await asked[0]) !== undefined);
});

test('where a history is cut off is told, since Nix counts the commits that are there', async t => {
  const origin = await repository(t);
  for (const name of ['second', 'third']) await git(origin, 'commit', '-q', '--allow-empty', '-m', name);
  const directory = await temporaryDirectory(t);
  const depths = await Promise.all(
    [1, 2, 9].map(async depth => {
      await git(directory, 'clone', '-q', `--depth=${depth}`, `file://${origin}`, `clone${depth}`);
      return (await cleanCommit(t, join(directory, `clone${depth}`)))?.shallow;
    }),
  );
  assert.deepEqual(depths, [await git(origin, 'rev-parse', 'HEAD'), await git(origin, 'rev-parse', 'HEAD~1'), '']);
});

test('is unknown if a file that is to be in it is not tracked, such as one that git ignores', async t => {
  const directory = await repository(t);
  await writeFile(join(directory, '.gitignore'), 'flake.lock\n');
  await git(directory, 'add', '.');
  await git(directory, 'commit', '-q', '-m', 'second');
  const sub = join(directory, 'sub');
  await writeFile(join(sub, 'flake.lock'), '{}');
  assert.ok((await cleanCommit(t, directory, sub, ['flake.nix'])) !== undefined);
  assert.equal(await cleanCommit(t, directory, sub, ['flake.nix', 'flake.lock']), undefined);
});

suite('is unknown', () => {
  const cases: Readonly<Record<string, (directory: string) => Promise<unknown>>> = {
    'if a tracked file changed': directory => appendFile(join(directory, 'flake.nix'), ' '),
    'if a file is added to the index': async directory => {
      await writeFile(join(directory, 'flake.lock'), '{}');
      await git(directory, 'add', '--intent-to-add', 'flake.lock');
    },
    'if a file has a filter': async directory => {
      await writeFile(join(directory, '.gitattributes'), 'big filter=lfs\n');
      await writeFile(join(directory, 'big'), 'pointer');
      await git(directory, 'add', '.');
      await git(directory, 'commit', '-q', '-m', 'second');
    },
    'if a file is assumed to be unchanged': async directory => {
      await git(directory, 'update-index', '--assume-unchanged', 'flake.nix');
      await appendFile(join(directory, 'flake.nix'), ' ');
    },
    'if a file is not checked out': directory => git(directory, 'sparse-checkout', 'set', '--no-cone', '/flake.nix'),
    'if git does not compare modes': directory => git(directory, 'config', 'core.fileMode', 'false'),
    'if git converts line ends': directory => git(directory, 'config', 'core.autocrlf', 'input'),
    'without a repository': directory => run('rm', ['-r', join(directory, '.git')]),
  };
  for (const [name, change] of Object.entries(cases)) {
    test(name, async t => {
      const directory = await repository(t);
      await change(directory);
      assert.equal(await cleanCommit(t, directory), undefined);
    });
  }

  test('for a repository in the checkout that has no commit, and for a directory that a link leads to', async t => {
    const [directory, other] = [await repository(t), await repository(t)];
    await git(directory, 'init', '-q', 'inner');
    await symlink(other, join(directory, 'link'));
    for (const name of ['inner', 'link'])
      assert.equal(await cleanCommit(t, directory, join(directory, name)), undefined);
  });
});

test('a submodule counts with all that is in it, and nothing in it starts a program', async t => {
  const [inner, outer, directory] = [await repository(t), await repository(t), await repository(t)];
  await git(outer, 'submodule', '-q', 'add', inner, 'inner');
  await git(outer, 'commit', '-q', '-m', 'second');
  await git(directory, 'submodule', '-q', 'add', outer, 'outer');
  await git(directory, 'commit', '-q', '-m', 'second');
  assert.ok((await cleanCommit(t, directory)) !== undefined, 'one that is not checked out is empty');
  await git(directory, 'submodule', '-q', 'update', '--init', '--recursive');
  assert.ok((await cleanCommit(t, directory)) !== undefined);

  const trap = join(directory, 'trap');
  await writeFile(trap, `#!/bin/sh\ntouch ${directory}/ran\n`, { mode: 0o755 });
  await appendFile(
    join(directory, '.git/modules/outer/modules/inner/config'),
    `\n[core]\nfsmonitor = ${trap}\n[alias]\nstatus = !${trap}\n`,
  );
  await appendFile(join(directory, 'outer/inner/flake.nix'), ' ');
  assert.equal(await cleanCommit(t, directory), undefined);
  assert.ok(!existsSync(join(directory, 'ran')));
});
