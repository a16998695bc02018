import { lstatSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { EntryManifest, EntryPath } from './manifest.ts';
import { DamagedEntry, type Entry } from './read-entry.ts';
import { readParts } from './read-parts.ts';
import { registrationOf, requireSpace, requireSystem } from './restore-entry.ts';
import { isSource } from './split-paths.ts';
import { makeReadOnly } from './unpack-nar.ts';

/**
 * Unpacks the Nix of an entry and the sources that the store lacks, in the layout of a release's archive: read-only
 * store paths in `store/` of `directory`, which must not exist yet, and their registration in `.reginfo`. Needs no Nix.
 * Returns the sources, or undefined if the entry has no Nix; a Failure if the entry is damaged, for another system or
 * incomplete.
 */
export async function unpackToolchain(
  entry: Entry,
  directory: string,
  system: string,
): Promise<readonly string[] | undefined> {
  requireSystem(entry, system);
  const toolchain = toolchainOf(entry.manifest);
  if (toolchain.length === 0) return undefined;
  const sources = entry.manifest.paths.slice(toolchain.length).filter(path => isSource(path) && !isThere(path));
  const paths = [...toolchain, ...sources];
  const size = paths.reduce((sum, { narSize }) => sum + narSize, 0);
  const store = join(directory, 'store');
  const targets = new Map(paths.map(({ path }) => [path, join(store, basename(path))]));
  const parts = await entry.fetchParts(new Set(targets.keys()));
  await requireSpace(size, directory);
  await mkdir(store);
  await readParts({ parts, targets });
  for (const target of targets.values()) if (lstatSync(target).isDirectory()) makeReadOnly(target);
  await writeFile(join(directory, '.reginfo'), paths.map(registrationOf).join(''));
  return sources.map(({ path }) => path);
}

/** Valid or not: a path that is not must not become valid unchecked. */
function isThere({ path }: EntryPath): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/**
 * The toolchain with everything that it refers to: the first paths of the entry, up to the last one that the toolchain
 * lists.
 */
function toolchainOf({ paths, toolchain }: EntryManifest): readonly EntryPath[] {
  const named = new Set(toolchain);
  const held = paths.slice(0, paths.findLastIndex(({ path }) => named.has(path)) + 1);
  const all = new Set(held.map(({ path }) => path));
  const absent = [...toolchain, ...held.flatMap(({ references }) => references)].find(path => !all.has(path));
  if (absent === undefined) return held;
  throw new DamagedEntry(`its Nix needs ${absent}, which is not in it`);
}
