import { type ByteString, isAscii } from './byte-string.ts';
import { blockSize, paddedSize } from './read-header.ts';

/** One entry of a tar archive, without its content. POSIX pax, "ustar Interchange Format". */
export interface TarEntry {
  /** The name as written to the archive, with a `/` at the end if it has one there. */
  readonly name: ByteString;
  readonly type: 'file' | 'symlink' | 'directory';
  /** Permission bits, setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content; 0 for everything but files. */
  readonly size: number;
  /** Unix seconds. */
  readonly mtime: number;
  /** Target of a symlink, otherwise empty. */
  readonly linkname: ByteString;
  readonly uname: ByteString;
  readonly gname: ByteString;
}

/** Key and value of a PAX extended header. */
type PaxRecord = readonly [key: string, value: ByteString];

/** How one tar writer differs from another. */
export interface TarDialect {
  /** devmajor and devminor of entries that are not devices. */
  readonly device: string;
  /** The archive is padded to a multiple of this many bytes. */
  readonly recordSize: number;
  /** Splits a name of more than 100 bytes at a `/`; undefined if the dialect or the name does not allow that. */
  splitName(name: ByteString): { prefix: ByteString; name: ByteString } | undefined;
  /** What the field of the main header holds for a string that may be too long for it, or not ASCII. */
  fieldOf(value: ByteString, size: number): string;
  /** Name of the extended header of an entry. */
  paxName(name: ByteString): ByteString;
  /** The records to write, from those that are needed, which come in the order path, linkpath, …, mtime. */
  paxRecords(needed: readonly PaxRecord[]): readonly PaxRecord[];
}

const typeFlags = { file: '0', symlink: '2', directory: '5', pax: 'x' };

/** One header block. Strings fit their fields; numbers may not. */
interface HeaderBlock extends Omit<TarEntry, 'type'> {
  readonly type: keyof typeof typeFlags;
  readonly prefix: string;
  readonly device: string;
}

const paxHeader = {
  type: 'pax',
  ...{ mode: 0, uid: 0, gid: 0, mtime: 0 },
  ...{ prefix: '', linkname: '', uname: '', gname: '', device: '' },
} as const;

/** The header blocks of an entry: one, preceded by an extended header if a value does not fit. */
export function writeTarEntry(entry: TarEntry, dialect: TarDialect): Uint8Array {
  const { device } = dialect;
  const needed = neededRecords(entry);
  const split = needed.length === 1 && needed[0]?.[0] === 'path' ? dialect.splitName(entry.name) : undefined;
  if (needed.length === 0 || split) {
    const block = zeros(blockSize);
    writeBlock(block, { ...entry, prefix: '', device, ...split });
    return block;
  }
  const records = dialect.paxRecords(needed).map(formatRecord).join('');
  const mainAt = blockSize + paddedSize(records.length);
  const blocks = zeros(mainAt + blockSize);
  writeBlock(blocks, { ...paxHeader, name: dialect.paxName(entry.name), size: records.length });
  blocks.write(records, blockSize, 'latin1');
  writeBlock(blocks.subarray(mainAt), {
    ...entry,
    name: dialect.fieldOf(entry.name, 100),
    prefix: '',
    linkname: dialect.fieldOf(entry.linkname, 100),
    uname: dialect.fieldOf(entry.uname, 32),
    gname: dialect.fieldOf(entry.gname, 32),
    device,
  });
  return blocks;
}

/** The end of an archive after `written` bytes: two zero blocks, then zeros up to a whole record. */
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

/** `LENGTH KEY=VALUE\n`; the length includes its own digits. */
function formatRecord([key, value]: PaxRecord): ByteString {
  const rest = ` ${key}=${value}\n`;
  let length = rest.length;
  while (length !== rest.length + String(length).length) length = rest.length + String(length).length;
  return length + rest;
}

/**
 * Writes a header to the start of `block`, which must be all zeros. For the checksum, its own field counts as spaces.
 */
function writeBlock(block: Buffer, fields: HeaderBlock): void {
  const sum =
    putText(block, 0, fields.name) +
    putOctal(block, 100, fields.mode) +
    putOctal(block, 108, fields.uid) +
    putOctal(block, 116, fields.gid) +
    putOctal(block, 124, fields.size, 11) +
    putOctal(block, 136, fields.mtime, 11) +
    putText(block, 148, '        ') +
    putText(block, 156, typeFlags[fields.type]) +
    putText(block, 157, fields.linkname) +
    putText(block, 257, 'ustar\x0000') +
    putText(block, 265, fields.uname) +
    putText(block, 297, fields.gname) +
    putText(block, 329, fields.device) +
    putText(block, 337, fields.device) +
    putText(block, 345, fields.prefix);
  putOctal(block, 148, sum, 6);
  block[154] = 0;
}

/** Returns the sum of the bytes. */
function putText(block: Buffer, at: number, text: ByteString): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum += block[at + i] = text.charCodeAt(i);
  return sum;
}

/** Returns the sum of the bytes. A number that does not fit is written as 0, since the extended header has it. */
function putOctal(block: Buffer, at: number, value: number, digits = 7): number {
  let rest = fitsOctal(value, digits) ? value : 0;
  let sum = 0;
  for (let i = at + digits - 1; i >= at; i--) {
    sum += block[i] = 0x30 + (rest & 7);
    rest = Math.floor(rest / 8);
  }
  return sum;
}

function zeros(length: number): Buffer {
  return Buffer.allocUnsafe(length).fill(0);
}

function fitsOctal(value: number, digits: number): boolean {
  return value >= 0 && value < 8 ** digits;
}
