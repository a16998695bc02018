import { Failure } from '../../lib/failure.ts';
import { type ClosurePath, defaultMaxLayers } from './layering.ts';
import { type SizedClosure, stableLayers } from './stable.ts';

/** Redistribution of the store paths of an image that already has layers. */
export interface Split {
  /** Most layers of the whole image, including its base. */
  readonly maxLayers?: number | undefined;
  /** Layers that the image gets later, on top. */
  readonly layersAbove?: number;
  /** Facts about these store paths and everything they refer to; a Failure if they are unknown. */
  readonly readClosure: (paths: readonly string[]) => Promise<ReadonlyMap<string, ClosurePath>>;
}

interface ToSplit {
  /** Path of the image, for errors. */
  readonly image: string;
  /** Number of layers that stay unchanged. */
  readonly kept: number;
  /** Store paths in the layers that stay. */
  readonly alsoKnown?: readonly string[];
}

export interface SplitPaths {
  /** Store paths of each layer, from the base upwards. */
  readonly layers: readonly (readonly string[])[];
  /** Of these store paths and everything they refer to. */
  readonly closure: ReadonlyMap<string, ClosurePath>;
}

/** Distributes store paths over stable layers. A Failure if they do not fit next to the layers that stay. */
export async function splitPaths(
  paths: readonly string[],
  { image, kept, alsoKnown = [] }: ToSplit,
  { maxLayers = defaultMaxLayers, layersAbove = 0, readClosure }: Split,
): Promise<SplitPaths> {
  const room = maxLayers - kept - layersAbove;
  if (room < 1) {
    const others = `${kept} layers stay unchanged${layersAbove === 0 ? '' : `, ${layersAbove} come on top`}`;
    throw new Failure(
      `Cannot use layering: stable for ${image} with ${maxLayers} layers: ${others}, and the store paths need at least one more. Raise max-layers.`,
    );
  }
  const closure = await readClosure([...new Set([...paths, ...alsoKnown])].sort());
  return { layers: stableLayers(closureWithin(new Set(paths), closure), room), closure };
}

/**
 * The part of a closure that an image contains. If a path outside of the image connects two of its paths, one counts as
 * referring to the other.
 */
function closureWithin(paths: ReadonlySet<string>, closure: ReadonlyMap<string, ClosurePath>): SizedClosure {
  const of = (path: string) => {
    const info = closure.get(path);
    if (info !== undefined) return info;
    throw new Failure(`Cannot distribute store paths over layers: Nix does not know ${path}.`);
  };
  const referencesOf = (path: string) => {
    const found = new Set<string>();
    const passed = new Set([path]);
    for (const one of passed) for (const to of of(one).references) (paths.has(to) ? found : passed).add(to);
    return [...found];
  };
  return new Map([...paths].map(path => [path, { narSize: of(path).narSize, references: referencesOf(path) }]));
}
