import { formatReference, formatRepository, parseReference, type Reference } from '../oci/reference.ts';

/**
 * The items with a name, matched as written or as a reference (`app` is `docker.io/library/app:latest`). If there are
 * none and the name has no tag, those of that repository with any tag.
 */
export function withName<T extends { readonly names: readonly string[] }>(
  items: readonly T[],
  wanted: string,
): readonly T[] {
  const reference = referenceOf(wanted);
  const isWanted = (name: string) => name === wanted || (reference !== undefined && isSame(reference, name));
  const named = items.filter(({ names }) => names.some(isWanted));
  if (named.length > 0 || reference === undefined || hasTag(wanted)) return named;
  return items.filter(({ names }) => names.some(name => isSameRepository(reference, name)));
}

function isSame(reference: Reference, name: string): boolean {
  const other = referenceOf(name);
  return other !== undefined && formatReference(other) === formatReference(reference);
}

function isSameRepository(reference: Reference, name: string): boolean {
  const other = referenceOf(name);
  return other !== undefined && formatRepository(other) === formatRepository(reference);
}

function hasTag(name: string): boolean {
  return name.lastIndexOf(':') > name.lastIndexOf('/');
}

/** A name in an archive may be any text, and need not be a reference. */
function referenceOf(name: string): Reference | undefined {
  try {
    return parseReference(name);
  } catch {
    return undefined;
  }
}
