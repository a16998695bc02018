import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { constants } from 'node:os';
import { Failure } from '../lib/failure.ts';

/** Milliseconds. GitHub sends SIGINT, after 7.5 s SIGTERM, and kills the step 2.5 s later. */
const longestSettling = 5000;

/** The parts of a runtime that handle cancellation. */
export interface Cancellation {
  readonly cancelled: AbortSignal;
  holdExit<T>(work: Promise<T>): Promise<T>;
}

/**
 * From now on SIGINT and SIGTERM abort `cancelled`. When all work that delays the exit has settled, or after 5 s, the
 * process stops running programs, calls `cleanUp` and exits with 130 or 143. A second signal ends the wait.
 */
export function listenForCancellation(cleanUp: () => void): Cancellation {
  const controller = new AbortController();
  const running = followPrograms();
  const held = new Set<Promise<unknown>>();
  const exit = (): never => {
    for (const child of running) child.kill();
    cleanUp();
    process.exit();
  };
  const cancel = async (signal: 'SIGINT' | 'SIGTERM') => {
    if (controller.signal.aborted) exit();
    // The run may end by itself in the meantime, with its own exit code.
    process.once('exit', () => {
      process.exitCode = 128 + constants.signals[signal];
    });
    controller.abort(new Failure(`Cancelled by ${signal}.`));
    const timeout = new Promise(resolve => setTimeout(resolve, longestSettling));
    await Promise.race([Promise.allSettled(held), timeout]);
    exit();
  };
  process.on('SIGINT', cancel);
  process.on('SIGTERM', cancel);
  return {
    cancelled: controller.signal,
    async holdExit(work) {
      held.add(work);
      try {
        return await work;
      } finally {
        held.delete(work);
      }
    },
  };
}

/**
 * The running child programs, whoever started them, because @actions/exec does not expose its child.
 * nodejs.org/api/diagnostics_channel.html
 */
function followPrograms(): ReadonlySet<ChildProcess> {
  const running = new Set<ChildProcess>();
  subscribe('child_process', message => {
    const { process: child } = message as { readonly process: ChildProcess };
    running.add(child);
    for (const event of ['exit', 'error']) child.once(event, () => running.delete(child));
  });
  return running;
}
