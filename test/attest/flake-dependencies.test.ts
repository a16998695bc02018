import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flakeDependencies } from '../../src/attest/flake-dependencies.ts';

test('of the parameters in a URL those are named that say what the flake is', () => {
  const uriOf = (url: string) =>
    flakeDependencies(JSON.stringify({ nodes: { a: { locked: { type: 'tarball', url } } } }))[0]?.uri;
  assert.equal(
    uriOf('https://x.example/a.tar.gz?token=s3cret&dir=sub&narHash=sha256-x'),
    'tarball:https://x.example/a.tar.gz?dir=sub&narHash=sha256-x',
  );
  assert.equal(uriOf('https://x.example/a.tar.gz?X-Amz-Signature=s3cret#part'), 'tarball:https://x.example/a.tar.gz');
  assert.equal(uriOf('https://x.example/a.tar.gz'), 'tarball:https://x.example/a.tar.gz');
  assert.equal(uriOf('https://a:b@x.example/a?rev=1&private_token=s3cret'), 'tarball:https://***@x.example/a?rev=1');
});

test('inputs of a flake are named without the login in their URL', () => {
  const locked = { type: 'git', url: 'https://bot:hunter2@git.example/acme/lib.git', rev: 'a'.repeat(40) };
  assert.deepEqual(flakeDependencies(JSON.stringify({ nodes: { lib: { locked }, root: {} } })), [
    { name: 'lib', uri: 'git:https://***@git.example/acme/lib.git', digest: { gitCommit: 'a'.repeat(40) } },
  ]);
});
