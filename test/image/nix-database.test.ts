import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { nixDatabase, type ValidPath } from '../../src/image/nix-database/nix-database.ts';
import { withNixDatabase } from '../../src/image/nix-database/with-nix-database.ts';
import { configOf } from '../../src/oci/config.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { Image, Layer } from '../../src/oci/image.ts';
import { failureWith } from '../support/failure.ts';
import { bytesOf } from '../support/streams.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/** `count` paths in no order, with up to nine references each, some to themselves, and sizes of 0 to 6 bytes. */
function closureOf(count: number): ValidPath[] {
  const name = (i: number) =>
    `/nix/store/${String((i * 7919) % 1_000_003).padStart(32, '0')}-p${i}${'x'.repeat(i % 200)}`;
  return Array.from({ length: count }, (_, i) => ({
    path: name(i),
    narHash: `sha256:${String(i).padStart(64, '0')}`,
    narSize: 7 ** (i % 16),
    references: [...new Set(Array.from({ length: i % 10 }, (_, j) => name(j === 0 ? i : Math.floor((i * j) / 10))))],
  }));
}

for (const count of [0, 1, 40, 3000]) {
  test(`SQLite reads a database of ${count} store paths, and may write to it`, async t => {
    const paths = closureOf(count);
    const file = join(await temporaryDirectory(t), 'db.sqlite');
    await writeFile(file, nixDatabase(paths));
    const database = new DatabaseSync(file);
    t.after(() => database.close());
    const all = (query: string) => database.prepare(query).all();
    assert.deepEqual(all('pragma integrity_check').map(Object.values), [['ok']]);
    assert.deepEqual(all('pragma foreign_key_check'), []);
    const read = all('select path, hash as narHash, narSize from ValidPaths').map(row => ({ ...row }));
    const byPath = paths.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    assert.deepEqual(
      read,
      byPath.map(({ references, ...path }) => path),
    );
    const refs = all(
      'select a.path as f, b.path as t from Refs join ValidPaths a on referrer = a.id join ValidPaths b on reference = b.id',
    );
    const expected = paths.flatMap(({ path, references }) => references.map(to => `${path} ${to}`));
    assert.deepEqual(refs.map(({ f, t }) => `${f} ${t}`).sort(), expected.sort());
    for (const query of ['select count(*) as n from Refs indexed by IndexReference where reference > 0']) {
      assert.equal(all(query)[0]?.n, expected.length);
    }
    database.exec("insert into ValidPaths (path, hash, registrationTime) values ('/nix/store/z', 'sha256:', 2)");
    assert.equal(all("select id from ValidPaths where path = '/nix/store/z'")[0]?.id, count + 1);
    assert.deepEqual(all('pragma integrity_check').map(Object.values), [['ok']]);
  });
}

test('the same paths in another order give the same database', () => {
  const paths = closureOf(60);
  const digest = digestOf(nixDatabase(paths));
  const reversed = paths.toReversed().map(path => ({ ...path, references: path.references.toReversed() }));
  assert.equal(digestOf(nixDatabase(reversed)), digest);
  // Other bytes would be another layer for every image with a database.
  assert.equal(digest, 'sha256:5bf5c38083b72130f31c09744e31f88f344da6beb2d87a13de826cf523efb11c');
});

const layer = (fields: Partial<Layer>): Layer => ({
  diffId: undefined,
  encoding: 'tar',
  open: () => assert.fail('No layer is read.'),
  ...fields,
});

function imageOf(layers: readonly Layer[]): Image {
  const history = layers.map(() => ({ created: '1970-01-01T00:00:01Z' }));
  return { config: configOf({ architecture: 'amd64', os: 'linux', config: {}, history }, 'an image'), layers };
}

const [a, b, c] = ['a', 'b', 'c'].map(letter => `/nix/store/${letter.repeat(32)}-${letter}`) as [
  string,
  string,
  string,
];
const closure = new Map([
  [a, { narHash: `sha256:${'0'.repeat(64)}`, narSize: 1, references: [a, b] }],
  [b, { narHash: `sha256:${'1'.repeat(64)}`, narSize: 2, references: [] }],
  [c, { narHash: `sha256:${'2'.repeat(64)}`, narSize: 3, references: [] }],
]);
const registering = { description: '/result (test)', readClosure: async () => closure };

test('the layer lies on top, with a garbage collector root for each path that no other refers to', async () => {
  const image = imageOf([layer({ storePaths: [b, c] }), layer({ wholeStorePaths: [a] })]);
  const { layers, config } = await withNixDatabase(image, registering);
  assert.equal(layers.length, 3);
  assert.equal((config.json.history as unknown[]).length, 3);
  const top = layers.at(-1) as Layer;
  const tar = await bytesOf(top.open());
  assert.equal(top.diffId, digestOf(tar));
  const text = tar.toString('latin1');
  for (const root of [a, c])
    assert.ok(text.includes(`/nix/var/nix/gcroots/docker/${root.slice('/nix/store/'.length)}`));
  assert.ok(!text.includes(`docker/${b.slice('/nix/store/'.length)}`));
});

test('an image whose store paths are unknown, or refer to others, gets no database', async () => {
  await assert.rejects(
    withNixDatabase(imageOf([layer({})]), registering),
    failureWith(
      'Cannot use nix-db for /result (test): which store paths its layers contain is not known. ' +
        'Remove nix-db, or build a streamLayeredImage, a nix2container image or a package.',
    ),
  );
  await assert.rejects(
    withNixDatabase(imageOf([layer({ storePaths: [a] })]), registering),
    failureWith(
      `Cannot use nix-db for /result (test): ${a} refers to ${b}, which is not in the image as a whole store path, ` +
        'so Nix could not register it. Remove nix-db, or put that path into the image.',
    ),
  );
});
