import { digestOf, hexOf } from '../oci/digest.ts';
import type { CleanCommit } from '../runtime.ts';

/** A flake in a Git repository. */
export interface FlakeSource {
  /** The commit that has its files. A flake can read it: `self.rev`. */
  readonly commit: CleanCommit;
  /** Text of its `flake.lock`. */
  readonly lock: string | undefined;
}

/** What is to be built: known by commits before Nix runs, or by derivations after the evaluation. */
type Source =
  | { readonly flakes: readonly FlakeSource[] }
  /** Store paths of the derivations, each with its metadata. */
  | { readonly derivations: readonly (readonly [drvPath: string, facts: unknown])[] };

/** Everything that decides a result. */
export interface Decisive {
  readonly source: Source;
  /** Version of the Nix that builds, whether it is there or would be installed. */
  readonly nixVersion: string;
  /** Nix's name of this machine. */
  readonly system: string;
  /** The directory of the store. */
  readonly store: string;
  /** Lines of the settings of Nix outside the inputs: its files and NIX_CONFIG. */
  readonly settings: readonly string[];
  /** For each image, the inputs that shape it, and the digests of its base and of the key or trusted root in the inputs. */
  readonly images: readonly {
    readonly inputs: Readonly<Record<string, unknown>>;
    readonly base: string | undefined;
    readonly signer: string | undefined;
  }[];
}

/** Version of the format of entries, and of the way from Nix's output to layers. Increment it if either changes. */
export const resultFormat = 2;

/** The key of a result: `nix-image-result-FORMAT-HASH`, the hash in 64 hex digits. */
export function resultKey(decisive: Decisive): string {
  return `nix-image-result-${resultFormat}-${hexOf(digestOf(JSON.stringify(decisive)))}`;
}
