import { posix } from 'node:path';
import { isAscii } from './byte-string.ts';
import type { TarDialect } from './write-entry.ts';

/** Headers as Go's `archive/tar` writes them by default: ustar, or PAX for what ustar cannot hold. */
export const goTar: TarDialect = {
  device: '0000000',
  recordSize: 512,
  splitName(name) {
    if (!isAscii(name)) return undefined;
    const end = name.length > 156 ? 156 : name.length - Number(name.endsWith('/'));
    const slash = name.lastIndexOf('/', end - 1);
    const suffix = name.slice(slash + 1);
    if (slash <= 0 || suffix.length > 100) return undefined;
    return { prefix: name.slice(0, slash), name: suffix };
  },
  fieldOf(value, size) {
    const ascii = withoutNonAscii(value);
    const cut = ascii.slice(0, size);
    if (ascii.length <= size || !cut.endsWith('/')) return cut;
    // A cut name must not look like a directory's, so formatString of archive/tar removes the slashes at its end.
    const length = cut.replace(/\/+$/, '').length;
    return `${cut.slice(0, length)}\0${cut.slice(length + 1)}`;
  },
  paxName(name) {
    const slash = name.lastIndexOf('/') + 1;
    const path = posix.join(name.slice(0, slash), 'PaxHeaders.0', name.slice(slash));
    return withoutNonAscii(path).slice(0, 100).replace(/\/+$/, '');
  },
  paxRecords: needed => needed.toSorted(([a], [b]) => (a < b ? -1 : 1)),
};

function withoutNonAscii(value: string): string {
  return value.replace(/[\x80-\xff]/g, '');
}
