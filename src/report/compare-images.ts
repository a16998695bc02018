import type { ImageSummary, Packages } from './image-summary.ts';

/** The differences between two images. Compressed sizes in bytes. */
export interface ImageChanges {
  /** More, or with a minus fewer. */
  readonly size: number;
  /** Layers that only the new image has, in order. */
  readonly newLayers: ImageSummary['layers'];
  /** Undefined if the packages of one image are unknown. */
  readonly packages: readonly PackageChange[] | undefined;
}

/** Versions that only one of the two has; none on one side where the package is only on the other. */
export interface PackageChange {
  readonly name: string;
  readonly kind: 'added' | 'removed' | 'changed';
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What changed from `before` to `after`, packages by name. */
export function compareImages(before: ImageSummary, after: ImageSummary): ImageChanges {
  const known = new Set(before.layers.map(({ digest }) => digest));
  const isTold = before.packages !== undefined && after.packages !== undefined;
  return {
    size: sizeOfLayers(after) - sizeOfLayers(before),
    newLayers: after.layers.filter(({ digest }) => !known.has(digest)),
    packages: isTold ? comparePackages(before.packages, after.packages) : undefined,
  };
}

/** Bytes of all layers, one that comes twice counted twice, as a pull counts them. */
export function sizeOfLayers({ layers }: Pick<ImageSummary, 'layers'>): number {
  return layers.reduce((sum, { size }) => sum + size, 0);
}

function comparePackages(before: Packages, after: Packages): PackageChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name): PackageChange[] => {
    const [old, now] = [before.get(name), after.get(name)];
    if (old === undefined) return [{ name, kind: 'added', before: [], after: now ?? [] }];
    if (now === undefined) return [{ name, kind: 'removed', before: old, after: [] }];
    const gone = old.filter(version => !now.includes(version));
    const come = now.filter(version => !old.includes(version));
    return gone.length + come.length === 0 ? [] : [{ name, kind: 'changed', before: gone, after: come }];
  });
}
