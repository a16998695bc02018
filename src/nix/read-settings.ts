import { dirname, join, resolve } from 'node:path';
import { Failure, hasCode } from '../lib/failure.ts';
import { readWholeFile } from '../lib/read-whole-file.ts';
import { userSettings } from './settings.ts';

const largestFile = 1 << 20;
/** Files with all that they include; Nix itself has no limit. */
const mostFiles = 50;

/**
 * The settings that Nix reads here besides ours, line by line in its order: /etc/nix/nix.conf, the user's files and
 * NIX_CONFIG, with what they include. Without comments, and without what may differ in every job and decides nothing. A
 * Failure if a file is there but cannot be read. nix.conf(5)
 */
export async function readSettings(env: Readonly<Record<string, string | undefined>>): Promise<readonly string[]> {
  const files = [join(env.NIX_CONF_DIR || '/etc/nix', 'nix.conf'), ...userSettings(env).toReversed()];
  const budget = { left: mostFiles };
  const lines: string[] = [];
  for (const file of files) lines.push(...(await readLines(file, budget)));
  return [...lines, ...(await expandIncludes(env.NIX_CONFIG ?? '', '.', budget))];
}

interface Budget {
  left: number;
}

async function readLines(file: string, budget: Budget): Promise<string[]> {
  if (budget.left-- === 0) throw new Failure(`the settings of Nix are in more than ${mostFiles} files`);
  return expandIncludes(await readText(file), dirname(file), budget);
}

async function expandIncludes(text: string, directory: string, budget: Budget): Promise<string[]> {
  const lines: string[] = [];
  for (const line of settingsIn(text)) {
    const [, included] = /^!?include\s+(\S+)/.exec(line) ?? [];
    lines.push(...(included === undefined ? [line] : await readLines(resolve(directory, included), budget)));
  }
  return lines;
}

async function readText(file: string): Promise<string> {
  try {
    return (await readWholeFile(file, largestFile, file)).toString('utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT', 'ENOTDIR')) return '';
    throw error;
  }
}

/**
 * Who may fetch, and what runs after a build: a hook that sends outputs somewhere may have another path in every job.
 */
const harmless = /^((extra-)?access-tokens|netrc-file|post-build-hook)\s*=/;

function settingsIn(text: string): string[] {
  const lines = text.split('\n').map(line => line.replace(/#.*/, '').trim());
  return lines.filter(line => line !== '' && !harmless.test(line));
}
