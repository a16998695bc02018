import { Failure } from '../failure.ts';
import type { HttpResponse } from './message.ts';
import type { Source } from './resolve-location.ts';

export interface Page<T> {
  readonly value: T;
  /** URL of the page after this one; undefined for the last. */
  readonly next: URL | undefined;
}

export const mostPages = 200;

/** The error for a list that may not have been read to its end. */
export class EndlessListError extends Failure {
  override readonly name = 'EndlessListError';
}

/**
 * The pages of a list, each read by `read`, from `first` to the one without a next page. An EndlessListError, after the
 * pages so far, if the list returns to an earlier page or has more than 200 pages.
 */
export async function* readPages<T>(first: URL, read: (url: URL) => Promise<Page<T>>): AsyncGenerator<T> {
  const seen = new Set<string>();
  for (let url: URL | undefined = first; url !== undefined; ) {
    const failed = `Cannot list ${url.origin}${url.pathname}`;
    if (seen.has(url.href)) throw new EndlessListError(`${failed}: its pages form a cycle.`);
    if (seen.size >= mostPages) throw new EndlessListError(`${failed}: it has more than ${mostPages} pages.`);
    seen.add(url.href);
    const page: Page<T> = await read(url);
    yield page.value;
    url = page.next;
  }
}

/** URL of the page after an answer; `resolve` turns a target into a URL, and throws if it must not be followed. */
export function nextPageOf(
  response: Pick<HttpResponse, 'header'> & Source,
  resolve: (target: string, source: Source) => URL,
): URL | undefined {
  const target = nextLinkOf(response.header('link') ?? '');
  return target === undefined ? undefined : resolve(target, response);
}

/** The target of rel="next" in a Link header; some registries write it without quotes. RFC 8288 section 3 */
export function nextLinkOf(header: string): string | undefined {
  for (const [, target, parameters = ''] of header.matchAll(/<([^<>]*)>([^<]*)/g)) {
    const [, quoted, bare] = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s;,"]+))/i.exec(parameters) ?? [];
    const relations = (quoted ?? bare ?? '').toLowerCase().split(/\s+/);
    if (relations.includes('next')) return target;
  }
  return undefined;
}
