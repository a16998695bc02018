#!/usr/bin/env node
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type InputName, inputTable } from './inputs/input-table.ts';
import { parseImages } from './inputs/parse-inputs.ts';
import { Failure, messageOf } from './lib/failure.ts';
import { secretsInUrls } from './lib/http/url-login.ts';
import { escapeControls } from './lib/printable.ts';
import { tuneGarbageCollection } from './lib/tune-garbage-collection.ts';
import { metadataOutputs } from './metadata/metadata-outputs.ts';
import { type CleanupResult, hasImages, type MetadataResult, type RunResult } from './report/result.ts';
import { tableOf } from './report/table.ts';
import type { actions } from './run.ts';
import { openTerminal } from './runtimes/terminal.ts';
import { failCommand, printResult, terminalLog } from './runtimes/terminal-log.ts';

type Actions = typeof actions;
type Terminal = Awaited<ReturnType<typeof openTerminal>>;

/** Environment variables for secrets. Never flags: every process can read command lines. */
const secretVariables = {
  password: 'REGISTRY_PASSWORD',
  'github-token': 'GITHUB_TOKEN',
  'cache-signing-key': 'CACHE_SIGNING_KEY',
} as const;

/** The command is the mode; all other inputs are flags. */
const rows = (Object.entries(inputTable) as [InputName, (typeof inputTable)[InputName]][]).filter(
  ([name]) => name !== 'mode',
);

const descriptionColumn = 32;

function helpText(commands: readonly string[]): string {
  const flags = rows
    .filter(([, { kind }]) => kind !== 'secret')
    .map(
      ([name, { kind, description }]) =>
        `  --${kind === 'flag' ? name : `${name} ${kind.toUpperCase()}`}`.padEnd(descriptionColumn) + description,
    );
  return [
    `Usage: nix-image ${commands.join('|')} [FLAGS]`,
    '',
    'Runs the action on this machine: build is the root action, the other commands are the sub-actions. A LIST flag may be',
    'repeated; --no-NAME turns off a flag without a value.',
    '',
    ...flags,
    `${'  --help'.padEnd(descriptionColumn)}Show this text`,
    '',
    `Secrets come from environment variables: the registry password from ${secretVariables.password}, the GitHub token from`,
    `${secretVariables['github-token']}, the secret key of a binary cache from ${secretVariables['cache-signing-key']}.`,
  ].join('\n');
}

type Flags = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

function readFlags(args: readonly string[]): Flags {
  const options = Object.fromEntries(
    rows
      .filter(([, { kind }]) => kind !== 'secret')
      .map(([name, { kind }]) => [
        name,
        { type: kind === 'flag' ? ('boolean' as const) : ('string' as const), multiple: kind === 'list' },
      ]),
  );
  try {
    return parseArgs({ args: [...args], options, allowPositionals: false, allowNegative: true }).values;
  } catch (cause) {
    throw new Failure(`Cannot read the command line: ${messageOf(cause)} See --help.`, { cause });
  }
}

function readInput(name: InputName, flags: Flags): string {
  if (name === 'password' || name === 'github-token' || name === 'cache-signing-key') {
    return process.env[secretVariables[name]] ?? '';
  }
  const value = flags[name] ?? '';
  return Array.isArray(value) ? value.join('\n') : String(value);
}

function textOf(result: RunResult | MetadataResult | CleanupResult): string {
  if (hasImages(result)) return tableOf(result);
  if ('deleted' in result) return result.deleted.join('\n');
  // The same JSON, safe to print.
  return escapeControls(metadataOutputs(result.metadata).json ?? '').replaceAll('##[', '#\\u0023[');
}

async function main(args: readonly string[]): Promise<void> {
  tuneGarbageCollection();
  // git reads the checkout while most of this program is being loaded.
  const opening = openTerminal();
  const { actions } = await import('./run.ts');
  const runtime = await opening;
  try {
    printResult(await runCommand(args, actions, runtime));
  } finally {
    rmSync(runtime.temporary, { recursive: true, force: true });
  }
}

/**
 * Exits as soon as all output is written. Otherwise Node would free its memory piece by piece and wait for what a failure
 * left behind, such as the next try of a request.
 */
async function exit(): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise(done => stream.write('', done));
  }
  process.exit();
}

/** Runs a command; returns its output. */
async function runCommand([command, ...args]: readonly string[], actions: Actions, runtime: Terminal): Promise<string> {
  const commands = Object.keys(actions);
  if (command === '--help' || args.includes('--help')) return helpText(commands);
  if (command === undefined || !commands.includes(command)) {
    throw new Failure(`Cannot run "${command ?? ''}": the commands are ${commands.join(', ')}. See --help.`);
  }
  for (const secret of secretsInUrls(args.join('\n'))) runtime.log.secret(secret);
  const flags = readFlags(args);
  const images = parseImages(name => (name === 'mode' ? command : readInput(name, flags)));
  return textOf(await actions[images[0].mode](images, runtime));
}

for (const name of Object.values(secretVariables)) terminalLog.secret(process.env[name]?.trim() ?? '');
process.on('uncaughtException', error => {
  failCommand(error);
  process.exit();
});
try {
  await main(process.argv.slice(2));
} catch (error) {
  failCommand(error);
}
await exit();
