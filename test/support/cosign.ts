import { fileURLToPath } from 'node:url';

/** Where cosign 3 of Debian's sid is unpacked: in the cache of this clone. */
export const cosignDirectory = fileURLToPath(new URL('../../.cache/cosign-sid', import.meta.url));

/** The program. */
export const cosign = `${cosignDirectory}/run/cosign`;
