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
  /**
   * For each image, the inputs that shape it, and the digests of its base and of the key or trusted root in the inputs.
   */
  readonly images: readonly {
    readonly inputs: Readonly<Record<string, unknown>>;
    readonly base: string | undefined;
    readonly signer: string | undefined;
  }[];
}

/** Version of the format of entries, and of the way from Nix's output to layers. Increment it if either changes. */
export const resultFormat = 2;

/**
 * The key of a result: `nix-image-result-FORMAT-SPEC-HASH`. SPEC, 12 hex digits, says what is built on which system, as
 * in the keys of store cache entries; HASH, 64 hex digits, is over everything.
 */
export function resultKey(decisive: Decisive): string {
  const { system, images } = decisive;
  const spec = [system, images.map(({ inputs }) => [inputs.installable, inputs.contents, inputs['build-args']])];
  return `nix-image-result-${resultFormat}-${hashOf(spec).slice(0, 12)}-${hashOf(decisive)}`;
}

/** Whether a tag looks like the key of a result, of this format or another, with its number. */
export function isResultKey(tag: string): boolean {
  return /^nix-image-result-\d+-[0-9a-f]{12}-[0-9a-f]{64}(-\d)?$/.test(tag);
}

function hashOf(value: unknown): string {
  return hexOf(digestOf(JSON.stringify(value)));
}
