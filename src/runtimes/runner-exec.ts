import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { Failure } from '../lib/failure.ts';
import { collectErrors, findProgram, startFailure } from '../lib/process.ts';
import type { Exec } from '../runtime.ts';

/**
 * Runs a program with @actions/exec, but not with its `getExecOutput`, which keeps all of standard error: the log of a
 * build may be larger than memory. Prints nothing; the caller logs through `onErrorLine`.
 */
export const runnerExec: Exec = async (program, args, options = {}) => {
  const { exec } = await import('@actions/exec');
  const { env, cwd, onErrorLine } = options;
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const output = text(stdout);
  const readErrors = collectErrors(stderr, onErrorLine);
  const command = quote(pathOf(program, env ?? process.env));
  try {
    const code = await exec(command, [...args], {
      ...(env === undefined ? {} : { env: known(env) }),
      ...(cwd === undefined ? {} : { cwd }),
      // Without input, standard input would stay open, and a program that reads it would wait for ever.
      input: Buffer.alloc(0),
      silent: true,
      ignoreReturnCode: true,
      listeners: { stdout: chunk => void stdout.write(chunk), stderr: chunk => void stderr.write(chunk) },
    });
    stdout.end();
    stderr.end();
    await finished(stderr);
    // The code is null after death by a signal, although the type denies that.
    return { code: code ?? -1, stdout: await output, stderr: readErrors() };
  } catch (error) {
    throw startFailure(program, error as Error, options);
  }
};

/**
 * A program may close its standard input unread. @actions/exec does not handle that error, which would end this
 * process.
 */
subscribe('child_process', message => {
  const { process: child } = message as { readonly process: ChildProcess };
  process.nextTick(() => child.stdin?.on('error', () => {}));
});

/** @actions/exec would search the PATH of this process instead of the program's. */
function pathOf(program: string, env: Readonly<Record<string, string | undefined>>): string {
  const path = program.includes('/') ? program : findProgram(program, env);
  if (path === undefined) throw new Failure(`Cannot run ${program}: it is not on PATH.`);
  return path;
}

/** @actions/exec splits the program name, unlike the arguments, at spaces outside of quotes. */
function quote(path: string): string {
  return `"${path.replaceAll('"', '\\"')}"`;
}

function known(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
