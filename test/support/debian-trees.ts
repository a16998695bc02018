import { cp, mkdir, mkdtemp, readdir, rename, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openNixVersions } from './nix-versions.ts';

/** Where the Debian packages that test/nixpkgs makes store paths of are unpacked, each below `trees`. */
export const debianDirectory = fileURLToPath(new URL('../../.cache/debian-trees', import.meta.url));

/** The directory of each unpacked package by its name: `{ "zlib1g": "/…/trees/zlib1g_1%3a1.2.13_amd64.deb" }`. Empty before. */
export async function readDebianTrees(): Promise<Readonly<Record<string, string>>> {
  const trees = join(debianDirectory, 'trees');
  const names = (await readdir(trees).catch(() => [])).toSorted();
  return Object.fromEntries(names.map(name => [name.split('_', 1)[0], join(trees, name)]));
}

/** A copy of test/nixpkgs that knows these trees, a newer Nix and Node, for `--override-input nixpkgs path:…`; the caller removes it. */
export async function copyNixpkgs(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'nixpkgs-'));
  await cp(fileURLToPath(new URL('../nixpkgs', import.meta.url)), directory, { recursive: true });
  await cp(fileURLToPath(new URL('../../examples/hello/program.nix', import.meta.url)), join(directory, 'hello.nix'));
  const [, nix = ''] = await openNixVersions();
  const trees = { ...(await readDebianTrees()), nix: dirname(dirname(nix)), nodejs: await linkNode() };
  await writeFile(join(directory, 'debian-trees.json'), JSON.stringify(trees));
  return directory;
}

/** The Node that runs the tests, as a tree whose name has its version. */
async function linkNode(): Promise<string> {
  const tree = join(dirname(debianDirectory), `nodejs_${process.versions.node}`);
  await mkdir(join(tree, 'usr/bin'), { recursive: true });
  const link = join(tree, `usr/bin/.${process.pid}`);
  await symlink(process.execPath, link);
  await rename(link, join(tree, 'usr/bin/node'));
  return tree;
}
