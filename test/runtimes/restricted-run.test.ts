import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isRestrictedRun } from '../../src/runtimes/trusted-run.ts';
import { workflowContext } from '../../src/runtimes/workflow-context.ts';

const env = { GITHUB_EVENT_NAME: 'pull_request', GITHUB_REPOSITORY: 'acme/app', GITHUB_ACTOR: 'somebody' };
const from = (repo: { full_name?: string } | null) => ({ pull_request: { number: 12, head: { repo } } });

test('GitHub restricts runs of forks and of Dependabot', () => {
  for (const [name, variables, event, expected] of [
    ['a fork', {}, from({ full_name: 'stranger/app' }), true],
    ['a fork that is gone', {}, from(null), true],
    ['a branch of the repository', {}, from({ full_name: 'acme/app' }), false],
    ['Dependabot', { GITHUB_ACTOR: 'dependabot[bot]' }, from({ full_name: 'acme/app' }), true],
    ['a review of what a fork offers', { GITHUB_EVENT_NAME: 'pull_request_review' }, from({ full_name: 'a/b' }), true],
    ['pull_request_target', { GITHUB_EVENT_NAME: 'pull_request_target' }, from({ full_name: 'a/b' }), false],
    ['a push', { GITHUB_EVENT_NAME: 'push' }, {}, false],
  ] as const) {
    assert.equal(isRestrictedRun({ ...env, ...variables }, event), expected, name);
  }
});

test('a workflow_run knows what the run was about that triggered it', () => {
  const sha = 'b'.repeat(40);
  const head = { head_sha: sha, head_branch: 'feature', head_repository: { full_name: 'stranger/app' } };
  const event = { workflow_run: { event: 'pull_request', ...head } };
  const context = workflowContext({ ...env, GITHUB_SHA: 'a'.repeat(40) }, event, {});
  assert.deepEqual(context.triggeringRun, {
    eventName: 'pull_request',
    sha,
    repository: 'stranger/app',
    branch: 'feature',
  });
  assert.equal(context.revision, 'a'.repeat(40));
});
