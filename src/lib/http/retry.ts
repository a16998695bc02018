import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '../failure.ts';

/** Milliseconds between tries. */
export interface Waits {
  /** Doubled after each further try, and jittered. */
  readonly first: number;
  /** However long was asked for. */
  readonly longest: number;
}

export interface RetryOptions {
  /** Whether another try may help; gives the least wait in milliseconds (0: ours), or undefined to give up. */
  readonly waitFor: (error: unknown) => number | undefined;
  /** Called before each further try, with the error and the wait in milliseconds. */
  readonly onRetry: (error: unknown, wait: number) => void;
  readonly waits?: Waits;
}

const tries = 5;
/** A server that stays silent holds each try for as long as the timeout is. */
const silentTries = 2;
const usualWaits: Waits = { first: 500, longest: 60_000 };

/**
 * Tries `body` up to 5 times with growing, jittered waits, twice if all that it meets is silence; the last error is thrown
 * as it is.
 */
export async function retry<T>(body: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { waitFor, onRetry, waits = usualWaits } = options;
  let silent = 0;
  for (let tried = 1; ; tried++) {
    try {
      return await body();
    } catch (error) {
      if (hasCode(error, 'ERR_TIMEOUT')) silent += 1;
      const asked = tried < tries && silent < silentTries ? waitFor(error) : undefined;
      if (asked === undefined) throw error;
      const ours = waits.first * 2 ** (tried - 1) * (0.5 + Math.random());
      const wait = Math.round(Math.min(Math.max(asked, ours), waits.longest));
      onRetry(error, wait);
      await sleep(wait);
    }
  }
}

const brokenConnection =
  /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|ERR_TIMEOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|HPE_(?!HEADER_OVERFLOW)\w+)$/;

/** Whether a connection was lost, or not to be had, in a way that may pass. */
export function isBrokenConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code !== undefined && brokenConnection.test(code);
}
