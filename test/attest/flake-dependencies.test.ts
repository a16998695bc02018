import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flakeDependencies } from '../../src/attest/flake-dependencies.ts';

test('inputs of a flake are named without the login in their URL', () => {
  const locked = { type: 'git', url: 'https://bot:hunter2@git.example/acme/lib.git', rev: 'a'.repeat(40) };
  assert.deepEqual(flakeDependencies(JSON.stringify({ nodes: { lib: { locked }, root: {} } })), [
    { name: 'lib', uri: 'git:https://***@git.example/acme/lib.git', digest: { gitCommit: 'a'.repeat(40) } },
  ]);
});
