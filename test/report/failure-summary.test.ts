import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../src/lib/failure.ts';
import { failureSummary } from '../../src/report/failure-summary.ts';

test('the summary of a failure has the error as code, its place, and the name of its log', () => {
  const failure = new Failure('Cannot build .#a: hash mismatch\n  got: x', {
    place: { file: 'a|b`.nix', line: 3 },
    log: { name: 'a-1', tail: ['one'], file: '/tmp/a-1.log' },
  });
  assert.equal(
    failureSummary(failure),
    '## Step failed\n\n```text\nCannot build .#a: hash mismatch\n  got: x\n```\n\nThe cause is at `` a\\|b`.nix:3 ``.\n\n' +
      'The whole log of `a-1` is in the output `build-log`.\n',
  );
  assert.equal(failureSummary('text'), '## Step failed\n\n```text\ntext\n```\n');
});

test('an error cannot end its block, nor hold what a terminal obeys, and a long one loses its middle', () => {
  const summary = failureSummary(new Failure('one\n```\n<script>\u001b[31m\r\n````` end'));
  assert.equal(summary, '## Step failed\n\n``````text\none\n```\n<script>\\u001b[31m\n````` end\n``````\n');
  const long = failureSummary(new Failure(`first ${'x'.repeat(50_000)} last`));
  assert.ok(long.length < 10_100);
  assert.match(long, /^## Step failed\n\n```text\nfirst x+\n…\nx+ last\n```\n$/);
});
