import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { Failure } from '../../src/lib/failure.ts';
import { runProgram } from '../../src/lib/process.ts';
import { compareVersions, parseNixVersion, readNixVersion } from '../../src/nix/nix-version.ts';

test('the version of every Nix is found in what it prints', () => {
  assert.equal(parseNixVersion('nix (Nix) 2.8.0\n'), '2.8.0');
  assert.equal(parseNixVersion('nix (Determinate Nix 3.1) 2.28.1\n'), '2.28.1');
  assert.equal(parseNixVersion('nix (Lix, like Nix) 2.91.0\nSystem type: x86_64-linux\n'), '2.91.0');
  assert.equal(parseNixVersion('nix (Nix) 2.31pre20250702_abcdef0\n'), '2.31pre20250702_abcdef0');
  assert.equal(parseNixVersion('nixos 24.05\n'), undefined);
});

test('versions are compared as numbers, not as text', () => {
  assert.ok(compareVersions('2.8.0', '2.28.1') < 0);
  assert.ok(compareVersions('2.91.0', '2.8') > 0);
  assert.ok(compareVersions('2.3.16', '2.8') < 0);
  assert.ok(compareVersions('2.31pre20250702_abcdef0', '2.30.4') > 0);
  assert.equal(compareVersions('2.8', '2.8.0'), 0);
});

test('a program that is no Nix is a failure with what it said', async t => {
  const directory = await mkdtemp(join(tmpdir(), 'nix-test-'));
  t.after(() => rm(directory, { recursive: true }));
  const program = join(directory, 'nix');
  await writeFile(program, '#!/bin/sh\necho who knows\nexit 4\n');
  await chmod(program, 0o755);
  await assert.rejects(readNixVersion(program, { env: process.env, exec: runProgram }), error => {
    assert.ok(error instanceof Failure);
    assert.match(error.message, /^Cannot use \/.*\/nix: its --version printed "who knows" \(exit code 4\)\./);
    return true;
  });
});
