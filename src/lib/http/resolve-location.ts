import { Failure } from '../failure.ts';
import { isLocalAddress, isLocalHost } from './local-network.ts';
import type { HttpResponse } from './message.ts';

/** The server that sent the answer. */
export type Source = Pick<HttpResponse, 'url' | 'address'>;

/**
 * The URL that a server names in an answer, relative or absolute, with its query unchanged. A server behind a proxy may
 * name itself with http, which then means its own https address (https://github.com/goharbor/harbor/issues/12135). A
 * Failure if it leads from https to http, to another scheme, or from the internet into a local network.
 */
export function resolveLocation(location: string, source: Source): URL {
  const { url: base } = source;
  const failure = (why: string) => new Failure(`Cannot follow ${base.host} to ${shown(location)}: ${why}.`);
  if (!URL.canParse(location, base.href)) throw failure('it is not a URL');
  const url = new URL(location, base);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw failure('its scheme is neither https nor http');
  if (base.protocol === 'https:' && url.protocol === 'http:') {
    if (url.hostname !== base.hostname) throw failure('https must not lead to http');
    url.protocol = 'https:';
    url.port = base.port;
  }
  if (isLocalHost(url.hostname) && url.hostname !== base.hostname && !isLocal(source)) {
    throw failure('a server on the internet must not lead into a local network');
  }
  return url;
}

/** Whether a server is in a local network, so it may lead to others there. */
export function isLocal({ url, address }: Source): boolean {
  return isLocalHost(url.hostname) || (address !== undefined && isLocalAddress(address));
}

/** Without the query, which may contain a secret. */
function shown(location: string): string {
  return location.replace(/[?#].*/s, '').slice(0, 200);
}
