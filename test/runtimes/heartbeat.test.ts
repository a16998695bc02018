import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHeartbeat } from '../../src/runtimes/heartbeat.ts';

test('a log that is silent for 25 s says that something still goes on', t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  let beats = 0;
  const heartbeat = createHeartbeat(() => {
    beats += 1;
  });
  t.mock.timers.tick(60_000);
  assert.equal(beats, 0, 'nothing goes on');
  heartbeat.enter();
  t.mock.timers.tick(20_000);
  heartbeat.touch();
  t.mock.timers.tick(20_000);
  assert.equal(beats, 0, 'it said something');
  t.mock.timers.tick(10_000);
  assert.equal(beats, 1);
  t.mock.timers.tick(25_000);
  assert.equal(beats, 2);
  heartbeat.leave();
  t.mock.timers.tick(60_000);
  assert.equal(beats, 2, 'it is over');
});
