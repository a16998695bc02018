import { access, constants, readdir } from 'node:fs/promises';
import type { Host } from '../host.ts';
import { Failure, hasCode } from '../lib/failure.ts';
import { canBeRoot, runAsRoot } from './as-root.ts';
import { isThere } from './is-there.ts';

/** Where everything of Nix is. */
export const nixDirectory = '/nix';
/** Where its store paths are. */
export const storeDirectory = '/nix/store';
/** Where it keeps what it knows of them. */
export const stateDirectory = '/nix/var/nix';

/**
 * Makes sure that /nix is there and this user's to write. As root nothing is done but to make it, or to hand over an
 * empty one: what a foreign /nix holds may be in use. A Failure says what to do by hand.
 */
export async function prepareNixDirectory(host: Host): Promise<void> {
  const owner = `${process.getuid?.()}:${process.getgid?.()}`;
  if (!(await isThere(nixDirectory))) {
    if (!(await canBeRoot(host))) {
      throw new Failure(
        'Cannot create /nix: this user is not root and there is no sudo that asks for no password. ' +
          `Before this step, as root: mkdir /nix && chown ${owner} /nix`,
      );
    }
    await runAsRoot(['mkdir', '-p', nixDirectory], host);
    await runAsRoot(['chown', owner, nixDirectory], host);
  }
  const refused = await findUnwritable();
  if (refused === undefined) return;
  if (refused.isEmpty && (await canBeRoot(host))) return runAsRoot(['chown', owner, nixDirectory], host);
  throw new Failure(
    `Cannot install Nix: ${refused.path} is there and not writable. Before this step, as root: chown -R ${owner} /nix`,
    { cause: refused.cause },
  );
}

async function findUnwritable() {
  for (const path of [nixDirectory, storeDirectory, '/nix/var', stateDirectory]) {
    try {
      await access(path, constants.W_OK);
    } catch (cause) {
      if (hasCode(cause, 'ENOENT')) continue;
      // A read-only file system (EROFS) is no better for root.
      const isEmpty = hasCode(cause, 'EACCES') && path === nixDirectory && (await readdir(path)).length === 0;
      return { path, cause, isEmpty };
    }
  }
  return undefined;
}
