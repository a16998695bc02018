import { type CacheKey, cacheKey } from '../cache/cache-key.ts';
import { openDirectoryBackend } from '../cache/directory-backend.ts';
import { DamagedEntry } from '../cache/read-entry.ts';
import { type RestoringStore, restoreEntry } from '../cache/restore-entry.ts';
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

/** An entry of the store cache on this machine, if there was one. */
export interface FetchedEntry {
  readonly backend: CacheBackend;
  readonly key: CacheKey;
  /** Key of what is in `file`; undefined where there was no entry. */
  readonly matchedKey: string | undefined;
  readonly file: string;
}

/** What a build knows of the store cache before it starts. */
export interface StoreCache {
  /** Undefined where a binary cache is used, from which a build fetches what it needs. */
  readonly result: CacheResult | undefined;
  /** Valid before anything was restored. */
  readonly before: ReadonlySet<string>;
}

/**
 * Fetches the entry for a build; needs no Nix, so that this can go on beside its installation. Undefined where no entry
 * is wanted or no cache is there. Trouble with a cache is a warning: the build can do without.
 */
export async function fetchEntry(inputs: Inputs, host: Host): Promise<FetchedEntry | undefined> {
  const backend = openBackend(inputs.cache.directory, host);
  if (backend === undefined || inputs.cache.use === 'off' || inputs.cache.binaryCache !== undefined) return undefined;
  if (!hasZstd) {
    host.log.warning(`The store cache needs Node 22.15 or newer, and this is ${process.version}: there is none.`);
    return undefined;
  }
  try {
    const key = await keyOf(inputs, host);
    const file = `${host.temporary}/restored`;
    return { backend, key, file, matchedKey: await backend.restore(file, key.key, key.prefixes) };
  } catch (error) {
    host.log.warning(`The store cache is not used: ${messageOf(error)}`);
    return undefined;
  }
}

/** Fills the store with what earlier builds have left, and keeps it from the garbage collector during the run. */
export async function restoreStore(
  fetched: FetchedEntry | undefined,
  nix: Nix,
  { inputs, host }: { readonly inputs: Inputs; readonly host: Host },
): Promise<StoreCache | undefined> {
  const isFetchedByBuild = inputs.cache.use !== 'off' && inputs.cache.binaryCache !== undefined;
  if (fetched === undefined && !isFetchedByBuild) return undefined;
  return host.log.group('Cache', async () => {
    try {
      const before = await listValidPaths(nix);
      return { before, result: fetched && (await restoreFetched(fetched, nix, host)) };
    } catch (error) {
      host.log.warning(`The store cache is not used: ${messageOf(error)}`);
      return undefined;
    }
  });
}

function keyOf({ cache, variants, contents, buildArgs }: Inputs, { directory }: Host): Promise<CacheKey> {
  return cacheKey({
    directory,
    patterns: cache.keyFiles,
    system: nixSystem,
    spec: JSON.stringify([variants.map(({ spec }) => spec), contents, buildArgs]),
    extra: cache.keyExtra,
  });
}

/** Where entries are: the directory if one is given, else the runner's own service. */
export function openBackend(directory: string | undefined, host: Host): CacheBackend | undefined {
  return directory === undefined ? host.cache : openDirectoryBackend(host.resolve(directory));
}

/** Entries for one key: what is refused again and again has another reason than damage. */
const mostReplacements = 3;

/**
 * No entry can be replaced. So one that is damaged would be in the way for ever under its key, and what is built instead
 * is kept under the same key with a number.
 */
async function restoreFetched(fetched: FetchedEntry, nix: Nix, host: Host): Promise<CacheResult> {
  const { backend, file } = fetched;
  const { key, files } = fetched.key;
  host.log.info(`Key ${key}, of ${files.join(', ') || 'no lock files'}`);
  let { matchedKey } = fetched;
  for (let number = 1; ; number++) {
    const numbered = number === 1 ? key : `${key}-${number}`;
    if (number > 1) matchedKey = await backend.restore(file, numbered, []);
    host.log.info(matchedKey === undefined ? 'No entry' : `Entry ${matchedKey}`);
    try {
      if (matchedKey !== undefined) return { key: numbered, matchedKey, ...(await restoreFrom(fetched, nix, host)) };
    } catch (error) {
      host.log.warning(`The cache entry ${matchedKey} is refused, the store is as before: ${messageOf(error)}`);
      if (error instanceof DamagedEntry && matchedKey === numbered && number < mostReplacements) continue;
    }
    return { key: numbered, matchedKey: undefined, restoredPaths: 0, restoredBytes: 0 };
  }
}

async function restoreFrom(
  { file }: FetchedEntry,
  nix: Nix,
  { temporary, log }: Host,
): Promise<Pick<CacheResult, 'restoredPaths' | 'restoredBytes'>> {
  const { paths, size, held } = await restoreEntry(file, { store: await openStore(nix), system: nixSystem });
  await keepPaths(nix, paths, temporary);
  log.info(`Restored ${paths.length} of ${held.length} store paths, ${formatSize(size)}`);
  return { restoredPaths: paths.length, restoredBytes: size };
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
