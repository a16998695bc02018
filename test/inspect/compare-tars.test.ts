import assert from 'node:assert/strict';
import { test } from 'node:test';
import tarStream from 'tar-stream';
import { compareTars } from '../../src/inspect/compare-tars.ts';
import { fileDifferenceLines } from '../../src/report/file-differences.ts';
import { failureWith } from '../support/failure.ts';
import { bytesOf, inPieces } from '../support/streams.ts';

type Files = Readonly<
  Record<string, string | { readonly text?: string; readonly mode?: number; readonly link?: string }>
>;

async function tarOf(files: Files) {
  const pack = tarStream.pack();
  for (const [name, file] of Object.entries(files)) {
    const { text = '', mode = 0o644, link } = typeof file === 'string' ? { text: file } : file;
    if (link === undefined) pack.entry({ name, mode, mtime: new Date(0) }, text);
    else pack.entry({ name, type: 'symlink', linkname: link, mtime: new Date(0) });
  }
  pack.finalize();
  const bytes = await bytesOf(pack as AsyncIterable<Uint8Array>);
  return { description: 'the tar', open: () => inPieces(bytes, 100, 7, 4096) };
}

const long = 'x'.repeat(9000);

test('files that differ are listed with their sizes and the first different byte, whatever their order', async () => {
  const first = await tarOf({
    'a/same': 'same',
    'a/content': `${long}1${long}`,
    'a/longer': 'abc',
    'a/mode': 'x',
    'a/link': { link: 'b' },
    'a/gone': 'gone',
  });
  const second = await tarOf({
    'a/content': `${long}2${long}`,
    'a/longer': 'abcd',
    'a/mode': { text: 'x', mode: 0o755 },
    'a/link': { link: 'c' },
    'a/new': 'new one',
    'a/same': 'same',
  });
  assert.deepEqual(fileDifferenceLines(await compareTars(first, second), 'a'), [
    'content: 18001 bytes, differs from byte 9000',
    'gone: 4 bytes, only the first time',
    'link: 0 bytes, another type, mode, owner, time or target',
    'longer: 3 and 4 bytes, differs from byte 3',
    'mode: 1 bytes, another type, mode, owner, time or target',
    'new: 7 bytes, only the second time',
  ]);
  assert.deepEqual(await compareTars(first, first), { files: [], count: 0 });
});

test('files in another order are compared by name, without an offset', async () => {
  const [first, second] = [await tarOf({ a: '1', b: '1' }), await tarOf({ b: '2', a: '2' })];
  assert.deepEqual(fileDifferenceLines(await compareTars(first, second)), [
    'a: 1 bytes, other content',
    'b: 1 bytes, other content',
  ]);
});

test('the list is bounded, and names cannot speak to a terminal', async () => {
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${String(i).padStart(2, '0')}`, `${i}`]));
  const lines = fileDifferenceLines(
    await compareTars(await tarOf(many), await tarOf({ 'f\u001b[31m\n::error::': 'x' })),
  );
  assert.equal(lines.length, 21);
  assert.equal(lines.at(-1), 'and 11 more files');
  assert.ok(!lines.join('').includes('\u001b'));
  assert.ok(lines.every(line => !line.includes('\n')));
});

test('what is no tar is named', async () => {
  const broken = { description: 'the layer sha256:1', open: () => inPieces(Buffer.alloc(600, 1)) };
  await assert.rejects(compareTars(broken, broken), failureWith('Cannot read the layer sha256:1: it is not a tar'));
});
