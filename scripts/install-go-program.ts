import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, isExecutable } from '../src/lib/process.ts';
import type { GoProgram } from '../test/support/go-program.ts';
import { run } from '../test/support/run.ts';
import type { Requirement } from './requirements.ts';

const scripts = fileURLToPath(new URL('.', import.meta.url));
const ownGo = join(scripts, '../.cache/go-1.24');
let foundGo: ReturnType<typeof findGo> | undefined;

/** A program that Go builds into the cache of this clone. */
export function builtWithGo(program: GoProgram): Requirement {
  const description = `${program.package}@${program.version}`;
  return {
    name: `${description}, built with Go`,
    isMet: () => isExecutable(program.path),
    async meet() {
      // Programs are built side by side, and must not unpack a Go each.
      foundGo ??= findGo();
      const { go, env } = await foundGo;
      await run(go, ['install', '-ldflags=-s -w', description], {
        env: { ...process.env, ...env, GOBIN: dirname(program.path) },
      });
    },
  };
}

/** This machine's Go if it can fetch a newer one for itself (1.21 or newer), else Debian 13's, unpacked beside the system. */
export async function findGo(): Promise<{ go: string; env: Readonly<Record<string, string>> }> {
  const installed = findProgram('go', process.env);
  const [, minor] = installed === undefined ? [] : (/go1\.(\d+)/.exec(await run(installed, ['version'])) ?? []);
  if (installed !== undefined && Number(minor) >= 21) return { go: installed, env: {} };
  const root = join(ownGo, 'root/usr/lib/go-1.24');
  if (!isExecutable(join(root, 'bin/go'))) {
    await run(join(scripts, 'bench/newer-debian'), ['trixie', ownGo, 'golang-1.24-go', 'golang-1.24-src']);
  }
  // Debian's Go does not fetch a newer Go unless it is told to.
  return { go: join(root, 'bin/go'), env: { GOROOT: root, GOTOOLCHAIN: 'auto' } };
}
