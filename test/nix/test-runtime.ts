import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runProgram } from '../../src/lib/process.ts';
import type { Log, Runtime } from '../../src/runtime.ts';

/** A host that records what it is told. */
export interface TestRuntime extends Runtime {
  /** `level: text`, in order. */
  readonly lines: readonly string[];
  readonly secrets: readonly string[];
  readonly exported: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  /** Removes the temporary directory. */
  close(): Promise<void>;
}

/** What only some hosts have. */
export type Offers = Partial<Pick<Runtime, 'isDisposable' | 'tools' | 'context' | 'changedFiles' | 'cleanCommit'>>;

/** Opens a host with this environment and directory and with a temporary directory of its own. */
export async function openTestRuntime(
  start: Readonly<Record<string, string | undefined>>,
  directory: string,
  offers: Offers = {},
): Promise<TestRuntime> {
  const temporary = await mkdtemp(join(tmpdir(), 'nix-test-'));
  const env: Record<string, string | undefined> = { ...start };
  const lines: string[] = [];
  const secrets: string[] = [];
  const exported: Record<string, string> = {};
  const paths: string[] = [];
  return {
    changedFiles: async () => [],
    cleanCommit: async () => undefined,
    ...{ env, directory, temporary, context: {}, isDisposable: false, lines, secrets, exported, paths, ...offers },
    exec: runProgram,
    cancelled: new AbortController().signal,
    holdExit: work => work,
    log: recordingLog(lines, secrets),
    createDirectory: () => mkdtemp(join(temporary, 'output-')),
    resolve: path => resolve(directory, path),
    now: Date.now,
    signing: { keyPassword: start.COSIGN_PASSWORD ?? '', identityToken: async () => start.SIGSTORE_ID_TOKEN ?? '' },
    addPath(path) {
      paths.push(path);
      env.PATH = `${path}:${env.PATH}`;
    },
    exportVariable(name, value) {
      exported[name] = value;
      env[name] = value;
    },
    close: () => rm(temporary, { recursive: true, force: true }),
  };
}

function recordingLog(lines: string[], secrets: string[]): Log {
  return {
    info: text => void lines.push(`info: ${text}`),
    notice: text => void lines.push(`notice: ${text}`),
    warning: text => void lines.push(`warning: ${text}`),
    debug: text => void lines.push(`debug: ${text}`),
    group: (_name, body) => body(),
    secret: value => void secrets.push(value),
    activity: () => ({ add() {}, end() {} }),
    masked: text => secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), text),
  };
}
