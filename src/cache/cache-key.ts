import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, matchesGlob } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { formatVersion } from './manifest.ts';

export interface KeyOptions {
  /** The checkout, absolute. */
  readonly directory: string;
  /** Further files to hash, as patterns relative to the checkout. */
  readonly patterns: readonly string[];
  /** Nix's name of this machine. */
  readonly system: string;
  /** A text that identifies what is built. */
  readonly spec: string;
  readonly extra: string;
  /** Name of the release of Nix that an entry should contain; undefined if the machine has its own Nix. */
  readonly toolchain?: string | undefined;
}

export interface CacheKey {
  readonly key: string;
  /** Prefixes of usable keys, the best first. */
  readonly prefixes: readonly string[];
  /** The files in the key, relative to the checkout, sorted. */
  readonly files: readonly string[];
  /** Files and directories that could not be read. */
  readonly unreadable: readonly string[];
}

/** Always included: lock files of flakes, npins and niv. */
const lockFiles: readonly RegExp[] = [/(^|\/)flake\.lock$/, /(^|\/)npins\/sources\.json$/, /(^|\/)nix\/sources\.json$/];

/**
 * `nix-image-FORMAT-SYSTEM-SPEC-LOCKS`, with `TOOLCHAIN-` before LOCKS if the entry should contain Nix. The same lock
 * files give the same key on every machine. Other lock files give a key with the same prefix, and so find the last
 * entry of this spec with this Nix, else of this spec, else of this system.
 */
export async function cacheKey({ directory, patterns, system, spec, ...rest }: KeyOptions): Promise<CacheKey> {
  const { extra, toolchain } = rest;
  const { files, unreadable } = await findFiles(directory, patterns);
  const locks = createHash('sha256');
  addField(locks, extra);
  for (const file of files) {
    const hash = await orUnreadable(file, unreadable, () => hashFile(join(directory, file)));
    addField(locks, file);
    addField(locks, hash ?? 'unreadable');
  }
  const forSystem = `nix-image-${formatVersion}-${system}-`;
  const forSpec = `${forSystem}${createHash('sha256').update(spec).digest('hex').slice(0, 12)}-`;
  const prefixes = [...(toolchain === undefined ? [] : [`${forSpec}${toolchain}-`]), forSpec, forSystem];
  return { key: `${prefixes[0]}${locks.digest('hex').slice(0, 32)}`, prefixes, files, unreadable };
}

/** Whether the entry of this key should contain this release of Nix. */
export function keyIncludesToolchain(key: string, toolchain: string): boolean {
  return key.includes(`-${toolchain}-`);
}

/** Each field is preceded by its length, so different lists of fields never give the same text. */
function addField(hash: Hash, text: string): void {
  const bytes = Buffer.from(text);
  hash.update(`${bytes.length}:`).update(bytes);
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Files of the checkout, sorted; no symlinks, so nothing of a build's result; nothing of git and npm. */
async function findFiles(
  directory: string,
  patterns: readonly string[],
): Promise<{ readonly files: readonly string[]; readonly unreadable: string[] }> {
  const isWanted = (file: string) =>
    lockFiles.some(name => name.test(file)) || patterns.some(pattern => matchesGlob(file, pattern));
  const files: string[] = [];
  const unreadable: string[] = [];
  for (const rest = ['']; rest.length > 0; ) {
    const below = rest.pop() as string;
    const list = () => readdir(join(directory, below), { withFileTypes: true });
    for (const entry of (await orUnreadable(below || '.', unreadable, list)) ?? []) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== '.git' && entry.name !== 'node_modules') rest.push(path);
      if (entry.isFile() && isWanted(path)) files.push(path);
    }
  }
  return { files: files.sort(), unreadable };
}

/**
 * Unreadable files, such as those that a service of the job wrote as its own user, must not prevent finding the rest.
 */
async function orUnreadable<T>(path: string, unreadable: string[], read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch {
    unreadable.push(path);
    return undefined;
  }
}

/** The key of an entry that replaces a damaged one: entries cannot be changed. `number` is 2 for the first replacement. */
export function replacementKey(key: string, number: number): string {
  return `${key}-${number}`;
}

/** Whether the entry of a key replaces a damaged one. Keys end with a longer hash otherwise. */
export function isReplacement(key: string): boolean {
  return /-\d$/.test(key);
}
