import type { PathMeta } from '../nix/path-meta.ts';
import type { NamedImage } from '../oci/image.ts';
import type { Repository } from '../oci/reference.ts';

/**
 * What is known about the contents of an image for one platform. Its texts come from derivations and may be hostile.
 */
export interface Inventory {
  /** One for each store path in the image, sorted by path. */
  readonly paths: readonly InventoryPath[];
  /** Whether the image has files outside these paths and outside the base. */
  readonly hasUnknownLayers: boolean;
  /** The image that it is built on; its contents are unknown. */
  readonly base: InventoryBase | undefined;
}

/** A base image, identified by the diffIDs of its layers, and by name and digest if they are known. */
export interface InventoryBase extends Partial<NamedImage> {
  readonly diffIds: readonly string[];
}

/** A store path in an image. */
export interface InventoryPath {
  readonly path: string;
  readonly name: string;
  /** Empty if it has none. */
  readonly version: string;
  /** The output of the derivation that made it: `out`, `bin`. */
  readonly output?: string;
  readonly drvPath?: string;
  /** Undefined if no Nix knows the path. */
  readonly registration?: PathRegistration;
  readonly sources: readonly SourceFile[];
  readonly patches: readonly SourceFile[];
  /** Whether its files may be outside the store, as those that nix2container's `copyToRoot` moves. */
  readonly isRewritten?: boolean;
  readonly purl: string;
  readonly cpe?: Cpe;
  readonly meta?: PathMeta;
}

/** A name in the databases of vulnerabilities. */
export interface Cpe {
  /** CPE 2.3 */
  readonly name: string;
  /** How it is known, for people: `guessed from name and version`. */
  readonly origin: string;
}

/** What Nix registered about a store path. */
export interface PathRegistration {
  /** SHA-256 of its NAR, 64 hex digits. */
  readonly narHash: string;
  /** Bytes of its NAR. */
  readonly narSize: number;
  /** Store paths in the image that it refers to, without itself, sorted. */
  readonly references: readonly string[];
  /** Whether it refers to store paths that are not in the image. */
  readonly refersOutside: boolean;
}

/** A file that a derivation builds from. */
export interface SourceFile {
  /** Its store path. */
  readonly path: string;
  /** Where it was fetched from; undefined for a file of the checkout. */
  readonly url?: string;
  /** The expected hash, if the file was fetched; `isNar` if it is the hash of a NAR and not of a file. */
  readonly hash?: { readonly algorithm: string; readonly hex: string; readonly isNar: boolean };
}

/** The image that a document describes. */
export interface SbomSubject {
  readonly name: string;
  /** Undefined if it is in none. */
  readonly repository?: Repository | undefined;
  /** Digest of the manifest, if known. */
  readonly digest?: string;
  /** `os/architecture[/variant]`. */
  readonly platform: string;
  /** RFC 3339. */
  readonly created: string | undefined;
  readonly inventory: Inventory;
}

/** Paths that no other path in the image refers to. */
export function topPaths({ paths }: Inventory): InventoryPath[] {
  const used = new Set(paths.flatMap(({ registration }) => registration?.references ?? []));
  return paths.filter(({ path }) => !used.has(path));
}

/** Whether all files and all references in the image are known. */
export function isWhole({ paths, hasUnknownLayers, base }: Inventory): boolean {
  return !hasUnknownLayers && base === undefined && paths.every(({ registration }) => registration !== undefined);
}

/** What is not known about an image, one sentence each. */
export function describeGaps({ paths, hasUnknownLayers, base }: Inventory): string[] {
  const unregistered = paths.filter(({ registration }) => registration === undefined);
  const cut = paths.filter(({ registration }) => registration?.refersOutside === true);
  const some = (found: readonly InventoryPath[]) => `${found.length} of ${paths.length}, such as ${found[0]?.path}.`;
  return [
    ...(base === undefined ? [] : ['The contents of the base image are not listed.']),
    ...(hasUnknownLayers ? ['Files outside of store paths are not listed.'] : []),
    ...(unregistered.length === 0
      ? []
      : [`Store paths known only by name, without hash, references and sources: ${some(unregistered)}`]),
    ...(cut.length === 0 ? [] : [`Store paths that refer to others, which are not in the image: ${some(cut)}`]),
  ];
}
