import { documentId } from './document-id.ts';

/** The time of a document without its own time: the time of all files in the store. */
const storeTime = '1970-01-01T00:00:01Z';

/** What the comment of a package says if `isRewritten` is true of its store path. */
export const rewrittenNote = 'its files may be outside the store';

/** An RFC 3339 time in whole seconds in UTC. SPDX 2.3, 6.9 */
export function secondsOf(time: string | undefined): string {
  const date = new Date(time ?? storeTime);
  return Number.isNaN(date.getTime()) ? storeTime : date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** The namespace of a document, from its text without it. SPDX 2.3, 6.5 */
export function namespaceOf(text: string): string {
  return `https://spdx.org/spdxdocs/nix-image-${documentId(text)}`;
}
