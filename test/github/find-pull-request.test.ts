import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { findPullRequest, type Head } from '../../src/github/find-pull-request.ts';
import { openGitHubApi } from '../../src/github/github-api.ts';
import { openTransport } from '../../src/lib/http/transport.ts';
import { type ListedPullRequest, startComments } from '../support/github-comments.ts';

const sha = 'b'.repeat(40);
const head: Head = { repository: 'stranger/app', branch: 'a b&state=closed#', sha };

function pullRequest(number: number, changed: Partial<ListedPullRequest['head']> = {}): ListedPullRequest {
  const own = { ref: head.branch, sha, repo: { full_name: 'stranger/app' }, user: { login: 'stranger' } };
  return { number, state: 'open', head: { ...own, ...changed }, base: { ref: 'main' } };
}

async function find(t: TestContext, ...pullRequests: readonly ListedPullRequest[]) {
  const github = await startComments();
  t.after(() => github.close());
  github.pullRequests.push(...pullRequests);
  const transport = openTransport({ insecureHosts: [], env: {} });
  t.after(() => transport.close());
  const silent = () => {};
  const log = {
    info: silent,
    notice: silent,
    warning: silent,
    debug: silent,
    secret: silent,
    activity: () => ({ add() {}, end() {} }),
    masked: String,
  };
  const api = openGitHubApi({
    apiUrl: github.url,
    send: transport.send,
    log: { ...log, group: async (_, body) => body() },
  });
  return findPullRequest(api, 'acme/app', head);
}

test('the pull request of a fork is the one with its repository, branch and commit', async t => {
  const others = [
    pullRequest(1, { repo: { full_name: 'stranger/app-2' } }),
    pullRequest(2, { ref: 'other' }),
    pullRequest(3, { user: { login: 'other' }, repo: { full_name: 'other/app' } }),
    { ...pullRequest(4), state: 'closed' as const },
    pullRequest(5, { sha: 'c'.repeat(40) }),
    pullRequest(6, { repo: null }),
  ];
  assert.deepEqual(await find(t, ...others, pullRequest(12)), { number: 12, baseRef: 'main' });
  assert.equal(await find(t, ...others), undefined, 'none');
});

test('of two with the same head neither is taken', async t => {
  assert.equal(await find(t, pullRequest(12), { ...pullRequest(13), base: { ref: 'next' } }), undefined);
});
