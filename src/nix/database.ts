import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { stateDirectoryOf } from './nix-directory.ts';
import type { NixProgram } from './toolchain.ts';

/** The only known schema version, in use since Nix 2.0. */
const knownSchema = '10';

/**
 * The NAR hashes of store paths according to Nix's own database, `sha256:` and 64 hex digits, in the given order:
 * twenty times faster than starting a program that reads it. Undefined if the store is another one, the database is
 * unreadable or has another layout, or lacks a path; then `nix-store` decides.
 */
export function readHashesInDatabase(nix: NixProgram, paths: readonly string[]): readonly string[] | undefined {
  const rows = readRows(nix, 'SELECT hash FROM ValidPaths WHERE path = ?', paths);
  const hashes = rows?.map(row => String(row?.hash ?? ''));
  return hashes?.includes('') ? undefined : hashes;
}

/** The sizes of NARs according to Nix's own database, in bytes and in the given order; undefined as for hashes. */
export function readSizesInDatabase(nix: NixProgram, paths: readonly string[]): readonly number[] | undefined {
  const rows = readRows(nix, 'SELECT narSize FROM ValidPaths WHERE path = ?', paths);
  const sizes = rows?.map(row => Number(row?.narSize ?? 0));
  return sizes?.includes(0) ? undefined : sizes;
}

/** All valid store paths according to Nix's own database; undefined as for hashes. */
export function readValidInDatabase(nix: NixProgram): readonly string[] | undefined {
  return readDatabase(nix, database => database.prepare('SELECT path FROM ValidPaths').all())?.map(({ path }) =>
    String(path),
  );
}

const mostLargest = 5;

/** Bytes of all NARs in the store, and its largest store paths, by Nix's own database; undefined as for hashes. */
export function readLargestInDatabase(nix: NixProgram) {
  const rows = readDatabase(nix, database => [
    database.prepare('SELECT sum(narSize) AS total FROM ValidPaths').get(),
    ...database.prepare(`SELECT path, narSize FROM ValidPaths ORDER BY narSize DESC LIMIT ${mostLargest}`).all(),
  ]);
  if (rows === undefined) return undefined;
  const [sum, ...largest] = rows;
  return {
    total: Number(sum?.total ?? 0),
    largest: largest.map(row => ({ path: String(row?.path), narSize: Number(row?.narSize ?? 0) })),
  };
}

/** A row of `ValidPaths` with what it refers to. */
export interface RegisteredPath {
  readonly path: string;
  /** `sha256:` and 64 hex digits. */
  readonly hash: string;
  /** Bytes. */
  readonly narSize: number;
  readonly deriver: string | undefined;
  readonly references: readonly string[];
}

const referencesOf = 'SELECT path FROM Refs JOIN ValidPaths ON id = reference WHERE referrer = ?';

/** What the database says about those of these store paths that are valid; undefined if it cannot be read. */
export function readRegisteredInDatabase(
  nix: NixProgram,
  paths: readonly string[],
): readonly RegisteredPath[] | undefined {
  return readDatabase(nix, database => {
    const find = database.prepare('SELECT id, hash, narSize, deriver FROM ValidPaths WHERE path = ?');
    const refer = database.prepare(referencesOf);
    return paths.flatMap(path => {
      const row = find.get(path);
      if (row === undefined) return [];
      return {
        path,
        hash: String(row.hash),
        narSize: Number(row.narSize ?? 0),
        deriver: row.deriver ? String(row.deriver) : undefined,
        references: refer.all(Number(row.id)).map(one => String(one.path)),
      };
    });
  });
}

/**
 * The store paths that a derivation makes, and the derivations and files that it uses; undefined if it is not in the
 * store.
 */
export type BuildGraph = (
  derivation: string,
) => { readonly outputs: readonly string[]; readonly inputs: readonly string[] } | undefined;

/** Gives `use` the graph of all derivations in the store; undefined if the database cannot be read. */
export function withBuildGraph<T>(nix: NixProgram, use: (graph: BuildGraph) => T): T | undefined {
  return readDatabase(nix, database => {
    const find = database.prepare('SELECT id FROM ValidPaths WHERE path = ?');
    const make = database.prepare('SELECT path FROM DerivationOutputs WHERE drv = ?');
    const refer = database.prepare(referencesOf);
    return use(path => {
      const id = find.get(path)?.id;
      if (id === undefined) return undefined;
      const listed = (rows: typeof make) => rows.all(Number(id)).map(row => String(row.path));
      return { outputs: listed(make), inputs: listed(refer) };
    });
  });
}

/** The row that `query` finds for each path. */
function readRows(nix: NixProgram, query: string, paths: readonly string[]) {
  return readDatabase(nix, database => {
    const statement = database.prepare(query);
    return paths.map(path => statement.get(path));
  });
}

function readDatabase<T>({ env }: NixProgram, read: (database: DatabaseSync) => T): T | undefined {
  if (!hasQuietSqlite()) return undefined;
  if (!['', 'auto', 'daemon', 'local'].includes(env.NIX_REMOTE ?? '')) return undefined;
  const directory = join(stateDirectoryOf(env), 'db');
  try {
    if (readFileSync(join(directory, 'schema'), 'utf8').trim() !== knownSchema) return undefined;
    return inDatabase(join(directory, 'db.sqlite'), read);
  } catch {
    return undefined;
  }
}

/** Before Node 24.15 node:sqlite is missing, or prints a warning at each use. */
function hasQuietSqlite(): boolean {
  // Compared by hand, since a push of known layers would load semver only for this.
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major > 24 || (major === 24 && minor >= 15);
}

function inDatabase<T>(file: string, read: (database: DatabaseSync) => T): T {
  // Loaded where it is used: most kinds of images need no hashes.
  const sqlite = process.getBuiltinModule('node:sqlite');
  const database = new sqlite.DatabaseSync(file, { readOnly: true });
  try {
    return read(database);
  } finally {
    database.close();
  }
}
