import type { ByteString } from '../tar/byte-string.ts';

/** A string of a NAR: its length as 64 bits, its bytes, zeros up to the next multiple of 8. */
export function narString(text: ByteString): Buffer {
  const buffer = Buffer.alloc(8 + padded(text.length));
  buffer.writeUInt32LE(text.length);
  buffer.write(text, 8, 'latin1');
  return buffer;
}

/** The next multiple of 8. */
export function padded(size: number): number {
  return Math.ceil(size / 8) * 8;
}

const strings = (...texts: readonly ByteString[]) => Buffer.concat(texts.map(narString));

/**
 * The tokens between names, targets and contents: figure 5.2 of "The Purely Functional Software Deployment Model". If
 * two are possible, their first 16 bytes distinguish them.
 */
export const narTokens = {
  start: strings('nix-archive-1'),
  open: strings('(', 'type'),
  close: strings(')'),
  directory: strings('directory'),
  entry: strings('entry', '(', 'name'),
  node: strings('node'),
  regular: strings('regular'),
  executable: strings('executable', ''),
  contents: strings('contents'),
  symlink: strings('symlink', 'target'),
} as const;
