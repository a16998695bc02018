import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeSample } from '../../support/streams.ts';
import { openMadeEntry, pathOf } from './made-entry.ts';

test('a blob is downloaded once, however many ask for it at the same time', async t => {
  const { entry, downloads } = await openMadeEntry(t, {
    a: makeSample(70_000),
    b: makeSample(100),
    c: makeSample(200),
  });
  const wanted = new Set(['a', 'b', 'c'].map(pathOf));
  const all = await Promise.all(Array.from({ length: 10 }, () => entry.fetchParts(wanted)));
  assert.equal(downloads(), entry.groups.length);
  for (const parts of all) assert.deepEqual(parts, all[0]);
});

test('after a download has failed, no other one starts', async t => {
  const names = Array.from({ length: 26 }, (_, i) => String.fromCharCode(97 + i)).filter(
    name => !'eotu'.includes(name),
  );
  const nars = Object.fromEntries(names.map((name, i) => [name, makeSample(70_000 + i)]));
  const { entry, setting, isBlob, downloads } = await openMadeEntry(t, nars);
  setting.fault = request => (isBlob(request) ? { status: 404 } : undefined);
  await assert.rejects(entry.fetchParts(new Set(names.map(pathOf))), /404/);
  assert.ok(downloads() <= 8, `${downloads()} downloads`);
  setting.fault = () => undefined;
  assert.equal((await entry.fetchParts(new Set(names.map(pathOf)))).length, names.length);
});
