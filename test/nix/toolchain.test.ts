import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openNix } from '../../src/nix/open-nix.ts';
import type { WorkflowContext } from '../../src/runtime.ts';
import { failureWith } from '../support/failure.ts';
import { openTestRuntime } from './test-runtime.ts';

/** A host whose home and PATH are empty, and a way to put a program there that says it is some Nix. */
async function openMachine(t: TestContext) {
  const home = await mkdtemp(join(tmpdir(), 'nix-test-'));
  const runtime = await openTestRuntime({ HOME: home, PATH: join(home, 'bin') }, home);
  t.after(async () => {
    await runtime.close();
    await rm(home, { recursive: true });
  });
  const putNix = async (place: string, version: string) => {
    const program = join(home, place, 'nix');
    await mkdir(dirname(program), { recursive: true });
    await writeFile(program, `#!/bin/sh\necho 'nix (Nix) ${version}'\n`);
    await chmod(program, 0o755);
    return program;
  };
  return { runtime, putNix };
}

test('the Nix on PATH is used before one in a well-known place', async t => {
  const { runtime, putNix } = await openMachine(t);
  await putNix('.local/state/nix/profile/bin', '2.30.1');
  const program = await putNix('bin', '2.28.3');
  assert.deepEqual(await openNix({ nixConf: [] }, runtime), {
    program,
    version: '2.28.3',
    env: runtime.env,
    exec: runtime.exec,
    installed: false,
  });
  assert.deepEqual(runtime.lines, [`info: Nix 2.28.3 at ${program}`]);
  assert.deepEqual([runtime.paths, runtime.exported], [[], {}]);
});

for (const place of ['.local/state/nix/profile/bin', '.nix-profile/bin']) {
  test(`a Nix in ~/${place} is found off PATH`, async t => {
    const { runtime, putNix } = await openMachine(t);
    const program = await putNix(place, '2.91.0');
    assert.equal((await openNix({ nixConf: [] }, runtime)).program, program);
  });
}

test('another version than the asked one is used with a warning that names both', async t => {
  const { runtime, putNix } = await openMachine(t);
  const program = await putNix('bin', '2.28.3');
  await openNix({ nixConf: [], nixVersion: '2.34.7' }, runtime);
  assert.match(runtime.lines[0] ?? '', new RegExp(`^warning: Using Nix 2\\.28\\.3 at ${program}, not Nix 2\\.34\\.7:`));
});

test('another version than the requested one is an error if nix-version-strict is set', async t => {
  const { runtime, putNix } = await openMachine(t);
  const program = await putNix('bin', '2.28.3');
  const strict = { nixConf: [], nixVersionStrict: true };
  await assert.rejects(
    openNix({ ...strict, nixVersion: '2.34.7' }, runtime),
    failureWith(`Cannot use Nix 2.28.3 at ${program}: nix-version-strict requires Nix 2.34.7.`, 'Remove that Nix'),
  );
  assert.equal((await openNix({ ...strict, nixVersion: '2.28.3' }, runtime)).program, program);
  assert.deepEqual(runtime.lines, [`info: Nix 2.28.3 at ${program}`]);
});

test('the token is for the GitHub that the checkout is from', async t => {
  const { runtime, putNix } = await openMachine(t);
  await putNix('bin', '2.28.3');
  const inputs = { nixConf: [], githubToken: 'ghs_secret' };
  const tokenFor = async (context: WorkflowContext) => (await openNix(inputs, { ...runtime, context })).env.NIX_CONFIG;
  const enterprise = { apiUrl: 'https://ghe.example.com/api/v3', repositoryUrl: 'https://ghe.example.com/acme/app' };
  assert.equal(await tokenFor(enterprise), 'extra-access-tokens = ghe.example.com=ghs_secret');
  const elsewhere = { repositoryUrl: 'https://gitlab.example.com/acme/app' };
  assert.equal(await tokenFor(elsewhere), 'extra-access-tokens = github.com=ghs_secret');
});

test('a Nix that is too old is refused', async t => {
  const { runtime, putNix } = await openMachine(t);
  const program = await putNix('bin', '2.3.16');
  await assert.rejects(
    openNix({ nixConf: [] }, runtime),
    failureWith(`Cannot use Nix 2.3.16 at ${program}: Nix 2.8 or newer is needed.`),
  );
});

test('the token is masked and goes to the calls only', async t => {
  const { runtime, putNix } = await openMachine(t);
  await putNix('bin', '2.28.3');
  const { env } = await openNix({ nixConf: ['cores = 2'], githubToken: 'ghs_secret' }, runtime);
  assert.equal(env.NIX_CONFIG, 'extra-access-tokens = github.com=ghs_secret\ncores = 2');
  assert.deepEqual(runtime.secrets, ['ghs_secret']);
  assert.equal(runtime.env.NIX_CONFIG, undefined);
  assert.ok(!runtime.lines.some(line => line.includes('ghs_secret')));
});
