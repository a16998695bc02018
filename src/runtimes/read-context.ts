import type { WorkflowContext } from '../runtime.ts';
import type { Checkout } from './checkout.ts';
import { gitlabContext } from './gitlab-context.ts';
import { readGitHubContext } from './read-github-context.ts';
import { terminalContext } from './terminal-context.ts';

/**
 * The context of the CI system that sets this environment: GitHub, Gitea and Forgejo; GitLab; any other system, or a
 * terminal.
 */
export async function readContext(
  env: Readonly<Record<string, string | undefined>>,
  checkout: Checkout,
): Promise<WorkflowContext> {
  if (env.GITHUB_ACTIONS === 'true') return readGitHubContext(env, checkout);
  return env.GITLAB_CI === 'true' ? gitlabContext(env, checkout) : terminalContext(env, checkout);
}
