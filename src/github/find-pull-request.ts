import { isObject } from '../lib/json-object.ts';
import type { GitHubApi } from './github-api.ts';

/** The parts of a pull request that a run uses. */
export interface PullRequest {
  readonly number: number;
  /** Branch that it targets. */
  readonly baseRef?: string | undefined;
}

/** The head of a pull request: the newest commit of a branch, in the target repository or in a fork. */
export interface Head {
  /** `stranger/app` */
  readonly repository: string;
  readonly branch: string;
  readonly sha: string;
}

/**
 * The one open pull request of `acme/app` with this head, according to GitHub only; undefined if there is none, or if
 * several with different target branches have it. docs.github.com/rest, "List pull requests"
 */
export async function findPullRequest(
  api: GitHubApi,
  repository: string,
  head: Head,
): Promise<PullRequest | undefined> {
  const [owner = ''] = head.repository.split('/');
  const query = new URLSearchParams({ state: 'open', head: `${owner}:${head.branch}`, per_page: '100' });
  const answer = await api.get(`repos/${repository.split('/').map(encodeURIComponent).join('/')}/pulls?${query}`);
  const found = (Array.isArray(answer) ? answer : []).flatMap(item => parsePullRequest(item, head) ?? []);
  return found.length === 1 ? found[0] : undefined;
}

/** GitHub searches by owner and branch only, and the run may have built an older commit of that branch. */
function parsePullRequest(item: unknown, { repository, sha }: Head): PullRequest | undefined {
  const { number, head, base } = isObject(item) ? item : {};
  if (typeof number !== 'number' || !isObject(head) || head.sha !== sha) return undefined;
  if (!isObject(head.repo) || head.repo.full_name !== repository) return undefined;
  return { number, baseRef: isObject(base) && typeof base.ref === 'string' ? base.ref : undefined };
}
