import { isPath } from '../../inputs/is-path.ts';
import { parseImageName, type Repository } from '../../oci/reference.ts';

/** The repository and the tag or digest of a base; undefined if it is a path of an archive or a layout. */
export function baseImageName(base: string): (Repository & { readonly name: string }) | undefined {
  return isPath(base) ? undefined : parseImageName(base);
}
