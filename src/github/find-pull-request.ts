import { isObject } from '../lib/json-object.ts';
import type { GitHubApi } from './github-api.ts';

/** A pull request, as far as a run has to do with it. */
export interface PullRequest {
  readonly number: number;
  /** Branch that it goes to. */
  readonly baseRef?: string | undefined;
}

/** What a pull request offers: the newest commit of a branch, in the repository that it goes to or in a fork. */
export interface Head {
  /** `stranger/app` */
  readonly repository: string;
  readonly branch: string;
  readonly sha: string;
}

/**
 * The one open pull request of `acme/app` with this head, by GitHub's word alone; undefined where there is none, or where
 * several have it, which go to different branches. docs.github.com/rest, "List pull requests"
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

/** GitHub looks for the owner and the branch alone, of which an older commit may have been built. */
function parsePullRequest(item: unknown, { repository, sha }: Head): PullRequest | undefined {
  const { number, head, base } = isObject(item) ? item : {};
  if (typeof number !== 'number' || !isObject(head) || head.sha !== sha) return undefined;
  if (!isObject(head.repo) || head.repo.full_name !== repository) return undefined;
  return { number, baseRef: isObject(base) && typeof base.ref === 'string' ? base.ref : undefined };
}
