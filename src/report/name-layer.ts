import { oneLine } from '../lib/printable.ts';
import type { Descriptor } from '../oci/blob.ts';
import { hexOf } from '../oci/digest.ts';
import type { LayerContents } from '../oci/layer-contents.ts';
import { formatPackage, packagesBySize } from './packages.ts';

interface NamedLayer {
  readonly descriptor: Pick<Descriptor, 'digest'>;
  readonly contents?: LayerContents | undefined;
}

/** The name of a layer with more packages lists only some of them. */
const mostNames = 3;
/** A package is small if its NARs have fewer bytes. */
const smallPackage = 1_000_000;
/** Longest name, in characters. */
const longestHistory = 60;

/**
 * Describes the content of a layer in a few words: `glibc 2.40`, `curl 8.1, zlib 1.3`, `gcc 14.3, glibc 2.40 and 7
 * more`, or `41 small packages` if none has 1 MB. If its packages are unknown: the beginning of its history, else of
 * its digest.
 */
export function nameLayer(layer: NamedLayer): string {
  const { contents, descriptor } = layer;
  const packages = packagesBySize([layer]);
  if (packages.length === 0) {
    return oneLine(contents?.history ?? '', longestHistory) || `layer ${hexOf(descriptor.digest).slice(0, 12)}`;
  }
  const names = packages.map(formatPackage);
  if (names.length <= mostNames) return names.join(', ');
  const areSmall = packages.every(({ size }) => size !== undefined && size < smallPackage);
  if (areSmall) return `${names.length} small packages`;
  return `${names.slice(0, mostNames - 1).join(', ')} and ${names.length - mostNames + 1} more`;
}
