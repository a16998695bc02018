import type { Signer } from '../../attest/signer.ts';
import type { Inputs } from '../../inputs/inputs.ts';
import type { Output } from '../../local/write-output.ts';
import type { Metadata } from '../../metadata/compute-metadata.ts';
import type { Blob, Descriptor } from '../../oci/blob.ts';
import type { NamedImage } from '../../oci/image.ts';
import type { Destination } from '../../registry/push/destination.ts';
import type { ImageResult } from '../../report/result.ts';
import type { SbomFormat } from '../../sbom/sbom-document.ts';
import type { LabelledImage } from '../open/label-image.ts';
import type { SendBundle } from '../open/open-attestations-api.ts';
import type { Source } from '../open/read-sources.ts';
import type { Carried } from '../sbom/read-carried.ts';

/** The build behind an image, in this run or an earlier one. */
interface BuiltFrom {
  readonly nixVersion: string | undefined;
  /** Store paths of the derivations, one for each platform. */
  readonly derivations: readonly string[];
  /** Store paths of the derivations that were built again, with the same files; undefined if none were. */
  readonly rebuilt?: readonly string[] | undefined;
  /** The earlier build whose result this is. */
  readonly reused: { readonly time: string; readonly run: string | undefined } | undefined;
}

/** An image that the step publishes: its metadata and its destination. */
export interface Publication {
  readonly inputs: Inputs;
  readonly metadata: Metadata;
  /** The images that an index joins. */
  readonly sources: readonly Source[];
  readonly destination: Destination;
  /** The build; undefined if this run only copies images. */
  readonly built?: BuiltFrom | undefined;
  /** The signer; undefined if nothing is signed. */
  readonly signer?: Signer | undefined;
  /** Set with `attest-to-github`. */
  readonly sendToGitHub?: SendBundle | undefined;
  /** Layout for another job to push, if this run may not push. */
  readonly layout?: Output;
}

/** A publication with the labelled image of each platform, ready to push. */
export interface ReadyImage extends Publication {
  readonly platforms: readonly LabelledImage[];
  /** Layer claims that the store cache confirms, in the form of `claimKeys`. */
  readonly confirmed?: ReadonlySet<string> | undefined;
  /** The image that is promoted, and what was attached to it. */
  readonly promoted?: { readonly image: NamedImage; readonly carried: Carried } | undefined;
  /** Set if the source was an index: the result is an index even for one platform, and keeps these annotations. */
  readonly index?: { readonly annotations: Readonly<Record<string, string>> } | undefined;
}

/** A bill of materials of the image for one platform. */
export interface SbomOfImage {
  readonly format: SbomFormat;
  readonly text: string;
  /** The manifest of the image. */
  readonly subject: Descriptor;
}

/** An image whose blobs and manifests are pushed; its tags are not moved yet. */
export interface Pushed {
  readonly root: Blob;
  readonly result: ImageResult;
  /** Bills of materials of its images. */
  readonly sboms?: readonly SbomOfImage[];
}
