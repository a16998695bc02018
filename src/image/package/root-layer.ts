import { digestOf } from '../../oci/digest.ts';
import type { Layer } from '../../oci/image.ts';
import { pythonTar } from '../../tar/python-tar.ts';
import { paddedSize } from '../../tar/read-header.ts';
import { type TarEntry, writeEnd, writeTarEntry } from '../../tar/write-entry.ts';
import type { Directory, RootEntry } from './link-tree.ts';

/** Everything in the layer belongs to root and has the time of all files in the store. */
const owner = { mtime: 1, uid: 0, gid: 0, uname: 'root', gname: 'root' };

/**
 * A layer of files below `at` that are not in the store, such as those at the root of an image. It is kept in memory:
 * symlinks and a few small files.
 */
export function rootLayer(root: Directory, at = '/'): Layer {
  const blocks = [...blocksBelow(root, at)];
  const written = blocks.reduce((sum, block) => sum + block.length, 0);
  const tar = Buffer.concat([...blocks, writeEnd(written, pythonTar)]);
  return {
    diffId: digestOf(tar),
    encoding: 'tar',
    size: tar.length,
    async *open() {
      yield tar;
    },
  };
}

function* blocksBelow(directory: Directory, at: string): Generator<Uint8Array, void> {
  const entries = [...directory].sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [name, entry] of entries) yield* blocksOf(entry, at + name);
}

function* blocksOf(entry: RootEntry, name: string): Generator<Uint8Array, void> {
  if (entry instanceof Map) {
    // Everyone may write to /tmp and delete only what is theirs.
    yield blockOf({ name: `${name}/`, type: 'directory', mode: name === '/tmp' ? 0o1777 : 0o755 });
    yield* blocksBelow(entry, `${name}/`);
  } else if ('link' in entry) {
    yield blockOf({ name, type: 'symlink', mode: 0o777, linkname: entry.link });
  } else {
    const text = typeof entry.text === 'string' ? Buffer.from(entry.text) : entry.text;
    yield blockOf({ name, type: 'file', mode: 0o644, size: text.length });
    yield Buffer.concat([text], paddedSize(text.length));
  }
}

function blockOf(fields: Pick<TarEntry, 'name' | 'type' | 'mode'> & Partial<TarEntry>): Uint8Array {
  return writeTarEntry({ size: 0, linkname: '', ...owner, ...fields }, pythonTar);
}
