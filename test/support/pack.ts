import type { Image } from '../../src/oci/image.ts';
import { type PackedImage, type PackOptions, packImage } from '../../src/pack/pack-image.ts';

/** Packs an image into the directory as a run does that has no registry to ask. */
export function pack(image: Image, directory: string, options: Partial<PackOptions> = {}): Promise<PackedImage> {
  return packImage(image, {
    directory,
    annotations: {},
    onLayer: async () => {},
    reuse: 'off',
    known: new Map(),
    compression: undefined,
    onFalseClaim: () => {},
    ...options,
  });
}
