import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { readCheckout, webUrlOf } from '../../src/hosts/checkout.ts';
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
  test('where there is no repository', async t => {
    assert.deepEqual(await readCheckout(await temporaryDirectory(t), env), {});
  });

  test('before the first commit', async t => {
    const directory = await temporaryDirectory(t);
    await run('git', ['init', '-q'], { cwd: directory, env });
    assert.deepEqual(await readCheckout(directory, env), {});
  });

  test('where there is no git', async t => {
    assert.deepEqual(await readCheckout(await repository(t), { PATH: '/nonexistent' }), {});
  });

  test('where there is no directory', async () => assert.deepEqual(await readCheckout('/nonexistent', env), {}));
});
