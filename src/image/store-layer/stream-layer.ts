import type { LayerReadOptions } from '../../oci/image.ts';
import { bytesOf } from '../../tar/byte-string.ts';
import { pythonTar } from '../../tar/python-tar.ts';
import { type LayerEntry, packFiles } from './pack-files.ts';
import { type Locate, readTarget, walkFiles } from './walk-files.ts';

/** Attributes that `streamLayeredImage` writes on every entry of a layer. */
export interface StreamOwner {
  /** Unix seconds. */
  readonly mtime: number;
  readonly uid: number;
  readonly gid: number;
  readonly uname: string;
  readonly gname: string;
}

/** A layer of nixpkgs' `dockerTools.streamLayeredImage`. */
export interface StreamLayer {
  /** Store paths; their order matters. */
  readonly paths: readonly string[];
  readonly owner: StreamOwner;
  /** Mode of `/nix/` and `/nix/store/`: 0755, and 0555 up to nixpkgs 23.11. */
  readonly nixMode: 0o755 | 0o555;
}

/**
 * The uncompressed tar of a layer, byte for byte as `stream_layered_image.py` writes it. A Failure if a path cannot be
 * read or changes meanwhile.
 */
export function openStreamLayer(
  layer: StreamLayer,
  locate: Locate = path => path,
  options?: LayerReadOptions,
): AsyncIterable<Uint8Array> {
  return packFiles(entriesOf(layer, locate), pythonTar, options);
}

function* entriesOf({ paths, owner, nixMode }: StreamLayer, locate: Locate): Generator<LayerEntry, void> {
  const same = { ...owner, uname: bytesOf(owner.uname), gname: bytesOf(owner.gname) };
  for (const name of ['/nix/', '/nix/store/']) {
    yield { header: { name, type: 'directory', mode: nixMode, size: 0, linkname: '', ...same } };
  }
  for (const path of paths) {
    for (const file of walkFiles(path, locate)) {
      const { type, mode, size } = file;
      const name = type === 'directory' ? `${file.path}/` : file.path;
      const linkname = type === 'symlink' ? readTarget(file) : '';
      yield { header: { name, type, mode, size, linkname, ...same }, file };
    }
  }
}
