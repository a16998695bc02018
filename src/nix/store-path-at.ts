import { realpath } from 'node:fs/promises';
import { isStorePath } from '../store-path.ts';

/** The store path that a path is, or that it links to, as `./result` does; undefined if it does neither. */
export async function storePathAt(path: string): Promise<string | undefined> {
  const target = await realpath(path).catch(() => path);
  return isStorePath(target) ? target : undefined;
}
