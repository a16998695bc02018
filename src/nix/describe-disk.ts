import { statfs } from 'node:fs/promises';
import { formatSize } from '../lib/format-size.ts';
import { storeDirectoryOf, storePathName } from '../store-path.ts';
import { readLargestInDatabase } from './database.ts';
import type { NixProgram } from './toolchain.ts';

/**
 * A sentence on the full disk of the store: its size, `needed` bytes that Nix was to unpack, and what fills the store
 * if its database can be read.
 */
export async function describeDisk(nix: NixProgram, needed: number): Promise<string> {
  const store = storeDirectoryOf(nix.env);
  const { bsize, bavail, blocks } = await statfs(store);
  const free = `${formatSize(bavail * bsize)} of ${formatSize(blocks * bsize)} are free`;
  const wanted = needed === 0 ? '' : `, and Nix was to unpack ${formatSize(needed)}`;
  const { total, largest } = readLargestInDatabase(nix) ?? { total: 0, largest: [] };
  const paths = largest.map(({ path, narSize }) => `${storePathName(path)} ${formatSize(narSize)}`);
  const fill = total === 0 ? '' : ` The store has ${formatSize(total)}, of which the largest are ${paths.join(', ')}.`;
  return (
    `The disk is full: on that of ${store} ${free}${wanted}.${fill} Delete preinstalled software in an earlier step, ` +
    'restore less with cache-max-size, or use a runner with a larger disk.'
  );
}
