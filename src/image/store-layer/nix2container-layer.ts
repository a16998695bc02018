import { posix } from 'node:path';
import { Failure } from '../../lib/failure.ts';
import type { LayerReadOptions } from '../../oci/image.ts';
import { isStorePath } from '../../store-path.ts';
import { type ByteString, bytesOf, textOf } from '../../tar/byte-string.ts';
import { goTar } from '../../tar/go-tar.ts';
import type { TarEntry } from '../../tar/write-entry.ts';
import { type GoRegex, loadGoRegex, type ParseGoRegex } from './go-regex.ts';
import { type LayerEntry, packFiles } from './pack-files.ts';
import { type Locate, readTarget, type StoreFile, walkFiles } from './walk-files.ts';

/** Ownership and mode of the files whose store path matches. */
interface Nix2containerPerm {
  /** Go regular expression, matched anywhere in the path. */
  readonly regex: string;
  /** Octal digits; empty keeps the mode. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  /** Empty keeps the name, as for `gname`. */
  readonly uname: string;
  readonly gname: string;
}

/** An item of `layers[].paths` in the JSON of nix2container. */
export interface Nix2containerPath {
  readonly path: string;
  readonly options?:
    | {
        /** Go regular expression on the store path, and the replacement of its matches. */
        readonly rewrite?: { readonly regex: string; readonly repl: string } | undefined;
        readonly perms?: readonly Nix2containerPerm[];
      }
    | undefined;
}

/** The store paths that are whole, and in their place, in a layer of these items. */
export function wholePaths(paths: readonly Nix2containerPath[], store: string): string[] {
  const isWhole = ({ path, options }: Nix2containerPath) => options?.rewrite === undefined && isStorePath(path, store);
  return paths.filter(isWhole).map(({ path }) => path);
}

/** Differences between versions of nix2container. */
export interface Nix2containerVersion {
  /** Time of all entries, in Unix seconds: 0 until July 2024, including release 1.0.0. */
  readonly mtime: 0 | 1;
  /** The field of a perm with the group's name: until November 2024 it was the user's, by mistake. */
  readonly groupName: 'gname' | 'uname';
}

export const newestVersion: Nix2containerVersion = { mtime: 1, groupName: 'gname' };

interface Perm {
  readonly regex: GoRegex;
  readonly fields: Partial<Pick<TarEntry, 'mode' | 'uid' | 'gid' | 'uname' | 'gname'>>;
}

/** The rules for every file of one store path. */
interface Rules {
  readonly rewrite: (path: ByteString) => ByteString;
  readonly perms: readonly Perm[];
  /** The perms as text, to compare them. */
  readonly permsText: string;
  readonly hasOptions: boolean;
}

/** A name in the layer; no `file` if only paths below it were supplied. */
interface Node {
  file?: StoreFile;
  rules?: Rules;
  children?: Map<ByteString, Node>;
}

/**
 * The uncompressed tar of a layer, byte for byte as nix2container writes it (`nix/graph.go` and `nix/tar.go` there). A
 * Failure if a path cannot be read or changes meanwhile, or if two paths disagree about a file.
 */
export async function* openNix2containerLayer(
  paths: readonly Nix2containerPath[],
  locate: Locate = path => path,
  {
    version = newestVersion,
    options,
  }: { readonly version?: Nix2containerVersion; readonly options?: LayerReadOptions | undefined } = {},
): AsyncGenerator<Uint8Array, void> {
  const rules = await Promise.all(paths.map(({ options }) => parseRules(options, version)));
  const tree = makeTree(paths, rules, locate);
  yield* packFiles(entriesBelow(tree, { directory: '', mtime: version.mtime }), goTar, options);
}

function makeTree(paths: readonly Nix2containerPath[], rulesOfPaths: readonly Rules[], locate: Locate): Node {
  const root: Node = {};
  for (const [i, { path }] of paths.entries()) {
    const rules = rulesOfPaths[i] ?? plainRules;
    for (const file of walkFiles(path, locate)) {
      const name = rules.rewrite(file.path);
      if (name !== '') addFile(nodeAt(root, name), { file, rules, name });
    }
  }
  return root;
}

/** The names that a layer of these paths has directly below a directory. A Failure as for `openNix2containerLayer`. */
export async function namesBelow(
  directory: string,
  paths: readonly Nix2containerPath[],
  locate: Locate,
): Promise<readonly string[]> {
  const rules = await Promise.all(paths.map(({ options }) => parseRules(options)));
  const node = nodeAt(makeTree(paths, rules, locate), bytesOf(directory));
  return [...(node.children?.keys() ?? [])].map(textOf);
}

/** A Failure if these options of a path are not supported. */
export async function checkPathOptions(options: Nix2containerPath['options']): Promise<void> {
  await parseRules(options);
}

const plainRules: Rules = { rewrite: path => path, perms: [], permsText: '[]', hasOptions: false };

async function parseRules(
  options: Nix2containerPath['options'],
  { groupName }: Nix2containerVersion = newestVersion,
): Promise<Rules> {
  if (options === undefined) return plainRules;
  const { rewrite, perms = [] } = options;
  const parseRegex = await loadGoRegex();
  return {
    rewrite: parseRewrite(rewrite, parseRegex),
    perms: perms.map(perm => parsePerm(perm, parseRegex, groupName)),
    permsText: JSON.stringify(perms),
    hasOptions: true,
  };
}

function parseRewrite(
  rewrite: { regex: string; repl: string } = { regex: '', repl: '' },
  parseRegex: ParseGoRegex,
): Rules['rewrite'] {
  if (rewrite.regex === '') return path => path;
  const regex = parseRegex(rewrite.regex);
  return path => regex.replaceAll(path, rewrite.repl);
}

function parsePerm(
  perm: Nix2containerPerm,
  parseRegex: ParseGoRegex,
  groupName: Nix2containerVersion['groupName'],
): Perm {
  const { regex, mode, uid, gid, uname, gname } = perm;
  if (!/^[0-7]{0,7}$/.test(mode)) {
    throw new Failure(`Cannot use the nix2container mode "${mode}". Write octal digits, as in "0755".`);
  }
  const owner = {
    uid,
    gid,
    ...(uname && { uname: bytesOf(uname) }),
    ...(gname && { gname: bytesOf(perm[groupName]) }),
  };
  return { regex: parseRegex(regex), fields: { ...owner, ...(mode && { mode: Number.parseInt(mode, 8) }) } };
}

/** The node of a name, created if it is new. The root directory is the node '' below the tree's root. */
function nodeAt(root: Node, name: ByteString): Node {
  const clean = posix.normalize(name).replace(/\/$/, '');
  let node = root;
  for (const part of clean.split('/')) {
    node.children ??= new Map();
    const next = node.children.get(part) ?? {};
    node.children.set(part, next);
    node = next;
  }
  return node;
}

function addFile(node: Node, { file, rules, name }: { file: StoreFile; rules: Rules; name: ByteString }): void {
  const before = node.file;
  if (before !== undefined) {
    const isSame = before.type === file.type && before.mode === file.mode && before.size === file.size;
    const permsAgree = !node.rules?.hasOptions || node.rules.permsText === rules.permsText;
    if (!isSame || !permsAgree) {
      const both = `${textOf(before.path)} and ${textOf(file.path)}`;
      const difference = isSame ? 'perms' : 'mode or size';
      throw new Failure(`Cannot create a layer: ${both} both provide ${textOf(name)}, with different ${difference}.`);
    }
  }
  node.file = file;
  node.rules = rules;
}

function* entriesBelow(
  node: Node,
  { directory, mtime }: { directory: ByteString; mtime: number },
): Generator<LayerEntry, void> {
  const children = [...(node.children ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [part, child] of children) {
    const name = directory === '' ? part || '/' : posix.join(directory, part);
    yield entryOf(name, child, mtime);
    yield* entriesBelow(child, { directory: name, mtime });
  }
}

function entryOf(name: ByteString, { file, rules }: Node, mtime: number): LayerEntry {
  const root = { uid: 0, gid: 0, uname: 'root', gname: 'root', mtime, size: 0, linkname: '' };
  if (file === undefined) return { header: { name, type: 'directory', mode: 0o755, ...root } };
  const { type, size } = file;
  const isLink = type === 'symlink';
  // Symlinks have other modes on Darwin: https://github.com/nlewo/nix2container/issues/23
  const mode = isLink ? 0o777 : file.mode;
  const linkname = isLink ? readTarget(file) : '';
  const matching = rules?.perms.filter(({ regex }) => regex.matches(file.path)) ?? [];
  const changes = Object.assign({}, ...matching.map(({ fields }) => fields));
  return { header: { name, type, ...root, mode, size, linkname, ...changes }, file };
}
