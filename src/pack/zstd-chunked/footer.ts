import type { ChunkedPositions } from '../../oci/chunked-positions.ts';
import { digestOf } from '../../oci/digest.ts';
import type { CompressedText } from './compressed-text.ts';

/** RFC 8878 section 3.1.2: frames that a decoder skips. */
const skippableMagic = 0x184d2a50;
const headerSize = 8;

/** The part of a zstd:chunked blob after its content. */
export interface Footer {
  readonly bytes: Buffer;
  readonly positions: ChunkedPositions;
}

/**
 * Skippable frames with the table of contents, the tar-split and their positions, to be written at `position` of the
 * blob: `WriteZstdChunkedManifest` in
 * https://github.com/containers/container-libs/blob/main/storage/pkg/chunked/internal/minimal/compression.go
 */
export function footerOf(position: number, contents: CompressedText, tarSplit: CompressedText): Footer {
  const contentsAt = position + headerSize;
  const tarSplitAt = contentsAt + contents.bytes.length + headerSize;
  const contentsPosition = [contentsAt, contents.bytes.length, contents.plainSize, 1];
  const tarSplitPosition = [tarSplitAt, tarSplit.bytes.length, tarSplit.plainSize];
  const positions = Buffer.alloc(64);
  for (const [i, position] of [...contentsPosition, ...tarSplitPosition].entries()) {
    positions.writeBigUInt64LE(BigInt(position), i * 8);
  }
  positions.write('GNUlInUx', 56, 'latin1');
  return {
    bytes: Buffer.concat([contents.bytes, tarSplit.bytes, positions].flatMap(skippableFrame)),
    positions: {
      checksum: digestOf(contents.bytes),
      contents: contentsPosition.join(':'),
      tarSplit: tarSplitPosition.join(':'),
    },
  };
}

function skippableFrame(bytes: Buffer): Buffer[] {
  const header = Buffer.alloc(headerSize);
  header.writeUInt32LE(skippableMagic, 0);
  header.writeUInt32LE(bytes.length, 4);
  return [header, bytes];
}
