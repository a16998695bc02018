import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import { decompress } from '../../src/lib/compress/decompress.ts';
import { zstd } from '../../src/lib/compress/zstd.ts';
import { runProgram } from '../../src/lib/process.ts';
import { bytesOf, inPieces, makeSample } from '../support/streams.ts';

const mebibyte = 1 << 20;
const sample = makeSample(9 * mebibyte);

suite('round trips', { concurrency: true }, () => {
  for (const size of [0, 1, 2 * mebibyte - 1, 2 * mebibyte, 2 * mebibyte + 1, 9 * mebibyte]) {
    test(`${size} bytes`, async () => {
      const plain = sample.subarray(0, size);
      const compressed = await bytesOf(zstd(inPieces(plain, plain.length), 3));
      assert.ok((await bytesOf(decompress(inPieces(compressed, 65_536), 'zstd', 'it'))).equals(plain));
      assert.equal((await runProgram('zstd', ['-tq'], { input: inPieces(compressed, 65_536) })).code, 0);
      for (const pieces of [[65_536, 1, 1000], [3 * mebibyte], [2 * mebibyte + 1]]) {
        assert.ok((await bytesOf(zstd(inPieces(plain, ...pieces), 3))).equals(compressed), `in pieces of ${pieces}`);
      }
    });
  }
});

test('the bytes are those of the zstd in official builds of Node', async () => {
  const compressed = await bytesOf(zstd(inPieces(sample, 65_536), 3));
  assert.equal(
    createHash('sha256').update(compressed).digest('hex'),
    '63b1088467cee5d2a136196c5777c43d4da78301a8cc1916d46f71b0e40f5f6d',
  );
});

test('an error of the source is the error of the stream', async () => {
  async function* breaking() {
    yield sample;
    throw new Error('source is gone');
  }
  await assert.rejects(bytesOf(zstd(breaking(), 3)), /source is gone/);
});
