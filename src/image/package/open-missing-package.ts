import { posix } from 'node:path';
import { createPool, settleAll, untilFailure } from '../../lib/pool.ts';
import type { Image } from '../../oci/image.ts';
import { type ByteString, bytesOf, textOf } from '../../tar/byte-string.ts';
import type { MissingPaths } from '../store-layer/stream-layer.ts';
import { type ListedFile, listNar, type NarListing } from './list-nar.ts';
import { openPackageImage, type PackageImageOptions } from './package-image.ts';
import { filesOnDisk, type StoreFiles, storePathOf, UnlistedPaths } from './store-tree.ts';

/** Missing paths whose NARs are read several times. */
export interface FetchedPaths extends MissingPaths {
  /** Fetches the NAR of a missing path now, for all that open it later. */
  fetchNar(path: string): Promise<void>;
}

/** NARs to fetch at a time; each takes a process of Nix. */
const fetchesAtATime = 8;

/**
 * The image of a package of which the store lacks paths, without waiting for those that only become layers: fetches the
 * package, for its programs, and paths that its links lead to. Undefined if what was built may be something else than a
 * package. A NarFault if a NAR is not what it should be.
 */
export async function openMissingPackage(
  options: PackageImageOptions,
  missing: FetchedPaths,
): Promise<Image | undefined> {
  const { path, locate = same => same } = options;
  const listings = new Map<string, NarListing>();
  const pool = untilFailure(createPool(fetchesAtATime));
  const list = (one: string) =>
    pool(async () => {
      await missing.fetchNar(one);
      listings.set(one, await listNar(missing.openNar(one)));
    });
  if (missing.isMissing(path)) await list(path);
  const names = listings.get(path)?.get('')?.names ?? [];
  if (!names.includes('bin') || names.includes('oci-layout')) return undefined;
  const { isMissing, openNar } = missing;
  const files = listedFiles(posix.dirname(path), {
    listings,
    isMissing,
    disk: filesOnDisk(posix.dirname(path), locate),
  });
  for (;;) {
    try {
      return openPackageImage({ ...options, missing: { isMissing, openNar, files } });
    } catch (error) {
      if (!(error instanceof UnlistedPaths)) throw error;
      await settleAll(error.paths.map(list));
    }
  }
}

interface Listed extends Pick<MissingPaths, 'isMissing'> {
  readonly listings: ReadonlyMap<string, NarListing>;
  readonly disk: StoreFiles;
}

/** The files of listed paths, and of those on disk; UnlistedPaths for a missing path that is not listed. */
function listedFiles(storeDirectory: string, { listings, isMissing, disk }: Listed): StoreFiles {
  const find = (path: ByteString): ListedFile | undefined | 'on disk' => {
    const root = storePathOf(path, bytesOf(storeDirectory));
    const storePath = textOf(root);
    if (!isMissing(storePath)) return 'on disk';
    const listing = listings.get(storePath);
    if (listing === undefined) throw new UnlistedPaths([storePath]);
    return listing.get(path.slice(root.length));
  };
  const orOnDisk = <T>(
    path: ByteString,
    of: (file: ListedFile | undefined) => T,
    onDisk: (path: ByteString) => T,
  ): T => {
    const file = find(path);
    return file === 'on disk' ? onDisk(path) : of(file);
  };
  return {
    describe: path => orOnDisk(path, file => file, disk.describe),
    readTarget: path => orOnDisk(path, file => file?.target ?? '', disk.readTarget),
    list: path => orOnDisk(path, file => file?.names ?? [], disk.list),
    hash: path => orOnDisk(path, file => file?.hash ?? '', disk.hash),
  };
}
