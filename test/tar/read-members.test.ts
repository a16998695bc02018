import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readLayerUsage } from '../../src/inspect/layer-usage.ts';
import { readMembers } from '../../src/tar/read-members.ts';
import { failureWith } from '../support/failure.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { writeArchive } from '../support/write-archive.ts';

const hash = '0'.repeat(32);

test('files are added up by store path, whatever stands before nix/store', async t => {
  const path = join(await temporaryDirectory(t), 'layer.tar');
  await writeArchive(path, [
    [{ name: 'nix/store/', type: 'directory' }],
    [`nix/store/${hash}-a-1.0/bin/a`, 'abc'],
    [`./nix/store/${hash}-a-1.0/bin/b`, 'abc'],
    [`/nix/store/${hash}-b-2.0`, 'abcd'],
    [`nix//store/./${hash}-d-2.0/x`, 'ab'],
    [`nix/var/../store/${hash}-d-2.0/y`, 'ab'],
    [{ name: `nix/store/${hash}-a-1.0/link`, type: 'symlink', linkname: '/etc' }],
    [`nix/store/${hash}-\u001b[2J/file`, 'hostile'],
    [`home/nix/store/${hash}-c-1.0`, 'x'],
    [{ name: `nix/store/${hash}-long-1.0/${'x'.repeat(5000)}` }, 'long'],
  ]);
  const { paths, otherBytes } = await readLayerUsage(readMembers(createReadStream(path), 'the layer'), 'the layer');
  assert.deepEqual(Object.fromEntries(paths), {
    [`/nix/store/${hash}-a-1.0`]: 6,
    [`/nix/store/${hash}-b-2.0`]: 4,
    [`/nix/store/${hash}-d-2.0`]: 4,
    [`/nix/store/${hash}-long-1.0`]: 4,
  });
  assert.equal(otherBytes, 8);
});

async function* bytes(...chunks: readonly (string | Buffer)[]) {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

const usageOf = (source: AsyncIterable<Uint8Array>) =>
  readLayerUsage(readMembers(source, 'the layer x'), 'the layer x');

test('what is no tar, and what is cut off, is a Failure', async t => {
  await assert.rejects(
    usageOf(bytes('x'.repeat(2000))),
    failureWith('Cannot read the layer x: it is not a tar archive'),
  );
  const path = join(await temporaryDirectory(t), 'layer.tar');
  await writeArchive(path, [['file', 'x'.repeat(100_000)]]);
  await assert.rejects(usageOf(createReadStream(path, { end: 50_000 })), failureWith('Cannot read the layer x: '));
});

test('an extended header may not fill the memory', async () => {
  const { pack } = await import('tar-stream');
  const archive = pack();
  archive.entry({ name: 'x'.repeat(5 << 20) }, 'x');
  archive.finalize();
  await assert.rejects(usageOf(archive as AsyncIterable<Uint8Array>), failureWith('Cannot read the layer x: '));
});

test('a failure of the source is passed on', async () => {
  async function* failing() {
    yield Buffer.alloc(100);
    throw new Error('broken pipe');
  }
  await assert.rejects(usageOf(failing()), /broken pipe/);
});
