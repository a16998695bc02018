import { inputTable } from '../inputs/input-table.ts';
import type { Action } from './command.ts';
import { loadMode } from './load-mode.ts';

/** Loads `mode: verify` for the image that the parameter names; `--rebuild` adds `rebuild` to `require`. */
export async function loadVerify(): Promise<Action> {
  const verify = await loadMode('verify');
  return ({ parameters: [image], flags: { rebuild, ...flags }, ...call }, runtime) => {
    const parts = String(flags.require ?? inputTable.require.default);
    const required = rebuild === true ? { require: `${parts},rebuild` } : {};
    return verify({ ...call, parameters: [], flags: { ...flags, ...required, image: String(image) } }, runtime);
  };
}
