import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { type Checkout, openCheckout, webUrlOf } from '../../src/runtimes/checkout.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const token = 'ghs_16C7e42F292c6912E7710c838347Ae178B4a';

/** git without the settings of this machine. */
const env = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'C',
  GIT_COMMITTER_EMAIL: 'c@example.com',
  GIT_AUTHOR_DATE: '1600000000 +0000',
  GIT_COMMITTER_DATE: '1700000000 +0200',
};

/** Reads a checkout as a terminal does; a runner does not search above. */
async function readCheckout(
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
  searchesAbove = true,
): Promise<Checkout> {
  const temporary = await mkdtemp(join(tmpdir(), 'nix-image-test-'));
  try {
    return (await openCheckout(directory, { env: environment, temporary, searchesAbove, readsRemote: true })).checkout;
  } finally {
    await rm(temporary, { recursive: true });
  }
}

/** A repository with one commit, after which these git commands were run. */
async function repository(t: TestContext, ...commands: readonly string[]): Promise<string> {
  const directory = await temporaryDirectory(t);
  for (const command of ['init -q -b main', 'commit -q --allow-empty -m first', ...commands]) {
    await run('git', command.split(' '), { cwd: directory, env });
  }
  return directory;
}

test('commit and time of the committer', async t => {
  const directory = await repository(t);
  const revision = (await run('git', ['rev-parse', 'HEAD'], { cwd: directory, env })).trim();
  assert.deepEqual(await readCheckout(directory, env), {
    revision,
    commitTime: 1_700_000_000,
    branch: 'main',
  });
  await mkdir(join(directory, 'deeper'));
  assert.equal((await readCheckout(join(directory, 'deeper'), env)).revision, revision);
});

test('of the tags at HEAD the newest version', async t => {
  const directory = await repository(t, 'tag v0.9', 'commit -q --allow-empty -m second', 'tag v1.9', 'tag v1.10');
  assert.equal((await readCheckout(directory, env)).gitTag, 'v1.10');
  await run('git', ['commit', '-q', '--allow-empty', '-m', 'third'], { cwd: directory, env });
  assert.equal((await readCheckout(directory, env)).gitTag, undefined);
});

suite('the remote "origin" as a web address, without its login', () => {
  for (const [remote, expected] of [
    ['git@github.com:acme/app.git', 'https://github.com/acme/app'],
    ['https://github.com/acme/app.git', 'https://github.com/acme/app'],
    [`https://x-access-token:${token}@github.com/acme/app.git`, 'https://github.com/acme/app'],
    [`https://${token}@github.com/acme/app`, 'https://github.com/acme/app'],
    [`https://github.com/acme/app?private_token=${token}#${token}`, 'https://github.com/acme/app'],
    ['ssh://git@github.com:22/acme/app.git', 'https://github.com/acme/app'],
  ] as const) {
    test(remote.replaceAll(token, 'TOKEN'), async t => {
      const directory = await repository(t, `remote add origin ${remote}`);
      const checkout = await readCheckout(directory, env);
      assert.equal(checkout.repositoryUrl, expected);
      assert.ok(!JSON.stringify(checkout).includes(token));
    });
  }

  test('where git puts a token in', async t => {
    const directory = await repository(
      t,
      'remote add origin https://github.com/acme/app',
      `config url.https://x-access-token:${token}@github.com/.insteadOf https://github.com/`,
    );
    assert.equal((await readCheckout(directory, env)).repositoryUrl, 'https://github.com/acme/app');
  });
});

suite('remotes of other kinds', () => {
  for (const [remote, expected] of [
    ['host:path/app', 'https://host/path/app'],
    ['https://github.example.com:8443/acme/app/', 'https://github.example.com:8443/acme/app'],
    ['http://localhost:3000/acme/app.git', 'http://localhost:3000/acme/app'],
    ['git://example.com/app.git', 'https://example.com/app'],
    ['https://gitlab.com/group/sub/app.git', 'https://gitlab.com/group/sub/app'],
    [`oauth2:${token}@gitlab.com/acme/app`, undefined],
    ['/srv/git/app.git', undefined],
    ['../app', undefined],
    ['file:///srv/git/app.git', undefined],
    ['', undefined],
  ] as const) {
    test(remote.replaceAll(token, 'TOKEN') || 'none', () => assert.equal(webUrlOf(remote), expected));
  }
});

test('a checkout of another user is read', async t => {
  const directory = await repository(t);
  const { revision } = await readCheckout(directory, env);
  const stranger = { ...env, GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' };
  await assert.rejects(run('git', ['log'], { cwd: directory, env: stranger }), /dubious ownership/);
  assert.equal((await readCheckout(directory, stranger)).revision, revision);
});

suite('nothing is known', () => {
  test('without a repository', async t => {
    assert.deepEqual(await readCheckout(await temporaryDirectory(t), env), {});
  });

  test('before the first commit', async t => {
    const directory = await temporaryDirectory(t);
    await run('git', ['init', '-q'], { cwd: directory, env });
    assert.deepEqual(await readCheckout(directory, env), {});
  });

  test('without git', async t => {
    assert.deepEqual(await readCheckout(await repository(t), { PATH: '/nonexistent' }), {});
  });

  test('without a directory', async () => assert.deepEqual(await readCheckout('/nonexistent', env), {}));
});

suite('a repository of every kind', () => {
  test('with hashes of SHA-256 and a linked worktree', async t => {
    const directory = await temporaryDirectory(t);
    const git = (...args: readonly string[]) => run('git', args, { cwd: directory, env });
    await git('init', '-q', '-b', 'main', '--object-format=sha256');
    await git('commit', '-q', '--allow-empty', '-m', 'first');
    await git('tag', '-a', '-m', 'annotated', 'v1');
    const revision = (await git('rev-parse', 'HEAD')).trim();
    const expected = { revision, commitTime: 1_700_000_000, gitTag: 'v1' };
    assert.deepEqual(await readCheckout(directory, env), { ...expected, branch: 'main' });
    await git('worktree', 'add', '-q', '-b', 'other', join(directory, 'tree'));
    assert.deepEqual(await readCheckout(join(directory, 'tree'), env), { ...expected, branch: 'other' });
  });

  test('packed, shallow, with the objects of another, without a branch', async t => {
    const origin = await repository(t, 'commit -q --allow-empty -m second', 'tag v2', 'pack-refs --all', 'gc -q');
    const { revision } = await readCheckout(origin, env);
    for (const options of [['--depth=1', '--branch=v2'], ['--reference', origin], ['--filter=blob:none'], ['--bare']]) {
      const clone = join(await temporaryDirectory(t), 'clone');
      await run('git', ['clone', '-q', ...options, `file://${origin}`, clone], { env });
      if (options.includes('--bare')) assert.deepEqual(await readCheckout(clone, env), {});
      else assert.equal((await readCheckout(clone, env)).revision, revision, options[0]);
    }
  });

  test('a submodule', async t => {
    const origin = await repository(t);
    const { revision } = await readCheckout(origin, env);
    const directory = await repository(t, `-c protocol.file.allow=always submodule -q add ${origin} sub`);
    assert.equal((await readCheckout(join(directory, 'sub'), env)).revision, revision);
  });
});

test("the user's own rewriting of URLs counts, and none of his other settings", async t => {
  const home = await temporaryDirectory(t);
  const directory = await repository(t, 'remote add origin gh:acme/app');
  await writeFile(
    join(home, '.gitconfig'),
    '[log]\nshowSignature = true\n[url "https://github.com/"]\ninsteadOf = gh:\n[core]\npager = false\n',
  );
  const { commitTime, repositoryUrl } = await readCheckout(directory, { PATH: env.PATH, HOME: home });
  assert.deepEqual(
    { commitTime, repositoryUrl },
    { commitTime: 1_700_000_000, repositoryUrl: 'https://github.com/acme/app' },
  );
});

suite('nothing in a repository starts a program', () => {
  /** Settings, by what they are called, each of which runs the trap in one command of git or another. */
  const traps: Readonly<Record<string, (trap: string) => readonly string[]>> = {
    'log.showSignature': trap => ['[log]', 'showSignature = true', '[gpg]', `program = ${trap}`],
    'gpg.ssh.program': trap => [
      '[log]',
      'showSignature = true',
      '[gpg]',
      'format = ssh',
      '[gpg "ssh"]',
      `program = ${trap}`,
    ],
    'core.fsmonitor': trap => ['[core]', `fsmonitor = ${trap}`],
    'core.pager': trap => ['[core]', `pager = ${trap}`, '[pager]', 'log = true', 'tag = true', 'config = true'],
    'core.hooksPath': trap => ['[core]', `hooksPath = ${trap.replace(/\/[^/]+$/, '')}`],
    alias: trap => ['[alias]', ...['log', 'tag', 'remote', 'status'].map(name => `${name} = !${trap}`)],
    'core.sshCommand and a promisor': trap => [
      ...['[core]', 'repositoryformatversion = 1', `sshCommand = ${trap}`, '[extensions]', 'partialClone = origin'],
      ...['[remote "origin"]', 'url = ssh://host/app', 'promisor = true'],
    ],
    'a remote helper': trap => [
      '[remote "origin"]',
      `url = ext::${trap}`,
      'promisor = true',
      '[protocol]',
      'allow = always',
    ],
    'core.gitProxy': trap => [
      '[core]',
      `gitProxy = ${trap}`,
      '[remote "origin"]',
      'url = git://host/app',
      'promisor = true',
    ],
    'credential.helper': trap => ['[credential]', `helper = !${trap}`],
    'include.path': trap => ['[include]', 'path = evil', '[includeIf "gitdir:/**"]', 'path = evil', `[x]\ny = ${trap}`],
  };

  for (const [description, settings] of Object.entries(traps)) {
    for (const isMissing of [false, true]) {
      test(`${description}, ${isMissing ? 'with the commit missing' : 'with the commit signed'}`, async t => {
        const directory = await repository(t, 'tag v1', 'tag v2');
        const trap = join(directory, 'trap');
        await writeFile(trap, `#!/bin/sh\ntouch ${directory}/ran\n`, { mode: 0o755 });
        for (const hook of ['post-index-change', 'reference-transaction']) await symlink(trap, join(directory, hook));
        const commit = await run('git', ['cat-file', 'commit', 'HEAD'], { cwd: directory, env });
        const signed = commit.replace(
          '\n\n',
          '\ngpgsig -----BEGIN PGP SIGNATURE-----\n x\n -----END PGP SIGNATURE-----\n\n',
        );
        await writeFile(join(directory, 'commit'), signed);
        const revision = (
          await run('git', ['hash-object', '-t', 'commit', '-w', 'commit'], { cwd: directory, env })
        ).trim();
        await run('git', ['update-ref', 'HEAD', revision], { cwd: directory, env });
        if (isMissing) await rename(join(directory, '.git/objects'), join(directory, '.git/gone'));
        if (isMissing) await mkdir(join(directory, '.git/objects'));
        const config = ['[core]', 'bare = false', ...settings(trap), ''].join('\n');
        await writeFile(join(directory, '.git/config'), config);
        await writeFile(join(directory, '.git/evil'), `[core]\nfsmonitor = ${trap}\n[log]\nshowSignature = true\n`);
        const checkout = await readCheckout(directory, { PATH: env.PATH, HOME: '/nonexistent' });
        assert.equal(checkout.revision, isMissing ? undefined : revision);
        assert.ok(!existsSync(join(directory, 'ran')));
      });
    }
  }

  test('not by pointing elsewhere', async t => {
    const [directory, other] = [await temporaryDirectory(t), await repository(t)];
    const trap = join(directory, 'trap');
    await writeFile(trap, `#!/bin/sh\ntouch ${directory}/ran\n`, { mode: 0o755 });
    await writeFile(join(other, '.git/config'), `[core]\nfsmonitor = ${trap}\n[log]\nshowSignature = true\n`);
    await writeFile(join(directory, '.git'), `gitdir: ${other}/.git\n`);
    await readCheckout(directory, env);
    assert.ok(!existsSync(join(directory, 'ran')));
  });
});

suite('where a repository is searched', () => {
  test('a runner looks in its workspace alone', async t => {
    const directory = join(await repository(t), 'workspace');
    await mkdir(directory);
    assert.deepEqual(await readCheckout(directory, env, false), {});
    assert.notDeepEqual(await readCheckout(directory, env), {});
  });

  test("git's own variables do not lead elsewhere", async t => {
    const other = await repository(t);
    assert.deepEqual(await readCheckout(await temporaryDirectory(t), { ...env, GIT_DIR: `${other}/.git` }), {});
  });

  test('a pipe in place of a file does not hang', async t => {
    const directory = await temporaryDirectory(t);
    await run('mkfifo', [join(directory, '.git')]);
    assert.deepEqual(await readCheckout(directory, env), {});
    const second = await repository(t);
    await rm(join(second, '.git/HEAD'));
    await run('mkfifo', [join(second, '.git/HEAD')]);
    assert.deepEqual(await readCheckout(second, env), {});
  });
});
