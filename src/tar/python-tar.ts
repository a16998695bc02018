import { isUtf8, replaceNonAscii } from './byte-string.ts';
import type { TarDialect } from './write-entry.ts';

/** Headers as Python's `tarfile` writes them in PAX_FORMAT, its default since 3.8. */
export const pythonTar: TarDialect = {
  device: '',
  recordSize: 10240,
  splitName: () => undefined,
  fieldOf: (value, size) => replaceNonAscii(value, () => '?').slice(0, size),
  paxName: () => '././@PaxHeader',
  paxRecords(needed) {
    const isText = needed.every(([, value]) => isUtf8(value));
    return isText ? needed : [['hdrcharset', 'BINARY'], ...needed];
  },
};
