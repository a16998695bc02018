import { formatReference, parseReference, type Reference } from '../oci/reference.ts';

/** Reads full references, separated by newlines or commas; lines that begin with `#` are skipped, repeats dropped. */
export function parseTags(text: string): Reference[] {
  const lines = text.split(/\r?\n/).filter(line => !line.trimStart().startsWith('#'));
  const items = lines.flatMap(line => line.split(',')).map(item => item.trim());
  const references = items.filter(item => item !== '').map(parseReference);
  return [...new Map(references.map(reference => [formatReference(reference), reference])).values()];
}
