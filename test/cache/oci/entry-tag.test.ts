import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { entryTagOf, findNewest, parseEntryTag } from '../../../src/cache/oci/entry-tag.ts';
import { oldEntries } from '../../../src/cache/oci/old-entries.ts';

const day = 24 * 60 * 60 * 1000;
const now = Date.UTC(2026, 10, 30, 16, 10, 53, 120);
const spec = (letter: string) => `nix-image-4-x86_64-linux-${letter.repeat(12)}`;

suite('the tag of an entry', () => {
  test('is its key and the time of the save', () => {
    const tag = entryTagOf(`${spec('a')}-nix2.34.7-eafe5042-00`, now);
    assert.equal(tag.tag, `${spec('a')}-nix2.34.7-eafe5042-00.20261130T161053Z`);
    assert.deepEqual(parseEntryTag(tag.tag), tag);
  });

  test('fits into a tag', () => {
    assert.equal(entryTagOf('k'.repeat(111), now).tag.length, 128);
    assert.throws(() => entryTagOf('k'.repeat(112), now), /at most 128/);
    assert.throws(() => entryTagOf('a/b', now), /Cannot keep the entry a\/b/);
  });

  for (const tag of [
    'latest',
    'nix-image-4',
    '.20261130T161053Z',
    'key.20261330T161053Z',
    'key.20261130T161053',
    '-k.20261130T161053Z',
  ]) {
    test(`is not ${tag}`, () => assert.equal(parseEntryTag(tag), undefined));
  }
});

test('the newest entry of the key is found, else of the first prefix that has one', () => {
  const tags = [
    entryTagOf('a-1', now - day),
    entryTagOf('a-1', now),
    entryTagOf('a-2', now + day),
    entryTagOf('b-1', now + 2 * day),
  ];
  assert.deepEqual(findNewest(tags, 'a-1', ['a-', '']), tags[1]);
  assert.deepEqual(findNewest(tags, 'a-3', ['a-', '']), tags[2]);
  assert.deepEqual(findNewest(tags, 'c-1', ['c-', '']), tags[3]);
  assert.equal(findNewest(tags, 'c-1', ['c-']), undefined);
});

test('entries beyond the count of their build, or beyond the age, are old', () => {
  const tags = [spec('a'), spec('b')].flatMap(build =>
    [0, 1, 2, 30].map(age => entryTagOf(`${build}-${age}`, now - age * day)),
  );
  const oldOf = (keep: Parameters<typeof oldEntries>[1]) =>
    oldEntries(tags, keep, now).map(({ key }) => key.replace('nix-image-4-x86_64-linux-', ''));
  const [a, b] = ['a'.repeat(12), 'b'.repeat(12)];
  assert.deepEqual(oldOf({ count: 3 }).sort(), [`${a}-30`, `${b}-30`]);
  assert.deepEqual(oldOf({ count: 1 }).length, 6);
  assert.deepEqual(oldOf({ age: 14 * day }).sort(), [`${a}-30`, `${b}-30`]);
  assert.deepEqual(oldOf({ count: 2, age: 14 * day }).sort(), [`${a}-2`, `${a}-30`, `${b}-2`, `${b}-30`]);
  assert.deepEqual(oldOf({}), []);
});
