import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runScript } from './run-script.ts';

const imports = `
  import { openTerminal } from 'src/runtimes/terminal.ts';
  import { runProgram } from 'src/lib/process.ts';
  import { setTimeout as sleep } from 'node:timers/promises';
  const host = await openTerminal('normal');
  const send = signal => process.kill(process.pid, signal);
  const forever = () => sleep(60_000);
`;

suite('a cancelled run', () => {
  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    test(`by ${signal} finishes what holds the exit, clears away and exits with ${expected}`, async t => {
      const cwd = await temporaryDirectory(t);
      const text = `${imports}
        const work = async () => {
          await new Promise(resolve => host.cancelled.addEventListener('abort', resolve));
          await sleep(50);
          console.log('put back', host.cancelled.reason.name, host.cancelled.reason.message);
        };
        setTimeout(send, 10, '${signal}');
        await Promise.all([host.holdExit(work()), forever()]);`;
      const { code, stdout, stderr } = await runScript({ text, cwd, env: {} });
      assert.deepEqual(
        { code, stdout, stderr },
        {
          code: expected,
          stdout: `put back Failure Cancelled by ${signal}.\n`,
          stderr: '',
        },
      );
      assert.deepEqual(await readdir(cwd), []);
    });
  }

  test('exits with that code even if the run ends first', async t => {
    const text = `${imports}
      forever();
      setTimeout(send, 10, 'SIGINT');
      await host.holdExit(new Promise((_, reject) => host.cancelled.addEventListener('abort', () => {
        reject(host.cancelled.reason);
        process.exitCode = 1;
      }))).catch(() => process.exit());`;
    assert.equal((await runScript({ text, cwd: await temporaryDirectory(t), env: {} })).code, 130);
  });

  test('stops the programs that it runs', async t => {
    const text = `${imports}
      setTimeout(send, 300, 'SIGTERM');
      await runProgram('sh', ['-c', 'trap "echo stopped >&2; exit" TERM; while :; do sleep 0.01; done'], {
        onErrorLine: line => console.log(line),
      }).then(forever);`;
    const { code, stderr } = await runScript({ text, cwd: await temporaryDirectory(t), env: {} });
    assert.deepEqual({ code, stderr }, { code: 143, stderr: '' });
  });

  test('waits 5 s at most, and not at all after a second signal', async t => {
    const cwd = await temporaryDirectory(t);
    const timed = async (text: string) => {
      const start = Date.now();
      const { code } = await runScript({ text: `${imports}${text}`, cwd, env: {} });
      return { code, seconds: (Date.now() - start) / 1000 };
    };
    const hold = `send('SIGINT'); host.holdExit(forever());`;
    const [once, twice] = await Promise.all([
      timed(`${hold} await forever();`),
      timed(`${hold} await sleep(50); send('SIGTERM'); await forever();`),
    ]);
    assert.equal(once.code, 130);
    assert.ok(once.seconds >= 5 && once.seconds < 15, `${once.seconds} s`);
    assert.equal(twice.code, 130);
    assert.ok(twice.seconds < 5, `${twice.seconds} s`);
    assert.deepEqual(await readdir(cwd), []);
  });
});
