import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { gzip } from '../../src/lib/compress/gzip.ts';
import { runProgram } from '../../src/lib/process.ts';
import { bytesOf, inPieces, makeSample } from '../support/streams.ts';

const mebibyte = 1 << 20;
const sample = makeSample(5 * mebibyte);

suite('round trips', { concurrency: true }, () => {
  for (const size of [0, 1, mebibyte - 1, mebibyte, mebibyte + 1, 2 * mebibyte, 5 * mebibyte]) {
    test(`${size} bytes`, async () => {
      const plain = sample.subarray(0, size);
      const compressed = await bytesOf(gzip(inPieces(plain, plain.length), 6));
      assert.ok(gunzipSync(compressed).equals(plain));
      const checked = await runProgram('gzip', ['-t'], { input: inPieces(compressed, 65_536) });
      assert.deepEqual(checked, { code: 0, stdout: '', stderr: '' });

      for (const pieces of [[512], [65_536, 1, 1000], [mebibyte], [mebibyte - 1], [mebibyte + 1], [1, 3 * mebibyte]]) {
        assert.ok((await bytesOf(gzip(inPieces(plain, ...pieces), 6))).equals(compressed), `in pieces of ${pieces}`);
      }
    });
  }
});

test('a stream of nothing but empty pieces is the empty stream', async () => {
  const empty = await bytesOf(gzip(inPieces(Buffer.alloc(0)), 6));
  async function* pieces() {
    yield Buffer.alloc(0);
    yield Buffer.alloc(0);
  }
  assert.deepEqual(await bytesOf(gzip(pieces(), 6)), empty);
  assert.equal(gunzipSync(empty).length, 0);
});

// Layers have the digests that they have because of these bytes. Others are another way to compress: registries hold old
// layers under other digests, and the revision in compression.ts is to be counted up.
test('the bytes are the same on every machine', async () => {
  const compressed = await bytesOf(gzip(inPieces(sample, 65_536), 1));
  assert.equal(
    createHash('sha256').update(compressed).digest('hex'),
    'ffede725e78b105fd0f25743daec6682a26e8114f504437a7f083cf564df3f9c',
  );
});

test('each level has its bytes', async () => {
  const seen = new Set<number>();
  for (const level of [1, 2, 4, 6, 9]) {
    const compressed = await bytesOf(gzip(inPieces(sample, 65_536), level));
    assert.ok(gunzipSync(compressed).equals(sample));
    seen.add(compressed.length);
  }
  assert.equal(seen.size, 5);
});

test('nothing of the machine is in the header', async () => {
  const compressed = await bytesOf(gzip(inPieces(sample.subarray(0, 10), 10), 6));
  assert.deepEqual([...compressed.subarray(0, 10)], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
});

test('an error of the source is the error of the stream', async () => {
  async function* breaking() {
    yield sample.subarray(0, 3 * mebibyte);
    throw new Error('source is gone');
  }
  await assert.rejects(bytesOf(gzip(breaking(), 6)), /source is gone/);
});

test('a reader that stops early closes the source', async () => {
  let closed = false;
  async function* endless() {
    try {
      for (;;) yield sample;
    } finally {
      closed = true;
    }
  }
  let seen = 0;
  for await (const chunk of gzip(endless(), 6)) {
    seen += chunk.length;
    if (seen > mebibyte) break;
  }
  assert.ok(closed);
});
