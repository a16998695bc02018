import type { Runtime } from '../runtime.ts';
import { readCleanCommit } from './clean-commit.ts';
import { type GitOptions, type GitView, openGitView } from './git-view.ts';

/** Facts that git reports about a working tree. */
export interface Checkout {
  /** Full hash of HEAD. */
  readonly revision?: string;
  /** Unix seconds of HEAD's commit. */
  readonly commitTime?: number;
  /** A tag that points at HEAD, the newest by version. */
  readonly gitTag?: string;
  /** The branch that is checked out. */
  readonly branch?: string;
  /** `https://HOST/OWNER/NAME` of the remote "origin", never with a login. */
  readonly repositoryUrl?: string;
}

/** Hash and time of the commit, and the branch and the tags there: `HEAD -> refs/heads/main, tag: refs/tags/v1.0.0`. */
const headFormat = [
  ...['--format=%H %ct%n%D', '--decorate=full'],
  ...['HEAD', 'refs/heads/*', 'refs/tags/*'].map(pattern => `--decorate-refs=${pattern}`),
];

interface CheckoutOptions extends GitOptions {
  /** Whether to read `repositoryUrl`. */
  readonly readsRemote?: boolean;
}

/** Asks git about the directory; empty without git, a repository or a commit. */
export async function openCheckout(
  directory: string,
  { readsRemote = false, ...options }: CheckoutOptions,
): Promise<{ readonly checkout: Checkout } & Pick<Runtime, 'changedFiles' | 'cleanCommit'>> {
  const view = await openGitView(directory, options);
  const checkout = await readCheckout(view, readsRemote);
  const { revision } = checkout;
  return {
    checkout,
    changedFiles: async () => view?.changedFiles(),
    cleanCommit: (at, files) => readCleanCommit({ directory: at, files }, { top: directory, view, revision }, options),
  };
}

async function readCheckout(view: GitView | undefined, readsRemote: boolean): Promise<Checkout> {
  const readingRemote = readsRemote ? view?.readRemote() : undefined;
  const head = await view?.git('log', '-1', ...headFormat);
  if (view === undefined || head === undefined) return {};
  const [, revision, seconds, names = ''] = /^(\S+) (\d+)\n?(.*)$/.exec(head) ?? [];
  if (revision === undefined) return {};
  const branch = /HEAD -> refs\/heads\/(\S+?)(?:, |$)/.exec(names)?.[1];
  const gitTag = await newestOf(
    [...names.matchAll(/tag: refs\/tags\/(\S+?)(?:, |$)/g)].map(([, tag = '']) => tag),
    view,
  );
  const repositoryUrl = webUrlOf((await readingRemote) ?? '');
  return {
    revision,
    commitTime: Number(seconds),
    ...(gitTag === undefined ? {} : { gitTag }),
    ...(branch === undefined ? {} : { branch }),
    ...(repositoryUrl === undefined ? {} : { repositoryUrl }),
  };
}

async function newestOf(tags: readonly string[], view: GitView): Promise<string | undefined> {
  if (tags.length < 2) return tags[0];
  return (await view.git('tag', '--points-at', 'HEAD', '--sort=-version:refname'))?.split('\n')[0];
}

/**
 * The web address of a remote: `git@github.com:acme/app.git` and `https://user:token@…` become
 * `https://github.com/acme/app`.
 */
export function webUrlOf(remote: string): string | undefined {
  const scp = /^(?:[\w.-]+@)?([\w.-]+):(?!\/)([^@]+)$/.exec(remote);
  const text = scp === null ? remote : `ssh://${scp[1]}/${scp[2]}`;
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, host, pathname } = new URL(text);
  if (!/^(https?|ssh|git):$/.test(protocol)) return undefined;
  const isWeb = protocol === 'https:' || protocol === 'http:';
  const path = pathname.replace(/\/$/, '').replace(/\.git$/, '');
  return `${isWeb ? protocol : 'https:'}//${isWeb ? host : hostname}${path}`;
}
