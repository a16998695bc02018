import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ProgramOptions, type ProgramResult, runProgram } from '../../src/lib/process.ts';

export const root = new URL('../../', import.meta.url).pathname;

export interface StepResult {
  readonly code: number;
  /** What the runner would show as the step's log. */
  readonly log: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly state: Readonly<Record<string, string>>;
  readonly summary: string;
  /** What was set for later steps. */
  readonly env: Readonly<Record<string, string>>;
  /** What was put on PATH for later steps. */
  readonly path: string;
}

export interface StepOptions {
  readonly inputs: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Starts the command somewhere else than here. */
  readonly run?: (command: readonly string[], options: ProgramOptions) => Promise<ProgramResult>;
  readonly directory?: string;
}

/** What a runner of GitHub sets for a push to main of acme/app, with the defaults of action.yml. */
const defaults = { 'github-token': 'ghs_secretOfTheWorkflow' };
const push = {
  repository: {
    html_url: 'https://github.com/acme/app',
    description: 'An app that says hello',
    license: { spdx_id: 'MIT' },
  },
};

/** Runs the built action as the runner starts it: inputs, files for outputs, summary and state, all by environment. */
export async function runStep({ inputs, env = {}, run = runHere, directory = root }: StepOptions): Promise<StepResult> {
  const files = await mkdtemp(join(tmpdir(), 'step-'));
  try {
    const file = (name: string) => join(files, name);
    for (const name of ['output', 'state', 'summary', 'env', 'path']) await writeFile(file(name), '');
    await writeFile(file('event.json'), JSON.stringify(push));
    await mkdir(file('temp'));
    const { code, stdout, stderr } = await run([process.execPath, `${root}dist/main.mjs`], {
      cwd: directory,
      env: {
        ...(run === runHere ? { PATH: process.env.PATH } : {}),
        HOME: file('temp'),
        // Most of a step's time would go into compiling our sources anew.
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        ...inputVariables({ ...defaults, ...inputs }),
        GITHUB_ACTIONS: 'true',
        GITHUB_OUTPUT: file('output'),
        GITHUB_STATE: file('state'),
        GITHUB_STEP_SUMMARY: file('summary'),
        GITHUB_ENV: file('env'),
        GITHUB_PATH: file('path'),
        GITHUB_EVENT_PATH: file('event.json'),
        GITHUB_EVENT_NAME: 'push',
        GITHUB_REPOSITORY: 'acme/app',
        GITHUB_SERVER_URL: 'https://github.com',
        GITHUB_SHA: '0123456789012345678901234567890123456789',
        GITHUB_REF_TYPE: 'branch',
        GITHUB_REF_NAME: 'main',
        GITHUB_WORKSPACE: directory,
        RUNNER_TEMP: file('temp'),
        RUNNER_TOOL_CACHE: file('temp'),
        SOURCE_DATE_EPOCH: '1700000000',
        ...env,
      },
    });
    return {
      code,
      log: stdout + stderr,
      outputs: parseFileCommands(await readFile(file('output'), 'utf8')),
      state: parseFileCommands(await readFile(file('state'), 'utf8')),
      summary: await readFile(file('summary'), 'utf8'),
      env: parseFileCommands(await readFile(file('env'), 'utf8')),
      path: await readFile(file('path'), 'utf8'),
    };
  } finally {
    await rm(files, { recursive: true, force: true });
  }
}

function runHere([program = '', ...args]: readonly string[], options: ProgramOptions): Promise<ProgramResult> {
  return runProgram(program, args, options);
}

function inputVariables(inputs: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]));
}

/** `NAME<<DELIMITER` lines of the runner's file commands. */
function parseFileCommands(text: string): Record<string, string> {
  const commands = text.matchAll(/^(.+?)<<(.+)\n([\s\S]*?)\n?\2$/gm);
  return Object.fromEntries([...commands].map(([, name, , value]) => [name, value]));
}
