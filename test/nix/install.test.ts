import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, readlink, rm, rmdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { runProgram } from '../../src/lib/process.ts';
import type { ToolchainInputs } from '../../src/nix/toolchain.ts';
import { type Machine, openMachine, runThere } from '../support/bare-machine.ts';
import { type NixRelease, openNixRelease, openStoredRelease } from '../support/nix-release.ts';
import { type ReleaseServer, startReleaseServer } from '../support/release-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import type { Request } from './open-nix.ts';
import { failureThere, openThere, ownBin } from './open-there.ts';

const unreachable = 'http://127.0.0.1:9/nix';

let release: NixRelease;
let server: ReleaseServer;
let ownBefore: readonly string[];

before(async () => {
  release = await openStoredRelease();
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
  assert.deepEqual([second.program, second.installed, second.built?.path], [`${ownBin}/nix`, false, first.built?.path]);
  assert.deepEqual([second.paths, second.exported], [first.paths, first.exported]);
});

for (const isPlain of [false, true]) {
  test(`what ${isPlain ? 'a plain user' : 'root'} installed is valid in the store and survives a garbage collection`, async t => {
    const machine = await openMachine(t);
    await openThere(machine, served(), { isPlain });
    const root = await readlink(join(machine.nix, 'var/nix/gcroots/nix-image-action'));
    await runThere(machine, [`${ownBin}/nix-store`, '--gc'], { isPlain });
    const { code, stderr } = await runThere(machine, [`${ownBin}/nix-store`, '--verify-path', root], { isPlain });
    assert.equal(code, 0, stderr);
    assert.deepEqual(await readdir(isPlain ? machine.plainHome : machine.home), [], 'there is no other store');
  });
}

test('an interrupted run does not break the next one', async t => {
  const machine = await openMachine(t);
  await openThere(machine, served());
  for (const path of ['var/nix/gcroots', 'var/nix/db', 'var/nix-image-action']) {
    await rm(join(machine.nix, path), { recursive: true });
  }
  const again = await openThere(machine, { ...served(), nixConf: settings }, { spec: image });
  assert.equal(again.error, undefined);
  assert.equal(again.installed, true);
});

test('the certificates that came with Nix are used if the machine has none', async t => {
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
  assert.match(message, /^Cannot install Nix 2\.99\.0 for \S+: .*nix-sha256.*or nix-version to one of \d/);
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

test('the package nix-bin is used, with a warning, if upstream is unreachable and no version was requested', async t => {
  const machine = await openMachine(t);
  const calls = await replaceApt(machine);
  const report = await openThere(machine, { nixConf: settings }, { isOffline: true, spec: image });
  assert.equal(report.error, undefined);
  assert.deepEqual([report.program, report.installed], ['/usr/bin/nix', true]);
  assert.deepEqual(await calls(), [
    'noninteractive update',
    // Without the second one root's Nix would lack its build users in later jobs, where our settings are not in force.
    `noninteractive install -y --no-install-recommends nix-bin${process.getuid?.() === 0 ? ' nix-setup-systemd' : ''}`,
  ]);
  const warning = report.lines.find(line => line.startsWith('warning: '));
  assert.match(
    warning ?? '',
    /releases\.nixos\.org\S+ cannot be reached \(.+\): installed Nix \d\S+ from .* nix-bin instead\.$/,
  );
  assert.match(report.built?.path ?? '', /-image$/);
});

test('without xz an archive is still unpacked', async t => {
  const machine = await openMachine(t);
  await rm(join(machine.tools, 'xz'));
  const { directory, sha256: nixSha256 } = await openNixRelease();
  const compressed = await startReleaseServer(directory);
  t.after(() => compressed.close());
  const inputs = { ...served(), nixUrl: compressed.url, nixSha256, nixConf: settings };
  const report = await openThere(machine, inputs, { spec: image });
  assert.equal(report.error, undefined);
  assert.match(report.built?.path ?? '', /-image$/);
});

test('without tar the package to install is named', async t => {
  const machine = await openMachine(t);
  await rm(join(machine.tools, 'tar'));
  assert.match(await failureThere(machine, served()), /no tar on PATH\. Install the package tar/);
});

test('a /nix that is not writable is refused', async t => {
  const readOnly = { setup: 'mount --bind /nix /nix; mount -o remount,bind,ro /nix' };
  const message = await failureThere(await openMachine(t), served(), readOnly);
  assert.match(message, /^Cannot install Nix: \/nix is on a read-only file system\. .*mount a writable/);
});

test('if / is read-only and has no /nix, the advice is to mount one', async t => {
  const machine = await openMachine(t);
  await rmdir(machine.nix);
  const setup = 'mount -o remount,bind,ro /';
  for (const isPlain of [false, true]) {
    const message = await failureThere(machine, served(), { setup, isPlain });
    assert.match(
      message,
      /^Cannot create \/nix: .*Read-only file system.* If \/ is read-only, mount a writable file system at \/nix/,
    );
  }
});

test('a symlink on the way to the store is refused with how to do without', async t => {
  const machine = await openMachine(t);
  for (const setup of [
    'rmdir /nix; mkdir -p "$PWD/big"; ln -s "$PWD/big" /nix',
    'rm -rf big',
    'rm /nix; mkdir -p "$PWD/big" /nix; ln -s "$PWD/big" /nix/store',
  ]) {
    const message = await failureThere(machine, served(), { setup });
    assert.match(
      message,
      /^Cannot install Nix: (\S+) is a symlink to (\S+), .*: rm \1 && mkdir \1 && mount --bind \2 \1$/,
    );
  }
  const file = await failureThere(machine, served(), { setup: 'rm -r /nix; echo > /nix' });
  assert.match(file, /^Cannot install Nix: \/nix is not a directory\. Remove it\.$/);
});

test('a new file system at /nix is taken for empty', async t => {
  const machine = await openMachine(t);
  const setup = 'mkdir -m 700 /nix/lost+found; chown -R 0:0 /nix';
  const report = await openThere(machine, served(), { isPlain: true, setup });
  assert.deepEqual([report.error, report.installed], [undefined, true]);
  assert.deepEqual((await readdir(machine.nix)).sort(), ['lost+found', 'store', 'var']);
  assert.equal((await stat(join(machine.nix, 'lost+found'))).uid, 0);
});

test('a Nix that an earlier run of root installed is refused to another user with how to share it', async t => {
  const machine = await openMachine(t);
  await openThere(machine, served());
  const message = await failureThere(machine, served(), { isPlain: true });
  assert.match(
    message,
    /^Cannot use the Nix at \S+: an earlier run installed it as another user.* chown -R (\d+:\d+) \/nix$/,
  );
  const setup = 'chown -R "$(stat -c %u:%g plain)" /nix';
  const report = await openThere(machine, served(), { isPlain: true, setup });
  assert.deepEqual([report.error, report.installed], [undefined, false]);
});

/** A server whose release is `archive` instead. */
async function serveInstead(t: TestContext, archive: (whole: Buffer) => Uint8Array): Promise<Partial<ToolchainInputs>> {
  const directory = await temporaryDirectory(t);
  const name = `nix-${release.version}`;
  const file = (await readdir(join(release.directory, name))).find(candidate => candidate.endsWith('.xz')) ?? '';
  const content = archive(await readFile(join(release.directory, name, file)));
  await mkdir(join(directory, name));
  await writeFile(join(directory, name, file), content);
  const other = await startReleaseServer(directory);
  t.after(() => other.close());
  return { ...served(), nixUrl: other.url };
}

for (const tool of ['xz', 'no xz']) {
  test(`a truncated archive is refused, with ${tool}, and leaves nothing`, async t => {
    const machine = await openMachine(t);
    if (tool === 'no xz') await rm(join(machine.tools, 'xz'));
    const inputs = await serveInstead(t, whole => whole.subarray(0, 5_000_000));
    assert.match(await failureThere(machine, inputs), /has the SHA-256 [0-9a-f]{64}, expected/);
    assert.deepEqual(await readdir(machine.nix), []);
  });
}

test('an invalid archive is rejected, and leaves nothing', async t => {
  const machine = await openMachine(t);
  const inputs = await serveInstead(t, () => Buffer.from('<html>Log in to go on</html>'));
  assert.match(await failureThere(machine, inputs), /has the SHA-256 [0-9a-f]{64}, expected/);
  const long = await serveInstead(t, () => Buffer.alloc(10_000_000, 'no archive '));
  assert.match(await failureThere(machine, long), /^Cannot (unpack|install) Nix /);
  assert.deepEqual(await readdir(machine.nix), []);
});

test('an archive whose checksum is right but that holds no Nix is refused', async t => {
  const machine = await openMachine(t);
  const { stdout } = await runProgram('sh', [
    '-ec',
    'd=$(mktemp -d); mkdir -p $d/x/store; tar -C $d -cJf - x | base64; rm -r $d',
  ]);
  const archive = Buffer.from(stdout, 'base64');
  const nixSha256 = createHash('sha256').update(archive).digest('hex');
  const inputs = { ...(await serveInstead(t, () => archive)), nixSha256 };
  assert.match(
    await failureThere(machine, inputs),
    /^Cannot install Nix \S+: \S+ contains no store path with bin\/nix/,
  );
});

test('a download that breaks off goes on', async t => {
  const machine = await openMachine(t);
  const breaking = await startReleaseServer(release.directory, { breakAfter: [2_500_000, 1_000_000] });
  t.after(() => breaking.close());
  const report = await openThere(machine, { ...served(), nixUrl: breaking.url });
  assert.equal(report.error, undefined);
  assert.deepEqual(
    breaking.ranges.map(range => /^bytes=(\d)/.exec(range)?.[1]),
    [undefined, '2', '3'],
  );
  assert.equal(report.lines.filter(line => /The download was interrupted/.test(line)).length, 2);
});

test('a server that breaks off for good leaves nothing', async t => {
  const machine = await openMachine(t);
  const breaking = await startReleaseServer(release.directory, { breakAfter: [3_000_000, ...Array(20).fill(0)] });
  t.after(() => breaking.close());
  const message = await failureThere(machine, { ...served(), nixUrl: breaking.url });
  assert.match(message, /^Cannot download Nix \S+ from http:\S+: .*\. Check nix-version/);
  assert.deepEqual(await readdir(machine.nix), []);
});

test('two runs at once both have the Nix, and nothing temporary is left', async t => {
  const machine = await openMachine(t);
  const inputs = { ...served(), nixConf: settings };
  const reports = await Promise.all([1, 2].map(() => openThere(machine, inputs, { spec: image })));
  for (const report of reports) {
    assert.equal(report.error, undefined);
    assert.equal(report.program, `${ownBin}/nix`);
    assert.match(report.built?.path ?? '', /-image$/);
  }
  assert.deepEqual((await readdir(machine.nix)).sort(), ['store', 'var']);
  const { code, stderr } = await runThere(machine, [`${ownBin}/nix-store`, '--verify', '--check-contents']);
  assert.equal(code, 0, stderr);
});

test('what a killed run left long ago is removed, and what a run may be at work on is not', async t => {
  const machine = await openMachine(t);
  const leave = async (name: string, age: number) => {
    const directory = join(machine.nix, `.nix-image-action-${name}`);
    const path = join(directory, 'store/00000000000000000000000000000000-half');
    await mkdir(path, { recursive: true });
    await writeFile(join(path, 'file'), '');
    await chmod(path, 0o555);
    const time = (Date.now() - age) / 1000;
    await utimes(directory, time, time);
  };
  const day = 24 * 60 * 60 * 1000;
  await Promise.all([leave('old', day + 60_000), leave('young', day - 60_000)]);
  const { lines } = await openThere(machine, served(), {
    isPlain: true,
    setup: 'chown -R "$(stat -c %u:%g plain)" /nix',
  });
  assert.ok(lines.some(line => /^info: Removed \/nix\/\.nix-image-action-old/.test(line)));
  assert.deepEqual((await readdir(machine.nix)).sort(), ['.nix-image-action-young', 'store', 'var']);
  await leave('found later', day + 60_000);
  await openThere(machine, served());
  assert.deepEqual((await readdir(machine.nix)).sort(), ['.nix-image-action-young', 'store', 'var']);
});

test('a store that has other paths keeps them', async t => {
  const machine = await openMachine(t);
  const other = join(machine.nix, 'store/00000000000000000000000000000000-other');
  await mkdir(join(machine.nix, 'store'));
  await writeFile(other, 'of someone else');
  const report = await openThere(machine, { ...served(), nixConf: settings }, { spec: image });
  assert.equal(report.error, undefined);
  assert.equal(await readFile(other, 'utf8'), 'of someone else');
});

test('an installation of ours makes way for another version that is asked for', async t => {
  const machine = await openMachine(t);
  await openThere(machine, served());
  const message = await failureThere(machine, { ...served(), nixVersion: '2.99.0' });
  assert.match(message, /^Cannot download Nix 2\.99\.0 /);
  assert.equal((await openThere(machine, served())).installed, false);
});

test('what the tool cache has is not downloaded, and is checked', async t => {
  const tools = await temporaryDirectory(t);
  await chmod(tools, 0o755);
  const first = await openThere(await openMachine(t), served(), { tools });
  assert.equal(first.error, undefined);
  const [kept = ''] = await readdir(tools);
  assert.equal(kept, `nix-release-${release.version}`);

  const found = await openThere(await openMachine(t), { ...served(), nixUrl: unreachable }, { tools });
  assert.deepEqual([found.error, found.installed], [undefined, true]);

  await writeFile(join(tools, kept), 'damaged');
  const again = await openThere(await openMachine(t), served(), { tools });
  assert.equal(again.error, undefined);
  assert.match(again.lines.find(line => line.startsWith('warning: ')) ?? '', /Cannot use the tool cache: .*SHA-256/);
  assert.ok((await stat(join(tools, kept))).size > 1_000_000, 'it is put right');
});

test('a plain user gets /nix by sudo, and the rest without it', async t => {
  const machine = await openMachine(t);
  await rmdir(machine.nix);
  const inputs = { ...served(), nixConf: settings };
  const report = await openThere(machine, inputs, { spec: image, isPlain: true });
  assert.equal(report.error, undefined);
  assert.match(report.built?.path ?? '', /-image$/);
  const { uid } = await stat(machine.nix);
  assert.notEqual(uid, 0);
  assert.equal((await stat(join(machine.nix, 'store'))).uid, uid);
  await rm(join(machine.tools, 'sudo'));
  const second = await openThere(machine, { nixConf: settings }, { spec: image, isPlain: true });
  assert.deepEqual([second.error, second.installed, second.built?.path], [undefined, false, report.built?.path]);
});

test('a plain user with an empty /nix of root gets it by sudo', async t => {
  const machine = await openMachine(t);
  const setup = 'chown 0:0 /nix';
  const report = await openThere(machine, served(), { isPlain: true, setup });
  assert.deepEqual([report.error, report.installed], [undefined, true]);
});

test('a plain user without sudo gets instructions', async t => {
  const machine = await openMachine(t);
  await rm(join(machine.tools, 'sudo'));
  const setting = { isPlain: true };
  const taken = await failureThere(machine, served(), { ...setting, setup: 'chown 0:0 /nix' });
  assert.match(taken, /^Cannot install Nix: \/nix exists but is not writable\..*chown -R \d+:\d+ \/nix$/);
  const mine = await openThere(machine, served(), { ...setting, setup: 'chown "$(stat -c %u:%g plain)" /nix' });
  assert.deepEqual([mine.error, mine.installed], [undefined, true]);

  const bare = await openMachine(t);
  await Promise.all([rm(join(bare.tools, 'sudo')), rmdir(bare.nix)]);
  const message = await failureThere(bare, served(), setting);
  assert.match(message, /^Cannot create \/nix: .* as root: mkdir \/nix && chown \d+:\d+ \/nix$/);
});

test('a /nix of someone else is not touched, whatever sudo could do', async t => {
  const machine = await openMachine(t);
  const setup = 'mkdir -p /nix/store; chown -R 0:0 /nix';
  const message = await failureThere(machine, served(), { isPlain: true, setup });
  assert.match(message, /^Cannot install Nix: \/nix exists but is not writable/);
  assert.deepEqual([await readdir(machine.nix), (await stat(machine.nix)).uid], [['store'], 0]);
});
