import { type ByteString, isAscii } from './byte-string.ts';
import { blockSize, paddedSize } from './read-header.ts';

/** One entry of a tar archive, without its content. POSIX pax, "ustar Interchange Format". */
export interface TarEntry {
  /** As it stands in the archive, a `/` at the end included where there is one. */
  readonly name: ByteString;
  readonly type: 'file' | 'symlink' | 'directory';
  /** Permission bits, setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content; 0 for all but files. */
  readonly size: number;
  /** Unix seconds. */
  readonly mtime: number;
  /** Target of a symlink, else empty. */
  readonly linkname: ByteString;
  readonly uname: ByteString;
  readonly gname: ByteString;
}

/** Key and value of a PAX extended header. */
type PaxRecord = readonly [key: string, value: ByteString];

/** What one tar writer does differently from another. */
export interface TarDialect {
  /** devmajor and devminor of entries that are no devices. */
  readonly device: string;
  /** The archive is filled up to a multiple of this many bytes. */
  readonly recordSize: number;
  /** Splits a name of more than 100 bytes at a `/`; undefined where the dialect or the name does not allow it. */
  splitName(name: ByteString): { prefix: ByteString; name: ByteString } | undefined;
  /** What the field of the main header holds of a string that may be too long for it or not ASCII. */
  fieldOf(value: ByteString, size: number): string;
  /** Name of the extended header of an entry. */
  paxName(name: ByteString): ByteString;
  /** The records to write for those that are needed, which come in the order path, linkpath, …, mtime. */
  paxRecords(needed: readonly PaxRecord[]): readonly PaxRecord[];
}

const typeFlags = { file: '0', symlink: '2', directory: '5', pax: 'x' };

/** One header block: strings fit their fields, numbers may not. */
interface HeaderBlock extends Omit<TarEntry, 'type'> {
  readonly type: keyof typeof typeFlags;
  readonly prefix: string;
  readonly device: string;
}

/** The header blocks of an entry: one, or an extended header before it where a value does not fit. */
export function writeEntry(entry: TarEntry, dialect: TarDialect): Uint8Array {
  const needed = neededRecords(entry);
  if (needed.length === 0) return writeBlock({ ...entry, prefix: '', device: dialect.device });
  const [first, ...others] = needed;
  const split = first?.[0] === 'path' && others.length === 0 ? dialect.splitName(entry.name) : undefined;
  if (split) return writeBlock({ ...entry, ...split, device: dialect.device });
  const main = {
    ...entry,
    name: dialect.fieldOf(entry.name, 100),
    prefix: '',
    linkname: dialect.fieldOf(entry.linkname, 100),
    uname: dialect.fieldOf(entry.uname, 32),
    gname: dialect.fieldOf(entry.gname, 32),
    device: dialect.device,
  };
  return Buffer.concat([writePax(dialect.paxName(entry.name), dialect.paxRecords(needed)), writeBlock(main)]);
}

/** The end of an archive after `written` bytes: two zero blocks, then zeros to a whole record. */
export function writeEnd(written: number, { recordSize }: TarDialect): Uint8Array {
  const end = written + 2 * blockSize;
  return Buffer.alloc(Math.ceil(end / recordSize) * recordSize - written);
}

function neededRecords(entry: TarEntry): PaxRecord[] {
  const records: PaxRecord[] = [];
  const text = (key: string, value: ByteString, size: number) => {
    if (value.length > size || !isAscii(value)) records.push([key, value]);
  };
  const number = (key: string, value: number, digits: number) => {
    if (!fitsOctal(value, digits)) records.push([key, String(value)]);
  };
  text('path', entry.name, 100);
  text('linkpath', entry.linkname, 100);
  text('uname', entry.uname, 32);
  text('gname', entry.gname, 32);
  number('uid', entry.uid, 7);
  number('gid', entry.gid, 7);
  number('size', entry.size, 11);
  number('mtime', entry.mtime, 11);
  return records;
}

function writePax(name: ByteString, records: readonly PaxRecord[]): Uint8Array {
  const content = Buffer.from(records.map(formatRecord).join(''), 'latin1');
  const strings = { name, prefix: '', linkname: '', uname: '', gname: '', device: '' };
  const numbers = { mode: 0, uid: 0, gid: 0, size: content.length, mtime: 0 };
  const header = writeBlock({ type: 'pax', ...strings, ...numbers });
  return Buffer.concat([header, content, Buffer.alloc(paddedSize(content.length) - content.length)]);
}

/** `LENGTH KEY=VALUE\n`, where the length counts its own digits. */
function formatRecord([key, value]: PaxRecord): ByteString {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return length + rest;
}

function writeBlock(fields: HeaderBlock): Uint8Array {
  const start =
    field(fields.name, 100) +
    octal(fields.mode, 7) +
    octal(fields.uid, 7) +
    octal(fields.gid, 7) +
    octal(fields.size, 11) +
    octal(fields.mtime, 11);
  const end =
    typeFlags[fields.type] +
    field(fields.linkname, 100) +
    'ustar\x0000' +
    field(fields.uname, 32) +
    field(fields.gname, 32) +
    field(fields.device, 8) +
    field(fields.device, 8) +
    fields.prefix;
  const block = Buffer.from(`${start}        ${end}`.padEnd(blockSize, '\0'), 'latin1');
  block.write(`${octal(checksumOf(block), 6)} `, start.length, 'latin1');
  return block;
}

/** Sum of all bytes, the checksum's own field taken as spaces. */
function checksumOf(block: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < blockSize; i++) sum += block[i] as number;
  return sum;
}

function field(value: string, size: number): string {
  return value.padEnd(size, '\0');
}

/** A number that does not fit stands as 0; the extended header has it. */
function octal(value: number, digits: number): string {
  return `${(fitsOctal(value, digits) ? value : 0).toString(8).padStart(digits, '0')}\0`;
}

function fitsOctal(value: number, digits: number): boolean {
  return value >= 0 && value < 8 ** digits;
}
