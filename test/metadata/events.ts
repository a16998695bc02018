import type { WorkflowContext } from '../../src/runtime.ts';

const master = { ref: 'refs/heads/master', sha: '266574110acf203503badf966df2ea24b5d732d7', defaultBranch: 'master' };
const dev = { ref: 'refs/heads/dev', sha: '860c1904a1ce19322e91ac35af1ab07466440c37', defaultBranch: 'master' };
const pull = {
  eventName: 'pull_request',
  ref: 'refs/pull/15/merge',
  sha: 'a9c8c5828b91be19d9728548b24759e352367ef1',
  baseRef: 'master',
  defaultBranch: 'master',
};
const headOfPull = { sha: '3370e228f2209994d57af4427fe64e71bb79ac96' };
const target = { ...pull, eventName: 'pull_request_target', sha: master.sha };
const tag = (name: string): WorkflowContext => ({ eventName: 'push', ref: `refs/tags/${name}`, sha: dev.sha });

/** What runs know of themselves, by the names in the table. */
const events: Readonly<Record<string, WorkflowContext>> = {
  nothing: {},
  empty: { eventName: '', ref: '', sha: '' },
  'push-master': { eventName: 'push', ...master },
  'push-dev': { eventName: 'push', ...dev },
  'push-odd-branch': {
    eventName: 'push',
    ref: 'refs/heads/my/feature#1245',
    sha: '983315b5e8d46e46fc4c49869e85e7ee5fb289ba',
    defaultBranch: 'master',
  },
  'workflow-dispatch': { eventName: 'workflow_dispatch', ...master, sha: dev.sha },
  'workflow-dispatch-dev': { eventName: 'workflow_dispatch', ...dev },
  'create-branch': { eventName: 'create', ...dev, sha: '5f3331d7f7044c18ca9f12c77d961c4d7cf3276a' },
  'create-tag': { ...tag('v2.1.8-beta.67'), eventName: 'create', defaultBranch: 'master' },
  'discussion-created': { eventName: 'discussion', ...master },
  'issue-opened': { eventName: 'issues', ...master },
  'pull-request': pull,
  'pull-request-head': { ...pull, ...headOfPull },
  'pull-request-target': target,
  'pull-request-target-head': { ...target, ...headOfPull },
  schedule: { eventName: 'schedule', ...master, sha: dev.sha },
  'release-created': { ...tag('v1.1.1'), eventName: 'release' },
  'merge-group': {
    eventName: 'merge_group',
    ref: 'refs/heads/gh-readonly-queue/main/pr-7-0d1a26e',
    sha: dev.sha,
    defaultBranch: 'main',
  },
  'workflow-run': { eventName: 'workflow_run', ...master },
  'tag-v1.1.1': { ...tag('v1.1.1'), baseRef: 'master', defaultBranch: 'master' },
  ...Object.fromEntries(
    [
      'release1',
      '20200110-RC2',
      'v2.0.8-beta.67',
      'sometag',
      'p1/v1.0.0',
      '1.2',
      '1.1beta2',
      '1.0dev4',
      '1.2.3rc2',
      '1.2post1',
      'v1.2.3rc2',
    ].map(name => [`tag-${name}`, tag(name)]),
  ),
};

/** The event's run at 2020-01-10T00:30:00Z, of a commit of the same moment. */
export function contextOf(event: string) {
  const now = Date.parse('2020-01-10T00:30:00Z');
  const context = events[event];
  if (context === undefined) throw new Error(`no event ${event} in the table`);
  return { commitTime: now / 1000, ...context, now };
}
