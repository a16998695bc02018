import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { openContainerPackage } from '../../src/github/container-package.ts';
import { openGitHubApi } from '../../src/github/github-api.ts';
import { openTransport } from '../../src/lib/http/transport.ts';
import { openClient } from '../../src/registry/access/client.ts';
import { deleteTags } from '../../src/registry/delete/delete-tags.ts';
import { logInto } from '../registry/push-image.ts';
import { failureWith } from '../support/failure.ts';
import { type PackagesOptions, startPackages } from '../support/github-packages.ts';
import { openPutter } from '../support/put-content.ts';
import { startRegistry } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const token = 'ghs_0123456789';

/** A registry that has no deletion and no referrers API, as ghcr.io, with GitHub's package API beside it. */
async function start(t: TestContext, path: string, options: Partial<PackagesOptions> = {}) {
  const directory = join(await temporaryDirectory(t), 'registry');
  const registry = await startRegistry({
    directory,
    onRequest: ({ method, url }) =>
      method === 'DELETE' ? { status: 405 } : url?.includes('/referrers/') ? { status: 404 } : undefined,
  });
  t.after(() => registry.close());
  const api = await startPackages({ directory, path, owner: 'Organization', ...options });
  t.after(() => api.close());
  const clean = async (...tags: string[]) => {
    const transport = openTransport({ insecureHosts: [], env: {} });
    t.after(() => transport.close());
    const lines: string[] = [];
    const log = logInto(lines);
    const access = { transport, insecureRegistries: [], env: { HOME: '/nonexistent' }, log };
    const client = await openClient({ host: registry.host, path }, { ...access, actions: 'pull', mountSources: [] });
    const github = openGitHubApi({ apiUrl: api.url, token, send: transport.send, log });
    const tagStore = await openContainerPackage(github, path);
    const { deleted: gone } = await deleteTags(tags, { client, tagStore, dryRun: false, log });
    const notices = lines.filter(line => line.startsWith('notice: '));
    return { gone: gone.map(name => name.slice(`${registry.host}/${path}`.length)).sort(), notices };
  };
  return { put: openPutter(registry.host, path), api, clean };
}

for (const [path, owner, base] of [
  ['acme/app', 'Organization', 'orgs/acme/packages/container/app'],
  ['acme/team/app', 'Organization', 'orgs/acme/packages/container/team%2Fapp'],
  ['someone/app', 'User', 'users/someone/packages/container/app'],
] as const) {
  test(`${path} of the ${owner} is cleaned up: the preview goes, the rest stays`, async t => {
    const { put, api, clean } = await start(t, path, { owner, pageSize: 2 });
    const [own, shared] = [await put.image('own'), await put.image('shared')];
    const main = await put.index([shared], 'main');
    const preview = await put.index([own, shared], 'pr-12');
    const signature = await put.image('signature', undefined, `${preview.digest.replace(':', '-')}.sig`);
    const stranger = await put.image('an untagged one of somebody else');
    const { gone, notices } = await clean('pr-12');
    assert.deepEqual(gone, [':pr-12', ...[own, preview, signature].map(({ digest }) => `@${digest}`)].sort());
    assert.deepEqual(notices, []);
    for (const { digest } of [main, shared, stranger]) assert.ok(await put.has(digest));
    for (const { digest } of [preview, own, signature]) assert.equal(await put.has(digest), false);
    const deletions = api.requests.filter(({ line }) => line.startsWith('DELETE'));
    assert.equal(deletions.length, 3);
    for (const { line, headers } of deletions) {
      assert.match(line, new RegExp(`^DELETE /api/v3/${base}/versions/\\d+$`));
      assert.equal(headers.authorization, `Bearer ${token}`);
    }
  });
}

test('if only the preview exists, the whole package is deleted', async t => {
  const { put, api, clean } = await start(t, 'acme/app');
  const child = await put.image('child');
  const preview = await put.index([child], 'pr-12');
  const { gone } = await clean('pr-12');
  assert.deepEqual(gone, [':pr-12', `@${child.digest}`, `@${preview.digest}`].sort());
  const deletions = api.requests.filter(({ line }) => line.startsWith('DELETE'));
  assert.deepEqual(
    deletions.map(({ line }) => line),
    ['DELETE /api/v3/orgs/acme/packages/container/app'],
  );
  assert.deepEqual((await clean('pr-12')).gone, []);
});

test('the last tag stays, with a notice, if untagged versions of others are left', async t => {
  const { put, clean } = await start(t, 'acme/app');
  const stranger = await put.image('a preview of before');
  const child = await put.image('child');
  const preview = await put.index([child], 'pr-12');
  const { gone, notices } = await clean('pr-12');
  assert.deepEqual(gone, []);
  assert.match(notices.join('\n'), /does not delete the last tagged version of a package, and 2 untagged versions are/);
  for (const { digest } of [stranger, child, preview]) assert.ok(await put.has(digest));
});

test('a version that has another tag too stays, with a notice', async t => {
  const { put, clean } = await start(t, 'acme/app');
  await put.image('image', undefined, 'pr-12', 'v1');
  const { gone, notices } = await clean('pr-12');
  assert.deepEqual(gone, []);
  assert.match(notices.join('\n'), /:pr-12: other tags use its manifest, and GitHub can only delete/);
  assert.deepEqual(await put.tags(), ['pr-12', 'v1']);
});

test('a package that the token may not see is a Failure that names the permission', async t => {
  const { put, clean } = await start(t, 'acme/app', { path: 'acme/other' });
  await put.image('image', undefined, 'pr-12');
  await assert.rejects(clean('pr-12'), failureWith('acme/app:pr-12', 'packages: write', 'Admin'));
});
