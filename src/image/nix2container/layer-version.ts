import { createHash } from 'node:crypto';
import { type ReadOptions, reuseBuffer } from '../../lib/read-options.ts';
import { type Nix2containerVersion, newestVersion } from '../store-layer/nix2container-layer.ts';
import type { LayerJson } from './image-json.ts';

type Versions = readonly [Nix2containerVersion, ...Nix2containerVersion[]];

/** Before `History` came in August 2024: until July, release 1.0.0 among them, and after. */
const withoutHistory: Versions = [
  { mtime: 0, groupName: 'uname' },
  { mtime: 1, groupName: 'uname' },
];

/** The versions of nix2container that can have written a layer and differ in it, the likelier one first. */
export function versionsOf({ History, paths }: Pick<LayerJson, 'History' | 'paths'>): Versions {
  if (History === undefined) return withoutHistory;
  const perms = paths.flatMap(({ options }) => options?.perms ?? []);
  const hasGroup = perms.some(({ uname, gname }) => gname !== '' && gname !== uname);
  return hasGroup ? [newestVersion, { mtime: 1, groupName: 'uname' }] : [newestVersion];
}

/** The version whose tar has the diffID of the layer. All but the last are tried; that one is checked when it is read. */
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
