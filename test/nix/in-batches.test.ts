import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inBatches } from '../../src/nix/in-batches.ts';

test('batches have at most 1000 paths and together all paths in order', () => {
  assert.deepEqual(inBatches([]), []);
  const paths = Array.from({ length: 2001 }, (_, i) => `/nix/store/${i}`);
  const batches = inBatches(paths);
  assert.deepEqual(
    batches.map(batch => batch.length),
    [1000, 1000, 1],
  );
  assert.deepEqual(batches.flat(), paths);
});
