import type { TaggedImage } from '../../src/local/layout.ts';
import type { Image } from '../../src/oci/image.ts';
import type { Reference } from '../../src/oci/reference.ts';
import { createPacker, type PackedImage, type PackOptions, packImage } from '../../src/pack/pack-image.ts';

/** Packs an image into the directory as a run does that has no registry to ask. */
export function pack(image: Image, directory: string, options: Partial<PackOptions> = {}): Promise<PackedImage> {
  return packImage(image, {
    packer: createPacker(directory),
    annotations: {},
    onLayer: async () => {},
    reuse: 'off',
    known: new Map(),
    compression: undefined,
    onFalseClaim: () => {},
    ...options,
  });
}

/** One image under its tags, as outputs take it. */
export function tagged(image: PackedImage, references: readonly Reference[]): TaggedImage {
  return { root: image.manifest, images: [image], references };
}
