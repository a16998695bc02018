import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Failure } from '../../src/lib/failure.ts';
import { findProgram, runProgram } from '../../src/lib/process.ts';
import { withNixConfig } from '../../src/nix/settings.ts';
import { openNix } from '../../src/nix/toolchain.ts';
import { openTestHost } from './test-host.ts';

/** A host whose home and PATH are empty, and a way to put a program there that says it is some Nix. */
async function openMachine(t: TestContext) {
  const home = await mkdtemp(join(tmpdir(), 'nix-test-'));
  const host = await openTestHost({ HOME: home, PATH: join(home, 'bin') }, home);
  t.after(async () => {
    await host.close();
    await rm(home, { recursive: true });
  });
  const putNix = async (place: string, version: string) => {
    const program = join(home, place, 'nix');
    await mkdir(dirname(program), { recursive: true });
    await writeFile(program, `#!/bin/sh\necho 'nix (Nix) ${version}'\n`);
    await chmod(program, 0o755);
    return program;
  };
  return { host, putNix };
}

test('the Nix on PATH is used before one in a well-known place', async t => {
  const { host, putNix } = await openMachine(t);
  await putNix('.local/state/nix/profile/bin', '2.30.1');
  const program = await putNix('bin', '2.28.3');
  assert.deepEqual(await openNix({ nixConf: [] }, host), {
    program,
    version: '2.28.3',
    env: host.env,
    installed: false,
  });
  assert.deepEqual(host.lines, [`info: Nix 2.28.3 at ${program}`]);
  assert.deepEqual([host.paths, host.exported], [[], {}]);
});

for (const place of ['.local/state/nix/profile/bin', '.nix-profile/bin']) {
  test(`a Nix in ~/${place} is found off PATH`, async t => {
    const { host, putNix } = await openMachine(t);
    const program = await putNix(place, '2.91.0');
    assert.equal((await openNix({ nixConf: [] }, host)).program, program);
  });
}

test('another version than the asked one is used with a warning that names both', async t => {
  const { host, putNix } = await openMachine(t);
  const program = await putNix('bin', '2.28.3');
  await openNix({ nixConf: [], nixVersion: '2.34.7' }, host);
  assert.match(host.lines[0] ?? '', new RegExp(`^warning: Nix 2\\.28\\.3 at ${program} is used, not Nix 2\\.34\\.7:`));
});

test('a Nix that is too old is refused', async t => {
  const { host, putNix } = await openMachine(t);
  const program = await putNix('bin', '2.3.16');
  await assert.rejects(openNix({ nixConf: [] }, host), error => {
    assert.ok(error instanceof Failure);
    assert.match(
      error.message,
      new RegExp(`^Cannot use Nix 2\\.3\\.16 at ${program}: Nix 2\\.8 or newer is needed\\.`),
    );
    return true;
  });
});

test('the token is masked and goes to the calls only', async t => {
  const { host, putNix } = await openMachine(t);
  await putNix('bin', '2.28.3');
  const { env } = await openNix({ nixConf: ['cores = 2'], githubToken: 'ghs_secret' }, host);
  assert.equal(env.NIX_CONFIG, 'cores = 2\nextra-access-tokens = github.com=ghs_secret');
  assert.deepEqual(host.secrets, ['ghs_secret']);
  assert.equal(host.env.NIX_CONFIG, undefined);
  assert.ok(!host.lines.some(line => line.includes('ghs_secret')));
});

test('settings are added to the ones that are there, and a real Nix takes them', async () => {
  const env = withNixConfig(
    { ...process.env, NIX_CONFIG: 'access-tokens = git.example.org=theirs\ncores = 3' },
    {
      nixConf: ['cores = 1', 'extra-experimental-features = nix-command'],
      githubToken: 'ours',
      githubHost: 'ghe.example.com',
    },
  );
  const program = (await findProgram('nix', process.env)) ?? assert.fail('there is no nix');
  const show = async (name: string) => {
    const { stdout } = await runProgram(program, ['show-config'], { env });
    return new RegExp(`^${name} = (.*)$`, 'm').exec(stdout)?.[1]?.trim().split(/ +/).sort();
  };
  assert.deepEqual(await show('access-tokens'), ['ghe.example.com=ours', 'git.example.org=theirs']);
  assert.deepEqual(await show('cores'), ['1']);
});
