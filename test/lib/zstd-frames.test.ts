import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { findZstdFrames, framesFor, readZstdFrame, zstdFrames } from '../../src/lib/compress/zstd-frames.ts';
import { failureWith } from '../support/failure.ts';
import { run } from '../support/run.ts';
import { bytesOf, inPieces } from '../support/streams.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

async function openFile(t: TestContext, bytes: Uint8Array): Promise<number> {
  const path = join(await temporaryDirectory(t), 'file');
  await writeFile(path, bytes);
  const file = openSync(path, 'r');
  t.after(() => closeSync(file));
  return file;
}

const readAll = (file: number) => Buffer.concat([...findZstdFrames(file)].map(frame => readZstdFrame(file, frame)));

/** Three frames: what compresses well, what does not, and a rest. */
const plain = Buffer.concat([Buffer.alloc(2 << 20, 'text '), randomBytes(2 << 20), Buffer.from('rest')]);

test('frames are read back, whatever the pieces were', async t => {
  const frames = await bytesOf(zstdFrames([inPieces(plain, 1 << 20)], 2));
  assert.deepEqual(frames, await bytesOf(zstdFrames([inPieces(plain, 999_999)], 2)), 'the same bytes');
  assert.ok(readAll(await openFile(t, frames)).equals(plain));
});

test('each part starts a frame', async t => {
  const parts = [Buffer.alloc(0), plain, Buffer.from('one more')];
  const file = await openFile(
    t,
    await bytesOf(
      zstdFrames(
        parts.map(part => inPieces(part, 1 << 20)),
        2,
      ),
    ),
  );
  const frames = [...findZstdFrames(file)];
  for (const part of parts) {
    const own = frames.splice(0, framesFor(part.length));
    assert.ok(Buffer.concat(own.map(frame => readZstdFrame(file, frame))).equals(part));
  }
  assert.deepEqual(frames, []);
});

test('any zstd program reads them', async t => {
  const directory = await temporaryDirectory(t);
  const file = join(directory, 'file');
  await writeFile(`${file}.zst`, await bytesOf(zstdFrames([inPieces(plain, 1 << 20)], 2)));
  await run('zstd', ['--quiet', '--decompress', `${file}.zst`]);
  assert.ok((await readFile(file)).equals(plain));
});

test('a damaged, truncated or foreign file is a Failure', async t => {
  const frames = await bytesOf(zstdFrames([inPieces(plain, 1 << 20)], 2));
  const changed = (at: number, value: number) => {
    const copy = Buffer.from(frames);
    copy[at] = value;
    return copy;
  };
  for (const bytes of [
    changed(0, 0),
    changed(4, 5),
    // A frame that claims 4 GiB.
    changed(11, 0xff),
    changed(frames.length - 1, (frames.at(-1) ?? 0) ^ 1),
    changed(1 << 20, (frames[1 << 20] ?? 0) ^ 1),
    frames.subarray(0, -1),
    frames.subarray(0, 5),
    zstdCompressSync(plain),
    randomBytes(100),
  ]) {
    const file = await openFile(t, bytes);
    assert.throws(() => readAll(file), failureWith('Cannot decompress'));
  }
});

test('a frame that unpacks to more than a block is refused before it takes the memory', async t => {
  const bomb = zstdCompressSync(Buffer.alloc(64 << 20));
  const header = Buffer.alloc(12);
  header.writeUInt32LE(0x184d2a50, 0);
  header.writeUInt32LE(4, 4);
  header.writeUInt32LE(bomb.length, 8);
  const file = await openFile(t, Buffer.concat([header, bomb]));
  assert.throws(() => readAll(file), failureWith('Cannot decompress'));
});
