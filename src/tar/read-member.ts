import { Failure } from '../lib/failure.ts';
import { type ByteString, isUtf8, textOf } from './byte-string.ts';
import { blockSize, decimalOf, paddedSize, readHeader, readNumber, readPaxRecords } from './read-header.ts';

/** A member of a tar archive as Go's `archive/tar` describes it: all of its headers combined. */
export interface Member {
  readonly name: string;
  /**
   * `0` file, `1` hard link, `2` symlink, `3` and `4` devices, `5` directory, `6` FIFO; types from before POSIX are
   * converted.
   */
  readonly flag: string;
  readonly linkname: string;
  /** All mode bits of the header. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content. */
  readonly size: number;
  /** RFC 3339. */
  readonly mtime: string;
  readonly atime: string | undefined;
  readonly ctime: string | undefined;
  readonly devmajor: number;
  readonly devminor: number;
  /** Records by name; values as byte strings. */
  readonly xattrs: ReadonlyMap<string, ByteString>;
}

/** Most bytes of all headers of one member. Go accepts 1 MiB for each of them. */
const mostHeaders = 4 << 20;
const xattrPrefix = 'SCHILY.xattr.';

/** What the extended headers before a member's header set for this member. */
interface Extensions {
  readonly pax: ReadonlyMap<string, ByteString>;
  readonly name: ByteString;
  readonly linkname: ByteString;
}

/**
 * Reads the headers of a member at the start of `bytes`: `undefined` for the end mark, and the number of bytes needed
 * if there are too few. A Failure for input that is not a tar archive, and for everything that readers disagree about:
 * sparse files, global headers, names that are not UTF-8, numbers out of range, formats other than ustar, PAX and GNU.
 */
export function readMember(bytes: Buffer): Member | number | undefined {
  let extensions: Extensions = { pax: new Map(), name: '', linkname: '' };
  for (let at = 0; ; ) {
    const end = at + blockSize;
    if (bytes.length < end) return end;
    const block = bytes.subarray(at, end);
    const header = readHeader(block, 'the layer');
    if (header === undefined) {
      if (at > 0) throw unusual('ends after an extended header');
      return undefined;
    }
    if (!isExtension(header.type)) return memberOf(block, extensions);
    const next = end + paddedSize(header.size);
    if (next > mostHeaders) throw unusual('has headers of more than 4 MiB');
    if (bytes.length < next) return next + blockSize;
    extensions = withExtension(extensions, header.type, bytes.subarray(end, end + header.size));
    at = next;
  }
}

type Extension = 'pax' | 'gnu-name' | 'gnu-link';

function isExtension(type: string): type is Extension {
  return type === 'pax' || type === 'gnu-name' || type === 'gnu-link';
}

function withExtension(before: Extensions, type: Extension, data: Buffer): Extensions {
  if (type === 'pax') return { ...before, pax: readPaxRecords(data, 'the layer', 'latin1') };
  const text = untilNul(data.toString('latin1'));
  return type === 'gnu-name' ? { ...before, name: text } : { ...before, linkname: text };
}

function memberOf(block: Buffer, { pax, name, linkname }: Extensions): Member {
  const magic = block.toString('latin1', 257, 265);
  const isUstar = magic === 'ustar\x0000' && block.toString('latin1', 508, 512) !== 'tar\0';
  // GNU headers may hold times in the bytes that ustar uses for the prefix of a name.
  const isGnu = magic === 'ustar  \0' && block.readUInt8(345) === 0 && block.readUInt8(357) === 0;
  if (!isUstar && !isGnu) throw unusual('has headers of an unusual format');
  if ([...pax.keys()].some(key => key.startsWith('GNU.sparse.'))) throw unusual('has a sparse file');
  const text = (key: string, gnu: ByteString, ustar: ByteString) => checkedText(gnu || pax.get(key) || ustar);
  const number = (at: number, length: number, key = '') => {
    const value = pax.get(key) ? decimalOf(pax.get(key) ?? '') : readNumber(block, at, length);
    if (!Number.isSafeInteger(value)) throw unusual('has a number out of range');
    return value;
  };
  const time = (key: string) => (pax.get(key) ? timeOf(pax.get(key) ?? '') : undefined);
  const prefix = isUstar ? field(block, 345, 155) : '';
  const flag = flagOf(block);
  const member = {
    name: text('path', name, (prefix === '' ? '' : `${prefix}/`) + field(block, 0, 100)),
    flag,
    linkname: text('linkpath', linkname, field(block, 157, 100)),
    mode: number(100, 8),
    uid: number(108, 8, 'uid'),
    gid: number(116, 8, 'gid'),
    size: number(124, 12, 'size'),
    mtime: time('mtime') ?? timeOf(String(number(136, 12))),
    atime: time('atime'),
    ctime: time('ctime'),
    devmajor: number(329, 8),
    devminor: number(337, 8),
    xattrs: xattrsOf(pax),
  };
  if (flag !== '0' && member.size !== 0) throw unusual('has a link, directory or device with content');
  if (member.name === '' || (flag === '0' && member.name.endsWith('/'))) throw unusual('has a file without a name');
  return member;
}

function flagOf(block: Buffer): string {
  const flag = String.fromCharCode(block.readUInt8(156));
  if (!'0123456'.includes(flag)) throw unusual('has a member of an unusual type');
  return flag;
}

function xattrsOf(pax: ReadonlyMap<string, ByteString>): ReadonlyMap<string, ByteString> {
  const found = [...pax].filter(([key, value]) => key.startsWith(xattrPrefix) && value !== '');
  return new Map(found.map(([key, value]) => [checkedText(key.slice(xattrPrefix.length)), value]));
}

/** RFC 3339 of Unix seconds, which may be a fraction. */
function timeOf(seconds: string): string {
  const [, whole = '', fraction = ''] = /^(\d{1,12})(?:\.(\d{1,9}))?$/.exec(seconds) ?? [];
  const date = new Date(Number(whole || Number.NaN) * 1000);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999) throw unusual('has an unusual time');
  const digits = fraction.replace(/0+$/, '');
  return `${date.toISOString().slice(0, 19)}${digits === '' ? '' : `.${digits}`}Z`;
}

function checkedText(bytes: ByteString): string {
  if (bytes.includes('\0') || !isUtf8(bytes)) throw unusual('has a name that is not UTF-8');
  return textOf(bytes);
}

function field(block: Buffer, start: number, length: number): ByteString {
  return untilNul(block.toString('latin1', start, start + length));
}

function untilNul(bytes: ByteString): ByteString {
  const end = bytes.indexOf('\0');
  return end < 0 ? bytes : bytes.slice(0, end);
}

function unusual(description: string): Failure {
  return new Failure(`Cannot index the layer: it ${description}.`);
}
