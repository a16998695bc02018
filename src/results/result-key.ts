import { digestOf, hexOf } from '../oci/digest.ts';
import type { CleanCommit } from '../runtime.ts';

/** What is built, as it is known before Nix runs or after it has evaluated. */
type Source =
  /** Of each flake the commit of its repository and the text of its `flake.lock`. A flake can read the commit itself: `self.rev`. */
  | { readonly flakes: readonly { readonly commit: CleanCommit; readonly lock: string | undefined }[] }
  /** Store paths of the derivations, and what Nix says about each. */
  | { readonly derivations: readonly (readonly [drvPath: string, facts: unknown])[] };

/** Everything that decides a result. */
export interface Decisive {
  readonly source: Source;
  /** Nix's name of this machine. */
  readonly system: string;
  /** The directory of the store. */
  readonly store: string;
  /** Lines of NIX_CONFIG. */
  readonly settings: readonly string[];
  /** Of each image the inputs that shape it, and the digest of its base. */
  readonly images: readonly { readonly inputs: Readonly<Record<string, unknown>>; readonly base: string | undefined }[];
}

/** Revision of the entries, and of how images and layers are made of what Nix builds. Increment it if either changes. */
export const resultFormat = 1;

/** The key of a result: `nix-image-result-FORMAT-HASH`, the hash in 64 hex digits. */
export function resultKey(decisive: Decisive): string {
  return `nix-image-result-${resultFormat}-${hexOf(digestOf(JSON.stringify(decisive)))}`;
}
