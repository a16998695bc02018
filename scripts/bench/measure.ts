import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../test/support/run.ts';
import { watchMemory } from './processes.ts';

/** What a command took. */
export interface Measured {
  readonly seconds: number;
  /** Processor seconds, of the command and all that it started. */
  readonly processor: number;
  /** Peak resident bytes of the largest process. */
  readonly memory: number;
}

/**
 * Runs a command that must succeed, with a new home, a new directory for temporary files and a new working directory,
 * so that it finds nothing of an earlier run. Measured by GNU time.
 */
export async function measure(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-'));
  const report = join(directory, 'report');
  try {
    await run('/usr/bin/time', ['--format=%e %U %S %M', `--output=${report}`, '--', ...command], {
      cwd: directory,
      env: { PATH: process.env.PATH, HOME: directory, TMPDIR: directory, ...env },
    });
    const [seconds = 0, user = 0, system = 0, kilobytes = 0] = (await readFile(report, 'utf8')).split(' ').map(Number);
    return { seconds, processor: user + system, memory: kilobytes * 1024 };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Peak resident bytes of our own process, and of the largest one that it started. */
export interface Apart extends Measured {
  readonly children: number;
}

/** The same as `measure`, with the memory of our own process, which is Node's, apart from that of others. */
export async function measureApart(
  command: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Apart> {
  const watched = watchMemory(process.execPath);
  try {
    const measured = await measure(command, env);
    return { ...measured, memory: watched.own(), children: watched.others() };
  } finally {
    watched.end();
  }
}

/** The measurement in the middle, each value by itself. */
export function median(measured: readonly Measured[]): Measured {
  const middle = (key: keyof Measured) =>
    measured.map(one => one[key]).sort((a, b) => a - b)[Math.floor(measured.length / 2)] ?? Number.NaN;
  return { seconds: middle('seconds'), processor: middle('processor'), memory: middle('memory') };
}
