import { realpathSync } from 'node:fs';
import { hasCode } from '../lib/failure.ts';

/** Nix's name of a store path: hash and name, never `.` or `..`. nix.dev, "Store Path" */
const name = /^[0-9a-z]{32}-[0-9a-zA-Z+\-._?=]+$/;

/** The directory of the store, as Nix finds it in this environment. */
export function storeDirectoryOf(env: Readonly<Record<string, string | undefined>>): string {
  return env.NIX_STORE_DIR || '/nix/store';
}

/** Whether the path is a store path itself, by its text. */
export function isStorePath(path: string, store: string): boolean {
  return path.startsWith(`${store}/`) && name.test(path.slice(store.length + 1));
}

/** Whether the path is a store path or a file below one, by its text. */
export function isInStore(path: string, store: string): boolean {
  if (!path.startsWith(`${store}/`)) return false;
  const [first = '', ...below] = path.slice(store.length + 1).split('/');
  return name.test(first) && !below.some(part => /^\.{0,2}$/.test(part));
}

/** Whether all symlinks on the way to a file that is there end in the same store. */
export function staysInStore(path: string, store: string): boolean {
  try {
    return isInStore(realpathSync(path), realpathSync(store));
  } catch (cause) {
    if (hasCode(cause, 'ENOENT', 'ENOTDIR')) return false;
    throw cause;
  }
}
