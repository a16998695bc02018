import assert from 'node:assert/strict';
import { test } from 'node:test';
import { installableSystem } from '../../src/nix/system.ts';
import { failureWith } from '../support/failure.ts';

test('Linux on x86_64 and aarch64 can be installed on', () => {
  assert.equal(installableSystem('linux', 'x64'), 'x86_64-linux');
  assert.equal(installableSystem('linux', 'arm64'), 'aarch64-linux');
});

for (const [platform, arch, advice] of [
  ['darwin', 'arm64', 'A Nix that is there is used on macOS'],
  ['win32', 'x64', 'use a Linux runner'],
  ['linux', 'riscv64', 'install Nix 2.8 or newer before this step'],
] as const) {
  test(`on ${platform} (${arch}) the message says what works there`, () => {
    assert.throws(
      () => installableSystem(platform, arch),
      failureWith(`Cannot install Nix on ${platform} (${arch}).`, advice),
    );
  });
}
