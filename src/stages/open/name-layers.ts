import { readNarSizes } from '../../nix/closure.ts';
import type { NixProgram } from '../../nix/toolchain.ts';
import { type Image, type Layer, withContents } from '../../oci/image.ts';

/**
 * The image with the contents of each layer, and the sizes of their store paths if Nix knows them, or if they are in
 * `known`.
 */
export async function nameLayers(
  image: Image,
  nix: NixProgram | undefined,
  known?: ReadonlyMap<string, { readonly narSize: number }>,
): Promise<Image> {
  const named = withContents(image);
  const paths = named.layers.flatMap(({ contents }) => contents?.paths.map(({ path }) => path) ?? []);
  if (nix === undefined || paths.length === 0) return named;
  const sizes = known === undefined ? await readNarSizes(nix, [...new Set(paths)]) : undefined;
  const withSizes = ({ contents, ...layer }: Layer): Layer => ({
    ...layer,
    contents: contents && {
      ...contents,
      paths: contents.paths.map(({ path }) => ({ path, narSize: sizes?.get(path) ?? known?.get(path)?.narSize })),
    },
  });
  return { ...named, layers: named.layers.map(withSizes) };
}
