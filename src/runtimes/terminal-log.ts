import { styleText } from 'node:util';
import { messageOf, stackOf } from '../lib/failure.ts';
import { printable } from '../lib/printable.ts';
import type { Log } from '../runtime.ts';
import { addSecret, maskSecrets } from './secrets.ts';

/** Text that is safe to print: secrets masked, control characters and runner commands escaped. */
function shown(text: string): string {
  return printable(maskSecrets(text));
}

function print(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** `quiet` prints warnings alone, `verbose` also what helps to find an error. */
export type Verbosity = 'quiet' | 'normal' | 'verbose';

/** The log of the local command, on standard error, so standard output contains only the result. */
export function openTerminalLog(verbosity: Verbosity): Log {
  const isQuiet = verbosity === 'quiet';
  return {
    info: text => isQuiet || print(`  ${shown(text).replaceAll('\n', '\n  ')}`),
    notice: text => isQuiet || print(`  note: ${shown(text)}`),
    warning: text => print(`  warning: ${shown(text)}`),
    debug: text => verbosity === 'verbose' && print(`  debug: ${shown(text)}`),
    async group(name, body) {
      if (!isQuiet) print(hasColors() ? styleText('bold', shown(name)) : shown(name));
      return body();
    },
    secret: addSecret,
    masked: maskSecrets,
  };
}

/** https://no-color.org */
function hasColors(): boolean {
  return process.stderr.isTTY && !process.env.NO_COLOR;
}

/** Prints the result of the command. */
export function printResult(text: string): void {
  process.stdout.write(`${shown(text)}\n`);
}

/** Prints a text that is all ours, so that it may have colors. */
export function printHelp(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Reports an error that ends the command. */
export function reportFailure(error: unknown): void {
  print(`error: ${shown(messageOf(error))}`);
  const stack = stackOf(error);
  if (stack !== undefined) print(shown(stack));
}
