import { createHash } from 'node:crypto';
import type { StreamLayer } from './stream-layer.ts';

/**
 * Names the tar of a layer without reading it: a NAR hash fixes names, contents, executable bits and symlink targets,
 * the owner and the order of the paths fix the rest. `narHashOf` gives the NAR hash of a store path.
 */
export function layerIdentity(layer: StreamLayer, narHashOf: (path: string) => string): string {
  const { mtime, uid, gid, uname, gname } = layer.owner;
  const paths = layer.paths.map(path => [path, narHashOf(path)]);
  const key = JSON.stringify(['stream', layer.nixMode, mtime, uid, gid, uname, gname, paths]);
  return `stream1:${createHash('sha256').update(key).digest('hex')}`;
}
