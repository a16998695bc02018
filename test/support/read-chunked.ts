import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';

/** An entry of a table of contents. */
interface ChunkedEntry {
  readonly type: string;
  readonly name: string;
  readonly size?: number;
  readonly digest?: string;
  readonly offset?: number;
  readonly endOffset?: number;
  readonly [field: string]: unknown;
}

const prefix = 'io.github.containers.zstd-chunked.';

/**
 * Reads a zstd:chunked blob as containers/storage does, by the annotations alone, and checks all that it says: every
 * checksum, every file against its range of the blob, the tar that tar-split and files make, and the footer.
 */
export function readChunked(blob: Buffer, annotations: Readonly<Record<string, string>>) {
  const placesOf = (name: string) => (annotations[`${prefix}${name}-position`] ?? '').split(':').map(Number);
  const [tocAt = 0, tocSize = 0, tocPlain, kind] = placesOf('manifest');
  const [splitAt = 0, splitSize = 0, splitPlain] = placesOf('tarsplit');
  const compressedToc = frameAt(blob, tocAt, tocSize);
  const compressedSplit = frameAt(blob, splitAt, splitSize);
  assert.equal(annotations[`${prefix}manifest-checksum`], sha256(compressedToc));
  const toc = unzstd(compressedToc);
  const split = unzstd(compressedSplit);
  assert.deepEqual([toc.length, split.length, kind], [tocPlain, splitPlain, 1]);
  const { version, entries, tarSplitDigest } = JSON.parse(toc.toString());
  assert.deepEqual([version, tarSplitDigest], [1, sha256(compressedSplit)]);
  const footer = Buffer.alloc(64);
  for (const [i, place] of [tocAt, tocSize, tocPlain, 1, splitAt, splitSize, splitPlain].entries()) {
    footer.writeBigUInt64LE(BigInt(place ?? 0), i * 8);
  }
  footer.write('GNUlInUx', 56);
  assert.deepEqual(frameAt(blob, blob.length - 64, 64), footer);
  const files = new Map<string, Buffer>();
  for (const { name, size, digest, offset, endOffset } of entries as ChunkedEntry[]) {
    if (digest === undefined) continue;
    const content = unzstd(blob.subarray(offset, endOffset));
    assert.deepEqual([content.length, sha256(content)], [size, digest], name);
    files.set(name, content);
  }
  return { entries: entries as ChunkedEntry[], tar: joinTar(split, files) };
}

/** What tar-split does: segments and contents of files, in turn. */
function joinTar(split: Buffer, files: ReadonlyMap<string, Buffer>): Buffer {
  const lines = split.toString().trimEnd().split('\n');
  return Buffer.concat(
    lines.map((line, i) => {
      const { type, name, size = 0, payload, position } = JSON.parse(line);
      assert.equal(position, i);
      if (type === 2) return Buffer.from(payload, 'base64');
      assert.equal(type, 1);
      if (size === 0) return Buffer.alloc(0);
      const content = files.get(name) ?? assert.fail(`no file ${name}`);
      assert.equal(crc64(content), Buffer.from(payload, 'base64').readBigUInt64BE(), name);
      return content;
    }),
  );
}

/** The content of the skippable frame at this place. */
function frameAt(blob: Buffer, at: number, size: number): Buffer {
  assert.deepEqual([blob.readUInt32LE(at - 8), blob.readUInt32LE(at - 4)], [0x184d2a50, size]);
  return blob.subarray(at, at + size);
}

function unzstd(frames: Buffer): Buffer {
  return execFileSync('zstd', ['-dcq'], { input: frames, maxBuffer: 1 << 30 });
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

/** CRC-64 of Go's table ISO, byte by byte, in halves of 32 bits. */
export function crc64(bytes: Uint8Array): bigint {
  let [high, low] = [-1, -1];
  for (const byte of bytes) {
    const [tableHigh, tableLow] = crcTable[(low ^ byte) & 0xff] ?? [0, 0];
    low = ((low >>> 8) | (high << 24)) ^ tableLow;
    high = (high >>> 8) ^ tableHigh;
  }
  return (BigInt(~high >>> 0) << 32n) | BigInt(~low >>> 0);
}

const crcTable = Array.from({ length: 256 }, (_, byte) => {
  let sum = BigInt(byte);
  for (let bit = 0; bit < 8; bit++) sum = sum & 1n ? (sum >> 1n) ^ 0xd800000000000000n : sum >> 1n;
  return [Number(sum >> 32n), Number(sum & 0xffffffffn)] as const;
});
