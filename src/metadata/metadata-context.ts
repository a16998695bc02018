import type { WorkflowContext } from '../runtime.ts';
import type { Expressions } from './expression.ts';

/** The source of all tags, labels and annotations. */
export interface MetadataContext extends WorkflowContext {
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
}

/** The branch of the ref; undefined for a tag or a pull request. */
export function branchOf({ ref }: WorkflowContext): string | undefined {
  return ref?.startsWith('refs/heads/') ? ref.slice('refs/heads/'.length) : undefined;
}

/** The tag of the ref. */
export function tagOf({ ref }: WorkflowContext): string | undefined {
  return ref?.startsWith('refs/tags/') ? ref.slice('refs/tags/'.length) : undefined;
}

/** The part of a ref that names the pull request: `12` of `refs/pull/12/merge`. */
export function pullOf({ ref }: WorkflowContext): string | undefined {
  return ref?.startsWith('refs/pull/') ? ref.slice('refs/pull/'.length).replace(/\/merge$/, '') : undefined;
}

/** The commit, shortened to the workflow's length for short hashes. */
export function shortSha({ sha = '', shortShaLength = 7 }: WorkflowContext): string {
  return sha.slice(0, shortShaLength);
}

/** `{{date}}` and `{{commit_date}}`; if the commit's time is unknown, that of the checkout, or now. */
export function timeExpressions({ now, commitTime, checkoutTime }: MetadataContext): Expressions {
  const seconds = commitTime ?? checkoutTime;
  return { date: { time: now }, commit_date: { time: seconds === undefined ? now : seconds * 1000 } };
}

/** The expressions allowed in `value`, `prefix`, `suffix` and `enable`, and in labels and annotations. */
export function globalExpressions(context: MetadataContext): Expressions {
  const onDefaultBranch = isOnDefaultBranch(context);
  return {
    branch: branchOf(context) ?? '',
    tag: tagOf(context) ?? '',
    sha: shortSha(context),
    base_ref: context.baseRef ?? '',
    is_default_branch: String(onDefaultBranch),
    is_not_default_branch: String(!onDefaultBranch),
    ...timeExpressions(context),
  };
}

/**
 * Some events always run for the last commit of the default branch. docs.github.com, "Events that trigger workflows".
 */
function isOnDefaultBranch(context: WorkflowContext): boolean {
  const { ref, eventName = '', defaultBranch } = context;
  if (ref === undefined || ref === '' || ref === 'refs/heads/') return false;
  return ref.replace(/^refs\/heads\//, '') === defaultBranch || /create|discussion|issues|schedule/.test(eventName);
}
