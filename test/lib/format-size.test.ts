import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatSize } from '../../src/lib/format-size.ts';

for (const [bytes, text] of [
  [0, '0 B'],
  [1, '1 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [4_096, '4.1 kB'],
  [9_949, '9.9 kB'],
  [9_950, '10 kB'],
  [999_499, '999 kB'],
  [999_500, '1.0 MB'],
  [37_000_000, '37 MB'],
  [1_234_567_890, '1.2 GB'],
  [5e12, '5.0 TB'],
  [5e15, '5000 TB'],
] as const) {
  test(text, () => assert.equal(formatSize(bytes), text));
}
