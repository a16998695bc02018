/** A line of a file in the checkout. */
export interface SourcePlace {
  /** Relative to the checkout, without `..`. */
  readonly file: string;
  readonly line: number;
}

/** The log of a program that failed. */
export interface FailedLog {
  /** What wrote it. */
  readonly name: string;
  /** Its last lines. */
  readonly tail: readonly string[];
  /** Absolute path of a file with all of it. */
  readonly file: string | undefined;
}

interface FailureOptions extends ErrorOptions {
  readonly place?: SourcePlace | undefined;
  readonly log?: FailedLog | undefined;
}

/** A failure that a person can act on: the message says what could not be done, with which value, and what to do. */
export class Failure extends Error {
  override readonly name: string = 'Failure';
  /** Where in the checkout the cause is. */
  readonly place: SourcePlace | undefined;
  readonly log: FailedLog | undefined;

  constructor(message: string, { place, log, ...options }: FailureOptions = {}) {
    super(message, options);
    this.place = place;
    this.log = log;
  }
}

/** The message of any thrown value, without a stack. */
export function messageOf(error: unknown): string {
  if (isTooDeep(error)) return 'Cannot read a document that is nested thousands of levels deep.';
  if (!(error instanceof Error)) return String(error);
  const [, why] = diskFaults.find(([codes]) => codes.includes(codeOf(error))) ?? [];
  return why === undefined || error instanceof Failure ? error.message : `${why} (${error.message})`;
}

/** The meaning of disk errors, which can occur wherever something is written. */
const diskFaults: readonly (readonly [readonly string[], string])[] = [
  [['ENOSPC', 'EDQUOT'], 'the disk or the quota of this user is full'],
  [['EROFS'], 'the file system is mounted read-only'],
];

/** The code of an error of the system or of a connection, such as ECONNRESET; empty for any other. */
export function codeOf(error: unknown): string {
  const { code } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return typeof code === 'string' ? code : '';
}

/** The stack of an unexpected error, for a bug report; undefined for one that a person can act on. */
export function stackOf(error: unknown): string | undefined {
  return error instanceof Failure || isTooDeep(error) || !(error instanceof Error) ? undefined : error.stack;
}

/** V8 throws it if calls nest too deeply, which an outside document can cause in our recursive functions. */
function isTooDeep(error: unknown): boolean {
  return error instanceof RangeError && error.message === 'Maximum call stack size exceeded';
}

/** Text as a sentence: ends it with exactly one full stop, unless it already ends otherwise. */
export function sentence(text: string): string {
  const trimmed = text.trimEnd();
  return /[.!?]$/.test(trimmed) ? trimmed.replace(/\.+$/, '.') : `${trimmed}.`;
}

/**
 * Whether `error` is a system error with one of these codes (`ENOENT`, `ECONNREFUSED`, …), itself or through its cause.
 */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return (code !== undefined && codes.includes(code)) || hasCode(error.cause, ...codes);
}
