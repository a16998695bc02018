import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, isExecutable } from '../src/lib/process.ts';
import type { GoProgram } from '../test/support/go-program.ts';
import { run } from '../test/support/run.ts';

const scripts = fileURLToPath(new URL('.', import.meta.url));
const ownGo = join(scripts, '../.cache/go-1.24');

/** Builds a program with Go into the cache of this clone, unless it is there. */
export async function installGoProgram(program: GoProgram): Promise<void> {
  if (isExecutable(program.path)) return;
  const { go, env } = await findGo();
  const what = `${program.package}@${program.version}`;
  console.log(`Installing ${what} with Go`);
  await run(go, ['install', '-ldflags=-s -w', what], {
    env: { ...process.env, ...env, GOBIN: dirname(program.path) },
  });
}

/** The machine's Go, where it is new enough to fetch a newer one for itself (1.21), else Debian 13's, beside the system. */
export async function findGo(): Promise<{ go: string; env: Readonly<Record<string, string>> }> {
  const installed = findProgram('go', process.env);
  const [, minor] = installed === undefined ? [] : (/go1\.(\d+)/.exec(await run(installed, ['version'])) ?? []);
  if (installed !== undefined && Number(minor) >= 21) return { go: installed, env: {} };
  const root = join(ownGo, 'root/usr/lib/go-1.24');
  if (!isExecutable(join(root, 'bin/go'))) {
    console.log('Unpacking Go 1.24 of Debian 13 beside the system');
    await run(join(scripts, 'bench/newer-debian'), ['trixie', ownGo, 'golang-1.24-go', 'golang-1.24-src']);
  }
  return { go: join(root, 'bin/go'), env: { GOROOT: root } };
}
