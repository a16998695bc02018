import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { spool } from '../../src/pack/spool.ts';
import { bytesOf, inPieces, makeSample } from '../support/streams.ts';

const directory = await mkdtemp(join(tmpdir(), 'spool-'));
after(() => rm(directory, { recursive: true, force: true }));

const inMemory = 128 * 1024;
const chunk = 256 * 1024;
const sample = makeSample(4 * chunk + 1);

suite('what was kept can be read again and again', { concurrency: true }, () => {
  for (const size of [0, 1, inMemory, inMemory + 1, chunk, 4 * chunk, 4 * chunk + 1]) {
    for (const use of [undefined, 'brief'] as const) {
      test(`${size} bytes, for ${use ?? 'any'} use`, async () => {
        const bytes = sample.subarray(0, size);
        const name = `${size}-${use}`;
        const open = await spool(inPieces(bytes, 65_536, 1, 1000), join(directory, name));
        const read = await Promise.all([bytesOf(open(use)), bytesOf(open(use)), bytesOf(open())]);
        for (const one of read) assert.ok(one.equals(bytes));
        assert.equal((await readdir(directory)).includes(name), size > inMemory);
      });
    }
  }
});

test('chunks for any other use stay as they were', async () => {
  const open = await spool(inPieces(sample, 65_536), join(directory, 'kept'));
  const chunks: Uint8Array[] = [];
  for await (const piece of open()) chunks.push(piece);
  assert.ok(Buffer.concat(chunks).equals(sample));
});
