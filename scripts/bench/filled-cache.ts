import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDistribution } from '../../test/support/distribution.ts';
import { measure } from './measure.ts';

/** A directory with an entry of the store cache, which knows the layers of one image. */
export interface FilledCache {
  readonly directory: string;
  /** The one path that the entry is for, made to lead to these settings. */
  pathTo(settings: string): Promise<string>;
  close(): Promise<void>;
}

/** Fills it by a push of the settings to a registry of its own. */
export async function fillCache(program: readonly string[], settings: string): Promise<FilledCache> {
  const root = await mkdtemp(join(tmpdir(), 'bench-cache-'));
  const directory = join(root, 'entries');
  const path = join(root, 'image');
  const pathTo = async (target: string) => {
    await rm(path, { force: true });
    await symlink(target, path);
    return path;
  };
  const registry = await startDistribution();
  try {
    const image = ['--path', await pathTo(settings), '--tags', `${registry.host}/base:latest`, '--push'];
    await measure([...program, 'build', ...image, '--cache-to', directory, '--cache-save', 'true']);
  } finally {
    await registry.close();
  }
  return { directory, pathTo, close: () => rm(root, { recursive: true }) };
}
