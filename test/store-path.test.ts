import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInStore, isStorePath, parsePackageName, storeDirectoryOf } from '../src/store-path.ts';

const path = '/nix/store/78ar79ddns6z76pivrqi81nlpbrs3lk7-hello-2.12';

test('a store path is a hash and a name directly below the store', () => {
  assert.ok(isStorePath(path));
  assert.ok(isStorePath('/custom/78ar79ddns6z76pivrqi81nlpbrs3lk7-a', '/custom'));
  for (const other of [
    `${path}/bin/hello`,
    path.replace('78ar', '78a'),
    path.replace('78ar', '78AR'),
    path.replace('hello-2.12', '..'),
    path.replace('hello-2.12', 'a'.repeat(212)),
    path.replace('/nix/store', '/nix/stores'),
    '/nix/store/.links',
  ]) {
    assert.ok(!isStorePath(other), other);
  }
});

test('a file below a store path is in the store, unless it leads out of it', () => {
  for (const inside of [path, `${path}/bin/hello`]) assert.ok(isInStore(inside), inside);
  for (const outside of [`${path}/../x`, `${path}//x`, '/nix/store', '/etc/passwd']) {
    assert.ok(!isInStore(outside), outside);
  }
});

test('NIX_STORE_DIR names another store', () => {
  assert.equal(storeDirectoryOf({}), '/nix/store');
  assert.equal(storeDirectoryOf({ NIX_STORE_DIR: '/custom' }), '/custom');
});

for (const [text, name, version] of [
  [path, 'hello', '2.12'],
  [`${path}.drv`, 'hello', '2.12'],
  ['glibc-2.40-66-bin', 'glibc', '2.40-66'],
  ['gcc-14.3.0-lib64', 'gcc', '14.3.0'],
  ['python3.12-requests-2.32.3', 'python3.12-requests', '2.32.3'],
  ['foo-unstable-2024-01-01', 'foo-unstable', '2024-01-01'],
  ['source', 'source', ''],
  ['bash-completion-', 'bash-completion-', ''],
  ['-1', '-1', ''],
] as const) {
  test(`the package of ${text}`, () => {
    assert.deepEqual(parsePackageName(text), { name, version });
  });
}
