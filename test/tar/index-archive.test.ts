import assert from 'node:assert/strict';
import { mkdir, open, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { type Archive, indexArchive } from '../../src/tar/index-archive.ts';
import { failureWith } from '../support/failure.ts';
import { run } from '../support/run.ts';
import { bytesOf } from '../support/streams.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { type Member, writeArchive } from '../support/write-archive.ts';

const description = 'the archive';
const block = 512;

/** A tree with names of all lengths, links of both kinds and a file larger than one read. */
const files: Readonly<Record<string, string>> = {
  empty: '',
  'one-block': 'x'.repeat(512),
  large: 'large '.repeat(500_000),
  'ä/ü €': 'not ASCII',
  [`${'d'.repeat(60)}/${'e'.repeat(60)}/ustar-prefix`]: 'prefix',
  [`${'f'.repeat(150)}/${'g'.repeat(200)}`]: 'long name',
};

async function makeTree(t: TestContext): Promise<string> {
  const directory = await temporaryDirectory(t);
  const tree = join(directory, 'tree');
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(tree, name, '..'), { recursive: true });
    await writeFile(join(tree, name), content);
  }
  await mkdir(join(tree, 'links'));
  await symlink('../one-block', join(tree, 'links/to-file'));
  await symlink('to-file', join(tree, 'links/to-link'));
  await symlink(`../${'f'.repeat(150)}/${'g'.repeat(200)}`, join(tree, 'links/to-long-name'));
  await symlink('nowhere', join(tree, 'links/dangling'));
  await run('ln', [join(tree, 'large'), join(tree, 'links/hard')]);
  return tree;
}

/** An archive of these members, indexed. */
async function indexOf(t: TestContext, ...members: readonly Member[]): Promise<Archive> {
  const path = join(await temporaryDirectory(t), 'archive.tar');
  await writeArchive(path, members);
  return indexArchive(path, description);
}

const textOf = async (archive: Archive, name: string) => (await bytesOf(archive.open(name))).toString();

suite("archives of GNU tar in all its formats, with and without './'", () => {
  for (const format of ['gnu', 'oldgnu', 'pax', 'posix']) {
    for (const top of ['.', 'names']) {
      test(`${format}, ${top}`, async t => {
        const tree = await makeTree(t);
        const names = top === '.' ? ['.'] : [...Object.keys(files), 'links'];
        await run('tar', ['-C', tree, `--format=${format}`, '-cf', `${tree}.tar`, ...names]);
        const archive = await indexArchive(`${tree}.tar`, description);
        for (const [name, content] of Object.entries(files)) {
          assert.equal(archive.size(name), Buffer.byteLength(content), name);
          assert.equal(await textOf(archive, name), content, name);
        }
        assert.equal(await textOf(archive, 'links/to-file'), files['one-block']);
        assert.equal(await textOf(archive, 'links/to-link'), files['one-block']);
        assert.equal(await textOf(archive, 'links/to-long-name'), 'long name');
        assert.equal(await textOf(archive, 'links/hard'), files.large);
        assert.equal(archive.has('links/dangling'), false);
        assert.equal(archive.has('links'), false, 'a directory is not a file');
        assert.ok(archive.names.includes('ä/ü €'));
      });
    }
  }
});

suite('archives of tar-stream', () => {
  test('a name and a link of 300 bytes', async t => {
    const [name, linkname] = ['n'.repeat(300), `x/../${'n'.repeat(300)}`];
    const archive = await indexOf(t, [name, 'content'], [{ name: 'link', type: 'symlink', linkname }]);
    assert.equal(await textOf(archive, 'link'), 'content');
  });

  test('of two members with one name the last counts', async t => {
    const archive = await indexOf(t, ['a', 'first'], ['b', 'b'], ['a', 'second']);
    assert.equal(await textOf(archive, 'a'), 'second');
    const linked = await indexOf(t, ['a', 'file'], ['b', 'b'], [{ name: 'a', type: 'symlink', linkname: 'b' }]);
    assert.equal(await textOf(linked, 'a'), 'b');
    const gone = await indexOf(t, ['a', 'file'], [{ name: 'a', type: 'directory' }]);
    assert.equal(gone.has('a'), false);
  });

  test('names in one form', async t => {
    const archive = await indexOf(t, ['./a//b/../c', '1'], ['./d', '2']);
    assert.deepEqual(archive.names, ['a/c', 'd']);
  });

  test('links in circles lead nowhere', async t => {
    const archive = await indexOf(
      t,
      [{ name: 'a', type: 'symlink', linkname: 'b' }],
      [{ name: 'b', type: 'link', linkname: 'a' }],
      [{ name: 'self', type: 'symlink', linkname: 'self' }],
    );
    for (const name of ['a', 'b', 'self']) {
      assert.equal(archive.has(name), false);
      assert.throws(() => archive.size(name), failureWith('Cannot read the archive', `it has no file "${name}"`));
    }
  });
});

test('a member is opened as often as wanted', async t => {
  const archive = await indexOf(t, ['a', 'content'], ['empty', '']);
  assert.equal(await textOf(archive, 'a'), await textOf(archive, 'a'));
  assert.equal(await textOf(archive, 'empty'), '');
});

test('a whole member is read up to a limit', async t => {
  const archive = await indexOf(t, ['a', '12345']);
  assert.equal((await archive.read('a', 5)).toString(), '12345');
  await assert.rejects(archive.read('a', 4), failureWith('"a" has 5 bytes, more than the limit of 4'));
  await assert.rejects(archive.read('b', 4), failureWith('it has no file "b"'));
});

suite('names that lead out of the archive are refused', () => {
  for (const [name, ...members] of [
    ['..', ['../evil', 'x']],
    ['.. further in', ['a/../../evil', 'x']],
    ['absolute', ['/etc/passwd', 'x']],
    ['the parent itself', [{ name: '..', type: 'directory' }]],
    ['a symlink with ..', [{ name: 'a/link', type: 'symlink', linkname: '../../evil' }]],
    ['a symlink that is absolute', [{ name: 'link', type: 'symlink', linkname: '/etc/passwd' }]],
    ['a hard link with ..', [{ name: 'a/link', type: 'link', linkname: '../evil' }]],
    ['a hard link that is absolute', [{ name: 'link', type: 'link', linkname: '/etc/passwd' }]],
    ['in a PAX header', [{ name: 'a', pax: { path: '../evil' } }, 'x']],
  ] as readonly (readonly [string, ...Member[]])[]) {
    test(name, async t => {
      const parts = ['Cannot read the archive', 'points outside the archive', 'malicious'];
      await assert.rejects(indexOf(t, ['good', 'x'], ...members), failureWith(...parts));
    });
  }
});

suite('an archive that is cut off', () => {
  for (const format of ['gnu', 'pax']) {
    test(`${format}: is a Failure wherever a header or content is cut`, async t => {
      const tree = await makeTree(t);
      await run('tar', ['-C', tree, `--format=${format}`, '-b1', '-cf', `${tree}.tar`, ...Object.keys(files), 'links']);
      const whole = await readFile(`${tree}.tar`);
      const { names } = await indexArchive(`${tree}.tar`, description);
      let refused = 0;
      for (const at of cutsOf(whole.length)) {
        await writeFile(`${tree}.cut`, whole.subarray(0, at));
        try {
          const cut = await indexArchive(`${tree}.cut`, description);
          assert.deepEqual(cut.names, names.slice(0, cut.names.length), 'whole members only, if it is cut between two');
          for (const name of cut.names.filter(cut.has)) {
            const found = await bytesOf(cut.open(name));
            assert.ok(found.equals(Buffer.from(files[name] ?? found)), `${name}, cut at ${at}`);
          }
        } catch (error) {
          failureWith('Cannot read the archive: it is cut off within', 'Build or download it again')(error);
          refused += 1;
        }
      }
      assert.ok(refused > 50, `${refused}`);
    });
  }
});

/** Places at and round the edges of blocks: near the ends each block, between them a few. */
function cutsOf(length: number): number[] {
  const near = 30 * block;
  const blocks = Array.from({ length: Math.floor(length / block) }, (_, i) => i * block);
  const chosen = blocks.filter(at => at < near || at > length - near || at % 999 === 0);
  return chosen.flatMap(at => [at, at + 1, at + block - 1]);
}

/** Puts the right checksum into the first header of an archive. */
function sign(bytes: Buffer): void {
  bytes.fill(0x20, 148, 156);
  const sum = bytes.subarray(0, block).reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
}

/** Gives the first member another size, as text or in base 256. */
function withSize(size: Buffer): (bytes: Buffer) => void {
  return bytes => {
    bytes.fill(0, 124, 136).set(size, 124);
    sign(bytes);
  };
}

/** Makes an extended header of the first member. */
function asType(flag: string): (bytes: Buffer) => void {
  return bytes => {
    bytes.write(flag, 156);
    sign(bytes);
  };
}

/** An archive with the member "a" of 7 bytes, changed before it is written. */
async function damagedArchive(t: TestContext, damage: (bytes: Buffer) => void, ...before: Member[]): Promise<string> {
  const path = join(await temporaryDirectory(t), 'archive.tar');
  await writeArchive(path, [...before, ['a', 'content']]);
  const bytes = await readFile(path);
  damage(bytes);
  await writeFile(path, bytes);
  return path;
}

suite('an archive that is damaged', () => {
  for (const [name, damage, ...parts] of [
    ['a changed byte', (bytes: Buffer) => bytes.write('z', 0), 'bad header checksum'],
    ['no checksum', (bytes: Buffer) => bytes.fill(0, 148, 156), 'bad header checksum'],
    ['text all over', (bytes: Buffer) => bytes.fill('text'), 'bad header checksum'],
    ['a size that is no number', withSize(Buffer.from('9999')), '"a" has an invalid size'],
    ['a size between other blanks', withSize(Buffer.from('\t7\n')), '"a" has an invalid size'],
    ['a size with a sign', withSize(Buffer.from('-7')), '"a" has an invalid size'],
    ['a base-256 size that is neither positive nor negative', withSize(Buffer.from([0x81])), 'invalid size'],
    [
      'a size below zero',
      withSize(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xf0])),
      'invalid size',
    ],
    ['a size beyond the file', withSize(Buffer.from('77777777777\0')), 'it is cut off within "a"'],
    [
      'a base-256 size beyond the file',
      withSize(Buffer.from([0x80, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0])),
      'it is cut off within "a"',
    ],
  ] as const) {
    test(name, async t => {
      const path = await damagedArchive(t, damage);
      await assert.rejects(indexArchive(path, description), failureWith('Cannot read the archive', ...parts));
    });
  }

  for (const [pax, part] of [
    ['30 size=x\n', 'damaged PAX header'],
    ['no record at all\n', 'damaged PAX header'],
    ['6 size', 'damaged PAX header'],
    ['0 size=1\n', 'damaged PAX header'],
    ['9 size=x\n', 'invalid size'],
    ['14 size=-1024\n', 'invalid size'],
    ['12 size=1.5\n', 'invalid size'],
    ['15 size=999999\n', 'cut off within "a"'],
    ['13 size=0x10\n', 'invalid size'],
    ['12 size=1e1\n', 'invalid size'],
    ['11 size= 7\n', 'invalid size'],
    ['28 size=9007199254740993000\n', 'invalid size'],
    ['0xa size=7\n', 'damaged PAX header'],
    [' 11 size=7\n', 'damaged PAX header'],
    ['10 size=7x', 'damaged PAX header'],
  ] as const) {
    test(`the PAX record ${JSON.stringify(pax)}`, async t => {
      const path = await damagedArchive(t, asType('x'), ['pax', pax]);
      await assert.rejects(indexArchive(path, description), failureWith('Cannot read the archive', part));
    });
  }

  test('an extended header that fills memory', async t => {
    const path = await damagedArchive(t, asType('L'), ['name', Buffer.alloc(2 << 20)]);
    await assert.rejects(indexArchive(path, description), failureWith('an extended header of 2097152 bytes'));
  });
});

test('a link or a directory has no content, whatever its header says', async t => {
  for (const type of ['symlink', 'link', 'directory', 'character-device', 'fifo'] as const) {
    const path = join(await temporaryDirectory(t), 'archive.tar');
    await writeArchive(
      path,
      [{ name: 'x', type, linkname: 'b' }, ['b', 'content']].map(m => (Array.isArray(m) ? m : [m])) as Member[],
    );
    const bytes = await readFile(path);
    withSize(Buffer.from('00000001000\0'))(bytes);
    await writeFile(path, bytes);
    assert.equal(await textOf(await indexArchive(path, description), 'b'), 'content', type);
  }
});

suite('the memory for names is bounded', () => {
  test('a name of 4097 characters', async t => {
    const name = 'd/'.repeat(2048);
    await assert.rejects(
      indexOf(t, [`${name}a`, '1']),
      failureWith('a name of 4097 characters, more than the limit of 4096'),
    );
    await assert.rejects(
      indexOf(t, [{ name: 'a', type: 'symlink', linkname: `${name}b` }]),
      failureWith('a name of 4097 characters'),
    );
    assert.equal((await indexOf(t, [`${name.slice(2)}a`, '1'])).names.length, 1);
  });

  test('300 names of 1 MiB each', async t => {
    const path = join(await temporaryDirectory(t), 'archive.tar');
    const size = (1 << 20) - 512;
    const header = await damagedArchive(t, asType('L'), ['name', Buffer.alloc(size)]);
    const name = (await readFile(header)).subarray(0, block + size).fill('x', block);
    const member = (await readFile(await damagedArchive(t, () => {}))).subarray(0, 2 * block);
    const file = await open(path, 'w');
    for (let i = 0; i < 300; i++) await file.writev([name, member]);
    await file.close();
    const before = process.resourceUsage().maxRSS;
    await assert.rejects(indexArchive(path, description), failureWith('more than the limit of 4096'));
    assert.ok(process.resourceUsage().maxRSS - before < 200 << 10);
  });

  test('more members than memory has room for', async t => {
    const path = join(await temporaryDirectory(t), 'archive.tar');
    const members = (await readFile(await damagedArchive(t, bytes => bytes.fill(0, 124, 135) && sign(bytes)))).subarray(
      0,
      block,
    );
    await writeFile(path, Buffer.alloc(block * 300_000).fill(members));
    await assert.rejects(
      indexArchive(path, description),
      failureWith('the names of its files take more than 67108864 bytes'),
    );
  });
});

test('links are an error if they must not be followed', async t => {
  const path = join(await temporaryDirectory(t), 'archive.tar');
  const links: Member[] = [
    [{ name: 'soft', type: 'symlink', linkname: 'a' }],
    [{ name: 'hard', type: 'link', linkname: 'a' }],
  ];
  await writeArchive(path, [['a', '1'], ...links]);
  const archive = await indexArchive(path, description, { followsLinks: false });
  assert.equal(await textOf(archive, 'a'), '1');
  for (const name of ['soft', 'hard']) {
    assert.throws(
      () => archive.has(name),
      failureWith(`its file "${name}" is a symlink or hard link. Links are not allowed here.`),
    );
    await assert.rejects(archive.read(name, 10), failureWith('is a symlink'));
  }
});

test('sizes in base 256 and in PAX records are read', async t => {
  const binary = await damagedArchive(t, withSize(Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7])));
  assert.equal(await textOf(await indexArchive(binary, description), 'a'), 'content');
  const pax = await damagedArchive(t, asType('x'), ['pax', '10 size=3\n']);
  assert.equal(await textOf(await indexArchive(pax, description), 'a'), 'con');
});
