import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pathExists } from '../src/nix/path-exists.ts';
import { newerNix, newerNixPrograms } from '../test/support/newer-nix.ts';
import { run } from '../test/support/run.ts';
import type { Requirement } from './requirements.ts';

const unpacker = fileURLToPath(new URL('bench/newer-debian', import.meta.url));
const unpacked = `${newerNix}.new`;

/** The Nix of Debian 14, unpacked into the cache of this clone. */
export const newerNixUnpacked: Requirement = {
  name: 'Nix of Debian 14, beside the system',
  isMet: () => pathExists(newerNix),
  async meet() {
    await rm(unpacked, { recursive: true, force: true });
    await run(unpacker, ['forky', unpacked, 'nix-bin']);
    await bindToLibraries();
    await rename(unpacked, newerNix);
  },
};

/** Nix starts itself again, so the program itself, and not a script before it, must find its loader and libraries. */
async function bindToLibraries(): Promise<void> {
  const all = await readdir(join(unpacked, 'root/usr/lib'));
  const libraries = join('root/usr/lib', all.find(name => name.endsWith('-linux-gnu')) ?? '');
  const loader = (await readdir(join(unpacked, libraries))).find(name => name.startsWith('ld-linux-')) ?? '';
  await run('patchelf', [
    ...['--set-interpreter', join(newerNix, libraries, loader)],
    ...['--force-rpath', '--set-rpath', join(newerNix, libraries)],
    join(unpacked, newerNixPrograms.slice(newerNix.length), 'nix'),
  ]);
}
