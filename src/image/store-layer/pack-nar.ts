import { NarFault } from '../../nar/nar-fault.ts';
import { type NarSink, parseNar } from '../../nar/read-nar.ts';
import type { LayerReadOptions } from '../../oci/image.ts';
import { type ByteString, bytesOf, isUtf8, textOf } from '../../tar/byte-string.ts';
import { pythonTar } from '../../tar/python-tar.ts';
import { paddedSize } from '../../tar/read-header.ts';
import { type TarEntry, writeTarEntry } from '../../tar/write-entry.ts';
import { startSize } from './pack-files.ts';
import type { StoreFile } from './walk-files.ts';

interface PackNarOptions {
  /** The store path. */
  readonly path: string;
  readonly headerOf: (file: Omit<StoreFile, 'source'>, linkname: ByteString) => TarEntry;
  readonly options?: LayerReadOptions | undefined;
}

/**
 * The entries of a store path in the tar of a layer, made from its NAR as that arrives: the same bytes as from the
 * store. A NarFault if the NAR is invalid, or has a name that is not UTF-8, by which NARs and layers may sort
 * differently.
 */
export async function* packNar(nar: AsyncIterable<Buffer>, options: PackNarOptions): AsyncGenerator<Uint8Array, void> {
  let blocks: Uint8Array[] = [];
  const parser = parseNar(tarSink(options, block => void blocks.push(block)));
  for await (const piece of nar) {
    parser.push(piece);
    // Copied, since the next piece may use the same memory.
    if (blocks.length > 0) yield Buffer.concat(blocks);
    blocks = [];
  }
  parser.end();
}

const nothing = Buffer.alloc(0);

/** Modes of files in a store. */
const modes = { plain: 0o444, executable: 0o555, symlink: 0o777 } as const;

/** Writes the entries of a NAR through `write`, and reports each of them with the start of its content. */
function tarSink({ path: storePath, headerOf, options }: PackNarOptions, write: (block: Uint8Array) => void): NarSink {
  const onMember = options?.onMember;
  const root = bytesOf(storePath);
  let header: TarEntry | undefined;
  let start: Buffer = nothing;

  const begin = (file: Omit<StoreFile, 'source' | 'path'> & { readonly below: ByteString }, linkname = '') => {
    const { below, ...others } = file;
    if (!isUtf8(below))
      throw new NarFault(`Cannot make a layer of ${storePath}: the name ${textOf(below)} is not UTF-8.`);
    header = headerOf({ path: root + below, ...others }, linkname);
    write(writeTarEntry(header, pythonTar));
    start = nothing;
    if (header.size === 0) onMember?.(header, nothing);
  };

  return {
    startDirectory: below => begin({ below, type: 'directory', mode: modes.executable, size: 0 }),
    endDirectory() {},
    symlink: (below, target) => begin({ below, type: 'symlink', mode: modes.symlink, size: 0 }, target),
    startFile: (below, isExecutable, size) =>
      begin({ below, type: 'file', mode: isExecutable ? modes.executable : modes.plain, size }),
    contents(piece) {
      write(piece);
      if (header === undefined || onMember === undefined) return;
      const wanted = Math.min(header.size, startSize);
      if (start.length >= wanted) return;
      start = Buffer.concat([start, piece.subarray(0, wanted - start.length)]);
      if (start.length === wanted) onMember(header, start);
    },
    endFile() {
      const size = header?.size ?? 0;
      write(Buffer.alloc(paddedSize(size) - size));
    },
  };
}
