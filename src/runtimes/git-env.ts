import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Settings against those of a checkout's configuration that would start programs in the git commands that older Nix
 * runs, or change their output.
 */
const settings = { 'core.fsmonitor': 'false', 'core.hooksPath': '/dev/null', 'log.showSignature': 'false' };

/**
 * Variables for a program that runs git in a checkout; these settings have priority over all others. git(1),
 * GIT_CONFIG_COUNT.
 */
export function safeGitEnv(env: Environment): Readonly<Record<string, string>> {
  const count = Number(env.GIT_CONFIG_COUNT ?? 0);
  const pairs = Object.entries(settings).flatMap(([key, value], i) => [
    [`GIT_CONFIG_KEY_${count + i}`, key],
    [`GIT_CONFIG_VALUE_${count + i}`, value],
  ]);
  return { ...Object.fromEntries(pairs), GIT_CONFIG_COUNT: String(count + pairs.length / 2) };
}

/**
 * Variables that make git and libgit2 accept the checkout at `directory` if it belongs to another user, as in a job's
 * container; none if it does not. Newer Nix uses libgit2, which ignores git's variables but reads a file below
 * XDG_CONFIG_HOME. So that directory is replaced by one in `temporary`, with links to everything that the user has
 * there.
 */
export function trustCheckout(
  directory: string,
  { env, temporary }: { readonly env: Environment; readonly temporary: string },
): Readonly<Record<string, string>> {
  if (!isForeign(directory) && !isForeign(join(directory, '.git'))) return {};
  const home = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config');
  const view = join(temporary, 'config');
  mkdirSync(join(view, 'git'), { recursive: true });
  linkFiles(home, view, 'git');
  linkFiles(join(home, 'git'), join(view, 'git'), 'config');
  writeFileSync(join(view, 'git/config'), trusting(directory, join(home, 'git/config')));
  if (!env.GIT_CONFIG_GLOBAL) return { XDG_CONFIG_HOME: view };
  // git reads this file instead.
  const file = join(temporary, 'gitconfig');
  writeFileSync(file, trusting(directory, env.GIT_CONFIG_GLOBAL));
  return { XDG_CONFIG_HOME: view, GIT_CONFIG_GLOBAL: file };
}

function isForeign(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.uid !== process.getuid?.() && existsSync(path);
}

function linkFiles(from: string, to: string, except: string): void {
  const names = existsSync(from) ? readdirSync(from) : [];
  for (const name of names) if (name !== except) symlinkSync(join(from, name), join(to, name));
}

/**
 * A git configuration that includes another one and additionally trusts this checkout: its files and, for a fetch, its
 * repository.
 */
function trusting(directory: string, other: string): string {
  const paths = [...new Set([directory, realpathSync(directory)])].flatMap(path => [path, join(path, '.git')]);
  return [
    '[include]',
    `\tpath = ${quote(other)}`,
    '[safe]',
    ...paths.map(path => `\tdirectory = ${quote(path)}`),
    '',
  ].join('\n');
}

/** git-config(1), "Syntax". */
function quote(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&').replaceAll('\n', '\\n')}"`;
}
