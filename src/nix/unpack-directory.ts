import { mkdtemp, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../lib/failure.ts';
import { removeTree } from '../lib/remove-tree.ts';
import type { Runtime } from '../runtime.ts';
import { nixDirectory } from './nix-directory.ts';

const prefix = '.nix-image-action-';
/** Milliseconds; no installation takes a day. */
const staleAge = 24 * 60 * 60 * 1000;

/** Creates a directory on the store's file system to unpack store paths into; the caller removes it. */
export function makeUnpackDirectory(): Promise<string> {
  return mkdtemp(join(nixDirectory, prefix));
}

/**
 * Removes directories of killed runs. If several containers share /nix, a run's process may be invisible here, so the
 * age of the directory decides.
 */
export async function removeStale(runtime: Runtime): Promise<void> {
  try {
    for (const name of await readdir(nixDirectory)) {
      const path = join(nixDirectory, name);
      if (!name.startsWith(prefix) || runtime.now() - (await stat(path)).mtimeMs < staleAge) continue;
      removeTree(path);
      runtime.log.info(`Removed ${path}, left behind by an interrupted run`);
    }
  } catch (error) {
    runtime.log.debug(`Cannot remove stale directories in ${nixDirectory}: ${messageOf(error)}`);
  }
}
