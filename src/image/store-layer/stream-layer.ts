import { type StartedStream, startStream } from '../../lib/start-stream.ts';
import type { LayerReadOptions } from '../../oci/image.ts';
import { type ByteString, bytesOf } from '../../tar/byte-string.ts';
import { pythonTar } from '../../tar/python-tar.ts';
import { type TarEntry, writeEnd } from '../../tar/write-entry.ts';
import { type LayerEntry, packEntries, packFiles } from './pack-files.ts';
import { packNar } from './pack-nar.ts';
import { type Locate, readTarget, type StoreFile, walkFiles } from './walk-files.ts';

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

/** NARs that are open at a time, the one that is read included: small ones take longer to arrive than to be read. */
const narsAhead = 3;

/** Store paths that the store of this machine lacks. */
export interface MissingPaths {
  isMissing(path: string): boolean;
  /** A fresh stream of the NAR of a missing path; fails, at its end if need be, if that is not the right one. */
  openNar(path: string): AsyncIterable<Buffer>;
}

/**
 * The same tar, of which the missing paths are made from their NARs as these arrive. A NarFault if one is not what it
 * should be: then what came before must not be used either.
 */
export async function* openLayerFromNars(
  layer: StreamLayer,
  { missing, locate }: { readonly missing: MissingPaths; readonly locate: Locate },
  options?: LayerReadOptions,
): AsyncGenerator<Uint8Array, void> {
  let written = 0;
  for await (const chunk of chunks()) {
    written += chunk.length;
    yield chunk;
  }
  yield writeEnd(written, pythonTar);

  async function* chunks() {
    yield* packEntries(storeEntries(layer), pythonTar, options);
    const headerOf = headersOf(layer);
    const left = layer.paths.filter(path => missing.isMissing(path));
    const started: StartedStream<Buffer>[] = [];
    try {
      for (const path of layer.paths) {
        const isHere = !missing.isMissing(path);
        if (isHere) yield* packEntries(entriesIn(path, layer, locate), pythonTar, options);
        if (isHere) continue;
        for (const next of left.splice(0, narsAhead - started.length)) {
          started.push(startStream(missing.openNar(next)));
        }
        const nar = started.shift();
        if (nar !== undefined) yield* packNar(nar, { path, headerOf, options });
      }
    } finally {
      await Promise.all(started.map(nar => nar.close()));
    }
  }
}

function* entriesOf(layer: StreamLayer, locate: Locate): Generator<LayerEntry, void> {
  yield* storeEntries(layer);
  for (const path of layer.paths) yield* entriesIn(path, layer, locate);
}

function* storeEntries({ nixMode, ...layer }: StreamLayer): Generator<LayerEntry, void> {
  const headerOf = headersOf(layer);
  for (const path of ['/nix', '/nix/store']) {
    yield { header: headerOf({ path, type: 'directory', mode: nixMode, size: 0 }, '') };
  }
}

function* entriesIn(path: string, layer: StreamLayer, locate: Locate): Generator<LayerEntry, void> {
  const headerOf = headersOf(layer);
  for (const file of walkFiles(path, locate)) {
    yield { header: headerOf(file, file.type === 'symlink' ? readTarget(file) : ''), file };
  }
}

/** Makes the headers of a layer. */
function headersOf({ owner }: Pick<StreamLayer, 'owner'>) {
  const same = { ...owner, uname: bytesOf(owner.uname), gname: bytesOf(owner.gname) };
  return ({ path, type, mode, size }: Omit<StoreFile, 'source'>, linkname: ByteString): TarEntry => {
    const name = type === 'directory' ? `${path}/` : path;
    return { name, type, mode, size, linkname, ...same };
  };
}
