import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../lib/failure.ts';
import type { Runtime } from '../runtime.ts';
import { nixDirectory } from './nix-directory.ts';

const prefix = '.nix-image-action-';
/** Milliseconds; no installation takes a day. */
const staleAge = 24 * 60 * 60 * 1000;

/** Makes a directory on the store's file system, for store paths on their way there; it is the caller's to remove. */
export function makeUnpackDirectory(): Promise<string> {
  return mkdtemp(join(nixDirectory, prefix));
}

/** Removes store paths, or directories of such, that nothing is registered of. */
export async function removeUnpacked(directory: string, runtime: Runtime): Promise<void> {
  await runtime.exec('chmod', ['-R', 'u+w', directory], { env: runtime.env });
  await rm(directory, { recursive: true, force: true });
}

/**
 * Removes what runs that were killed have left. Whether the run of a directory is alive cannot be asked where machines of
 * several process tables share /nix, so it is told by age.
 */
export async function removeStale(runtime: Runtime): Promise<void> {
  try {
    for (const name of await readdir(nixDirectory)) {
      const path = join(nixDirectory, name);
      if (!name.startsWith(prefix) || runtime.now() - (await stat(path)).mtimeMs < staleAge) continue;
      await removeUnpacked(path, runtime);
      runtime.log.info(`Removed ${path}, left behind by an interrupted run`);
    }
  } catch (error) {
    runtime.log.debug(`Cannot remove stale directories in ${nixDirectory}: ${messageOf(error)}`);
  }
}
