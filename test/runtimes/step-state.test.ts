import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, link, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { runProgram } from '../../src/lib/process.ts';
import { built } from '../support/built.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runScript } from './run-script.ts';

const post = join(built, 'post.mjs');
const storePath = '/nix/store/0123456789abcdfghijklmnpqrsvwxyz-app';
const build = { outputs: [storePath], paths: [storePath], toolchain: [] };

/** A runner's directories after a main part, with a program that leaves a mark if the post part runs it. */
async function openJob(t: TestContext) {
  const directory = await temporaryDirectory(t);
  const file = (name: string) => join(directory, name);
  for (const name of ['temp', 'temp/nix-image-abc123', 'workspace', 'tools']) await mkdir(file(name));
  for (const name of ['nix', 'nix-store']) {
    await writeFile(file(`tools/${name}`), `#!/bin/sh\ntouch ${file('ran')}\necho nix (Nix) 2.8.0\n`, { mode: 0o755 });
  }
  const run = (state: string, env: Readonly<Record<string, string>> = {}) =>
    runProgram(process.execPath, [post], {
      env: {
        PATH: '/nonexistent',
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        HOME: directory,
        RUNNER_TEMP: file('temp'),
        GITHUB_WORKSPACE: file('workspace'),
        INPUT_INSTALLABLE: '.',
        STATE_temporary: state,
        ...env,
      },
    });
  const task = (more: object = {}) => JSON.stringify({ store: { key: 'k', layers: [], build: { ...build, ...more } } });
  return { directory, file, run, task, hasRun: () => existsSync(file('ran')) };
}

suite('the post part takes no state but that of the main part', () => {
  for (const [description, state] of [
    ['a directory elsewhere', 'workspace'],
    ['a directory of another name', 'temp/other'],
    ['a directory above', 'temp/../workspace'],
    ['a directory below', 'temp/nix-image-abc123/nix-image-abc123'],
    ['the root', 'temp/nix-image-abc123/../..'],
    ['a name with more behind', 'temp/nix-image-abc123\nx'],
  ] as const) {
    test(`${description} is not removed, and no task is read there`, async t => {
      const { file, run, task, hasRun } = await openJob(t);
      for (const name of ['temp/other', 'temp/nix-image-abc123/nix-image-abc123']) await mkdir(file(name));
      const given = `${file('').slice(0, -1)}/${state}`;
      await writeFile(file('workspace.task'), task(), { mode: 0o600 });
      const { code, stdout } = await run(given, { PATH: file('tools') });
      assert.equal(code, 0);
      assert.match(stdout, /^::warning::Cannot remove temporary files: the state of the step names "/);
      for (const name of ['workspace', 'temp/other', 'temp/nix-image-abc123']) assert.ok(existsSync(file(name)), name);
      assert.ok(!hasRun());
    });
  }

  test('a link of the right name is not followed', async t => {
    const { file, run } = await openJob(t);
    await writeFile(file('workspace/kept'), '');
    await symlink(file('workspace'), file('temp/nix-image-linked'));
    const { stdout } = await run(file('temp/nix-image-linked'));
    assert.match(stdout, /was not created by this user/);
    assert.deepEqual(await readdir(file('workspace')), ['kept']);
  });

  for (const [description, plant] of [
    ['a link', async (path: string, other: string) => symlink(other, path)],
    ['a file with a second name', async (path: string, other: string) => link(other, path)],
    [
      'a file that others may read',
      async (path: string, _: string, text: string) => {
        await writeFile(path, text);
        await chmod(path, 0o644);
      },
    ],
    ['a directory', async (path: string) => void (await mkdir(path))],
    ['a pipe', async (path: string) => void (await runProgram('mkfifo', ['-m', '600', path]))],
  ] as const) {
    test(`${description} is no task`, async t => {
      const { file, run, task, hasRun } = await openJob(t);
      await writeFile(file('other'), task(), { mode: 0o600 });
      await plant(file('temp/nix-image-abc123.task'), file('other'), task());
      const { code, stdout } = await run(file('temp/nix-image-abc123'), { PATH: file('tools') });
      assert.equal(code, 0);
      assert.match(stdout, /^::warning::Cannot save the store cache: /m);
      assert.ok(!hasRun());
    });
  }

  for (const [description, task] of [
    ['no JSON', '{'],
    ['another document', '[]'],
    [
      'a path outside the store',
      JSON.stringify({ store: { layers: [], build: { ...build, paths: ['/etc/passwd'] } } }),
    ],
    ['an option for a path', JSON.stringify({ store: { layers: [], build: { ...build, outputs: ['--option'] } } })],
    ['a layer that is none', JSON.stringify({ store: { key: 'k', layers: [{ digest: 'x' }] } })],
    ['a result that is none', JSON.stringify({ result: { key: 'k', text: '{}', others: [] } })],
  ] as const) {
    test(`a task with ${description} is refused before any program runs`, async t => {
      const { file, run, hasRun } = await openJob(t);
      await writeFile(file('temp/nix-image-abc123.task'), task, { mode: 0o600 });
      const { stdout } = await run(file('temp/nix-image-abc123'), { PATH: file('tools') });
      assert.match(stdout, /^::warning::Cannot save the store cache: /m);
      assert.ok(!hasRun());
    });
  }

  test('the program that a task names is not run', async t => {
    const { file, run, task, hasRun } = await openJob(t);
    const hostile = task({ program: file('tools/nix'), nixConf: [`post-build-hook = ${file('tools/nix')}`] });
    await writeFile(file('temp/nix-image-abc123.task'), hostile, { mode: 0o600 });
    await run(file('temp/nix-image-abc123'));
    assert.ok(!hasRun());
    assert.deepEqual(await readdir(file('temp')), []);
  });
});

test('a main part without a task leaves none, whatever a log said', async t => {
  const cwd = await temporaryDirectory(t);
  await writeFile(join(cwd, 'state'), '');
  const text = `
    import { openRunner } from 'src/runtimes/runner.ts';
    import { takeTask } from 'src/runtimes/step-state.ts';
    const { temporary, afterJob } = await openRunner();
    process.env.STATE_temporary = temporary;
    process.env.STATE_task = '/evil.json';
    console.log(await takeTask());
    await afterJob('first');
    await afterJob('second');
    console.log(await takeTask(), await takeTask());`;
  const { stdout } = await runScript({ text, cwd, env: { RUNNER_TEMP: cwd, GITHUB_STATE: join(cwd, 'state') } });
  assert.equal(stdout, 'undefined\nsecond undefined\n');
});

test('a main part that leaves nothing says so, and the post part then loads nothing', async t => {
  const cwd = await temporaryDirectory(t);
  const state = join(cwd, 'state');
  const env = { RUNNER_TEMP: cwd, GITHUB_STATE: state };
  const leave = async (what: string) => {
    await writeFile(state, '');
    const text = `
      import { rmSync } from 'node:fs';
      import { openRunner } from 'src/runtimes/runner.ts';
      import { forgetTemporary } from 'src/runtimes/step-state.ts';
      const { temporary, afterJob, job } = await openRunner();
      ${what}
      rmSync(temporary, { recursive: true });
      forgetTemporary(temporary);`;
    await runScript({ text, cwd, env });
    const states = [...(await readFile(state, 'utf8')).matchAll(/^(\w+)<<(.+)\n(.*)\n\2$/gm)];
    return Object.fromEntries(states.map(([, name, , value]) => [`STATE_${name}`, value]));
  };
  assert.deepEqual(await leave(''), { STATE_temporary: '' });
  const { STATE_temporary: withTask } = await leave("await afterJob('task');");
  assert.deepEqual(await readdir(cwd), [`${basename(withTask ?? '')}.task`, 'state']);
  const { STATE_record: record } = await leave("await job.write('{}');");
  assert.ok(record);
  const report = "process.on('exit', () => console.log(process.moduleLoadList.join('\\n')))";
  const args = ['--import', `data:text/javascript,${report}`, post];
  const { code, stdout } = await runProgram(process.execPath, args, { env: { ...env, STATE_temporary: '' } });
  assert.equal(code, 0);
  assert.match(stdout, /NativeModule util/);
  assert.doesNotMatch(stdout, /NativeModule (crypto|child_process)/);
});
