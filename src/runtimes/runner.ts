import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as core from '@actions/core';
import { type InputName, inputTable } from '../inputs/input-table.ts';
import { Failure } from '../lib/failure.ts';
import { inBackground } from '../lib/pool.ts';
import type { Runtime, ToolCache } from '../runtime.ts';
import { openActionsCache } from './actions-cache.ts';
import { listenForCancellation } from './cancellation.ts';
import { openCheckout } from './checkout.ts';
import { safeGitEnv, trustCheckout } from './git-env.ts';
import { homeOf } from './home-of.ts';
import { jobRecord } from './job-record.ts';
import { makeTemporary } from './make-temporary.ts';
import { readGitHubContext } from './read-github-context.ts';
import { runnerExec } from './runner-exec.ts';
import { runnerLog } from './runner-log.ts';
import { runnerSigning } from './runner-signing.ts';
import { rememberTask, rememberTemporary, temporaryRoot } from './step-state.ts';
import { openTemporary, removeAbandoned } from './temporary-directory.ts';

/** A GitHub runner. docs.github.com, "Metadata syntax for GitHub Actions" and "Variables". */
export async function openRunner(): Promise<Runtime> {
  const env = environmentForPrograms();
  const directory = process.env.GITHUB_WORKSPACE || process.cwd();
  const temporary = openTemporary(temporaryRoot(), 'RUNNER_TEMP');
  rememberTemporary(temporary);
  env.HOME = homeOf(env) ?? temporary;
  const cancellation = listenForCancellation(() => rmSync(temporary, { recursive: true, force: true }));
  inBackground(removeAbandoned(temporaryRoot()));
  const { checkout, ...git } = await openCheckout(directory, { env, temporary, searchesAbove: false });
  const isHosted = process.env.RUNNER_ENVIRONMENT === 'github-hosted';
  return {
    log: runnerLog,
    env,
    exec: runnerExec,
    gitEnv: { ...safeGitEnv(env), ...trustCheckout(directory, { env, temporary }) },
    directory,
    temporary,
    createDirectory: async () => makeTemporary(temporaryRoot(), 'nix-image-output-', 'RUNNER_TEMP'),
    context: await readGitHubContext(process.env, checkout),
    ...git,
    ...cancellation,
    cache: openActionsCache(process.env),
    afterJob: task => rememberTask(task, temporary),
    job: jobRecord,
    signing: runnerSigning(process.env, runnerLog),
    resolve: path => resolve(directory, path),
    now: Date.now,
    isDisposable: isHosted,
    tools: isHosted || !process.env.RUNNER_TOOL_CACHE ? undefined : toolCache,
    addPath(path) {
      core.addPath(path);
      env.PATH = process.env.PATH;
    },
    exportVariable(name, value) {
      core.exportVariable(name, value);
      env[name] = value;
    },
  };
}

const loadToolCache = () => import('@actions/tool-cache');

/** The tool cache of a runner. It stores directories; each of ours has one file of this name. */
const toolFile = 'tool';
const toolCache: ToolCache = {
  async find(name, version) {
    const { find } = await loadToolCache();
    const directory = find(name, version);
    return directory === '' ? undefined : join(directory, toolFile);
  },
  async keep(file, name, version) {
    const { cacheFile } = await loadToolCache();
    await cacheFile(file, toolFile, name, version);
  },
};

/** Programs that we run must not see our inputs, which contain secrets, or the runner's own tokens. */
function environmentForPrograms(): Record<string, string | undefined> {
  const isOurs = (name: string) =>
    /^(INPUT_|STATE_|ACTIONS_RUNTIME_TOKEN$|COSIGN_PASSWORD$|ACTIONS_ID_TOKEN_)/.test(name);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !isOurs(name)));
}

/** The raw text of an input of the step. */
export function readStepInput(name: InputName): string {
  return core.getInput(name, { trimWhitespace: false });
}

/** The runner passes every key under `with`, known or not. */
export function refuseUnknownInputs(): void {
  const known = new Set(Object.keys(inputTable).map(name => `INPUT_${name.toUpperCase()}`));
  const unknown = Object.keys(process.env).filter(name => name.startsWith('INPUT_') && !known.has(name));
  if (unknown.length === 0) return;
  const names = unknown.map(name => `"${name.slice('INPUT_'.length).toLowerCase()}"`).join(', ');
  throw new Failure(
    `Cannot use the input ${names}: unknown. Known are ${Object.keys(inputTable).join(', ')}. ` +
      `If the step has no such input, "env" of the job or the runner sets ${unknown.join(', ')}: rename that variable.`,
  );
}
