/** Milliseconds. */
export interface Timeouts {
  /** Until an answer begins, counted from the last byte of a request's content that the system took. */
  readonly answer: number;
  /** The same for a request that stores nothing; `answer` if undefined. */
  readonly quickAnswer?: number;
  /** For the whole body of an answer, and between two pieces of a blob. */
  readonly body: number;
}

/** The error of a connection that took longer than `limit` milliseconds; `isBrokenConnection` knows both codes. */
export function timeoutError(
  description: string,
  limit: number,
  code: 'ERR_TIMEOUT' | 'ETIMEDOUT' = 'ERR_TIMEOUT',
): Error {
  return Object.assign(new Error(`Timeout: ${description} after ${limit / 1000} s`), { code });
}
