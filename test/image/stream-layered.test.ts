import assert from 'node:assert/strict';
import { createReadStream, createWriteStream } from 'node:fs';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createGunzip } from 'node:zlib';
import { type ArchiveImage, openDockerArchive } from '../../src/image/docker-archive.ts';
import { openStreamLayered, type StreamLayeredOptions } from '../../src/image/stream-layered.ts';
import { parseConfig, withChanges } from '../../src/oci/config.ts';
import { indexArchive } from '../../src/tar/index-archive.ts';
import { failureWith } from '../support/failure.ts';
import { bytesOf } from '../support/streams.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { packValid } from '../support/validate-image.ts';
import { makeGoldenStore, vectors } from './golden-store.ts';

type Locate = (storePath: string) => string;

const golden = fileURLToPath(new URL('stream/', vectors));
const special = (storePath: string) => join(golden, 'special', basename(storePath));
const changes = { labels: { version: '1' }, deleted: new Set<string>(), created: undefined };
const customisation = '/nix/store/00000000000000000000000000000cus-golden-customisation-layer';
const [file, script] = [
  '/nix/store/0000000000000000000000000000001a-file.txt',
  '/nix/store/0000000000000000000000000000001b-script',
];

for (const name of (await readdir(golden)).filter(name => /^\d/.test(name)).sort()) {
  test(`the image is the one that the script of streamLayeredImage writes: ${name}`, async t => {
    const settingsPath = join(golden, name, 'conf.json');
    const { store_layers } = JSON.parse(await readFile(settingsPath, 'utf8'));
    const expected = JSON.parse(await readFile(join(golden, name, 'expected.json'), 'utf8'));
    const text = await readFile(join(golden, name, 'config.json'), 'utf8');
    const now = Date.parse(JSON.parse(text).created);
    const image = await openStreamLayered({
      settingsPath,
      nixMode: name.endsWith('0555') ? 0o555 : 0o755,
      now,
      locate: makeStore(t, store_layers.flat()),
      openBase: path => openBase(t, path),
    });
    const changed = { ...image, config: withChanges(image.config, changes) };
    const packed = await packValid(changed, await temporaryDirectory(t));
    const layers = packed.layers.map(async ({ diffId, tarSize }) => ({ diff_id: diffId, size: await tarSize() }));
    assert.deepEqual(
      await Promise.all(layers),
      expected.layers.map(({ diff_id, size }: Record<string, unknown>) => ({ diff_id, size })),
    );
    // The script's clock has microseconds.
    const ownText = text.replaceAll(JSON.parse(text).created, String(image.config.json.created));
    const official = withChanges(parseConfig(Buffer.from(ownText), name), changes);
    assert.equal(Buffer.from(packed.config.bytes).toString(), Buffer.from(official.bytes).toString());
  });
}

test('layers of the store are not known before they are read, the others are', async t => {
  const { open } = await openSettings(t, {});
  const { layers, isTimeNow } = await open();
  assert.equal(isTimeNow, false);
  const [first, second, top] = layers;
  assert.deepEqual([first?.diffId, first?.identity, first?.size], [undefined, undefined, undefined]);
  assert.deepEqual([second?.diffId, second?.identity, second?.size], [undefined, undefined, undefined]);
  assert.equal(top?.diffId, 'sha256:a518f6e6790c4dfea0189d459bd95070826b39766779d90273fbd0d1a8e8379d');
  assert.equal(top?.size, 10240);
  for (const layer of layers) assert.deepEqual(await bytesOf(layer.open()), await bytesOf(layer.open()));
});

test('files with the time of the run are reported', async t => {
  const { open } = await openSettings(t, { mtime: 'now' });
  assert.equal((await open()).isTimeNow, true);
});

test('the hashes of all paths are asked for once', async t => {
  const asked: (readonly string[])[] = [];
  const { open } = await openSettings(t, { store_layers: [[script, file], [], [file]] });
  const narHashes = async (paths: readonly string[]) => {
    asked.push(paths);
    return hashes;
  };
  await open({ narHashes });
  assert.deepEqual(asked, [[file, script]]);
});

const hashes = new Map([
  [file, `sha256:${'a'.repeat(64)}`],
  [script, `sha256:${'b'.repeat(64)}`],
]);

test('without all the hashes no layer is named', async t => {
  const { open } = await openSettings(t, {});
  const { layers } = await open({ narHashes: async () => undefined });
  assert.equal(layers[0]?.identity, undefined);
});

test('a layer is named by all that its bytes depend on', async t => {
  const identityOf = async (settings: object, options: Partial<StreamLayeredOptions> = {}) => {
    const { open } = await openSettings(t, settings);
    const image = await open({ narHashes: async () => hashes, ...options });
    return image.layers[0]?.identity ?? '';
  };
  const store_layers = [[file, script]];
  const identity = await identityOf({ store_layers });
  assert.match(identity, /^stream1:[0-9a-f]{64}$/);
  assert.equal(await identityOf({ store_layers: [[file, script], [file]], repo_tag: 'other:1' }), identity);
  const others = [
    await identityOf({ store_layers: [[script, file]] }),
    await identityOf({ store_layers: [[file]] }),
    await identityOf({ store_layers: [[]] }),
    await identityOf({ store_layers }, { nixMode: 0o555 }),
    await identityOf({ store_layers }, { narHashes: async () => new Map([...hashes, [file, 'sha256:c']]) }),
    await identityOf({ store_layers, mtime: '1970-01-01T00:00:02+00:00' }),
    await identityOf({ store_layers, uid: '1' }),
    await identityOf({ store_layers, gid: '1' }),
    await identityOf({ store_layers, uname: 'user' }),
    await identityOf({ store_layers, gname: 'users' }),
  ];
  assert.equal(new Set([identity, ...others]).size, 11);
});

test('a hash that is not given is a Failure', async t => {
  const { open } = await openSettings(t, {});
  const narHashes = async () => new Map([[file, 'sha256:a']]);
  await assert.rejects(open({ narHashes }), failureWith(`the NAR hash of ${script} is missing`));
});

for (const [field, settings] of [
  ['store_layers', { store_layers: [[file], ['/nix/store/00000000000000000000000000000abs-gone']] }],
  ['customisation_layer', { customisation_layer: '/nix/store/00000000000000000000000000000abs-gone' }],
  ['from_image', { from_image: '/nix/store/00000000000000000000000000000abs-gone' }],
] as const) {
  test(`a path of ${field} that is not in the store is a Failure that names file, field and path`, async t => {
    const { open, settingsPath } = await openSettings(t, settings);
    const message = `Cannot use ${settingsPath}: its "${field}" names /nix/store/00000000000000000000000000000abs-gone`;
    await assert.rejects(open(), failureWith(message));
  });
}

test('settings that are not there are a Failure', async t => {
  const { open, settingsPath } = await openSettings(t, {});
  await rm(settingsPath);
  await assert.rejects(open(), failureWith(`Cannot read ${settingsPath}: the file does not exist`));
});

test('a customisation layer without a good checksum is a Failure', async t => {
  const directory = await temporaryDirectory(t);
  await cp(special(customisation), directory, { recursive: true });
  const { open } = await openSettings(t, {}, path => (path === customisation ? directory : file));
  await writeFile(join(directory, 'checksum'), 'none\n');
  await assert.rejects(open(), failureWith(`Cannot read ${directory}/checksum: "sha256:none" is not a digest`));
  await rm(join(directory, 'checksum'));
  await assert.rejects(open(), failureWith(`Cannot read ${directory}/checksum: the file does not exist`));
});

test('a customisation layer that has not its checksum ends the packing', async t => {
  const directory = await temporaryDirectory(t);
  await cp(special(customisation), directory, { recursive: true });
  await writeFile(join(directory, 'checksum'), `${'0'.repeat(64)}\n`);
  const { open } = await openSettings(t, { store_layers: [] }, path => (path === customisation ? directory : path));
  await assert.rejects(packValid(await open(), directory), failureWith(`sha256:${'0'.repeat(64)}`));
});

test('a base image whose Env is no list is a Failure', async t => {
  const { open } = await openSettings(t, { from_image: '/nix/store/00000000000000000000000000000bas-base.tar' });
  const openBase = async (path: string): Promise<ArchiveImage> => {
    const image = await openArchive(path);
    return { ...image, config: { ...image.config, json: { ...image.config.json, config: { Env: 'A=1' } } } };
  };
  await assert.rejects(open({ openBase }), failureWith('config.Env of the base image'));
});

test('a base image without Env adds none', async t => {
  const { open } = await openSettings(t, { from_image: '/nix/store/00000000000000000000000000000bas-base.tar' });
  const openBase = async (path: string): Promise<ArchiveImage> => {
    const image = await openArchive(path);
    return { ...image, config: { ...image.config, json: { ...image.config.json, config: null } } };
  };
  assert.deepEqual((await open({ openBase })).config.json.config, { Cmd: ['/bin/app'] });
});

/** The settings of the smallest case with these changes, and a way to open them. */
async function openSettings(t: TestContext, settings: object, at?: Locate) {
  const settingsPath = join(await temporaryDirectory(t), 'x-conf.json');
  const conf = JSON.parse(await readFile(join(golden, '01-minimal/conf.json'), 'utf8'));
  await writeFile(settingsPath, JSON.stringify({ ...conf, ...settings }));
  const store = makeStore(t, [file, script]);
  const locate: Locate = path => (at === undefined || path === file || path === script ? store(path) : at(path));
  const defaults = { settingsPath, nixMode: 0o755, now: 0, locate, openBase: openArchive } as const;
  const open = (options: Partial<StreamLayeredOptions> = {}) => openStreamLayered({ ...defaults, ...options });
  return { settingsPath, open };
}

/** Golden store paths, and what lies beside them: the customisation layer and the base images. */
function makeStore(t: TestContext, storePaths: readonly string[]): Locate {
  const locate = makeGoldenStore(t, storePaths);
  return path => (storePaths.includes(path) ? locate(path) : special(path));
}

async function openArchive(path: string): Promise<ArchiveImage> {
  return openDockerArchive(await indexArchive(path, path));
}

async function openBase(t: TestContext, path: string): Promise<ArchiveImage> {
  if (!path.endsWith('.gz')) return openArchive(path);
  const tar = join(await temporaryDirectory(t), 'base.tar');
  await pipeline(createReadStream(path), createGunzip(), createWriteStream(tar));
  return openArchive(tar);
}
