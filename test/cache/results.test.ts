import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parseNixVersion } from '../../src/nix/nix-version.ts';
import { openMachine } from '../support/bare-machine.ts';
import { startDistribution } from '../support/distribution.ts';
import { openPutter } from '../support/put-content.ts';
import { run } from '../support/run.ts';
import { makeSigningKey } from './oci/signing-key.ts';
import { openSituation, verify } from './open-situation.ts';

const env = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  ...{ GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_AUTHOR_DATE: '1600000000 +0000' },
  ...{ GIT_COMMITTER_NAME: 'C', GIT_COMMITTER_EMAIL: 'c@example.com', GIT_COMMITTER_DATE: '1700000000 +0000' },
};

/** Jobs that build a flake of a clean checkout and push its image to one registry. */
async function openPushes(t: TestContext, size = 0) {
  const situation = await openSituation(t, { size });
  const registry = await startDistribution();
  t.after(() => registry.close());
  const { directory } = situation;
  const git = async (...args: string[]) => {
    await run('git', args, { cwd: directory, env });
  };
  await git('init', '-q', '-b', 'main');
  const commit = async () => {
    await git('add', '.');
    await git('commit', '-q', '-m', 'change');
  };
  await commit();
  // A machine without Nix would install the same.
  const nix = {
    'nix-version': parseNixVersion(await run('nix', ['--version'])) ?? '',
    'nix-sha256': '0'.repeat(64),
  };
  const inputs = { installable: '.', tags: `${registry.host}/acme/app:1`, push: 'true', created: '0', ...nix };
  const push = (job: Parameters<typeof situation.run>[0] = {}, machine?: Parameters<typeof situation.run>[1]) =>
    situation.run({ ...job, inputs: { ...inputs, ...job.inputs } }, machine);
  return { ...situation, push, commit, cache: `oci://${registry.host}/acme/cache`, host: registry.host };
}

test('a commit that was built is labelled and pushed on a machine without Nix, and Nix is not installed', async t => {
  const { push, builds, server } = await openPushes(t);
  const first = await push();
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  assert.equal(first.outputs['reused-build'], 'false');
  assert.match(first.post, /Saved the result of this build as nix-image-result-2-[0-9a-f]{12}-[0-9a-f]{64}/);

  const entries = [...server.entries.keys()];

  const machine = await openMachine(t);
  const again = await push({ hasNix: false, env: { GITHUB_REF: 'refs/tags/v1' } }, machine);
  assert.equal(again.outputs['reused-build'], 'true', again.log);
  assert.equal(again.outputs.digest, first.outputs.digest);
  assert.equal(again.outputs['nix-version'], first.outputs['nix-version']);
  assert.match(again.summary, /nothing was installed, restored, evaluated or built/);
  assert.deepEqual(await readdir(machine.nix), []);
  assert.deepEqual([...server.entries.keys()], entries, 'nothing is saved of a job that has built nothing');
});

test('a commit that changes nothing that is built fetches and restores only sources, and the next change builds', async t => {
  const { push, builds, change, commit, server, directory } = await openPushes(t, 33 << 20);
  const first = await push();
  await builds();
  const count = server.entries.size;
  const rest = [...server.entries.keys()].find(key => key.startsWith('nix-image-rest-4-')) ?? '';
  assert.equal(count, 4, 'an entry, its rest, and two keys of the result');

  await change('README.md', 'changed');
  await commit();
  const again = await push();
  assert.equal(again.outputs['reused-build'], 'true', again.log);
  assert.deepEqual(await builds(), []);
  assert.doesNotMatch(again.log, new RegExp(rest));
  const store = (await readdir(join(again.machine.nix, 'store'))).join('\n');
  assert.match(store, /-f0$/m, 'a source');
  assert.doesNotMatch(store, /-library$/m);
  assert.equal(again.outputs.digest === first.outputs.digest, true);
  assert.equal(server.entries.size, count + 1, 'the result under the new commit');
  await verify(again.machine);

  await change(
    'flake.nix',
    (await readFile(join(directory, 'flake.nix'), 'utf8')).replace(
      /echo (\S+) > \$out\/bin\/app/,
      'echo new $1 > $out/bin/app',
    ),
  );
  await commit();
  const built = await push();
  assert.equal(built.outputs['reused-build'], 'false');
  assert.deepEqual(await builds(), ['app'], built.log);
  assert.match(built.log, new RegExp(`Cache hit for: ${rest}`));
  await verify(built.machine);

  server.entries.delete(rest);
  await change('app', 'more');
  const whole = await push({ inputs: { rebuild: 'always' } });
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  assert.match(
    whole.log,
    /Rejected the cache entry \S+, leaving the store unchanged: .*its other file, nix-image-rest-4-/,
  );
  assert.match(whole.post, /Saved \d+ store paths, .* as nix-image-4-\S+-2: /);
});

test('a registry keeps results beside the entries of the store cache, signed by the same key', async t => {
  const { push, builds, cache, host, server } = await openPushes(t);
  const key = makeSigningKey('cache-1');
  const reading = { 'cache-to': cache, 'trusted-public-keys': key.public };
  const first = await push({ inputs: { ...reading, 'cache-signing-key': key.secret } });
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  const { tags } = openPutter(host, 'acme/cache');
  const saved = (await tags()).sort();
  assert.equal(saved.length, 3, 'an entry, and two keys of the result');
  assert.equal(server.entries.size, 0);

  const machine = await openMachine(t);
  const again = await push({ inputs: reading, hasNix: false, env: { GITHUB_REF: 'refs/tags/v1' } }, machine);
  assert.equal(again.outputs['reused-build'], 'true', again.log);
  assert.equal(again.outputs.digest, first.outputs.digest);
  assert.deepEqual(await readdir(machine.nix), []);
  assert.deepEqual((await tags()).sort(), saved);
});
