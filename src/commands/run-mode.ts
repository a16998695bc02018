import type { Mode } from '../inputs/mode.ts';
import { parseImages } from '../inputs/parse-inputs.ts';
import { printable } from '../lib/printable.ts';
import { jsonOf } from '../report/json.ts';
import { hasImages, isVerified, type StepResult } from '../report/result.ts';
import { tableOf } from '../report/table.ts';
import { actions } from '../run.ts';
import type { Action } from './command.ts';
import { readInput } from './input-flags.ts';
import { jsonText } from './json-text.ts';

/** Runs the action of this mode, with flags as inputs. */
export function runMode(mode: Mode): Action {
  return async ({ flags }, runtime) => {
    const images = parseImages(name => (name === 'mode' ? mode : readInput(name, flags, runtime.env)));
    const result = await actions[mode](images, runtime);
    return { text: textOf(result), json: jsonOf(result) };
  };
}

function textOf(result: StepResult): string {
  if (hasImages(result)) return tableOf(result);
  if (isVerified(result)) return printable([result.name, ...result.verified].join('\n'));
  return 'deleted' in result ? result.deleted.join('\n') : jsonText(jsonOf(result));
}
