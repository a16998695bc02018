import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryOptions {
  /** Whether another try may help; gives the least wait in milliseconds (0: ours), or undefined to give up. */
  readonly waitFor: (error: unknown) => number | undefined;
  /** Told of each failure that is tried again, with the wait in milliseconds. */
  readonly onRetry: (error: unknown, wait: number) => void;
}

const tries = 5;
const firstWait = 500;
const longestWait = 60_000;

/** Tries `body` up to 5 times with growing, jittered waits; the last error is thrown as it is. */
export async function retry<T>(body: () => Promise<T>, { waitFor, onRetry }: RetryOptions): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await body();
    } catch (error) {
      const asked = tried < tries ? waitFor(error) : undefined;
      if (asked === undefined) throw error;
      const ours = firstWait * 2 ** (tried - 1) * (0.5 + Math.random());
      const wait = Math.round(Math.min(Math.max(asked, ours), longestWait));
      onRetry(error, wait);
      await sleep(wait);
    }
  }
}
