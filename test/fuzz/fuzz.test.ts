import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../../src/lib/failure.ts';
import { createRandom, fuzz, mutateJson } from '../support/fuzz.ts';

const seeds = [Buffer.from('{"a":[1,{"b":"c"}]}')];

test('a target may return or throw a Failure, at once or later', async () => {
  let count = 0;
  const outcomes = [() => 1, async () => 1, () => Promise.reject(new Failure('no'))];
  await fuzz({ run: () => outcomes[count++ % outcomes.length]?.(), seeds, cases: 20 });
  assert.equal(count, 21);
});

test('any other error, and an input without an end, fails with the input', async () => {
  const failing = (run: (input: Buffer) => unknown, time: number) =>
    assert.rejects(fuzz({ run, seeds, cases: 20, time }), /Not a Failure, seed 0: eyJhIjpbMSx7ImIiOiJjIn1dfQ==/);
  await failing(() => JSON.parse('{'), 1000);
  await failing(() => Promise.reject(new TypeError('no')), 1000);
  await failing(() => /(a+)+!/.test('a'.repeat(60)), 50);
  await failing(() => new Promise(() => {}), 50);
});

test('a target that keeps memory fails', async () => {
  const kept: Buffer[] = [];
  const run = () => kept.push(Buffer.alloc(1 << 20, 1));
  await assert.rejects(fuzz({ run, seeds, cases: 100, memory: 32 << 20 }), /peak memory grew/);
});

test('the same seed gives the same inputs', () => {
  const make = () =>
    Array.from({ length: 50 }, (_, i) => String(mutateJson(seeds[0] as Buffer, createRandom(i), seeds)));
  assert.deepEqual(make(), make());
  assert.ok(new Set(make()).size > 30);
});
