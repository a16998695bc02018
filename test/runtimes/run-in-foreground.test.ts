import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';

const source = new URL('../../src/runtimes/run-in-foreground.ts', import.meta.url).href;

/** A process that runs a shell script in the foreground and exits with its code. */
function start(script: string, output = 'stdout') {
  const code = `
    import { runInForeground } from '${source}';
    const options = { env: process.env, output: '${output}' };
    process.exit(await runInForeground('sh', ['-c', ${JSON.stringify(script)}], options));`;
  return spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['pipe', 'pipe', 'pipe'] });
}

test('streams and the exit code pass through', async () => {
  const child = start('cat; echo problem >&2; exit 7');
  child.stdin.end('typed');
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  assert.deepEqual([stdout, stderr, code], ['typed', 'problem\n', 7]);
});

test('standard output can go to standard error', async () => {
  const child = start('echo result', 'stderr');
  child.stdin.end();
  assert.deepEqual([await text(child.stdout), await text(child.stderr)], ['', 'result\n']);
});

for (const signal of ['SIGTERM', 'SIGHUP', 'SIGUSR1'] as const) {
  test(`${signal} reaches the program, which decides`, async () => {
    const child = start(`trap 'echo caught; exit 9' ${signal.slice(3)}; echo ready; while :; do sleep 0.1; done`);
    const output = text(child.stdout);
    await once(child.stdout, 'readable');
    child.kill(signal);
    const [code] = await once(child, 'close');
    assert.deepEqual([await output, code], ['ready\ncaught\n', 9]);
  });
}

test('a program that a signal ends gives 128 and its number', async () => {
  const child = start('kill -KILL $$');
  const [code] = await once(child, 'close');
  assert.equal(code, 137);
});
