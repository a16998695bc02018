import type { Descriptor } from './blob.ts';
import { type Digest, isDigest } from './digest.ts';

/** Where a zstd:chunked blob has its index, as annotations of the layer. Without them no reader looks for the index. */
export interface ChunkedPositions {
  /** Digest of the compressed table of contents. */
  readonly checksum: Digest;
  /** `OFFSET:BYTES:PLAIN BYTES:1` of the table of contents. */
  readonly contents: string;
  /** `OFFSET:BYTES:PLAIN BYTES` of the tar-split. */
  readonly tarSplit: string;
}

/** https://github.com/containers/container-libs/blob/main/storage/pkg/chunked/internal/minimal/compression.go */
const keys = {
  checksum: 'io.github.containers.zstd-chunked.manifest-checksum',
  contents: 'io.github.containers.zstd-chunked.manifest-position',
  tarSplit: 'io.github.containers.zstd-chunked.tarsplit-position',
} as const;

export function annotationsOf({ checksum, contents, tarSplit }: ChunkedPositions): Readonly<Record<string, string>> {
  return { [keys.checksum]: checksum, [keys.contents]: contents, [keys.tarSplit]: tarSplit };
}

/** The positions in a descriptor's annotations; undefined if one is missing or malformed. */
export function chunkedPositionsOf({ annotations = {} }: Descriptor): ChunkedPositions | undefined {
  const checksum = annotations[keys.checksum] ?? '';
  const contents = annotations[keys.contents] ?? '';
  const tarSplit = annotations[keys.tarSplit] ?? '';
  const isWhole = isDigest(checksum) && /^(\d{1,16}:){3}1$/.test(contents) && /^(\d{1,16}:){2}\d{1,16}$/.test(tarSplit);
  return isWhole ? { checksum, contents, tarSplit } : undefined;
}
