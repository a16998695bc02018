import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../test/support/run.ts';

/** Downloads Debian packages with all that they depend on, and unpacks each into `trees/ARCHIVE` of the directory. */
export async function unpackPackages(debian: string, names: readonly string[]): Promise<void> {
  const work = `${debian}.new`;
  await rm(work, { recursive: true, force: true });
  await mkdir(join(work, 'archives/partial'), { recursive: true });
  await writeFile(join(work, 'status'), '');
  const options = {
    'Dir::State::status': join(work, 'status'),
    'Dir::Cache::archives': join(work, 'archives'),
    'Dir::Cache::pkgcache': '',
    'Dir::Cache::srcpkgcache': '',
    'APT::Install-Recommends': 'false',
    'APT::Sandbox::User': process.env.USER ?? 'root',
  };
  const flags = Object.entries(options).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
  await run('apt-get', ['--quiet=2', ...flags, 'install', '--yes', '--download-only', ...names]);
  for (const archive of (await readdir(join(work, 'archives'))).filter(name => name.endsWith('.deb'))) {
    const tree = join(work, 'trees', archive);
    await mkdir(tree, { recursive: true });
    await run('dpkg-deb', ['--extract', join(work, 'archives', archive), tree]);
    // A builder may not make setuid files.
    await run('chmod', ['--recursive', 'u+w,ug-s', tree]);
  }
  await rename(work, debian);
}
