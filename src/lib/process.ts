import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { Failure } from './failure.ts';

/** Options for programs of which only the result and the lines of standard error matter. */
export interface ExecOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Called with each line of standard error as it arrives. */
  readonly onErrorLine?: (line: string) => void;
}

export interface ProgramOptions extends ExecOptions {
  /** Written to standard input, which is empty without it. */
  readonly input?: string | AsyncIterable<Uint8Array>;
  /** Receives standard output as a stream, with back-pressure; without it the output is collected as text. */
  readonly output?: Writable;
}

export interface ProgramResult {
  /** Exit code; -1 after death by a signal (128 + signal number is not used). */
  readonly code: number;
  /** Standard output as UTF-8, empty if it went to `output`. */
  readonly stdout: string;
  /** The last 64 KiB of standard error. */
  readonly stderr: string;
}

const stderrKept = 65_536;

/**
 * Runs a program by argument list, never through a shell, and waits for it. A non-zero exit is a result, not an error.
 * Throws a Failure if the program cannot be started.
 *
 * On a runner, `exec` of the runtime (@actions/exec) runs programs whose output is captured or logged. This function
 * handles the rest: input and output streams with back-pressure, and input that the program may leave unread.
 */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const child = spawn(program, args, {
    stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  }) as ChildProcessByStdio<Writable | null, Readable, Readable>;
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', cause => reject(startFailure(program, cause, options)));
    child.once('close', code => resolve(code ?? -1));
  });
  const stdout: string[] = [];
  const readErrors = collectErrors(child.stderr, options.onErrorLine);
  const output = options.output ?? collectText(stdout);
  const streams = [
    pipeline(child.stdout, output),
    ...(child.stdin === null ? [] : [feed(child.stdin, options.input ?? '')]),
    finished(child.stderr, { cleanup: true }),
  ];
  const settled = Promise.allSettled(streams);
  let code: number;
  try {
    code = await exit;
  } catch (error) {
    output.destroy();
    throw error;
  }
  const failed = (await settled).find(result => result.status === 'rejected');
  if (failed !== undefined && code === 0) throw failed.reason;
  return { code, stdout: stdout.join(''), stderr: readErrors() };
}

/**
 * Standard output of a program, which starts with the first read and is ended if the reader stops before the end. A
 * Failure with the end of standard error if the exit code is not 0.
 */
export async function* readProgram(
  program: string,
  args: readonly string[],
  options: Pick<ExecOptions, 'env'> = {},
): AsyncGenerator<Buffer, void> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', cause => reject(startFailure(program, cause, options)));
    child.once('close', code => resolve(code ?? -1));
  });
  exit.catch(() => {});
  const readErrors = collectErrors(child.stderr);
  try {
    yield* child.stdout;
    const code = await exit;
    if (code !== 0) throw new Failure(`${program} failed with exit code ${code}: ${readErrors().trim()}`);
  } finally {
    child.kill();
  }
}

/** The last 64 KiB read so far, line by line. */
export function collectErrors(source: Readable, onErrorLine?: (line: string) => void): () => string {
  let kept = '';
  createInterface({ input: source, crlfDelay: Number.POSITIVE_INFINITY }).on('line', line => {
    kept = `${kept}${line}\n`.slice(-stderrKept);
    onErrorLine?.(line);
  });
  return () => kept;
}

/** Node reports ENOENT for the program even if the directory is missing. */
export function startFailure(program: string, cause: Error, { cwd }: ExecOptions): Failure {
  const hasDirectory = cwd === undefined || statSync(cwd, { throwIfNoEntry: false })?.isDirectory();
  const why = hasDirectory
    ? `${cause.message}.`
    : `the directory ${cwd} does not exist. Check out the repository in an earlier step.`;
  return new Failure(`Cannot run ${program}: ${why}`, { cause });
}

function collectText(parts: string[]): Writable {
  const decoder = new TextDecoder();
  return new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      parts.push(decoder.decode(chunk, { stream: true }));
      done();
    },
    final(done) {
      parts.push(decoder.decode());
      done();
    },
  });
}

/** Writes `input`. If a program stops reading early, its exit code decides, not this error. */
async function feed(stdin: Writable, input: string | AsyncIterable<Uint8Array>): Promise<void> {
  const source = typeof input === 'string' ? Readable.from(input === '' ? [] : [Buffer.from(input)]) : input;
  let isBroken = false;
  async function* watched() {
    try {
      yield* source;
    } catch (error) {
      isBroken = true;
      throw error;
    }
  }
  try {
    await pipeline(watched, stdin);
  } catch (error) {
    if (isBroken) throw error;
  }
}

/** The absolute path of `program` on the PATH of `env`, or undefined. */
export function findProgram(program: string, env: Readonly<Record<string, string | undefined>>): string | undefined {
  for (const directory of (env.PATH ?? '').split(delimiter).filter(part => part !== '')) {
    const candidate = join(directory, program);
    if (isExecutable(candidate)) return candidate;
  }
  return undefined;
}

/** Whether `path` is a file that this user may execute. */
export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
