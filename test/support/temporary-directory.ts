import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A test, or with `after` of node:test a whole file, which cleans up when it ends. */
export interface Cleaned {
  after(cleanup: () => Promise<unknown>): void;
}

/** A directory of this test alone, removed when it ends. */
export async function temporaryDirectory(t: Cleaned): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'nix-image-test-'));
  t.after(() => rm(directory, { recursive: true, force: true }));
  return directory;
}
