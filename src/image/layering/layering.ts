import { layersByPopularity } from './popularity.ts';
import { type SizedClosure, stableLayers } from './stable.ts';

/** How the store paths of an image are distributed over layers. `as-built`: as the image has them already. */
export const layerings = ['stable', 'popularity', 'as-built'] as const;
export type Layering = (typeof layerings)[number];

/** Layers of an image whose `max-layers` is not given; nixpkgs' default too. */
export const defaultMaxLayers = 100;

/** What Nix knows of a store path. */
export interface ClosurePath {
  readonly narHash: string;
  /** Bytes. */
  readonly narSize: number;
  readonly references: readonly string[];
}

/** A closure in at most `maxLayers` layers, from the base upwards. The same closure gives the same layers. */
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
