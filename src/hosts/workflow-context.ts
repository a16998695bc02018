import { readFile } from 'node:fs/promises';
import type { WorkflowContext } from '../host.ts';
import { parseRfc3339 } from '../metadata/created.ts';
import type { Checkout } from './checkout.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The parts of an event's payload that we read; which are there depends on the event. docs.github.com, "Webhook events and payloads". */
export interface EventPayload {
  readonly repository?: {
    readonly html_url?: string;
    readonly description?: string | null;
    readonly license?: { readonly spdx_id?: string | null } | null;
  };
  readonly pull_request?: { readonly head?: { readonly sha?: string } };
  readonly head_commit?: { readonly timestamp?: string } | null;
}

/** The event's payload; empty where the runner left none. */
export async function readEvent(env: Environment): Promise<EventPayload> {
  const path = env.GITHUB_EVENT_PATH;
  if (path === undefined || path === '') return {};
  try {
    return JSON.parse(await readFile(path, 'utf8')) as EventPayload;
  } catch {
    return {};
  }
}

/**
 * What a workflow run knows of its commit. The revision of a pull request is its head commit, not the merge commit that
 * GitHub makes for the run and forgets.
 */
export function workflowContext(env: Environment, event: EventPayload, checkout: Checkout): WorkflowContext {
  const name = env.GITHUB_REPOSITORY || undefined;
  const server = env.GITHUB_SERVER_URL || 'https://github.com';
  const license = event.repository?.license?.spdx_id;
  const commitTime = checkout.commitTime ?? parseRfc3339(event.head_commit?.timestamp ?? '');
  return known({
    repositoryUrl: event.repository?.html_url ?? (name === undefined ? undefined : `${server}/${name}`),
    repositoryName: name?.split('/').at(-1),
    description: event.repository?.description ?? undefined,
    license: license === 'NOASSERTION' ? undefined : (license ?? undefined),
    revision: event.pull_request?.head?.sha ?? (env.GITHUB_SHA || undefined),
    gitTag: env.GITHUB_REF_TYPE === 'tag' ? env.GITHUB_REF_NAME : undefined,
    commitTime,
  });
}

/** What a terminal knows of the commit: what git says. */
export function terminalContext(checkout: Checkout): WorkflowContext {
  const { repositoryUrl } = checkout;
  return known({ ...checkout, repositoryName: repositoryUrl?.split('/').at(-1) });
}

type Known<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> };

function known<T extends object>(fields: T): Known<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Known<T>;
}
