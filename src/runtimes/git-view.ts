import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

export interface GitOptions {
  readonly env: Environment;
  /** A directory of this run alone. */
  readonly temporary: string;
  /** Whether `directory` may also be anywhere below the repository, if the repository belongs to this user. */
  readonly searchesAbove: boolean;
}

/** A view of an untrusted repository that git can safely read. */
export interface GitView {
  /** The working tree, absolute. */
  readonly tree: string;
  /** The commits whose parents are missing, one per line; empty if none are. Undefined if there are too many to tell. */
  readonly shallow: string | undefined;
  /** Standard output without white space at its ends; undefined if git is missing or fails. */
  git(...args: string[]): Promise<string | undefined>;
  /** The URL of the remote "origin", rewritten by `insteadOf` of the repository's and of the user's configuration. */
  readRemote(): Promise<string | undefined>;
  /**
   * Paths of tracked files that differ from HEAD, in the working tree or in the index, as bytes; undefined if git
   * cannot tell. Another commit of a submodule counts as a difference; changes within a submodule do not.
   */
  changedFiles(): Promise<readonly string[] | undefined>;
  /**
   * Whether every tracked file is as in HEAD. False if git cannot tell, as for a file with a filter: Git LFS leaves its
   * pointers in one checkout and not in another; and for one that git was told to ignore: not checked out (sparse), or
   * assumed to be unchanged.
   */
  matchesHead(): Promise<boolean>;
}

/**
 * Opens the repository of a working tree; undefined if there is none. A repository's configuration can start programs:
 * fsmonitor, filters, gpg, ssh, hooks, fetching of missing objects. So git never reads it. Instead git runs in a
 * directory of ours with links to the repository's objects and refs, and a configuration that only states their format.
 */
export async function openGitView(directory: string, options: GitOptions): Promise<GitView | undefined> {
  const repository = findRepository(directory, options.searchesAbove);
  if (repository === undefined) return undefined;
  const view = mkdtempSync(join(options.temporary, 'git-'));
  const env = environmentFor(view, options.env);
  const git = (...args: string[]) => runGit(args, view, env);
  const shared = linkRepository(repository, view);
  const config = join(repository.common, 'config');
  const own = await git('config', '--file', config, '--no-includes', '--null', '--get-regexp', ownSettings);
  const settings = parseSettings(own ?? '');
  writeFileSync(join(shared, 'config'), formatConfig(settings));
  return {
    tree: repository.tree,
    shallow: readShallow(join(repository.common, 'shallow')),
    git,
    async readRemote() {
      const remote = settings.find(([key]) => key === 'remote.origin.url')?.[1];
      if (remote === undefined) return undefined;
      const user = { ...options.env, GIT_DIR: view };
      const users = await runGit(['config', '--null', '--get-regexp', rewriteSettings], view, user);
      return rewrite(remote, [...settings, ...parseSettings(users ?? '')]);
    },
    changedFiles: () => readChangedFiles(repository, view, env),
    matchesHead: async () => comparesAll(settings) && (await matchesHead(repository, view, env)),
  };
}

/**
 * `--ignore-submodules=dirty` keeps git from running in a submodule, with the configuration there. Filters (Git LFS)
 * are programs too and never run, so a file with a filter is compared only by size and time: git trusts these if the
 * copy of the index is newer than every file. https://git-scm.com/docs/racy-git
 */
async function readChangedFiles(
  { tree, own }: Repository,
  view: string,
  env: Environment,
): Promise<readonly string[] | undefined> {
  const index = join(own, 'index');
  // Of this call alone: another one may be under way.
  const copy = join(view, `index-${randomUUID()}`);
  try {
    if (!statSync(index).isFile()) return undefined;
    copyFileSync(index, copy);
    utimesSync(copy, farFuture, farFuture);
    linkSharedIndexes(own, view);
  } catch {
    return undefined;
  }
  const status = (file: string, ...paths: string[]) =>
    runGit([...statusCommand, ...paths], view, { ...env, GIT_WORK_TREE: tree, GIT_INDEX_FILE: file });
  const lists = await Promise.all([status(index, withoutFilter), status(copy, ...withFilter)]);
  if (lists.includes(undefined)) return undefined;
  // `XY path`, each entry terminated by a zero byte.
  return lists.flatMap(list => (list ?? '').split('\0').flatMap(entry => entry.replace(/^.{1,2} /s, '') || []));
}

const withoutFilter = ':(top,attr:!filter)';
const withFilter = [':(top)', ':(top,exclude,attr:!filter)'];

const statusCommand = [
  ...['status', '--porcelain', '-z', '--untracked-files=no', '--ignore-submodules=dirty', '--no-renames', '--'],
];

async function matchesHead({ tree, own }: Repository, view: string, env: Environment): Promise<boolean> {
  const index = join(own, 'index');
  if (!statSync(index, { throwIfNoEntry: false })?.isFile()) return false;
  linkSharedIndexes(own, view);
  const git = (...args: string[]) => runGit(args, view, { ...env, GIT_WORK_TREE: tree, GIT_INDEX_FILE: index });
  const [changed, filtered, all] = await Promise.all([
    git(...statusCommand, withoutFilter),
    git('ls-files', '-z', '--', ...withFilter),
    git('ls-files', '-v', '-z', '--', ':(top)'),
  ]);
  // git-ls-files(1), `-v`: "H" before a path says that git compares the file.
  const isCompared = (entry: string) => entry === '' || entry.startsWith('H ');
  return changed === '' && filtered === '' && all?.split('\0').every(isCompared) === true;
}

/** Unix seconds; an index stores 32 bits. */
const farFuture = 2 ** 32 - 1;

/** git-update-index(1), "Split index". */
function linkSharedIndexes(own: string, view: string): void {
  const linked = new Set(readdirSync(view));
  const names = readdirSync(own).filter(name => /^sharedindex\.[0-9a-f]+$/.test(name) && !linked.has(name));
  linkFiles(own, view, names);
}

interface Repository {
  /** The working tree. */
  readonly tree: string;
  /** Where HEAD is: `.git`, or the directory that a file of that name points to. */
  readonly own: string;
  /** Where objects, refs and configuration are; differs only in a linked worktree. gitrepository-layout(5) */
  readonly common: string;
}

function findRepository(directory: string, searchesAbove: boolean): Repository | undefined {
  for (let at = directory; ; at = dirname(at)) {
    const link = join(at, '.git');
    if (existsSync(link)) {
      const isOurs = at === directory || lstatSync(link).uid === process.getuid?.();
      return isOurs ? readRepository(link) : undefined;
    }
    if (!searchesAbove || dirname(at) === at) return undefined;
  }
}

function readRepository(link: string): Repository | undefined {
  const target = statSync(link).isDirectory() ? link : /^gitdir: (.+)\n*$/.exec(readSmallFile(link) ?? '')?.[1];
  if (target === undefined) return undefined;
  const own = resolve(dirname(link), target);
  const common = resolve(own, readSmallFile(join(own, 'commondir'))?.trim() ?? '.');
  return readSmallFile(join(own, 'HEAD')) === undefined ? undefined : { tree: dirname(link), own, common };
}

/** Longer than any path, and than any name of a ref. */
const largestPointer = 8192;

/** The text of a file with one line; undefined if it is missing, large, or not a regular file, such as a pipe. */
function readSmallFile(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() && found.size <= largestPointer ? readFileSync(path, 'utf8') : undefined;
}

function readShallow(file: string): string | undefined {
  return existsSync(file) ? readSmallFile(file)?.trim().split('\n').toSorted().join('\n') : '';
}

/** Makes `view` a repository like the given one, and returns the directory for its configuration. */
function linkRepository({ own, common }: Repository, view: string): string {
  // git does not accept a HEAD that is a link.
  writeFileSync(join(view, 'HEAD'), readSmallFile(join(own, 'HEAD')) ?? '');
  if (own === common) {
    linkFiles(common, view, commonFiles);
    return view;
  }
  linkFiles(own, view, ['reftable']);
  writeFileSync(join(view, 'commondir'), 'common');
  const shared = join(view, 'common');
  mkdirSync(shared);
  linkFiles(common, shared, commonFiles);
  return shared;
}

const commonFiles = ['objects', 'refs', 'packed-refs', 'shallow', 'reftable'];

function linkFiles(from: string, to: string, names: readonly string[]): void {
  for (const name of names) if (existsSync(join(from, name))) symlinkSync(join(from, name), join(to, name));
}

function environmentFor(view: string, env: Environment): Environment {
  return {
    ...Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('GIT_'))),
    ...{ HOME: view, XDG_CONFIG_HOME: view },
    ...{ GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_ATTR_NOSYSTEM: '1' },
    ...{ GIT_DIR: view, GIT_NO_LAZY_FETCH: '1', GIT_NO_REPLACE_OBJECTS: '1', GIT_OPTIONAL_LOCKS: '0' },
  };
}

function runGit(args: readonly string[], cwd: string, env: Environment): Promise<string | undefined> {
  return new Promise(resolve => {
    execFile('git', args, { cwd, env, maxBuffer: largestAnswer }, (error, stdout) => {
      resolve(error === null ? stdout.trim() : undefined);
    });
  });
}

/** Bytes. Only a list of files gets near this limit. */
const largestAnswer = 16 << 20;

const rewriteSettings = String.raw`^url\..*\.insteadof$`;
/** Only settings of the working tree whose value is a plain word, none of which can name a program. */
const treeSettings = ['autocrlf', 'eol', 'filemode', 'ignorecase', 'precomposeunicode', 'symlinks'];
const ownSettings = String.raw`^(remote\.origin\.url|url\..*\.insteadof|extensions\.(objectformat|refstorage)|core\.(${treeSettings.join('|')}))$`;

/** Values with which git compares the bytes, modes and links of files as they are. */
const exactSettings: Readonly<Record<string, readonly string[]>> = {
  'core.autocrlf': ['false'],
  'core.eol': ['lf', 'native'],
  'core.filemode': ['true'],
  'core.symlinks': ['true'],
};

function comparesAll(settings: Settings): boolean {
  return settings.every(([key, value]) => exactSettings[key]?.includes(value) ?? true);
}

type Settings = readonly (readonly [key: string, value: string])[];

/** The output of `git config --null`: `section.key`, a line feed and the value, each terminated by a zero byte. */
function parseSettings(text: string): Settings {
  return text.split('\0').flatMap(entry => {
    const [, key, value] = /^(.+)\n([\s\S]*)$/.exec(entry) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value] as const];
  });
}

/** A configuration with the repository's format and its settings for writing files to the working tree. */
function formatConfig(settings: Settings): string {
  const linesOf = (section: string) =>
    settings
      .filter(([key, value]) => key.startsWith(`${section}.`) && /^[a-z0-9]+$/i.test(value))
      .map(([key, value]) => `\t${key.slice(section.length + 1)} = ${value}`);
  const core = ['\trepositoryformatversion = 1', '\tbare = false', ...linesOf('core')];
  return ['[core]', ...core, '[extensions]', ...linesOf('extensions'), ''].join('\n');
}

/** git-config(1), `url.<base>.insteadOf`: the longest match wins. */
function rewrite(remote: string, settings: Settings): string {
  const [best] = settings
    .filter(([key, value]) => key.startsWith('url.') && value !== '' && remote.startsWith(value))
    .toSorted(([, a], [, b]) => b.length - a.length);
  if (best === undefined) return remote;
  const [key, value] = best;
  return `${key.slice('url.'.length, -'.insteadof'.length)}${remote.slice(value.length)}`;
}
