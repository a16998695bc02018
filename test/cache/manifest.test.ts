import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { areStorePaths, formatVersion, mostLayers, parseEntryManifest } from '../../src/cache/manifest.ts';
import { mediaTypes } from '../../src/oci/blob.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { withFacts } from '../../src/oci/layer-facts.ts';

const blob = { mediaType: mediaTypes.layerGzip, digest: digestOf('blob'), size: 4000 };
const facts = { diffId: digestOf('tar'), identity: 'stream1:00', compression: 'gzip-1-r4' };
const layer = withFacts(blob, facts);

/** The manifest of an entry with these layers, whatever they are. */
function textOf(layers: unknown): string {
  return JSON.stringify({
    format: formatVersion,
    system: 'x86_64-linux',
    paths: [],
    outputs: [],
    toolchain: [],
    layers,
  });
}

test('layers are read back unchanged, also without store paths', () => {
  const { identity: _, ...unnamed } = facts;
  const layers = [layer, withFacts({ ...blob, mediaType: mediaTypes.layerZstd, size: 0 }, unnamed)];
  assert.deepEqual(parseEntryManifest(textOf(layers)).layers, layers);
});

test('what else a layer says is left behind', () => {
  const more = { ...layer, urls: ['http://10.0.0.1/'], annotations: { ...layer.annotations, other: 'x' } };
  assert.deepEqual(parseEntryManifest(textOf([more])).layers, [layer]);
});

test('endless nesting is a Failure', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  for (const name of ['layers', 'paths', 'format']) {
    const text = textOf([layer]).replace(new RegExp(`"${name}":(\\[.*?\\]|\\d+)`), `"${name}":[${deep}]`);
    assert.throws(() => parseEntryManifest(text), { name: 'Failure' });
  }
});

suite('layers of another form are refused, with all of their entry', () => {
  const annotated = (annotations: object) => ({ ...layer, annotations: { ...layer.annotations, ...annotations } });
  const { digest: _, ...undigested } = layer;
  const cases: Readonly<Record<string, unknown>> = {
    'no list': { 0: layer, length: 1 },
    nothing: undefined,
    null: [null],
    'a text': ['layer'],
    'a list': [[layer]],
    'a text of JSON': [JSON.stringify(layer)],
    'no digest': [undigested],
    'a digest of another kind': [{ ...layer, digest: `sha512:${'0'.repeat(128)}` }],
    'a digest in upper case': [{ ...layer, digest: layer.digest.toUpperCase() }],
    'a digest that is a path': [{ ...layer, digest: 'sha256:../../../v2/' }],
    'a digest and more behind it': [{ ...layer, digest: `${layer.digest}\n` }],
    'a list of one digest': [{ ...layer, digest: [layer.digest] }],
    'a size below zero': [{ ...layer, size: -1 }],
    'a size that is a text': [{ ...layer, size: '4000' }],
    'a size that is no whole number': [{ ...layer, size: 1.5 }],
    'a size beyond all numbers': [{ ...layer, size: 2 ** 53 }],
    'no annotations': [blob],
    'annotations that are no texts': [annotated({ 'containerd.io/uncompressed': 1 })],
    'a diffID that is none': [annotated({ 'containerd.io/uncompressed': 'latest' })],
    'no word of how it was made': [withFacts(blob, { diffId: facts.diffId, identity: facts.identity })],
    'an endless identity': [annotated({ 'org.nix-image.identity': 'x'.repeat(1 << 20) })],
    'an endless compression': [annotated({ 'org.nix-image.compression': 'x'.repeat(1 << 20) })],
    'a type that no layer of ours has': [{ ...layer, mediaType: mediaTypes.config }],
    'a type that is a name of the prototype': [{ ...layer, mediaType: 'constructor' }],
    'more layers than images have': Array.from({ length: mostLayers + 1 }, () => layer),
    'one that is wrong behind one that is right': [layer, null],
  };
  for (const [name, layers] of Object.entries(cases)) {
    test(name, () => {
      assert.throws(() => parseEntryManifest(textOf(layers)), {
        name: 'Failure',
        message: /is not a layer|has \d+ layers|lacks system, paths or layers/,
      });
    });
  }
});

test('a path whose hash is not in base 32 as Nix writes it is refused', () => {
  const pathOf = (letter: string) => `/nix/store/${letter.repeat(32)}-hello`;
  assert.ok(areStorePaths([pathOf('a'), pathOf('0')]));
  for (const letter of ['e', 'o', 't', 'u', 'A', '-']) assert.ok(!areStorePaths([pathOf(letter)]), letter);
});
