import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Machine, runThere } from '../support/bare-machine.ts';
import { built } from '../support/built.ts';

/** Puts a real Nix, that of this machine or the one whose programs are in a directory, on a machine with an empty store. */
export async function addNix({ tools }: Machine, programs = '/usr/bin'): Promise<void> {
  for (const name of ['nix', 'nix-store', 'nix-daemon']) await symlink(join(programs, name), join(tools, name));
}

export interface Job {
  readonly inputs: Readonly<Record<string, string>>;
  /** A checkout, absolute. */
  readonly directory: string;
  /** The same on every machine, as on GitHub's. */
  readonly temporary: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Runs as the namespace's root before main. */
  readonly setup?: string;
  /** Whether it runs as a plain user, as `runThere` has it. */
  readonly isPlain?: boolean;
  /** The command that runs `main` or `post`; Node with what src builds to if not given. */
  readonly commandOf?: (part: 'main' | 'post') => readonly string[];
}

export interface JobResult {
  readonly code: number;
  readonly log: string;
  /** Log of the post part. */
  readonly post: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Of the job, in Markdown. */
  readonly summary: string;
  /** What later steps of the job have. */
  readonly later: { readonly env: Readonly<Record<string, string>>; readonly path: readonly string[] };
}

const push = { repository: { default_branch: 'main' } };

/** Runs main and post of the action on a machine, as the runner does for a push to the default branch. */
export async function runJob(machine: Machine, job: Job): Promise<JobResult> {
  const [result] = await runSteps(machine, [job]);
  return result as JobResult;
}

/** Runs a job with several uses of the action: the mains in order, then the posts, the last step's first. */
export async function runSteps(machine: Machine, steps: readonly Job[]): Promise<JobResult[]> {
  const started: StartedStep[] = [];
  for (const step of steps) started.push(await startStep(machine, step));
  const results: JobResult[] = [];
  for (const step of started.toReversed()) results.unshift(await step.finish());
  return results;
}

interface StartedStep {
  finish(): Promise<JobResult>;
}

async function startStep(
  machine: Machine,
  { inputs, directory, temporary, env = {}, setup = ':', isPlain = false, commandOf = fromBuilt }: Job,
): Promise<StartedStep> {
  await mkdir(temporary, { recursive: true });
  const files = await mkdtemp(join(machine.root, 'job-'));
  const file = (name: string) => join(files, name);
  for (const name of ['output', 'state', 'summary', 'env', 'path']) await writeFile(file(name), '');
  await writeFile(file('event.json'), JSON.stringify(push));
  const variables = {
    ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
    GITHUB_ACTIONS: 'true',
    GITHUB_OUTPUT: file('output'),
    GITHUB_STATE: file('state'),
    GITHUB_STEP_SUMMARY: file('summary'),
    GITHUB_ENV: file('env'),
    GITHUB_PATH: file('path'),
    GITHUB_EVENT_PATH: file('event.json'),
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REPOSITORY: 'acme/app',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_WORKSPACE: directory,
    RUNNER_TEMP: temporary,
    RUNNER_TOOL_CACHE: temporary,
    ...env,
  };
  const start = (part: 'main' | 'post', more: Readonly<Record<string, string>>) =>
    runThere(machine, commandOf(part), {
      env: { ...variables, ...more },
      setup: isPlain ? `chown -R "$(stat -c %u:%g plain)" ${files} ${temporary}; ${setup}` : setup,
      isPlain,
    });
  const main = await start('main', {});
  const state = parseFileCommands(await readFile(file('state'), 'utf8'));
  return {
    async finish() {
      const post = await start(
        'post',
        Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value])),
      );
      const outputs = parseFileCommands(await readFile(file('output'), 'utf8'));
      const summary = await readFile(file('summary'), 'utf8');
      const later = {
        env: parseFileCommands(await readFile(file('env'), 'utf8')),
        path: (await readFile(file('path'), 'utf8')).split('\n').filter(line => line !== ''),
      };
      await rm(files, { recursive: true });
      const [log, ofPost] = [main, post].map(({ stdout, stderr }) => stdout + stderr);
      return { code: main.code, log: log ?? '', post: ofPost ?? '', outputs, summary, later };
    },
  };
}

function fromBuilt(part: string): readonly string[] {
  return [process.execPath, join(built, `${part}.mjs`)];
}

/** `NAME<<DELIMITER` lines of the runner's file commands. */
function parseFileCommands(text: string): Record<string, string> {
  const commands = text.matchAll(/^(.+?)<<(.+)\n([\s\S]*?)\n?\2$/gm);
  return Object.fromEntries([...commands].map(([, name, , value]) => [name, value]));
}
