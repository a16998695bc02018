import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { readEvent, workflowContext } from '../../src/runtimes/workflow-context.ts';
import { failureWith } from '../support/failure.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const eventPath = (name: string) => fileURLToPath(new URL(`events/${name}.json`, import.meta.url));

/** Variables of a runner. */
const runner = {
  GITHUB_ACTIONS: 'true',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_REPOSITORY: 'acme/app',
  GITHUB_REF_TYPE: 'branch',
  GITHUB_REF_NAME: 'main',
};

suite('what a run knows of its commit', () => {
  for (const [event, env, commitTime, expected] of [
    [
      'push',
      { ...runner, GITHUB_SHA: '0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c' },
      undefined,
      {
        repositoryUrl: 'https://github.com/acme/app',
        repositoryName: 'app',
        repository: 'acme/app',
        description: 'Says "hello", from a container',
        license: 'Apache-2.0',
        revision: '0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c',
        sha: '0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c',
        defaultBranch: 'main',
        commitTime: 1_773_497_366,
      },
    ],
    [
      'tag',
      {
        ...runner,
        GITHUB_REF_TYPE: 'tag',
        GITHUB_REF_NAME: 'v1.2.3',
        GITHUB_SHA: 'a10867b14bb761a232cd80139fbd4c0d33264240',
      },
      1_700_000_000,
      {
        repositoryUrl: 'https://github.com/acme/app',
        repositoryName: 'app',
        repository: 'acme/app',
        description: '',
        license: 'NOASSERTION',
        revision: 'a10867b14bb761a232cd80139fbd4c0d33264240',
        sha: 'a10867b14bb761a232cd80139fbd4c0d33264240',
        defaultBranch: 'main',
        gitTag: 'v1.2.3',
        commitTime: 1_700_000_000,
      },
    ],
    [
      'pull-request',
      { ...runner, GITHUB_REF_NAME: '2/merge', GITHUB_SHA: 'b1c8a5f3d2e4968776a1b2c3d4e5f60718293a4b' },
      1_700_000_000,
      {
        repositoryUrl: 'https://github.com/acme/app',
        repositoryName: 'app',
        repository: 'acme/app',
        description: 'Says hello',
        revision: '34c5c7793cb3b279e22454cb6750c80560547b3a',
        sha: 'b1c8a5f3d2e4968776a1b2c3d4e5f60718293a4b',
        commitTime: 1_700_000_000,
        pullRequest: 2,
      },
    ],
    [
      'enterprise-push',
      {
        ...runner,
        GITHUB_SERVER_URL: 'https://github.example.com:8443',
        GITHUB_REPOSITORY: 'team/app',
        GITHUB_SHA: '17c497ccc7cca9c2f735aa07e9e3813060ce9a6a',
      },
      undefined,
      {
        repositoryUrl: 'https://github.example.com:8443/team/app',
        repositoryName: 'app',
        repository: 'team/app',
        description: '',
        license: 'MIT',
        revision: '17c497ccc7cca9c2f735aa07e9e3813060ce9a6a',
        sha: '17c497ccc7cca9c2f735aa07e9e3813060ce9a6a',
        commitTime: 1_773_497_366,
      },
    ],
  ] as const) {
    test(event, async () => {
      const payload = await readEvent({ GITHUB_EVENT_PATH: eventPath(event) });
      const checkout = commitTime === undefined ? {} : { revision: env.GITHUB_SHA, commitTime };
      assert.deepEqual(workflowContext(env, payload, checkout), expected);
    });
  }

  test('a schedule has no repository in its event', () => {
    assert.deepEqual(workflowContext({ ...runner, GITHUB_SERVER_URL: '', GITHUB_SHA: 'abc' }, {}, {}), {
      repositoryUrl: 'https://github.com/acme/app',
      repositoryName: 'app',
      repository: 'acme/app',
      revision: 'abc',
      sha: 'abc',
    });
  });

  test('an empty event gives no facts', () => assert.deepEqual(workflowContext({}, {}, {}), {}));
});

test('an event that is missing or no JSON is empty', async t => {
  const path = join(await temporaryDirectory(t), 'event.json');
  assert.deepEqual(await readEvent({ GITHUB_EVENT_PATH: path }), {});
  await writeFile(path, '{"repository":');
  assert.deepEqual(await readEvent({ GITHUB_EVENT_PATH: path }), {});
  assert.deepEqual(await readEvent({ GITHUB_EVENT_PATH: '' }), {});
  assert.deepEqual(await readEvent({}), {});
});

suite('the event and the ref that tags are made of', () => {
  const sha = 'b1c8a5f3d2e4968776a1b2c3d4e5f60718293a4b';
  const main = { eventName: 'push', ref: 'refs/heads/main', sha, defaultBranch: 'main' };
  for (const [event, file, ref, expected] of [
    ['push', 'push', 'refs/heads/main', main],
    ['push', 'tag', 'refs/tags/v1.2.3', { ...main, ref: 'refs/tags/v1.2.3', baseRef: 'main' }],
    [
      'pull_request',
      'pull-request',
      'refs/pull/2/merge',
      { eventName: 'pull_request', ref: 'refs/pull/2/merge', sha, baseRef: 'main' },
    ],
    [
      'pull_request_target',
      'pull-request',
      'refs/heads/main',
      { eventName: 'pull_request_target', ref: 'refs/pull/2/merge', sha, baseRef: 'main' },
    ],
    // Gitea and Forgejo run a pull request on its head.
    [
      'pull_request',
      'pull-request',
      'refs/pull/2/head',
      { eventName: 'pull_request', ref: 'refs/pull/2/merge', sha, baseRef: 'main' },
    ],
    ['schedule', 'schedule', 'refs/heads/main', { ...main, eventName: 'schedule' }],
    ['release', 'release', 'refs/tags/v1.2.3', { ...main, eventName: 'release', ref: 'refs/tags/v1.2.3' }],
    ['workflow_dispatch', 'workflow-dispatch', 'refs/heads/main', { ...main, eventName: 'workflow_dispatch' }],
    [
      'merge_group',
      'merge-group',
      'refs/heads/gh-readonly-queue/main/pr-2-ec26c3e',
      { ...main, eventName: 'merge_group', ref: 'refs/heads/gh-readonly-queue/main/pr-2-ec26c3e' },
    ],
    ['workflow_run', 'workflow-run', 'refs/heads/main', { ...main, eventName: 'workflow_run' }],
  ] as const) {
    test(`${event} of ${ref}`, async () => {
      const payload = await readEvent({ GITHUB_EVENT_PATH: eventPath(file) });
      const env = { ...runner, GITHUB_EVENT_NAME: event, GITHUB_REF: ref, GITHUB_SHA: sha };
      const { eventName, ref: seen, sha: commit, baseRef, defaultBranch } = workflowContext(env, payload, {});
      const known = Object.entries({ eventName, ref: seen, sha: commit, baseRef, defaultBranch });
      assert.deepEqual(Object.fromEntries(known.filter(([, value]) => value !== undefined)), expected);
    });
  }

  test('the time of the commit, and of another one that is checked out', async () => {
    const commits = [{ id: sha, timestamp: '2026-03-14T15:09:26+01:00' }];
    const timesOf = (event: object, checkout: object) => {
      const { commitTime, checkoutTime } = workflowContext({ ...runner, GITHUB_SHA: sha }, event, checkout);
      return { commitTime, checkoutTime };
    };
    const other = { revision: 'c0ffee', commitTime: 7 };
    for (const [event, checkout, commitTime, checkoutTime] of [
      [{}, { revision: sha, commitTime: 7 }, 7, undefined],
      [{ commits }, other, 1_773_497_366, 7],
      [{ head_commit: commits[0] }, {}, 1_773_497_366, undefined],
      [{ head_commit: { ...commits[0], id: 'c0ffee' } }, other, undefined, 7],
      [{}, {}, undefined, undefined],
    ] as const) {
      assert.deepEqual(timesOf(event, checkout), { commitTime, checkoutTime });
    }
  });

  test("metadata-action's variables", async () => {
    const payload = await readEvent({ GITHUB_EVENT_PATH: eventPath('pull-request') });
    const env = {
      ...runner,
      GITHUB_SHA: sha,
      DOCKER_METADATA_PR_HEAD_SHA: 'true',
      DOCKER_METADATA_SHORT_SHA_LENGTH: '12',
      DOCKER_METADATA_ANNOTATIONS_LEVELS: 'manifest,index',
    };
    const context = workflowContext(env, payload, {});
    assert.equal(context.sha, '34c5c7793cb3b279e22454cb6750c80560547b3a');
    assert.equal(context.shortShaLength, 12);
    assert.deepEqual(context.annotationLevels, ['manifest', 'index']);
    const levels = { ...env, DOCKER_METADATA_ANNOTATIONS_LEVELS: 'manifest,blob' };
    assert.throws(
      () => workflowContext(levels, payload, {}),
      failureWith('"manifest,blob"', 'give manifest, index or'),
    );
    const wrong = { ...env, DOCKER_METADATA_SHORT_SHA_LENGTH: 'x' };
    assert.throws(() => workflowContext(wrong, payload, {}), failureWith('DOCKER_METADATA_SHORT_SHA_LENGTH="x"'));
  });
});

test('a run knows its page and its pull request', () => {
  const env = { GITHUB_REPOSITORY: 'acme/app', GITHUB_RUN_ID: '7', GITHUB_SERVER_URL: 'https://github.example.com' };
  const { runUrl, pullRequest } = workflowContext(env, { pull_request: { number: 12 } }, {});
  assert.equal(runUrl, 'https://github.example.com/acme/app/actions/runs/7');
  assert.equal(pullRequest, 12);
  // Of an issue it is the number.
  assert.equal(workflowContext(env, { number: 12 }, {}).pullRequest, undefined);
});
