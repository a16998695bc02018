import type { Blob, Descriptor } from './blob.ts';
import type { Digest } from './digest.ts';
import type { LayerFacts } from './layer-facts.ts';
import type { Reference, Repository } from './reference.ts';

/** A blob that a repository has, with the claims of the manifest that lists it. `open` downloads it, unchecked. */
export interface KnownBlob extends Blob {
  readonly facts: LayerFacts;
  readonly repository: Repository;
}

/** Known blobs by identity and by diffID. */
export type KnownBlobs = ReadonlyMap<string, readonly KnownBlob[]>;

/** An image config that a repository has. */
export interface KnownConfig {
  readonly place: Repository;
  /** The tag that leads to it. */
  readonly reference: Reference;
  /** The layers that its manifest lists. */
  readonly layers: readonly Descriptor[];
  /** Fetches it; a Failure if it is too large or not what its digest says. */
  read(): Promise<Uint8Array>;
}

/** Claims of manifests in registries about the blobs that they list. */
export interface KnownContent {
  readonly layers: KnownBlobs;
  /** The config of each image, those of the first tag first. */
  readonly configs: ReadonlyMap<Digest, KnownConfig>;
}
