import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runScript } from './run-script.ts';

const open = "import { openTerminal } from 'src/runtimes/terminal.ts';\nconst host = await openTerminal('normal');\n";

test('the log goes to standard error, with secrets masked', async t => {
  const text = `${open}
    host.log.secret('');
    host.log.info('before: s3cret');
    host.log.secret('s3cret');
    const result = await host.log.group('Push', async () => {
      host.log.info('two\\nlines with s3cret and s3cret');
      host.log.notice('look');
      host.log.warning('beware of s3cret');
      host.log.debug('not shown');
      return 'result';
    });
    console.log(result);`;
  const { stderr, ...others } = await runScript({ text, cwd: await temporaryDirectory(t), env: {} });
  assert.deepEqual(others, { code: 0, stdout: 'result\n' });
  assert.equal(
    stderr.replace(/took [\d.]+ s$/m, 'took 0.1 s'),
    '  before: s3cret\nPush\n  two\n  lines with *** and ***\n  note: look\n  warning: beware of ***\n  Push took 0.1 s\n',
  );
});

test('variables and paths are for the programs that follow', async t => {
  const text = `${open}
    host.exportVariable('NAME', 'value');
    host.addPath('/first');
    const { NAME, PATH, GIVEN } = host.env;
    console.log(JSON.stringify({ NAME, GIVEN, first: PATH.split(':')[0], ours: process.env.NAME ?? null }));`;
  const { stdout } = await runScript({ text, cwd: await temporaryDirectory(t), env: { GIVEN: 'given' } });
  assert.deepEqual(JSON.parse(stdout), { NAME: 'value', GIVEN: 'given', first: '/first', ours: null });
});

test('paths start at the working directory, and the temporary one is new', async t => {
  const cwd = await temporaryDirectory(t);
  const text = `${open}
    import { existsSync } from 'node:fs';
    console.log(JSON.stringify([host.resolve('a/../b'), host.resolve('/c'), host.temporary, existsSync(host.temporary)]));`;
  const [relative, absolute, temporary, exists] = JSON.parse((await runScript({ text, cwd, env: {} })).stdout);
  assert.deepEqual([relative, absolute, exists], [`${cwd}/b`, '/c', true]);
  assert.ok(temporary.startsWith(`${cwd}/nix-image-`));
});
