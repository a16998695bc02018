import type { StageTime } from '../report/result.ts';
import type { Runtime } from '../runtime.ts';

/** The runtime with a log that records how long each group took, in `stages`, in the order in which they end. */
export function recordStages(runtime: Runtime): { readonly runtime: Runtime; readonly stages: readonly StageTime[] } {
  const stages: StageTime[] = [];
  const { log, now } = runtime;
  const group: typeof log.group = async (name, body) => {
    const start = now();
    try {
      return await log.group(name, body);
    } finally {
      stages.push({ name, milliseconds: now() - start });
    }
  };
  return { runtime: { ...runtime, log: { ...log, group } }, stages };
}
