import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../src/lib/failure.ts';
import { chooseRelease, type ReleaseInputs } from '../../src/nix/release.ts';
import releases from '../../src/nix/releases.json' with { type: 'json' };

const digits = 'AB'.repeat(32);
/** The table is kept newest first. */
const [newest = ''] = Object.keys(releases);

test('without inputs the newest known release is chosen, from upstream', () => {
  assert.deepEqual(chooseRelease({}, 'aarch64-linux'), {
    version: newest,
    url: `https://releases.nixos.org/nix/nix-${newest}/nix-${newest}-aarch64-linux.tar.xz`,
    sha256: Object.values(releases)[0]?.['aarch64-linux'],
  });
});

test('version, place and checksum can be given', () => {
  const inputs = { nixVersion: '2.30.0', nixUrl: 'http://127.0.0.1:8080/mirror/', nixSha256: digits };
  assert.deepEqual(chooseRelease(inputs, 'x86_64-linux'), {
    version: '2.30.0',
    url: 'http://127.0.0.1:8080/mirror/nix-2.30.0/nix-2.30.0-x86_64-linux.tar.xz',
    sha256: digits.toLowerCase(),
  });
});

test('every checksum of the table is a SHA-256 for each supported system', () => {
  for (const systems of Object.values(releases)) {
    assert.deepEqual(Object.keys(systems).sort(), ['aarch64-linux', 'x86_64-linux']);
    for (const sha256 of Object.values(systems)) assert.match(sha256, /^[0-9a-f]{64}$/);
  }
});

const refused: readonly [string, ReleaseInputs, RegExp][] = [
  [
    'an unknown version',
    { nixVersion: '2.99.0' },
    new RegExp(`Nix 2\\.99\\.0 for x86_64-linux.*nix-sha256.*one of ${Object.keys(releases).join(', ')}\\.$`),
  ],
  ['what is no version', { nixVersion: '../2.30' }, /Cannot install Nix "\.\.\/2\.30"/],
  ['what is no checksum', { nixSha256: 'sha256-abc' }, /"sha256-abc".*64 hexadecimal digits/],
  ['what is no http URL', { nixUrl: 'file:///srv/nix' }, /Cannot install Nix from "file:\/\/\/srv\/nix"/],
];
for (const [name, inputs, message] of refused) {
  test(`${name} is refused`, () => {
    assert.throws(
      () => chooseRelease(inputs, 'x86_64-linux'),
      error => error instanceof Failure && message.test(error.message),
    );
  });
}
