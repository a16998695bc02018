#!/usr/bin/env node
import { readFileSync, rmSync } from 'node:fs';
import type { Call, Command, Output } from './commands/command.ts';
import { commandTable } from './commands/command-table.ts';
import { secretVariables } from './commands/input-flags.ts';
import { jsonText } from './commands/json-text.ts';
import { parseCommandLine } from './commands/parse-command-line.ts';
import { UsageError } from './commands/usage-error.ts';
import { secretsInUrls } from './lib/http/url-login.ts';
import { tuneGarbageCollection } from './lib/tune-garbage-collection.ts';
import { addSecret } from './runtimes/secrets.ts';
import { openTerminal } from './runtimes/terminal.ts';
import { printHelp, printResult, reportFailure, type Verbosity } from './runtimes/terminal-log.ts';

function readVersion(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}

/** Secrets that GitLab sets in every job. */
const gitlabSecrets = ['CI_REGISTRY_PASSWORD', 'CI_JOB_TOKEN'];

async function main(args: readonly string[]): Promise<void> {
  for (const secret of secretsInUrls(args.join('\n'))) addSecret(secret);
  const line = parseCommandLine(args, { commands: commandTable, version: readVersion() });
  if (line.kind === 'text') return printHelp(line.text);
  const {
    text,
    json,
    exitCode = 0,
  } = await run(line.command, { ...line.call, width: process.stdout.isTTY ? process.stdout.columns : undefined });
  const result = line.call.flags.json === true ? jsonText(json) : text;
  if (result !== '') printResult(result);
  process.exitCode = exitCode;
}

async function run(command: Command, call: Call): Promise<Output> {
  tuneGarbageCollection();
  // git reads the checkout while the code of the command is being loaded.
  const opening = openTerminal(verbosityOf(call));
  const action = await command.load();
  const runtime = await opening;
  try {
    return await action(call, runtime);
  } finally {
    rmSync(runtime.temporary, { recursive: true, force: true });
  }
}

function verbosityOf({ flags }: Call): Verbosity {
  if (flags.quiet === true) return 'quiet';
  return flags.verbose === true ? 'verbose' : 'normal';
}

/** Exit codes: 1 if the command fails, 2 if the arguments fit no command. */
function fail(error: unknown): void {
  reportFailure(error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}

/**
 * Exits as soon as all output is written. Otherwise Node would free its memory piece by piece and wait for what a
 * failure left behind, such as the next try of a request.
 */
async function exit(): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise(done => stream.write('', done));
  }
  process.exit();
}

for (const name of [...Object.values(secretVariables), ...gitlabSecrets]) addSecret(process.env[name]?.trim() ?? '');
process.on('uncaughtException', error => {
  fail(error);
  process.exit();
});
try {
  await main(process.argv.slice(2));
} catch (error) {
  fail(error);
}
await exit();
