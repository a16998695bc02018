import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { suite, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { type Compression, compressionOf, decompress, decompressBriefly } from '../../src/lib/decompress.ts';
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

suite('what is whole is read, in pieces of any size', () => {
  for (const [name, compression, parts, expected] of [
    ['gzip', 'gzip', [gzip], [plain]],
    ['gzip of nothing', 'gzip', [gzipSync(nothing)], []],
    ['gzip, two members', 'gzip', [gzip, gzip], [plain, plain]],
    ['gzip, padded with zeros', 'gzip', [gzip, Buffer.alloc(512)], [plain]],
    ['zstd', 'zstd', [zstd], [plain]],
    ['zstd of nothing', 'zstd', [zstdOf(nothing)], []],
    ['zstd with a checksum', 'zstd', [zstdOf(plain, '--check', '-19')], [plain]],
    ['zstd with a long window', 'zstd', [zstdOf(plain, '--long=27')], [plain]],
    ['zstd, two frames', 'zstd', [zstd, zstd], [plain, plain]],
    ['xz', 'xz', [xz], [plain]],
    ['xz, two streams, padded', 'xz', [xz, Buffer.alloc(4), xz], [plain, plain]],
    ['zstd, frames to pass over', 'zstd', [skippable, zstd, skippable, zstd, skippable], [plain, plain]],
  ] as const) {
    for (const size of [1, 7, 1000, 65_536]) {
      test(`${name}, pieces of ${size}`, async () => {
        const stream = decompress(inPieces(Buffer.concat(parts), size), compression, 'the thing');
        assert.ok((await bytesOf(stream)).equals(Buffer.concat(expected)));
        const brief = decompressBriefly(inPieces(Buffer.concat(parts), size), compression, 'the thing');
        assert.ok((await bytesOf(brief)).equals(Buffer.concat(expected)));
      });
    }
  }
});

/** Every large piece in the same memory, and nothing of it left when the next one is asked for. */
async function* briefPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
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
      for (const read of [decompress, decompressBriefly]) {
        const plain = await bytesOf(read(briefPieces(compressed), compression, 'the thing'));
        assert.ok(plain.equals(Buffer.concat([large, large])));
      }
    });
  }
});

test('for brief use the memory of gzip is free again once it is full, and at the end', async () => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of decompressBriefly(inPieces(gzip, 65_536), 'gzip', 'the thing')) chunks.push(chunk);
  assert.ok(chunks.length > 0);
  assert.deepEqual(
    chunks.map(({ length }) => length),
    chunks.map(() => 0),
  );
});

suite('what is cut off or damaged is a Failure that names it', () => {
  const damaged = (bytes: Buffer) => {
    const copy = Buffer.from(bytes);
    copy.fill(0xff, 20, 40);
    return copy;
  };
  const cuts = (name: Compression, bytes: Buffer) =>
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
    for await (const _ of decompress(endless(), compression as Compression, 'the thing')) break;
    await isClosed;
  });
}

test('compressions are told by their first bytes', () => {
  for (const [start, expected] of [
    [gzip, 'gzip'],
    [zstd, 'zstd'],
    [xz, 'xz'],
    [Buffer.from('BZh91AY'), 'bzip2'],
    [plain, undefined],
    [nothing, undefined],
    [gzip.subarray(0, 1), undefined],
  ] as const) {
    assert.equal(compressionOf(start), expected);
  }
});
