import { createHash } from 'node:crypto';
import { Failure } from '../../lib/failure.ts';
import type { Nix2containerPath, Nix2containerVersion } from './nix2container-layer.ts';
import type { StreamLayer } from './stream-layer.ts';

/**
 * Identifies the tar of a layer without reading it: NAR hashes determine names, contents, executable bits and symlink
 * targets; the owner and the order of the paths determine the rest. `narHashOf` returns the NAR hash of a store path.
 */
export function layerIdentity(layer: StreamLayer, narHashOf: (path: string) => string): string {
  const { mtime, uid, gid, uname, gname } = layer.owner;
  const paths = layer.paths.map(path => [path, narHashOf(path)]);
  return named('stream1', ['stream', layer.nixMode, mtime, uid, gid, uname, gname, paths]);
}

/** The same for a layer of nix2container. `narHashOf` returns the NAR hash of the store path that a path is in. */
export function nix2containerIdentity(
  paths: readonly Nix2containerPath[],
  { mtime, groupName }: Nix2containerVersion,
  narHashOf: (path: string) => string,
): string {
  const items = paths.map(({ path, options }) => [path, options ?? null, narHashOf(path)]);
  return named('nix2container1', ['nix2container', mtime, groupName, items]);
}

/** Looks up NAR hashes by store path; a Failure if one is missing. */
export function narHashOf(hashes: ReadonlyMap<string, string>): (path: string) => string {
  return path => {
    const hash = hashes.get(path);
    if (hash !== undefined) return hash;
    throw new Failure(`Cannot identify a layer: the NAR hash of ${path} is missing.`);
  };
}

function named(kind: string, key: unknown): string {
  return `${kind}:${createHash('sha256').update(JSON.stringify(key)).digest('hex')}`;
}
