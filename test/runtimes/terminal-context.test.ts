import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { terminalContext } from '../../src/runtimes/terminal-context.ts';
import { failureWith } from '../support/failure.ts';

const revision = '0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c';

test('at a terminal git is asked', () => {
  const checkout = { revision: 'abc', commitTime: 1, gitTag: 'v1', repositoryUrl: 'https://github.com/acme/app' };
  assert.deepEqual(terminalContext({}, checkout), {
    ...checkout,
    repositoryName: 'app',
    repository: 'acme/app',
    apiUrl: 'https://api.github.com',
    ref: 'refs/tags/v1',
    sha: 'abc',
    isTrusted: true,
  });
  assert.deepEqual(terminalContext({}, { revision: 'abc', branch: 'main' }), {
    revision: 'abc',
    ref: 'refs/heads/main',
    sha: 'abc',
    isTrusted: true,
  });
  assert.deepEqual(terminalContext({}, {}), { isTrusted: true });
  const elsewhere = { repositoryUrl: 'https://gitlab.com/acme/app' };
  assert.deepEqual(terminalContext({}, elsewhere), { ...elsewhere, repositoryName: 'app', isTrusted: true });
});

suite('variables of a CI system precede git', () => {
  const env = {
    NIX_IMAGE_REF: 'refs/pull/12/merge',
    NIX_IMAGE_REVISION: revision,
    NIX_IMAGE_REPOSITORY_URL: 'https://git.example.org/acme/app',
    NIX_IMAGE_DEFAULT_BRANCH: 'main',
  };
  const expected = {
    repositoryUrl: 'https://git.example.org/acme/app',
    repositoryName: 'app',
    revision,
    ref: 'refs/pull/12/merge',
    sha: revision,
    defaultBranch: 'main',
    // It may come from a fork.
    isTrusted: false,
  };

  test('without git', () => assert.deepEqual(terminalContext(env, {}), expected));

  test('with a checkout of that commit, and of another', () => {
    const checkout = { revision, commitTime: 7, gitTag: 'v1' };
    assert.deepEqual(terminalContext(env, checkout), { ...expected, commitTime: 7 });
    assert.deepEqual(terminalContext(env, { revision: 'abc', commitTime: 7 }), { ...expected, checkoutTime: 7 });
  });

  test('a tag is one', () => {
    const { gitTag, ref } = terminalContext({ NIX_IMAGE_REF: 'refs/tags/v1.2.3' }, { revision, branch: 'main' });
    assert.deepEqual([gitTag, ref], ['v1.2.3', 'refs/tags/v1.2.3']);
  });

  for (const [name, value, advice] of [
    ['NIX_IMAGE_REF', 'main', 'give refs/heads/BRANCH'],
    ['NIX_IMAGE_REF', 'refs/pull/12/head', 'refs/pull/NUMBER/merge'],
    ['NIX_IMAGE_REVISION', '0d1a26e', 'give the full hash'],
    ['NIX_IMAGE_REPOSITORY_URL', 'git@example.org:acme/app', 'give https://HOST/OWNER/NAME'],
    ['NIX_IMAGE_REPOSITORY_URL', 'https://user:token@example.org/acme/app', 'without a login'],
    ['NIX_IMAGE_REPOSITORY_URL', 'https://:token@example.org/acme/app', 'without a login'],
  ] as const) {
    test(`${name}=${value} is refused`, () =>
      assert.throws(() => terminalContext({ [name]: value }, {}), failureWith(name, advice)));
  }

  test('a login in a URL is not quoted', () => {
    const variables = { NIX_IMAGE_REPOSITORY_URL: 'https://user:S3cret@example.org/acme/app' };
    assert.throws(
      () => terminalContext(variables, {}),
      (error: Error) => !error.message.includes('S3cret'),
    );
  });
});
