import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCrc64 } from '../../src/lib/compress/crc64.ts';
import { crc64 } from '../support/read-chunked.ts';
import { makeSample } from '../support/streams.ts';

test('the check value of CRC-64/GO-ISO', () => {
  const sum = createCrc64();
  sum.update(Buffer.from('123456789'));
  assert.equal(sum.digest().toString('hex'), 'b90956c775a41001');
});

test('any number of bytes, from any place in memory, in any pieces', () => {
  const sample = makeSample(500);
  for (let size = 0; size < 100; size++) {
    for (const start of [0, 1, 2, 3, 4, 7]) {
      const bytes = sample.subarray(start, start + size);
      for (const cut of [0, 1, 8, 50]) {
        const sum = createCrc64();
        sum.update(bytes.subarray(0, cut));
        sum.update(bytes.subarray(cut));
        assert.equal(sum.digest().readBigUInt64BE(), crc64(bytes), `${size} bytes from ${start}, cut at ${cut}`);
      }
    }
  }
});
