import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { findProgram, isExecutable, runProgram } from '../../src/lib/process.ts';
import { failureWith } from '../support/failure.ts';
import { inPieces } from '../support/streams.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const shell = (script: string, ...args: string[]) => ['-c', script, 'sh', ...args];

test('exit code, output and error lines are a result', async () => {
  const lines: string[] = [];
  const script = 'printf "out ä"; printf "one\\ntwo\\r\\nlast" >&2; exit 3';
  const result = await runProgram('sh', shell(script), { onErrorLine: line => lines.push(line) });
  assert.deepEqual(result, { code: 3, stdout: 'out ä', stderr: 'one\ntwo\nlast\n' });
  assert.deepEqual(lines, ['one', 'two', 'last']);
});

test('arguments are not looked at by a shell', async () => {
  const { stdout } = await runProgram('printf', ['%s|', '$HOME', '; exit 1', '*', '"a b"', '']);
  assert.equal(stdout, '$HOME|; exit 1|*|"a b"||');
});

test('environment and directory are those that are given', async t => {
  const cwd = await temporaryDirectory(t);
  assert.equal(
    (await runProgram('/usr/bin/env', [], { env: { ONLY: 'this', UNSET: undefined } })).stdout,
    'ONLY=this\n',
  );
  assert.equal((await runProgram('pwd', ['-P'], { cwd })).stdout, `${cwd}\n`);
});

test('input goes in as text or as a stream, or is empty', async () => {
  assert.equal((await runProgram('cat', [], { input: 'ä\n' })).stdout, 'ä\n');
  assert.equal((await runProgram('wc', ['-c'], { input: inPieces(Buffer.alloc(1e6), 9999) })).stdout.trim(), '1000000');
  assert.equal((await runProgram('cat', [])).stdout, '');
});

test('a program that does not read its input to the end is judged by its exit code', async () => {
  const input = () => inPieces(Buffer.alloc(5e6), 65_536);
  assert.equal((await runProgram('sh', shell('exec head -c 1 >/dev/null'), { input: input() })).code, 0);
  assert.equal((await runProgram('false', [], { input: input() })).code, 1);
});

test('output can go to a stream, which sets the pace', async () => {
  let size = 0;
  const output = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      size += chunk.length;
      setImmediate(done);
    },
  });
  const { code, stdout } = await runProgram('head', ['-c', '3000000', '/dev/zero'], { output });
  assert.deepEqual({ code, stdout, size }, { code: 0, stdout: '', size: 3_000_000 });
});

test('an error of the output stream is thrown', async () => {
  const output = new Writable({ write: (_chunk, _encoding, done) => done(new Error('disk is full')) });
  await assert.rejects(runProgram('echo', ['text'], { output }), /disk is full/);
});

test('an error of the input stream is thrown', async () => {
  async function* breaking() {
    yield Buffer.from('some');
    throw new Error('source is gone');
  }
  await assert.rejects(runProgram('cat', [], { input: breaking() }), /source is gone/);
});

test('of a long error output the end is kept', async () => {
  const { stderr } = await runProgram('sh', shell('seq 1 100000 >&2'));
  assert.equal(stderr.length, 65_536);
  assert.ok(stderr.endsWith('99999\n100000\n'));
});

test('death by a signal is not a success', async () => {
  assert.equal((await runProgram('sh', shell('kill -9 $$'))).code, -1);
});

test('a program that is not there is a Failure', async () => {
  await assert.rejects(runProgram('no-such-program', []), failureWith('Cannot run no-such-program', 'ENOENT'));
});

test('programs are found on the PATH that is given', async t => {
  const directory = await temporaryDirectory(t);
  const program = join(directory, 'program');
  await writeFile(program, '#!/bin/sh\n');
  await mkdir(join(directory, 'folder'));
  const env = { PATH: `:/no-such-directory:${directory}` };
  assert.equal(findProgram('program', env), undefined, 'not executable yet');
  await chmod(program, 0o755);
  assert.equal(findProgram('program', env), program);
  assert.equal(findProgram('folder', env), undefined);
  assert.equal(findProgram('program', {}), undefined);
  assert.equal(isExecutable(program), true);
  assert.equal(isExecutable(`${program}/x`), false);
});
