import type { Inputs } from '../inputs/inputs.ts';
import { parseInputs } from '../inputs/parse-inputs.ts';
import type { Flags } from './command.ts';
import { readInput } from './input-flags.ts';

/** The inputs of a command that is no mode: those of a build, with defaults for all that it has no flag for. */
export function readInputs(flags: Flags, env: Readonly<Record<string, string | undefined>>): Inputs {
  return parseInputs(name => (name === 'mode' ? 'build' : readInput(name, flags, env)));
}
