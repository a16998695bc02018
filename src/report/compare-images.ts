import { parsePackageName } from '../store-path.ts';
import type { ImageSummary, LayerSummary } from './image-summary.ts';
import { packagesBySize } from './packages.ts';

/** The differences between two images. Compressed sizes in bytes. */
export interface ImageChanges {
  /** Positive for more, negative for fewer. */
  readonly size: number;
  /** Layers that only the new image has, in order. */
  readonly newLayers: readonly LayerSummary[];
  /** The largest first; undefined if the packages of one image are unknown. */
  readonly packages: readonly PackageChange[] | undefined;
}

/** A package with the versions that only one image has; one list is empty if only the other image has the package. */
export interface PackageChange {
  readonly name: string;
  /** `rebuilt`: the same versions in other store paths. */
  readonly kind: 'added' | 'removed' | 'changed' | 'rebuilt';
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Bytes of the NARs of the versions in `after`; of a removed package, those in `before`. Undefined if unknown. */
  readonly size: number | undefined;
  /** For a removed package of unknown size: the compressed bytes of the layers that it was in. */
  readonly layers?: { readonly size: number; readonly areItsOwn: boolean };
}

/** What changed from `before` to `after`. */
export function compareImages(before: ImageSummary, after: ImageSummary): ImageChanges {
  const known = new Set(before.layers.map(({ descriptor }) => descriptor.digest));
  return {
    size: sizeOfLayers(after) - sizeOfLayers(before),
    newLayers: after.layers.filter(({ descriptor }) => !known.has(descriptor.digest)),
    packages: comparePackages(readPackages(before), readPackages(after)),
  };
}

/** Compressed bytes of all layers. A layer that occurs twice counts twice, as in a pull. */
export function sizeOfLayers({ layers }: Pick<ImageSummary, 'layers'>): number {
  return layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
}

/** All store paths of a package. */
interface Package {
  /** Sizes by version; a package without a version has the version ''. */
  readonly versions: Map<string, number | undefined>;
  readonly paths: Set<string>;
  readonly layers: Set<LayerSummary>;
}

function readPackages({ layers }: ImageSummary): ReadonlyMap<string, Package> {
  const packages = new Map<string, Package>();
  const of = (name: string) => {
    const found = packages.get(name) ?? { versions: new Map(), paths: new Set(), layers: new Set() };
    packages.set(name, found);
    return found;
  };
  for (const { name, version, size } of packagesBySize(layers)) of(name).versions.set(version, size);
  for (const layer of layers) {
    for (const { path } of layer.contents?.paths ?? []) {
      const one = of(parsePackageName(path).name);
      one.paths.add(path);
      one.layers.add(layer);
    }
  }
  return packages;
}

function comparePackages(
  before: ReadonlyMap<string, Package>,
  after: ReadonlyMap<string, Package>,
): PackageChange[] | undefined {
  if (before.size === 0 || after.size === 0) return undefined;
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names
    .flatMap(name => comparePackage(name, before.get(name), after.get(name)) ?? [])
    .sort((a, b) => (b.size ?? -1) - (a.size ?? -1));
}

function comparePackage(name: string, old?: Package, now?: Package): PackageChange | undefined {
  const lost = versionsOnlyIn(old, now);
  const come = versionsOnlyIn(now, old);
  const change = { name, before: lost, after: come };
  if (old === undefined) return { ...change, kind: 'added', size: sizeOf(now, come) };
  if (now === undefined) return { ...change, kind: 'removed', ...sizesOf(old, lost) };
  if (lost.length + come.length > 0) {
    return { ...change, kind: 'changed', size: come.length > 0 ? sizeOf(now, come) : sizeOf(old, lost) };
  }
  if ([...now.paths].every(path => old.paths.has(path))) return undefined;
  const versions = [...now.versions.keys()].sort();
  return { name, kind: 'rebuilt', before: versions, after: versions, size: sizeOf(now, versions) };
}

function versionsOnlyIn(one: Package | undefined, other: Package | undefined): string[] {
  return [...(one?.versions.keys() ?? [])].filter(version => !other?.versions.has(version)).sort();
}

/** The size, or what is known if nobody knows the NARs any more: the layers. */
function sizesOf(old: Package, lost: readonly string[]): Pick<PackageChange, 'size' | 'layers'> {
  const size = sizeOf(old, lost);
  if (size !== undefined) return { size };
  const layers = [...old.layers];
  const areItsOwn = layers.every(({ contents }) => contents?.paths.every(({ path }) => old.paths.has(path)));
  return { size, layers: { size: sizeOfLayers({ layers }), areItsOwn } };
}

function sizeOf(one: Package | undefined, versions: readonly string[]): number | undefined {
  return versions
    .map(version => one?.versions.get(version))
    .reduce<number | undefined>((sum, size) => (sum === undefined || size === undefined ? undefined : sum + size), 0);
}
