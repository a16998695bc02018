// Pure text functions, so every room may use them. nix.dev/manual/nix/latest/store/store-path

/** The store that Nix uses unless told otherwise, and the only one that an entry of the store cache holds. */
export const storeDirectory = '/nix/store';

/** Matches the hash of a store path. Nix's base 32 has no e, o, t and u, which Nix itself checks. */
export const storeHash = '[0-9a-z]{32}';

const pathBeforeName = new RegExp(`^.*/${storeHash}-`);
const baseNamePattern = new RegExp(`^${storeHash}-(?!\\.{1,2}(?:-|$))[\\w+.?=-]{1,211}$`);

/** The directory of the store that Nix uses in this environment. */
export function storeDirectoryOf(env: Readonly<Record<string, string | undefined>>): string {
  return env.NIX_STORE_DIR || storeDirectory;
}

/** Whether a value is a store path: a hash and a name directly below the directory of the store. */
export function isStorePath(path: unknown, store = storeDirectory): path is string {
  return typeof path === 'string' && path.startsWith(`${store}/`) && baseNamePattern.test(path.slice(store.length + 1));
}

/** Whether the path is a store path or a file below one. Symlinks are not followed. */
export function isInStore(path: string, store = storeDirectory): boolean {
  if (!path.startsWith(`${store}/`)) return false;
  const [first = '', ...below] = path.slice(store.length + 1).split('/');
  return baseNamePattern.test(first) && !below.some(part => /^\.{0,2}$/.test(part));
}

/** `hello-2.12` of `/nix/store/HASH-hello-2.12.drv` and of `/nix/store/HASH-hello-2.12`. */
export function storePathName(path: string): string {
  return path.replace(pathBeforeName, '').replace(/\.drv$/, '');
}

/** A package as people name it; the version is '' if the name has none. */
export interface PackageName {
  readonly name: string;
  readonly version: string;
}

/**
 * Name and version of the package in a store path, or in a name without its hash. As in Nix, the version starts at the
 * first dash that no letter follows; the name of an output (`-bin`) may end it. Nix manual, `builtins.parseDrvName`,
 * and `nix store diff-closures`.
 */
export function parsePackageName(path: string): PackageName {
  const text = storePathName(path);
  const dash = text.search(/-[^A-Za-z]/);
  if (dash < 1) return { name: text, version: '' };
  return { name: text.slice(0, dash), version: text.slice(dash + 1).replace(/(?<=.)-([a-z]+|lib32|lib64)$/, '') };
}
