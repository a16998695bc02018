/**
 * Runs the test files that match the given patterns, two at a time. Their temporary files, which are many, are in memory
 * if there is room for them, and compiled modules are kept in .cache.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asRoot } from '../test/support/as-root.ts';
import { compileCache } from '../test/support/compile-cache.ts';
import { run } from '../test/support/run.ts';

/** Bytes; more than twice of what the tests need at a time. */
const enough = 4 * 2 ** 30;

/** Whether the file system in memory takes all temporary files, and runs those that are programs. */
function hasMemory(): boolean {
  const [, options] = /^\S+ \/dev\/shm tmpfs (\S+)/m.exec(readFileSync('/proc/self/mounts', 'utf8')) ?? [];
  if (options === undefined || options.split(',').includes('noexec')) return false;
  const { bavail, bsize } = statfsSync('/dev/shm');
  return Math.min(bavail * bsize, process.availableMemory()) >= enough;
}

// Short, since paths of sockets are below it.
const temporary = mkdtempSync(join(hasMemory() ? '/dev/shm' : tmpdir(), 't-'));
// Some tests run programs as another user.
chmodSync(temporary, 0o1777);
// The tests end first.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {});
const tests = spawn(process.execPath, ['--test', '--test-concurrency=2', ...process.argv.slice(2)], {
  env: { ...process.env, ...compileCache, TMPDIR: temporary },
  stdio: 'inherit',
});
const [code] = await once(tests, 'exit');
const [program = '', ...args] = asRoot(['rm', '-rf', '--one-file-system', temporary]);
await run(program, args);
process.exitCode = code ?? 1;
