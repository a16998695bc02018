import { type CacheKey, cacheKey } from '../cache/cache-key.ts';
import { openDirectoryBackend } from '../cache/directory-backend.ts';
import { type Restored, type RestoringStore, restoreEntry } from '../cache/restore-entry.ts';
import type { CacheBackend, Host } from '../host.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { messageOf } from '../lib/failure.ts';
import { hasZstd } from '../lib/zstd-frames.ts';
import {
  findInvalidPaths,
  importPaths,
  keepPaths,
  listValidPaths,
  ownsStore,
  registerPaths,
  substitutePaths,
} from '../nix/store.ts';
import type { Nix } from '../nix/toolchain.ts';
import { formatSize } from '../report/format-size.ts';
import type { CacheResult } from '../report/result.ts';

/** What a build knows of the store cache before it starts. */
export interface StoreCache {
  readonly result: CacheResult;
  /** Valid before anything was restored. */
  readonly before: ReadonlySet<string>;
}

/**
 * Fills the store with what earlier builds have left, and keeps it from the garbage collector during the run. Undefined
 * where no cache is wanted or none is there. Trouble with a cache is a warning: the build can do without.
 */
export async function restoreStore(nix: Nix, inputs: Inputs, host: Host): Promise<StoreCache | undefined> {
  const backend = openBackend(inputs.cache.directory, host);
  if (backend === undefined || inputs.cache.use === 'off') return undefined;
  if (!hasZstd) {
    host.log.warning(`The store cache needs Node 22.15 or newer, and this is ${process.version}: there is none.`);
    return undefined;
  }
  return host.log.group('Cache', async () => {
    try {
      const before = await listValidPaths(nix);
      const key = await keyOf(inputs, host);
      const found = await restoreFrom(backend, key, { nix, host });
      return { result: { key: key.key, ...found }, before };
    } catch (error) {
      host.log.warning(`The store cache is not used: ${messageOf(error)}`);
      return undefined;
    }
  });
}

async function keyOf({ cache, variants, contents, buildArgs }: Inputs, { directory, log }: Host): Promise<CacheKey> {
  const key = await cacheKey({
    directory,
    patterns: cache.keyFiles,
    system: nixSystem,
    spec: JSON.stringify([variants, contents, buildArgs]),
    extra: cache.keyExtra,
  });
  log.info(`Key ${key.key}, of ${key.files.join(', ') || 'no lock files'}`);
  return key;
}

/** Where entries are: the directory if one is given, else the runner's own service. */
export function openBackend(directory: string | undefined, host: Host): CacheBackend | undefined {
  return directory === undefined ? host.cache : openDirectoryBackend(host.resolve(directory));
}

async function restoreFrom(
  backend: CacheBackend,
  { key, prefixes }: CacheKey,
  { nix, host }: { readonly nix: Nix; readonly host: Host },
): Promise<Omit<CacheResult, 'key'>> {
  const file = `${host.temporary}/restored`;
  const matchedKey = await backend.restore(file, key, prefixes);
  if (matchedKey === undefined) {
    host.log.info('No entry');
    return { matchedKey, restoredPaths: 0, restoredBytes: 0 };
  }
  let restored: Restored;
  try {
    restored = await restoreEntry(file, { store: await openStore(nix), system: nixSystem });
  } catch (error) {
    host.log.warning(`The cache entry ${matchedKey} is refused, the store is as before: ${messageOf(error)}`);
    return { matchedKey: undefined, restoredPaths: 0, restoredBytes: 0 };
  }
  await keepPaths(nix, restored.paths, host.temporary);
  const { paths, size } = restored;
  host.log.info(
    `Restored ${paths.length} of ${restored.held.length} store paths, ${formatSize(size)}, from ${matchedKey}`,
  );
  return { matchedKey, restoredPaths: paths.length, restoredBytes: size };
}

async function openStore(nix: Nix): Promise<RestoringStore> {
  return {
    isOwn: await ownsStore(nix),
    findInvalid: paths => findInvalidPaths(nix, paths),
    substitute: paths => substitutePaths(nix, paths),
    register: registration => registerPaths(nix, registration),
    importPaths: stream => importPaths(nix, stream),
  };
}

/** Nix's name of this machine. */
export const nixSystem = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-${process.platform}`;
