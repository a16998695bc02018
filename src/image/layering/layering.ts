import { layersByPopularity } from './popularity.ts';
import { type SizedClosure, stableLayers } from './stable.ts';

/** How the store paths of an image are distributed over layers. `as-built`: as in the source image. */
export const layerings = ['stable', 'popularity', 'as-built'] as const;
export type Layering = (typeof layerings)[number];

/** Layers of an image if `max-layers` is not set, as in nixpkgs. */
export const defaultMaxLayers = 100;

/** What Nix knows about a store path. */
export interface ClosurePath {
  readonly narHash: string;
  /** Bytes. */
  readonly narSize: number;
  readonly references: readonly string[];
}

/**
 * Distributes a closure over at most `maxLayers` layers, from the base upwards. The same closure gives the same layers.
 */
export function layersOfClosure(
  layering: Exclude<Layering, 'as-built'>,
  closure: SizedClosure,
  maxLayers: number,
): readonly (readonly string[])[] {
  return { stable: stableLayers, popularity: layersByPopularity }[layering](closure, maxLayers);
}

/** The comment of a layer in the history of an image, as nixpkgs' dockerTools writes it. */
export function storePathsComment(paths: readonly string[]): string {
  return `store paths: ['${paths.join("', '")}']`;
}
