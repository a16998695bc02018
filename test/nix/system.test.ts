import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { imageArchitecture, installableSystem } from '../../src/nix/system.ts';
import { addNix } from '../cache/run-job.ts';
import { openMachine } from '../support/bare-machine.ts';
import { failureWith } from '../support/failure.ts';
import { failureThere, openThere } from './open-there.ts';

test('Linux on x86_64 and aarch64 can be installed on', () => {
  assert.equal(installableSystem('linux', 'x64'), 'x86_64-linux');
  assert.equal(installableSystem('linux', 'arm64'), 'aarch64-linux');
});

for (const [platform, arch, advice] of [
  ['darwin', 'arm64', 'On macOS, install Nix before this step'],
  ['win32', 'x64', 'use a Linux runner'],
  ['linux', 'riscv64', 'Install Nix 2.8 or newer before this step'],
] as const) {
  test(`on ${platform} (${arch}) the message says what works there`, () => {
    assert.throws(
      () => installableSystem(platform, arch),
      failureWith(`Cannot install Nix on ${platform} (${arch}).`, advice),
    );
  });
}

test('the architecture of an image follows from the Nix system', () => {
  for (const [system, architecture] of [
    ['x86_64-linux', 'amd64'],
    ['aarch64-linux', 'arm64'],
    ['armv7l-linux', 'arm'],
  ] as const) {
    assert.equal(imageArchitecture(system), architecture);
  }
  for (const system of ['x86_64-darwin', 'mips-linux', '']) {
    assert.throws(() => imageArchitecture(system), failureWith(`for ${system}: containers run Linux`));
  }
});

/** Makes Node say that it runs on another platform. */
const pretend = (platform: string) => ({
  NODE_OPTIONS: `--import data:text/javascript,Object.defineProperty(process,'platform',{value:'${platform}'})`,
  // Where it is on Windows.
  TEMP: tmpdir(),
});

test('on macOS and Windows nothing is installed, and on macOS an existing Nix is used', async t => {
  const machine = await openMachine(t);
  for (const [platform, name] of [
    ['darwin', 'macOS'],
    ['win32', 'Windows'],
  ] as const) {
    const message = await failureThere(machine, {}, { env: pretend(platform) });
    assert.match(message, new RegExp(`^Cannot install Nix on ${platform} .*${name}`));
  }
  await addNix(machine);
  const { program, installed, error } = await openThere(machine, {}, { env: pretend('darwin') });
  assert.equal(error, undefined);
  assert.deepEqual([program, installed], [`${machine.tools}/nix`, false]);
});
