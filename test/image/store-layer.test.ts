import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { type Nix2containerPath, openNix2containerLayer } from '../../src/image/store-layer/nix2container-layer.ts';
import { openLayerFromNars, openStreamLayer } from '../../src/image/store-layer/stream-layer.ts';
import { parseStreamSettings } from '../../src/image/stream-settings.ts';
import { Failure } from '../../src/lib/failure.ts';
import { NarFault } from '../../src/nar/nar-fault.ts';
import { writeNar } from '../../src/nar/write-nar.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { bytesOf, inPieces, makeSample } from '../support/streams.ts';
import { makeGoldenStore, vectors } from './golden-store.ts';

const owner = { mtime: 1, uid: 0, gid: 0, uname: 'root', gname: 'root' };

for (const name of readdirSync(new URL('stream/', vectors)).filter(name => /^\d/.test(name))) {
  test(`layers of streamLayeredImage: ${name}`, async t => {
    const read = (file: string) => readFileSync(new URL(`stream/${name}/${file}`, vectors), 'utf8');
    const { storeLayers, owner } = parseStreamSettings(read('conf.json'), { file: name, now: 0 });
    const locate = makeGoldenStore(t, storeLayers.flat());
    const expected: { diff_id: string; size: number; comment: string }[] = JSON.parse(read('expected.json')).layers;
    const nixMode = name.endsWith('0555') ? 0o555 : 0o755;
    const layers = [];
    for (const paths of storeLayers) layers.push(await measure(openStreamLayer({ paths, owner, nixMode }, locate)));
    const own = expected.slice(-1 - storeLayers.length, -1);
    assert.deepEqual(
      layers,
      own.map(({ diff_id, size }) => ({ digest: diff_id, size })),
    );
  });
}

for (const name of ['02-symlinks-exec', '04-long-names', '05-non-ascii', '08-sort-order'])
  test(`a layer made from NARs as they arrive is that of the store, and reports the same members: ${name}`, async t => {
    const file = new URL(`stream/${name}/conf.json`, vectors);
    const { storeLayers, owner } = parseStreamSettings(readFileSync(file, 'utf8'), { file: name, now: 0 });
    const locate = makeGoldenStore(t, storeLayers.flat());
    for (const paths of storeLayers) {
      const [here, from] = [[] as unknown[], [] as unknown[]];
      const note = (list: unknown[]) => ({
        onMember: (member: object, start: Buffer) => void list.push(member, Buffer.from(start)),
      });
      const layer = { paths, owner, nixMode: 0o755 } as const;
      const expected = await bytesOf(openStreamLayer(layer, locate, note(here)));
      const openNar = (path: string) => narOf(locate(path));
      const missing = { isMissing: () => true, openNar };
      const making = bytesOf(openLayerFromNars(layer, { missing, locate }, note(from)));
      if (paths.some(path => path.endsWith('-bytes'))) {
        await assert.rejects(making, NarFault, 'names that are not UTF-8 may sort differently');
        continue;
      }
      const actual = await making;
      assert.ok(actual.equals(expected), paths.join());
      assert.deepEqual(from, here);
    }
  });

/** The NAR of a path, in pieces of odd sizes. */
async function* narOf(path: string): AsyncGenerator<Buffer> {
  for (const piece of writeNar(path)) yield* inPieces(Buffer.from(piece), 1, 64_000, 7, 300) as AsyncGenerator<Buffer>;
}

for (const [directory, version] of [
  ['nix2container', undefined],
  ['nix2container-2024-08', { mtime: 1, groupName: 'uname' }],
  ['nix2container-1.0.0', { mtime: 0, groupName: 'uname' }],
] as const)
  for (const name of readdirSync(new URL(directory, vectors))) {
    test(`layers of ${directory}: ${name}`, async t => {
      const expected: { digest: string; size: number; paths: Nix2containerPath[] }[] = JSON.parse(
        readFileSync(new URL(`${directory}/${name}`, vectors), 'utf8'),
      );
      const locate = makeGoldenStore(
        t,
        expected.flatMap(({ paths }) => paths.map(({ path }) => path)),
      );
      for (const { digest, size, paths } of expected) {
        assert.deepEqual(await measure(openNix2containerLayer(paths, locate, version && { version })), {
          digest,
          size,
        });
      }
    });
  }

test('a layer can be opened again and gives the same bytes', async t => {
  const { locate } = storeOf(t, { 'x-app/a': 'a', 'x-app/b': 'b'.repeat(100_000) });
  const layer = { paths: ['/nix/store/x-app'], owner, nixMode: 0o755 } as const;
  assert.deepEqual(await measure(openStreamLayer(layer, locate)), await measure(openStreamLayer(layer, locate)));
});

test('small files share chunks, large ones are cut', async t => {
  const small = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`x-app/${i}`, 'some text']));
  const { locate } = storeOf(t, { ...small, 'x-app/large': 'x'.repeat(1_000_000) });
  const layer = { paths: ['/nix/store/x-app'], owner, nixMode: 0o755 } as const;
  const sizes = [];
  for await (const chunk of openStreamLayer(layer, locate)) sizes.push(chunk.length);
  assert.ok(sizes.length < 12, `${sizes}`);
  assert.ok(Math.max(...sizes) <= 256 * 1024, `${sizes}`);
});

test('a chunk keeps its bytes once the next is there: streams and sockets hold several', async t => {
  const small = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`x-app/${i}`, `the text of ${i}`]));
  const { locate } = storeOf(t, { ...small, 'x-app/large': makeSample(1_000_000).toString('latin1') });
  const layer = { paths: ['/nix/store/x-app'], owner, nixMode: 0o755 } as const;
  const { digest } = await measure(openStreamLayer(layer, locate));
  assert.equal(digestOf(await bytesOf(openStreamLayer(layer, locate))), digest);
});

for (const [description, change] of [
  ['shrinks', (file: string) => truncateSync(file, 900_000)],
  ['grows', (file: string) => appendFileSync(file, 'more')],
] as const) {
  test(`a large file that ${description} while it is read is a Failure that names it`, async t => {
    const { locate } = storeOf(t, { 'x-app/large': 'x'.repeat(1_000_000) });
    const chunks = openStreamLayer({ paths: ['/nix/store/x-app'], owner, nixMode: 0o755 }, locate);
    await assert.rejects(
      async () => {
        for await (const _ of chunks) change(locate('/nix/store/x-app/large'));
      },
      failure(/\/nix\/store\/x-app\/large changed while it was being read/),
    );
  });

  test(`a small file that ${description} before it is read is a Failure that names it`, async t => {
    const { locate } = storeOf(t, { 'x-app/a': 'x'.repeat(1_000_000), 'x-app/small': 'a few bytes' });
    const chunks = openNix2containerLayer([{ path: '/nix/store/x-app' }], locate);
    await chunks[Symbol.asyncIterator]().next();
    const small = locate('/nix/store/x-app/small');
    if (description === 'grows') appendFileSync(small, 'more');
    else truncateSync(small, 3);
    await assert.rejects(measure(chunks), failure(/\/nix\/store\/x-app\/small changed while it was being read/));
  });
}

test('a layer that is left early closes its file', async t => {
  const { locate } = storeOf(t, { 'x-app/large': 'x'.repeat(1_000_000) });
  const isOpen = () => openFiles().includes(locate('/nix/store/x-app/large'));
  let read = 0;
  for await (const _ of openStreamLayer({ paths: ['/nix/store/x-app'], owner, nixMode: 0o755 }, locate)) {
    if (++read < 2) continue;
    assert.equal(isOpen(), true);
    break;
  }
  assert.equal(isOpen(), false);
});

test('other work goes on while a layer is read', async t => {
  const { locate } = storeOf(t, { 'x-app/large': 'x'.repeat(2_000_000) });
  let turns = 0;
  const interval = setInterval(() => turns++, 0);
  t.after(() => clearInterval(interval));
  for await (const _ of openStreamLayer({ paths: ['/nix/store/x-app'], owner, nixMode: 0o755 }, locate)) {
    const until = performance.now() + 5;
    while (performance.now() < until);
  }
  assert.ok(turns >= 3, `${turns}`);
});

test('anything but a file, directory or symlink is a Failure that names it', async t => {
  const { locate } = storeOf(t, { 'x-app/file': '' });
  const server = createServer().listen(locate('/nix/store/x-app/socket'));
  await once(server, 'listening');
  t.after(() => server.close());
  const chunks = openStreamLayer({ paths: ['/nix/store/x-app'], owner, nixMode: 0o755 }, locate);
  await assert.rejects(measure(chunks), failure(/Cannot put \/nix\/store\/x-app\/socket into a layer/));
});

test('a missing store path is a Failure that names it', async () => {
  const chunks = openStreamLayer({ paths: ['/nowhere/store/x-app'], owner, nixMode: 0o755 });
  await assert.rejects(measure(chunks), failure(/ENOENT.*\/nowhere\/store\/x-app/));
});

test('nix2container: two paths may give the same file', async t => {
  const { locate } = storeOf(t, { 'x-a/bin/app': 'same', 'x-b/bin/app': 'same' });
  const paths = ['/nix/store/x-a', '/nix/store/x-b'].map(path => toRoot(path));
  const both = await measure(openNix2containerLayer(paths, locate));
  assert.deepEqual(both, await measure(openNix2containerLayer(paths.slice(1), locate)));
});

test('nix2container: two paths that disagree about a file are a Failure that names both', async t => {
  const { locate } = storeOf(t, { 'x-a/bin/app': 'one', 'x-b/bin/app': 'other' });
  const paths = ['/nix/store/x-a', '/nix/store/x-b'].map(path => toRoot(path));
  const message = /x-a\/bin\/app and \/nix\/store\/x-b\/bin\/app both provide \/bin\/app, with different mode or size/;
  await assert.rejects(measure(openNix2containerLayer(paths, locate)), failure(message));
});

test('nix2container: two paths of different perms are a Failure', async t => {
  const { locate } = storeOf(t, { 'x-a/bin/app': 'same', 'x-b/bin/app': 'same' });
  const perms = [{ regex: '.*', mode: '0700', uid: 1, gid: 1, uname: '', gname: '' }];
  const [a, b] = [toRoot('/nix/store/x-a'), toRoot('/nix/store/x-b')];
  const paths = [a, { ...b, options: { ...b.options, perms } }];
  await assert.rejects(measure(openNix2containerLayer(paths, locate)), failure(/with different perms/));
});

for (const [description, options, message] of [
  ['a regex that is none', { rewrite: { regex: '(x', repl: '' } }, /Cannot use the nix2container regex "\(x"/],
  ['what Go does not have', { rewrite: { regex: '(?=x)', repl: '' } }, /Cannot use the nix2container regex "\(\?=x\)"/],
  [
    'a mode that is not octal',
    { perms: [{ regex: '.', mode: 'u+x', uid: 0, gid: 0, uname: '', gname: '' }] },
    /mode "u\+x". Write octal/,
  ],
] as const) {
  test(`nix2container: ${description} is a Failure`, async t => {
    const { locate } = storeOf(t, { 'x-a/file': '' });
    const chunks = openNix2containerLayer([{ path: '/nix/store/x-a', options }], locate);
    await assert.rejects(measure(chunks), failure(message));
  });
}

function toRoot(path: string): Nix2containerPath {
  return { path, options: { rewrite: { regex: `^${path}`, repl: '' } } };
}

function failure(message: RegExp): (error: unknown) => boolean {
  return error => {
    assert.ok(error instanceof Failure);
    assert.match(error.message, message);
    return true;
  };
}

/** A store of files by their path in it. */
function storeOf(t: TestContext, files: Readonly<Record<string, string>>): { locate(storePath: string): string } {
  const directory = mkdtempSync(join(tmpdir(), 'store-'));
  t.after(() => rmSync(directory, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(directory, path, '..'), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  return { locate: storePath => storePath.replace('/nix/store', directory) };
}

function openFiles(): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap(fd => {
    const link = `/proc/self/fd/${fd}`;
    return existsSync(link) ? [readlinkSync(link)] : [];
  });
}

async function measure(chunks: AsyncIterable<Uint8Array>): Promise<{ digest: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of chunks) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { digest: `sha256:${hash.digest('hex')}`, size };
}
