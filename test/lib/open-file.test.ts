import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { openFile } from '../../src/lib/open-file.ts';
import { reuseBuffer } from '../../src/lib/read-options.ts';
import { readWholeFile } from '../../src/lib/read-whole-file.ts';
import { failureWith } from '../support/failure.ts';
import { run } from '../support/run.ts';
import { bytesOf, makeSample } from '../support/streams.ts';

const directory = await mkdtemp(join(tmpdir(), 'open-file-'));
after(() => rm(directory, { recursive: true, force: true }));

const chunk = 256 * 1024;
const small = 64 * 1024;
const sample = makeSample(4 * chunk + 1);
const file = join(directory, 'sample');
await writeFile(file, sample);

test('a FIFO, a device and a directory are no files', async () => {
  const fifo = join(directory, 'fifo');
  await run('mkfifo', [fifo]);
  for (const path of [fifo, '/dev/zero', directory]) {
    await assert.rejects(bytesOf(openFile(path)), failureWith(`Cannot read ${path}: it is not a regular file`));
    await assert.rejects(readWholeFile(path, 10, 'it'), failureWith('not a regular file'));
  }
});

test('a whole file has a limit', async () => {
  assert.ok((await readWholeFile(file, sample.length, 'the file')).equals(sample));
  const limit = sample.length - 1;
  await assert.rejects(
    readWholeFile(file, limit, 'the file'),
    failureWith('Cannot read the file', `more than the limit of ${limit}`),
  );
});

async function chunksOf(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const piece of stream) chunks.push(piece);
  return chunks;
}

for (const use of [undefined, reuseBuffer] as const) {
  suite(`for ${use ?? 'any'} use`, { concurrency: true }, () => {
    test('a whole file', async () => {
      const read = await Promise.all([bytesOf(openFile(file, use)), bytesOf(openFile(file, use))]);
      for (const one of read) assert.ok(one.equals(sample));
    });

    for (const [offset, size] of [
      [0, 0],
      [0, 1],
      [1000, small],
      [1000, small + 1],
      [1, chunk],
      [chunk - 1, chunk + 1],
      [3, 4 * chunk - 3],
    ] as const) {
      test(`${size} bytes from ${offset} on`, async () => {
        const read = await bytesOf(openFile(file, use, { offset, size }));
        assert.ok(read.equals(sample.subarray(offset, offset + size)));
      });
    }

    test('an extent beyond the end gives the bytes that exist', async () => {
      const read = await bytesOf(openFile(file, use, { offset: 4 * chunk, size: chunk }));
      assert.ok(read.equals(sample.subarray(4 * chunk)));
    });

    test('all chunks but the last are of one size', async () => {
      const lengths = (await chunksOf(openFile(file, use))).map(({ length }) => length);
      assert.deepEqual(lengths, [chunk, chunk, chunk, chunk, 1]);
    });

    test('a file that is missing', async () => {
      await assert.rejects(bytesOf(openFile(join(directory, 'nothing'), use)), { code: 'ENOENT' });
    });
  });
}

test('chunks stay as they were', async () => {
  assert.ok(Buffer.concat(await chunksOf(openFile(file))).equals(sample));
});

test('with reuseBuffer large chunks are in the same memory, and a small one stays as it was', async () => {
  const chunks = await chunksOf(openFile(file, reuseBuffer));
  assert.equal(new Set(chunks.slice(0, -1).map(({ buffer }) => buffer)).size, 1);
  await chunksOf(openFile(file, reuseBuffer));
  assert.deepEqual(chunks.at(-1), sample.subarray(-1));
});

test('memory of reuseBuffer is used again once the file is read to its end, not where its reader stopped', async () => {
  const [first] = await chunksOf(openFile(file, reuseBuffer));
  const again = openFile(file, reuseBuffer);
  const { value: second } = await again.next();
  assert.equal(second?.buffer, first?.buffer);
  await again.return(undefined);
  const [third] = await chunksOf(openFile(file, reuseBuffer));
  assert.notEqual(third?.buffer, first?.buffer);
});
