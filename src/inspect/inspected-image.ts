import type { Descriptor } from '../oci/blob.ts';
import type { ImageConfig } from '../oci/config.ts';
import type { Digest } from '../oci/digest.ts';
import type { LayerContents } from '../oci/layer-contents.ts';
import type { Referrer } from '../registry/content/manifest-links.ts';

/** An image for one platform, with the contents of its layers. Its texts come from the image and may be hostile. */
export interface InspectedImage {
  /** As the user named it. */
  readonly name: string;
  /** `OCI image`, `OCI index`, or the shape of a local file: `docker-archive (gzip)`. */
  readonly kind: string;
  /** Digest that the name points to in a registry. */
  readonly digest?: Digest;
  /** `os/architecture[/variant]`. */
  readonly platform: string;
  /** All platforms of an index; otherwise only `platform`. */
  readonly platforms: readonly string[];
  readonly config: ImageConfig;
  readonly layers: readonly InspectedLayer[];
  /** Signatures, SBOMs and attestations; undefined for an image that is not in a registry. */
  readonly referrers?: readonly Referrer[];
}

/** A layer as a registry has it, or as a push would send it. */
export interface InspectedLayer {
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
  /** Its store paths, each with the bytes of its files. */
  readonly contents: LayerContents;
  /** Bytes of its other files. */
  readonly otherBytes: number;
}
