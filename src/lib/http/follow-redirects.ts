import { Failure } from '../failure.ts';
import type { HttpRequest, HttpResponse } from './message.ts';
import { isLocal, type Source } from './resolve-location.ts';

interface Redirects {
  /** Sends one request, with the credentials of its URL only. */
  readonly send: (request: HttpRequest) => Promise<HttpResponse>;
  /** The URL that a Location stands for; throws if it must not be followed. */
  readonly resolve: (location: string, source: Source) => URL;
}

const mostRedirects = 5;

/**
 * Sends a request and follows up to 5 redirects, RFC 9110 section 15.4. Method and content stay the same, except after
 * a 303, which requires a GET. A server on the internet cannot redirect to another name that resolves to this machine.
 */
export async function followRedirects(request: HttpRequest, { send, resolve }: Redirects): Promise<HttpResponse> {
  let next = request;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const response = await send(next);
    const location = redirectOf(response);
    if (location === undefined) return response;
    await response.discard();
    const url = resolve(location, response);
    const isLedAway = url.origin !== response.url.origin && !isLocal(response);
    const isPublicOnly = next.isPublicOnly === true || isLedAway;
    next = { ...(response.status === 303 ? withoutContent(next) : next), url, isPublicOnly };
  }
  throw new Failure(`Cannot reach ${request.url.host}: it redirects more than ${mostRedirects} times.`);
}

function redirectOf({ status, header }: HttpResponse): string | undefined {
  return [301, 302, 303, 307, 308].includes(status) ? header('location') : undefined;
}

function withoutContent({ method, body: _, ...request }: HttpRequest): HttpRequest {
  return { ...request, method: method === 'HEAD' ? 'HEAD' : 'GET' };
}
