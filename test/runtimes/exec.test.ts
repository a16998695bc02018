import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { runProgram } from '../../src/lib/process.ts';
import type { Exec } from '../../src/runtime.ts';
import { runnerExec } from '../../src/runtimes/runner-exec.ts';
import { failureWith } from '../support/failure.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runScript } from './run-script.ts';

const shell = (script: string, ...args: string[]) => ['-c', script, 'sh', ...args];
const exec: Readonly<Record<string, Exec>> = { 'a runner': runnerExec, 'a terminal': runProgram };

for (const [where, run] of Object.entries(exec)) {
  suite(`a program on ${where}`, () => {
    test('ends with exit code, output and error lines', async () => {
      const lines: string[] = [];
      const script = 'printf "out ä"; printf "one\\ntwo\\r\\nlast" >&2; exit 3';
      const result = await run('sh', shell(script), { onErrorLine: line => lines.push(line) });
      assert.deepEqual(result, { code: 3, stdout: 'out ä', stderr: 'one\ntwo\nlast\n' });
      assert.deepEqual(lines, ['one', 'two', 'last']);
    });

    test('gets its arguments verbatim', async () => {
      const args = ['$HOME', '; exit 1', '*', '"a b"', '', "it's", 'two\nlines', '\\"', '##[add-mask]x', 'ä'];
      assert.equal((await run('printf', ['%s|', ...args])).stdout, args.map(arg => `${arg}|`).join(''));
    });

    test('may lie under a strange path', async t => {
      const directory = join(await temporaryDirectory(t), 'a "b" \\c $d');
      await mkdir(directory);
      await writeFile(join(directory, 'my program'), '#!/bin/sh\nprintf "%s|" "$@"\n');
      await chmod(join(directory, 'my program'), 0o755);
      assert.equal((await run(join(directory, 'my program'), ['a b'])).stdout, 'a b|');
      assert.equal((await run('my program', ['a b'], { env: { PATH: directory } })).stdout, 'a b|');
    });

    test('sees the environment and the directory that are given', async t => {
      const cwd = await temporaryDirectory(t);
      const env = { ONLY: 'this', UNSET: undefined };
      assert.equal((await run('/usr/bin/env', [], { env })).stdout, 'ONLY=this\n');
      assert.equal((await run('pwd', ['-P'], { cwd })).stdout, `${cwd}\n`);
    });

    test('has an empty standard input', async () => {
      assert.equal((await run('cat', [])).stdout, '');
      const all = await Promise.all(Array.from({ length: 50 }, () => run('true', [])));
      assert.ok(all.every(({ code }) => code === 0));
    });

    test('may write much, and characters in pieces', async () => {
      const { stdout } = await run('sh', shell('yes $(seq 20) | head -c 20000000'));
      assert.equal(stdout.length, 20_000_000);
      const pieces = shell('printf "\\303"; printf "\\303" >&2; sleep 0.05; printf "\\244"; printf "\\244" >&2');
      assert.deepEqual(await run('sh', pieces), { code: 0, stdout: 'ä', stderr: 'ä\n' });
      const { stderr } = await run('sh', shell('seq 1 100000 >&2'));
      assert.equal(stderr.length, 65_536);
      assert.ok(stderr.endsWith('99999\n100000\n'));
    });

    test('does not succeed if a signal ends it', async () => {
      assert.equal((await run('sh', shell('kill -9 $$'))).code, -1);
    });

    test('that does not exist is a Failure, and so is a directory', async () => {
      await assert.rejects(run('no-such-program', []), failureWith('Cannot run no-such-program'));
      await assert.rejects(run('/no/such/program', []), failureWith('Cannot run /no/such/program'));
      const there = failureWith('Cannot run true', 'the directory /no/such does not exist');
      await assert.rejects(run('true', [], { cwd: '/no/such' }), there);
    });
  });
}

const open = "import { openRunner } from 'src/runtimes/runner.ts';\nconst { exec } = await openRunner();\n";

test('a runner prints nothing of a program by itself', async t => {
  const text = `${open}console.log('|');\nawait exec('sh', ['-c', 'echo out; echo err >&2', 's3cret']);`;
  const cwd = await temporaryDirectory(t);
  const { code, stdout, stderr } = await runScript({ text, cwd, env: { RUNNER_DEBUG: '1' } });
  assert.deepEqual({ code, said: stdout.split('|\n')[1], stderr }, { code: 0, said: '', stderr: '' });
});

test('a runner that is cancelled stops the program', async t => {
  const cwd = await temporaryDirectory(t);
  const text = `${open}
    import { existsSync } from 'node:fs';
    const waiting = setInterval(() => existsSync('started') && process.kill(process.pid, 'SIGTERM'), 10);
    await exec('sh', ['-c', 'trap "touch stopped; exit" TERM; touch started; while :; do sleep 0.01; done']);`;
  assert.equal((await runScript({ text, cwd, env: {} })).code, 143);
  const { code } = await runProgram(
    'sh',
    shell('for i in $(seq 100); do [ -e stopped ] && exit 0; sleep 0.05; done; exit 1'),
    { cwd },
  );
  assert.equal(code, 0);
});
