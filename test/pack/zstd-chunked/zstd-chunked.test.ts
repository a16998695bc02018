import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { zstdDecompressSync } from 'node:zlib';
import { mediaTypes } from '../../../src/oci/blob.ts';
import { digestOf } from '../../../src/oci/digest.ts';
import { type PackedLayer, packLayer } from '../../../src/pack/pack-layer.ts';
import { bytesOf as bytesOfText } from '../../../src/tar/byte-string.ts';
import { goTar } from '../../../src/tar/go-tar.ts';
import { pythonTar } from '../../../src/tar/python-tar.ts';
import { type TarEntry, writeEnd, writeTarEntry } from '../../../src/tar/write-entry.ts';
import { readChunked } from '../../support/read-chunked.ts';
import { run } from '../../support/run.ts';
import { bytesOf, inPieces, makeSample } from '../../support/streams.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const tree = fileURLToPath(new URL('tree.py', import.meta.url));
const compression = { method: 'zstd:chunked', level: 3 } as const;
const chunkedKey = /^io\.github\.containers\.zstd-chunked\./;

async function packTar(t: TestContext, tar: Uint8Array, ...pieces: readonly number[]): Promise<PackedLayer> {
  const open = () => inPieces(tar, ...(pieces.length === 0 ? [65_536] : pieces));
  const file = join(await temporaryDirectory(t), 'layer');
  return packLayer({ diffId: digestOf(tar), encoding: 'tar', open }, file, { compression });
}

/** The blob, which must be zstd of the tar. */
async function blobOf(packed: PackedLayer, tar: Uint8Array): Promise<Buffer> {
  const blob = await bytesOf(packed.open());
  assert.deepEqual(packed.descriptor.digest, digestOf(blob));
  assert.equal(packed.descriptor.mediaType, mediaTypes.layerZstd);
  assert.ok(execFileSync('zstd', ['-dcq'], { input: blob, maxBuffer: 1 << 30 }).equals(tar), 'zstd -d');
  return blob;
}

const plain: TarEntry = {
  ...{ name: 'file', type: 'file', mode: 0o444, uid: 0, gid: 0, size: 0, mtime: 1 },
  ...{ linkname: '', uname: 'root', gname: 'root' },
};

function tarOf(entries: readonly { entry: TarEntry; content?: Uint8Array }[], dialect = pythonTar): Buffer {
  const parts = entries.flatMap(({ entry, content = new Uint8Array(0) }) => {
    const padding = Buffer.alloc((512 - (content.length % 512)) % 512);
    return [writeTarEntry({ ...entry, size: content.length }, dialect), content, padding];
  });
  const bytes = Buffer.concat(parts);
  return Buffer.concat([bytes, writeEnd(bytes.length, dialect)]);
}

suite('read as containers/storage reads it', { concurrency: 2 }, () => {
  for (const form of ['pax', 'gnu']) {
    test(`a tar of whatever a layer may have, by Python as ${form}`, async t => {
      const file = join(await temporaryDirectory(t), 'tar');
      await run('python3', [tree, form, file]);
      const tar = await readFile(file);
      const packed = await packTar(t, tar);
      const blob = await blobOf(packed, tar);
      const { entries, tar: joined } = readChunked(blob, packed.descriptor.annotations ?? {});
      assert.ok(joined.equals(tar));

      const listed: Record<string, unknown>[] = JSON.parse(await run('python3', [tree, 'list', file]));
      const found = entries.map(({ digest, offset, endOffset, xattrs, ...entry }) => ({
        ...{ linkName: '', size: 0, uid: 0, gid: 0, ...entry },
        name: entry.name.replace(/\/$/, ''),
        modtime: Date.parse(String(entry.modtime)) / 1000,
      }));
      assert.deepEqual(found, listed);

      const large = entries.find(({ name }) => name === 'e/large');
      // Node reads one frame and no more.
      const frame = zstdDecompressSync(blob.subarray(large?.offset, large?.endOffset));
      assert.ok(frame.length < (large?.size ?? 0), 'a large file is several frames');
      const xattrs = entries.filter(entry => entry.xattrs !== undefined).map(entry => entry.xattrs);
      const value = Buffer.from('välue').toString('base64');
      assert.deepEqual(xattrs, form === 'pax' ? [{ 'user.test': value }] : []);
      const fraction = entries.find(({ name }) => name === 'e/fraction');
      assert.equal(fraction?.modtime, form === 'pax' ? '2023-11-14T22:13:20.25Z' : undefined);
    });
  }

  for (const [writer, dialect] of Object.entries({ pythonTar, goTar })) {
    test(`a tar as ${writer} writes it`, async t => {
      const names = ['a', 'n'.repeat(101), `${'d'.repeat(60)}${'f'.repeat(60)}`, bytesOfText('größe'), 'last'];
      const tar = tarOf(
        names.map((name, i) => ({ entry: { ...plain, name }, content: makeSample(i * 511) })),
        dialect,
      );
      const packed = await packTar(t, tar);
      const { entries, tar: joined } = readChunked(await blobOf(packed, tar), packed.descriptor.annotations ?? {});
      assert.ok(joined.equals(tar));
      assert.deepEqual(
        entries.map(({ name }) => bytesOfText(name)),
        names,
      );
    });
  }

  test('20,000 files: the index is several frames', async t => {
    const tar = tarOf(Array.from({ length: 20_000 }, (_, i) => ({ entry: { ...plain, name: `file-${i}` } })));
    const packed = await packTar(t, tar);
    const { entries, tar: joined } = readChunked(await blobOf(packed, tar), packed.descriptor.annotations ?? {});
    assert.ok(joined.equals(tar));
    assert.equal(entries.at(-1)?.name, 'file-19999');
  });

  test('no file at all', async t => {
    const tar = tarOf([]);
    const packed = await packTar(t, tar);
    const { entries, tar: joined } = readChunked(await blobOf(packed, tar), packed.descriptor.annotations ?? {});
    assert.ok(joined.equals(tar));
    assert.deepEqual(entries, []);
  });
});

test('the same tar gives the same bytes, in whatever pieces it comes', async t => {
  const file = join(await temporaryDirectory(t), 'tar');
  await run('python3', [tree, 'pax', file]);
  const tar = (await readFile(file)).subarray(0, 3 << 20);
  const { descriptor } = await packTar(t, tar);
  for (const pieces of [[1, 511, 513], [512], [2 << 20], [tar.length]]) {
    assert.deepEqual((await packTar(t, tar, ...pieces)).descriptor, descriptor, `pieces of ${pieces}`);
  }
});

const file = { entry: plain, content: makeSample(1000) };
const badChecksum = tarOf([file]);
badChecksum.writeUInt8(0x39, 148);
const globalHeader = tarOf([{ entry: { ...plain, name: 'x' }, content: Buffer.from('13 comment=a\n') }, file]);
retype(globalHeader, 'g');
const contiguous = tarOf([file]);
retype(contiguous, '7');

/** Tars that containers/storage reads otherwise than the index could say, or not at all. */
const unusual: Readonly<Record<string, Buffer>> = {
  'a name twice': tarOf([file, file]),
  'a name twice, written otherwise': tarOf([file, { entry: { ...plain, name: './/file' } }]),
  'a file without its directory': tarOf([{ entry: { ...plain, name: 'missing/file' } }]),
  'a name that is not UTF-8': tarOf([{ entry: { ...plain, name: 'x-\xff' } }]),
  'a global header': globalHeader,
  'a type that OCI does not know': contiguous,
  'a header with a wrong checksum': badChecksum,
  'bytes behind the end': Buffer.concat([tarOf([file]), Buffer.alloc(512, 1)]),
  'an end within a block': Buffer.concat([tarOf([file]), Buffer.alloc(100)]),
  'a cut within a file': tarOf([file]).subarray(0, 1000),
  'a cut within a header': tarOf([file]).subarray(0, 100),
  'what is no tar': makeSample(3_000_000),
};

/** Gives the first header another type, and the checksum that goes with it. */
function retype(tar: Buffer, flag: string): void {
  const sum = Number.parseInt(tar.toString('latin1', 148, 154), 8) - tar.readUInt8(156) + flag.charCodeAt(0);
  tar.write(flag, 156);
  tar.write(sum.toString(8).padStart(6, '0'), 148);
}

suite('a tar that cannot be indexed is plain zstd without annotations', { concurrency: true }, () => {
  for (const [name, tar] of Object.entries(unusual)) {
    test(name, async t => {
      const packed = await packTar(t, tar);
      await blobOf(packed, tar);
      assert.deepEqual(
        Object.keys(packed.descriptor.annotations ?? {}).filter(key => chunkedKey.test(key)),
        [],
      );
    });
  }

  test('a sparse file, as GNU tar writes it', async t => {
    const directory = await temporaryDirectory(t);
    await writeFile(join(directory, 'sparse'), '');
    await run('truncate', ['-s', '1M', join(directory, 'sparse')]);
    for (const form of ['gnu', 'pax']) {
      const path = join(directory, `${form}.tar`);
      await run('tar', ['-cSf', path, `--format=${form}`, '-C', directory, 'sparse']);
      const tar = await readFile(path);
      const packed = await packTar(t, tar);
      await blobOf(packed, tar);
      assert.ok(!Object.keys(packed.descriptor.annotations ?? {}).some(key => chunkedKey.test(key)));
    }
  });
});

test('memory stays flat: a file of 256 MiB', async t => {
  const size = 256 << 20;
  const header = writeTarEntry({ ...plain, size }, pythonTar);
  const block = makeSample(1 << 20);
  async function* open() {
    yield header;
    for (let at = 0; at < size; at += block.length) yield block;
    yield writeEnd(header.length + size, pythonTar);
  }
  const path = join(await temporaryDirectory(t), 'layer');
  const before = process.memoryUsage.rss();
  const packed = await packLayer({ diffId: undefined, encoding: 'tar', open }, path, { compression });
  assert.ok(Object.keys(packed.descriptor.annotations ?? {}).some(key => chunkedKey.test(key)));
  assert.ok(process.memoryUsage.rss() - before < 128 << 20, `${process.memoryUsage.rss() - before} bytes more`);
});
