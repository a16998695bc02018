import { messageOf, stackOf } from '../lib/failure.ts';
import { printable } from '../lib/printable.ts';
import type { Log } from '../runtime.ts';

const secrets = new Set<string>();

/** Text that is safe to print: secrets masked, control characters and runner commands escaped. */
function shown(text: string): string {
  let masked = text;
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) masked = masked.replaceAll(secret, '***');
  return printable(masked);
}

function print(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** The log of the local command, on standard error, so standard output contains only the result. */
export const terminalLog: Log = {
  info: text => print(`  ${shown(text).replaceAll('\n', '\n  ')}`),
  notice: text => print(`  note: ${shown(text)}`),
  warning: text => print(`  warning: ${shown(text)}`),
  debug: () => {},
  async group(name, body) {
    print(process.stderr.isTTY ? `\u001b[1m${shown(name)}\u001b[0m` : shown(name));
    return body();
  },
  secret: value => {
    if (value !== '') secrets.add(value);
  },
};

/** Prints the result of the command. */
export function printResult(text: string): void {
  process.stdout.write(`${shown(text)}\n`);
}

/** Reports an error that ends the command, and sets the exit code 1. */
export function failCommand(error: unknown): void {
  print(`error: ${shown(messageOf(error))}`);
  const stack = stackOf(error);
  if (stack !== undefined) print(shown(stack));
  process.exitCode = 1;
}
