import type { Blob } from './blob.ts';
import type { Digest } from './digest.ts';
import type { LayerFacts } from './layer-facts.ts';
import type { Repository } from './reference.ts';

/** A blob that a repository has, with the claims of the manifest that lists it. `open` downloads it, unchecked. */
export interface KnownBlob extends Blob {
  readonly facts: LayerFacts;
  readonly repository: Repository;
}

/** Known blobs by identity and by diffID. */
export type KnownBlobs = ReadonlyMap<string, readonly KnownBlob[]>;

/** Claims of manifests in registries about the blobs that they list. */
export interface KnownContent {
  readonly layers: KnownBlobs;
  /** Per config of an image, a repository that has it. */
  readonly configs: ReadonlyMap<Digest, Repository>;
}
