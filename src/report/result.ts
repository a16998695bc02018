import type { Metadata } from '../metadata/compute-metadata.ts';
import type { Descriptor } from '../oci/blob.ts';
import type { Labels } from '../oci/config.ts';
import type { Digest } from '../oci/digest.ts';
import type { Reference, Repository } from '../oci/reference.ts';

/** What became of a layer: sent to a registry at least once, else mounted at least once, else found in all of them; or not pushed. */
export type LayerState = 'uploaded' | 'mounted' | 'already there' | 'would be uploaded' | 'not pushed';

interface LayerResult {
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
  readonly state: LayerState;
  /** Whether the blob is known to be what its descriptor says of it, see `PackedLayer.isCertain`. */
  readonly isCertain?: boolean;
}

/** What a run has to tell that makes no image. */
export interface MetadataResult {
  readonly metadata: Metadata;
}

/** What a clean-up has to tell. */
export interface CleanupResult extends MetadataResult {
  /** `NAME:TAG` and `NAME@DIGEST`, in the order in which they went, or would go in a dry run. */
  readonly deleted: readonly string[];
  /** What stays of these, and why. */
  readonly kept: readonly { readonly name: string; readonly reason: string }[];
  readonly dryRun: boolean;
}

/** All that a run has to tell of images. */
export interface RunResult {
  /** Where several are made in one step, in the order in which they are named. */
  readonly images: readonly ImageResult[];
  /** Undefined where no Nix was needed. */
  readonly nixVersion: string | undefined;
  /** Undefined where nothing was built. */
  readonly work?: BuildWork | undefined;
  /** Undefined where there was no cache. */
  readonly cache?: CacheResult | undefined;
}

/** An image, for one platform or several. Sizes in bytes. */
export interface ImageResult extends MetadataResult {
  /** What `installable` calls it; undefined where it is the only one. */
  readonly name: string | undefined;
  /** What the tags name: the manifest of a single platform, else the index. */
  readonly root: Descriptor;
  /** One for each platform. */
  readonly platforms: readonly PlatformResult[];
  /** Where it was pushed to, or would have been. */
  readonly repositories: readonly Repository[];
  /** The references that name it now; where it was not pushed, those that would. */
  readonly references: readonly Reference[];
  readonly pushed: boolean;
  /** Absolute path of the OCI layout that was written because the run may not push. */
  readonly layout?: string | undefined;
  /** Layers and configs sent, over all registries. */
  readonly uploadedBytes: number;
}

/** An image for one platform. */
export interface PlatformResult {
  readonly manifest: Descriptor;
  readonly configDigest: Digest;
  readonly platform: string;
  readonly created: string | undefined;
  readonly labels: Labels;
  readonly layers: readonly LayerResult[];
}

/** What Nix did for a build beyond what was in the store. */
export interface BuildWork {
  /** Derivations. */
  readonly built: number;
  /** Store paths from binary caches. */
  readonly substituted: number;
}

/** What the store cache gave to the build. */
export interface CacheResult {
  readonly key: string;
  /** Of the entry that was restored: `key` itself, or another with the same beginning. */
  readonly matchedKey: string | undefined;
  readonly restoredPaths: number;
  /** Bytes of their NARs. */
  readonly restoredBytes: number;
}

/** Whether a run made images. */
export function hasImages(result: MetadataResult | RunResult): result is RunResult {
  return 'images' in result;
}

/** Compressed bytes of all layers, one that comes twice counted twice, as a pull counts them. */
export function sizeOf({ layers }: Pick<PlatformResult, 'layers'>): number {
  return layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
}
