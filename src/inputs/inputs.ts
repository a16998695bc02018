import type { Keep } from '../cache/oci/old-entries.ts';
import type { RuleId } from '../check/rules.ts';
import type { Layering } from '../image/layering/layering.ts';
import type { Native } from '../image/open-image.ts';
import type { Created } from '../metadata/created.ts';
import type { RevisionChoice } from '../metadata/derive-labels.ts';
import type { Annotation, LabelEdits } from '../metadata/labels.ts';
import type { MetadataSource } from '../metadata/metadata-source.ts';
import type { Tagging } from '../metadata/tags.ts';
import type { PinnedReference, Repository } from '../oci/reference.ts';
import type { Compression } from '../pack/compression.ts';
import type { Reuse } from '../pack/reuse-layer.ts';
import type { IfExists } from '../registry/push/move-tags.ts';
import type { SbomFormat } from '../sbom/sbom-document.ts';
import type { Mode } from './mode.ts';

/** The image to build for one platform. */
export interface PlatformBuild {
  /** `os/architecture[/variant]`; undefined accepts any platform. */
  readonly platform?: string;
  readonly source: ImageSource;
}

/** The source of an image. */
export type ImageSource =
  | { readonly kind: 'installable'; readonly installable: string }
  | { readonly kind: 'file'; readonly file: string; readonly attr?: string }
  | { readonly kind: 'path'; readonly path: string };

/** How to write an image to this machine. */
export type OutputKind = 'oci' | 'oci-archive' | 'docker-archive';

/** The levels that labels can be written to. */
export const annotatePlaces = ['config', 'manifest', 'index'] as const;
/** Where a label goes: a label of the config, an annotation of the manifest or of the index. */
export type AnnotatePlace = (typeof annotatePlaces)[number];

/** All inputs for one image, parsed. Nothing else reads an input. */
export interface Inputs {
  /** The text of each input that is set to something else than its default, secrets excepted. */
  readonly given: Readonly<Record<string, string>>;
  readonly mode: Mode;
  /** Name of the image in `installable`, if the step has several. */
  readonly name: string | undefined;
  readonly builds: readonly PlatformBuild[];
  readonly pushByDigest: boolean;
  readonly comment: boolean;
  readonly ifExists: IfExists;
  readonly sources: readonly string[];
  readonly from?: From;
  /** The image to verify, as a reference. */
  readonly image?: string;
  readonly allowLabels: readonly string[];
  readonly buildArgs: readonly string[];
  readonly impure: boolean;
  readonly native: Native;
  readonly preferStream: boolean;
  readonly imageName?: string;
  /** The platforms in `platform`, each `os/architecture[/variant]`. */
  readonly platforms: readonly string[];
  /** Parsed JSON. */
  readonly config?: unknown;
  readonly contents: readonly string[];
  readonly user?: string;
  readonly base?: string;
  readonly layering?: Layering;
  readonly maxLayers?: number;
  /** Whether to build and pack again, and to compare. */
  readonly checkReproducible: boolean;
  /** Whether the image gets a layer with the database of Nix. */
  readonly nixDb: boolean;
  readonly tagging: Tagging;
  readonly labels: LabelEdits;
  readonly annotations: readonly Annotation[];
  readonly annotate: readonly AnnotatePlace[];
  readonly metadata?: MetadataSource;
  readonly revision: RevisionChoice;
  readonly dryRun: boolean;
  readonly exportMetadata: boolean;
  readonly created: Created;
  readonly push: boolean;
  readonly load: boolean;
  readonly compression?: Compression;
  readonly reuse: Reuse;
  readonly reuseFrom: readonly PinnedReference[];
  readonly check: 'warn' | 'error' | 'off';
  readonly checkIgnore: readonly RuleId[];
  readonly preflight: boolean;
  readonly attest: AttestInputs;
  readonly require: RequireInputs;
  readonly sbom: SbomInputs;
  readonly output?: { readonly kind: OutputKind; readonly path: string };
  readonly login?: { readonly username: string; readonly password: string };
  readonly githubToken?: string;
  readonly insecureRegistries: readonly string[];
  readonly nix: {
    readonly nixVersion?: string;
    readonly nixUrl?: string;
    readonly nixSha256?: string;
    readonly nixVersionStrict: boolean;
    readonly substituters: readonly string[];
    readonly trustedPublicKeys: readonly string[];
    readonly builders: readonly string[];
    readonly nixConf: readonly string[];
  };
  readonly rebuild: 'auto' | 'always';
  readonly cache: CacheInputs;
}

/** The image to promote: a tag or digest, or an OCI layout. */
type From = (Repository & { readonly name: string }) | { readonly layout: string };

/** Bills of materials. */
interface SbomInputs {
  /** None if empty. */
  readonly formats: readonly SbomFormat[];
  /** Name of a file; may have `{{format}}` and `{{platform}}`. */
  readonly file?: string;
}

/** What to attach to an image. */
export interface AttestInputs {
  /** Who signs: this workflow, or whoever has a private key (PEM). Nothing is signed if undefined. */
  readonly signer?:
    | { readonly kind: 'keyless'; readonly config?: string; readonly trustedRoot?: string }
    | { readonly kind: 'key'; readonly pem: string };
  readonly provenance: boolean;
  /** Whether to push all the same if the registry refuses attestations. */
  readonly allowUnattested: boolean;
  readonly toGitHub: boolean;
}

/** What a signer can attach to an image; `rebuild` builds it again from the provenance. */
export const requiredParts = ['signature', 'provenance', 'sbom', 'rebuild'] as const;

/** Who must have signed an image. */
export type RequiredSigner =
  | {
      readonly kind: 'identity';
      /** One of them suffices. */
      readonly identities: readonly string[];
      readonly issuer: string;
      /** File of the trusted root of a Sigstore other than the public one. */
      readonly trustedRoot?: string;
    }
  /** PEM of a public key, or a file with it. */
  | { readonly kind: 'key'; readonly key: string };

/** What an image must have before it is used. */
export interface RequireInputs {
  /** Nothing is demanded if undefined. */
  readonly signer?: RequiredSigner;
  readonly parts: readonly (typeof requiredParts)[number][];
  /** Names in the provenance: `acme/app` or a URL, the path of a workflow file, a full git ref. */
  readonly repository?: string;
  readonly workflow?: string;
  readonly ref?: string;
}

/** Whether and how to keep the store for later runs. */
export interface CacheInputs {
  readonly use: 'full' | 'restore' | 'off';
  readonly save: 'auto' | 'always' | 'never';
  readonly keyFiles: readonly string[];
  readonly keyExtra: string;
  readonly excludeSubstitutable: boolean;
  /** Bytes. */
  readonly maxSize?: number;
  /** Directory for entries, instead of the runner's service. */
  readonly directory?: string;
  /** Repository to keep entries in, and the secret key, `NAME:BASE64`, that signs them. */
  readonly registry?: { readonly repository: Repository; readonly signingKey?: string };
  /** Which entries of the repository are kept after a save; all if undefined. */
  readonly keep?: Keep;
  /**
   * A binary cache instead of entries: the URL of a store as Nix writes it, and `NAME:BASE64` of the secret key that
   * signs copied paths.
   */
  readonly binaryCache?: { readonly url: string; readonly signingKey?: string };
}
