import type { Runtime } from '../../runtime.ts';

/** What a `workflow_run` job is given was built from the commit of the run that triggered it, not from the job's own. */
export function asTriggeringRun(runtime: Runtime): Runtime {
  const { commitTime: _, checkoutTime: __, ...context } = runtime.context;
  const sha = context.triggeringRun?.sha;
  return sha === undefined ? runtime : { ...runtime, context: { ...context, revision: sha, sha } };
}
