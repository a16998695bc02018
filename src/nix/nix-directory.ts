import { access, constants, lstat, readdir, readlink } from 'node:fs/promises';
import { Failure, hasCode, messageOf } from '../lib/failure.ts';
import type { Runtime } from '../runtime.ts';
import { storeDirectory } from '../store-path.ts';
import { canBeRoot, runAsRoot } from './as-root.ts';
import { pathExists } from './path-exists.ts';

/** The root of Nix. */
export const nixDirectory = '/nix';
/** Nix's state, including its database. */
export const stateDirectory = '/nix/var/nix';

/** The state of the Nix that runs in an environment. */
export function stateDirectoryOf(env: Readonly<Record<string, string | undefined>>): string {
  return env.NIX_STATE_DIR || stateDirectory;
}

/**
 * Makes sure that /nix exists and that this user may write to it. Uses root only to create it or to change the owner of
 * an empty one, since another user's /nix may be in use. A Failure says what to do by hand.
 */
export async function prepareNixDirectory(runtime: Runtime): Promise<void> {
  const owner = `${process.getuid?.()}:${process.getgid?.()}`;
  for (const path of [nixDirectory, storeDirectory]) await requireDirectory(path);
  if (!(await pathExists(nixDirectory))) return createNixDirectory(owner, runtime);
  const refused = await findUnwritable();
  if (refused === undefined) return;
  if (refused.isEmpty && (await canBeRoot(runtime))) return runAsRoot(['chown', owner, nixDirectory], runtime);
  const advice = hasCode(refused.cause, 'EROFS')
    ? `${refused.path} is on a read-only file system. Before this step, mount a writable one at /nix, ` +
      'or put a working Nix on PATH'
    : `${refused.path} exists but is not writable. Before this step, run as root: chown -R ${owner} /nix`;
  throw new Failure(`Cannot install Nix: ${advice}`, { cause: refused.cause });
}

/** Nix rejects symlinks in the path of its store. */
async function requireDirectory(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined || stats.isDirectory()) return;
  if (!stats.isSymbolicLink()) throw new Failure(`Cannot install Nix: ${path} is not a directory. Remove it.`);
  const target = await readlink(path);
  throw new Failure(
    `Cannot install Nix: ${path} is a symlink to ${target}, and Nix does not allow symlinks in the path of its store. ` +
      `Before this step, run as root: rm ${path} && mkdir ${path} && mount --bind ${target} ${path}`,
  );
}

async function createNixDirectory(owner: string, runtime: Runtime): Promise<void> {
  if (!(await canBeRoot(runtime))) {
    throw new Failure(
      'Cannot create /nix: this user is not root and has no passwordless sudo. ' +
        `Before this step, run as root: mkdir /nix && chown ${owner} /nix`,
    );
  }
  try {
    await runAsRoot(['mkdir', '-p', nixDirectory], runtime);
    await runAsRoot(['chown', owner, nixDirectory], runtime);
  } catch (cause) {
    throw new Failure(
      `Cannot create /nix: ${messageOf(cause)} If / is read-only, mount a writable file system at /nix before this ` +
        'step (in a container: a volume)',
      { cause },
    );
  }
}

/** A new ext4 file system contains it. */
const isOfFileSystem = (name: string) => name === 'lost+found';

async function findUnwritable() {
  for (const path of [nixDirectory, storeDirectory, '/nix/var', stateDirectory]) {
    const cause = await findRefusal(path);
    if (cause === undefined) continue;
    // Root cannot write to a read-only file system (EROFS) either.
    const mayBeEmpty = hasCode(cause, 'EACCES') && path === nixDirectory;
    return { path, cause, isEmpty: mayBeEmpty && (await readdir(path)).every(isOfFileSystem) };
  }
  return undefined;
}

/** Why this user may not write to a directory; undefined if it may, or if there is none. */
export async function findRefusal(path: string): Promise<unknown> {
  try {
    await access(path, constants.W_OK);
    return undefined;
  } catch (error) {
    return hasCode(error, 'ENOENT') ? undefined : error;
  }
}
