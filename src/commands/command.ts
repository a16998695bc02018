import type { Runtime } from '../runtime.ts';

/** One command of the command line. */
export interface Command {
  /** `build`, or `cache list` for a command of a group. */
  readonly name: string;
  /** Heading in the help. Headings come in the order of the table. */
  readonly topic: 'Build' | 'Understand' | 'Publish' | 'Store cache' | 'Command line';
  /** One phrase for the help. */
  readonly summary: string;
  /** Each is a comment and a shell command. */
  readonly examples: readonly (readonly [comment: string, command: string])[];
  readonly parameters?: readonly Parameter[];
  readonly flags: readonly Flag[];
  /** Loads the code of the command, so that other commands start without it. */
  load(): Promise<Action>;
}

/** Runs a command whose code is loaded. */
export type Action = (call: Call, runtime: Runtime) => Promise<Output>;

/** An argument without a flag. */
export interface Parameter {
  /** The name in the help: `REFERENCE`. */
  readonly name: string;
  readonly description: string;
  readonly isOptional?: boolean;
  /** Whether it takes all arguments that follow. */
  readonly isList?: boolean;
  /** The values it may have, for completions. */
  readonly choices?: readonly string[];
}

export interface Flag {
  readonly name: string;
  /** `flag` has no value, and `--no-NAME` turns it off; `list` may be repeated. */
  readonly kind: 'text' | 'list' | 'flag';
  /** Heading in the help. */
  readonly group: string;
  readonly description: string;
  readonly default?: string | undefined;
  /** Accepted, but neither in the help nor in completions. */
  readonly isHidden?: boolean;
}

/** Flags that every command has. */
export const commonFlags: readonly Flag[] = [
  ['json', 'Print the result as JSON'],
  ['quiet', 'Print only the result, warnings and errors'],
  ['verbose', 'Print also what helps to find an error'],
].map(([name = '', description = '']) => ({ name, kind: 'flag', group: 'Common', description }));

/** The arguments of a call. */
export interface Call {
  /** One entry for each parameter of the command; a parameter that is a list has an array. */
  readonly parameters: readonly (string | readonly string[] | undefined)[];
  readonly flags: Flags;
  /** Columns of the terminal; undefined if standard output is not a terminal. */
  readonly width: number | undefined;
}

/** Values by name of the flag. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** The result of a command, for standard output. */
export interface Output {
  /** For people. */
  readonly text: string;
  /** For programs, with `--json`. */
  readonly json: unknown;
  /** Exit code of the process; 0 if missing. */
  readonly exitCode?: number;
}
