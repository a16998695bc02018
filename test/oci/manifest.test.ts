import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Descriptor, mediaTypes } from '../../src/oci/blob.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { blobOf, manifestBlob } from '../../src/oci/manifest.ts';
import { bytesOf } from '../support/streams.ts';

const config: Descriptor = { mediaType: mediaTypes.config, digest: digestOf('{}'), size: 2 };
const layer: Descriptor = { mediaType: mediaTypes.layerGzip, digest: digestOf('layer'), size: 5 };

test('a manifest has one serialised form', async () => {
  const blob = manifestBlob({ config, layers: [layer, layer], annotations: {} });
  const text = (await bytesOf(blob.open())).toString();
  const layerText = `{"mediaType":"${layer.mediaType}","digest":"${layer.digest}","size":5}`;
  assert.equal(
    text,
    `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"${config.mediaType}",` +
      `"digest":"${config.digest}","size":2},"layers":[${layerText},${layerText}]}`,
  );
  assert.deepEqual(blob.descriptor, { mediaType: mediaTypes.manifest, digest: digestOf(text), size: text.length });
});

test('annotations are sorted by name, so that their order does not count', async () => {
  const one = manifestBlob({ config, layers: [], annotations: { b: '2', a: '1' } });
  const other = manifestBlob({ config, layers: [], annotations: { a: '1', b: '2' } });
  assert.equal(one.descriptor.digest, other.descriptor.digest);
  assert.match((await bytesOf(one.open())).toString(), /"annotations":\{"a":"1","b":"2"\}\}$/);
});

test('sizes count bytes, and a blob can be opened again', async () => {
  const blob = blobOf('ä€', 'text/plain');
  assert.equal(blob.descriptor.size, 5);
  assert.deepEqual(await bytesOf(blob.open()), await bytesOf(blob.open()));
});

test('a manifest that registries would refuse is an error before it is sent', () => {
  const annotations = { long: 'x'.repeat(4 << 20) };
  assert.throws(
    () => manifestBlob({ config, layers: [layer], annotations }),
    /^Failure: Cannot publish a manifest of 41947\d\d bytes: registries and engines accept 4194304\. Its annotations have 4194315 bytes/,
  );
});
