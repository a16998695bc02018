import { mkdirSync, realpathSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pathExists } from '../../src/nix/path-exists.ts';
import { newerNixPrograms } from './newer-nix.ts';
import { openNixRelease } from './nix-release.ts';
import { run } from './run.ts';

const cache = fileURLToPath(new URL('../../.cache', import.meta.url));
mkdirSync(cache, { recursive: true });

/** The release of `openNixRelease`, unpacked into the cache of this clone so that it runs there. */
const unpacked = join(realpathSync(cache), 'nix-unpacked');

/** Programs `nix` of different ages, the oldest first: 2.8 of Debian 12, 2.26 of Debian 13 and 2.34 of Debian 14. */
export async function openNixVersions(): Promise<readonly string[]> {
  if (!(await hasNixVersions())) await unpackRelease();
  return ['/usr/bin/nix', join(unpacked, 'bin/nix'), join(newerNixPrograms, 'nix')];
}

/** Whether `openNixVersions` has nothing to unpack. */
export function hasNixVersions(): Promise<boolean> {
  return pathExists(unpacked);
}

/** Nix starts itself again, so the program itself must find its loader and libraries. */
async function unpackRelease(): Promise<void> {
  const { directory, version } = await openNixRelease();
  const release = join(directory, `nix-${version}`);
  const archive = (await readdir(release)).find(name => name.endsWith('.tar.xz')) ?? '';
  const temporary = await mkdtemp(join(dirname(unpacked), 'unpacking-'));
  await run('tar', ['-C', temporary, '--strip-components=3', '-xJf', join(release, archive)]);
  await run('chmod', ['-R', 'u+w', temporary]);
  const libraries = await readdir(join(temporary, 'lib'));
  const loader = libraries.find(name => name.startsWith('ld-linux-')) ?? '';
  const rpath = ['--force-rpath', '--set-rpath', join(unpacked, 'lib')];
  await run('patchelf', ['--set-interpreter', join(unpacked, 'lib', loader), ...rpath, join(temporary, 'bin/nix')]);
  for (const name of libraries.filter(library => library !== loader && library !== 'libc.so.6')) {
    await run('patchelf', [...rpath, join(temporary, 'lib', name)]);
  }
  await rename(temporary, unpacked).catch(() => rm(temporary, { recursive: true }));
}
