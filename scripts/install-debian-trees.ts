import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { debianDirectory, readDebianTrees } from '../test/support/debian-trees.ts';
import { aptGet } from './install-packages.ts';
import type { Requirement } from './requirements.ts';
import { unpackPackages } from './unpack-packages.ts';

/** What the images of examples/ consist of in the tests. */
const names = ['apache2-bin', 'bash', 'coreutils', 'libstdc++6', 'nginx', 'python3-flask', 'python3-waitress'];

/** Programs of Debian that run in containers, unpacked into the cache of this clone: installed, some would start daemons. */
export const debianTreesUnpacked: Requirement = {
  name: `Debian packages beside the system (${names.join(', ')})`,
  async isMet() {
    const trees = await readDebianTrees();
    return names.every(name => trees[name] !== undefined);
  },
  async meet() {
    await rm(debianDirectory, { recursive: true, force: true });
    await aptGet('update');
    await unpackPackages(debianDirectory, names);
    await rm(join(debianDirectory, 'archives'), { recursive: true });
  },
};
