import type { InspectedImage } from './inspected-image.ts';

/** Unpacked bytes of each store path of an image, summed over all layers. */
export function pathSizes({ layers }: Pick<InspectedImage, 'layers'>): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { path, narSize = 0 } of layers.flatMap(({ contents }) => contents.paths)) {
    sizes.set(path, (sizes.get(path) ?? 0) + narSize);
  }
  return sizes;
}
