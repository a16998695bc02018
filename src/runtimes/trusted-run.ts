import type { EventPayload } from './workflow-context.ts';

/**
 * Events that run the code of the branch that they name. Others (`pull_request_target`, `workflow_run`, …) act on code
 * of somebody else.
 */
const branchEvents: readonly unknown[] = ['push', 'workflow_dispatch', 'repository_dispatch'];

/**
 * Whether a run is for the default branch, or for a pull request from a branch of the repository. Not for tags and
 * releases, whose caches no other run can read, and not for forks. docs.github.com, "Events that trigger workflows".
 */
export function isTrustedRun(env: Readonly<Record<string, string | undefined>>, event: EventPayload): boolean {
  const { repository, pull_request: pullRequest } = event;
  if (env.GITHUB_EVENT_NAME === 'pull_request') {
    const head = pullRequest?.head?.repo?.full_name;
    return head !== undefined && head === env.GITHUB_REPOSITORY;
  }
  // Runs on the default branch only, and its event may not name a repository.
  if (env.GITHUB_EVENT_NAME === 'schedule') return true;
  const branch = repository?.default_branch;
  return (
    branchEvents.includes(env.GITHUB_EVENT_NAME) && branch !== undefined && env.GITHUB_REF === `refs/heads/${branch}`
  );
}

/**
 * Whether GitHub may have given the run a read-only token and no secrets: true for a pull request from a fork, even a
 * deleted one, or by Dependabot. docs.github.com, "GITHUB_TOKEN" and "Dependabot on GitHub Actions".
 */
export function isRestrictedRun(env: Readonly<Record<string, string | undefined>>, event: EventPayload): boolean {
  const { pull_request: pullRequest } = event;
  if (pullRequest === undefined || env.GITHUB_EVENT_NAME === 'pull_request_target') return false;
  return pullRequest.head?.repo?.full_name !== env.GITHUB_REPOSITORY || env.GITHUB_ACTOR === 'dependabot[bot]';
}
