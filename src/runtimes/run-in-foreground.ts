import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { startFailure } from '../lib/process.ts';

/** A terminal sends these signals to all programs in the foreground, so also to the child. */
const ofTerminal: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT'];
const signals: readonly NodeJS.Signals[] = [...ofTerminal, 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'];

export interface ForegroundOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The stream of this process that gets the program's standard output. */
  readonly output: 'stdout' | 'stderr';
}

/**
 * Runs a program with the standard streams of this process. From now on this process only passes signals on. Returns
 * the exit code of the program, or 128 plus the number of the signal that ended it.
 */
export async function runInForeground(
  program: string,
  args: readonly string[],
  { env, output }: ForegroundOptions,
): Promise<number> {
  const isSentTwice = (signal: NodeJS.Signals) => process.stdin.isTTY && ofTerminal.includes(signal);
  for (const signal of signals) {
    process.removeAllListeners(signal);
    process.on(signal, () => isSentTwice(signal) || child.kill(signal));
  }
  // Only now: a signal before that would end this process and leave the program behind.
  const child = spawn(program, args, { stdio: ['inherit', output === 'stdout' ? 1 : 2, 2], env });
  return new Promise((resolve, reject) => {
    child.once('error', cause => reject(startFailure(program, cause, {})));
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
