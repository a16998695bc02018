import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the Debian packages that test/nixpkgs makes store paths of are unpacked, each below `trees`. */
export const debianDirectory = fileURLToPath(new URL('../../.cache/debian-trees', import.meta.url));

/** The directory of each unpacked package by its name: `{ "zlib1g": "/…/trees/zlib1g_1%3a1.2.13_amd64.deb" }`. Empty before. */
export async function readDebianTrees(): Promise<Readonly<Record<string, string>>> {
  const trees = join(debianDirectory, 'trees');
  const names = (await readdir(trees).catch(() => [])).toSorted();
  return Object.fromEntries(names.map(name => [name.split('_', 1)[0], join(trees, name)]));
}
