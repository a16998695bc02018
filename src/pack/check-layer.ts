import { Failure } from '../lib/failure.ts';
import type { Layer } from '../oci/image.ts';
import { createMeter } from './meter.ts';
import { checkDescriptor, checkDiffId, openTar } from './pack-layer.ts';

/**
 * Reads an untrusted layer and checks the digest and size of its blob, and its diffID. Neither the blob nor its tar may
 * have more than `most` bytes; returns how many the tar has.
 */
export async function checkLayer(layer: Layer, most: number): Promise<number> {
  const tooLarge = () =>
    new Failure(`Cannot use ${layer.description}: it exceeds the remaining limit of ${most} bytes.`);
  if ((layer.size ?? 0) > most) throw tooLarge();
  const blob = createMeter();
  const tar = createMeter();
  for await (const _ of tar.through(openTar({ ...layer, open: () => blob.through(layer.open()) }))) {
    if (tar.size() > most) throw tooLarge();
  }
  checkDescriptor(layer, { digest: blob.digest(), size: blob.size() });
  checkDiffId(layer, tar.digest());
  return tar.size();
}
