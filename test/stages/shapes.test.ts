import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type Distribution, startDistribution } from '../support/distribution.ts';
import { type Docker, startDocker } from '../support/docker.ts';
import { runStory } from './run-story.ts';

// The shapes that test/e2e does not build: made by Nix, pushed, pulled and run by docker.

suite('made by Nix, pushed, pulled and run by docker', () => {
  let registry: Distribution;
  let docker: Docker;
  before(async () => {
    [registry, docker] = await Promise.all([startDistribution({ version: 3 }), startDocker()]);
  });
  after(() => Promise.all([registry?.close(), docker?.close()]));

  for (const [attr, layers] of [
    ['directory', 2],
    ['tar', 2],
    ['links', 2],
    ['based', 4],
  ] as const) {
    test(`test/fixtures/layout, ${attr}`, async t => {
      const reference = `${registry.host}/layout/${attr}:1`;
      const inputs = { file: 'test/fixtures/layout/default.nix', attr, tags: reference, push: 'true' };
      const { platforms } = await runStory(t, 'build', inputs);
      assert.equal(platforms[0]?.layers.length, layers);
      await docker.run('pull', reference);
      assert.equal(await docker.run('run', '--rm', '--network=none', reference), 'Hello from Nix\n');
    });
  }
});
