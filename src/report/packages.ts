import type { LayerContents } from '../oci/layer-contents.ts';
import { type PackageName, parsePackageName } from '../store-path.ts';

/** A package in an image, with all its outputs. */
export interface SizedPackage extends PackageName {
  /** Bytes of the NARs of its store paths; undefined if one of them is unknown. */
  readonly size: number | undefined;
}

/** The packages of layers, the largest first; those of unknown size come last, by name. */
export function packagesBySize(layers: readonly { readonly contents?: LayerContents | undefined }[]): SizedPackage[] {
  const sizes = new Map(layers.flatMap(({ contents }) => contents?.paths ?? []).map(one => [one.path, one.narSize]));
  const packages = new Map<string, SizedPackage>();
  for (const [path, size] of sizes) {
    const { name, version } = parsePackageName(path);
    const key = formatPackage({ name, version });
    const known = packages.get(key);
    packages.set(key, { name, version, size: known === undefined ? size : add(known.size, size) });
  }
  return [...packages.entries()]
    .sort(([a, one], [b, other]) => (other.size ?? -1) - (one.size ?? -1) || (a < b ? -1 : 1))
    .map(([, one]) => one);
}

/** `glibc 2.40` */
export function formatPackage({ name, version }: PackageName): string {
  return version === '' ? name : `${name} ${version}`;
}

function add(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}
