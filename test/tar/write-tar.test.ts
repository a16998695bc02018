import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import { extract } from 'tar-stream';
import { Failure } from '../../src/lib/failure.ts';
import { type TarMember, writeTar } from '../../src/tar/write-tar.ts';

const contents = {
  'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
  empty: '',
  block: 'x'.repeat(512),
  [`blobs/sha256/${'a'.repeat(64)}`]: 'y'.repeat(70_000),
  [`${'long/'.repeat(60)}name`]: 'a name that only PAX can hold',
  'größe.json': 'ü',
};

test('another program reads the members back', async () => {
  const archive = await buffer(writeTar(Object.entries(contents).map(([name, text]) => memberOf(name, text))));
  assert.equal(archive.length % 512, 0);
  const found: Record<string, string> = {};
  for await (const entry of Readable.from([archive]).pipe(extract())) {
    const { name, mode, mtime } = entry.header;
    assert.deepEqual({ mode, mtime }, { mode: 0o644, mtime: new Date(0) });
    found[name] = (await buffer(entry)).toString();
  }
  assert.deepEqual(found, contents);
});

test('members may come one after the other, and the same ones give the same bytes', async () => {
  async function* slowly() {
    for (const [name, text] of Object.entries(contents)) yield memberOf(name, text);
  }
  assert.deepEqual(await buffer(writeTar(slowly())), await buffer(writeTar(slowly())));
});

test('no members are an archive of two zero blocks', async () => {
  assert.deepEqual(await buffer(writeTar([])), Buffer.alloc(1024));
});

for (const [description, size] of [
  ['more', 2],
  ['less', 4],
] as const) {
  test(`content that has ${description} than its size is a Failure that names it`, async () => {
    const archive = writeTar([{ ...memberOf('blob', 'abc'), size }]);
    await assert.rejects(buffer(archive), (error: unknown) => {
      assert.ok(error instanceof Failure);
      assert.equal(
        error.message,
        `Cannot write blob into an archive: its content has ${description} than ${size} bytes.`,
      );
      return true;
    });
  });
}

function memberOf(name: string, text: string): TarMember {
  const bytes = Buffer.from(text);
  return { name, size: bytes.length, open: () => Readable.from([bytes.subarray(0, 1), bytes.subarray(1)]) };
}

test('a name and a size that ustar cannot hold, of which no more is made than is read', async () => {
  const name = `${'a'.repeat(120)}/${'ü'.repeat(60)}`;
  const size = 9 * 2 ** 30;
  let made = 0;
  async function* zeros() {
    for (; made < size; made += 65_536) yield Buffer.alloc(65_536);
  }
  const source = Readable.from(writeTar([{ name, size, open: zeros }]));
  const reader = source.pipe(extract());
  for await (const { header } of reader) {
    assert.deepEqual([header.name, header.size], [name, size]);
    break;
  }
  assert.ok(made < 2 ** 20, `${made} bytes`);
});

test('an archive that nobody reads to its end closes what it reads', async () => {
  let close = () => {};
  const closed = new Promise<void>(resolve => {
    close = resolve;
  });
  async function* endless() {
    try {
      for (;;) yield Buffer.alloc(65_536);
    } finally {
      close();
    }
  }
  for await (const _ of writeTar([{ name: 'endless', size: 2 ** 40, open: endless }])) break;
  await closed;
});

test('an error of the content is the error of the archive', async () => {
  const broken = async function* () {
    yield Buffer.from('a');
    throw new Error('the disk is gone');
  };
  await assert.rejects(buffer(writeTar([{ name: 'blob', size: 2, open: broken }])), /the disk is gone/);
});
