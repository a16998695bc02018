import { Failure } from '../../lib/failure.ts';
import { type ClosurePath, defaultMaxLayers } from './layering.ts';
import { type SizedClosure, stableLayers } from './stable.ts';

/** Other layers for the store paths of an image that has layers already. */
export interface Split {
  /** Of the whole image, its base included. */
  readonly maxLayers?: number | undefined;
  /** These store paths and everything they refer to; a Failure if that is not known. */
  readonly readClosure: (paths: readonly string[]) => Promise<ReadonlyMap<string, ClosurePath>>;
}

interface ToSplit {
  /** Where the image is, for errors. */
  readonly image: string;
  /** Number of layers that stay as they are. */
  readonly kept: number;
  /** Store paths in the layers that stay. */
  readonly alsoKnown?: readonly string[];
}

export interface SplitPaths {
  /** Store paths of each layer, from the base upwards. */
  readonly layers: readonly (readonly string[])[];
  /** NAR hashes by store path. */
  readonly narHashes: ReadonlyMap<string, string>;
}

/** Distributes store paths over stable layers. A Failure if they do not fit beside the layers that stay. */
export async function splitPaths(
  paths: readonly string[],
  { image, kept, alsoKnown = [] }: ToSplit,
  { maxLayers = defaultMaxLayers, readClosure }: Split,
): Promise<SplitPaths> {
  const room = maxLayers - kept;
  if (room < 1) {
    throw new Failure(
      `Cannot use layering: stable for ${image} with ${maxLayers} layers: ${kept} layers stay as they are, and the store paths need one or more. Raise max-layers.`,
    );
  }
  const closure = await readClosure([...new Set([...paths, ...alsoKnown])].sort());
  const layers = stableLayers(closureWithin(new Set(paths), closure), room);
  return { layers, narHashes: new Map([...closure].map(([path, { narHash }]) => [path, narHash])) };
}

/** The part of a closure that an image has. What lies between two paths of the image makes one refer to the other. */
function closureWithin(paths: ReadonlySet<string>, closure: ReadonlyMap<string, ClosurePath>): SizedClosure {
  const of = (path: string) => {
    const info = closure.get(path);
    if (info !== undefined) return info;
    throw new Failure(`Cannot distribute store paths over layers: nothing is known of ${path}.`);
  };
  const referencesOf = (path: string) => {
    const found = new Set<string>();
    const passed = new Set([path]);
    for (const one of passed) for (const to of of(one).references) (paths.has(to) ? found : passed).add(to);
    return [...found];
  };
  return new Map([...paths].map(path => [path, { narSize: of(path).narSize, references: referencesOf(path) }]));
}
