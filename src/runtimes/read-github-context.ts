import type { WorkflowContext } from '../runtime.ts';
import type { Checkout } from './checkout.ts';
import { isRestrictedRun, isTrustedRun } from './trusted-run.ts';
import { readEvent, workflowContext } from './workflow-context.ts';

/** The context of a job of GitHub, Gitea or Forgejo, with the event that the runner wrote to a file. */
export async function readGitHubContext(
  env: Readonly<Record<string, string | undefined>>,
  checkout: Checkout,
): Promise<WorkflowContext> {
  const event = await readEvent(env);
  return {
    ...workflowContext(env, event, checkout),
    isTrusted: isTrustedRun(env, event),
    isRestricted: isRestrictedRun(env, event),
  };
}
