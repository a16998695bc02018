import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import { openMachine } from '../support/bare-machine.ts';
import { startDistribution } from '../support/distribution.ts';
import { run } from '../support/run.ts';
import { openSituation } from './open-situation.ts';

const env = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  ...{ GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@example.com', GIT_AUTHOR_DATE: '1600000000 +0000' },
  ...{ GIT_COMMITTER_NAME: 'C', GIT_COMMITTER_EMAIL: 'c@example.com', GIT_COMMITTER_DATE: '1700000000 +0000' },
};

/** Jobs that build a flake of a clean checkout and push its image to one registry. */
async function openPushes(t: TestContext) {
  const situation = await openSituation(t);
  const registry = await startDistribution();
  t.after(() => registry.close());
  const { directory } = situation;
  const git = async (...args: string[]) => {
    await run('git', args, { cwd: directory, env });
  };
  await git('init', '-q', '-b', 'main');
  await git('add', '.');
  await git('commit', '-q', '-m', 'first');
  const inputs = { installable: '.', tags: `${registry.host}/acme/app:1`, push: 'true', created: 'commit' };
  const push = (job: Parameters<typeof situation.run>[0] = {}, machine?: Parameters<typeof situation.run>[1]) =>
    situation.run({ ...job, inputs: { ...inputs, ...job.inputs } }, machine);
  return { ...situation, registry, git, push };
}

test('a commit that was built is labelled and pushed on a machine without Nix, and Nix is not installed', async t => {
  const { push, builds } = await openPushes(t);
  const first = await push();
  assert.deepEqual(await builds(), ['app', 'library', 'tool']);
  assert.equal(first.outputs['reused-build'], 'false');
  assert.match(first.post, /Saved the result of this build as nix-image-result-1-[0-9a-f]{64}/);

  const machine = await openMachine(t);
  const again = await push({ hasNix: false }, machine);
  assert.equal(again.outputs['reused-build'], 'true', again.log);
  assert.equal(again.outputs.digest, first.outputs.digest);
  assert.deepEqual(await readdir(machine.nix), []);
});
