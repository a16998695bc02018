import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { openStoredRelease } from '../support/nix-release.ts';
import { startRegistry } from '../support/registry.ts';
import { startReleaseServer } from '../support/release-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { openSituation, verify } from './open-situation.ts';

const everything = ['app', 'library', 'tool'];

test('a job that tries and then pushes saves one entry, which holds all that it built', async t => {
  const { server, run, runSteps, builds } = await openSituation(t);
  const registry = await startRegistry({ directory: join(await temporaryDirectory(t), 'registry') });
  t.after(() => registry.close());
  const push = { tags: `${registry.host}/acme/app:1`, push: 'true' };
  const { steps } = await runSteps({}, { inputs: push });
  assert.deepEqual(await builds(), everything);
  assert.deepEqual(
    steps.map(({ code }) => code),
    [0, 0],
  );
  const [tried, pushed] = steps.map(({ post }) => post);
  assert.match(pushed ?? '', /Saved 6 store paths, \S+ \S+, and the digests of 3 layers, as nix-image-/);
  assert.match(tried ?? '', /Nothing to save: another step or job already saved the entry \S+/);
  assert.equal(server.calls.filter(call => call === 'CreateCacheEntry').length, 1);
  const next = await run({ inputs: push });
  assert.deepEqual(await builds(), []);
  assert.equal(next.outputs['cache-hit'], 'true', next.log);
  await verify(next.machine);
});

test('two images of a job have an entry each, and each entry all that its image needs', async t => {
  const { server, directory, run, runSteps, builds } = await openSituation(t);
  const other = { inputs: { installable: `path:${directory}#other` } };
  await runSteps({}, other);
  assert.deepEqual(await builds(), ['app', 'library', 'other', 'tool']);
  assert.equal(server.entries.size, 2);
  for (const job of [{}, other]) {
    const { outputs, machine } = await run(job);
    assert.deepEqual(await builds(), []);
    assert.equal(outputs['cache-hit'], 'true');
    await verify(machine);
  }
});

test('a use without the cache, and one that fails, take nothing from what the others save', async t => {
  const { run, runSteps, builds, directory } = await openSituation(t);
  const failing = { inputs: { installable: `path:${directory}#none` } };
  const { steps } = await runSteps(failing, { inputs: { cache: 'false' } }, {}, { inputs: { cache: 'restore' } });
  assert.deepEqual(
    steps.map(({ code }) => code),
    [1, 0, 0, 0],
  );
  assert.deepEqual(await builds(), everything);
  assert.match(steps[2]?.post ?? '', /Saved 6 store paths/);
  for (const i of [0, 1, 3]) assert.doesNotMatch(steps[i]?.post ?? '', /Saved/);
  await run();
  assert.deepEqual(await builds(), []);
});

test('uses with the same key whose outputs differ are saved together', async t => {
  const { run, runSteps, builds } = await openSituation(t, { value: 'builtins.getEnv "VALUE"' });
  const [one, two] = ['one', 'two'].map(VALUE => ({ env: { VALUE }, inputs: { 'build-args': '--impure' } }));
  await runSteps({ ...one }, { ...two });
  assert.deepEqual(await builds(), ['app', 'app', 'library', 'library', 'tool']);
  for (const job of [one, two]) {
    await run(job);
    assert.deepEqual(await builds(), []);
  }
});

test('a Nix that the first use installed is in the entry that the second one saves', async t => {
  const release = await openStoredRelease();
  const releases = await startReleaseServer(release.directory);
  t.after(() => releases.close());
  const { server, run, runSteps, builds } = await openSituation(t);
  const step = {
    hasNix: false,
    env: { RUNNER_TOOL_CACHE: '' },
    inputs: {
      'nix-version': release.version,
      'nix-url': releases.url,
      'nix-sha256': release.sha256,
      'nix-conf': 'substituters =\nsandbox = false',
    },
  };
  const { steps } = await runSteps(step, step);
  assert.deepEqual(await builds(), everything);
  assert.match(steps[1]?.post ?? '', /Saved 7 store paths, \S+ \S+, including Nix itself/);
  assert.equal(server.entries.size, 1);
  const next = await run(step);
  assert.deepEqual([await builds(), releases.ranges.length], [[], 1], next.log);
  assert.equal(next.outputs['cache-hit'], 'true');
});

test('an entry is complete even if its outputs existed before the job', async t => {
  const { server, run, builds } = await openSituation(t);
  const { machine } = await run({ inputs: { cache: 'false' } });
  await builds();
  const there = await run({}, machine);
  assert.match(there.post, /Saved \d+ store paths/);
  assert.equal(server.entries.size, 1);
  const next = await run();
  assert.deepEqual(
    (await builds()).filter(name => name !== 'tool'),
    [],
  );
  assert.equal(next.outputs['cache-hit'], 'true', next.log);
  await verify(next.machine);
});

test('a job record that another step has overwritten is ignored', async t => {
  const { directory, run, runSteps, builds } = await openSituation(t);
  const records = join(directory, '../runner-0/nix-image-job-*.json');
  const { steps } = await runSteps(
    {},
    { setup: `for record in ${records}; do echo '{"before":["/etc/passwd"]}' > $record; done` },
  );
  assert.match(steps[1]?.log ?? '', /::warning::Ignoring what earlier steps of this job recorded for the store cache/);
  assert.deepEqual(await builds(), everything);
  const next = await run();
  assert.deepEqual(
    (await builds()).filter(name => name !== 'tool'),
    [],
    next.log,
  );
});

test('an entry whose outputs are gone when the job ends is not saved', async t => {
  const { server, runSteps } = await openSituation(t);
  const { steps } = await runSteps({}, { inputs: { mode: 'metadata', images: 'acme/app' }, setup: 'nix-store --gc' });
  assert.match(steps[0]?.post ?? '', /Not saving: the output \S+-app is no longer in the store/);
  assert.equal(server.entries.size, 0);
});
