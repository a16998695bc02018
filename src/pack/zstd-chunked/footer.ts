import type { ChunkedPlaces } from '../../oci/chunked-places.ts';
import { digestOf } from '../../oci/digest.ts';
import type { CompressedText } from './compressed-text.ts';

/** RFC 8878 section 3.1.2: frames that a decoder passes over. */
const skippableMagic = 0x184d2a50;
const headerSize = 8;

/** What follows the content of a zstd:chunked blob. */
export interface Footer {
  readonly bytes: Buffer;
  readonly places: ChunkedPlaces;
}

/**
 * Skippable frames with the table of contents, the tar-split and where they are, to stand at `position` of the blob:
 * `WriteZstdChunkedManifest` in
 * https://github.com/containers/container-libs/blob/main/storage/pkg/chunked/internal/minimal/compression.go
 */
export function footerOf(position: number, contents: CompressedText, tarSplit: CompressedText): Footer {
  const contentsAt = position + headerSize;
  const tarSplitAt = contentsAt + contents.bytes.length + headerSize;
  const contentsPlace = [contentsAt, contents.bytes.length, contents.plainSize, 1];
  const tarSplitPlace = [tarSplitAt, tarSplit.bytes.length, tarSplit.plainSize];
  const places = Buffer.alloc(64);
  for (const [i, place] of [...contentsPlace, ...tarSplitPlace].entries()) {
    places.writeBigUInt64LE(BigInt(place), i * 8);
  }
  places.write('GNUlInUx', 56, 'latin1');
  return {
    bytes: Buffer.concat([contents.bytes, tarSplit.bytes, places].flatMap(skippableFrame)),
    places: {
      checksum: digestOf(contents.bytes),
      contents: contentsPlace.join(':'),
      tarSplit: tarSplitPlace.join(':'),
    },
  };
}

function skippableFrame(bytes: Buffer): Buffer[] {
  const header = Buffer.alloc(headerSize);
  header.writeUInt32LE(skippableMagic, 0);
  header.writeUInt32LE(bytes.length, 4);
  return [header, bytes];
}
