import { posix } from 'node:path';
import { Failure } from '../lib/failure.ts';
import { storeDirectory } from '../store-path.ts';
import type { ReadMember } from '../tar/read-members.ts';

/** The unpacked size of a layer's files. */
export interface LayerUsage {
  /** Bytes of the files of each store path. */
  readonly paths: ReadonlyMap<string, number>;
  /** Bytes of all other files, but for those in which Nix registers the store paths. */
  readonly otherBytes: number;
}

/** Most store paths of one layer; real layers have at most a few thousand. */
const mostPaths = 100_000;

const inStore = new RegExp(`^(${storeDirectory}/[0-9a-z]{32}-[\\w+.?=-]{1,211})(?:/|$)`);
const inDatabase = /^\/nix\/var\/nix\/db\/(?:db\.sqlite|schema)$/;

/** Adds up the sizes of a layer's files by store path. `description` names the layer in errors. */
export async function readLayerUsage(
  members: AsyncIterable<Pick<ReadMember, 'name' | 'isFile' | 'size'>>,
  description: string,
): Promise<LayerUsage> {
  const paths = new Map<string, number>();
  let otherBytes = 0;
  for await (const { name: written, isFile, size } of members) {
    // Whoever unpacks `./nix//store` writes to `/nix/store`.
    const name = posix.normalize(`/${written}`);
    const bytes = isFile ? size : 0;
    const [, path] = inStore.exec(name) ?? [];
    if (path === undefined) otherBytes += inDatabase.test(name) ? 0 : bytes;
    else paths.set(path, (paths.get(path) ?? 0) + bytes);
    if (paths.size > mostPaths) {
      throw new Failure(`Cannot read ${description}: it has more than ${mostPaths} store paths.`);
    }
  }
  return { paths, otherBytes };
}
