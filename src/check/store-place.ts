import { storeDirectory } from '../store-path.ts';

const prefix = `${storeDirectory}/`;

/** The path directly below the store that a path lies in, or is; undefined outside the store. */
export function storePathIn(path: string): string | undefined {
  if (!path.startsWith(prefix)) return undefined;
  const end = path.indexOf('/', prefix.length);
  return end < 0 ? path : path.slice(0, end);
}
