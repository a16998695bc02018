import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { InputName } from '../../src/inputs/input-table.ts';
import { parseImages } from '../../src/inputs/parse-inputs.ts';
import { actions } from '../../src/run.ts';
import type { WorkflowContext } from '../../src/runtime.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { createCertificate } from '../support/certificate.ts';
import { failureWith } from '../support/failure.ts';
import { startPackages } from '../support/github-packages.ts';
import { openProxy } from '../support/proxy.ts';
import { openPutter } from '../support/put-content.ts';
import { startRegistry } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

type Texts = { readonly [name in InputName]?: string };

/** How a pull request that was merged ends: the run has the ref of the branch that it went to. */
const merged: WorkflowContext = {
  eventName: 'pull_request',
  ref: 'refs/heads/main',
  pullRequest: 12,
  repository: 'acme/app',
  repositoryUrl: 'https://github.com/acme/app',
  description: '',
  commitTime: 0,
  sha: '0123456789abcdef0123456789abcdef01234567',
};

async function cleanUp(
  t: TestContext,
  texts: Texts,
  { context = merged, env = {} }: { readonly context?: WorkflowContext; readonly env?: Record<string, string> } = {},
) {
  const runtime = await openTestRuntime({ HOME: '/nonexistent', ...env }, '/');
  t.after(() => runtime.close());
  const images = parseImages(name => ({ mode: 'cleanup', ...texts })[name] ?? '');
  const { deleted } = await actions.cleanup(images, { ...runtime, context });
  return { deleted, lines: runtime.lines };
}

async function openRegistry(t: TestContext) {
  const registry = await startRegistry({ directory: join(await temporaryDirectory(t), 'registry') });
  t.after(() => registry.close());
  return { host: registry.host, put: openPutter(registry.host, 'acme/app') };
}

const rules = 'type=ref,event=branch\ntype=ref,event=pr';

for (const [name, context] of [
  ['merged', merged],
  ['closed', { ...merged, ref: 'refs/pull/12/merge' }],
] as const) {
  test(`the rules of the build give the tags of a ${name} pull request, and no branch`, async t => {
    const { host, put } = await openRegistry(t);
    await put.image('main', undefined, 'main');
    const preview = await put.image('preview', undefined, 'pr-12');
    const { deleted } = await cleanUp(t, { images: `${host}/acme/app`, tags: rules }, { context });
    assert.deepEqual(deleted, [`${host}/acme/app@${preview.digest}`, `${host}/acme/app:pr-12`]);
    assert.deepEqual(await put.tags(), ['main']);
  });
}

test('plain references of several repositories are cleaned up', async t => {
  const { host, put } = await openRegistry(t);
  const web = openPutter(host, 'acme/web');
  await put.image('app', undefined, 'pr-12', 'pr-13');
  await web.image('web', undefined, 'pr-12');
  const { deleted } = await cleanUp(t, {
    tags: `${host}/acme/app:pr-12,${host}/acme/app:pr-13\n${host}/acme/web:pr-12`,
  });
  assert.equal(deleted.length, 5);
  assert.deepEqual([await put.tags(), await web.tags()], [[], []]);
});

test('a dry run deletes nothing', async t => {
  const { host, put } = await openRegistry(t);
  const preview = await put.image('preview', undefined, 'pr-12');
  const texts = { tags: `${host}/acme/app:pr-12`, 'dry-run': 'true' };
  const { deleted, lines } = await cleanUp(t, texts);
  assert.deepEqual(deleted, [`${host}/acme/app@${preview.digest}`, `${host}/acme/app:pr-12`]);
  assert.ok(lines.includes(`info: Would delete ${host}/acme/app:pr-12`));
  assert.deepEqual(await put.tags(), ['pr-12']);
});

test('rules that name nothing for the event are a Failure, not a clean-up of nothing', async t => {
  const cleaning = cleanUp(t, { images: 'ghcr.io/acme/app', tags: 'type=ref,event=pr' }, { context: {} });
  await assert.rejects(cleaning, failureWith('Cannot clean up', 'type=ref,event=pr'));
});

test('without github-token a package of ghcr.io is a Failure', async t => {
  const directory = await temporaryDirectory(t);
  const registry = await startRegistry({ directory, tls: await createCertificate() });
  t.after(() => registry.close());
  const proxy = await openProxy(t, Number(registry.host.split(':')[1]));
  const texts = { tags: 'ghcr.io/acme/app:pr-12', 'insecure-registries': 'ghcr.io' };
  const cleaning = cleanUp(t, texts, { env: { HTTPS_PROXY: `http://${proxy.host}` } });
  await assert.rejects(cleaning, failureWith('ghcr.io/acme/app', 'needs github-token'));
});

test("ghcr.io is cleaned up by GitHub's API", async t => {
  const directory = await temporaryDirectory(t);
  const filling = await startRegistry({ directory });
  const put = openPutter(filling.host, 'acme/app');
  const child = await put.image('child');
  const preview = await put.index([child], 'pr-12');
  await put.image('main', undefined, 'main');
  await filling.close();
  const registry = await startRegistry({
    directory,
    tls: await createCertificate(),
    onRequest: ({ method }) => (method === 'DELETE' ? { status: 405 } : undefined),
  });
  t.after(() => registry.close());
  const api = await startPackages({ directory, path: 'acme/app', owner: 'Organization' });
  t.after(() => api.close());
  const proxy = await openProxy(t, Number(registry.host.split(':')[1]));
  const texts = {
    images: 'ghcr.io/acme/app',
    tags: rules,
    'github-token': 'ghs_0123456789',
    'insecure-registries': 'ghcr.io',
  };
  const env = { HTTPS_PROXY: `http://${proxy.host}` };
  const { deleted } = await cleanUp(t, texts, { context: { ...merged, apiUrl: api.url }, env });
  assert.deepEqual(deleted, [
    `ghcr.io/acme/app@${preview.digest}`,
    `ghcr.io/acme/app@${child.digest}`,
    'ghcr.io/acme/app:pr-12',
  ]);
  const methods = registry.requests.map(({ method }) => method);
  assert.ok(methods.length > 0 && !methods.includes('DELETE'));
});
