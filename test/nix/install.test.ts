import assert from 'node:assert/strict';
import { chmod, readdir, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { ToolchainInputs } from '../../src/nix/toolchain.ts';
import { type Machine, type MachineSetting, openMachine, runThere } from '../support/bare-machine.ts';
import { type NixRelease, openNixRelease } from '../support/nix-release.ts';
import { type ReleaseServer, startReleaseServer } from '../support/release-server.ts';
import type { Report, Request } from './open-nix.ts';

const script = fileURLToPath(new URL('open-nix.ts', import.meta.url));
const ownBin = '/nix/var/nix/gcroots/nix-image-action/bin';
const unreachable = 'http://127.0.0.1:9/nix';

let release: NixRelease;
let server: ReleaseServer;
let ownBefore: readonly string[];

before(async () => {
  release = await openNixRelease();
  ownBefore = await listOwn();
  server = await startReleaseServer(release.directory);
});

after(async () => {
  await server.close();
  assert.deepEqual(await listOwn(), ownBefore, 'the real /nix was touched');
});

/** What an installation of ours has left in the real /nix; builds of other tests go on there meanwhile. */
async function listOwn(): Promise<string[]> {
  const directories = ['/nix/store', '/nix/var', '/nix/var/nix/gcroots'];
  const names = await Promise.all(directories.map(directory => readdir(directory).catch(() => [])));
  return names.flat().filter(name => name.includes('nix-image-action') || name.endsWith(`-nix-${release.version}`));
}

interface Setting extends MachineSetting {
  readonly spec?: Request['spec'];
}

async function openThere(machine: Machine, inputs: Partial<ToolchainInputs>, setting: Setting = {}): Promise<Report> {
  const { spec } = setting;
  const request: Request = { inputs: { nixConf: [], ...inputs }, ...(spec && { spec }) };
  const { stdout, stderr } = await runThere(machine, [process.execPath, script, JSON.stringify(request)], setting);
  return stdout === '' ? assert.fail(stderr) : JSON.parse(stdout);
}

async function failureThere(
  machine: Machine,
  inputs: Partial<ToolchainInputs>,
  setting: Setting = {},
): Promise<string> {
  const { error } = await openThere(machine, inputs, setting);
  assert.equal(error?.name, 'Failure', error?.message);
  return error?.message ?? '';
}

const image: Request['spec'] = { kind: 'file', file: 'image.nix', attr: 'image' };
const settings = ['substituters =', 'sandbox = false'];

/** Puts an apt-get on the machine that installs nothing, as /usr/bin/nix is there; returns how to read its calls. */
async function replaceApt({ root, tools }: Machine): Promise<() => Promise<string[]>> {
  const program = join(tools, 'apt-get');
  const log = join(root, 'apt.log');
  await rm(program, { force: true });
  await writeFile(program, `#!/bin/sh\necho "$DEBIAN_FRONTEND $*" >> ${log}\n`);
  await chmod(program, 0o755);
  return async () => (await readFile(log, 'utf8').catch(() => '')).split('\n').filter(line => line !== '');
}

/** Inputs for the release that the server has. */
function served(): Partial<ToolchainInputs> {
  return { nixVersion: release.version, nixUrl: server.url, nixSha256: release.sha256 };
}

test('Nix is installed from a release, builds, and is found by the next run', async t => {
  const machine = await openMachine(t);
  const first = await openThere(machine, { ...served(), nixConf: settings }, { spec: image });
  assert.equal(first.error, undefined);
  assert.deepEqual([first.program, first.version, first.installed], [`${ownBin}/nix`, release.version, true]);
  assert.match(first.built?.path ?? '', /-image$/);
  assert.deepEqual(first.paths, [ownBin]);
  assert.deepEqual(first.exported, {
    NIX_USER_CONF_FILES: `/nix/var/nix-image-action/nix.conf:${machine.home}/.config/nix/nix.conf:/etc/xdg/nix/nix.conf`,
  });

  const own = join(machine.nix, 'var/nix-image-action');
  assert.deepEqual(await readdir(own), ['nix.conf'], 'nothing temporary is left');
  assert.equal(await readFile(join(own, 'nix.conf'), 'utf8'), 'build-users-group =\nsubstituters =\nsandbox = false\n');
  const root = await readlink(join(machine.nix, 'var/nix/gcroots/nix-image-action'));
  assert.match(root, new RegExp(`^/nix/store/[0-9a-z]{32}-nix-${release.version}$`));
  const storePath = await stat(join(machine.nix, root.slice('/nix'.length)));
  assert.equal(storePath.mode & 0o777, 0o555);

  const second = await openThere(machine, { nixUrl: unreachable, nixConf: settings }, { spec: image });
  assert.equal(second.error, undefined);
  assert.deepEqual([second.program, second.installed, second.built], [`${ownBin}/nix`, false, first.built]);
  assert.deepEqual([second.paths, second.exported], [first.paths, first.exported]);
});

test('what was installed is valid in the store and survives a garbage collection', async t => {
  const machine = await openMachine(t);
  await openThere(machine, served());
  const root = await readlink(join(machine.nix, 'var/nix/gcroots/nix-image-action'));
  await runThere(machine, [`${ownBin}/nix-store`, '--gc']);
  const { code, stderr } = await runThere(machine, [`${ownBin}/nix-store`, '--verify-path', root]);
  assert.equal(code, 0, stderr);
});

test('a run that was cut short does not break the next one', async t => {
  const machine = await openMachine(t);
  await openThere(machine, served());
  for (const path of ['var/nix/gcroots', 'var/nix/db', 'var/nix-image-action']) {
    await rm(join(machine.nix, path), { recursive: true });
  }
  const again = await openThere(machine, { ...served(), nixConf: settings }, { spec: image });
  assert.equal(again.error, undefined);
  assert.equal(again.installed, true);
});

test('the certificates that came with Nix are used where the machine has none', async t => {
  const machine = await openMachine(t);
  const { exported } = await openThere(machine, served(), { setup: 'mount -t tmpfs none /etc/ssl/certs' });
  assert.equal(
    exported.NIX_SSL_CERT_FILE,
    '/nix/var/nix/gcroots/nix-image-action-certificates/etc/ssl/certs/ca-bundle.crt',
  );
});

test('an archive with another checksum is refused before anything is written', async t => {
  const machine = await openMachine(t);
  const message = await failureThere(machine, { ...served(), nixSha256: '0'.repeat(64) });
  assert.match(message, new RegExp(`has the SHA-256 ${release.sha256}, expected 0{64}\\.`));
  assert.deepEqual(await readdir(machine.nix), []);
});

test('a version that the server does not have is refused with the URL', async t => {
  const machine = await openMachine(t);
  const message = await failureThere(machine, { ...served(), nixVersion: '2.99.0' });
  assert.match(message, /^Cannot download Nix 2\.99\.0 from http:\S+nix-2\.99\.0-\S+: .*404\. Check nix-version/);
  assert.deepEqual(await readdir(machine.nix), []);
});

test('a version without a known checksum is refused', async t => {
  const message = await failureThere(await openMachine(t), { nixVersion: '2.99.0' });
  assert.match(message, /^Cannot install Nix 2\.99\.0 for \S+: .*nix-sha256.*2\.35\.1/);
});

test('an asked version is never another one when its server is out of reach', async t => {
  const machine = await openMachine(t);
  const calls = await replaceApt(machine);
  const message = await failureThere(machine, { nixVersion: '2.34.7' }, { isOffline: true });
  assert.match(
    message,
    /^Cannot download Nix 2\.34\.7 from https:\/\/releases\.nixos\.org\/\S+: .*nix-url to a mirror/,
  );
  assert.deepEqual(await calls(), []);
});

test('a place that was asked for is never another one', async t => {
  const machine = await openMachine(t);
  const calls = await replaceApt(machine);
  const message = await failureThere(machine, { nixUrl: unreachable });
  assert.match(message, /^Cannot download Nix \S+ from http:\/\/127\.0\.0\.1:9\/nix\/\S+: .*nix-url to a mirror/);
  assert.deepEqual(await calls(), []);
});

test("the machine's own package is used, aloud, where upstream is out of reach and nothing was asked for", async t => {
  const machine = await openMachine(t);
  const calls = await replaceApt(machine);
  const report = await openThere(machine, { nixConf: settings }, { isOffline: true, spec: image });
  assert.equal(report.error, undefined);
  assert.deepEqual([report.program, report.installed], ['/usr/bin/nix', true]);
  assert.deepEqual(await calls(), [
    'noninteractive update',
    'noninteractive install -y --no-install-recommends nix-bin',
  ]);
  const warning = report.lines.find(line => line.startsWith('warning: '));
  assert.match(
    warning ?? '',
    /releases\.nixos\.org\S+ cannot be reached \(.+\): Nix \d\S+ comes from .* nix-bin instead\.$/,
  );
  assert.match(report.built?.path ?? '', /-image$/);
});

test('without xz the package to install is named', async t => {
  const machine = await openMachine(t);
  await rm(join(machine.tools, 'xz'));
  assert.match(await failureThere(machine, served()), /no xz on PATH\. Install the package xz-utils/);
});

test('a /nix that is not writable is refused', async t => {
  const message = await failureThere(await openMachine(t), served(), { setup: 'mount -o remount,bind,ro /nix' });
  assert.match(message, /^Cannot install Nix: \/nix is there and not writable\..*chown -R \d+:\d+ \/nix$/);
});
