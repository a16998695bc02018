import { type CacheKey, cacheKey, keyIncludesToolchain, replacementKey } from '../../cache/cache-key.ts';
import type { EntryStore } from '../../cache/entry-store.ts';
import type { EntryManifest } from '../../cache/manifest.ts';
import { DamagedEntry, type Entry } from '../../cache/read-entry.ts';
import { layersOf, type RestoringStore, restoreEntry } from '../../cache/restore-entry.ts';
import { isSource } from '../../cache/split-paths.ts';
import type { ImageSource, Inputs, PlatformBuild } from '../../inputs/inputs.ts';
import { hasZstd } from '../../lib/compress/zstd-frames.ts';
import { messageOf } from '../../lib/failure.ts';
import { formatSize } from '../../lib/format-size.ts';
import {
  findInvalidPaths,
  importPaths,
  keepPaths,
  listValidPaths,
  ownsStore,
  registerPaths,
  substitutePaths,
} from '../../nix/store.ts';
import { nixSystem } from '../../nix/system.ts';
import type { Nix } from '../../nix/toolchain.ts';
import { claimKeys } from '../../oci/layer-facts.ts';
import type { CacheResult } from '../../report/result.ts';
import type { Runtime } from '../../runtime.ts';
import { addJobNotes, readJobNotes } from './job-notes.ts';
import { openEntries } from './open-entries.ts';

/** What was found in the store cache. */
export interface FetchedEntry extends FoundEntry {
  readonly entries: EntryStore;
  readonly key: CacheKey;
}

interface FoundEntry {
  /** Key of the entry; undefined if there was none. */
  readonly matchedKey: string | undefined;
  /** Undefined if there was none, or if it is rejected already. */
  readonly entry?: Entry | undefined;
  /** Why the entry is rejected, if that is already known. */
  readonly refusal?: DamagedEntry | undefined;
}

/** An entry that is being fetched. */
export interface Fetching {
  /** Undefined if no entry is wanted or there is no cache. */
  readonly entry: Promise<FetchedEntry | undefined>;
  /**
   * The same if it should contain the Nix that this machine needs; otherwise undefined, known before the entry arrives.
   */
  readonly withNix: Promise<FetchedEntry | undefined>;
}

/** The state of the store cache before a build starts. */
export interface StoreCache {
  /** Undefined with a binary cache, from which the build itself fetches what it needs. */
  readonly result: CacheResult | undefined;
  /** Paths that were valid before the first use of the action in this job restored or built anything. */
  readonly before: ReadonlySet<string>;
  /** Layer claims that the entry confirms, in the form of `claimKeys`; empty if it was rejected. */
  readonly confirmed: ReadonlySet<string>;
}

/**
 * Fetches the entry for a build. It needs no Nix, so it can run while Nix is installed; `toolchain` names the release
 * to install, if any. A fault of the cache is only a warning.
 */
export function fetchEntry(inputs: Inputs, runtime: Runtime, toolchain?: string): Fetching {
  const entries = openEntries(inputs, runtime);
  const nothing = { entry: Promise.resolve(undefined), withNix: Promise.resolve(undefined) };
  if (entries === undefined || inputs.cache.use === 'off') return nothing;
  if (!hasZstd) {
    runtime.log.warning(
      `Running without the store cache: it needs Node 22.15 or newer, and this is ${process.version}.`,
    );
    return nothing;
  }
  const computing = keyOf(inputs, runtime, toolchain);
  const finding = computing.then(({ key, prefixes }) => entries.find(key, prefixes));
  const entry = fetchFrom(entries, { computing, finding }, runtime);
  const withNix = async (name: string) => {
    // The fetch of the entry reports the error.
    const isExpected = keyIncludesToolchain((await finding.catch(() => undefined)) ?? '', name);
    const fetched = isExpected ? await entry : undefined;
    return keyIncludesToolchain(fetched?.matchedKey ?? '', name) ? fetched : undefined;
  };
  return { entry, withNix: toolchain === undefined ? nothing.withNix : withNix(toolchain) };
}

interface Found {
  readonly computing: Promise<CacheKey>;
  /** Key of the entry. Looked up separately, since the service reports it only after the whole download. */
  readonly finding: Promise<string | undefined>;
}

async function fetchFrom(
  entries: EntryStore,
  { computing, finding }: Found,
  runtime: Runtime,
): Promise<FetchedEntry | undefined> {
  try {
    const key = await computing;
    // Not after the lookup: a request to a cache service takes a tenth of a second.
    return { entries, key, ...(await fetchFound(finding, entries.open(key.key, key.prefixes))) };
  } catch (error) {
    runtime.log.warning(`Running without the store cache: ${messageOf(error)}`);
    return undefined;
  }
}

/** Fetches an existing entry. One that cannot be fetched counts as damaged, since it blocks its key. */
async function fetchFound(
  finding: ReturnType<EntryStore['find']>,
  opening: ReturnType<EntryStore['open']>,
): Promise<FoundEntry> {
  // Neither must outlive the run.
  const [found, opened] = await Promise.allSettled([finding, opening]);
  if (found.status === 'rejected') throw found.reason;
  const matchedKey = found.value;
  if (matchedKey === undefined) return { matchedKey };
  if (opened.status === 'rejected') {
    const cause = opened.reason;
    return { matchedKey, refusal: new DamagedEntry(messageOf(cause), { cause }) };
  }
  if (opened.value !== undefined) return { matchedKey: opened.value.key, entry: opened.value.entry };
  return { matchedKey, refusal: new DamagedEntry('the cache did not deliver all of it') };
}

/** The entry that was found; its refusal is thrown. */
export function expectEntry({ entry, refusal }: FoundEntry): Entry {
  if (entry !== undefined) return entry;
  throw refusal ?? new TypeError('Nothing was found.');
}

interface Restoring {
  readonly inputs: Inputs;
  readonly runtime: Runtime;
  /** As `StoreCache` has it, if `restoreSources` was called. */
  readonly before?: ReadonlySet<string> | undefined;
}

/** Protects sources that were restored with Nix itself; returns the paths that were valid before, if they are known. */
export async function keepSources(
  sources: readonly string[],
  nix: Nix,
  runtime: Runtime,
): Promise<ReadonlySet<string> | undefined> {
  try {
    await keepPaths(nix, sources, runtime.temporary);
    return await recordValidPaths(runtime, async () => {
      const valid = await listValidPaths(nix);
      return new Set([...valid].filter(path => !sources.includes(path)));
    });
  } catch (error) {
    runtime.log.debug(`Cannot keep sources: ${messageOf(error)}`);
    return undefined;
  }
}

/**
 * Restores the paths of an entry that no derivation made, which is what an evaluation reads; returns the paths that
 * were valid before. Undefined if that is not possible: then the entry is rejected when all of it is restored.
 */
export async function restoreSources(
  entry: Entry,
  nix: Nix,
  runtime: Runtime,
): Promise<ReadonlySet<string> | undefined> {
  try {
    const store = await openStore(nix);
    const before = await recordValidPaths(runtime, async () => store.valid);
    const { paths } = await restoreEntry(entry, { store, system: nixSystem, isWanted: isSource, runtime });
    await keepPaths(nix, paths, runtime.temporary);
    return before;
  } catch (error) {
    runtime.log.debug(`Cannot restore sources: ${messageOf(error)}`);
    return undefined;
  }
}

/** Restores the store paths of an entry and protects them from the garbage collector during the run. */
export async function restoreStore(
  fetched: FetchedEntry | undefined,
  nix: Nix,
  { inputs, runtime, before: known }: Restoring,
): Promise<StoreCache | undefined> {
  const isFetchedByBuild = inputs.cache.use !== 'off' && inputs.cache.binaryCache !== undefined;
  const isUsed = fetched !== undefined || isFetchedByBuild;
  if (!isUsed) {
    // Another use of the action in this job may have a cache, and starts from the paths that were valid before this
    // one.
    const record = runtime.job === undefined ? undefined : recordValidPaths(runtime, () => listValidPaths(nix));
    await record?.catch(error => runtime.log.debug(messageOf(error)));
    return undefined;
  }
  return continueWithoutCache(runtime, async () => {
    if (fetched === undefined) {
      const before = known ?? (await recordValidPaths(runtime, () => listValidPaths(nix)));
      return { before, result: undefined, confirmed: new Set() };
    }
    const store = await openStore(nix);
    const before = known ?? (await recordValidPaths(runtime, async () => store.valid));
    const restore = (entry: Entry) => restoreFrom(entry, { nix, store }, runtime);
    return { before, ...(await restoreFetched(fetched, runtime, restore)) };
  });
}

/** Store paths that were valid before the first use of the action in this job, which records them for later uses. */
async function recordValidPaths(
  runtime: Runtime,
  list: () => Promise<ReadonlySet<string>>,
): Promise<ReadonlySet<string>> {
  const { before } = await readJobNotes(runtime);
  if (before !== undefined) return new Set(before);
  const valid = await list();
  await addJobNotes(runtime, { before: [...valid] });
  return valid;
}

/**
 * Reads the layers that an entry confirms for a prebuilt image, which only `reuse: verify` can use. Store paths are
 * neither restored nor saved.
 */
export async function restoreLayers(inputs: Inputs, runtime: Runtime): Promise<StoreCache | undefined> {
  if (inputs.reuse !== 'verify' || !(inputs.push || inputs.dryRun)) return undefined;
  const fetched = await fetchEntry(inputs, runtime).entry;
  if (fetched === undefined) return undefined;
  return continueWithoutCache(runtime, async () => {
    const read = async (entry: Entry) => ({
      layers: layersOf(entry, nixSystem),
      restoredPaths: 0,
      restoredBytes: 0,
    });
    return { before: new Set(), ...(await restoreFetched(fetched, runtime, read)) };
  });
}

function continueWithoutCache(
  runtime: Runtime,
  restore: () => Promise<StoreCache | undefined>,
): Promise<StoreCache | undefined> {
  return runtime.log.group('Cache', async () => {
    try {
      return await restore();
    } catch (error) {
      runtime.log.warning(`Running without the store cache: ${messageOf(error)}`);
      return undefined;
    }
  });
}

async function keyOf(
  { cache, builds, contents, buildArgs }: Inputs,
  { directory }: Runtime,
  toolchain: string | undefined,
): Promise<CacheKey> {
  const needsPaths = builds.every(({ source }) => source.kind !== 'path');
  const found = await cacheKey({
    directory,
    patterns: cache.keyFiles,
    system: nixSystem,
    spec: JSON.stringify([builds.map(sourceInKey), contents, buildArgs]),
    extra: cache.keyExtra,
    toolchain,
  });
  // Entries for other images are large because of their store paths, which a prebuilt image does not need.
  return needsPaths ? found : { ...found, prefixes: found.prefixes.slice(0, 1) };
}

/** Without the hash of a store path, which differs in every build. */
function sourceInKey({ source }: PlatformBuild): ImageSource {
  return source.kind === 'path' ? { ...source, path: source.path.replace(/^\/nix\/store\/[^-/]+-/, '') } : source;
}

/** Entries per key: if replacements are rejected too, damage is not the reason. */
const mostReplacements = 3;

/**
 * Entries cannot be replaced, so a damaged one would block its key for ever. Its replacement is saved under the same
 * key with a number.
 */
async function restoreFetched(
  fetched: FetchedEntry,
  runtime: Runtime,
  restore: (entry: Entry) => Promise<FromEntry>,
): Promise<Pick<StoreCache, 'result' | 'confirmed'>> {
  const { entries } = fetched;
  const { key, files, unreadable } = fetched.key;
  runtime.log.info(`Key ${key}, computed from ${files.join(', ') || 'no lock files'}`);
  if (unreadable.length > 0) runtime.log.info(`Cannot read, so not searched for lock files: ${listOf(unreadable)}`);
  let found: FoundEntry = fetched;
  for (let number = 1; ; number++) {
    const numbered = number === 1 ? key : replacementKey(key, number);
    if (number > 1) {
      found = await fetchFound(entries.find(numbered, []), entries.open(numbered, []));
    }
    const { matchedKey, refusal } = found;
    runtime.log.info(matchedKey === undefined ? 'No entry' : `Entry ${matchedKey}`);
    try {
      if (refusal !== undefined) throw refusal;
      if (matchedKey !== undefined) {
        const { layers, ...restored } = await restore(expectEntry(found));
        runtime.log.info(`It confirms ${layers.length} layers`);
        return { result: { key: numbered, matchedKey, ...restored }, confirmed: claimKeys(layers) };
      }
    } catch (error) {
      runtime.log.warning(`Rejected the cache entry ${matchedKey}, leaving the store unchanged: ${messageOf(error)}`);
      if (error instanceof DamagedEntry && matchedKey === numbered && number < mostReplacements) continue;
    }
    const result = { key: numbered, matchedKey: undefined, restoredPaths: 0, restoredBytes: 0 };
    return { result, confirmed: new Set() };
  }
}

const longestList = 10;

function listOf(paths: readonly string[]): string {
  const more = paths.length > longestList ? [`and ${paths.length - longestList} more`] : [];
  return [...paths.slice(0, longestList), ...more].join(', ');
}

interface FromEntry extends Pick<CacheResult, 'restoredPaths' | 'restoredBytes'> {
  readonly layers: EntryManifest['layers'];
}

async function restoreFrom(
  entry: Entry,
  { nix, store }: { readonly nix: Nix; readonly store: RestoringStore },
  runtime: Runtime,
): Promise<FromEntry> {
  const { paths, size, held, layers } = await restoreEntry(entry, { store, system: nixSystem, runtime });
  await keepPaths(nix, paths, runtime.temporary);
  runtime.log.info(`Restored ${paths.length} of ${held.length} store paths, ${formatSize(size)}`);
  return { layers, restoredPaths: paths.length, restoredBytes: size };
}

/** The store of this machine, for a restore. */
export async function openStore(nix: Nix): Promise<RestoringStore> {
  const [valid, isOwn] = await Promise.all([listValidPaths(nix), ownsStore(nix)]);
  return {
    isOwn,
    valid,
    findInvalid: paths => findInvalidPaths(nix, paths),
    substitute: paths => substitutePaths(nix, paths),
    register: registration => registerPaths(nix, registration),
    importPaths: stream => importPaths(nix, stream),
  };
}
