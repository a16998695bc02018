import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createActivities } from '../../src/runtimes/activities.ts';

test('the line names what goes on, with bytes, rate and the time left', () => {
  let now = 0;
  const { start, line } = createActivities(() => now);
  assert.equal(line(), '');
  const building = start('building a');
  assert.equal(line(), 'building a');
  const sending = start('sending glibc 2.40', 30_000_000);
  sending.add(2_000_000);
  now = 2000;
  sending.add(8_000_000);
  assert.equal(line(), 'building a, sending glibc 2.40 (10 MB of 30 MB), 5.0 MB/s, 4.0 s left');
  start('fetching b').end();
  const fetching = start('fetching c');
  fetching.add(5_000_000);
  assert.match(line(), /^building a, sending glibc 2\.40 \(10 MB of 30 MB\) and 1 more, 7\.5 MB\/s, 2\.7 s left$/);
  for (const one of [building, sending, fetching]) one.end();
  assert.equal(line(), '');
});

test('the rate starts again when nothing was going on', () => {
  let now = 0;
  const { start, line } = createActivities(() => now);
  const first = start('first');
  first.add(1_000_000);
  first.end();
  now = 60_000;
  const second = start('second');
  second.add(0);
  now = 62_000;
  second.add(4_000_000);
  assert.equal(line(), 'second (4.0 MB), 2.0 MB/s');
});
