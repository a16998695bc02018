import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../test/support/run.ts';

/** Options for the commands of `nix` that are experimental. */
export const nixCommand = ['--extra-experimental-features', 'nix-command'];

/** The command in a mount namespace where /nix is the directory `nix`. */
export function inStore(nix: string, command: readonly string[]): readonly string[] {
  return ['unshare', '--mount', 'sh', '-euc', 'mount --bind "$1" /nix; shift; exec "$@"', 'sh', nix, ...command];
}

/** Removes a directory whose files may be read-only. */
export async function removeStore(path: string): Promise<void> {
  await run('chmod', ['-R', 'u+w', path]);
  await rm(path, { recursive: true });
}

/** Bytes of a file, or of all files in a directory. */
export async function sizeOf(path: string): Promise<number> {
  const stats = await lstat(path);
  if (!stats.isDirectory()) return stats.size;
  const sizes = await Promise.all((await readdir(path)).map(name => sizeOf(join(path, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}
