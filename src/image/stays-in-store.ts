import { realpathSync } from 'node:fs';
import { hasCode } from '../lib/failure.ts';
import { isInStore } from '../store-path.ts';

/** Whether a path is still in the store after all its symlinks are followed; false if it does not exist. */
export function staysInStore(path: string, store: string): boolean {
  try {
    return isInStore(realpathSync(path), realpathSync(store));
  } catch (cause) {
    if (hasCode(cause, 'ENOENT', 'ENOTDIR')) return false;
    throw cause;
  }
}
