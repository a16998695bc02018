import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from '../failure.ts';

/** Milliseconds between tries. */
export interface Waits {
  /** Doubled after each further try, with jitter. */
  readonly first: number;
  /** Longest wait, even if the server asks for more. */
  readonly longest: number;
}

export interface RetryOptions {
  /** Whether another try may help: the least wait in milliseconds (0 for the default), or undefined to give up. */
  readonly waitFor: (error: unknown) => number | undefined;
  /** Called before each further try, with the error and the wait in milliseconds. */
  readonly onRetry: (error: unknown, wait: number) => void;
  readonly waits?: Waits;
}

const tries = 5;
/** A silent server holds each try for as long as the timeout. */
const silentTries = 2;
const usualWaits: Waits = { first: 500, longest: 60_000 };

/**
 * Tries `body` up to 5 times with growing waits and jitter, but only twice if the server is silent. Throws the last
 * error unchanged.
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

/** Whether a connection broke, or could not be made, for a reason that may pass. */
export function isBrokenConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code !== undefined && brokenConnection.test(code);
}
