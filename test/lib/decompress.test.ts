import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  type CompressedFormat,
  compressedFormatOf,
  decompress,
  decompressReusing,
} from '../../src/lib/compress/decompress.ts';
import { inflateZstd } from '../../src/lib/compress/zstd-fallback.ts';
import { failureWith } from '../support/failure.ts';
import { bytesOf, inPieces, makeSample } from '../support/streams.ts';

const plain = Buffer.alloc(300_000, 'the quick brown fox ');
const zstdOf = (input: Uint8Array, ...options: string[]) => execFileSync('zstd', ['-qc', ...options], { input });

const gzip = gzipSync(plain);
const zstd = zstdOf(plain);
const xz = execFileSync('xz', ['-c'], { input: plain });
const nothing = Buffer.alloc(0);
/** A frame that decoders pass over. RFC 8878 section 3.1.2. */
const skippable = Buffer.from('502a4d180400000001020304', 'hex');

suite('a complete stream is read, in pieces of any size', () => {
  for (const [name, compression, parts, expected] of [
    ['gzip', 'gzip', [gzip], [plain]],
    ['gzip of nothing', 'gzip', [gzipSync(nothing)], []],
    ['gzip, two members', 'gzip', [gzip, gzip], [plain, plain]],
    ['gzip, padded with zeros', 'gzip', [gzip, Buffer.alloc(512)], [plain]],
    ['zstd', 'zstd', [zstd], [plain]],
    ['zstd of nothing', 'zstd', [zstdOf(nothing)], []],
    ['zstd with a checksum', 'zstd', [zstdOf(plain, '--check', '-19')], [plain]],
    ['zstd with a window of 8 MiB', 'zstd', [zstdOf(plain, '--long=23')], [plain]],
    ['zstd, two frames', 'zstd', [zstd, zstd], [plain, plain]],
    ['xz', 'xz', [xz], [plain]],
    ['xz, two streams, padded', 'xz', [xz, Buffer.alloc(4), xz], [plain, plain]],
    ['zstd, frames to pass over', 'zstd', [skippable, zstd, skippable, zstd, skippable], [plain, plain]],
  ] as const) {
    for (const size of [1, 7, 1000, 65_536]) {
      test(`${name}, pieces of ${size}`, async () => {
        const stream = decompress(inPieces(Buffer.concat(parts), size), compression, 'the thing');
        assert.ok((await bytesOf(stream)).equals(Buffer.concat(expected)));
        const reused = decompressReusing(inPieces(Buffer.concat(parts), size), compression, 'the thing');
        assert.ok((await bytesOf(reused)).equals(Buffer.concat(expected)));
      });
    }
  }
});

/** A zstd frame with a window by its descriptor, RFC 8878 section 3.1.1.1.2, and blocks of `size` raw bytes. */
function frameOf(windowDescriptor: number, blocks: number, size = 1): Buffer {
  const block = (isLast: boolean) => Buffer.from([(size << 3) | Number(isLast), size >> 5, 0, ...Array(size).fill(1)]);
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, windowDescriptor]);
  return Buffer.concat([header, ...Array(blocks - 1).fill(block(false)), block(true)]);
}

suite('the work and memory that a zstd stream may ask for are bounded', () => {
  const huge = ['Cannot read the thing', 'window of', 'more than the 8388608', 'level 19'];
  const [windowOf8MiB, windowOf9MiB, windowOf2GiB] = [13 << 3, (13 << 3) | 1, 21 << 3];
  for (const [name, stream] of [
    ['a huge window in 262 bytes', frameOf(windowOf2GiB, 64)],
    ['a window just too large', frameOf(windowOf9MiB, 1)],
    ['a long window', zstdOf(plain, '--long=27')],
    ['content of 4 GiB in one segment', Buffer.from('28b52ffda0ffffffff010000', 'hex')],
    ['content of 2^63 bytes in one segment', Buffer.from('28b52ffde000000000000000800100', 'hex')],
    ['a huge window in the second frame', Buffer.concat([zstd, frameOf(windowOf2GiB, 2)])],
  ] as const) {
    test(name, async () => {
      const before = process.resourceUsage().maxRSS;
      for (const size of [1, 65_536]) {
        await assert.rejects(bytesOf(decompress(inPieces(stream, size), 'zstd', 'the thing')), failureWith(...huge));
        await assert.rejects(bytesOf(inflateZstd(inPieces(stream, size), 'the thing')), failureWith(...huge));
      }
      assert.ok(process.resourceUsage().maxRSS - before < 64 << 10);
    });
  }

  const tiny = frameOf(windowOf8MiB, 100_000);

  test('a window of 8 MiB and a block for each byte', { timeout: 20_000 }, async () => {
    assert.equal((await bytesOf(decompress(inPieces(tiny, 65_536), 'zstd', 'the thing'))).length, 100_000);
    await assert.rejects(bytesOf(inflateZstd(inPieces(tiny, 65_536), 'the thing')), failureWith('Node 22.15'));
  });

  test('the decoder for Node 20 reads what zstd writes', async () => {
    const sample = makeSample(600_000);
    for (const options of [['-1'], ['-19', '--check'], ['--long=23']]) {
      const stream = Buffer.concat([zstdOf(sample, ...options), skippable, zstdOf(sample, ...options)]);
      for (const pieces of [inPieces(stream, 1000), reusedPieces(stream)]) {
        assert.ok((await bytesOf(inflateZstd(pieces, 'the thing'))).equals(Buffer.concat([sample, sample])));
      }
    }
  });
});

/** Every large piece in the same memory, and nothing of it left when the next one is asked for. */
async function* reusedPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  const memory = Buffer.alloc(64 * 1024);
  for await (const piece of inPieces(bytes, memory.length)) {
    if (piece.length < memory.length) {
      yield piece;
    } else {
      memory.set(piece);
      yield memory;
      memory.fill(0xff);
    }
  }
}

suite('pieces may be good only until the next one', () => {
  const large = makeSample(1_000_000);
  for (const [compression, compressed] of [
    ['gzip', Buffer.concat([gzipSync(large), gzipSync(large)])],
    ['zstd', Buffer.concat([zstdOf(large), zstdOf(large)])],
    ['xz', execFileSync('xz', ['-c'], { input: Buffer.concat([large, large]) })],
  ] as const) {
    test(compression, async () => {
      for (const read of [decompress, decompressReusing]) {
        const plain = await bytesOf(read(reusedPieces(compressed), compression, 'the thing'));
        assert.ok(plain.equals(Buffer.concat([large, large])));
      }
    });
  }
});

test('for brief use the memory of gzip is free again once it is full, and at the end', async () => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of decompressReusing(inPieces(gzip, 65_536), 'gzip', 'the thing')) chunks.push(chunk);
  assert.ok(chunks.length > 0);
  assert.deepEqual(
    chunks.map(({ length }) => length),
    chunks.map(() => 0),
  );
});

suite('a truncated or damaged stream is a Failure that names it', () => {
  const damaged = (bytes: Buffer) => {
    const copy = Buffer.from(bytes);
    copy.fill(0xff, 20, 40);
    return copy;
  };
  const cuts = (name: CompressedFormat, bytes: Buffer) =>
    [1, 3, 10, bytes.length >> 1, bytes.length - 9, bytes.length - 1].map(
      length => [`${name} cut to ${length} bytes`, name, bytes.subarray(0, length)] as const,
    );
  for (const [name, compression, bytes] of [
    ...cuts('gzip', gzip),
    ...cuts('zstd', zstd),
    ...cuts('xz', xz),
    ['zstd cut in the second frame', 'zstd', Buffer.concat([zstd, zstd.subarray(0, -1)])] as const,
    ['gzip damaged', 'gzip', damaged(gzip)] as const,
    ['zstd damaged', 'zstd', damaged(zstd)] as const,
    ['xz damaged', 'xz', damaged(xz)] as const,
    ['zstd with other bytes behind it', 'zstd', Buffer.concat([zstd, Buffer.from('other bytes')])] as const,
    ['gzip with another checksum', 'gzip', Buffer.concat([gzip.subarray(0, -8), Buffer.alloc(8)])] as const,
  ]) {
    test(name, async () => {
      const parts = ['Cannot read the thing', `${compression} stream is damaged or cut off`];
      await assert.rejects(bytesOf(decompress(inPieces(bytes, 1000), compression, 'the thing')), failureWith(...parts));
    });
  }
});

for (const [compression, compressed] of Object.entries({ gzip, zstd, xz })) {
  test(`${compression}: a reader that stops early closes the source`, async () => {
    const closed = new EventEmitter();
    const isClosed = once(closed, 'close');
    async function* endless() {
      try {
        for (;;) yield compressed;
      } finally {
        closed.emit('close');
      }
    }
    for await (const _ of decompress(endless(), compression as CompressedFormat, 'the thing')) break;
    await isClosed;
  });
}

test('compressions are recognised by their first bytes', () => {
  for (const [start, expected] of [
    [gzip, 'gzip'],
    [zstd, 'zstd'],
    [xz, 'xz'],
    [Buffer.from('BZh91AY'), 'bzip2'],
    [plain, undefined],
    [nothing, undefined],
    [gzip.subarray(0, 1), undefined],
  ] as const) {
    assert.equal(compressedFormatOf(start), expected);
  }
});
