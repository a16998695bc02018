import assert from 'node:assert/strict';
import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { type TestContext, test } from 'node:test';
import { findHash, findPosition } from '../../src/nix/find-place.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const target = { kind: 'installable', installable: '.#image' } as const;

/** A checkout beside a directory that does not belong to it. */
async function openCheckout(t: TestContext, files: Readonly<Record<string, string>>) {
  const directory = await realpath(await temporaryDirectory(t));
  const checkout = join(directory, 'checkout');
  const outside = join(directory, 'outside');
  await mkdir(join(checkout, 'nix'), { recursive: true });
  await mkdir(outside);
  await writeFile(join(outside, 'secret.nix'), '{ }');
  await symlink(outside, join(checkout, 'linked'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(checkout, name, '..'), { recursive: true });
    await writeFile(join(checkout, name), text);
  }
  return { checkout, outside };
}

test('the innermost position in the checkout counts, and none outside', async t => {
  const { checkout, outside } = await openCheckout(t, { 'flake.nix': 'a', 'nix/app.nix': 'b' });
  const find = (...files: readonly string[]) =>
    findPosition(files.map(file => `… while evaluating\n  at ${file}:3:7:\n     3| x`).join('\n'), target, checkout);
  const app = { file: 'nix/app.nix', line: 3 };
  assert.deepEqual(find(join(checkout, 'flake.nix'), join(checkout, 'nix/app.nix')), app);
  assert.deepEqual(find(join(checkout, 'nix/app.nix'), '/etc/passwd', join(outside, 'secret.nix')), app);
  for (const file of [
    '/etc/passwd',
    join(outside, 'secret.nix'),
    join(checkout, 'linked/secret.nix'),
    `${checkout}/nix/../../outside/secret.nix`,
    join(checkout, 'gone.nix'),
    checkout,
    'flake.nix',
    `/nix/store/${'0'.repeat(32)}-source/flake.nix`,
    `/nix/store/${'0'.repeat(32)}-source/${relative('/nix/store/x', '/etc/passwd')}`,
  ]) {
    assert.equal(find(file), undefined, file);
  }
  assert.equal(findPosition('at a point:7\nat :1:1', target, checkout), undefined);
});

const zeros = `sha256-${'A'.repeat(43)}=`;
const hash = 'sha256-c8s4WKaHqElMozIwUwFigvPa051Cz2LKTnndoqrH2aw=';

for (const [name, wanted, line] of [
  ['as Nix writes it', hash, `hash = "${hash}";`],
  ['in base 32', hash, 'sha256 = "1b6rqyma5pbr9v565ks2kp9xmww2c80m6c1jld64ka47lrc3ijvk";'],
  ['in base 16', hash, 'sha256 = "73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac";'],
  ['of zeros in base 16', zeros, `hash = "${'0'.repeat(64)}";`],
  ['that is empty', zeros, 'hash = "";'],
  ['that is fakeHash', zeros, 'hash = lib.fakeHash;'],
  ['in base 32 with its name', `sha256:${'1'.repeat(52)}`, `sha256 = "${'1'.repeat(52)}";`],
] as const) {
  test(`a hash ${name} is found`, async t => {
    const { checkout } = await openCheckout(t, { 'nix/app.nix': `{\n  ${line}\n}\n`, 'flake.nix': '{ hash = "x"; }' });
    assert.deepEqual(await findHash(wanted, checkout), { file: 'nix/app.nix', line: 2 });
  });
}

test('a hash that is there twice, hidden or outside is not found', async t => {
  const text = `hash = "${hash}";`;
  const { checkout, outside } = await openCheckout(t, {
    '.git/a.nix': text,
    'node_modules/a.nix': text,
    'a.txt': text,
  });
  await writeFile(join(outside, 'b.nix'), text);
  assert.equal(await findHash(hash, checkout), undefined);
  await writeFile(join(checkout, 'a.nix'), `${text}\n`);
  assert.deepEqual(await findHash(hash, checkout), { file: 'a.nix', line: 1 });
  await writeFile(join(checkout, 'sources.json'), text);
  assert.equal(await findHash(hash, checkout), undefined);
});
