import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { reuseBuffer } from '../../src/lib/read-options.ts';
import { bufferBlob } from '../../src/pack/buffer-blob.ts';
import { failureWith } from '../support/failure.ts';
import { bytesOf, inPieces, makeSample } from '../support/streams.ts';

const directory = await mkdtemp(join(tmpdir(), 'spool-'));
after(() => rm(directory, { recursive: true, force: true }));

const block = 128 * 1024;
const inMemory = 128 * block;
const sample = makeSample(inMemory + block + 1);

suite('what was kept can be read again and again', () => {
  for (const size of [0, 1, block, block + 1, inMemory, inMemory + 1, inMemory + block + 1]) {
    for (const use of [undefined, reuseBuffer] as const) {
      test(`${size} bytes, for ${use ?? 'any'} use`, async () => {
        const bytes = sample.subarray(0, size);
        const name = `${size}-${use}`;
        const { open, release } = await bufferBlob(inPieces(bytes, 65_536, 1, 1000), join(directory, name));
        const read = await Promise.all([bytesOf(open(use)), bytesOf(open(use)), bytesOf(open())]);
        for (const one of read) assert.ok(one.equals(bytes));
        assert.equal((await readdir(directory)).includes(name), size > inMemory);
        release();
      });
    }
  }
});

test('what finds no room in memory is in a file, until there is room again', async () => {
  const keep = (name: string, size: number) =>
    bufferBlob(inPieces(sample.subarray(0, size), 1000), join(directory, name));
  const isFile = async (name: string) => (await readdir(directory)).includes(name);
  const first = await keep('first', inMemory - block);
  const [second, third] = [await keep('second', block), await keep('third', 1)];
  const tooLarge = await keep('too large', inMemory);
  assert.deepEqual(await Promise.all(['first', 'second', 'third', 'too large'].map(isFile)), [
    false,
    false,
    true,
    true,
  ]);
  first.release();
  const fourth = await keep('fourth', inMemory - block);
  assert.equal(await isFile('fourth'), false);
  for (const [{ open }, size] of [
    [second, block],
    [third, 1],
    [tooLarge, inMemory],
    [fourth, inMemory - block],
  ] as const) {
    assert.ok((await bytesOf(open())).equals(sample.subarray(0, size)));
  }
  for (const { release } of [second, third, tooLarge, fourth]) release();
});

test('a stream that fails leaves its memory to others', async () => {
  async function* failing() {
    yield sample.subarray(0, inMemory);
    throw new Error('cannot be read');
  }
  await assert.rejects(bufferBlob(failing(), join(directory, 'failing')), /cannot be read/);
  const { release } = await bufferBlob(inPieces(sample.subarray(0, inMemory), 65_536), join(directory, 'next'));
  assert.equal((await readdir(directory)).includes('next'), false);
  release();
});

test('chunks for any other use stay as they were', async () => {
  const { open, release } = await bufferBlob(inPieces(sample, 65_536), join(directory, 'kept'));
  const chunks: Uint8Array[] = [];
  for await (const piece of open()) chunks.push(piece);
  assert.ok(Buffer.concat(chunks).equals(sample));
  release();
});

suite('a full disk is a Failure that says where, and what to do', () => {
  const large = () => inPieces(sample, 65_536);

  test('a full one', async () => {
    const { release } = await bufferBlob(inPieces(sample.subarray(0, inMemory), 65_536), join(directory, 'kept'));
    const isSaid = failureWith(
      'Cannot keep a layer in /dev: the disk or the quota of this user is full',
      'ENOSPC',
      'RUNNER_TEMP',
    );
    await assert.rejects(bufferBlob(large(), '/dev/full'), isSaid);
    release();
  });

  test('a directory that is gone', async () => {
    const gone = join(directory, 'gone');
    await assert.rejects(
      bufferBlob(large(), join(gone, 'layer')),
      failureWith(`Cannot keep a layer in ${gone}`, 'ENOENT'),
    );
  });
});
