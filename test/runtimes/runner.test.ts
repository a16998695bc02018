import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { runScript } from './run-script.ts';

const imports = `
  import { openRunner, readStepInput, refuseUnknownInputs } from 'src/runtimes/runner.ts';
  import { removeTemporary } from 'src/runtimes/step-state.ts';
  import { existsSync } from 'node:fs';
`;

/** Runs a script as a runner starts a step, and gives what it printed and what it left in the runner's files. */
async function runStep(t: TestContext, text: string, env: Readonly<Record<string, string>> = {}) {
  const directory = await temporaryDirectory(t);
  const file = (name: string) => join(directory, name);
  for (const name of ['env', 'path', 'state']) await writeFile(file(name), '');
  for (const name of ['workspace', 'temp']) await mkdir(file(name));
  const { stdout, stderr } = await runScript({
    text: imports + text,
    cwd: directory,
    env: {
      GITHUB_ENV: file('env'),
      GITHUB_PATH: file('path'),
      GITHUB_STATE: file('state'),
      GITHUB_WORKSPACE: file('workspace'),
      RUNNER_TEMP: file('temp'),
      ...env,
    },
  });
  assert.equal(stderr, '');
  return { directory, lines: stdout.trim().split('\n'), read: (name: string) => readFile(file(name), 'utf8') };
}

test('programs get the environment without inputs, states and tokens of the runner', async t => {
  const { lines } = await runStep(t, 'console.log(JSON.stringify(Object.keys((await openRunner()).env)));', {
    INPUT_PASSWORD: 's3cret',
    'INPUT_GITHUB-TOKEN': 's3cret',
    STATE_temporary: '/tmp/x',
    ACTIONS_RUNTIME_TOKEN: 's3cret',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 's3cret',
    SOURCE_DATE_EPOCH: '0',
    NIX_CONFIG: 'cores = 1',
  });
  const names: string[] = JSON.parse(lines[0] ?? '');
  assert.ok(names.includes('SOURCE_DATE_EPOCH') && names.includes('NIX_CONFIG'));
  assert.deepEqual(
    names.filter(name => /^(INPUT|STATE|ACTIONS)_/.test(name)),
    [],
  );
});

test('variables and paths are for this and for the later steps', async t => {
  const text = `
    const host = await openRunner();
    host.exportVariable('NAME', 'value');
    host.addPath('/first');
    console.log(JSON.stringify([host.env.NAME, host.env.PATH.split(':')[0], process.env.NAME]));`;
  const { lines, read } = await runStep(t, text);
  assert.deepEqual(JSON.parse(lines[0] ?? ''), ['value', '/first', 'value']);
  assert.match(await read('env'), /^NAME<<(ghadelimiter_\S+)\nvalue\n\1\n$/);
  assert.equal(await read('path'), '/first\n');
});

test('paths start at the workspace, and the temporary directory is known to the post part', async t => {
  const text = `
    const { temporary, resolve } = await openRunner();
    console.log(JSON.stringify([temporary, resolve('a')]));
    process.env.STATE_temporary = temporary;
    await removeTemporary();
    console.log(existsSync(temporary));`;
  const { lines, directory, read } = await runStep(t, text);
  const [temporary, resolved] = JSON.parse(lines[0] ?? '');
  assert.equal(resolved, join(directory, 'workspace/a'));
  assert.ok(temporary.startsWith(join(directory, 'temp/nix-image-')));
  assert.match(await read('state'), new RegExp(`^temporary<<(\\S+)\\n${temporary}\\n\\1\\n$`));
  assert.equal(lines[1], 'false');
});

test('the post step has nothing to do if the main step failed early', async t => {
  assert.deepEqual((await runStep(t, 'await removeTemporary(); console.log("done");')).lines, ['done']);
});

test('the log speaks in commands of the runner, but what is logged is none', async t => {
  const text = `
    const { log } = await openRunner();
    log.secret('s3cret');
    await log.group('Build', async () => log.info('text\\n::set-output name=a::b\\n  ##[error]x\\na::b'));
    log.notice('look');
    log.warning('two\\nlines');`;
  const { lines } = await runStep(t, text);
  const timeless = lines.map(line => line.replace(/^Build took \d+\.\d s$/, 'Build took 0.1 s'));
  assert.deepEqual(timeless, [
    '::add-mask::s3cret',
    '::group::Build',
    'text',
    ':\u200b:set-output name=a::b',
    '  #\u200b#[error]x',
    'a::b',
    'Build took 0.1 s',
    '::endgroup::',
    '::notice::look',
    '::warning::two%0Alines',
  ]);
});

test('foreign text holds no command, by whichever way it goes to the log', async t => {
  const hostile = 'x ##[save-state name=task]/evil.json\r::add-path::/evil\n\u0085::stop-commands::x\u001b[2J';
  const text = `
    import { failStep, runnerLog } from 'src/runtimes/runner-log.ts';
    const hostile = ${JSON.stringify(hostile)};
    const { log } = await openRunner();
    for (const way of ['info', 'notice', 'warning', 'debug']) log[way](hostile);
    await log.group(hostile, async () => {});
    failStep(new TypeError(hostile));
    process.exitCode = 0;`;
  const { lines } = await runStep(t, text);
  assert.ok(lines.length > 10);
  for (const line of lines) {
    for (const live of ['##[', '\r', '\u0085', '\u001b']) assert.ok(!line.includes(live), JSON.stringify(line));
    assert.doesNotMatch(line, /^\s*::(?!(notice|warning|debug|error|group|endgroup)::)/);
  }
});

test('inputs are read verbatim, and unknown ones rejected', async t => {
  const text = `
    console.log(JSON.stringify([readStepInput('labels'), readStepInput('build-args'), readStepInput('tags')]));
    refuseUnknownInputs();
    process.env.INPUT_PUBLISH = 'true';
    try { refuseUnknownInputs(); } catch (error) { console.log(error.name, error.message); }`;
  const { lines } = await runStep(t, text, { INPUT_LABELS: ' a= 1 \n', 'INPUT_BUILD-ARGS': '--impure' });
  assert.deepEqual(JSON.parse(lines[0] ?? ''), [' a= 1 \n', '--impure', '']);
  assert.match(
    lines[1] ?? '',
    /^Failure Cannot use the input "publish": unknown\. Known are mode, installable, file, /,
  );
});
