import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extract, type Header } from 'tar-stream';
import { bytesOf } from '../../src/tar/byte-string.ts';
import { goTar } from '../../src/tar/go-tar.ts';
import { pythonTar } from '../../src/tar/python-tar.ts';
import { type TarEntry, writeTarEntry } from '../../src/tar/write-entry.ts';

const plain: TarEntry = {
  ...{ name: '/nix/store/x-app', type: 'file', mode: 0o444, uid: 0, gid: 0, size: 0, mtime: 1 },
  ...{ linkname: '', uname: 'root', gname: 'root' },
};

for (const [writer, dialect] of Object.entries({ pythonTar, goTar })) {
  test(`${writer}: another program reads back what was written`, async () => {
    const random = randomOf(20260101);
    for (let i = 0; i < 1500; i++) {
      const entry = randomEntry(random);
      assert.deepEqual(await readBack(writeTarEntry(entry, dialect)), entry);
    }
  });

  test(`${writer}: names of every length round the limits of ustar`, async () => {
    for (let length = 90; length < 300; length++) {
      for (const directory of ['/nix/store/', `/${'d'.repeat(60)}/`, `${'d/'.repeat(40)}`]) {
        const entry = { ...plain, name: directory.padEnd(length, 'n') };
        assert.equal((await readBack(writeTarEntry(entry, dialect))).name, entry.name);
      }
    }
  });

  test(`${writer}: headers are whole blocks, one where everything fits`, () => {
    assert.equal(writeTarEntry(plain, dialect).length, 512);
    assert.equal(writeTarEntry({ ...plain, name: bytesOf('/größe') }, dialect).length, 1536);
  });
}

test('goTar splits a long name, pythonTar writes an extended header', () => {
  const entry = { ...plain, name: `/${'d'.repeat(60)}/${'f'.repeat(60)}` };
  assert.equal(writeTarEntry(entry, goTar).length, 512);
  assert.equal(writeTarEntry(entry, pythonTar).length, 1536);
});

test('a name that is not UTF-8 keeps its bytes, and pythonTar says so', () => {
  const entry = { ...plain, name: '/nix/store/x-\xff\xfe' };
  const python = Buffer.from(writeTarEntry(entry, pythonTar)).toString('latin1');
  assert.match(python, /21 hdrcharset=BINARY\n24 path=\/nix\/store\/x-\xff\xfe\n/);
  assert.ok(python.includes('/nix/store/x-??\0'));
  const go = Buffer.from(writeTarEntry(entry, goTar)).toString('latin1');
  assert.match(go, /^\/nix\/store\/PaxHeaders\.0\/x-\0/);
  assert.match(go, /24 path=\/nix\/store\/x-\xff\xfe\n/);
  assert.ok(!go.includes('hdrcharset'));
});

test('goTar: the end of a name that is cut does not make it a directory', () => {
  const name = `${'é'.repeat(2)}${'d'.repeat(99)}/file`;
  const main = Buffer.from(writeTarEntry({ ...plain, name: bytesOf(name) }, goTar)).subarray(1024);
  assert.equal(main.toString('latin1', 0, 100), `${'d'.repeat(99)}\0`);
});

test('the length of a record counts its own digits, also where they carry', () => {
  for (let length = 101; length < 1100; length++) {
    const name = 'n'.repeat(length);
    const record = Buffer.from(writeTarEntry({ ...plain, name }, pythonTar)).toString('latin1', 512);
    const counted = Number.parseInt(record, 10);
    assert.equal(record.slice(0, counted), `${counted} path=${name}\n`);
  }
});

/** The entry that tar-stream finds in these header blocks. */
async function readBack(blocks: Uint8Array): Promise<TarEntry> {
  const reader = extract();
  const found = new Promise<Header>((resolve, reject) => reader.on('entry', resolve).on('error', reject));
  reader.write(Buffer.from(blocks));
  const { name, type, mode, uid, gid, size, mtime, linkname, uname, gname, ...others } = await found;
  const pax = others.pax as Readonly<Record<string, string>> | undefined;
  reader.destroy();
  assert.ok(type === 'file' || type === 'symlink' || type === 'directory');
  return {
    ...{ name: bytesOf(name), type, mode: mode ?? -1, size: size ?? -1, linkname: bytesOf(linkname ?? '') },
    uid: Number(pax?.uid ?? uid),
    gid: Number(pax?.gid ?? gid),
    mtime: Number(pax?.mtime ?? (mtime?.getTime() ?? Number.NaN) / 1000),
    uname: bytesOf(pax?.uname ?? uname ?? ''),
    gname: bytesOf(pax?.gname ?? gname ?? ''),
  };
}

type Random = (below: number) => number;

/** The same numbers for the same seed, whole and from 0. */
function randomOf(seed: number): Random {
  let state = seed;
  return below => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function randomEntry(random: Random): TarEntry {
  const pick = <T>(...items: readonly [T, ...T[]]): T => items[random(items.length)] ?? items[0];
  const type = pick('file', 'symlink', 'directory');
  const name = `/${randomText(random, pick(20, 100, 160, 260, 1200))}`;
  return {
    name: type === 'directory' && !name.endsWith('/') ? `${name}/` : name,
    type,
    mode: random(0o10000),
    uid: pick(0, 1000, 8 ** 7 - 1, 8 ** 7, 2 ** 32 - 2),
    gid: pick(0, 100, 8 ** 7),
    size: type === 'file' ? pick(0, random(2 ** 31), 8 ** 11 - 1, 8 ** 11, 2 ** 45 + 1) : 0,
    mtime: pick(0, 1, random(2 ** 31), 8 ** 11, -1, -random(2 ** 31)),
    linkname: type === 'symlink' ? randomText(random, pick(20, 99, 100, 101, 300)) : '',
    uname: pick('root', '', randomText(random, 40)),
    gname: pick('root', '', randomText(random, 40)),
  };
}

function randomText(random: Random, longest: number): string {
  const parts = random(3) === 0 ? ['a', '/b', '.', 'é', '日本', '😀', 'e\u0301'] : ['a', 'b', 'c/d', 'e-f', '0'];
  const length = 1 + random(longest);
  let text = 'n';
  while (text.length < length) text += parts[random(parts.length)];
  return bytesOf(text);
}
