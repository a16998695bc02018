import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { suite, test } from 'node:test';
import { decompress } from '../../src/lib/compress/decompress.ts';
import { failureWith } from '../support/failure.ts';
import { storeXz } from '../support/store-xz.ts';
import { bytesOf, inPieces } from '../support/streams.ts';

const xzOf = (input: Uint8Array, ...options: string[]) => execFileSync('xz', ['-c', ...options], { input });

/** Text that compresses, and noise that does not: LZMA2 codes the one, and stores the other in chunks of 64 KiB. */
const plain = Buffer.concat([Buffer.alloc(100_000, 'the quick brown fox '), randomBytes(70_000)]);
const nothing = Buffer.alloc(0);
const xz = xzOf(plain);

suite('a complete stream is read, in pieces of any size', () => {
  for (const [name, parts, expected] of [
    ['as xz does it', [xz], [plain]],
    ['of nothing', [xzOf(nothing)], []],
    ['at the highest level', [xzOf(plain, '-9e')], [plain]],
    ['in many blocks', [xzOf(plain, '-T2', '--block-size=64KiB')], [plain]],
    ['with a CRC32', [xzOf(plain, '--check=crc32')], [plain]],
    ['not compressed', [storeXz(plain)], [plain]],
    ['two streams', [xz, xz], [plain, plain]],
    ['padded with zeros', [xz, Buffer.alloc(8)], [plain]],
  ] as const) {
    for (const size of [7, 1000, 65_536, 1 << 20]) {
      test(`${name}, pieces of ${size}`, async () => {
        const stream = decompress(inPieces(Buffer.concat(parts), size), 'xz', 'the thing');
        assert.ok((await bytesOf(stream)).equals(Buffer.concat(expected)));
      });
    }
  }
});

suite('a truncated or damaged stream is a Failure that names it', () => {
  const flipped = Buffer.from(xz);
  flipped[xz.length >> 1] = (flipped[xz.length >> 1] ?? 0) ^ 1;
  for (const [name, bytes] of [
    ...[1, 11, 12, 30, xz.length >> 1, xz.length - 12, xz.length - 1].map(
      length => [`cut to ${length} bytes`, xz.subarray(0, length)] as const,
    ),
    ['cut in the second stream', Buffer.concat([xz, xz.subarray(0, -1)])] as const,
    ['one bit flipped', flipped] as const,
    ['other bytes behind it', Buffer.concat([xz, Buffer.from('other bytes')])] as const,
    ['nothing at all', nothing] as const,
  ]) {
    test(name, async () => {
      const parts = ['Cannot read the thing', 'xz stream is damaged or cut off'];
      await assert.rejects(bytesOf(decompress(inPieces(bytes, 1000), 'xz', 'the thing')), failureWith(...parts));
    });
  }
});

suite('features that the decoder lacks are a Failure with advice', () => {
  for (const options of [['--check=sha256'], ['--x86', '--lzma2'], ['--lzma2=dict=256MiB']]) {
    test(options.join(' '), async () => {
      const stream = decompress(inPieces(xzOf(plain, ...options), 1000), 'xz', 'the thing');
      await assert.rejects(bytesOf(stream), failureWith('the thing', 'Compress it with the default settings of xz'));
    });
  }
});

test('a reader that stops early closes the source, and the next stream is read', async () => {
  let isClosed = false;
  async function* endless() {
    try {
      for (;;) yield xz;
    } finally {
      isClosed = true;
    }
  }
  for await (const _ of decompress(endless(), 'xz', 'the thing')) break;
  assert.ok((await bytesOf(decompress(inPieces(xz, 1000), 'xz', 'the thing'))).equals(plain));
  assert.ok(isClosed);
});

test('streams side by side do not hold each other up, not even a broken one', async () => {
  const read = (bytes: Uint8Array) => bytesOf(decompress(inPieces(bytes, 1000), 'xz', 'the thing'));
  const outcomes = await Promise.allSettled([xz, xz.subarray(0, -20), xz, xz].map(read));
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
  );
});

test('memory stays flat', async () => {
  const streams = [xzOf(Buffer.alloc(64 << 20, 'the quick brown fox ')), ...new Array<Buffer>(256).fill(xz)];
  async function* source() {
    for (const stream of streams) yield* inPieces(stream, 65_536);
  }
  const before = process.memoryUsage().rss;
  let [size, most] = [0, 0];
  for await (const chunk of decompress(source(), 'xz', 'the thing')) {
    size += chunk.length;
    most = Math.max(most, process.memoryUsage().rss - before);
  }
  assert.equal(size, (64 << 20) + 256 * plain.length);
  assert.ok(most < 64 << 20, `${most >> 20} MiB more for a stream of ${size >> 20} MiB`);
});
