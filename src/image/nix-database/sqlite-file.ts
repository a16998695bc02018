import { type ByteString, bytesOf } from '../../tar/byte-string.ts';

/**
 * Writes SQLite databases (https://sqlite.org/fileformat2.html). SQLite itself would not do: its bytes depend on its
 * version, on the order of the inserts and on how often the file was changed.
 */

/** A column of a row. Integers are not negative and less than 2^47. */
type Value = string | number | null;

/** A table, by its rowids in ascending order. A column that is the rowid itself is null in the row. */
interface Table {
  readonly rows: readonly (readonly Value[])[];
}

/** An index: the columns and the rowid of each entry, sorted. An entry has at most 1002 bytes. */
interface Index {
  readonly entries: readonly (readonly Value[])[];
}

/** An entry of the schema, in the order of its creation. */
export interface SchemaEntry {
  readonly type: 'table' | 'index' | 'trigger';
  readonly name: string;
  readonly table: string;
  /** Null for the index of a constraint. */
  readonly sql: string | null;
  /** Undefined for a trigger. */
  readonly content?: Table | Index;
}

const pageSize = 4096;
const headerSize = 100;
/** Nix opens its databases in this mode; in another one, it would lock the database to change the mode. */
const writeAheadLog = 2;
const writtenBy = 3_007_000;

/** Types of pages, section 1.6. */
const pageTypes = { table: { inner: 5, leaf: 13 }, index: { inner: 2, leaf: 10 } } as const;

/** The bytes of a database with this schema and content. The same values give the same bytes. */
export function sqliteFile(schema: readonly SchemaEntry[]): Buffer {
  const pages: Buffer[] = [Buffer.alloc(pageSize)];
  const rows = schema.map(({ type, name, table, sql, content }) => {
    const root = content === undefined ? 0 : writeTree(content, pages);
    return [type, name, table, root, sql];
  });
  const first = pageOf({ type: pageTypes.table.leaf, cells: rows.map((row, i) => rowCell(i + 1, row)) }, headerSize);
  writeHeader(first, pages.length);
  pages[0] = first;
  return Buffer.concat(pages);
}

/** Section 1.3. */
function writeHeader(page: Buffer, pageCount: number): void {
  page.write('SQLite format 3\0', 0, 'latin1');
  page.writeUInt16BE(pageSize, 16);
  page.set([writeAheadLog, writeAheadLog, 0, 64, 32, 32], 18);
  const changes = 1;
  for (const [at, value] of [
    [24, changes],
    [28, pageCount],
    [40, 1], // the cookie of the schema
    [44, 4], // the format of the schema
    [56, 1], // UTF-8
    [92, changes],
    [96, writtenBy],
  ] as const) {
    page.writeUInt32BE(value, at);
  }
}

interface Page {
  readonly type: number;
  readonly cells: readonly ByteString[];
  /** The rightmost child of an inner page. */
  readonly last?: number;
}

function pageOf({ type, cells, last }: Page, start = 0): Buffer {
  const page = Buffer.alloc(pageSize);
  const length = last === undefined ? 8 : 12;
  if (last !== undefined) page.writeUInt32BE(last, start + 8);
  let end = pageSize;
  for (const [i, cell] of cells.entries()) {
    end -= cell.length;
    page.write(cell, end, 'latin1');
    page.writeUInt16BE(end, start + length + 2 * i);
  }
  if (start + length + 2 * cells.length > end) throw new TypeError('Too many cells for a page of a database.');
  page[start] = type;
  page.writeUInt16BE(cells.length, start + 3);
  page.writeUInt16BE(end, start + 5);
  return page;
}

/** Appends the pages of a b-tree and returns the number of its root, section 1.6. */
function writeTree(content: Table | Index, pages: Buffer[]): number {
  const add = (page: Page) => pages.push(pageOf(page));
  return 'rows' in content ? writeTable(content, add) : writeIndex(content, add);
}

type AddPage = (page: Page) => number;

interface TableChild {
  readonly page: number;
  readonly largestRowid: number;
}

function writeTable({ rows }: Table, add: AddPage): number {
  const { leaf, inner } = pageTypes.table;
  let rowid = 0;
  const leaves = inPages(rows.map((row, i) => rowCell(i + 1, row)));
  let level = leaves.map((cells): TableChild => {
    rowid += cells.length;
    return { page: add({ type: leaf, cells }), largestRowid: rowid };
  });
  while (level.length > 1) {
    level = evenly(level, mostChildren).map(children => {
      const last = children.at(-1) as TableChild;
      const cells = children.slice(0, -1).map(({ page, largestRowid }) => bigEndian(page, 4) + varint(largestRowid));
      return { page: add({ type: inner, cells, last: last.page }), largestRowid: last.largestRowid };
    });
  }
  return (level[0] as TableChild).page;
}

/** A cell of an inner page of a table has at most 4 + 5 bytes and 2 for its position. */
const mostChildren = Math.floor((pageSize - 12) / 11);

/** Divides a list into parts of nearly the same length, so that no inner page has a single child. */
function evenly<T>(list: readonly T[], most: number): T[][] {
  const count = Math.ceil(list.length / most);
  const start = (i: number) => Math.floor((i * list.length) / count);
  return Array.from({ length: count }, (_, i) => list.slice(start(i), start(i + 1)));
}

/** Cells distributed over pages; one empty page if there are none. */
function inPages(cells: readonly ByteString[]): ByteString[][] {
  const pages: ByteString[][] = [[]];
  let left = pageSize - 8;
  for (const cell of cells) {
    if (cell.length + 2 > left) {
      pages.push([]);
      left = pageSize - 8;
    }
    left -= cell.length + 2;
    pages.at(-1)?.push(cell);
  }
  return pages;
}

/** An entry of an index on one of its levels, with the page of the entries before it. */
interface IndexItem {
  readonly entry: ByteString;
  readonly before: number | undefined;
}

function writeIndex({ entries }: Index, add: AddPage): number {
  let items: readonly IndexItem[] = entries.map(entry => ({ entry: entryCell(entry), before: undefined }));
  let last: number | undefined;
  for (;;) {
    const { parts, between } = withEntriesBetween(items);
    const type = last === undefined ? pageTypes.index.leaf : pageTypes.index.inner;
    const numbers = parts.map((part, i) => {
      // The rightmost child of a part is what comes before the entry that follows it.
      const rightmost = i < between.length ? between[i]?.before : last;
      return add({ type, cells: part.map(cellOf), ...(rightmost === undefined ? {} : { last: rightmost }) });
    });
    last = numbers.at(-1) as number;
    if (between.length === 0) return last;
    items = between.map(({ entry }, i) => ({ entry, before: numbers[i] }));
  }
}

function cellOf({ entry, before }: IndexItem): ByteString {
  return before === undefined ? entry : bigEndian(before, 4) + entry;
}

/**
 * Distributes items over pages; one item between two pages goes to the level above. No page is empty but a single one.
 */
function withEntriesBetween(items: readonly IndexItem[]) {
  const parts: IndexItem[][] = [[]];
  const between: IndexItem[] = [];
  let left = pageSize - 12;
  for (const item of items) {
    const size = cellOf(item).length + 2;
    if (size <= left) {
      left -= size;
      parts.at(-1)?.push(item);
    } else {
      between.push(item);
      parts.push([]);
      left = pageSize - 12;
    }
  }
  if (between.length > 0 && parts.at(-1)?.length === 0) {
    parts.at(-1)?.push(between.pop() as IndexItem);
    between.push(parts.at(-2)?.pop() as IndexItem);
  }
  return { parts, between };
}

function rowCell(rowid: number, row: readonly Value[]): ByteString {
  const record = recordOf(row);
  return varint(record.length) + varint(rowid) + record;
}

/** The largest part of an entry that a page holds, section 1.6: a longer one would need another page. */
const longestEntry = 1002;

function entryCell(entry: readonly Value[]): ByteString {
  const record = recordOf(entry);
  if (record.length > longestEntry) throw new TypeError(`An entry of an index has ${record.length} bytes.`);
  return varint(record.length) + record;
}

/** Section 2.1. */
function recordOf(values: readonly Value[]): ByteString {
  let types = '';
  let content = '';
  for (const value of values) {
    const { type, bytes } = columnOf(value);
    types += varint(type);
    content += bytes;
  }
  // The size of the header includes itself; no record here has more than 60 columns.
  return varint(types.length + 1) + types + content;
}

function columnOf(value: Value): { readonly type: number; readonly bytes: ByteString } {
  if (value === null) return { type: 0, bytes: '' };
  if (typeof value === 'number') return integerOf(value);
  const bytes = bytesOf(value);
  return { type: 13 + 2 * bytes.length, bytes };
}

/** Integers have 1, 2, 3, 4 or 6 bytes, types 1 to 5, and 0 and 1 have none, types 8 and 9. */
function integerOf(value: number): { readonly type: number; readonly bytes: ByteString } {
  if (value < 2) return { type: 8 + value, bytes: '' };
  const lengths = [1, 2, 3, 4, 6];
  const type = lengths.findIndex(length => value < 2 ** (8 * length - 1)) + 1;
  return { type, bytes: bigEndian(value, lengths[type - 1] as number) };
}

/** Big-endian groups of 7 bits; all but the last have their highest bit set. */
function varint(value: number): ByteString {
  let bytes = String.fromCharCode(value % 128);
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    bytes = String.fromCharCode(128 + (rest % 128)) + bytes;
  }
  return bytes;
}

function bigEndian(value: number, length: number): ByteString {
  let bytes = '';
  for (let i = length - 1; i >= 0; i--) bytes += String.fromCharCode(Math.floor(value / 256 ** i) % 256);
  return bytes;
}
