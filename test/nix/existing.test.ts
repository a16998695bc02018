import assert from 'node:assert/strict';
import { mkdir, readlink, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Machine, openMachine } from '../support/bare-machine.ts';
import { openStoredRelease } from '../support/nix-release.ts';
import { startReleaseServer } from '../support/release-server.ts';
import { openThere } from './open-there.ts';

const spec = { kind: 'file', file: 'image.nix', attr: 'image' } as const;
const nixConf = ['substituters =', 'sandbox = false', 'build-users-group ='];

/** A machine whose Nix somebody else has put there: nothing is left of how; and its store path. */
async function openMachineWithNix(t: TestContext): Promise<Machine & { readonly storePath: string }> {
  const release = await openStoredRelease();
  const server = await startReleaseServer(release.directory);
  t.after(() => server.close());
  const machine = await openMachine(t);
  await openThere(machine, { nixVersion: release.version, nixUrl: server.url, nixSha256: release.sha256 });
  const storePath = await readlink(join(machine.nix, 'var/nix/gcroots/nix-image-action'));
  for (const path of [
    'nix-image-action',
    'nix/gcroots/nix-image-action',
    'nix/gcroots/nix-image-action-certificates',
  ]) {
    await rm(join(machine.nix, 'var', path), { recursive: true, force: true });
  }
  return { ...machine, storePath };
}

async function link(target: string, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
}

test('the default profile, of a multi-user installation, of Determinate and of Lix, is found off PATH', async t => {
  const machine = await openMachineWithNix(t);
  await link(machine.storePath, join(machine.nix, 'var/nix/profiles/default'));
  const report = await openThere(machine, { nixConf }, { spec });
  assert.equal(report.error, undefined);
  assert.deepEqual([report.program, report.installed], ['/nix/var/nix/profiles/default/bin/nix', false]);
  assert.deepEqual([report.paths, report.exported], [[], {}], 'it is used as it is');
  assert.match(report.built?.path ?? '', /-image$/);
});

test("the system's Nix of NixOS is found off PATH", async t => {
  const machine = await openMachineWithNix(t);
  const setup = `mount -t tmpfs none /run; mkdir -p /run/current-system; ln -s ${machine.storePath} /run/current-system/sw`;
  const report = await openThere(machine, { nixConf }, { spec, setup });
  assert.deepEqual([report.error, report.program], [undefined, '/run/current-system/sw/bin/nix']);
});

test("a user's profile is found off PATH", async t => {
  const machine = await openMachineWithNix(t);
  await link(machine.storePath, join(machine.home, '.nix-profile'));
  const report = await openThere(machine, { nixConf }, { spec });
  assert.deepEqual([report.error, report.program], [undefined, join(machine.home, '.nix-profile/bin/nix')]);
});

/** Starts a daemon for as long as the program of the machine runs. */
const startDaemon = `
export NIX_CONFIG="$(printf '${nixConf.join('\\n')}')"
main=$$
( /nix/var/nix/profiles/default/bin/nix-daemon & daemon=$!
  while kill -0 $main; do sleep 0.1; done; kill $daemon ) >/dev/null 2>&1 &
while [ ! -S /nix/var/nix/daemon-socket/socket ]; do sleep 0.05; done
unset NIX_CONFIG`;

test('a plain user builds through the daemon of a multi-user installation', async t => {
  const machine = await openMachineWithNix(t);
  await rm(join(machine.tools, 'sudo'));
  await link(machine.storePath, join(machine.nix, 'var/nix/profiles/default'));
  const report = await openThere(machine, { nixConf: [] }, { spec, isPlain: true, setup: startDaemon });
  assert.equal(report.error, undefined);
  assert.equal(report.installed, false);
  assert.match(report.built?.path ?? '', /-image$/);
});
