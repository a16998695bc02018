import type { Action } from './command.ts';
import { runMode } from './run-mode.ts';

/** Does what `mode: verify` does with the image that is named. */
export const runVerify: Action = ({ parameters: [image], flags, ...call }, runtime) =>
  runMode('verify')({ ...call, parameters: [], flags: { ...flags, image: String(image) } }, runtime);
