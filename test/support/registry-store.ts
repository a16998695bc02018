import { type Hash, randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { hasCode } from '../../src/lib/failure.ts';

/**
 * A registry's content. Every repository is a directory: `_blobs/sha256/HEX` and `_manifests/sha256/HEX` hold the
 * content, `_tags/TAG` a digest; no repository's name has a part that starts with `_`. Uploads under way live in
 * memory and `_uploads` at the top, and end with the process. Files are small and on this machine: promises of them would
 * cost more than the work.
 */
export interface Store {
  readonly root: string;
  readonly uploads: Map<string, Upload>;
}

/** Content that is not complete yet. */
export interface Upload {
  readonly repository: string;
  readonly path: string;
  readonly hash: Hash;
  size: number;
}

/** Opens the content kept in `root`, which is created if need be. */
export function openStore(root: string): Store {
  rmSync(join(root, '_uploads'), { recursive: true, force: true });
  mkdirSync(join(root, '_uploads'), { recursive: true });
  return { root, uploads: new Map() };
}

export function blobPath({ root }: Store, repository: string, digest: string): string {
  return join(root, repository, '_blobs', digest.replace(':', '/'));
}

export function manifestPath({ root }: Store, repository: string, digest: string): string {
  return join(root, repository, '_manifests', digest.replace(':', '/'));
}

export function tagPath({ root }: Store, repository: string, tag: string): string {
  return join(root, repository, '_tags', tag);
}

/** Writes a file so that a reader sees it whole or not at all. */
export function write(store: Store, path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = join(store.root, '_uploads', randomUUID());
  writeFileSync(temporary, content);
  renameSync(temporary, path);
}

/** A file's size in bytes, or undefined if there is none. */
export function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

/** A text file's content, or undefined if there is none. */
export function readIfAny(path: string): string | undefined {
  return ifAny(() => readFileSync(path, 'utf8'));
}

/** The names in a directory, sorted; none if there is no directory. */
export function listDirectory(path: string): readonly string[] {
  return (ifAny(() => readdirSync(path)) ?? []).sort();
}

/** What is read from the disk, or undefined if there is no such file. */
function ifAny<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
