import { chmodSync, linkSync, lstatSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { mkdtemp, statfs } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure, hasCode } from '../lib/failure.ts';
import { exportStream } from './export-stream.ts';
import { type EntryPath, storeDirectory } from './manifest.ts';
import { type Entry, openEntry } from './read-entry.ts';
import { noSink, seal, unpackNar } from './unpack-nar.ts';

/** What a restore needs of the machine's Nix. Paths are store paths. */
export interface RestoringStore {
  /** Whether this user may write into the store and its database, as Nix without a daemon does. */
  readonly isOwn: boolean;
  /** Those that are not valid. */
  findInvalid(paths: readonly string[]): Promise<ReadonlySet<string>>;
  /** Gets them from the configured binary caches; whether all are valid then. */
  substitute(paths: readonly string[]): Promise<boolean>;
  /** Makes paths valid that are in place already: `nix-store --load-db`. Throws if one is not there. */
  register(registration: string): Promise<void>;
  /** Takes paths in the format of `nix-store --export`. */
  importPaths(stream: AsyncIterable<Uint8Array>): Promise<void>;
}

export interface RestoreOptions {
  readonly store: RestoringStore;
  /** Nix's name of this machine. */
  readonly system: string;
}

/** What a restore added to the store. */
export interface Restored {
  readonly paths: readonly string[];
  /** Bytes of their NARs. */
  readonly size: number;
  /** All that the entry holds, in its order. */
  readonly held: readonly string[];
}

/**
 * Makes the paths of an entry valid, all or none. What is valid already stays as it is. Everything is checked before
 * anything becomes valid; a Failure when the entry is damaged, foreign or false, and then the store is as before.
 */
export async function restoreEntry(file: string, { store, system }: RestoreOptions): Promise<Restored> {
  const entry = await openEntry(file);
  try {
    if (entry.manifest.system !== system) throw new Failure(`it is for ${entry.manifest.system}, not ${system}`);
    const { paths } = entry.manifest;
    const invalid = await store.findInvalid(paths.map(({ path }) => path));
    const missing = paths.filter(({ path }) => invalid.has(path));
    await requireReferences(entry.manifest.paths, missing, store);
    const size = missing.reduce((sum, { narSize }) => sum + narSize, 0);
    await requireSpace(size);
    if (missing.length > 0) {
      if (store.isOwn) await unpackAndRegister(entry, missing, store);
      else await checkAndImport(entry, missing, { store, file });
    }
    return { paths: missing.map(({ path }) => path), size, held: paths.map(({ path }) => path) };
  } finally {
    await entry.close();
  }
}

/** References that are not in the entry must be valid, or be had from a binary cache. */
async function requireReferences(
  paths: readonly EntryPath[],
  missing: readonly EntryPath[],
  store: RestoringStore,
): Promise<void> {
  const held = new Set(paths.map(({ path }) => path));
  const outside = [...new Set(missing.flatMap(({ references }) => references))].filter(path => !held.has(path));
  const absent = [...(await store.findInvalid(outside))].sort();
  if (absent.length === 0 || (await store.substitute(absent))) return;
  throw new Failure(`it refers to ${absent[0]}, which is neither in it nor in the store`);
}

async function requireSpace(size: number): Promise<void> {
  const { bavail, bsize } = await statfs(storeDirectory);
  if (size <= bavail * bsize) return;
  throw new Failure(`it claims ${size} bytes, and ${storeDirectory} has room for ${bavail * bsize}`);
}

/** Unpacks beside the store paths, moves them to their places, registers them. */
async function unpackAndRegister(entry: Entry, missing: readonly EntryPath[], store: RestoringStore): Promise<void> {
  const temporary = await mkdtemp(join(storeDirectory, '.nix-image-'));
  const places = new Map(missing.map(({ path }) => [path, join(temporary, basename(path))]));
  const moved: string[] = [];
  try {
    await entry.readNars(({ path }) => {
      const place = places.get(path);
      return place === undefined ? undefined : unpackNar(place);
    });
    for (const [path, place] of places) {
      moveIntoStore(place, path);
      moved.push(path);
    }
    await store.register(missing.map(registrationOf).join(''));
  } catch (error) {
    for (const path of await store.findInvalid(moved)) removeTree(path);
    throw error;
  } finally {
    removeTree(temporary);
  }
}

/** Never replaces what is there. rename(2) would replace a file, and link(2) cannot link a directory. */
function moveIntoStore(place: string, path: string) {
  try {
    if (!lstatSync(place).isDirectory()) return linkSync(place, path);
    renameSync(place, path);
    seal(path);
  } catch (error) {
    if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR')) throw error;
    throw new Failure(`${path} is in its way: there, but not valid. Run nix-store --delete ${path}`, { cause: error });
  }
}

/** Directories of the store are not writable, which is in the way of all but root. */
function removeTree(path: string): void {
  const openUp = (directory: string) => {
    chmodSync(directory, 0o755);
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      if (entry.isDirectory()) openUp(join(directory, entry.name));
    }
  };
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) openUp(path);
  rmSync(path, { recursive: true, force: true });
}

/** As `nix-store --dump-db` writes it: path, hash, size, deriver, number of references, references; a line each. */
function registrationOf({ path, narHash, narSize, deriver = '', references }: EntryPath): string {
  const lines = [path, narHash, narSize, deriver, references.length, ...references];
  return lines.map(line => `${line}\n`).join('');
}

/** A store that belongs to a daemon takes paths one by one, so the whole entry is read and checked before. */
async function checkAndImport(
  entry: Entry,
  missing: readonly EntryPath[],
  { store, file }: { readonly store: RestoringStore; readonly file: string },
): Promise<void> {
  const wanted = new Set(missing.map(({ path }) => path));
  await entry.readNars(({ path }) => (wanted.has(path) ? noSink : undefined));
  const again = await openEntry(file);
  try {
    await store.importPaths(exportStream(again, wanted));
  } finally {
    await again.close();
  }
}
