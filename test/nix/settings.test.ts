import assert from 'node:assert/strict';
import { chmod, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findProgram, runProgram } from '../../src/lib/process.ts';
import { type CallSettings, withNixConfig } from '../../src/nix/settings.ts';
import type { ToolchainInputs } from '../../src/nix/toolchain.ts';
import { type Machine, openMachine, runThere } from '../support/bare-machine.ts';
import { openStoredRelease } from '../support/nix-release.ts';
import { type ReleaseServer, startReleaseServer } from '../support/release-server.ts';
import { writeProgram } from '../support/write-program.ts';
import { openThere } from './open-there.ts';

let server: ReleaseServer;
let served: Partial<ToolchainInputs>;

before(async () => {
  const release = await openStoredRelease();
  server = await startReleaseServer(release.directory);
  served = { nixVersion: release.version, nixUrl: server.url, nixSha256: release.sha256 };
});

after(() => server.close());

/** What a real Nix makes of settings, by name. */
async function readSettings(settings: CallSettings, env: Readonly<Record<string, string>> = {}) {
  const program = findProgram('nix', process.env) ?? assert.fail('there is no nix');
  const all = withNixConfig({ ...process.env, ...env }, settings);
  const { stdout } = await runProgram(program, ['show-config', '--extra-experimental-features', 'nix-command'], {
    env: all,
  });
  return (name: string) => new RegExp(`^${name} = (.*)$`, 'm').exec(stdout)?.[1]?.trim() ?? '';
}

const key = 'cache.example.org-1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';

test('settings are added to the existing ones, and a real Nix accepts them', async () => {
  const read = await readSettings(
    {
      nixConf: ['cores = 1'],
      substituters: ['https://cache.example.org', 's3://bucket?region=eu-west-1'],
      trustedPublicKeys: [key],
      githubToken: 'ours',
      githubHost: 'ghe.example.com',
    },
    { NIX_CONFIG: 'access-tokens = git.example.org=theirs\ncores = 3\nsubstituters = https://first.example.org' },
  );
  assert.deepEqual(read('access-tokens').split(/ +/).sort(), ['ghe.example.com=ours', 'git.example.org=theirs']);
  assert.equal(
    read('substituters'),
    'https://first.example.org https://cache.example.org s3://bucket?region=eu-west-1',
  );
  assert.ok(read('trusted-public-keys').startsWith('cache.nixos.org-1:'));
  assert.ok(read('trusted-public-keys').endsWith(` ${key}`));
  assert.equal(read('cores'), '1');
});

test('lines of nix-conf are the last word', async () => {
  const read = await readSettings({
    nixConf: ['substituters = https://only.example.org', 'builders =', 'access-tokens = github.com=theirs'],
    substituters: ['https://cache.example.org'],
    builders: ['ssh://one', 'ssh://two'],
    githubToken: 'ours',
  });
  assert.deepEqual(
    [read('substituters'), read('builders'), read('access-tokens')],
    ['https://only.example.org', '', 'github.com=theirs'],
  );
});

test('the settings of an installation of ours are for its user alone', async t => {
  const machine = await openMachine(t);
  await openThere(machine, { ...served, nixConf: ['access-tokens = git.example.org=secret', 'sandbox = false'] });
  assert.equal((await stat(join(machine.nix, 'var/nix-image-action/nix.conf'))).mode & 0o777, 0o600);
});

/** Debian's Nix puts a bash into its sandboxes that is not in every Debian. */
const withShell = ['substituters =', 'sandbox-paths = /bin /usr /lib /lib64?'];

/** The sandbox setting that an installation ends up with, and what was said of it. */
async function sandboxOf(machine: Machine, offers: Parameters<typeof openThere>[2] = {}) {
  const report = await openThere(machine, { ...served, nixConf: withShell }, offers);
  assert.equal(report.error, undefined);
  const text = await readFile(join(machine.nix, 'var/nix-image-action/nix.conf'), 'utf8');
  return {
    sandbox: /^sandbox = (.*)$/m.exec(text)?.[1],
    said: report.lines.filter(line => /sandbox/.test(line)),
    report,
  };
}

const refusing = 'exit 1';
const refusingUntilAllowed = '[ -e allowed ] || exit 1';

test('builds are sandboxed if the kernel allows it', async t => {
  const machine = await openMachine(t);
  await writeFile(join(machine.root, 'hidden.nix'), hiddenFile);
  const { sandbox, said, report } = await sandboxOf(machine, { spec: { kind: 'file', file: 'hidden.nix' } });
  assert.deepEqual([sandbox, said], ['true', []]);
  const { stdout } = await runThere(machine, ['cat', report.built?.path ?? '']);
  assert.equal(stdout, 'not there\n');
});

/** Builds what it sees of a file of the machine. */
const hiddenFile = `derivation {
  name = "hidden"; system = builtins.currentSystem; builder = "/bin/sh";
  args = [ "-c" "if [ -e /etc/os-release ]; then echo there; else echo not there; fi > $out" ];
}
`;

test('builds run without a sandbox if the kernel refuses, with a notice', async t => {
  const machine = await openMachine(t);
  await rm(join(machine.tools, 'unshare'));
  await writeProgram(machine.tools, 'unshare', refusing);
  const { sandbox, said } = await sandboxOf(machine);
  assert.equal(sandbox, 'false');
  assert.match(
    said.join('\n'),
    /^notice: Builds run without a sandbox: the kernel does not allow this user to create namespaces\./,
  );
});

test('a machine that is thrown away is made to allow it', async t => {
  const machine = await openMachine(t);
  for (const tool of ['unshare', 'sysctl']) await rm(join(machine.tools, tool));
  await writeProgram(machine.tools, 'unshare', refusingUntilAllowed);
  await writeProgram(machine.tools, 'sysctl', `echo "$*" > '${machine.root}/allowed'`);
  const kept = await sandboxOf(machine);
  assert.equal(kept.sandbox, 'false');
  const { sandbox, said } = await sandboxOf(machine, { isDisposable: true });
  assert.deepEqual([sandbox, said], ['true', []]);
  const { stdout } = await runThere(machine, ['cat', 'allowed']);
  assert.equal(stdout, '-w kernel.apparmor_restrict_unprivileged_userns=0\n');
});

test('a sandbox that was set by nix-conf is left at that', async t => {
  const machine = await openMachine(t);
  await rm(join(machine.tools, 'unshare'));
  await writeProgram(machine.tools, 'unshare', refusing);
  const report = await openThere(machine, { ...served, nixConf: ['sandbox = relaxed'] });
  assert.deepEqual(
    report.lines.filter(line => /sandbox/.test(line)),
    [],
  );
});

test('every user may use KVM on a disposable machine, and only there', async t => {
  const machine = await openMachine(t);
  const device = join(machine.root, 'kvm');
  await writeFile(device, '');
  const setup = 'chown 0:0 kvm; touch /dev/kvm; mount --bind kvm /dev/kvm';
  const modeAfter = async (isDisposable: boolean) => {
    await chmod(device, 0o600);
    const { error, lines } = await openThere(machine, served, { isPlain: true, isDisposable, setup });
    assert.equal(error, undefined);
    return [((await stat(device)).mode & 0o777).toString(8), lines.includes('info: Builds may use KVM')];
  };
  assert.deepEqual(await modeAfter(false), ['600', false]);
  assert.deepEqual(await modeAfter(true), ['666', true]);
});
