import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pathExists } from '../src/nix/path-exists.ts';
import { cosign, cosignDirectory } from '../test/support/cosign.ts';
import { run } from '../test/support/run.ts';
import type { Requirement } from './requirements.ts';

const unpacker = fileURLToPath(new URL('bench/newer-debian', import.meta.url));

/** cosign 3, which Debian has in sid alone, unpacked into the cache of this clone. */
export const cosignUnpacked: Requirement = {
  name: 'cosign 3 of Debian sid, beside the system',
  isMet: () => pathExists(cosign),
  async meet() {
    await rm(cosignDirectory, { recursive: true, force: true });
    await run(unpacker, ['sid', cosignDirectory, 'cosign']);
  },
};
