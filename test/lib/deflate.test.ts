import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { inflateRawSync } from 'node:zlib';
import { allocateDeflateBlock, deflateBlockSize, deflateInPlace } from '../../src/lib/compress/deflate.ts';
import { runProgram } from '../../src/lib/process.ts';
import { makeSample } from '../support/streams.ts';

/** An empty block that is the last one. */
const lastBlock = Buffer.from([3, 0]);
const text = makeSample(deflateBlockSize);
const noise = Buffer.concat(
  Array.from({ length: deflateBlockSize / 64 }, (_, i) => createHash('sha512').update(String(i)).digest()),
);

async function deflated(plain: Uint8Array, level: number): Promise<Buffer> {
  const block = allocateDeflateBlock();
  block.set(plain);
  return Buffer.from(await deflateInPlace(block.subarray(0, plain.length), level));
}

suite('deflated bytes inflate to the original', () => {
  const sizes = [0, 1, 2, 3, 4, 5, 8, 51, 52, 300, 5000, 10_239, 10_241, 65_536, deflateBlockSize];
  for (const [kind, plain] of Object.entries({ text, noise, zeros: Buffer.alloc(deflateBlockSize) })) {
    for (let level = 1; level <= 9; level++) {
      test(`${kind} at level ${level}`, async () => {
        for (const size of sizes) {
          const bytes = await deflated(plain.subarray(0, size), level);
          assert.ok(inflateRawSync(Buffer.concat([bytes, lastBlock])).equals(plain.subarray(0, size)), `${size} bytes`);
        }
      });
    }
  }
});

test('blocks follow one another', async () => {
  const parts = await Promise.all([text, noise, text.subarray(7, 100_000)].map(plain => deflated(plain, 1)));
  const whole = inflateRawSync(Buffer.concat([...parts, lastBlock]));
  assert.ok(whole.equals(Buffer.concat([text, noise, text.subarray(7, 100_000)])));
});

/** For what comes after them a thread is started, which is there after a while. */
const first8MiB = 8;
const aWhile = 500;

test('what a thread breaks down over is an error, and the next has a thread of its own', async () => {
  for (let i = 0; i <= first8MiB; i++) await deflated(text, 1);
  await sleep(aWhile);
  await assert.rejects(deflated(text, 99), /unreachable/);
  assert.ok(inflateRawSync(Buffer.concat([await deflated(text, 1), lastBlock])).equals(text));
});

test('this thread deflates what would wait long for others', async () => {
  await sleep(aWhile);
  const done: number[] = [];
  const blocks = [0, 1, 2, 3, 4, 5, 6].map(async i => {
    const bytes = await deflated(text, 1);
    done.push(i);
    assert.ok(inflateRawSync(Buffer.concat([bytes, lastBlock])).equals(text));
  });
  await Promise.all(blocks);
  // Three blocks go to each of one or two threads.
  assert.ok(done[0] === 3 || done[0] === 6, `done in the order ${done}`);
});

/** How many threads a process starts that expects to deflate so many bytes. */
async function threadsFor(bytes: number): Promise<number> {
  const module = JSON.stringify(new URL('../../src/lib/compress/deflate.ts', import.meta.url));
  const script = `
    const { readdirSync } = await import('node:fs');
    const { expectToDeflate } = await import(${module});
    const threads = () => readdirSync('/proc/self/task').length;
    const before = threads();
    expectToDeflate(${bytes});
    console.log(threads() - before);
    process.exit();`;
  const { stdout } = await runProgram(process.execPath, ['--input-type=module', '--eval', script]);
  return Number(stdout);
}

test('a thread starts early for many bytes, and for few it does not', async () => {
  assert.deepEqual([await threadsFor(9 << 20), await threadsFor(8 << 20)], [1, 0]);
});

test('a process ends though its threads live, and not before what they do is done', async () => {
  const module = JSON.stringify(new URL('../../src/lib/compress/deflate.ts', import.meta.url));
  const script = `
    const { allocateDeflateBlock, deflateInPlace } = await import(${module});
    const block = allocateDeflateBlock().fill(0);
    for (let i = 0; i < ${first8MiB}; i++) await deflateInPlace(block.subarray(0, 1 << 20), 1);
    await deflateInPlace(block.subarray(0, 10), 1);
    await new Promise(resolve => setTimeout(resolve, ${aWhile}));
    deflateInPlace(allocateDeflateBlock().fill(0).subarray(0, 1 << 20), 9).then(({ length }) => console.log(length > 0));`;
  const { code, stdout } = await runProgram(process.execPath, ['--input-type=module', '--eval', script]);
  assert.deepEqual({ code, stdout }, { code: 0, stdout: 'true\n' });
});
