import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { suite, test } from 'node:test';
import { closestTo, isPlatform, isSamePlatform, normalizePlatform, parsePlatform } from '../../src/oci/platform.ts';
import { failureWith } from '../support/failure.ts';

/**
 * What containerd/platforms answers (commit 09756f5, Normalize, OnlyStrict and Only) for each of these platforms among all
 * of them. `closest` has its matches of the same architecture, the best first; here only the best counts for a platform
 * that names its variant.
 */
const cases: readonly {
  readonly platform: string;
  readonly normalized: string;
  readonly same: readonly string[];
  readonly closest: readonly (readonly string[])[];
}[] = JSON.parse(readFileSync(new URL('platform-cases.json', import.meta.url), 'utf8'));
const all = cases.map(({ platform }) => platform);

suite('platforms match as in containerd', () => {
  for (const { platform, normalized, same, closest } of cases) {
    test(platform, () => {
      assert.equal(normalizePlatform(platform), normalized);
      assert.deepEqual(
        all.filter(other => isSamePlatform(platform, other)),
        same,
      );
      let left = all;
      const isNamed = platform.split('/').length > 2;
      for (const expected of isNamed ? closest.slice(0, 1) : closest) {
        const found = closestTo(platform, left, other => other);
        assert.deepEqual(found, expected);
        left = left.filter(other => !found.includes(other));
      }
      assert.deepEqual(
        closestTo(platform, left, other => other),
        [],
      );
    });
  }
});

test('a platform has an operating system and an architecture', () => {
  for (const text of ['linux/amd64', 'linux/x86_64', 'linux/arm/v7', 'linux/arm64/v8.1'])
    assert.ok(isPlatform(text), text);
  for (const text of ['', 'linux', 'amd64', 'linux/', '/amd64', 'linux/arm/v7/x', 'linux/amd 64', 'linux/arm/..']) {
    assert.ok(!isPlatform(text), text);
  }
  assert.deepEqual(parsePlatform('linux/arm/v7', 'it'), { os: 'linux', architecture: 'arm', variant: 'v7' });
  assert.throws(
    () => parsePlatform('linux/x86_64', 'the config of x'),
    failureWith('the config of x', '"linux/x86_64"'),
  );
});
