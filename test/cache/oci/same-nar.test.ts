import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EntryPart, narsOf } from '../../../src/cache/read-entry.ts';
import { makeSample } from '../../support/streams.ts';
import { openMadeEntry, pathOf } from './made-entry.ts';

test('two paths with the same NAR have one blob, and a failed download for one leaves that of the other', async t => {
  const nar = makeSample(70_000);
  const { entry, setting, isBlob } = await openMadeEntry(t, { a: nar, b: nar });
  const fetchPart = async (name: string) => (await entry.fetchParts(new Set([pathOf(name)])))[0];
  const part = await fetchPart('a');
  setting.fault = request => (isBlob(request) ? { status: 404 } : undefined);
  await assert.rejects(fetchPart('b'), /404/);
  assert.deepEqual(contentOf(part as EntryPart), nar);
});

function contentOf(part: EntryPart): Buffer {
  const pieces: Buffer[] = [];
  for (const { next } of narsOf(part)) for (let piece = next(); piece !== undefined; piece = next()) pieces.push(piece);
  return Buffer.concat(pieces);
}
