import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { digestOf } from '../../src/oci/digest.ts';
import type { Encoding, Layer } from '../../src/oci/image.ts';
import { checkLayer } from '../../src/pack/check-layer.ts';
import { failureWith } from '../support/failure.ts';

function layerOf(encoding: Encoding, blob: Buffer, tar: string): Layer {
  const descriptor = { mediaType: 'any', digest: digestOf(blob), size: blob.length };
  return {
    ...{ diffId: digestOf(tar), encoding, descriptor, description: 'the layer', size: blob.length },
    async *open() {
      yield blob;
    },
  };
}

test('a valid layer gives the size of its tar', async () => {
  assert.equal(await checkLayer(layerOf('gzip', gzipSync('a tar'), 'a tar'), 1000), 5);
  assert.equal(await checkLayer(layerOf('tar', Buffer.from('a tar'), 'a tar'), 5), 5);
});

test('what it promises, and what it may have', async () => {
  const right = layerOf('gzip', gzipSync('a tar'), 'a tar');
  const other = { ...right, diffId: digestOf('another') };
  await assert.rejects(checkLayer(other, 1000), failureWith('the layer', digestOf('another'), digestOf('a tar')));
  const digest = digestOf('another');
  const wrong = { ...right, descriptor: { mediaType: 'any', digest, size: right.size ?? 0 } };
  await assert.rejects(checkLayer(wrong, 1000), failureWith('the layer', digest));
  await assert.rejects(checkLayer(right, 10), failureWith('the layer', 'the remaining limit of 10 bytes'));
  const zeros = '0'.repeat(1_000_000);
  await assert.rejects(checkLayer(layerOf('gzip', gzipSync(zeros), zeros), 10_000), failureWith('limit of 10000'));
});

test('of what unpacks to very much little is unpacked, in little memory', async () => {
  const bomb = bombOf(64 * 2 ** 30);
  assert.ok(bomb.length < 3_000_000);
  const before = process.memoryUsage.rss();
  await assert.rejects(
    checkLayer(layerOf('zstd', bomb, ''), 2 ** 28),
    failureWith('the remaining limit of 268435456 bytes'),
  );
  assert.ok(process.memoryUsage.rss() - before < 2 ** 29);
});

/** A zstd frame of blocks that each repeat one byte. RFC 8878 section 3.1.1.2. */
function bombOf(size: number): Buffer {
  const block = 2 ** 17;
  const count = size / block;
  const bytes = Buffer.alloc(6 + count * 4);
  bytes.set([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x58]);
  for (let i = 0; i < count; i++) bytes.writeUIntLE(block * 8 + 2 + (i === count - 1 ? 1 : 0), 6 + i * 4, 3);
  return bytes;
}
