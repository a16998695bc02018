import { createHash, type Hash } from 'node:crypto';
import { type NarSink, parseNar } from '../../nar/read-nar.ts';
import type { ByteString } from '../../tar/byte-string.ts';
import type { FileFacts } from './store-tree.ts';

/** A file of a NAR. */
export interface ListedFile extends FileFacts {
  /** Of a symlink. */
  readonly target: ByteString;
  /** Of a directory. */
  readonly names: ByteString[];
  /** Of a file: SHA-256 of its contents, hex digits. */
  hash: string;
}

/** The files of a NAR by path below its root: empty, or `/bin/hello`. */
export type NarListing = ReadonlyMap<ByteString, ListedFile>;

/** Reads a NAR to its end. A NarFault if it is invalid. */
export async function listNar(nar: AsyncIterable<Buffer>): Promise<NarListing> {
  const files = new Map<ByteString, ListedFile>();
  const parser = parseNar(listingSink(files));
  for await (const piece of nar) parser.push(piece);
  parser.end();
  return files;
}

function listingSink(files: Map<ByteString, ListedFile>): NarSink {
  let [last, hash]: [ListedFile | undefined, Hash] = [undefined, createHash('sha256')];
  const add = (path: ByteString, facts: Partial<ListedFile> & Pick<ListedFile, 'type'>) => {
    last = { isExecutable: false, size: 0, target: '', names: [], hash: '', ...facts };
    files.set(path, last);
    const slash = path.lastIndexOf('/');
    if (path !== '') files.get(path.slice(0, slash))?.names.push(path.slice(slash + 1));
  };
  return {
    startDirectory: path => add(path, { type: 'directory' }),
    endDirectory() {},
    symlink: (path, target) => add(path, { type: 'symlink', target }),
    startFile(path, isExecutable, size) {
      add(path, { type: 'file', isExecutable, size });
      hash = createHash('sha256');
    },
    contents: piece => void hash.update(piece),
    endFile() {
      if (last !== undefined) last.hash = hash.digest('hex');
    },
  };
}
