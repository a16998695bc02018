import type { ImageSource, Inputs } from '../../inputs/inputs.ts';
import { inBackground } from '../../lib/pool.ts';
import { type PathInfo, readValidPaths } from '../../nix/closure.ts';
import { derivationReader } from '../../nix/derivation-file.ts';
import { findDerivations } from '../../nix/find-derivations.ts';
import { readPathMeta } from '../../nix/path-meta.ts';
import type { NixProgram } from '../../nix/toolchain.ts';
import type { Digest } from '../../oci/digest.ts';
import { hexOf } from '../../oci/digest.ts';
import type { Image } from '../../oci/image.ts';
import type { Runtime } from '../../runtime.ts';
import type { Inventory, InventoryPath, PathRegistration } from '../../sbom/inventory.ts';
import { inventoryPath } from '../../sbom/inventory-path.ts';
import { readSourceFiles } from '../../sbom/source-files.ts';
import type { BuiltImage } from '../build/built-images.ts';
import { type ImagePaths, readImagePaths } from './read-image-paths.ts';

/** What an image was built from, and how. */
export interface BuiltFrom {
  readonly built: BuiltImage;
  readonly source: ImageSource | undefined;
  readonly inputs: Inputs;
  readonly runtime: Runtime;
}

/** The inventory of an image that this run built or opened, from layers, evaluation and store. */
export async function readInventory(image: Image, from: BuiltFrom): Promise<Inventory> {
  const inImage = await readImagePaths(image);
  const { nix } = from.built;
  return nix === undefined ? bareInventory(inImage) : describePaths(inImage, { nix, ...from });
}

/** The inventory of an image, from its layers alone. */
export function bareInventory({ paths, rewritten, ...others }: ImagePaths): Inventory {
  return { ...others, paths: paths.map(path => placed(inventoryPath(path, nothingKnown), rewritten)) };
}

function placed(path: InventoryPath, rewritten: ReadonlySet<string>): InventoryPath {
  return rewritten.has(path.path) ? { ...path, isRewritten: true } : path;
}

const nothingKnown = { derivation: undefined, registration: undefined, meta: undefined, sources: [], patches: [] };

async function describePaths(
  { paths, rewritten, ...others }: ImagePaths,
  { nix, built: { drvPath }, source, inputs, runtime }: BuiltFrom & { readonly nix: NixProgram },
): Promise<Inventory> {
  const reading =
    source === undefined || source.kind === 'path'
      ? undefined
      : inBackground(readPathMeta(nix, { inputs: { ...inputs, target: source }, paths }, runtime));
  // An archive may come from another machine.
  const known = await readValidPaths(nix, paths);
  const read = derivationReader();
  const derivers = [...known.values()].flatMap(({ deriver }) => deriver ?? []);
  // The evaluation comes first: the origin that a store records for a path differs between machines.
  const roots = [...(drvPath === undefined ? [] : [drvPath]), ...derivers];
  const derivations = findDerivations(paths, roots, { nix, read });
  const inImage = new Set(paths);
  const meta = await reading;
  const describe = (path: string) => {
    const derivation = read(derivations.get(path) ?? '');
    const info = known.get(path);
    return inventoryPath(path, {
      derivation,
      registration: info && registrationOf(path, info, inImage),
      meta: meta?.get(path),
      ...(derivation === undefined ? { sources: [], patches: [] } : readSourceFiles(derivation, read)),
    });
  };
  return { ...others, paths: paths.map(path => placed(describe(path), rewritten)) };
}

function registrationOf(
  path: string,
  { narHash, narSize, references }: PathInfo,
  inImage: ReadonlySet<string>,
): PathRegistration {
  const others = references.filter(reference => reference !== path);
  return {
    narHash: hexOf(narHash as Digest),
    narSize,
    references: others.filter(reference => inImage.has(reference)).sort(),
    refersOutside: !others.every(reference => inImage.has(reference)),
  };
}
