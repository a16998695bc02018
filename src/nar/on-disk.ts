import type { ByteString } from '../tar/byte-string.ts';

/** A path in the form that node:fs uses byte for byte. */
export function onDisk(path: ByteString): Buffer {
  return Buffer.from(path, 'latin1');
}
