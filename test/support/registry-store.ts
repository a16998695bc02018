import { type Hash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { hasCode } from '../../src/lib/failure.ts';

/**
 * A registry's content. Every repository is a directory: `_blobs/sha256/HEX` and `_manifests/sha256/HEX` hold the
 * content, `_tags/TAG` a digest; no repository's name has a part that starts with `_`. Uploads under way live in
 * memory and `_uploads` at the top, and end with the process.
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
export async function openStore(root: string): Promise<Store> {
  await rm(join(root, '_uploads'), { recursive: true, force: true });
  await mkdir(join(root, '_uploads'), { recursive: true });
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
export async function write(store: Store, path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = join(store.root, '_uploads', randomUUID());
  await writeFile(temporary, content);
  await rename(temporary, path);
}

/** A file's size in bytes, or undefined if there is none. */
export async function sizeOf(path: string): Promise<number | undefined> {
  return (await ifAny(stat(path)))?.size;
}

/** A text file's content, or undefined if there is none. */
export function readIfAny(path: string): Promise<string | undefined> {
  return ifAny(readFile(path, 'utf8'));
}

/** The names in a directory, sorted; none if there is no directory. */
export async function listDirectory(path: string): Promise<readonly string[]> {
  return ((await ifAny(readdir(path))) ?? []).sort();
}

/** What is read from the disk, or undefined if there is no such file. */
async function ifAny<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}
