import { readFile } from 'node:fs/promises';
import { Failure } from '../lib/failure.ts';
import { isObject } from '../lib/json-object.ts';
import { parseRfc3339 } from '../metadata/created.ts';
import type { WorkflowContext } from '../runtime.ts';
import type { Checkout } from './checkout.ts';
import { known } from './known.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The parts of an event's payload that we read; the event decides which exist. docs.github.com, "Webhook events and
 * payloads".
 */
export interface EventPayload {
  readonly repository?: {
    readonly html_url?: string;
    readonly description?: string | null;
    readonly license?: { readonly spdx_id?: string | null } | null;
    readonly default_branch?: string;
  };
  /** Of a pull request. */
  readonly number?: number;
  readonly pull_request?: {
    readonly number?: number;
    readonly head?: { readonly sha?: string; readonly repo?: { readonly full_name?: string } | null };
    readonly base?: { readonly ref?: string };
  };
  readonly workflow_run?: {
    readonly event?: string;
    readonly head_sha?: string;
    readonly head_branch?: string | null;
    readonly head_repository?: { readonly full_name?: string } | null;
  };
  /** Of a push: the ref that a new tag or branch came from. */
  readonly base_ref?: string | null;
  readonly head_commit?: Commit | null;
  readonly commits?: readonly Commit[] | null;
}

interface Commit {
  readonly id?: string;
  readonly timestamp?: string;
}

/** The event's payload; empty if the runner provides none. */
export async function readEvent(env: Environment): Promise<EventPayload> {
  const path = env.GITHUB_EVENT_PATH;
  if (path === undefined || path === '') return {};
  try {
    const event: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isObject(event) ? Object.fromEntries(Object.entries(event).filter(([, value]) => value !== null)) : {};
  } catch {
    return {};
  }
}

/**
 * The context of a workflow run. The revision of a pull request is its head commit, not the merge commit that GitHub
 * creates for the run and later deletes.
 */
export function workflowContext(env: Environment, event: EventPayload, checkout: Checkout): WorkflowContext {
  const name = env.GITHUB_REPOSITORY || undefined;
  const server = env.GITHUB_SERVER_URL || 'https://github.com';
  const { repository } = event;
  const run = runOf(env, event);
  return known({
    repositoryUrl: repository?.html_url ?? (name === undefined ? undefined : `${server}/${name}`),
    repositoryName: name?.split('/').at(-1),
    repository: name,
    apiUrl: env.GITHUB_API_URL || undefined,
    pullRequest: event.pull_request === undefined ? undefined : (event.pull_request.number ?? event.number),
    runUrl: name && env.GITHUB_RUN_ID ? `${server}/${name}/actions/runs/${env.GITHUB_RUN_ID}` : undefined,
    workflow: workflowOf(env, server),
    description: repository === undefined ? undefined : (repository.description ?? ''),
    license: repository?.license?.spdx_id ?? undefined,
    revision: event.pull_request?.head?.sha ?? (env.GITHUB_SHA || undefined),
    triggeringRun: triggeringRunOf(event),
    gitTag: env.GITHUB_REF_TYPE === 'tag' ? env.GITHUB_REF_NAME : undefined,
    annotationLevels: parseLevels(env.DOCKER_METADATA_ANNOTATIONS_LEVELS ?? ''),
    ...run,
    ...timesOf(run.sha, event, checkout),
  });
}

/** `GITHUB_WORKFLOW_REF` is `acme/app/.github/workflows/build.yml@refs/heads/main`. */
function workflowOf(env: Environment, server: string): WorkflowContext['workflow'] {
  const { GITHUB_WORKFLOW_REF: file = '', GITHUB_REPOSITORY: repository = '' } = env;
  const [, path, ref] = file.startsWith(`${repository}/`)
    ? (/^([^@]+)@(.+)$/.exec(file.slice(repository.length + 1)) ?? [])
    : [];
  if (path === undefined || ref === undefined || !env.GITHUB_RUN_ID) return undefined;
  return {
    server,
    repository,
    path,
    ref,
    repositoryId: env.GITHUB_REPOSITORY_ID ?? '',
    ownerId: env.GITHUB_REPOSITORY_OWNER_ID ?? '',
    runnerEnvironment: env.RUNNER_ENVIRONMENT ?? '',
    invocation: `${server}/${repository}/actions/runs/${env.GITHUB_RUN_ID}/attempts/${env.GITHUB_RUN_ATTEMPT || '1'}`,
  };
}

function triggeringRunOf({ workflow_run: run }: EventPayload): WorkflowContext['triggeringRun'] {
  return (
    run && {
      eventName: run.event,
      sha: run.head_sha,
      repository: run.head_repository?.full_name,
      branch: run.head_branch ?? undefined,
    }
  );
}

/** The checkout may be of another commit than the run. */
function timesOf(sha: string | undefined, { head_commit: head, commits }: EventPayload, checkout: Checkout) {
  if (checkout.revision === sha) return { commitTime: checkout.commitTime };
  const commit = [...(commits ?? []), head].find(item => item?.id === sha && sha !== undefined);
  return { commitTime: parseRfc3339(commit?.timestamp ?? ''), checkoutTime: checkout.commitTime };
}

/**
 * The event and the ref. A pull_request_target runs on the base branch; its ref becomes that of the pull request, as in
 * docker/metadata-action, whose variables apply too. So does `refs/pull/12/head`, which Gitea and Forgejo set.
 */
function runOf(env: Environment, event: EventPayload) {
  const { pull_request: pull, number, repository } = event;
  const eventName = env.GITHUB_EVENT_NAME || undefined;
  const isTarget = eventName === 'pull_request_target' && number !== undefined;
  const given = env.GITHUB_REF || undefined;
  const ref = isTarget ? `refs/pull/${number}/merge` : given?.replace(/^(refs\/pull\/\d+)\/head$/, '$1/merge');
  const wantsHead = /^true$/i.test(env.DOCKER_METADATA_PR_HEAD_SHA ?? '');
  // A schedule runs on the default branch only, and its event may not name a repository.
  const scheduled = eventName === 'schedule' ? env.GITHUB_REF_NAME : undefined;
  return {
    eventName,
    ref,
    sha: (wantsHead ? pull?.head?.sha : undefined) ?? (env.GITHUB_SHA || undefined),
    baseRef: baseOf(ref ?? '', event),
    defaultBranch: repository?.default_branch ?? scheduled,
    shortShaLength: parseLength(env.DOCKER_METADATA_SHORT_SHA_LENGTH ?? ''),
  };
}

function baseOf(ref: string, { pull_request: pull, base_ref: pushedFrom }: EventPayload): string | undefined {
  if (ref.startsWith('refs/pull/')) return pull?.base?.ref;
  return ref.startsWith('refs/tags/') ? pushedFrom?.replace(/^refs\/heads\//, '') : undefined;
}

function parseLength(text: string): number | undefined {
  if (text === '') return undefined;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new Failure(`Cannot use DOCKER_METADATA_SHORT_SHA_LENGTH="${text}": give a number of at least 1.`);
}

function parseLevels(text: string): WorkflowContext['annotationLevels'] {
  if (text === '') return undefined;
  return text.split(',').map(level => {
    if (level === 'manifest' || level === 'index') return level;
    throw new Failure(
      `Cannot use DOCKER_METADATA_ANNOTATIONS_LEVELS="${text}": give manifest, index or manifest,index.`,
    );
  });
}
