import { Failure } from '../../lib/failure.ts';
import { type Digest, digestOf } from '../../oci/digest.ts';
import type { Member } from '../../tar/read-member.ts';
import { type CompressedText, createCompressedText } from './compressed-text.ts';

/** Position of a file's content in the blob, in zstd frames of its own. */
interface Extent {
  readonly digest: Digest;
  readonly offset: number;
  readonly endOffset: number;
}

export interface TableOfContents {
  add(member: Member, extent?: Extent): void;
  /** Ends the table, which states the digest of the compressed tar-split. */
  end(tarSplit: Uint8Array): Promise<CompressedText>;
}

/** Names of the types of tar members. */
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
 * The table of contents of a zstd:chunked blob: JSON with one entry per member, in the order of the tar. `TOC` and
 * `FileMetadata` in
 * https://github.com/containers/container-libs/blob/main/storage/pkg/chunked/internal/minimal/compression.go
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

/** Omits numbers that are 0 and empty texts. */
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
