import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { CleanCommit } from '../runtime.ts';
import { type GitOptions, type GitView, openGitView } from './git-view.ts';

/** A repository and the commit that it has checked out. */
interface Opened {
  readonly view: GitView;
  /** Full commit hash. */
  readonly revision: string;
}

interface Place {
  readonly directory: string;
  /** Names of files there. */
  readonly files: readonly string[];
}

/**
 * The commit of the repository, if `directory` belongs to it, and not to a repository nested in it, and no tracked file
 * differs or may differ unseen, and `files` are tracked. A submodule that is checked out must be at the recorded
 * commit, and clean itself.
 */
export async function readCleanCommit(
  { directory, files }: Place,
  { view, revision }: Opened,
  options: GitOptions,
): Promise<CleanCommit | undefined> {
  const [root, real] = [realpathSync(view.tree), realpathSync(directory)];
  if (!isIn(root, real)) return undefined;
  const below = relative(root, real);
  const has = async (name: string) => (await view.git('cat-file', '-e', `HEAD:${join(below, name)}`)) !== undefined;
  const holds = await Promise.all([isClean(view, options), ...files.map(has)]);
  const { shallow } = view;
  return holds.includes(false) || shallow === undefined ? undefined : { revision, directory: below, shallow };
}

function isIn(root: string, directory: string): boolean {
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at === root;
    if (dirname(at) === at) return false;
  }
}

async function isClean(view: GitView, options: GitOptions): Promise<boolean> {
  if (!(await view.matchesHead())) return false;
  if (!existsSync(join(view.tree, '.gitmodules'))) return true;
  const entries = await view.git('ls-tree', '-r', '-z', '--full-tree', 'HEAD');
  if (entries === undefined) return false;
  const submodules = [...entries.matchAll(/(?:^|\0)160000 commit [0-9a-f]+\t([^\0]+)/g)].map(([, path = '']) => path);
  for (const path of submodules) {
    const tree = join(view.tree, path);
    if (!existsSync(join(tree, '.git'))) continue;
    const submodule = await openGitView(tree, { ...options, searchesAbove: false });
    if (submodule === undefined || !(await isClean(submodule, options))) return false;
  }
  return true;
}
