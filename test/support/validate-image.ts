import assert from 'node:assert/strict';
import { diffIdsOf } from '../../src/oci/config.ts';
import { type Digest, digestOf } from '../../src/oci/digest.ts';
import type { Image } from '../../src/oci/image.ts';
import type { PackedImage, PackOptions } from '../../src/pack/pack-image.ts';
import { openTar } from '../../src/pack/pack-layer.ts';
import { pack } from './pack.ts';
import { bytesOf } from './streams.ts';

/**
 * Packs an image into `directory` and holds it to what it says of itself: every layer opens twice with the same bytes, of
 * the promised size, digest and diffID, in the order of the config; and so do the blobs that it is packed into.
 */
export async function packValid(
  image: Image,
  directory: string,
  options: Partial<PackOptions> = {},
): Promise<PackedImage> {
  const packed = await pack(image, directory, options);
  const diffIds: Digest[] = [];
  for (const layer of image.layers) {
    const blob = await bytesOf(layer.open());
    assert.ok(blob.equals(await bytesOf(layer.open())), 'a layer opens with other bytes the second time');
    assert.equal(blob.length, layer.size ?? blob.length);
    if (layer.descriptor !== undefined) {
      const { digest, size } = layer.descriptor;
      assert.deepEqual({ digest, size }, { digest: digestOf(blob), size: blob.length });
    }
    const diffId = digestOf(await bytesOf(openTar(layer)));
    assert.equal(diffId, layer.diffId ?? diffId);
    diffIds.push(diffId);
  }
  assert.deepEqual(diffIdsOf(image.config) ?? diffIds, diffIds);
  assert.deepEqual(diffIdsOf(packed.config), diffIds);
  assert.deepEqual(
    packed.layers.map(({ diffId }) => diffId),
    diffIds,
  );
  for (const { descriptor, open } of [...packed.layers, packed.configBlob, packed.manifest]) {
    const blob = await bytesOf(open());
    assert.deepEqual([descriptor.digest, descriptor.size], [digestOf(blob), blob.length]);
  }
  const { config, layers } = JSON.parse((await bytesOf(packed.manifest.open())).toString());
  assert.deepEqual(
    [config, ...layers].map(({ digest, size }) => ({ digest, size })),
    [packed.configBlob, ...packed.layers].map(({ descriptor: { digest, size } }) => ({ digest, size })),
  );
  return packed;
}

/** The diffIDs of an image that holds what it says. */
export async function validateImage(image: Image, directory: string): Promise<readonly Digest[]> {
  const { layers } = await packValid(image, directory);
  return layers.map(({ diffId }) => diffId);
}
