import { Failure } from '../../lib/failure.ts';
import { type ByteString, textOf } from '../../tar/byte-string.ts';
import type { StoreEntry, StoreTree } from './store-tree.ts';

/** A name of the root layer: a directory, a symlink to its absolute target, or a file with this content. */
export type RootEntry = Directory | { readonly link: ByteString } | { readonly text: string | Uint8Array };
export type Directory = Map<ByteString, RootEntry>;

/** Paths in the store that claim the same name. */
type PathsByName = Map<ByteString, ByteString[]>;

/**
 * Joins the directories of packages like `symlinkJoin`: directories are merged, everything else is a symlink into the
 * store. `claims` are the paths for each name at the root. If several packages meet, symlinks to directories are
 * followed. A Failure if two different files meet.
 */
export function linkTree(claims: PathsByName, tree: StoreTree): Directory {
  /** Where the union of some directories already is, so that links back to it, such as `sbin -> bin`, stay links. */
  const merged = new Map<string, ByteString>();

  function link(names: PathsByName, at: ByteString): Directory {
    tree.expectListed([...names.values()].flat());
    return new Map([...names].map(([name, paths]) => [name, linkName([...new Set(paths)], `${at}/${name}`)]));
  }

  function linkName(paths: readonly ByteString[], at: ByteString): RootEntry {
    const entries = paths.map(path => tree.find(path));
    const directories = entries.flatMap(entry => (entry?.type === 'directory' ? [entry] : []));
    const first = { link: paths[0] ?? '' };
    // A symlink to a directory that only one package has stays a symlink; other directories are real, so that files can
    // be added.
    const isLink = entries.length === 1 && entries[0]?.path !== first.link;
    if (directories.length === entries.length && !isLink) return linkDirectory(directories, at);
    const other = entries.findIndex((entry, i) => i > 0 && !isSameFile(entries[0], entry));
    if (other < 0) return first;
    const [one, two, shared] = [first.link, paths[other] ?? '', at].map(textOf);
    throw new Failure(
      `Cannot link ${one} and ${two}: both provide ${shared}, with different content. Remove one of them.`,
    );
  }

  function linkDirectory(directories: readonly StoreEntry[], at: ByteString): RootEntry {
    const key = [...new Set(directories.map(({ path }) => path))].join('\0');
    const sharedPath = merged.get(key);
    if (sharedPath !== undefined) return { link: sharedPath };
    merged.set(key, at);
    return link(pathsByName(directories, tree), at);
  }

  function isSameFile(a: StoreEntry | undefined, b: StoreEntry | undefined): boolean {
    if (a?.type !== 'file' || b?.type !== 'file') return false;
    if (a.path === b.path) return true;
    return a.isExecutable === b.isExecutable && a.size === b.size && tree.hash(a) === tree.hash(b);
  }

  return link(claims, '');
}

/** The names in directories, each with its paths. */
export function pathsByName(directories: readonly StoreEntry[], tree: StoreTree): PathsByName {
  const claims: PathsByName = new Map();
  for (const directory of directories) {
    for (const name of tree.list(directory)) {
      claims.set(name, [...(claims.get(name) ?? []), `${directory.path}/${name}`]);
    }
  }
  return claims;
}
