import { styleText } from 'node:util';
import { messageOf, stackOf } from '../lib/failure.ts';
import { formatDuration } from '../lib/format-duration.ts';
import { printable } from '../lib/printable.ts';
import type { Log } from '../runtime.ts';
import { createActivities } from './activities.ts';
import { createHeartbeat } from './heartbeat.ts';
import { addSecret, maskSecrets } from './secrets.ts';
import { createStatusLine } from './status-line.ts';

const activities = createActivities(() => performance.now());
const status = createStatusLine(process.stderr, () => printable(maskSecrets(activities.line())).replaceAll('\n', ' '));
const heartbeat = createHeartbeat(() => print(`  still running: ${shown(activities.line()) || 'waiting'}`));

/** Text that is safe to print: secrets masked, control characters and runner commands escaped. */
function shown(text: string): string {
  return printable(maskSecrets(text));
}

function print(text: string): void {
  status.erase();
  heartbeat.touch();
  process.stderr.write(`${text}\n`);
}

/** `quiet` prints only warnings and errors, `verbose` also details that help to find an error. */
export type Verbosity = 'quiet' | 'normal' | 'verbose';

/**
 * The log of the local command, on standard error, so standard output contains only the result. On a terminal, the last
 * line shows the progress; elsewhere the log prints such a line after a longer silence.
 */
export function openTerminalLog(verbosity: Verbosity): Log {
  const isQuiet = verbosity === 'quiet';
  const progress = process.stderr.isTTY ? status : heartbeat;
  return {
    info: text => isQuiet || print(`  ${shown(text).replaceAll('\n', '\n  ')}`),
    notice: text => isQuiet || print(`  note: ${shown(text)}`),
    warning: text => print(`  warning: ${shown(text)}`),
    debug: text => verbosity === 'verbose' && print(`  debug: ${shown(text)}`),
    async group(name, body) {
      if (isQuiet) return body();
      print(hasColors() ? styleText('bold', shown(name)) : shown(name));
      const start = performance.now();
      progress.enter();
      try {
        return await body();
      } finally {
        progress.leave();
        print(`  ${shown(name)} took ${formatDuration(performance.now() - start)}`);
      }
    },
    activity: activities.start,
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

/** Prints a text without foreign parts, so that it may have colors. */
export function printHelp(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Reports an error that ends the command. */
export function reportFailure(error: unknown): void {
  print(`error: ${shown(messageOf(error))}`);
  const stack = stackOf(error);
  if (stack !== undefined) print(shown(stack));
}
