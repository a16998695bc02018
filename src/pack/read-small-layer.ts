import type { FileBudget, LayerFiles } from '../check/layer-files.ts';
import { watchLayer } from '../check/watch-layer.ts';
import type { Layer } from '../oci/image.ts';
import { drain } from './meter.ts';

/** Bytes that are read within a few milliseconds. */
const mostBytes = 1 << 20;

/**
 * What the check needs of a layer that is reused, if it is a small tar on this machine: such as that of the links at
 * the root, which tells where programs are. Undefined for all others.
 */
export async function readSmallLayer(layer: Layer, budget: FileBudget | undefined): Promise<LayerFiles | undefined> {
  const { encoding, size, remote, storePaths } = layer;
  const isSmall = encoding === 'tar' && size !== undefined && size <= mostBytes;
  if (budget === undefined || !isSmall || remote !== undefined || storePaths !== undefined) return undefined;
  const watch = watchLayer(layer, budget);
  await drain(watch.through(layer.open(watch.options)));
  return watch.files();
}
