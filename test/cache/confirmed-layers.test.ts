import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Registry } from '../support/registry.ts';
import { startRegistry } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { openSituation } from './open-situation.ts';

const isFetch = ({ method, path }: Registry['requests'][number]) => method === 'GET' && path.includes('/blobs/sha256:');

async function openPushes(t: TestContext) {
  const root = await temporaryDirectory(t);
  const registry = await startRegistry({ directory: join(root, 'registry') });
  t.after(() => registry.close());
  const { run, server, change } = await openSituation(t);
  const push = async (inputs: Readonly<Record<string, string>>, setup = ':', machine?: Parameters<typeof run>[1]) => {
    const before = registry.requests.length;
    const given = { tags: `${registry.host}/acme/app:1`, push: 'true', ...inputs };
    const job = await run({ inputs: given, setup }, machine);
    return { ...job, fetched: registry.requests.slice(before).filter(isFetch).length };
  };
  return { push, server, change };
}

/** As if the machine's Nix took it for the same: whoever reads it notices. */
const spoil = 'chmod +w /nix/store/*-library && echo spoilt > $(echo /nix/store/*-library)';

test('a job with an empty store pushes again with no layer fetched and no store path read', async t => {
  const { push, server, change } = await openPushes(t);
  const first = await push({});
  assert.match(first.post, /Saved 6 store paths, \S+ \S+, and the digests of 3 layers, as nix-image-/);

  const second = await push({});
  assert.equal(second.outputs.digest, first.outputs.digest);
  assert.match(second.log, /It confirms 3 layers/);
  assert.equal(second.fetched, 0);
  const third = await push({ labels: 'a=b' }, spoil, second.machine);
  assert.notEqual(third.outputs.digest, first.outputs.digest);
  assert.equal(third.fetched, 0);
  const fourth = await push({}, spoil, second.machine);
  assert.equal(fourth.outputs.digest, first.outputs.digest);

  await change('flake.lock', JSON.stringify({ nodes: { root: {} }, root: 'root', version: 7, again: 1 }));
  const moved = await push({});
  assert.deepEqual([moved.outputs.digest, moved.fetched], [first.outputs.digest, 0]);
  assert.match(moved.post, /Saved 6 store paths, \S+ \S+, and the digests of 3 layers, as nix-image-/);
  assert.equal(server.entries.size, 2);
});

test('a binary cache carries no layers', async t => {
  const { push } = await openPushes(t);
  const inputs = { 'cache-to': `file://${await temporaryDirectory(t)}` };
  const first = await push(inputs);
  assert.match(first.post, /Copied \d+ store paths/);
  const second = await push(inputs);
  assert.equal(second.outputs.digest, first.outputs.digest);
  const spoilt = await push(inputs, spoil, second.machine);
  assert.match(spoilt.log, /Cannot confirm that sha256:/);
});
