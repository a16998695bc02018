import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { mediaTypes } from '../../src/oci/blob.ts';
import { diffIdsOf, type ImageConfig, parseConfig } from '../../src/oci/config.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { Encoding, Layer } from '../../src/oci/image.ts';
import { type PackedLayer, packLayer } from '../../src/pack/pack-layer.ts';
import { failureWith } from '../support/failure.ts';
import { pack } from '../support/pack.ts';
import { bytesOf, inPieces } from '../support/streams.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const encode = { tar: (tar: Buffer) => tar, gzip: gzipSync, zstd: zstdCompressSync };

function layerOf(text: string, encoding: Encoding = 'tar'): Layer {
  const tar = Buffer.alloc(100_000, text);
  return { diffId: digestOf(tar), encoding, open: () => inPieces(encode[encoding](tar), 9999) };
}

function configOf(layers: readonly Layer[]): ImageConfig {
  const config = { os: 'linux', rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) } };
  return parseConfig(Buffer.from(JSON.stringify(config)), 'the config');
}

/** What every packed layer keeps: its descriptor is that of its bytes, its diffID that of its tar. */
async function checkLayer(layer: PackedLayer): Promise<void> {
  const blob = await bytesOf(layer.open());
  const tar = await bytesOf(layer.openTar());
  const { digest, size } = layer.descriptor;
  assert.deepEqual({ digest, size }, { digest: digestOf(blob), size: blob.length });
  assert.deepEqual({ diffId: layer.diffId, size: await layer.tarSize() }, { diffId: digestOf(tar), size: tar.length });
  assert.ok((await bytesOf(layer.open())).equals(blob), 'opened again');
}

suite('a layer', () => {
  test('that is plain is compressed with gzip', async t => {
    const packed = await packLayer(layerOf('text'), join(await temporaryDirectory(t), 'layer'));
    await checkLayer(packed);
    assert.equal(packed.descriptor.mediaType, mediaTypes.layerGzip);
    assert.equal(digestOf(gunzipSync(await bytesOf(packed.open()))), packed.diffId);
  });

  for (const [encoding, mediaType] of [
    ['gzip', mediaTypes.layerGzip],
    ['zstd', mediaTypes.layerZstd],
  ] as const) {
    test(`of ${encoding} passes through unchanged`, async t => {
      const layer = layerOf('text', encoding);
      const packed = await packLayer(layer, join(await temporaryDirectory(t), 'layer'));
      await checkLayer(packed);
      assert.equal(packed.descriptor.mediaType, mediaType);
      assert.ok((await bytesOf(packed.open())).equals(await bytesOf(layer.open())));
    });

    test(`of ${encoding} that is cut off is a Failure that names it`, async t => {
      const layer = layerOf('text', encoding);
      const cut = (await bytesOf(layer.open())).subarray(0, -1);
      const file = join(await temporaryDirectory(t), 'layer');
      const parts = [`the layer ${layer.diffId}`, 'cut off'];
      await assert.rejects(packLayer({ ...layer, open: () => inPieces(cut, 100) }, file), failureWith(...parts));
    });
  }

  test('without a promised diffID gets that of its bytes', async t => {
    const { diffId, ...layer } = layerOf('text');
    const packed = await packLayer({ ...layer, diffId: undefined }, join(await temporaryDirectory(t), 'layer'));
    assert.equal(packed.diffId, diffId);
  });

  test('with a false diffID is a Failure with both', async t => {
    const layer = { ...layerOf('text'), diffId: digestOf('other') };
    const file = join(await temporaryDirectory(t), 'layer');
    const digests = [digestOf('other'), layerOf('text').diffId ?? ''];
    await assert.rejects(packLayer(layer, file), failureWith('Cannot use', ...digests));
  });
});

suite('an image', () => {
  test('has a manifest of what its layers turned out to be', async t => {
    const layers = [layerOf('a'), layerOf('b', 'gzip'), layerOf('c', 'zstd')];
    const config = configOf(layers);
    const packed = await pack({ config, layers }, await temporaryDirectory(t), { annotations: { key: 'value' } });
    for (const layer of packed.layers) await checkLayer(layer);
    assert.deepEqual(await bytesOf(packed.configBlob.open()), config.bytes);
    assert.equal(packed.config, config);
    const manifest = JSON.parse((await bytesOf(packed.manifest.open())).toString());
    assert.deepEqual(
      manifest.layers,
      packed.layers.map(({ descriptor }) => descriptor),
    );
    assert.deepEqual(manifest.config, packed.configBlob.descriptor);
    assert.deepEqual(manifest.annotations, { key: 'value' });
    assert.deepEqual(
      diffIdsOf(packed.config),
      packed.layers.map(({ diffId }) => diffId),
    );
  });

  test('has the same digest whenever and wherever it is packed', async t => {
    const layers = [layerOf('a'), layerOf('b')];
    const image = { config: configOf(layers), layers };
    const one = await pack(image, await temporaryDirectory(t));
    const other = await pack(image, await temporaryDirectory(t));
    assert.deepEqual(one.manifest.descriptor, other.manifest.descriptor);
  });

  test('packs a layer once that it holds twice', async t => {
    const layers = [layerOf('a'), layerOf('b'), layerOf('a')];
    const seen: string[] = [];
    const packed = await pack({ config: configOf(layers), layers }, await temporaryDirectory(t), {
      onLayer: async ({ diffId }) => void seen.push(diffId),
    });
    assert.deepEqual(seen.toSorted(), [layers[0]?.diffId, layers[1]?.diffId].toSorted());
    assert.equal(packed.layers[0], packed.layers[2]);
    assert.equal(packed.layers.length, 3);
  });

  test('without diff_ids in its config gets those of its layers', async t => {
    const { diffId, ...layer } = layerOf('a');
    const config = parseConfig(Buffer.from('{"os":"linux"}'), 'the config');
    const packed = await pack({ config, layers: [{ ...layer, diffId: undefined }] }, await temporaryDirectory(t));
    assert.deepEqual(diffIdsOf(packed.config), [diffId]);
    assert.equal(packed.configBlob.descriptor.digest, digestOf(packed.config.bytes));
  });

  test('without layers', async t => {
    const packed = await pack({ config: configOf([]), layers: [] }, await temporaryDirectory(t));
    assert.deepEqual(JSON.parse((await bytesOf(packed.manifest.open())).toString()).layers, []);
  });

  test('whose config lists other layers is a Failure', async t => {
    const [a, b] = [layerOf('a'), layerOf('b')];
    const packing = pack({ config: configOf([a, b]), layers: [b, a] }, await temporaryDirectory(t));
    await assert.rejects(packing, failureWith('its config lists the diffIDs'));
  });

  test('hands over its config while its layers are still being sent', async t => {
    const layers = [layerOf('a'), layerOf('b')];
    const config = configOf(layers);
    const order: string[] = [];
    let sendLayers = () => {};
    const isConfigThere = new Promise<void>(resolve => {
      sendLayers = resolve;
    });
    await pack({ config, layers }, await temporaryDirectory(t), {
      async onLayer() {
        await Promise.race([isConfigThere, sleep(2000)]);
        order.push('layer');
      },
      async onConfig({ descriptor }) {
        assert.equal(descriptor.digest, digestOf(config.bytes));
        order.push('config');
        sendLayers();
      },
    });
    assert.deepEqual(order, ['config', 'layer', 'layer']);
  });

  test('with a layer that cannot be read fails as soon as no other is being sent, without a config', async t => {
    const [good, bad] = [layerOf('a'), { ...layerOf('b'), diffId: digestOf('other') }];
    const seen: string[] = [];
    const packing = pack({ config: configOf([good, bad]), layers: [good, bad] }, await temporaryDirectory(t), {
      async onLayer() {
        await sleep(100);
        seen.push('layer');
      },
      onConfig: async () => void seen.push('config'),
    });
    await assert.rejects(packing, failureWith('its content has'));
    assert.deepEqual(seen, ['layer']);
  });

  test('whose upload fails fails as soon as no layer is in work any more', async t => {
    const layers = ['a', 'b', 'c', 'd'].map(text => layerOf(text));
    let inWork = 0;
    const packing = pack({ config: configOf(layers), layers }, await temporaryDirectory(t), {
      async onLayer({ diffId }) {
        inWork += 1;
        await sleep(20);
        inWork -= 1;
        if (diffId === layers[1]?.diffId) throw new Error('refused');
      },
    });
    await assert.rejects(packing, /refused/);
    assert.equal(inWork, 0);
  });
});
