/** The error of a connection that took longer than `limit` milliseconds; `isBrokenConnection` knows both codes. */
export function timeoutError(what: string, limit: number, code: 'ERR_TIMEOUT' | 'ETIMEDOUT' = 'ERR_TIMEOUT'): Error {
  return Object.assign(new Error(`Timeout: ${what} after ${limit / 1000} s`), { code });
}
