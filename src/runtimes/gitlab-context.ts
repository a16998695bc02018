import { parseRfc3339 } from '../metadata/created.ts';
import type { WorkflowContext } from '../runtime.ts';
import type { Checkout } from './checkout.ts';
import { known } from './known.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The context of a job of GitLab CI. A merge request counts as a pull request, with a ref as on GitHub. The
 * revision of a merged results pipeline is the head of the source branch. docs.gitlab.com, "Predefined CI/CD variables
 * reference".
 */
export function gitlabContext(env: Environment, checkout: Checkout): WorkflowContext {
  const sha = env.CI_COMMIT_SHA || undefined;
  const mergeRequest = env.CI_MERGE_REQUEST_IID || undefined;
  const isOwn = env.CI_MERGE_REQUEST_SOURCE_PROJECT_PATH === env.CI_PROJECT_PATH;
  const defaultBranch = env.CI_DEFAULT_BRANCH || undefined;
  return known({
    repositoryUrl: env.CI_PROJECT_URL || undefined,
    repositoryName: env.CI_PROJECT_NAME || undefined,
    pullRequest: mergeRequest === undefined ? undefined : Number(mergeRequest),
    runUrl: env.CI_PIPELINE_URL || undefined,
    description: env.CI_PROJECT_DESCRIPTION,
    revision: env.CI_MERGE_REQUEST_SOURCE_BRANCH_SHA || sha,
    gitTag: env.CI_COMMIT_TAG || undefined,
    eventName: mergeRequest === undefined ? env.CI_PIPELINE_SOURCE || undefined : 'pull_request',
    ref: refOf(env),
    sha,
    baseRef: env.CI_MERGE_REQUEST_TARGET_BRANCH_NAME || undefined,
    defaultBranch,
    commitTime: checkout.revision === sha ? checkout.commitTime : parseRfc3339(env.CI_COMMIT_TIMESTAMP ?? ''),
    checkoutTime: checkout.revision === sha ? undefined : checkout.commitTime,
    isTrusted: mergeRequest === undefined ? isBranch(env, defaultBranch) : isOwn,
    isRestricted: mergeRequest !== undefined && !isOwn,
  });
}

function refOf(env: Environment): string | undefined {
  if (env.CI_MERGE_REQUEST_IID) return `refs/pull/${env.CI_MERGE_REQUEST_IID}/merge`;
  if (env.CI_COMMIT_TAG) return `refs/tags/${env.CI_COMMIT_TAG}`;
  return env.CI_COMMIT_BRANCH ? `refs/heads/${env.CI_COMMIT_BRANCH}` : undefined;
}

function isBranch({ CI_COMMIT_BRANCH: branch }: Environment, name: string | undefined): boolean {
  return name !== undefined && branch === name;
}
