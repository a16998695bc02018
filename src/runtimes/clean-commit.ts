import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import type { CleanCommit } from '../runtime.ts';
import { type GitOptions, type GitView, openGitView } from './git-view.ts';

/** The repository of the checkout, if it is one, and the commit that it has checked out. */
interface Checked {
  /** The directory of the run, absolute. */
  readonly top: string;
  readonly view: GitView | undefined;
  /** Full commit hash. */
  readonly revision: string | undefined;
}

interface Place {
  readonly directory: string;
  /** Names of files there. */
  readonly files: readonly string[];
}

/**
 * The commit of the repository that `directory` belongs to, which may be nested in the checkout, as Nix sees it: if no tracked
 * file differs or may differ unseen, and `files` are tracked. A submodule that is checked out must be at the recorded commit,
 * and clean itself.
 */
export async function readCleanCommit(
  { directory, files }: Place,
  checked: Checked,
  options: GitOptions,
): Promise<CleanCommit | undefined> {
  const real = realpathSync(directory);
  const root = rootOf(real);
  if (root === undefined) return undefined;
  const { view, revision } = await openRoot(root, checked, options);
  if (view === undefined || revision === undefined) return undefined;
  const below = relative(root, real);
  const has = async (name: string) => (await view.git('cat-file', '-e', `HEAD:${join(below, name)}`)) !== undefined;
  const holds = await Promise.all([isClean(view, options), ...files.map(has)]);
  const { shallow } = view;
  return holds.includes(false) || shallow === undefined ? undefined : { revision, directory: below, shallow };
}

/** The nearest directory with a repository. */
function rootOf(directory: string): string | undefined {
  for (let at = directory; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return undefined;
  }
}

/** The repository with this root, if it is that of the checkout or in it. */
async function openRoot(root: string, checked: Checked, options: GitOptions): Promise<Partial<Checked>> {
  if (checked.view !== undefined && realpathSync(checked.view.tree) === root) return checked;
  if (!root.startsWith(`${realpathSync(checked.top)}${sep}`)) return {};
  const view = await openGitView(root, { ...options, searchesAbove: false });
  return { view, revision: await view?.git('rev-parse', '--verify', '--quiet', 'HEAD') };
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
