import { chmodSync, lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes a file or a directory, if it is there, with all below it. Its directories may be read-only, as those of a
 * store are.
 */
export function removeTree(path: string): void {
  const openUp = (directory: string) => {
    chmodSync(directory, 0o755);
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) openUp(join(directory, entry.name));
    }
  };
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) openUp(path);
  rmSync(path, { recursive: true, force: true });
}
