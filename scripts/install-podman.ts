import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { pathExists } from '../src/nix/path-exists.ts';
import { podmanDirectory } from '../test/support/podman.ts';
import { run } from '../test/support/run.ts';
import type { Requirement } from './requirements.ts';

const unpacker = fileURLToPath(new URL('bench/newer-debian', import.meta.url));

/** podman 5, which is newer than Debian's, unpacked into the cache of this clone. */
export const podmanUnpacked: Requirement = {
  name: 'podman 5 of Debian sid, beside the system',
  isMet: () => pathExists(`${podmanDirectory}/run/podman`),
  async meet() {
    await rm(podmanDirectory, { recursive: true, force: true });
    await run(unpacker, ['sid', podmanDirectory, 'podman', 'crun']);
  },
};
