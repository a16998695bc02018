import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

type Row = Readonly<Record<string, unknown>> | undefined;

/** The row that `query` finds for each path. */
function readRows({ env }: NixProgram, query: string, paths: readonly string[]): readonly Row[] | undefined {
  if (!hasQuietSqlite()) return undefined;
  if (!['', 'auto', 'daemon', 'local'].includes(env.NIX_REMOTE ?? '')) return undefined;
  const directory = join(env.NIX_STATE_DIR || '/nix/var/nix', 'db');
  try {
    if (readFileSync(join(directory, 'schema'), 'utf8').trim() !== knownSchema) return undefined;
    return queryRows(join(directory, 'db.sqlite'), query, paths);
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

function queryRows(file: string, query: string, paths: readonly string[]): readonly Row[] {
  // Loaded on demand: most kinds of images need no hashes.
  const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const statement = database.prepare(query);
    return paths.map(path => statement.get(path));
  } finally {
    database.close();
  }
}
