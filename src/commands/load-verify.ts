import type { Action } from './command.ts';
import { loadMode } from './load-mode.ts';

/** Loads what does with the image that is named what `mode: verify` does. */
export async function loadVerify(): Promise<Action> {
  const verify = await loadMode('verify');
  return ({ parameters: [image], flags, ...call }, runtime) =>
    verify({ ...call, parameters: [], flags: { ...flags, image: String(image) } }, runtime);
}
