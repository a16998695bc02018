import assert from 'node:assert/strict';
import { after, before, mock, suite, test } from 'node:test';
import { retry } from '../../src/lib/http/retry.ts';

const waits = { first: 8, longest: 60 };

suite('retry', () => {
  // No jitter: half of the wait.
  before(() => mock.method(Math, 'random', () => 0));
  after(() => mock.restoreAll());

  test('an immediate success is not repeated', async () => {
    const { tried, waits, result } = await attempt({ failures: 0, waitFor: () => 0 });
    assert.deepEqual({ tried, waits, result }, { tried: 1, waits: [], result: 'done' });
  });

  test('an error that may pass is tried again, with growing waits', async () => {
    const { tried, waits, result } = await attempt({ failures: 2, waitFor: () => 0 });
    assert.deepEqual({ tried, waits, result }, { tried: 3, waits: [4, 8], result: 'done' });
  });

  test('a longer wait that is asked for is kept, up to a limit', async () => {
    assert.deepEqual((await attempt({ failures: 1, waitFor: () => 50 })).waits, [50]);
    assert.deepEqual((await attempt({ failures: 1, waitFor: () => 5000 })).waits, [60]);
  });

  test('a permanent error is thrown at once, unchanged', async () => {
    const { tried, error } = await attempt({ failures: 9, waitFor: () => undefined });
    assert.equal(tried, 1);
    assert.equal(error, 'failure 1');
  });

  test('after the fifth try the last error is thrown unchanged', async () => {
    const { tried, waits, error } = await attempt({ failures: 9, waitFor: () => 0 });
    assert.deepEqual({ tried, waits, error }, { tried: 5, waits: [4, 8, 16, 32], error: 'failure 5' });
  });
});

interface Attempt {
  readonly failures: number;
  readonly waitFor: () => number | undefined;
}

/** Retries a body that fails so many times. */
async function attempt({ failures, waitFor }: Attempt) {
  const waited: number[] = [];
  let tried = 0;
  const body = async () => {
    tried += 1;
    if (tried <= failures) throw `failure ${tried}`;
    return 'done';
  };
  const onRetry = (_: unknown, wait: number) => waited.push(wait);
  try {
    return { result: await retry(body, { waitFor, onRetry, waits }), tried, waits: waited };
  } catch (error) {
    return { error, tried, waits: waited };
  }
}
