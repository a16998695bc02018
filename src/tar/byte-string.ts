/**
 * A byte string: one character (U+0000 to U+00FF) per byte, which Node calls `latin1`, since file names need not be
 * UTF-8. ASCII reads unchanged, and `<` compares bytewise.
 */
export type ByteString = string;

/** Matches everything but ASCII: whole UTF-8 sequences (RFC 3629), or else single bytes. */
const nonAscii =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g;

/** The UTF-8 bytes of a text. */
export function bytesOf(text: string): ByteString {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** The text that the bytes encode; bytes that are not UTF-8 become U+FFFD. */
export function textOf(bytes: ByteString): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

export function isAscii(bytes: ByteString): boolean {
  return !/[\x80-\xff]/.test(bytes);
}

export function isUtf8(bytes: ByteString): boolean {
  return isAscii(bytes) || !bytes.match(nonAscii)?.some(isStray);
}

/** Replaces each code point outside ASCII, and each byte that is not part of one. */
export function replaceNonAscii(bytes: ByteString, replacement: (part: ByteString) => ByteString): ByteString {
  return isAscii(bytes) ? bytes : bytes.replace(nonAscii, replacement);
}

/**
 * Bytes that sort as Python sorts the decoded text: by code points, with a byte b that is not UTF-8 as U+DC00 + b
 * (`surrogateescape`, PEP 383).
 */
export function codePointKey(bytes: ByteString): ByteString {
  return replaceNonAscii(bytes, part => (isStray(part) ? escapedByte(part.charCodeAt(0)) : part));
}

function isStray(part: ByteString): boolean {
  return part.length === 1;
}

/** U+DC00 + byte in the bit pattern of UTF-8. */
function escapedByte(byte: number): ByteString {
  return String.fromCharCode(0xed, 0xb0 | (byte >> 6), 0x80 | (byte & 0x3f));
}

/** A path in the form that node:fs uses byte for byte. */
export function onDisk(path: ByteString): Buffer {
  return Buffer.from(path, 'latin1');
}
