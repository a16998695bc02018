import { mkdir, mkdtemp, readdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { asRoot } from './as-root.ts';
import { run } from './run.ts';
import type { Cleaned } from './temporary-directory.ts';

const script = fileURLToPath(new URL('../../scripts/bench/newer-podman', import.meta.url));

/** Where podman 5 of Debian's sid is unpacked: in the cache of this clone. */
export const podmanDirectory = fileURLToPath(new URL('../../.cache/podman-sid', import.meta.url));

/**
 * A PATH with this podman, whose images are in a directory of its own, and all programs of the machine but docker. Its
 * containers have no network.
 */
export async function openPodman(t: Cleaned): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'podman-'));
  const [remove = '', ...args] = asRoot(['rm', '-rf', directory]);
  t.after(() => run(remove, args));
  const [store, programs] = [join(directory, 'store'), join(directory, 'bin')];
  await mkdir(store);
  await mkdir(programs);
  for (const name of await readdir('/usr/bin')) {
    if (!/^(docker|podman)$/.test(name)) await symlink(`/usr/bin/${name}`, join(programs, name));
  }
  const command = asRoot(['env', `STORE=${store}`, script, join(podmanDirectory, 'root'), 'registry.invalid']);
  const podman = join(programs, 'podman');
  await writeFile(podman, `#!/bin/sh\nexec ${command.map(word => `'${word}'`).join(' ')} "$@"\n`, { mode: 0o755 });
  return `${programs}:/usr/sbin`;
}
