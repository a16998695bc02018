import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool, settleAll } from '../../src/lib/pool.ts';

test('at most so many run at a time, in the order they come', async () => {
  const pool = createPool(3);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const results = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      pool(async () => {
        started.push(i);
        running += 1;
        most = Math.max(most, running);
        await sleep(i % 4);
        running -= 1;
        return i * i;
      }),
    ),
  );
  assert.equal(most, 3);
  assert.deepEqual(started, [...started.keys()]);
  assert.deepEqual(
    results,
    Array.from({ length: 20 }, (_, i) => i * i),
  );
});

test('a body that throws gives its place to the next', async () => {
  const pool = createPool(1);
  const fail = () => pool(() => Promise.reject(new Error('no')));
  const outcomes = await Promise.allSettled([fail(), fail(), pool(async () => 'yes')]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected', 'fulfilled'],
  );
});

test('settleAll waits for all and then throws the first error', async () => {
  let done = false;
  const slow = sleep(20).then(() => {
    done = true;
  });
  const failing = [Promise.reject(new Error('first')), slow, Promise.reject(new Error('second'))];
  await assert.rejects(settleAll(failing), /first/);
  assert.ok(done);
  assert.deepEqual(await settleAll([Promise.resolve(1), Promise.resolve(2)]), [1, 2]);
});
