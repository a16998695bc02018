/** A failure that a person can act on: the message says what could not be done, with which value, and what to do. */
export class Failure extends Error {
  override readonly name: string = 'Failure';
}

/** The message of anything that was thrown, without a stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether `error` is a system error with one of these codes (`ENOENT`, `ECONNREFUSED`, …), itself or by its cause. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return (code !== undefined && codes.includes(code)) || hasCode(error.cause, ...codes);
}
