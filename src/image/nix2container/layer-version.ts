import { createHash } from 'node:crypto';
import { type ReadOptions, reuseBuffer } from '../../lib/read-options.ts';
import { type Nix2containerVersion, newestVersion } from '../store-layer/nix2container-layer.ts';
import type { LayerJson } from './image-json.ts';

type Versions = readonly [Nix2containerVersion, ...Nix2containerVersion[]];

/** Before `History` was added in August 2024: one version up to July 2024, including release 1.0.0, and one after. */
const withoutHistory: Versions = [
  { mtime: 0, groupName: 'uname' },
  { mtime: 1, groupName: 'uname' },
];

/** The versions of nix2container that may have written a layer and differ in it, the likelier one first. */
export function versionsOf({ History, paths }: Pick<LayerJson, 'History' | 'paths'>): Versions {
  if (History === undefined) return withoutHistory;
  const perms = paths.flatMap(({ options }) => options?.perms ?? []);
  const hasGroup = perms.some(({ uname, gname }) => gname !== '' && gname !== uname);
  return hasGroup ? [newestVersion, { mtime: 1, groupName: 'uname' }] : [newestVersion];
}

/**
 * The version whose tar has the diffID of the layer. Tries all but the last, which is checked when the layer is read.
 */
export async function findVersion(
  layer: LayerJson,
  open: (version: Nix2containerVersion, options: ReadOptions) => AsyncIterable<Uint8Array>,
): Promise<Nix2containerVersion> {
  const versions = versionsOf(layer);
  for (const version of versions.slice(0, -1)) {
    const hash = createHash('sha256');
    for await (const chunk of open(version, reuseBuffer)) hash.update(chunk);
    if (`sha256:${hash.digest('hex')}` === layer.diff_ids) return version;
  }
  return versions.at(-1) ?? newestVersion;
}
