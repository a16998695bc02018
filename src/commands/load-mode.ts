import type { Mode } from '../inputs/mode.ts';
import { parseImages } from '../inputs/parse-inputs.ts';
import { printable } from '../lib/printable.ts';
import { loadAction } from '../load-action.ts';
import { jsonOf } from '../report/json.ts';
import { hasImages, isVerified, type StepResult } from '../report/result.ts';
import { tableOf } from '../report/table.ts';
import type { Action } from './command.ts';
import { readInput } from './input-flags.ts';
import { jsonText } from './json-text.ts';

/** Loads the action of this mode as a command, whose flags are the inputs. */
export async function loadMode(mode: Mode): Promise<Action> {
  const action = await loadAction(mode);
  return async ({ flags }, runtime) => {
    const images = parseImages(name => (name === 'mode' ? mode : readInput(name, flags, runtime.env)));
    const result = await action(images, runtime);
    return { text: textOf(result), json: jsonOf(result) };
  };
}

function textOf(result: StepResult): string {
  if (hasImages(result)) return tableOf(result);
  if (isVerified(result)) return printable([result.name, ...result.verified].join('\n'));
  return 'deleted' in result ? result.deleted.join('\n') : jsonText(jsonOf(result));
}
