import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { InputName } from '../../src/inputs/input-table.ts';
import { parseImages } from '../../src/inputs/parse-inputs.ts';
import { actions } from '../../src/run.ts';
import type { WorkflowContext } from '../../src/runtime.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { archive } from '../support/archives.ts';
import { startComments } from '../support/github-comments.ts';
import { imageType, openPutter } from '../support/put-content.ts';
import { startRegistry } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

type Texts = { readonly [name in InputName]?: string };

/** A registry, GitHub, and a run for the pull request 12 that pushes an image and says so. */
async function start(t: TestContext, refuse?: Parameters<typeof startComments>[0]) {
  const registry = await startRegistry({ directory: join(await temporaryDirectory(t), 'registry') });
  t.after(() => registry.close());
  const github = await startComments(refuse);
  t.after(() => github.close());
  const context: WorkflowContext = {
    eventName: 'pull_request',
    ref: 'refs/pull/12/merge',
    baseRef: 'release/1.x',
    pullRequest: 12,
    repository: 'acme/app',
    apiUrl: github.url,
    runUrl: 'https://github.com/acme/app/actions/runs/7',
    description: '',
    revision: '0123456789abcdef0123456789abcdef01234567',
    commitTime: 0,
  };
  const run = async (texts: Texts, changed: WorkflowContext = {}) => {
    const runtime = await openTestRuntime({ HOME: '/nonexistent', PATH: process.env.PATH }, '/');
    t.after(() => runtime.close());
    const given: Texts = {
      path: archive('layered.tar.gz'),
      tags: `${registry.host}/acme/app:pr-12`,
      'github-token': 'ghs_0123456789',
      created: '0',
      push: 'true',
      check: 'off',
      comment: 'true',
      ...texts,
    };
    const images = parseImages(name => given[name] ?? '');
    const { mode } = images[0];
    assert.ok(mode === 'build' || mode === 'push-layout');
    const result = await actions[mode](images, { ...runtime, context: { ...context, ...changed } });
    const bodies = github.comments.map(({ body }) => body);
    return { image: result.images[0], body: bodies[0] ?? '', bodies, lines: runtime.lines };
  };
  return { run, host: registry.host, put: openPutter(registry.host, 'acme/app'), github };
}

/** An image with one layer and a history that names these store paths. */
async function putImage(put: ReturnType<typeof openPutter>, names: readonly string[], ...tags: string[]) {
  const layer = await put.blob('application/vnd.oci.image.layer.v1.tar', names.join());
  const paths = names.map(name => `'/nix/store/0123456789abcdfghijklmnpqrsvwxyz-${name}'`);
  const json = {
    os: 'linux',
    architecture: 'amd64',
    rootfs: { type: 'layers', diff_ids: [layer.digest] },
    history: [{ comment: `store paths: [${paths.join(', ')}]` }],
  };
  const config = await put.blob('application/vnd.oci.image.config.v1+json', JSON.stringify(json));
  await put.manifest({ mediaType: imageType, config, layers: [layer] }, ...tags);
}

test('the comment lists what was pushed and what changed from the base branch', async t => {
  const { run, host, put } = await start(t);
  await putImage(put, ['gone-1.0'], 'release-1.x');
  await putImage(put, ['wrong-1.0'], 'latest');
  const { image, body, lines } = await run({});
  assert.ok(body.includes(`docker pull ${host}/acme/app@${image?.root.digest}\n`));
  assert.ok(body.includes(`against \`${host}/acme/app:release-1.x\``));
  assert.match(body, /\| `gone` \| removed \| `1\.0` \| +\| [\d.]+ k?B, compressed \|/);
  assert.match(body, /<summary>New layers: 7, /);
  assert.ok(body.includes(`Tags: \`${host}/acme/app:pr-12\`. Built from 0123456789ab. Time: `));
  assert.match(body, /Time: .*Image \d\.\d s, Push \d\.\d s\. \[Run\]\(https:\/\/github\.com\//);
  assert.ok(lines.includes('info: Commented: https://github.com/acme/app/pull/12#issuecomment-1'));
});

test('a second push changes the comment, another image has its own part', async t => {
  const { run, host } = await start(t);
  const first = await run({});
  const web = await run({ tags: `${host}/acme/web:pr-12`, labels: 'web=yes' });
  const second = await run({ labels: 'changed=yes' });
  assert.equal(second.bodies.length, 1);
  assert.ok(!second.body.includes(`${first.image?.root.digest}`));
  for (const { image } of [web, second]) assert.ok(second.body.includes(`${image?.root.digest}`));
});

test('without an image of the branch the newest one is compared with, or none', async t => {
  const { run, host, put } = await start(t);
  assert.match((await run({})).body, /The base branch has no image to compare with/);
  await putImage(put, ['a-1'], 'latest');
  assert.ok((await run({})).body.includes(`against \`${host}/acme/app:latest\``));
});

test('reuse-from names what to compare with', async t => {
  const { run, host, put } = await start(t);
  await putImage(put, ['a-1'], 'release-1.x');
  await putImage(openPutter(host, 'acme/base'), ['b-1'], 'edge');
  assert.ok(
    (await run({ 'reuse-from': `${host}/acme/base:edge` })).body.includes(`against \`${host}/acme/base:edge\``),
  );
});

test('something under the tag of the branch that is no image is passed over', async t => {
  const { run, put } = await start(t);
  const config = await put.blob('application/vnd.oci.empty.v1+json', '{}');
  await put.manifest({ mediaType: imageType, config, layers: [config] }, 'release-1.x');
  const { body } = await run({});
  assert.match(body, /docker pull/);
});

suite('a job that a workflow_run event has started, which pushes what a fork has built', () => {
  const sha = 'b'.repeat(40);
  const triggeringRun = { eventName: 'pull_request', sha, repository: 'stranger/app', branch: 'feature' };
  const ownRun: object = {
    eventName: 'workflow_run',
    ref: 'refs/heads/main',
    baseRef: undefined,
    pullRequest: undefined,
  };
  const pullRequest = (number: number, of: string) => ({
    number,
    state: 'open' as const,
    head: { ref: 'feature', sha: of, repo: { full_name: 'stranger/app' }, user: { login: 'stranger' } },
    base: { ref: 'release/1.x' },
  });

  async function startFork(t: TestContext) {
    const started = await start(t);
    const path = join(await temporaryDirectory(t), 'layout');
    const labels = 'org.opencontainers.image.source=https://github.com/acme/app/pull/13';
    await started.run({ push: 'false', output: `oci:${path}`, labels });
    const push = (triggering: WorkflowContext['triggeringRun'] = triggeringRun) =>
      started.run(
        {
          mode: 'push-layout',
          path,
          tags: `${started.host}/acme/app:fork`,
          'allow-labels': 'org.opencontainers.image.*',
        },
        { ...ownRun, triggeringRun: triggering },
      );
    return { ...started, push };
  }

  test("comments on the fork's pull request, as GitHub names it", async t => {
    const { push, put, github, host } = await startFork(t);
    await putImage(put, ['gone-1.0'], 'release-1.x');
    github.pullRequests.push(pullRequest(11, 'c'.repeat(40)), pullRequest(12, sha));
    const { image, body, lines } = await push();
    assert.ok(body.includes(`docker pull ${host}/acme/app@${image?.root.digest}\n`));
    assert.ok(body.includes(`against \`${host}/acme/app:release-1.x\``), 'the branch of the pull request');
    assert.ok(body.includes(`Built from ${sha.slice(0, 12)}.`));
    assert.ok(lines.includes('info: Commented: https://github.com/acme/app/pull/12#issuecomment-1'));
  });

  test('says so if no pull request has that commit, and pushes', async t => {
    const { push, github } = await startFork(t);
    github.pullRequests.push(pullRequest(12, 'c'.repeat(40)));
    for (const triggering of [triggeringRun, { ...triggeringRun, repository: undefined }]) {
      const { image, bodies, lines } = await push(triggering);
      assert.equal(image?.pushed, true);
      assert.deepEqual(bodies, []);
      assert.ok(lines.includes(`info: Not commenting: there is no open pull request at ${sha}, or more than one.`));
    }
  });

  test('asks nothing if that run was not for a pull request', async t => {
    const { push, github } = await startFork(t);
    const { lines } = await push({ ...triggeringRun, eventName: 'push' });
    assert.ok(github.requests.every(({ line }) => line.includes('/git/commits/')));
    assert.ok(lines.includes('info: Not commenting: the run is not for a pull request.'));
  });
});

test('a token that may not comment is a warning, and the push is done', async t => {
  const { run, host, put } = await start(t, line => (line.includes('/comments') ? 403 : undefined));
  const { image, lines } = await run({});
  assert.equal(image?.pushed, true);
  assert.ok(await put.has('pr-12'), host);
  const warnings = lines.filter(line => line.startsWith('warning: '));
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /Cannot comment on the pull request: .*403.*Resource not accessible/);
  assert.match(warnings[0] ?? '', /Add "permissions: pull-requests: write" to the job\.$/);
});

for (const [name, texts, context] of [
  ['comment is not set', { comment: 'false' }, {}],
  ['nothing is pushed', { push: 'false' }, {}],
  ['it is a dry run', { 'dry-run': 'true' }, {}],
  ['there is no pull request', {}, { pullRequest: undefined, ref: 'refs/heads/main' }],
] as const) {
  test(`GitHub is not asked where ${name}`, async t => {
    const { run, github } = await start(t);
    const { lines } = await run(texts, context as WorkflowContext);
    assert.deepEqual(github.requests, []);
    assert.deepEqual(
      lines.filter(line => line.startsWith('warning')),
      [],
    );
  });
}
