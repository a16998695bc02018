import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { gitlabContext } from '../../src/runtimes/gitlab-context.ts';
import { readContext } from '../../src/runtimes/read-context.ts';
import { gitlabJob } from '../support/gitlab-job.ts';

const sha = gitlabJob.CI_COMMIT_SHA;
const source = '9a2bc3a4b5c6d7e8f9a0b1c2d3e4f5a6b7c8d9e0';
const project = {
  repositoryUrl: 'https://gitlab.example.com/acme/app',
  repositoryName: 'app',
  runUrl: 'https://gitlab.example.com/acme/app/-/pipelines/4611',
  description: 'Says hello',
  defaultBranch: 'main',
};
const mergeRequest = {
  ...gitlabJob,
  CI_COMMIT_BRANCH: undefined,
  CI_PIPELINE_SOURCE: 'merge_request_event',
  CI_MERGE_REQUEST_IID: '12',
  CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: '',
  CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: 'acme/app',
  CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
};
const preview = {
  ...project,
  pullRequest: 12,
  eventName: 'pull_request',
  ref: 'refs/pull/12/merge',
  sha,
  revision: sha,
  baseRef: 'main',
  commitTime: 1_643_805_600,
  isTrusted: true,
  isRestricted: false,
};

suite('what a job of GitLab knows of its commit', () => {
  for (const [name, env, expected] of [
    [
      'a push to the default branch',
      gitlabJob,
      { ...project, eventName: 'push', ref: 'refs/heads/main', sha, revision: sha, commitTime: 1_643_805_600 },
    ],
    [
      'a tag',
      { ...gitlabJob, CI_COMMIT_BRANCH: undefined, CI_COMMIT_TAG: 'v1.2.3' },
      {
        ...project,
        eventName: 'push',
        ref: 'refs/tags/v1.2.3',
        gitTag: 'v1.2.3',
        sha,
        revision: sha,
        commitTime: 1_643_805_600,
        isTrusted: false,
      },
    ],
    [
      'a schedule',
      { ...gitlabJob, CI_PIPELINE_SOURCE: 'schedule' },
      { ...project, eventName: 'schedule', ref: 'refs/heads/main', sha, revision: sha, commitTime: 1_643_805_600 },
    ],
    ['a merge request', mergeRequest, preview],
    [
      'a merged results pipeline',
      { ...mergeRequest, CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: source },
      { ...preview, revision: source },
    ],
    [
      'a merge request of a fork',
      { ...mergeRequest, CI_MERGE_REQUEST_SOURCE_PROJECT_PATH: 'stranger/app' },
      { ...preview, isTrusted: false, isRestricted: true },
    ],
    ['nothing', {}, { isTrusted: false }],
  ] as const) {
    test(name, () => {
      assert.deepEqual(gitlabContext(env, {}), { isTrusted: true, isRestricted: false, ...expected });
    });
  }

  test('the time of the commit, and of another one that is checked out', () => {
    const timesOf = (revision: string) => {
      const { commitTime, checkoutTime } = gitlabContext(gitlabJob, { revision, commitTime: 7 });
      return { commitTime, checkoutTime };
    };
    assert.deepEqual(timesOf(sha), { commitTime: 7, checkoutTime: undefined });
    assert.deepEqual(timesOf('abc'), { commitTime: 1_643_805_600, checkoutTime: 7 });
  });
});

test('the environment decides which system it is', async () => {
  const refOf = async (env: Readonly<Record<string, string>>) => (await readContext(env, {})).ref;
  assert.equal(await refOf({ ...gitlabJob, NIX_IMAGE_REF: 'refs/heads/other' }), 'refs/heads/main');
  assert.equal(await refOf({ GITHUB_ACTIONS: 'true', GITHUB_REF: 'refs/heads/a' }), 'refs/heads/a');
  assert.equal(await refOf({ GITHUB_REF: 'refs/heads/a', NIX_IMAGE_REF: 'refs/heads/b' }), 'refs/heads/b');
});
