import type { Runtime } from '../../runtime.ts';

/** A `workflow_run` job gets an image of the commit of the run that triggered it, not of the job's own commit. */
export function asTriggeringRun(runtime: Runtime): Runtime {
  const { commitTime: _, checkoutTime: __, ...context } = runtime.context;
  const sha = context.triggeringRun?.sha;
  return sha === undefined ? runtime : { ...runtime, context: { ...context, revision: sha, sha } };
}
