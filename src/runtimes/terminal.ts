import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { inBackground } from '../lib/pool.ts';
import { runProgram } from '../lib/process.ts';
import type { Runtime } from '../runtime.ts';
import { listenForCancellation } from './cancellation.ts';
import { openCheckout } from './checkout.ts';
import { safeGitEnv } from './git-env.ts';
import { homeOf } from './home-of.ts';
import { makeTemporary } from './make-temporary.ts';
import { openTemporary, removeAbandoned } from './temporary-directory.ts';
import { openTerminalLog, type Verbosity } from './terminal-log.ts';
import { terminalContext } from './workflow-context.ts';

/** A terminal: the log goes to standard error, so standard output contains only the result. */
export async function openTerminal(verbosity: Verbosity): Promise<Runtime> {
  const env: Record<string, string | undefined> = { ...process.env };
  const directory = process.cwd();
  const temporary = openTemporary(tmpdir(), 'TMPDIR');
  inBackground(removeAbandoned(tmpdir()));
  env.HOME = homeOf(env) ?? temporary;
  const opening = openCheckout(directory, { env, temporary, searchesAbove: true });
  const cancellation = listenForCancellation(() => rmSync(temporary, { recursive: true, force: true }));
  const { checkout, ...git } = await opening;
  return {
    log: openTerminalLog(verbosity),
    env,
    exec: runProgram,
    gitEnv: safeGitEnv(env),
    directory,
    temporary,
    createDirectory: async () => makeTemporary(tmpdir(), 'nix-image-output-', 'TMPDIR'),
    context: { ...terminalContext(checkout), isTrusted: true },
    ...git,
    resolve: path => resolve(directory, path),
    now: Date.now,
    isDisposable: false,
    ...cancellation,
    addPath(path) {
      env.PATH = `${path}:${env.PATH ?? ''}`;
    },
    exportVariable(name, value) {
      env[name] = value;
    },
  };
}
