import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { mediaTypes } from '../../../src/oci/blob.ts';
import { digestOf } from '../../../src/oci/digest.ts';
import type { Layer } from '../../../src/oci/image.ts';
import type { KnownBlob } from '../../../src/oci/known-blob.ts';
import { claimKeys, type LayerFacts, layerFactsOf, withFacts } from '../../../src/oci/layer-facts.ts';
import { type PackedLayer, packLayer } from '../../../src/pack/pack-layer.ts';
import { confirmLayer, type ReuseOptions, reuseLayer } from '../../../src/pack/reuse-layer.ts';
import { writeTar } from '../../../src/tar/write-tar.ts';
import { bytesOf } from '../../support/streams.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const compression = { method: 'zstd:chunked', level: 3 } as const;
const content = Buffer.from('content');
const tar = await bytesOf(writeTar([{ name: 'file', size: content.length, open: () => stream(content) }]));
const layer: Layer = { diffId: digestOf(tar), identity: 'ours', encoding: 'tar', open: () => stream(tar) };
const prefix = 'io.github.containers.zstd-chunked.';

async function* stream(bytes: Buffer) {
  yield bytes;
}

async function make(t: TestContext): Promise<PackedLayer> {
  return packLayer(layer, join(await temporaryDirectory(t), 'layer'), { compression });
}

/** The blob as a manifest claims it that says these facts. */
function claimed({ descriptor: { annotations: _, ...descriptor } }: PackedLayer, facts: LayerFacts): KnownBlob {
  return {
    descriptor,
    facts,
    repository: { host: 'registry.example.org', path: 'app' },
    open: () => assert.fail('fetched'),
  };
}

function optionsOf(reuse: ReuseOptions['reuse'], known: KnownBlob, warnings: string[] = []): ReuseOptions {
  const blobs = new Map([[digestOf(tar), [known]]]);
  return { reuse, known: blobs, compression, onFalseClaim: message => warnings.push(message) };
}

test('a descriptor in a manifest says where the index is', async t => {
  const { descriptor } = await make(t);
  assert.equal(descriptor.annotations?.['org.nix-image.compression'], 'zstd:chunked-3-r1');
  assert.deepEqual(
    Object.keys(descriptor.annotations ?? {})
      .filter(key => key.startsWith(prefix))
      .sort(),
    [`${prefix}manifest-checksum`, `${prefix}manifest-position`, `${prefix}tarsplit-position`],
  );
  const { annotations: _, ...plain } = descriptor;
  assert.deepEqual(withFacts(plain, layerFactsOf(descriptor) ?? assert.fail()), descriptor);
});

for (const reuse of ['trust', 'verify'] as const) {
  test(`${reuse}: a layer that a registry has keeps its index, and nothing is read`, async t => {
    const made = await make(t);
    const known = claimed(made, layerFactsOf(made.descriptor) ?? assert.fail());
    const confirmed = claimKeys([made.descriptor]);
    const unread = { ...layer, open: () => assert.fail('read') };
    const reused = reuseLayer(unread, { ...optionsOf(reuse, known), confirmed });
    assert.deepEqual(reused?.descriptor, made.descriptor);
  });
}

test('verify: a false place of the index is neither vouched for nor taken over', async t => {
  const made = await make(t);
  const facts = layerFactsOf(made.descriptor) ?? assert.fail();
  const { chunked = assert.fail() } = facts;
  const known = claimed(made, { ...facts, chunked: { ...chunked, checksum: digestOf('another') } });
  const options = { ...optionsOf('verify', known), confirmed: claimKeys([made.descriptor]) };
  assert.equal(reuseLayer(layer, options), undefined);
  const confirmed = confirmLayer(made, layer, options);
  assert.deepEqual(confirmed.descriptor, made.descriptor);
  assert.equal(confirmed.known, known, 'the blob is the very same');
});

test('a compressed layer that is passed on keeps its index', async t => {
  const made = await make(t);
  const blob = await bytesOf(made.open());
  const { descriptor } = made;
  const kept = await packLayer(
    { diffId: made.diffId, encoding: 'zstd', descriptor, open: () => stream(blob) },
    '/unused',
  );
  const ofIndex = (annotations: Readonly<Record<string, string>> = {}) =>
    Object.entries(annotations).filter(([key]) => key.startsWith(prefix));
  assert.deepEqual(ofIndex(kept.descriptor.annotations), ofIndex(descriptor.annotations));
});

test('a zstd:chunked layer is recompressed for gzip, without its index', async t => {
  const made = await make(t);
  const blob = await bytesOf(made.open());
  const { descriptor } = made;
  const remade = await packLayer(
    { diffId: made.diffId, encoding: 'zstd', descriptor, open: () => stream(blob) },
    join(await temporaryDirectory(t), 'layer'),
    { compression: { method: 'gzip', level: 1 } },
  );
  assert.equal(remade.descriptor.mediaType, mediaTypes.layerGzip);
  assert.ok(!Object.keys(remade.descriptor.annotations ?? {}).some(key => key.startsWith(prefix)));
});

test('places of another form are left out', async t => {
  const { descriptor } = await make(t);
  for (const [key, value] of [
    ['manifest-checksum', 'sha256:x'],
    ['manifest-position', '1:2:3'],
    ['manifest-position', '1:2:3:2'],
    ['tarsplit-position', '1:2:3\n'],
    ['tarsplit-position', ''],
  ]) {
    const annotations = { ...descriptor.annotations, [`${prefix}${key}`]: value ?? '' };
    assert.equal(layerFactsOf({ ...descriptor, annotations })?.chunked, undefined, `${key}: ${value}`);
  }
});
