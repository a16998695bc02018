import { posix } from 'node:path';
import { storeDirectory } from '../store-path.ts';
import type { FileEntry, LayerFiles } from './layer-files.ts';
import { findInStore } from './local-store.ts';
import { storePathIn } from './store-place.ts';

/** A layer as the check knows it. */
export interface CheckedLayer {
  /** The files that the check collected; undefined if the layer was not read. */
  readonly files?: LayerFiles | undefined;
  /** See `Layer.storePaths`. */
  readonly storePaths?: readonly string[] | undefined;
}

/**
 * `absent`: the image does not have the file. `plain`: it has no such file, or one that is neither executable nor a
 * directory or link. `unknown`: it may be in a layer that was not read, or in a volume.
 */
export type Found = FileEntry | 'absent' | 'plain' | 'unknown';

/** The files of an image, with all layers applied. OCI image-spec layer.md. */
export interface ImageFiles {
  /** Follows symlinks, as a program in the container does. */
  find(path: string): Found;
  /** Whether a container is sure to see this layer's copy of the file: no layer above has, removes or may have it. */
  isVisible(path: string, layer: LayerFiles): boolean;
}

const mostLinks = 40;
const directory: FileEntry = { type: 'directory', mode: 0o755, uid: 0, size: 0 };

/** Files below a volume are unknown: the engine mounts something else there when the container starts. */
export function openImageFiles(layers: readonly CheckedLayer[], volumes: readonly string[]): ImageFiles {
  const topDown = layers
    .toReversed()
    .map(({ files, storePaths }) => ({ files, storePaths: storePaths && new Set(storePaths) }));

  const findEntry = (path: string): Found => {
    if (path === '/') return directory;
    const storePath = storePathIn(path);
    let hasStorePath = false;
    for (const { files, storePaths } of topDown) {
      if (files === undefined) {
        if (storePaths === undefined) return 'unknown';
        if (path === '/nix' || path === storeDirectory) return directory;
        if (storePath !== undefined && storePaths.has(storePath)) return findInStore(path) ?? 'unknown';
        continue;
      }
      const entry = files.entries.get(path);
      if (entry !== undefined) return entry;
      // Of plain files only the size is kept, and a tar may omit directories.
      const isThere = storePath !== undefined && (files.entries.has(storePath) || files.storeSizes.has(storePath));
      if (isThere) hasStorePath = true;
      if (!files.isComplete) return 'unknown';
      if (hides(files, path)) break;
    }
    return hasStorePath ? 'plain' : 'absent';
  };

  const isInVolume = (path: string) => volumes.some(volume => path === volume || path.startsWith(`${volume}/`));
  return {
    find(path) {
      const found = followLinks(posix.resolve('/', path), findEntry);
      return found.entry === 'absent' && isInVolume(found.path) ? 'unknown' : found.entry;
    },
    isVisible: (path, layer) => {
      const at = topDown.findIndex(({ files }) => files === layer);
      return !topDown.slice(0, at).some(({ files, storePaths }) => {
        if (files === undefined) return storePaths === undefined || storePaths.has(storePathIn(path) ?? '');
        return !files.isComplete || files.entries.has(path) || hides(files, path);
      });
    },
  };
}

/** Whether a layer removes the files that layers below it have at this path. */
export function hides({ removed, opaque }: LayerFiles, path: string): boolean {
  if (removed.size === 0 && opaque.size === 0) return false;
  if (removed.has(path)) return true;
  for (let at = posix.dirname(path); ; at = posix.dirname(at)) {
    if (removed.has(at) || opaque.has(at)) return true;
    if (at === '/') return false;
  }
}

/** Looks up each directory of a path in turn, and returns the path that the links lead to. */
function followLinks(path: string, findEntry: (path: string) => Found): { entry: Found; path: string } {
  let rest = path.split('/').filter(Boolean);
  let at = '/';
  let entry: Found = directory;
  let links = 0;
  while (rest.length > 0) {
    const [name = '', ...others] = rest;
    at = posix.join(at, name);
    rest = others;
    entry = findEntry(at);
    if (typeof entry === 'string') {
      // Layers may omit directories.
      if (entry === 'unknown') return { entry, path: posix.join(at, ...rest) };
      continue;
    }
    if (entry.type === 'symlink') {
      links += 1;
      if (links > mostLinks) return { entry: 'absent', path: at };
      rest = [...(entry.target ?? '').split('/').filter(part => part !== '' && part !== '.'), ...rest];
      at = entry.target?.startsWith('/') ? '/' : posix.dirname(at);
    } else if (entry.type !== 'directory' && rest.length > 0) {
      return { entry: 'absent', path: posix.join(at, ...rest) };
    }
  }
  return { entry, path: at };
}
