import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { removeAbandoned } from '../../src/runtimes/temporary-directory.ts';
import { asRoot } from '../support/as-root.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const source = new URL('../../src/runtimes/terminal.ts', import.meta.url).href;

/** A run of the local command that has a temporary directory in `root` and does nothing until it is killed. */
async function startRun(t: TestContext, root: string) {
  const text = `import { openTerminal } from '${source}'; console.log((await openTerminal("normal")).temporary); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], {
    env: { PATH: process.env.PATH, TMPDIR: root, HOME: root },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  return { child, temporary: String(line).trim() };
}

test('what a killed run has left goes with the next run, and nothing else', async t => {
  const root = await temporaryDirectory(t);
  const [killed, alive] = [await startRun(t, root), await startRun(t, root)];
  await writeFile(join(killed.temporary, 'layer.tar'), 'x');
  killed.child.kill('SIGKILL');
  await once(killed.child, 'exit');
  // Of another program, of an earlier version, without a lock, or a link.
  for (const name of ['nix-image-output-aaaaaa', 'nix-image-bbbbbb', 'other']) await mkdir(join(root, name));
  await symlink(killed.temporary, join(root, 'nix-image-cccccc'));
  const next = await startRun(t, root);
  const expected = [
    ...[alive, next].map(({ temporary }) => temporary.slice(root.length + 1)),
    ...['nix-image-output-aaaaaa', 'nix-image-bbbbbb', 'nix-image-cccccc', 'other'],
  ].sort();
  const isDone = async () => (await readdir(root)).length === expected.length;
  for (let tries = 0; tries < 100 && !(await isDone()); tries++) await new Promise(done => setTimeout(done, 50));
  assert.deepEqual((await readdir(root)).sort(), expected);
});

test('what belongs to another user stays', async t => {
  const root = await temporaryDirectory(t);
  const { child, temporary } = await startRun(t, root);
  child.kill('SIGKILL');
  await once(child, 'exit');
  const chown = async (owner: string) => {
    const [program = '', ...args] = asRoot(['chown', '-R', owner, temporary]);
    await run(program, args);
  };
  await chown('1234');
  await removeAbandoned(root);
  assert.equal((await readdir(root)).length, 1);
  await chown(String(process.getuid?.()));
  await removeAbandoned(root);
  assert.deepEqual(await readdir(root), []);
});
