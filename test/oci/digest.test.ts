import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf, hexOf, isDigest, parseDigest } from '../../src/oci/digest.ts';
import { failureWith } from '../support/failure.ts';

const empty = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

test('a digest has one form', () => {
  assert.equal(digestOf(''), empty);
  assert.equal(digestOf(Buffer.from('abc')), digestOf('abc'));
  assert.equal(hexOf(empty), empty.slice(7));
  assert.equal(parseDigest(empty, 'x'), empty);
});

for (const wrong of [
  empty.toUpperCase(),
  empty.slice(7),
  `${empty}0`,
  empty.slice(0, -1),
  `${empty}\n`,
  `sha512:${'0'.repeat(128)}`,
  '',
  null,
  7,
]) {
  test(`not a digest: ${JSON.stringify(wrong)}`, () => {
    if (typeof wrong === 'string') assert.equal(isDigest(wrong), false);
    assert.throws(() => parseDigest(wrong, 'the thing'), failureWith('Cannot read the thing', JSON.stringify(wrong)));
  });
}
