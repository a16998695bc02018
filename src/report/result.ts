import type { Finding } from '../check/apply-rules.ts';
import type { Json } from '../lib/json-object.ts';
import type { Metadata } from '../metadata/compute-metadata.ts';
import type { Descriptor } from '../oci/blob.ts';
import type { Labels } from '../oci/config.ts';
import type { Digest } from '../oci/digest.ts';
import type { LayerContents } from '../oci/layer-contents.ts';
import type { Reference, Repository } from '../oci/reference.ts';
import type { PreviousImage } from './image-summary.ts';

/** Uploaded or mounted in at least one registry, else present in all of them; or not pushed. */
export type LayerState = 'uploaded' | 'mounted' | 'already there' | 'would be uploaded' | 'not pushed';

export interface LayerResult {
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
  readonly state: LayerState;
  readonly contents?: LayerContents | undefined;
  /** Whether the blob is known to match its descriptor, see `PackedLayer.isCertain`. */
  readonly isCertain?: boolean;
}

/** The result of a run without an image. */
export interface MetadataResult {
  readonly metadata: Metadata;
}

/** The result of a clean-up. */
export interface CleanupResult extends MetadataResult {
  /** `NAME:TAG` and `NAME@DIGEST`, in the order of deletion; in a dry run those that would be deleted. */
  readonly deleted: readonly string[];
  /** Tags and manifests that were not deleted, and why. */
  readonly kept: readonly { readonly name: string; readonly reason: string }[];
  readonly dryRun: boolean;
}

/** The result of a verification that succeeded. */
export interface VerifyResult {
  /** `ghcr.io/acme/app@sha256:…` */
  readonly name: string;
  readonly digest: Digest;
  /** What was checked and found, one line for each check. */
  readonly verified: readonly string[];
  /** The predicate of the provenance; undefined if the signer attached none. */
  readonly provenance: Json | undefined;
}

/** The result of a step, by mode. */
export type StepResult = RunResult | MetadataResult | CleanupResult | VerifyResult;

/** The result of a run with images. */
export interface RunResult {
  /** In the order of `installable`. */
  readonly images: readonly ImageResult[];
  /** Undefined if no Nix was needed. */
  readonly nixVersion: string | undefined;
  /** Undefined if nothing was built. */
  readonly work?: BuildWork | undefined;
  /** The earlier build whose result was pushed; undefined if this run built. */
  readonly reused?: ReusedBuild | undefined;
  /** Undefined without a cache. */
  readonly cache?: CacheResult | undefined;
  /** How long each stage took, in the order in which they ended. */
  readonly stages?: readonly StageTime[] | undefined;
}

/** A group of the log. */
export interface StageTime {
  readonly name: string;
  readonly milliseconds: number;
}

/** An image, for one platform or several. Sizes in bytes. */
export interface ImageResult extends MetadataResult {
  /** Its name in `installable`; undefined for a single image. */
  readonly name: string | undefined;
  /** The manifest that the tags point to: that of a single platform, else the index. */
  readonly root: Descriptor;
  /** One for each platform. */
  readonly platforms: readonly PlatformResult[];
  /** Repositories that it was pushed to, or would have been. */
  readonly repositories: readonly Repository[];
  /** References that point to it now, or would if it were pushed. */
  readonly references: readonly Reference[];
  readonly pushed: boolean;
  /** What the check found; undefined if nothing was checked. */
  readonly findings?: readonly Finding[];
  /** Predicate types of what was attached, newly or before. */
  readonly attested?: readonly string[];
  /** What was attached to the image that was promoted, and what became of it; one line each. */
  readonly carried?: { readonly over: readonly string[]; readonly left: readonly string[] } | undefined;
  /** Why the registry refused attestations, if the image was pushed without them. */
  readonly unattested?: string;
  /** Absolute path of the OCI layout that was written because the run lacks the permission to push. */
  readonly layout?: string | undefined;
  /** What the first tag pointed to before; undefined if that is unknown. */
  readonly previous?: PreviousImage | undefined;
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
  /** What `layering: stable` would have saved, if it is worth mentioning. */
  readonly saving?: StableSaving | undefined;
}

/** Store paths that were sent, and those in stable layers that have a changed one. Bytes before compression. */
interface StableSaving {
  readonly sent: number;
  readonly stable: number;
}

/** What Nix built and downloaded for a build. */
export interface BuildWork {
  /** Derivations. */
  readonly built: number;
  /** Store paths from binary caches. */
  readonly substituted: number;
  /** When each build ran, in milliseconds of one clock. */
  readonly builds: readonly { readonly name: string; readonly start: number; readonly end: number }[];
}

/** A build of an earlier run. */
export interface ReusedBuild {
  /** Time of the build, RFC 3339. */
  readonly time: string;
  /** Page of that run, if it has one. */
  readonly run: string | undefined;
  /** Store paths of the derivations that were built. */
  readonly derivations: readonly string[];
  /** What both runs share: the commit, or only the derivations, which Nix had to evaluate. */
  readonly by: 'commit' | 'derivations';
}

/** What the store cache restored for the build. */
export interface CacheResult {
  readonly key: string;
  /** Key of the restored entry: `key` itself, or another with the same prefix. */
  readonly matchedKey: string | undefined;
  readonly restoredPaths: number;
  /** Bytes of the NARs of the restored paths. */
  readonly restoredBytes: number;
}

/** Whether the result of a run has images. */
export function hasImages(result: StepResult): result is RunResult {
  return 'images' in result;
}

/** Whether the result is that of a verification. */
export function isVerified(result: StepResult): result is VerifyResult {
  return 'verified' in result;
}

/** Compressed bytes of all layers. A layer that occurs twice counts twice, as in a pull. */
export function sizeOf({ layers }: Pick<PlatformResult, 'layers'>): number {
  return layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
}
