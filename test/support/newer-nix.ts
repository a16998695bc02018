import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where the Nix of Debian 14 is unpacked, 2.34 or newer: in the cache of this clone. */
export const newerNix = fileURLToPath(new URL('../../.cache/nix-forky', import.meta.url));

/** Its programs. It is the first Nix of Debian's that knows `s3://`; what it asks a bucket for is not signed. */
export const newerNixPrograms = join(newerNix, 'root/usr/bin');
