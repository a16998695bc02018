import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const version = '1.32.0';
const directory = fileURLToPath(new URL(`../../.cache/zizmor-${version}`, import.meta.url));

/** Finds security faults in workflow files. From PyPI, in a virtual environment in the cache of this clone. */
export const zizmor = { version, directory, path: join(directory, 'bin/zizmor') } as const;
