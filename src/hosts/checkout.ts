import { execFile } from 'node:child_process';

type Environment = Readonly<Record<string, string | undefined>>;

/** What git knows of a working tree. */
export interface Checkout {
  /** Full hash of HEAD. */
  readonly revision?: string;
  /** Unix seconds of HEAD's commit. */
  readonly commitTime?: number;
  /** A tag that points at HEAD, the newest by version. */
  readonly gitTag?: string;
  /** The branch that is checked out. */
  readonly branch?: string;
  /** `https://HOST/OWNER/NAME` of the remote "origin", never with a login in it. */
  readonly repositoryUrl?: string;
}

/** Hash and time of the commit, and the branch and the tags there: `HEAD -> refs/heads/main, tag: refs/tags/v1.0.0`. */
const headFormat = [
  ...['--format=%H %ct%n%D', '--decorate=full'],
  ...['HEAD', 'refs/heads/*', 'refs/tags/*'].map(pattern => `--decorate-refs=${pattern}`),
];

/** Asks git about the directory; nothing is known where there is no git, no repository or no commit. */
export async function readCheckout(directory: string, env: Environment): Promise<Checkout> {
  const git: Git = (...args) => askGit(args, directory, env);
  const [head, remote] = await Promise.all([git('log', '-1', ...headFormat), git('remote', 'get-url', 'origin')]);
  if (head === undefined) return {};
  const [, revision, seconds, names = ''] = /^(\S+) (\d+)\n?(.*)$/.exec(head) ?? [];
  const branch = /HEAD -> refs\/heads\/(\S+?)(?:, |$)/.exec(names)?.[1];
  const gitTag = await newestOf(
    [...names.matchAll(/tag: refs\/tags\/(\S+?)(?:, |$)/g)].map(([, tag = '']) => tag),
    git,
  );
  const repositoryUrl = webUrlOf(remote ?? '');
  return {
    ...(revision === undefined ? {} : { revision }),
    commitTime: Number(seconds),
    ...(gitTag === undefined ? {} : { gitTag }),
    ...(branch === undefined ? {} : { branch }),
    ...(repositoryUrl === undefined ? {} : { repositoryUrl }),
  };
}

type Git = (...args: string[]) => Promise<string | undefined>;

async function newestOf(tags: readonly string[], git: Git): Promise<string | undefined> {
  if (tags.length < 2) return tags[0];
  return (await git('tag', '--points-at', 'HEAD', '--sort=-version:refname'))?.split('\n')[0];
}

/** A checkout may belong to another user, as in a job's container; reading a commit from it runs nothing of it. */
function askGit(args: readonly string[], cwd: string, env: Environment): Promise<string | undefined> {
  const trust = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' };
  return new Promise(resolve => {
    execFile('git', args, { cwd, env: { ...env, ...trust } }, (error, stdout) => {
      resolve(error === null ? stdout.trim() : undefined);
    });
  });
}

/** The web address of a remote: `git@github.com:acme/app.git` and `https://user:token@…` become `https://github.com/acme/app`. */
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
