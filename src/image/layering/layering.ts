import { layersByPopularity } from './popularity.ts';
import { type SizedClosure, stableLayers } from './stable.ts';

/** How the store paths of an image are put into layers. */
export const layerings = ['stable', 'popularity'] as const;
export type Layering = (typeof layerings)[number];

/** A closure in at most `maxLayers` layers, from the base upwards. The same closure gives the same layers. */
export function layersOfClosure(
  layering: Layering,
  closure: SizedClosure,
  maxLayers: number,
): readonly (readonly string[])[] {
  return { stable: stableLayers, popularity: layersByPopularity }[layering](closure, maxLayers);
}
