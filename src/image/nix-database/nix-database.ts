import { type SchemaEntry, sqliteFile } from './sqlite-file.ts';

/** A store path as Nix registers it. */
export interface ValidPath {
  readonly path: string;
  /** `sha256:` and 64 hex digits. */
  readonly narHash: string;
  /** Bytes. */
  readonly narSize: number;
  /** Store paths, all of them registered too. */
  readonly references: readonly string[];
}

/** The version of the schema, which Nix reads from the file next to the database. In use since Nix 2.0. */
export const databaseSchema = '10';

/** One second after the epoch, like the files of the store. */
const registrationTime = 1;

/**
 * Nix's database (`/nix/var/nix/db/db.sqlite`) in which exactly these paths are valid. It has the rows that
 * `nix-store --load-db` makes, in the order of the paths, and the same bytes whatever Nix and SQLite the machine has.
 */
export function nixDatabase(paths: readonly ValidPath[]): Buffer {
  const sorted = paths.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const idOf = new Map(sorted.map(({ path }, i) => [path, i + 1]));
  const refs = sorted.flatMap(({ references }, i) =>
    ascending(references.map(to => [idOf.get(to) as number])).map(([to]) => [i + 1, to as number] as const),
  );
  const byRowid = (column: 0 | 1) => ascending(refs.map((ref, i) => [ref[column], i + 1]));
  return sqliteFile([
    table('ValidPaths', validPaths, {
      rows: sorted.map(({ path, narHash, narSize }) => {
        return [null, path, narHash, registrationTime, null, narSize, null, null, null];
      }),
    }),
    constraint('ValidPaths', { entries: sorted.map(({ path }, i) => [path, i + 1]) }),
    table('sqlite_sequence', '(name,seq)', { rows: [['ValidPaths', sorted.length]] }),
    table('Refs', referrers, { rows: refs }),
    constraint('Refs', { entries: refs.map(([from, to], i) => [from, to, i + 1]) }),
    index('IndexReferrer', 'Refs', 'referrer', { entries: byRowid(0) }),
    index('IndexReference', 'Refs', 'reference', { entries: byRowid(1) }),
    { type: 'trigger', name: 'DeleteSelfRefs', table: 'ValidPaths', sql: deleteSelfRefs },
    table('DerivationOutputs', derivationOutputs, { rows: [] }),
    constraint('DerivationOutputs', { entries: [] }),
    index('IndexDerivationOutputs', 'DerivationOutputs', 'path', { entries: [] }),
  ]);
}

const validPaths =
  '(id integer primary key autoincrement not null, path text unique not null, hash text not null, ' +
  'registrationTime integer not null, deriver text, narSize integer, ultimate integer, sigs text, ca text)';

// A reference must exist as long as something else refers to it.
const referrers =
  '(referrer integer not null, reference integer not null, primary key (referrer, reference), ' +
  'foreign key (referrer) references ValidPaths(id) on delete cascade, ' +
  'foreign key (reference) references ValidPaths(id) on delete restrict)';

// A path that refers to itself could not be deleted otherwise.
const deleteSelfRefs =
  'CREATE TRIGGER DeleteSelfRefs before delete on ValidPaths ' +
  'begin delete from Refs where referrer = old.id and reference = old.id; end';

const derivationOutputs =
  '(drv integer not null, id text not null, path text not null, primary key (drv, id), ' +
  'foreign key (drv) references ValidPaths(id) on delete cascade)';

type Content = NonNullable<SchemaEntry['content']>;

function table(name: string, columns: string, content: Content): SchemaEntry {
  return { type: 'table', name, table: name, sql: `CREATE TABLE ${name}${columns}`, content };
}

function index(name: string, of: string, column: string, content: Content): SchemaEntry {
  return { type: 'index', name, table: of, sql: `CREATE INDEX ${name} on ${of}(${column})`, content };
}

/** The index that SQLite itself makes for a constraint. */
function constraint(of: string, content: Content): SchemaEntry {
  return { type: 'index', name: `sqlite_autoindex_${of}_1`, table: of, sql: null, content };
}

function ascending(tuples: readonly (readonly number[])[]): readonly (readonly number[])[] {
  return tuples.toSorted(([a = 0, b = 0], [c = 0, d = 0]) => a - c || b - d);
}
