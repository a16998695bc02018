import { isObject, type Json } from '../lib/json-object.ts';
import type { GitHubApi } from './github-api.ts';

/** What GitHub knows about a repository, with the names of a workflow's context. */
export interface RepositoryFacts {
  /** Its page. */
  readonly repositoryUrl?: string;
  /** Empty if there is none. */
  readonly description: string;
  /** SPDX identifier, or NOASSERTION. */
  readonly license?: string;
  readonly defaultBranch?: string;
}

/** Reads the facts about `acme/app`. docs.github.com/rest, "Get a repository" */
export async function readRepository(api: GitHubApi, repository: string): Promise<RepositoryFacts> {
  const answer = objectOf(await api.get(`repos/${repository}`));
  return {
    ...text('repositoryUrl', answer.html_url),
    description: typeof answer.description === 'string' ? answer.description : '',
    ...text('license', objectOf(answer.license).spdx_id),
    ...text('defaultBranch', answer.default_branch),
  };
}

/** Reads when a commit was made, in Unix seconds. docs.github.com/rest, "Get a commit" */
export async function readCommitTime(
  api: GitHubApi,
  { repository, sha }: { readonly repository: string; readonly sha: string },
): Promise<number | undefined> {
  const answer = objectOf(await api.get(`repos/${repository}/git/commits/${sha}`));
  const time = Date.parse(String(objectOf(answer.committer).date));
  return Number.isNaN(time) ? undefined : Math.floor(time / 1000);
}

function text<K extends string>(key: K, value: unknown): { readonly [key in K]?: string } {
  return typeof value === 'string' ? ({ [key]: value } as { readonly [key in K]?: string }) : {};
}

function objectOf(value: unknown): Json {
  return isObject(value) ? value : {};
}
