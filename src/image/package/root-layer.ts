import { digestOf } from '../../oci/digest.ts';
import type { Layer } from '../../oci/image.ts';
import { bytesOf } from '../../tar/byte-string.ts';
import { pythonTar } from '../../tar/python-tar.ts';
import { paddedSize } from '../../tar/read-header.ts';
import { writeEnd, writeEntry } from '../../tar/write-entry.ts';
import type { Directory, RootEntry } from './link-tree.ts';

/** Everything in the layer belongs to root and is of the second that all files in the store are of. */
const owner = { mtime: 1, uid: 0, gid: 0, uname: 'root', gname: 'root' };

/** The layer of what stands at the root of an image besides the store. It is small: symlinks and a few lines of text. */
export function rootLayer(root: Directory): Layer {
  const blocks = [...blocksBelow(root, '/')];
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
  for (const [name, entry] of directory) yield* blocksOf(entry, at + name);
}

function* blocksOf(entry: RootEntry, name: string): Generator<Uint8Array, void> {
  if (entry instanceof Map) {
    // All may write to /tmp, only owners delete there: hier(7).
    const mode = name === '/tmp' ? 0o1777 : 0o755;
    const header = { name: `${name}/`, type: 'directory', mode, size: 0, linkname: '', ...owner } as const;
    yield writeEntry(header, pythonTar);
    yield* blocksBelow(entry, `${name}/`);
  } else if ('link' in entry) {
    const header = { name, type: 'symlink', mode: 0o777, size: 0, linkname: entry.link, ...owner } as const;
    yield writeEntry(header, pythonTar);
  } else {
    const content = Buffer.alloc(paddedSize(Buffer.byteLength(entry.text)), entry.text);
    yield* [];
  }
}
