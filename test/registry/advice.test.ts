import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { adviceFor, connectionAdviceFor, type Refusal } from '../../src/registry/access/advice.ts';

const push: Refusal = {
  status: 403,
  words: 'DENIED',
  registry: 'registry.example.org',
  action: 'push',
  login: 'token',
};

suite('advice for a refusal', () => {
  for (const [name, refusal, expected] of [
    ['no login', { status: 401, login: 'none' }, 'Log in: set username and password'],
    ['no login, 403', { login: 'none' }, 'Log in: set username and password'],
    ['no login at the token service', { login: 'none', action: 'log in' }, 'Log in: set username and password'],
    ['a wrong password', { status: 401, login: 'password' }, 'Check username and password'],
    ['a wrong password, 401 of a token service', { status: 401, action: 'log in' }, 'Check username and password'],
    ['the token of a job, 401', { status: 401, action: 'log in', login: 'job token' }, 'scope write:package'],
    [
      'the token of a job, 401 of ghcr.io',
      { status: 401, action: 'log in', login: 'job token', registry: 'ghcr.io' },
      'Check username and password',
    ],
    ['a wrong password, 403 of a token service', { action: 'log in' }, 'Check username and password'],
    [
      'an account that only reads, 401 for its token',
      { status: 401 },
      'The login is valid, but has no permission to push here',
    ],
    ['an account that only reads, 403', {}, 'The login is valid, but has no permission to push here'],
    [
      'an account that only reads, 403 for its password',
      { login: 'password' },
      'The login is valid, but has no permission to push here',
    ],
    ['an account that may not read', { action: 'read' }, 'The login is valid, but has no permission to read here'],
    [
      'an account that may not delete',
      { action: 'delete' },
      'The login is valid, but has no permission to delete here',
    ],
    ['a job without packages: write', { registry: 'ghcr.io' }, '"permissions: packages: write"'],
    ['a job without packages: read', { registry: 'ghcr.io', action: 'read' }, '"permissions: packages: read"'],
    [
      'a personal token of ghcr.io',
      { registry: 'ghcr.io', words: 'The token does not match expected scopes' },
      'write:packages',
    ],
    ['a wrong password, 403 of ghcr.io', { registry: 'ghcr.io', action: 'log in' }, 'Check github-token'],
    ['ghcr.io without a login', { registry: 'ghcr.io', status: 401, login: 'none' }, 'Set github-token'],
    [
      'no image',
      { status: 404, action: 'read', words: 'MANIFEST_UNKNOWN: manifest unknown' },
      'Check the tag or digest',
    ],
    ['no repository', { status: 404, words: 'NAME_UNKNOWN: repository name not known' }, 'Create the repository'],
    ['no registry', { status: 404, action: 'reach', login: 'none', words: '' }, 'no /v2/'],
    ['a proxy that wants a login', { status: 407 }, 'HTTP_PROXY'],
    ['a limit of those who are not logged in', { status: 429, login: 'none' }, 'Log in'],
    ['another 404', { status: 404, words: 'BLOB_UNKNOWN' }, ''],
    ['a fault of the registry', { status: 500 }, ''],
  ] as const) {
    test(name, () => {
      const advice = adviceFor({ ...push, ...refusal });
      assert.ok(expected === '' ? advice === '' : advice.includes(expected), advice);
      assert.doesNotMatch(advice, /\.\./);
    });
  }

  test('the registry may say anything of 2 kB, and the advice is one of ours', () => {
    assert.equal(adviceFor({ ...push, words: 'x'.repeat(2000) }), adviceFor(push));
  });
});

suite('advice for a connection', () => {
  for (const [code, expected] of [
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'SSL_CERT_FILE'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'insecure-registries'],
    ['EPROTO', 'plain HTTP'],
    ['ENOTFOUND', 'the host and the port'],
    ['ECONNREFUSED', 'the host and the port'],
    ['CERT_HAS_EXPIRED', undefined],
    ['ECONNRESET', undefined],
  ] as const) {
    test(code, () => {
      const advice = connectionAdviceFor(code);
      assert.ok(expected === undefined ? advice === undefined : advice?.includes(expected), advice);
    });
  }
});
