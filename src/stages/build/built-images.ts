import type { Built } from '../../nix/build.ts';
import type { Facts } from '../../nix/facts.ts';
import type { Substitutes } from '../../nix/substitutes.ts';
import type { NixProgram } from '../../nix/toolchain.ts';
import type { ReuseOptions } from '../../pack/reuse-layer.ts';
import type { BuildWork, CacheResult } from '../../report/result.ts';
import type { SaveTask } from './save-task.ts';

/** A build result, to be opened as an image for one platform. */
export interface BuiltImage {
  /** Absolute path. */
  readonly path: string;
  /** Platform that it must be for. */
  readonly platform: string | undefined;
  /** Undefined if the image was given by `path` and there is no Nix; then nothing is known about store paths. */
  readonly nix: NixProgram | undefined;
  readonly facts: Facts | undefined;
  /** Store path of the derivation, if it was built from one. */
  readonly drvPath?: string;
  /** Store paths of `contents`. */
  readonly contents: readonly string[];
  /** Set if it was not downloaded. */
  readonly passedOn?: PassedOn;
}

/** The results of all builds of a run. */
export interface BuiltImages {
  /** Per image, the results for each of its platforms. */
  readonly images: readonly (readonly BuiltImage[])[];
  /** The results for `contents`. */
  readonly contents?: readonly Built[];
  /** Version of the Nix that built it; undefined if nothing was built. */
  readonly nixVersion: string | undefined;
  /** Derivations built and paths fetched; undefined if nothing was built. */
  readonly work?: BuildWork | undefined;
  /** What the store cache restored; undefined without a cache. */
  readonly cache?: CacheResult | undefined;
  /** Layer claims that it confirms, in the form of `claimKeys`. */
  readonly confirmed?: ReadonlySet<string> | undefined;
  /** What to save for later runs. */
  readonly save?: SaveTask | undefined;
}

/** A package whose store paths are not downloaded, because registries may have their layers. */
export interface PassedOn {
  readonly substitutes: Substitutes;
  /** Which layers registries have. */
  readonly reuse: ReuseOptions;
  /** Downloads all store paths after all. */
  readonly realise: () => Promise<Built>;
}
