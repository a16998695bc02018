import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Layer } from '../oci/image.ts';
import { createMeter } from '../pack/meter.ts';
import { checkDescriptor, checkDiffId, isPassedOn, openTar, packLayer } from '../pack/pack-layer.ts';
import { readMembers } from '../tar/read-members.ts';
import type { InspectedLayer } from './inspected-image.ts';
import { type LayerUsage, readLayerUsage } from './layer-usage.ts';

/**
 * Reads a layer and adds up its files. Reads a compressed layer once, as a stream. Compresses a plain tar into a file
 * in `directory` first, as a push would, to know its size. A Failure if the bytes do not have the stated digests.
 */
export async function inspectLayer(layer: Layer, directory: string): Promise<InspectedLayer> {
  if (!isPassedOn(layer, undefined)) {
    const packed = await packLayer(layer, join(directory, `inspected-${randomUUID()}`));
    packed.release();
    const { descriptor, diffId } = packed;
    return inspectedLayer(layer, { descriptor, diffId }, await usageOf(packed.openTar(), layer));
  }
  const [blob, tar] = [createMeter(), createMeter()];
  const metered = { ...layer, open: () => blob.through(layer.open()) };
  const usage = await usageOf(tar.through(openTar(metered)), layer);
  const diffId = checkDiffId(layer, tar.digest());
  const read = { digest: blob.digest(), size: blob.size() };
  checkDescriptor(layer, read);
  const mediaType = layer.descriptor?.mediaType ?? '';
  return inspectedLayer(layer, { descriptor: { mediaType, ...read }, diffId }, usage);
}

function usageOf(tar: AsyncIterable<Uint8Array>, layer: Layer): Promise<LayerUsage> {
  const description = layer.description ?? `the layer ${layer.descriptor?.digest ?? layer.diffId ?? ''}`;
  return readLayerUsage(readMembers(tar, description), description);
}

function inspectedLayer(
  layer: Layer,
  known: Pick<InspectedLayer, 'descriptor' | 'diffId'>,
  { paths, otherBytes }: LayerUsage,
): InspectedLayer {
  const contents = {
    paths: [...paths].map(([path, narSize]) => ({ path, narSize })),
    history: layer.contents?.history ?? '',
  };
  return { ...known, contents, otherBytes };
}
