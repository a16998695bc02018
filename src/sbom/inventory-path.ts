import type { Derivation } from '../nix/derivation-file.ts';
import type { PathMeta } from '../nix/path-meta.ts';
import { parsePackageName } from '../store-path.ts';
import type { Cpe, InventoryPath, PathRegistration } from './inventory.ts';
import { guessCpe, packageUrl } from './package-url.ts';
import type { Sources } from './source-files.ts';

/** What is known about a store path besides its name. */
export interface KnownOfPath extends Sources {
  readonly derivation: Derivation | undefined;
  readonly registration: PathRegistration | undefined;
  readonly meta: PathMeta | undefined;
}

/** Describes a store path by its derivation, or by its name alone. */
export function inventoryPath(path: string, known: KnownOfPath): InventoryPath {
  const { derivation, registration, meta, sources, patches } = known;
  const parsed = parsePackageName(path);
  const attributes = derivation?.attributes ?? {};
  const name = attributes.pname || parsed.name;
  const version = attributes.version || parsed.version;
  const output = derivation?.outputs.find(one => one.path === path)?.name;
  const cpe = cpeOf({ name, version }, meta);
  return {
    path,
    name,
    version,
    sources,
    patches,
    purl: packageUrl({ name, version, sources, attributes }),
    ...(output === undefined ? {} : { output }),
    ...(derivation === undefined ? {} : { drvPath: derivation.path }),
    ...(registration === undefined ? {} : { registration }),
    ...(cpe === undefined ? {} : { cpe }),
    ...(meta === undefined ? {} : { meta }),
  };
}

function cpeOf(
  { name, version }: Pick<InventoryPath, 'name' | 'version'>,
  meta: PathMeta | undefined,
): Cpe | undefined {
  const { cpe, possibleCpe } = meta ?? {};
  if (cpe !== undefined) return { name: cpe, origin: 'stated by the package' };
  if (possibleCpe !== undefined)
    return { name: possibleCpe, origin: 'guessed, for the vendor that the package states' };
  const guess = guessCpe(name, version);
  return guess === undefined ? undefined : { name: guess, origin: 'guessed from name and version' };
}
