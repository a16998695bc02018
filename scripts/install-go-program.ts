import { dirname } from 'node:path';
import { Failure } from '../src/lib/failure.ts';
import { findProgram, isExecutable } from '../src/lib/process.ts';
import type { GoProgram } from '../test/support/go-program.ts';
import { run } from '../test/support/run.ts';

/** Builds a program with Go into the cache of this clone, unless it is there. */
export async function installGoProgram(program: GoProgram): Promise<void> {
  if (await isExecutable(program.path)) return;
  const what = `${program.package}@${program.version}`;
  if ((await findProgram('go', process.env)) === undefined) {
    throw new Failure(`Cannot install ${what}: there is no Go on PATH. Install Go 1.24 or newer.`);
  }
  console.log(`Installing ${what} with Go`);
  await run('go', ['install', '-ldflags=-s -w', what], { env: { ...process.env, GOBIN: dirname(program.path) } });
}
