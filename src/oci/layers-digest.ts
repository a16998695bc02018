import { type Digest, digestOf } from './digest.ts';

/** The layers of an image for one platform. */
export interface LayersOfPlatform {
  readonly platform: string;
  /** Digests of the blobs, from the base upwards. */
  readonly layers: readonly Digest[];
}

/**
 * A digest of the layers alone: equal for images that differ only in labels, annotations and times. SHA-256 of one line
 * per platform, sorted by name: the platform and the digests of its layers, separated by blanks.
 */
export function layersDigest(variants: readonly LayersOfPlatform[]): Digest {
  const lines = variants.map(({ platform, layers }) => `${[platform, ...layers].join(' ')}\n`);
  return digestOf(lines.sort().join(''));
}
