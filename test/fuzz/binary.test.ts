import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { openEntry } from '../../src/cache/read-entry.ts';
import { decompress } from '../../src/lib/compress/decompress.ts';
import { inflateZstd } from '../../src/lib/compress/zstd-fallback.ts';
import { type NarSink, readNar } from '../../src/nar/read-nar.ts';
import { indexArchive } from '../../src/tar/index-archive.ts';
import { readPaxRecords } from '../../src/tar/read-header.ts';
import { corpus, fuzz, type Mutate, mutateBytes, mutateText } from '../support/fuzz.ts';
import { inPieces } from '../support/streams.ts';

const directory = await mkdtemp(join(tmpdir(), 'fuzz-'));
after(() => rm(directory, { recursive: true, force: true }));

async function drain(stream: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of stream);
}

/** Changed headers get a right checksum, or hardly an archive would be read beyond its first one. */
const mutateTar: Mutate = (seed, random, seeds) => {
  const bytes = Buffer.from(mutateBytes(seed, random, seeds));
  if (random.below(8) === 0) return bytes;
  for (let at = 0; at + 512 <= bytes.length; at += 512) {
    const header = bytes.subarray(at, at + 512);
    if (header.toString('latin1', 257, 262) !== 'ustar') continue;
    header.fill(0x20, 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  }
  return bytes;
};

test('tar', () => {
  const path = join(directory, 'archive.tar');
  return fuzz({
    async run(input) {
      writeFileSync(path, input);
      const { names, has, size, open } = await indexArchive(path, 'the archive');
      for (const name of names) {
        if (has(name) && size(name) <= input.length) await drain(open(name));
      }
    },
    seeds: corpus('tar'),
    cases: 600,
    mutate: mutateTar,
  });
});

test('PAX', () =>
  fuzz({
    run: input => readPaxRecords(input, 'the archive'),
    seeds: ['10 size=7\n', '20 path=some/where/a\n', '22 linkpath=../../etc/x\n30 mtime=1700000000.123456789\n'].map(
      text => Buffer.from(text),
    ),
    cases: 2000,
    mutate: mutateText([' ', '=', '\n', '0', '-', '1e3', '0x10', 'path', 'size', '\0', '9'.repeat(20)]),
  }));

test('zstd', () =>
  fuzz({
    async run(input) {
      await drain(decompress(inPieces(input, 1000), 'zstd', 'the stream'));
    },
    seeds: corpus('zstd'),
    cases: 600,
  }));

test('zstd, by the decoder for Node 20', () =>
  fuzz({
    // Its errors for damaged streams are of many types; `decompress` makes a Failure of all.
    run: input => drain(inflateZstd(inPieces(input, 1000), 'the stream')).catch(() => {}),
    seeds: corpus('zstd'),
    cases: 150,
  }));

test('gzip', () =>
  fuzz({
    run: input => drain(decompress(inPieces(input, 1000), 'gzip', 'the stream')),
    seeds: [gzipSync('some text'.repeat(100)), gzipSync('')],
    cases: 400,
  }));

test('xz', () =>
  fuzz({
    run: input => drain(decompress(inPieces(input, 1000), 'xz', 'the stream')),
    seeds: corpus('xz'),
    cases: 200,
  }));

const sink: NarSink = {
  startDirectory() {},
  endDirectory() {},
  symlink() {},
  startFile() {},
  contents() {},
  endFile() {},
};

test('NAR', () =>
  fuzz({
    run(input) {
      const pieces = [...inParts(input)];
      readNar(() => pieces.shift(), sink);
    },
    seeds: corpus('nar'),
    cases: 2000,
  }));

function* inParts(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += 61) yield bytes.subarray(at, at + 61);
}

test('entries of the store cache', () => {
  const path = join(directory, 'entry');
  return fuzz({
    async run(input) {
      writeFileSync(path, input);
      const { manifest, fetchParts } = openEntry(path);
      await fetchParts(new Set(manifest.paths.map(one => one.path)));
    },
    seeds: corpus('cache-entry'),
    cases: 600,
  });
});
