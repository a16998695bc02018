import { type ChildProcess, type ChildProcessByStdio, spawn } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { Failure } from './failure.ts';

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Written to standard input; without it standard input is empty. */
  readonly input?: string | AsyncIterable<Uint8Array>;
  /** Called with each line of standard error as it comes. */
  readonly onErrorLine?: (line: string) => void;
  /** Takes standard output as a stream, with back-pressure; without it the output is collected as text. */
  readonly output?: Writable;
}

export interface ProgramResult {
  /** Exit code; 128 + signal number is not used: death by signal is -1. */
  readonly code: number;
  /** Standard output as UTF-8, empty if it went to `output`. */
  readonly stdout: string;
  /** The last 64 KiB of standard error. */
  readonly stderr: string;
}

const stderrKept = 65_536;

const running = new Set<ChildProcess>();

/** Sends SIGTERM to the programs that `runProgram` waits for. */
export function stopPrograms(): void {
  for (const child of running) child.kill();
}

/**
 * Runs a program by argument list, never through a shell, and waits for it.
 * A non-zero exit is a result, not an error. Throws a Failure when the program cannot be started.
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
  running.add(child);
  const exit = new Promise<number>((resolve, reject) => {
    child.once('error', cause => reject(new Failure(`Cannot run ${program}: ${whyNot(cause, options)}`, { cause })));
    child.once('close', code => resolve(code ?? -1));
  });
  const stdout: string[] = [];
  let stderr = '';
  const lines = createInterface({ input: child.stderr, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', line => {
    stderr = `${stderr}${line}\n`.slice(-stderrKept);
    options.onErrorLine?.(line);
  });
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
  } finally {
    running.delete(child);
  }
  const failed = (await settled).find(result => result.status === 'rejected');
  if (failed !== undefined && code === 0) throw failed.reason;
  return { code, stdout: stdout.join(''), stderr };
}

/** Node says ENOENT of the program also if it is the directory that is missing. */
function whyNot({ message }: Error, { cwd }: ProgramOptions): string {
  if (cwd === undefined || statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) return `${message}.`;
  return `the directory ${cwd} does not exist. Check the repository out in an earlier step.`;
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

/** Writes `input`; a program that stops reading early is judged by its exit code, not by this. */
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
