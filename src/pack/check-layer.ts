import { Failure } from '../lib/failure.ts';
import type { Layer } from '../oci/image.ts';
import { createMeter } from './meter.ts';
import { checkDescriptor, checkDiffId, openTar } from './pack-layer.ts';

/**
 * Reads a layer of a stranger and holds it to its promises: the digest and size of its blob, and its diffID. Its tar may
 * have `most` bytes; gives how many it has.
 */
export async function checkLayer(layer: Layer, most: number): Promise<number> {
  const blob = createMeter();
  const tar = createMeter();
  const metered: Layer = { ...layer, open: () => blob.through(layer.open()) };
  for await (const _ of tar.through(openTar(metered))) {
    if (tar.size() > most) {
      throw new Failure(`Cannot use ${layer.what ?? layer.diffId}: unpacked it has more than the ${most} bytes left to it.`);
    }
  }
  checkDescriptor(layer, { digest: blob.digest(), size: blob.size() });
  checkDiffId(layer, tar.digest());
  return tar.size();
}
