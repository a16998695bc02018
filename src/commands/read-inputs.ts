import type { Inputs } from '../inputs/inputs.ts';
import { parseInputs } from '../inputs/parse-inputs.ts';
import type { Flags } from './command.ts';
import { readInput } from './input-flags.ts';

/** The inputs of a command that has no action: the inputs of a build, with defaults for those without a flag. */
export function readInputs(flags: Flags, env: Readonly<Record<string, string | undefined>>): Inputs {
  return parseInputs(name => (name === 'mode' ? 'build' : readInput(name, flags, env)));
}
