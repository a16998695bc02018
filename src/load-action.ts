import type { Mode } from './inputs/mode.ts';
import type { Action } from './run.ts';
import { describeOnly } from './stages/describe/describe-only.ts';

/** What this mode does. To load what builds and pushes takes longer than `mode: metadata`, which needs none of it. */
export async function loadAction(mode: Mode): Promise<Action> {
  return mode === 'metadata' ? describeOnly : (await import('./run.ts')).actions[mode];
}
