import type { Host } from '../host.ts';

/** What a `workflow_run` job is given was built from the commit of the run that triggered it, not from the job's own. */
export function asTriggeringRun(host: Host): Host {
  const { commitTime: _, checkoutTime: __, ...context } = host.context;
  const sha = context.triggeringRun?.sha;
  return sha === undefined ? host : { ...host, context: { ...context, revision: sha, sha } };
}
