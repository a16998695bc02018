import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTrustedRun } from '../../src/runtimes/trusted-run.ts';

const repository = { default_branch: 'trunk' };
const pull = (fullName: string | undefined) => ({
  repository,
  pull_request: { head: { repo: fullName === undefined ? null : { full_name: fullName } } },
});

for (const [name, event, ref, payload, expected] of [
  ['a push to the default branch', 'push', 'refs/heads/trunk', { repository }, true],
  ['a push to another branch', 'push', 'refs/heads/main', { repository }, false],
  ['a push of a tag of the same name', 'push', 'refs/tags/trunk', { repository }, false],
  ['a push without a payload', 'push', 'refs/heads/trunk', {}, false],
  ['a schedule, which runs on the default branch', 'schedule', 'refs/heads/trunk', {}, true],
  ['a run by hand on the default branch', 'workflow_dispatch', 'refs/heads/trunk', { repository }, true],
  ['a run by hand on a tag', 'workflow_dispatch', 'refs/tags/v1', { repository }, false],
  ['a call from outside', 'repository_dispatch', 'refs/heads/trunk', { repository }, true],
  ['a release', 'release', 'refs/tags/v1', { repository }, false],
  ['a pull request from the repository', 'pull_request', 'refs/pull/1/merge', pull('acme/app'), true],
  ['a pull request from a fork', 'pull_request', 'refs/pull/1/merge', pull('mallory/app'), false],
  ['a pull request from a fork that is gone', 'pull_request', 'refs/pull/1/merge', pull(undefined), false],
  ['pull_request_target', 'pull_request_target', 'refs/heads/trunk', pull('acme/app'), false],
  ['workflow_run', 'workflow_run', 'refs/heads/trunk', { repository }, false],
  ['issue_comment', 'issue_comment', 'refs/heads/trunk', { repository }, false],
  ['no event', undefined, undefined, {}, false],
] as const) {
  test(name, () => {
    const env = { GITHUB_EVENT_NAME: event, GITHUB_REF: ref, GITHUB_REPOSITORY: 'acme/app' };
    assert.equal(isTrustedRun(env, payload), expected);
  });
}
