import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { groupByName } from '../../../src/cache/oci/group-by-name.ts';

const pathOf = (name: string, narSize: number, salt = '') => ({
  path: `/nix/store/${createHash('sha256')
    .update(name + salt)
    .digest('hex')
    .replaceAll('e', 'g')
    .slice(0, 32)}-${name}`,
  narHash: `sha256:${createHash('sha256').update(salt).digest('hex')}`,
  narSize,
  references: [],
});

/** Small ones for the most part, as in a real closure. */
const closure = Array.from({ length: 2000 }, (_, i) => pathOf(`package-${i}x-1.${i}`, 200 + ((i * 7919) % 120_000)));
const textsOf = (groups: readonly (readonly { path: string }[])[]) =>
  groups.map(group => group.map(one => one.path).join());

test('groups are the same in any order of the paths, and have all of them once', () => {
  const groups = groupByName(closure);
  assert.deepEqual(groupByName(closure.toReversed()), groups);
  assert.deepEqual(
    groups
      .flat()
      .map(({ path }) => path)
      .sort(),
    closure.map(({ path }) => path).sort(),
  );
  for (const group of groups) if (group.length > 1) assert.ok(group.every(({ narSize }) => narSize < 65_536));
  const sizes = groups.filter(group => group.length > 1).map(group => group.reduce((sum, one) => sum + one.narSize, 0));
  assert.ok(Math.max(...sizes) < 2_000_000, String(Math.max(...sizes)));
});

test('a path that changes, comes or goes changes at most two groups', () => {
  const before = new Set(textsOf(groupByName(closure)));
  for (const i of [0, 1, 500, 1999]) {
    const { narSize } = closure[i] as (typeof closure)[number];
    const newer = pathOf(`package-${i}x-2.0`, narSize, 'newer');
    for (const changed of [closure.with(i, newer), closure.toSpliced(i, 1), [...closure, newer]]) {
      const fresh = textsOf(groupByName(changed)).filter(text => !before.has(text));
      assert.ok(fresh.length <= 2, `${fresh.length} groups`);
    }
  }
});
