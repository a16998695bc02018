import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeTemporary } from '../../src/runtimes/make-temporary.ts';
import { failureWith } from '../support/failure.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

test('each temporary directory is new', async t => {
  const parent = await temporaryDirectory(t);
  const [one, other] = [makeTemporary(parent, 'nix-', 'TMPDIR'), makeTemporary(parent, 'nix-', 'TMPDIR')];
  assert.notEqual(one, other);
  assert.equal(statSync(one).mode & 0o777, 0o700);
});

test('a temporary directory that is missing, or is a file, is a Failure that says which variable names it', async t => {
  const parent = join(await temporaryDirectory(t), 'missing');
  const make = () => makeTemporary(parent, 'nix-', 'RUNNER_TEMP');
  assert.throws(make, failureWith(`Cannot make a temporary directory in ${parent}`, 'ENOENT', 'Set RUNNER_TEMP to'));
  writeFileSync(parent, '');
  assert.throws(make, failureWith(`Cannot make a temporary directory in ${parent}`, 'ENOTDIR'));
});
