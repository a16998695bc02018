import type { Descriptor } from '../oci/blob.ts';
import type { ImageConfig } from '../oci/config.ts';
import { contentsInHistory, type LayerContents } from '../oci/layer-contents.ts';
import type { Reference } from '../oci/reference.ts';

/** An image for one platform, as reports describe it. */
export interface ImageSummary {
  readonly platform: string;
  readonly layers: readonly LayerSummary[];
}

/** An image that a tag pointed to before the push, for each platform. */
export interface PreviousImage {
  readonly reference: Reference;
  readonly images: readonly ImageSummary[];
}

/** A layer as a registry has it, with its compressed size. */
export interface LayerSummary {
  readonly descriptor: Descriptor;
  readonly contents?: LayerContents | undefined;
}

interface SummarizedImage {
  readonly config: ImageConfig;
  readonly platform: string;
  readonly layers: readonly { readonly descriptor: Descriptor }[];
}

/** Sums up an image whose layers are named by its history, see `contentsInHistory`. */
export function summarizeImage({ config, platform, layers }: SummarizedImage): ImageSummary {
  const contents = contentsInHistory(config, layers.length);
  return { platform, layers: layers.map(({ descriptor }, i) => ({ descriptor, contents: contents[i] })) };
}
