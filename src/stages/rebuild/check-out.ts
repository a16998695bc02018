import { Failure } from '../../lib/failure.ts';
import { oneLine } from '../../lib/printable.ts';
import type { Runtime } from '../../runtime.ts';

/** Fetches one commit of a repository into a directory of its own, named after the repository, and returns its path. */
export async function checkOut(
  { repository, revision }: { readonly repository: string; readonly revision: string },
  { exec, env, gitEnv, createDirectory, log }: Runtime,
): Promise<string> {
  const name = /([\w-][\w.-]*?)(?:\.git)?\/*$/.exec(repository)?.[1] ?? 'checkout';
  const directory = `${await createDirectory()}/${name}`;
  // No helper program of another protocol, and no question that nobody answers.
  const safe = { GIT_ALLOW_PROTOCOL: 'https:ssh:file', GIT_TERMINAL_PROMPT: '0' };
  const git = async (...args: readonly string[]) => {
    const { code, stderr } = await exec('git', args, { env: { ...env, ...gitEnv, ...safe } });
    if (code === 0) return;
    throw new Failure(`Cannot fetch ${revision} of ${repository}: ${oneLine(stderr) || `git exited with ${code}`}`);
  };
  // In a repository of the other format, git would take the commit for the name of a branch.
  const format = revision.length === 40 ? 'sha1' : 'sha256';
  await git('init', '--quiet', `--object-format=${format}`, directory);
  await git('-C', directory, 'fetch', '--quiet', '--depth=1', '--no-tags', '--', repository, revision);
  await git('-C', directory, 'checkout', '--quiet', '--detach', 'FETCH_HEAD');
  log.info(`Checked out ${revision} of ${repository}`);
  return directory;
}
