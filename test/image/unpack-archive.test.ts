import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { unpackArchive, unpackLimit } from '../../src/image/unpack-archive.ts';
import { failureWith } from '../support/failure.ts';
import { makeSample } from '../support/streams.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const [mebi, gibi] = [2 ** 20, 2 ** 30];

test('an archive is unpacked into a file of its own', async t => {
  const directory = await temporaryDirectory(t);
  const sample = makeSample(3 * mebi);
  await writeFile(join(directory, 'archive'), gzipSync(sample));
  const unpack = () =>
    unpackArchive(join(directory, 'archive'), { compression: 'gzip', directory, description: 'the archive' });
  const [one, other] = [await unpack(), await unpack()];
  assert.notEqual(one, other);
  assert.ok((await readFile(one)).equals(sample));
});

test('4 MiB that unpack to 4 GiB are given up at 1 GiB', async t => {
  const directory = await temporaryDirectory(t);
  const bomb = gzipSync(Buffer.alloc(256 * mebi));
  await writeFile(join(directory, 'archive'), Buffer.concat(Array(16).fill(bomb)));
  await assert.rejects(
    unpackArchive(join(directory, 'archive'), { compression: 'gzip', directory, description: 'the archive' }),
    failureWith('Cannot read the archive: it unpacks to more than 1073741824 bytes', '200 times'),
  );
});

test('the least of three limits counts', () => {
  for (const [size, free, bytes, why] of [
    [mebi, 100 * gibi, gibi, '200 times'],
    [100 * mebi, 100 * gibi, 200 * 100 * mebi, '200 times'],
    [gibi, 100 * gibi, 64 * gibi, 'the limit for an archive'],
    [gibi, 5 * gibi, 5 * gibi, 'all the free space in /tmp/x'],
    [mebi, 0, 0, 'all the free space in /tmp/x'],
  ] as const) {
    const limit = unpackLimit({ size, free, directory: '/tmp/x' });
    assert.equal(limit.bytes, bytes);
    assert.ok(limit.why.includes(why), limit.why);
  }
});
