import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { openDockerArchive } from '../../src/image/docker-archive.ts';
import { diffIdsOf, labelsOf } from '../../src/oci/config.ts';
import { digestOf, hexOf } from '../../src/oci/digest.ts';
import type { Image } from '../../src/oci/image.ts';
import { packLayer } from '../../src/pack/pack-layer.ts';
import { indexArchive } from '../../src/tar/index-archive.ts';
import { failureWith } from '../support/failure.ts';
import { bytesOf, inPieces } from '../support/streams.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { type Member, writeArchive } from '../support/write-archive.ts';

const [lower, upper] = ['the lower layer', 'the upper layer'];

function configOf(layers: readonly string[]): string {
  const config = { Labels: { built: 'yes' }, Cmd: ['/bin/app'] };
  return JSON.stringify({ os: 'linux', config, rootfs: { type: 'layers', diff_ids: layers.map(digestOf) } });
}

const config = configOf([lower, upper]);
const configName = `${hexOf(digestOf(config))}.json`;

const manifestOf = (entry: object) =>
  JSON.stringify([{ Config: configName, RepoTags: ['app:1'], Layers: ['a/layer.tar', 'b/layer.tar'], ...entry }]);

/** The members of an archive that is right, but for those given. */
function members(changed: Readonly<Record<string, string | Buffer | undefined>> = {}): Member[] {
  const all = {
    'manifest.json': manifestOf({}),
    [configName]: config,
    'a/layer.tar': lower,
    'b/layer.tar': upper,
    ...changed,
  };
  return Object.entries(all).flatMap(([name, content]) => (content === undefined ? [] : [[name, content]]));
}

async function open(t: TestContext, list: readonly Member[]): Promise<Image> {
  const path = join(await temporaryDirectory(t), 'image.tar');
  await writeArchive(path, list);
  return openDockerArchive(await indexArchive(path, 'the image x'));
}

test('config and layers, from the base upwards', async t => {
  const { config: opened, layers } = await open(t, members());
  assert.equal(Buffer.from(opened.bytes).toString(), config);
  assert.deepEqual(labelsOf(opened), { built: 'yes' });
  assert.deepEqual(diffIdsOf(opened), [digestOf(lower), digestOf(upper)]);
  assert.deepEqual(
    layers.map(({ diffId, encoding, size }) => ({ diffId, encoding, size })),
    [lower, upper].map(text => ({ diffId: digestOf(text), encoding: 'tar', size: text.length })),
  );
  assert.equal((await bytesOf(layers[1]?.open() ?? inPieces(Buffer.alloc(0)))).toString(), upper);
});

test('the order of members does not count', async t => {
  const image = await open(t, members().toReversed());
  assert.deepEqual(
    image.layers.map(({ diffId }) => diffId),
    [digestOf(lower), digestOf(upper)],
  );
});

test('layers that are links, as of skopeo and docker', async t => {
  const links: Member[] = [
    [{ name: 'a/layer.tar', type: 'symlink', linkname: '../blobs/lower' }],
    [{ name: 'b/layer.tar', type: 'link', linkname: 'blobs/upper' }],
    ['blobs/lower', lower],
    ['blobs/upper', upper],
  ];
  const image = await open(t, [...members({ 'a/layer.tar': undefined, 'b/layer.tar': undefined }), ...links]);
  assert.deepEqual(
    image.layers.map(({ size }) => size),
    [lower.length, upper.length],
  );
});

test('compressed layers are recognised by their bytes', async t => {
  const directory = await temporaryDirectory(t);
  const compressed = { 'a/layer.tar': gzipSync(lower), 'b/layer.tar': zstdCompressSync(upper) };
  const { layers } = await open(t, members(compressed));
  assert.deepEqual(
    layers.map(({ encoding }) => encoding),
    ['gzip', 'zstd'],
  );
  for (const layer of layers) assert.equal((await packLayer(layer, join(directory, 'layer'))).diffId, layer.diffId);
});

test('a config with a name of its own, no labels, no tags', async t => {
  const bare = JSON.stringify({ config: null, rootfs: { diff_ids: [digestOf(lower)] } });
  const manifest = JSON.stringify([{ Config: 'config.json', RepoTags: null, Layers: ['a/layer.tar'] }]);
  const image = await open(t, members({ 'manifest.json': manifest, 'config.json': bare }));
  assert.deepEqual(labelsOf(image.config), {});
  assert.equal(image.layers.length, 1);
});

suite('archives that lie or lack something are a Failure', () => {
  const two = JSON.stringify(['app:1', 'app:2'].map(tag => ({ Config: 'c', RepoTags: [tag], Layers: [] })));
  for (const [name, changed, ...parts] of [
    ['no manifest.json', { 'manifest.json': undefined }, 'it has no file "manifest.json"'],
    ['no JSON', { 'manifest.json': '[{' }, 'Cannot read manifest.json of the image x: it is not JSON'],
    ['no list', { 'manifest.json': '{}' }, 'with Config and Layers'],
    ['no image', { 'manifest.json': '[]' }, 'with Config and Layers'],
    ['two images', { 'manifest.json': two }, 'Cannot choose an image', 'it contains 2 images (app:1, app:2)'],
    ['no Config', { 'manifest.json': '[{"Layers":[]}]' }, 'Config and Layers'],
    ['layers that are no names', { 'manifest.json': manifestOf({ Layers: [1, 2] }) }, 'Config and Layers'],
    ['no config', { [configName]: undefined }, `it has no file "${configName}"`],
    [
      'a config under another digest',
      { [configName]: config.replace('yes', 'no') },
      configName,
      'its name states another',
    ],
    [
      'a config that is no JSON',
      { 'manifest.json': manifestOf({ Config: 'c' }), c: 'text' },
      'the config "c" of the image x',
      'not JSON',
    ],
    [
      'a config without diff_ids',
      { 'manifest.json': manifestOf({ Config: 'c' }), c: '{}' },
      'lists 2 layers, but the config lists no diff_ids',
    ],
    [
      'fewer layers than diff_ids',
      { 'manifest.json': manifestOf({ Layers: ['a/layer.tar'] }) },
      'lists 1 layers, but the config lists 2 diff_ids',
    ],
    ['a missing layer', { 'b/layer.tar': undefined }, 'it has no file "b/layer.tar"'],
    ['an empty layer', { 'b/layer.tar': '' }, 'the layer "b/layer.tar"', 'it is empty'],
    ['a layer of bzip2', { 'a/layer.tar': 'BZh91AY&SY' }, 'the layer "a/layer.tar"', 'bzip2 is not supported'],
    [
      'a manifest.json that fills memory',
      { 'manifest.json': Buffer.alloc((16 << 20) + 1, ' ') },
      'more than the limit of 4194304',
    ],
  ] as const) {
    test(name, async t => {
      await assert.rejects(open(t, members(changed)), failureWith('the image x', ...parts));
    });
  }
});

suite('a layer with other bytes than its diffID says is a Failure once it is read', () => {
  for (const [name, content] of [
    ['plain', 'another layer'],
    ['gzip', gzipSync('another layer')],
    ['zstd', zstdCompressSync(Buffer.from('another layer'))],
  ] as const) {
    test(name, async t => {
      const directory = await temporaryDirectory(t);
      const [layer] = (await open(t, members({ 'a/layer.tar': content }))).layers;
      assert.ok(layer);
      const digests = [digestOf(lower), digestOf('another layer')];
      await assert.rejects(packLayer(layer, join(directory, 'layer')), failureWith(...digests));
    });
  }
});
