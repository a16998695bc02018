import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { inBackground } from '../lib/pool.ts';
import { runProgram } from '../lib/process.ts';
import type { Runtime } from '../runtime.ts';
import { listenForCancellation } from './cancellation.ts';
import { openCheckout } from './checkout.ts';
import { safeGitEnv } from './git-env.ts';
import { homeOf } from './home-of.ts';
import { makeTemporary } from './make-temporary.ts';
import { readContext } from './read-context.ts';
import { addSecret } from './secrets.ts';
import { openTemporary, removeAbandoned } from './temporary-directory.ts';
import { openTerminalLog, type Verbosity } from './terminal-log.ts';

type Environment = Record<string, string | undefined>;

/** A terminal: the log goes to standard error, so standard output contains only the result. */
export async function openTerminal(verbosity: Verbosity): Promise<Runtime> {
  const { COSIGN_PASSWORD: keyPassword = '', SIGSTORE_ID_TOKEN: token, ...env } = process.env as Environment;
  for (const secret of [keyPassword, token ?? '']) addSecret(secret);
  const directory = process.cwd();
  const temporary = openTemporary(tmpdir(), 'TMPDIR');
  inBackground(removeAbandoned(tmpdir()));
  env.HOME = homeOf(env) ?? temporary;
  const opening = openCheckout(directory, { env, temporary, searchesAbove: true, readsRemote: true });
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
    context: await readContext(process.env, checkout),
    ...git,
    resolve: path => resolve(directory, path),
    now: Date.now,
    signing: { keyPassword, identityToken: async () => token ?? refuseToSign() },
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

function refuseToSign(): never {
  throw new Failure(
    'Cannot sign without a key: there is no OIDC token here. Set SIGSTORE_ID_TOKEN to one for the audience sigstore, or give a signing-key.',
  );
}
