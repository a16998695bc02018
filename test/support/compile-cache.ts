import { fileURLToPath } from 'node:url';

/** Variable with which Node keeps what it has compiled: most of a program's start would go into compiling our sources anew. */
export const compileCache = { NODE_COMPILE_CACHE: fileURLToPath(new URL('../../.cache/node', import.meta.url)) };
