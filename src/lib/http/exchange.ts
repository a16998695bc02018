import type { Agent, ClientRequest, IncomingMessage } from 'node:http';
import { hasCode } from '../failure.ts';
import { withServer } from './connection-fault.ts';
import { addressOf, httpModuleFor, placeOf } from './http-module.ts';
import type { HttpRequest } from './message.ts';
import { proxyAuthorization, proxyError } from './proxy.ts';
import { type Timeouts, timeoutError } from './timeout.ts';

export interface Route {
  readonly agent: Agent;
  /** The agent's server, if it is a proxy that expects the whole URL in the request (RFC 9112 section 3.2.2). */
  readonly proxy: URL | undefined;
}

/**
 * Sends a request, and resolves as soon as the answer begins. If the server closed an idle connection, a request
 * without content is sent again on a new one; for any other request the caller has to find out what the server has
 * done.
 */
export function exchange(request: HttpRequest, route: Route, timeouts: Timeouts): Promise<IncomingMessage> {
  const { url, body, method } = request;
  // Some registries take minutes to store what they were sent.
  const isQuick = method !== 'PUT' && method !== 'PATCH';
  const limit = isQuick ? (timeouts.quickAnswer ?? timeouts.answer) : timeouts.answer;
  return new Promise((resolve, reject) => {
    const sent = openRequest(request, route);
    const giveUp = () => sent.destroy(timeoutError(`no answer of ${url.host}`, limit));
    const timer = setTimeout(giveUp, limit);
    let hasAnswer = false;
    let bodyError: Error | undefined;
    sent.once('response', answer => {
      hasAnswer = true;
      clearTimeout(timer);
      // Unsent bytes of the body would block the connection for other requests.
      answer.once('close', () => sent.writableFinished || sent.destroy());
      resolve(answer);
    });
    sent.once('error', error => {
      const wasIdle = sent.reusedSocket && hasCode(error, 'ECONNRESET', 'EPIPE');
      if (!wasIdle || hasAnswer || (body?.size ?? 0) > 0)
        return reject(error === bodyError ? error : connectionError(error, request, route));
      for (const idle of Object.values(route.agent.freeSockets).flat()) idle?.destroy();
      resolve(exchange(request, route, timeouts));
    });
    // The first error counts; a second one is ignored.
    sent.on('error', () => {});
    sent.once('close', () => clearTimeout(timer));
    sendBody(sent, body, () => timer.refresh()).catch(error => {
      bodyError = error;
      sent.destroy(error);
    });
  });
}

function openRequest({ method, url, headers, body }: HttpRequest, { agent, proxy }: Route): ClientRequest {
  const server = proxy ?? url;
  return httpModuleFor(server).request({
    agent,
    ...addressOf(server),
    path: `${proxy === undefined ? '' : url.origin}${url.pathname}${url.search}`,
    method,
    headers: {
      host: url.host,
      'user-agent': 'nix-image-action',
      ...headers,
      ...(proxy === undefined ? {} : proxyAuthorization(proxy)),
      ...(body === undefined ? {} : { 'content-length': body.size }),
    },
  });
}

/** An error of a connection, attributed to the proxy if there is one. */
function connectionError(error: Error, { url }: HttpRequest, { proxy }: Route): Error {
  return proxy === undefined ? withServer(error, placeOf(url)) : proxyError(error, proxy);
}

/**
 * Writes chunks one after the other. A chunk's memory may be reused, so the next one is requested only when the system
 * has taken the last one. Stops when the request has ended, successfully or not.
 */
async function sendBody(sent: ClientRequest, body: HttpRequest['body'], onProgress: () => void): Promise<void> {
  let left = body?.size ?? 0;
  if (body === undefined || left === 0) {
    sent.end();
    return;
  }
  let isOver = false;
  let wake = () => {};
  const stop = () => {
    isOver = true;
    wake();
  };
  sent.once('response', stop).once('close', stop);
  for await (const chunk of body.open()) {
    if (isOver) return;
    left -= chunk.length;
    if (left < 0) break;
    await new Promise<void>(resolve => {
      wake = resolve;
      const onTaken = (error?: Error | null) => (error ? stop() : resolve());
      // The end goes out with the last chunk, because an answer may come before the iterator reports its end.
      if (left === 0) sent.end(chunk, onTaken);
      else sent.write(chunk, onTaken);
    });
    if (isOver) return;
    onProgress();
  }
  if (left !== 0) throw new Error(`a body of ${body.size} bytes provided ${body.size - left}`);
}
