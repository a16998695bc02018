import { linkSync, lstatSync, renameSync } from 'node:fs';
import { mkdtemp, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure, hasCode } from '../lib/failure.ts';
import { settleAll } from '../lib/pool.ts';
import { removeTree } from '../lib/remove-tree.ts';
import type { Runtime } from '../runtime.ts';
import { storeDirectory } from '../store-path.ts';
import { exportStream } from './export-stream.ts';
import type { EntryManifest, EntryPath } from './manifest.ts';
import { DamagedEntry, type Entry, type EntryPart } from './read-entry.ts';
import { readParts } from './read-parts.ts';
import { makeReadOnly } from './unpack-nar.ts';

/** The operations on the store that a restore needs. Paths are store paths. */
export interface RestoringStore {
  /** Whether this user may write to the store and its database, as Nix without a daemon does. */
  readonly isOwn: boolean;
  /** All paths that are valid before the restore. */
  readonly valid: ReadonlySet<string>;
  /** The given paths that are not valid now. */
  findInvalid(paths: readonly string[]): Promise<ReadonlySet<string>>;
  /** Fetches them from the configured binary caches; returns whether all are valid then. */
  substitute(paths: readonly string[]): Promise<boolean>;
  /** Registers paths that are already in the store: `nix-store --load-db`. Throws if one is missing. */
  register(registration: AsyncIterable<Uint8Array>): Promise<void>;
  /** Adds paths in the format of `nix-store --export`. */
  importPaths(stream: AsyncIterable<Uint8Array>): Promise<void>;
}

export interface RestoreOptions {
  readonly store: RestoringStore;
  /** Nix's name for this machine. */
  readonly system: string;
  /** Which paths to restore; all if not given. Those that others of them refer to must be among them. */
  readonly isWanted?: (path: EntryPath) => boolean;
  /** How the run is cancelled; then what is unpacked so far is removed before it exits. */
  readonly runtime?: Pick<Runtime, 'cancelled' | 'holdExit'>;
}

/** The paths that a restore added to the store. */
export interface Restored {
  readonly paths: readonly string[];
  /** Bytes of their NARs. */
  readonly size: number;
  /** All paths of the entry, in its order. */
  readonly held: readonly string[];
  readonly layers: EntryManifest['layers'];
}

/**
 * Makes the paths of an entry valid, all or none. Valid paths are not touched. Everything is checked before any path
 * becomes valid; if the entry is damaged, for another system or wrong, throws a Failure and leaves the store unchanged.
 */
export async function restoreEntry(
  entry: Entry,
  { store, system, isWanted = () => true, runtime }: RestoreOptions,
): Promise<Restored> {
  requireSystem(entry, system);
  const { paths, layers } = entry.manifest;
  const missing = paths.filter(path => !store.valid.has(path.path) && isWanted(path));
  await requireReferences(paths, missing, store);
  const size = missing.reduce((sum, { narSize }) => sum + narSize, 0);
  // An entry that claims more than it has is damaged, whatever the disk has room for.
  const parts = await entry.fetchParts(new Set(missing.map(({ path }) => path)));
  await requireSpace(size, storeDirectory);
  if (missing.length > 0) {
    if (store.isOwn) {
      const work = unpackAndRegister(parts, missing, { store, cancelled: runtime?.cancelled });
      await (runtime?.holdExit(work) ?? work);
    } else await checkAndImport(parts, missing, store);
  }
  return { paths: missing.map(({ path }) => path), size, held: paths.map(({ path }) => path), layers };
}

/** The layers that an entry confirms. A Failure if it is for another system. */
export function layersOf(entry: Entry, system: string): EntryManifest['layers'] {
  requireSystem(entry, system);
  return entry.manifest.layers;
}

/** Throws a Failure if the entry is for another system. */
export function requireSystem({ manifest }: Entry, system: string): void {
  if (manifest.system !== system) throw new Failure(`it is for ${manifest.system}, not ${system}`);
}

/** References that are not in the entry must be valid or available from a binary cache. */
async function requireReferences(
  paths: readonly EntryPath[],
  missing: readonly EntryPath[],
  store: RestoringStore,
): Promise<void> {
  const held = new Set(paths.map(({ path }) => path));
  const references = new Set(missing.flatMap(path => path.references));
  const absent = [...references].filter(path => !held.has(path) && !store.valid.has(path)).sort();
  if (absent.length === 0 || (await store.substitute(absent))) return;
  throw new DamagedEntry(`it refers to ${absent[0]}, which is neither in it nor in the store`);
}

/** Throws a Failure if a directory has less free space than `size` bytes. */
export async function requireSpace(size: number, directory: string): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  if (size <= bavail * bsize) return;
  throw new Failure(`it claims ${size} bytes, but ${directory} has only ${bavail * bsize} free`);
}

/** Unpacks next to the store paths, moves the results into the store, and registers them. */
async function unpackAndRegister(
  parts: readonly EntryPart[],
  missing: readonly EntryPath[],
  { store, cancelled }: { readonly store: RestoringStore; readonly cancelled: AbortSignal | undefined },
): Promise<void> {
  const temporary = await mkdtemp(join(storeDirectory, '.nix-image-'));
  const targets = new Map(missing.map(({ path }) => [path, join(temporary, basename(path))]));
  const moved: string[] = [];
  const unpack = async () => {
    await readParts({ parts, targets }, cancelled);
    for (const [path, target] of targets) {
      moveIntoStore(target, path);
      moved.push(path);
    }
  };
  try {
    const unpacked = unpack();
    // Nix starts in the meantime, and waits for the registration.
    await settleAll([unpacked, store.register(registrationsAfter(unpacked, missing))]);
  } catch (error) {
    for (const path of await store.findInvalid(moved)) removeTree(path);
    throw error;
  } finally {
    removeTree(temporary);
  }
}

async function* registrationsAfter(unpacked: Promise<void>, paths: readonly EntryPath[]): AsyncGenerator<Uint8Array> {
  await unpacked;
  yield Buffer.from(paths.map(registrationOf).join(''));
}

/** Never replaces an existing path. rename(2) would replace a file, and link(2) cannot link a directory. */
function moveIntoStore(target: string, path: string) {
  try {
    if (!lstatSync(target).isDirectory()) return linkSync(target, path);
    renameSync(target, path);
    makeReadOnly(path);
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) throw error;
    throw new Failure(`${path} exists but is not valid. Run nix-store --delete ${path}`, { cause: error });
  }
}

/**
 * In the format of `nix-store --dump-db`: path, hash, size, deriver, number of references, references; one line each.
 */
export function registrationOf({ path, narHash, narSize, deriver = '', references }: EntryPath): string {
  const lines = [path, narHash, narSize, deriver, references.length, ...references];
  return lines.map(line => `${line}\n`).join('');
}

/** A daemon's store accepts paths one by one, so the whole entry is read and checked first. */
async function checkAndImport(
  parts: readonly EntryPart[],
  missing: readonly EntryPath[],
  store: RestoringStore,
): Promise<void> {
  await readParts({ parts, targets: new Map(missing.map(({ path }) => [path, undefined])) });
  await store.importPaths(exportStream(parts, missing));
}
