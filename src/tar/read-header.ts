import { Failure } from '../lib/failure.ts';

export const blockSize = 512;

type MemberType =
  | 'file'
  | 'directory'
  | 'symlink'
  | 'hardlink'
  | 'pax'
  | 'pax-global'
  | 'gnu-name'
  | 'gnu-link'
  | 'other';

/** One ustar header block. POSIX.1-1988 ustar, with GNU's base-256 numbers. Sizes in bytes. */
export interface Header {
  readonly name: string;
  readonly type: MemberType;
  readonly size: number;
  readonly linkname: string;
}

const types: Readonly<Record<string, MemberType>> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '5': 'directory',
  x: 'pax',
  g: 'pax-global',
  L: 'gnu-name',
  K: 'gnu-link',
};

/**
 * Links, devices, directories and FIFOs: Go's and Python's readers expect no content after them, whatever size the
 * header states.
 */
const withoutContent = '123456';

/**
 * Reads one header block; undefined for a block of zeros, which ends an archive. `description` names the archive in
 * errors.
 */
export function readHeader(block: Buffer, description: string): Header | undefined {
  if (block.every(byte => byte === 0)) return undefined;
  if (readNumber(block, 148, 8) !== checksumOf(block)) {
    throw new Failure(`Cannot read ${description}: it is not a tar archive, or it is damaged (bad header checksum).`);
  }
  const prefix = block.toString('latin1', 257, 262) === 'ustar' && block[262] === 0 ? readText(block, 345, 155) : '';
  const name = readText(block, 0, 100);
  const size = readNumber(block, 124, 12);
  if (!Number.isSafeInteger(size)) throw new Failure(`Cannot read ${description}: "${name}" has an invalid size.`);
  const flag = String.fromCharCode(block[156] ?? 0);
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    type: types[flag] ?? 'other',
    size: withoutContent.includes(flag) ? 0 : size,
    linkname: readText(block, 157, 100),
  };
}

/** The records of a PAX extended header, POSIX.1-2001 pax: `LENGTH KEY=VALUE\n`; `latin1` gives ByteStrings. */
export function readPaxRecords(
  data: Buffer,
  description: string,
  encoding: 'utf8' | 'latin1' = 'utf8',
): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < data.length; ) {
    const space = data.indexOf(0x20, at);
    const length = space < 0 ? Number.NaN : decimalOf(data.toString('latin1', at, space));
    const equals = data.indexOf(0x3d, space);
    const isRecord = length > 0 && at + length <= data.length && equals >= 0 && equals < at + length;
    if (!isRecord || data[at + length - 1] !== 0x0a) {
      throw new Failure(`Cannot read ${description}: it has a damaged PAX header.`);
    }
    records.set(data.toString(encoding, space + 1, equals), data.toString(encoding, equals + 1, at + length - 1));
    at += length;
  }
  return records;
}

/** A number of a PAX record: decimal digits only (JavaScript would also read `0x10` and `1e3`); else NaN. */
export function decimalOf(text: string): number {
  return /^[0-9]{1,15}$/.test(text) ? Number(text) : Number.NaN;
}

/** Bytes that the content of a member of this size takes in the archive. */
export function paddedSize(size: number): number {
  return Math.ceil(size / blockSize) * blockSize;
}

function readText(block: Buffer, start: number, length: number): string {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

/**
 * Octal text between blanks, or big-endian binary after the byte 0x80; NaN for anything else, including negative
 * numbers.
 */
export function readNumber(block: Buffer, start: number, length: number): number {
  if (((block[start] ?? 0) & 0x80) === 0) {
    const [, digits] = /^ *([0-7]*) *$/.exec(readText(block, start, length)) ?? [];
    return digits === undefined ? Number.NaN : Number.parseInt(digits || '0', 8);
  }
  if (block[start] !== 0x80) return Number.NaN;
  let value = 0;
  for (let i = 1; i < length; i++) value = value * 256 + (block[start + i] ?? 0);
  return value;
}

function checksumOf(block: Buffer): number {
  let sum = 0;
  for (let i = 0; i < blockSize; i++) sum += i >= 148 && i < 156 ? 0x20 : (block[i] ?? 0);
  return sum;
}
