import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { startStoreServer } from '../support/store-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { makeKey } from './make-key.ts';
import { openSituation, verify } from './open-situation.ts';

test('a directory as binary cache, unsigned: the second job builds nothing', async t => {
  const { server, run, builds } = await openSituation(t);
  const place = await temporaryDirectory(t);
  const inputs = { 'cache-to': `file://${place}` };
  const first = await run({ inputs });
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  assert.match(first.post, /Copied 6 store paths/);
  assert.equal(first.outputs['cache-key'], '');
  assert.ok((await readdir(place)).includes('nix-cache-info'));
  const second = await run({ inputs });
  assert.deepEqual(await builds(), [], second.log);
  assert.match(second.summary, /\(built 0, fetched [1-9]\d*\)/);
  assert.match(second.post, /^Nothing to copy: file:/m);
  await verify(second.machine);
  assert.deepEqual(server.calls, []);
});

test('a binary cache over HTTP, signed: what another key has signed is not taken', async t => {
  const { run, builds } = await openSituation(t);
  const store = await startStoreServer();
  t.after(() => store.close());
  const [key, other] = [await makeKey(), await makeKey()];
  const inputs = { 'cache-to': store.url, 'cache-signing-key': key.secret };
  const first = await run({ inputs });
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  assert.match(first.post, /Copied 6 store paths/);
  const narinfos = [...store.files].filter(([name]) => name.endsWith('.narinfo'));
  assert.equal(narinfos.length, 6);
  for (const [, text] of narinfos) assert.match(text.toString(), /^Sig: cache\.test-1:/m);
  for (const text of [first.log, first.post]) {
    assert.ok(!text.replaceAll(/::add-mask::.*/g, '').includes(key.secret.split(':')[1] ?? ''));
  }

  const second = await run({ inputs });
  assert.deepEqual(await builds(), [], second.log);
  await verify(second.machine);

  // As a job without the secret reads it.
  const reader = { 'cache-to': store.url, 'trusted-public-keys': key.public, cache: 'restore' };
  await run({ inputs: reader });
  assert.deepEqual(await builds(), []);

  const stranger = await run({ inputs: { ...inputs, 'cache-signing-key': other.secret, cache: 'restore' } });
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  await verify(stranger.machine);
  await run({ inputs: { 'cache-to': store.url, cache: 'restore' } });
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
});

test('a binary cache that accepts nothing is a warning', async t => {
  const { run, builds } = await openSituation(t);
  const store = await startStoreServer({ isReadOnly: true });
  t.after(() => store.close());
  const { post } = await run({ inputs: { 'cache-to': store.url } });
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  assert.match(post, /::warning::Cannot save the store cache: nix copy --to http:/);
});

test('a login in the URL of a binary cache is on no command line and in no log', async t => {
  const { run, builds } = await openSituation(t);
  const store = await startStoreServer({ login: 'ci:hidden/word' });
  t.after(() => store.close());
  const url = store.url.replace('//', '//ci:hidden%2Fword@');
  const seen = join(await temporaryDirectory(t), 'seen');
  const setup = `printf '#!/bin/sh\\necho "$@" >> ${seen}; exec /usr/bin/nix "$@"' > nix.new; chmod +x nix.new; rm -f tools/nix; mv nix.new tools/nix`;
  const key = await makeKey();
  const inputs = { 'cache-to': url, 'cache-signing-key': key.secret };
  const first = await run({ inputs, setup });
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  assert.match(first.post, /Copied 6 store paths to http:\/\/\*\*\*@127/);
  const second = await run({ inputs });
  assert.deepEqual(await builds(), [], second.log);
  await store.close();
  const closed = await run({ inputs });
  assert.match(closed.post, /::warning::Cannot save the store cache: nix copy --to http:\/\/\*\*\*@127/);
  const masks = ['hidden%2Fword', 'hidden/word'];
  const logs = [first, second, closed].flatMap(({ log, post }) => [log, post]);
  for (const mask of masks) assert.ok(first.log.includes(`::add-mask::${mask.replaceAll('%', '%25')}\n`));
  // As the runner shows them: Nix names its substituters itself.
  const shown = logs.map(text =>
    masks.reduce(
      (left, mask) => left.replaceAll(mask, '***'),
      text.replaceAll(/::add-mask::.*/g, '').replaceAll('%25', '%'),
    ),
  );
  for (const text of [await readFile(seen, 'utf8'), ...shown]) assert.doesNotMatch(text, /hidden/);
  for (const { post } of [first, second, closed]) assert.doesNotMatch(post, /hidden/);
});

test('the key that signs is in no file of the task and on no command line', async t => {
  const { run } = await openSituation(t);
  const place = await temporaryDirectory(t);
  const { secret } = await makeKey();
  const seen = join(await temporaryDirectory(t), 'seen');
  // A Nix that notes its arguments and who may read the file with the key.
  const setup = `printf '#!/bin/sh\\necho "$@" >> ${seen}; for a; do case $a in *secret-key=*) stat -c %%a "\${a##*secret-key=}" >> ${seen};; esac; done; exec /usr/bin/nix "$@"' > nix.new; chmod +x nix.new; rm -f tools/nix; mv nix.new tools/nix`;
  const { post } = await run({ inputs: { 'cache-to': `file://${place}`, 'cache-signing-key': secret }, setup });
  assert.match(post, /Copied 6 store paths/);
  const text = await readFile(seen, 'utf8');
  assert.ok(!text.includes(secret.split(':')[1] ?? ''));
  assert.match(text, /^600$/m);
});
