import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startDistribution } from '../../support/distribution.ts';
import { openSituation, verify } from '../open-situation.ts';

async function openJobs(t: TestContext) {
  const registry = await startDistribution({ version: 3 });
  t.after(() => registry.close());
  const situation = await openSituation(t);
  const inputs = { 'cache-to': `oci://${registry.host}/acme/cache` };
  const tags = async () => {
    const answer = await fetch(`http://${registry.host}/v2/acme/cache/tags/list`);
    return ((await answer.json()) as { tags: string[] }).tags;
  };
  return { ...situation, inputs, tags };
}

test('a second job restores from a registry and builds nothing; a third sends only what changed', async t => {
  const { run, builds, change, inputs, tags } = await openJobs(t);
  const first = await run({ inputs });
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  assert.equal(first.outputs['cache-hit'], 'false', first.log);
  const key = first.outputs['cache-key'] ?? '';
  assert.match(first.post, /Saved 6 store paths, .*, as nix-image-4-/);
  const [tag = ''] = await tags();
  assert.ok(tag.startsWith(`${key}.`), tag);

  const second = await run({ inputs });
  assert.deepEqual(await builds(), []);
  assert.equal(second.outputs['cache-hit'], 'true', second.log);
  assert.match(second.log, /Restored 6 of 6 store paths/);
  await verify(second.machine);

  await change('flake.lock', JSON.stringify({ nodes: { root: {} }, root: 'root', version: 7, again: 1 }));
  const third = await run({ inputs });
  assert.deepEqual(await builds(), []);
  assert.equal(third.outputs['cache-matched-key'], key, third.log);
  assert.match(third.post, /Saved 6 store paths, .*, of which \d+ B sent/);
  assert.equal((await tags()).length, 2);
});

test('old entries are deleted after a save; a registry that cannot be used is a warning', async t => {
  const { run, builds, change, inputs, tags } = await openJobs(t);
  const { machine } = await run({ inputs });
  const [first] = await tags();
  await change('flake.lock', JSON.stringify({ nodes: { root: {} }, root: 'root', version: 7, again: 1 }));
  const second = await run({ inputs: { ...inputs, 'cache-keep': '1 30d' } }, machine);
  const left = await tags();
  assert.equal(left.length, 1, second.post);
  assert.notEqual(left[0], first);
  await builds();

  const without = await run({ inputs: { 'cache-to': 'oci://127.0.0.1:1/acme/cache' } });
  assert.match(without.log, /::warning::Running without the store cache: /);
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
});
