import { existsSync, lstatSync, mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** What of a checkout's configuration would start programs in the commands of git that older Nix runs, or spoil their output. */
const settings = { 'core.fsmonitor': 'false', 'core.hooksPath': '/dev/null', 'log.showSignature': 'false' };

/** Variables for a program that runs git in a checkout: these settings come before all others. git(1), GIT_CONFIG_COUNT. */
export function safeGitEnv(env: Environment): Readonly<Record<string, string>> {
  const count = Number(env.GIT_CONFIG_COUNT ?? 0);
  const pairs = Object.entries(settings).flatMap(([key, value], i) => [
    [`GIT_CONFIG_KEY_${count + i}`, key],
    [`GIT_CONFIG_VALUE_${count + i}`, value],
  ]);
  return { ...Object.fromEntries(pairs), GIT_CONFIG_COUNT: String(count + pairs.length / 2) };
}

/**
 * Variables with which git and libgit2 accept the checkout at `directory` although it belongs to another user, as in a
 * job's container; none if it does not. Newer Nix is built with libgit2, which reads no variables of git's, but a file
 * below XDG_CONFIG_HOME. So that directory is replaced by one in `temporary`, with all that the user has there.
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
  // git reads this one instead.
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

/** A configuration of git's that is another one, and trusts this checkout alone: its files and, for a fetch, its repository. */
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
