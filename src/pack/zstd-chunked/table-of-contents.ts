import { Failure } from '../../lib/failure.ts';
import { type Digest, digestOf } from '../../oci/digest.ts';
import type { Member } from '../../tar/read-member.ts';
import { type CompressedText, createCompressedText } from './compressed-text.ts';

/** Where the content of a file is in the blob: zstd frames of their own. */
interface Extent {
  readonly digest: Digest;
  readonly offset: number;
  readonly endOffset: number;
}

export interface TableOfContents {
  add(member: Member, extent?: Extent): void;
  /** Ends the table, which has the digest of the compressed tar-split. */
  end(tarSplit: Uint8Array): Promise<CompressedText>;
}

/** The names of the tar's types. */
const types: Readonly<Record<string, string>> = {
  '0': 'reg',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'char',
  '4': 'block',
  '5': 'dir',
  '6': 'fifo',
};

/**
 * The table of contents of a zstd:chunked blob: JSON with an entry for each member, in the order of the tar. `TOC` and
 * `FileMetadata` in https://github.com/containers/container-libs/blob/main/storage/pkg/chunked/internal/minimal/compression.go
 */
export function createTableOfContents(level: number): TableOfContents {
  const text = createCompressedText(level, 'table of contents');
  let separator = '{"version":1,"entries":[';
  return {
    add(member, extent) {
      text.add(separator + JSON.stringify(entryOf(member, extent)));
      separator = ',';
    },
    end(tarSplit) {
      text.add(`${separator === ',' ? '' : separator}],"tarSplitDigest":"${digestOf(tarSplit)}"}`);
      return text.end();
    },
  };
}

/** Numbers that are 0 and texts that are empty are left out. */
function entryOf(member: Member, extent: Extent | undefined) {
  const type = types[member.flag];
  if (type === undefined) throw new Failure(`Cannot index the layer: "${member.name}" is of an unknown type.`);
  const xattrs = [...member.xattrs].map(([name, value]) => [name, Buffer.from(value, 'latin1').toString('base64')]);
  return {
    type,
    name: member.name,
    linkName: member.linkname || undefined,
    mode: member.mode || undefined,
    size: member.size || undefined,
    uid: member.uid || undefined,
    gid: member.gid || undefined,
    modtime: member.mtime,
    accesstime: member.atime,
    changetime: member.ctime,
    devMajor: member.devmajor || undefined,
    devMinor: member.devminor || undefined,
    xattrs: xattrs.length === 0 ? undefined : Object.fromEntries(xattrs),
    ...extent,
  };
}
