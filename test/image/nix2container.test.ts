import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { openNix2container } from '../../src/image/nix2container/open-nix2container.ts';
import { mediaTypes } from '../../src/oci/blob.ts';
import { diffIdsOf } from '../../src/oci/config.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { failureWith } from '../support/failure.ts';
import { bytesOf } from '../support/streams.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { packValid } from '../support/validate-image.ts';
import { makeGoldenStore, vectors } from './golden-store.ts';

const golden = (file: string) => readFileSync(new URL(file, vectors), 'utf8');

interface LayerJson {
  readonly digest: string;
  readonly size: number;
  readonly paths: readonly { readonly path: string }[];
}

const imageOf = (layers: readonly object[], changes: object = {}) => ({
  version: 1,
  'image-config': { Cmd: ['/bin/app'] },
  layers,
  arch: 'amd64',
  created: '0001-01-01T00:00:00Z',
  ...changes,
});

const hash = '0123456789abcdfghijklmnpqrsvwxyz';
const [app, data] = [`/nix/store/${hash}-app`, `/nix/store/${hash}-data`];
const zeros = `sha256:${'0'.repeat(64)}`;

/** A store with the files of `app` and `data`, and an `image.json` beside it. */
async function openStore(t: TestContext, json: unknown, files: Readonly<Record<string, string | Buffer>> = {}) {
  const directory = await temporaryDirectory(t);
  for (const [path, content] of Object.entries({ [`${app}/bin/app`]: 'app', [data]: 'data', ...files })) {
    await mkdir(dirname(directory + path), { recursive: true });
    await writeFile(directory + path, content);
  }
  const path = join(directory, 'image.json');
  await writeFile(path, typeof json === 'string' ? json : JSON.stringify(json));
  const locate = (storePath: string) => directory + storePath;
  return { directory, path, locate, open: () => openNix2container({ path, locate }) };
}

const layerOf = (changes: object = {}) => ({
  digest: zeros,
  size: 0,
  diff_ids: zeros,
  paths: [{ path: app }, { path: data }],
  mediatype: mediaTypes.layerTar,
  History: { created_by: 'nix2container' },
  ...changes,
});

const officialLayers = ['nix2container', 'nix2container-2024-08', 'nix2container-1.0.0'].flatMap(version =>
  readdirSync(new URL(version, vectors)).map(name => `${version}/${name}`),
);

for (const name of officialLayers) {
  test(`an image of the official layers: ${name}`, async t => {
    const layers: LayerJson[] = JSON.parse(golden(name));
    const locate = makeGoldenStore(
      t,
      layers.flatMap(({ paths }) => paths.map(({ path }) => path)),
    );
    const directory = await temporaryDirectory(t);
    const path = join(directory, 'image.json');
    await writeFile(path, JSON.stringify(imageOf(layers)));
    const image = await openNix2container({ path, locate });
    const packed = await packValid(image, directory);
    const found = await Promise.all(
      packed.layers.map(async ({ diffId, tarSize }) => ({ digest: diffId, size: await tarSize() })),
    );
    assert.deepEqual(
      found,
      layers.map(({ digest, size }) => ({ digest, size })),
    );
    assert.deepEqual(
      image.layers.map(({ diffId, size, encoding }) => ({ diffId, size, encoding })),
      layers.map(({ digest, size }) => ({ diffId: digest, size, encoding: 'tar' })),
    );
    assert.deepEqual(packed.config.bytes, image.config.bytes);
  });
}

async function goldenConfig(t: TestContext, json: object): Promise<string> {
  const locate = makeGoldenStore(t, ['1a-file.txt', '1b-script', '2a-app-1.0', '2b-is-a-symlink'].map(inStore));
  const path = join(await temporaryDirectory(t), 'image.json');
  await writeFile(path, JSON.stringify(json));
  const { config } = await openNix2container({ path, locate });
  return Buffer.from(config.bytes).toString();
}

const inStore = (name: string) => `/nix/store/${name.slice(0, 2).padStart(32, '0')}${name.slice(2)}`;

test('the config is what its own transport serves, byte for byte: odd keys, empty fields, history', async t => {
  const json = JSON.parse(golden('nix2container-config/odd.image.json'));
  assert.equal(await goldenConfig(t, json), golden('nix2container-config/odd.config.json'));
});

test('fields that its own transport drops are kept, after the others; the rest is the same', async t => {
  const json = JSON.parse(golden('nix2container-config/dropped.image.json'));
  const expected = golden('nix2container-config/dropped.config.json');
  const kept = ',"Healthcheck":{"Test":["CMD","x"]},"Shell":["/bin/sh"]},"rootfs"';
  assert.equal(await goldenConfig(t, json), expected.replace('},"rootfs"', kept));
  const { Healthcheck: _, Shell: _1, ...config } = json['image-config'];
  assert.equal(await goldenConfig(t, { ...json, 'image-config': config }), expected);
});

test('numbers of fields that are kept have all their digits', async t => {
  const json = JSON.stringify(imageOf([])).replace('"Cmd"', '"Healthcheck":{"Interval":1234567890123456789},"Cmd"');
  const { config } = await (await openStore(t, json)).open();
  assert.match(Buffer.from(config.bytes).toString(), /"Interval":1234567890123456789/);
});

test('the JSON of release 1.0.0 has neither created nor history', async t => {
  const { History: _, ...layer } = layerOf();
  const { created: _1, ...json } = imageOf([layer]);
  const { config } = await (await openStore(t, json)).open();
  assert.equal(config.json.created, undefined);
  assert.deepEqual(config.json.history, [{ created_by: 'nix2container' }]);
});

test('an image without layers', async t => {
  const { open, directory } = await openStore(t, imageOf([], { layers: null, created: null }));
  const image = await open();
  assert.deepEqual(image.layers, []);
  const { config } = await packValid(image, directory);
  assert.deepEqual(diffIdsOf(config), []);
});

const tar = Buffer.alloc(10240, 'a tar');

for (const [encoding, mediatype, blob] of [
  ['tar', mediaTypes.layerTar, tar],
  ['gzip', mediaTypes.layerGzip, gzipSync(tar)],
  ['zstd', mediaTypes.layerZstd, zstdCompressSync(tar)],
] as const) {
  const file = `${data}-base/blob`;
  const layer = layerOf({
    digest: digestOf(blob),
    diff_ids: digestOf(tar),
    mediatype,
    'layer-path': file,
    History: {},
  });

  test(`a layer of a base image, a file in ${encoding}`, async t => {
    const { paths: _, ...json } = layer;
    const { directory, open } = await openStore(t, imageOf([json]), { [file]: blob });
    const image = await open();
    const [opened] = image.layers;
    assert.ok(opened);
    assert.deepEqual([opened.diffId, opened.encoding, opened.size], [digestOf(tar), encoding, blob.length]);
    for (const _ of [1, 2]) assert.deepEqual(await bytesOf(opened.open()), blob);
    const { layers } = await packValid(image, directory);
    assert.equal(layers[0]?.diffId, digestOf(tar));
    if (encoding !== 'tar') {
      assert.deepEqual(layers[0]?.descriptor.digest, digestOf(blob), 'passed on as it is');
      assert.deepEqual(opened.descriptor, { mediaType: mediatype, digest: digestOf(blob), size: blob.length });
    }
  });

  test(`the file of a layer of reproducible = false is used, in ${encoding}, not the paths in it`, async t => {
    const { directory, open } = await openStore(t, imageOf([{ ...layer, size: blob.length }]), { [file]: blob });
    const { layers } = await packValid(await open(), directory);
    assert.equal(layers[0]?.diffId, digestOf(tar));
  });

  test(`a file in ${encoding} that changed is a Failure that names it`, async t => {
    const { directory, locate, open } = await openStore(t, imageOf([layer]), { [file]: blob });
    const image = await open();
    const changed = Buffer.alloc(10240, 'other');
    const compress = { tar: (bytes: Buffer) => bytes, gzip: gzipSync, zstd: zstdCompressSync }[encoding];
    await writeFile(locate(file), compress(changed));
    await assert.rejects(packValid(image, directory), failureWith('layers[0]', 'image.json', file, digestOf(changed)));
  });
}

test('a blob of the right tar that has not the promised digest is a Failure', async t => {
  const file = `${data}-base/blob`;
  const changes = { digest: zeros, diff_ids: digestOf(tar), mediatype: mediaTypes.layerGzip, 'layer-path': file };
  const { directory, open } = await openStore(t, imageOf([layerOf(changes)]), { [file]: gzipSync(tar) });
  await assert.rejects(
    packValid(await open(), directory),
    failureWith('layers[0]', file, zeros, digestOf(gzipSync(tar))),
  );
});

test('store paths that are not those that were hashed are a Failure that names layer and paths', async t => {
  const more = Array.from({ length: 3 }, (_, i) => `/nix/store/${hash}-more-${i}`);
  const paths = [app, data, ...more].map(path => ({ path }));
  const files = Object.fromEntries(more.map(path => [path, 'more']));
  const { directory, path, open } = await openStore(t, imageOf([layerOf({ paths })]), files);
  const message = `layers[0] of ${path} (${app}, ${data}, ${more[0]} and 2 more)`;
  await assert.rejects(packValid(await open(), directory), failureWith(message, zeros));
});

test('nothing is read before a layer is opened', async t => {
  const { locate, open } = await openStore(t, imageOf([layerOf({ paths: [{ path: data }] })]));
  const [layer] = (await open()).layers;
  await writeFile(locate(data), 'written after the image was opened');
  assert.ok(layer);
  assert.ok((await bytesOf(layer.open())).includes('written after the image was opened'));
});

test('a file that is not there is a Failure that names it', async () => {
  await assert.rejects(
    openNix2container({ path: '/nowhere/image.json' }),
    failureWith('/nowhere/image.json', 'ENOENT'),
  );
});

const perm = { regex: '.*', mode: '0755', uid: 0, gid: 0, uname: '', gname: '' };
const withOptions = (options: unknown) => imageOf([layerOf({ paths: [{ path: app, options }] })]);

for (const [description, json, ...parts] of [
  ['no JSON', 'image', 'it is not JSON'],
  ['a key twice', JSON.stringify(imageOf([])).replace('{', '{"version":2,'), 'it is not JSON', 'version'],
  ['a list', [], 'it is [], not an object'],
  ['another version', { ...imageOf([]), version: 2, new: true }, 'version of ', 'it is 2, not 1'],
  ['a version that is no number', imageOf([], { version: '1' }), 'version of ', 'it is "1", not a whole number'],
  ['no version', imageOf([], { version: undefined }), 'version of ', 'it is missing'],
  ['an unknown field', imageOf([], { author: 'x' }), 'author of ', 'this field is unknown', 'image-config'],
  ['no architecture', imageOf([], { arch: undefined }), 'arch of ', 'it is missing'],
  ['the JSON of pullImage', imageOf([], { arch: '', created: null }), 'arch of ', 'fromImage'],
  ['a time that is no text', imageOf([], { created: 1 }), 'created of ', 'it is 1, not a string'],
  ['no config', imageOf([], { 'image-config': undefined }), 'image-config of ', 'it is missing'],
  ['a config of null', imageOf([], { 'image-config': null }), 'image-config of ', 'it is null, not an object'],
  ['a Cmd in one text', imageOf([], { 'image-config': { cmd: 'a b' } }), 'image-config.Cmd of ', 'not a list'],
  ['an Env of numbers', imageOf([], { 'image-config': { Env: ['A=1', 2] } }), 'image-config.Env[1] of ', 'a string'],
  ['a label of null', imageOf([], { 'image-config': { Labels: { a: null } } }), 'image-config.Labels.a of ', 'null'],
  ['a field twice', imageOf([], { 'image-config': { Cmd: [], cmd: [] } }), 'image-config of ', 'Cmd twice'],
  ['layers in an object', imageOf([], { layers: {} }), 'layers of ', 'it is {}, not a list'],
  ['an unknown field of a layer', imageOf([layerOf({ x: 1 })]), 'layers[0].x of ', 'this field is unknown'],
  ['a digest of another kind', imageOf([layerOf(), layerOf({ digest: 'md5:0' })]), 'layers[1].digest of ', 'md5:0'],
  ['a layer without digest', imageOf([layerOf({ digest: undefined })]), 'layers[0].digest of ', 'it is missing'],
  ['a layer without size', imageOf([layerOf({ size: undefined })]), 'layers[0].size of ', 'it is missing'],
  ['a size below zero', imageOf([layerOf({ size: -1 })]), 'layers[0].size of ', 'it is -1, not a whole number'],
  ['diff_ids in a list', imageOf([layerOf({ diff_ids: [zeros] })]), 'layers[0].diff_ids of '],
  ['an unknown media type', imageOf([layerOf({ mediatype: 'x' })]), 'layers[0].mediatype of ', 'it is "x"', '+zstd'],
  ['an unknown field of the history', imageOf([layerOf({ History: { x: 1 } })]), 'layers[0].History.x of '],
  ['a layer of nothing', imageOf([layerOf({ paths: [] })]), 'layers[0] of ', 'neither paths nor layer-path'],
  [
    'compressed store paths',
    imageOf([layerOf({ mediatype: mediaTypes.layerGzip })]),
    'layers[0] of ',
    '+gzip, but no layer-path',
  ],
  ['two digests of one tar', imageOf([layerOf({ digest: digestOf('') })]), 'layers[0] of ', 'must be equal'],
  [
    'a path outside the store',
    imageOf([layerOf({ paths: [{ path: '/etc/passwd' }] })]),
    'layers[0].paths[0].path of ',
    'it is "/etc/passwd", not a path in the Nix store',
  ],
  [
    'a path that leaves the store',
    imageOf([layerOf({ 'layer-path': `${app}/../../etc/passwd` })]),
    'layers[0].layer-path of ',
    'not a path in the Nix store',
  ],
  [
    'a store path that is not there',
    imageOf([layerOf({ paths: [{ path: app }, { path: `${app}-2` }] })]),
    'layers[0].paths[1] of ',
    `${app}-2 is not in the store`,
  ],
  [
    'a file that is not there',
    imageOf([layerOf({ 'layer-path': `${app}/bin/nothing` })]),
    'layers[0].layer-path of ',
    `${app}/bin/nothing is not in the store`,
  ],
  ['a directory as a file', imageOf([layerOf({ 'layer-path': app })]), 'layers[0].layer-path of ', 'is not a file'],
  [
    'a file of another size',
    imageOf([layerOf({ 'layer-path': data, size: 5 })]),
    'layers[0].size of ',
    `it is 5, but ${data} has 4 bytes`,
  ],
  ['options of null', withOptions(null), 'layers[0].paths[0].options of ', 'it is null'],
  ['a rewrite without repl', withOptions({ rewrite: { regex: 'x' } }), 'options.rewrite.repl of ', 'it is missing'],
  ['perms without owner', withOptions({ perms: [{ ...perm, uid: undefined }] }), 'options.perms[0].uid of '],
  [
    'a mode that is not octal',
    withOptions({ perms: [{ ...perm, mode: '9' }] }),
    'layers[0].paths[0].options of ',
    '"9"',
  ],
  ['a regex that is none', withOptions({ rewrite: { regex: '(', repl: '' } }), 'layers[0].paths[0].options of ', '"("'],
] as const) {
  test(`bad input: ${description}`, async t => {
    const { path, open } = await openStore(t, json);
    await assert.rejects(open(), failureWith(path, ...parts));
  });
}

test('no link leads out of the store', async t => {
  const outside = await temporaryDirectory(t);
  await mkdir(join(outside, 'home'));
  await writeFile(join(outside, 'home/secret'), 'secret');
  for (const [field, layer] of [
    ['layers[0].paths[0]', layerOf({ paths: [{ path: `${data}-link/secret` }] })],
    ['layers[0].layer-path', layerOf({ 'layer-path': `${data}-link/secret` })],
    ['layers[0].layer-path', layerOf({ 'layer-path': `${data}-file` })],
  ] as const) {
    const { directory, open } = await openStore(t, imageOf([layer]));
    await symlink(join(outside, 'home'), `${directory}${data}-link`);
    await symlink(join(outside, 'home/secret'), `${directory}${data}-file`);
    await assert.rejects(open(), failureWith(field, 'leads out of the store through a symlink'));
  }
});

test('a store is the one that Nix has', async t => {
  const layer = layerOf({ paths: [{ path: `/home/${hash}-app` }] });
  const { open } = await openStore(t, imageOf([layer]), { [`/home/${hash}-app`]: 'secret' });
  await assert.rejects(open(), failureWith('layers[0].paths[0].path', 'not a path in the Nix store'));
});

test('a layer whose digest no version gives is refused when it is read', async t => {
  const { History: _, ...layer } = layerOf({ paths: [{ path: app }] });
  const { open, directory } = await openStore(t, imageOf([layer]));
  const image = await open();
  await assert.rejects(packValid(image, directory), failureWith(zeros));
});

test('a JSON without version is too old', async t => {
  const { version: _, ...json } = imageOf([]);
  const { open } = await openStore(t, json);
  await assert.rejects(open(), failureWith('version of ', 'older than release 1.0.0', 'Update nix2container'));
});
