import assert from 'node:assert/strict';
import { readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { runThere } from '../support/bare-machine.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { openSituation, verify } from './open-situation.ts';

// The last is more than one command line of Nix names.
for (const files of [3, 1100]) {
  test(`a second job with an empty store builds nothing (${files} files)`, async t => {
    const { server, run, builds } = await openSituation(t, { files });
    const first = await run();
    assert.deepEqual(await builds(), ['app', 'library', 'tool']);
    assert.equal(first.outputs['cache-hit'], 'false');
    assert.match(first.outputs['cache-key'] ?? '', /^nix-image-4-\w+-linux-[0-9a-f]{12}-[0-9a-f]{32}$/);
    assert.match(
      first.post,
      new RegExp(`Saved ${files + 3} store paths, \\S+ \\S+, and the digests of 3 layers, as nix-image-4-`),
    );
    assert.deepEqual([...server.entries.keys()], [first.outputs['cache-key']]);

    const second = await run();
    assert.deepEqual(await builds(), []);
    assert.equal(second.outputs['cache-hit'], 'true', second.log);
    assert.equal(second.outputs['cache-matched-key'], first.outputs['cache-key']);
    assert.deepEqual(JSON.parse(second.outputs.metadata ?? ''), JSON.parse(first.outputs.metadata ?? ''));
    assert.match(second.log, new RegExp(`Restored ${files + 3} of ${files + 3} store paths`));
    await verify(second.machine);
    assert.equal(server.calls.filter(call => call === 'CreateCacheEntry').length, 1, 'a hit is not saved again');

    const listing = 'find /nix/store -path "*-*" ! -name "*.drv" | sort | xargs stat --format "%A %Y %s %n"';
    const [before, after] = await Promise.all(
      [first, second].map(({ machine }) => runThere(machine, ['sh', '-c', listing])),
    );
    assert.equal(after?.stdout, before?.stdout, 'times and permissions are those of a build');

    const third = await run({}, second.machine);
    assert.deepEqual(await builds(), []);
    assert.match(third.log, new RegExp(`Restored 0 of ${files + 3} store paths`));
    await verify(third.machine);
  });
}

test('another lock file starts from the last entry, and what is no longer needed is not saved again', async t => {
  const { server, run, builds, change } = await openSituation(t);
  const first = await run();
  await builds();
  await change('flake.lock', JSON.stringify({ nodes: { root: {} }, root: 'root', version: 7, again: 1 }));
  const second = await run();
  assert.deepEqual(await builds(), []);
  assert.equal(second.outputs['cache-hit'], 'false');
  assert.equal(second.outputs['cache-matched-key'], first.outputs['cache-key']);
  assert.notEqual(second.outputs['cache-key'], first.outputs['cache-key']);
  await change('sub', 'one');
  const keyWith = async (inputs: Readonly<Record<string, string>>) =>
    (await run({ inputs: { cache: 'restore', ...inputs } }, second.machine)).outputs['cache-key'];
  const keys = [await keyWith({ 'cache-key-files': 'su*' }), await keyWith({ 'cache-key-extra': 'x' })];
  assert.equal(new Set([second.outputs['cache-key'], ...keys]).size, 3);
  assert.equal(server.entries.size, 2);
});

test('the service of GitHub Enterprise Server', async t => {
  const { server, run, builds, change } = await openSituation(t, { version: 1 });
  const first = await run();
  assert.match(first.post, /Saved 6 store paths/);
  await builds();
  const second = await run();
  assert.deepEqual(await builds(), []);
  assert.equal(second.outputs['cache-hit'], 'true', second.log);
  await verify(second.machine);
  await change('flake.lock', JSON.stringify({ nodes: { root: {} }, root: 'root', version: 7, again: 1 }));
  server.refuse = { status: 429, headers: { 'retry-after': '1' }, times: 1 };
  const third = await run();
  assert.equal(third.outputs['cache-matched-key'], first.outputs['cache-key'], third.log);
  assert.match(third.post, /Saved 6 store paths/);
  assert.equal(server.entries.size, 2);
});

test('what an evaluation builds is kept too, also under another lock file', async t => {
  const value = `import (make "value" "echo '\\"built for the evaluation\\"' > $out" { })`;
  const { run, builds, change } = await openSituation(t, { value });
  await run();
  assert.deepEqual(await builds(), ['app', 'library', 'tool', 'value']);
  for (const again of [1, 2]) {
    await change('flake.lock', JSON.stringify({ nodes: { root: {} }, root: 'root', version: 7, again }));
    const { post } = await run();
    assert.deepEqual(await builds(), []);
    assert.match(post, /Saved 7 store paths/);
  }
});

test('an entry that the service does not give whole is a miss, and does not block its key', async t => {
  const { server, run, builds } = await openSituation(t);
  const { outputs } = await run();
  await builds();
  const [[key, bytes] = ['', Buffer.alloc(0)]] = server.entries;
  server.entries.set(key, bytes.subarray(0, bytes.length - 100));
  const second = await run();
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  assert.equal(second.outputs['cache-hit'], 'false');
  assert.equal(second.outputs['cache-key'], `${outputs['cache-key']}-2`);
  await verify(second.machine);
  const third = await run();
  assert.deepEqual(await builds(), []);
  assert.equal(third.outputs['cache-matched-key'], `${outputs['cache-key']}-2`);
});

test('a damaged entry is a miss: a warning, a build, a store that is whole, and a whole entry beside it', async t => {
  const { run, builds } = await openSituation(t);
  const place = await temporaryDirectory(t);
  const inputs = { 'cache-to': place };
  const { 'cache-key': key = '' } = (await run({ inputs })).outputs;
  await builds();
  await truncate(join(place, `${key}.nix-image-cache`), 500);
  const second = await run({ inputs });
  assert.match(second.log, /Rejected the cache entry .*, leaving the store unchanged/);
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  assert.equal(second.outputs['cache-hit'], 'false');
  assert.equal(second.outputs['cache-key'], `${key}-2`);
  await verify(second.machine);
  const third = await run({ inputs });
  assert.deepEqual(await builds(), []);
  assert.equal(third.outputs['cache-hit'], 'true', third.log);
  assert.equal(third.outputs['cache-matched-key'], `${key}-2`);
  assert.equal((await readdir(place)).length, 2);
});

test('what a run may save depends on what it runs for', async t => {
  const { server, run } = await openSituation(t);
  const { machine, log } = await run({ env: { GITHUB_REF: 'refs/heads/topic' } });
  assert.match(log, /Not saving/);
  for (const [inputs, env] of [
    [{}, { GITHUB_EVENT_NAME: 'pull_request_target' }],
    [{ cache: 'restore' }, {}],
    [{ cache: 'false' }, {}],
  ] as const) {
    await run({ inputs, env }, machine);
  }
  assert.deepEqual([...new Set(server.calls)], ['GetCacheEntryDownloadURL']);
  const forced = await run({ inputs: { 'cache-save': 'true' }, env: { GITHUB_REF: 'refs/heads/topic' } });
  assert.match(forced.post, /Saved 6 store paths/);
});

test('a service at its rate limit gets the time that it asks for, within reason', async t => {
  const { server, run } = await openSituation(t);
  server.refuse = { status: 429, headers: { 'retry-after': '600' }, times: 9 };
  const { post } = await run();
  assert.match(post, /rate limit will reset in 600 seconds/);
  assert.doesNotMatch(post, /Saved/);
  const reservations = () => server.calls.filter(call => call === 'CreateCacheEntry').length;
  assert.equal(reservations(), 1);
  server.refuse = { status: 429, headers: { 'retry-after': '1' }, times: 2 };
  assert.match((await run()).post, /Saved 6 store paths/);
  assert.equal(reservations(), 4);
});

test('other troubles of the service are warnings', async t => {
  const { server, run, builds } = await openSituation(t);
  server.refuse = { status: 403, times: 9 };
  assert.match((await run()).post, /Failed to save/);
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
});

test('entries can be kept in a directory, and be bounded', async t => {
  const { server, run, builds } = await openSituation(t);
  const place = await temporaryDirectory(t);
  const inputs = { 'cache-to': place, 'cache-max-size': '1300' };
  const first = await run({ inputs });
  assert.match(first.post, /left out for cache-max-size, the least useful first:\n {2}\S+-tool/);
  await builds();
  const second = await run({ inputs });
  assert.deepEqual(await builds(), []);
  assert.equal(second.outputs['cache-hit'], 'true');
  assert.deepEqual(await readdir(place), [`${first.outputs['cache-key']}.nix-image-cache`]);
  assert.deepEqual(server.calls, []);
});
