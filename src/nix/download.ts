import { hasCode, messageOf } from '../lib/failure.ts';
import { followRedirects } from '../lib/http/follow-redirects.ts';
import type { HttpRequest } from '../lib/http/message.ts';
import { proxyRefused } from '../lib/http/proxy.ts';
import { resolveLocation } from '../lib/http/resolve-location.ts';
import { isBrokenConnection, retry, type Waits } from '../lib/http/retry.ts';
import { openTransport, type Transport } from '../lib/http/transport.ts';
import { basicLogin } from '../lib/http/url-login.ts';

export interface DownloadOptions {
  /** Environment, which names the proxy. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Called for each failed try that will be repeated after `wait` milliseconds. */
  readonly onRetry: (error: unknown, wait: number) => void;
  readonly waits?: Waits;
  /** Milliseconds after which a server that has not answered counts as unreachable; without it, silence is retried. */
  readonly firstAnswer?: number;
}

/** Milliseconds. */
const timeouts = { answer: 30_000, body: 30_000 };

/** An answer other than the content. */
class HttpError extends Error {
  override readonly name: string = 'HttpError';
  readonly status: number;

  constructor(status: number) {
    super(`the server answered HTTP ${status}`);
    this.status = status;
  }
}

/**
 * Streams the content at `url`. Follows redirects and uses the proxy of the environment. Resumes an interrupted
 * transfer (RFC 9110, 14.2), until 5 tries in a row bring no byte. Does not retry a server that cannot be reached at
 * all. Sends a login in the URL only to its server.
 */
export async function* download(
  url: string,
  { env, firstAnswer, ...options }: DownloadOptions,
): AsyncGenerator<Uint8Array> {
  const transport = openTransport({
    ...{ insecureHosts: [], env },
    timeouts: { ...timeouts, answer: firstAnswer ?? timeouts.answer },
  });
  let received = 0;
  let chunks: AsyncIterator<Uint8Array> | undefined;
  const next = async () => {
    try {
      chunks ??= await openFrom(url, received, transport);
      return await chunks.next();
    } catch (error) {
      chunks = undefined;
      throw firstAnswer !== undefined && received === 0 && hasCode(error, 'ERR_TIMEOUT') ? withoutAnswer(error) : error;
    }
  };
  const waitFor = (error: unknown) => (mayPass(error) && (received > 0 || !isUnreachable(error)) ? 0 : undefined);
  try {
    for (;;) {
      const { done, value } = await retry(next, { waitFor, ...options });
      if (done) return;
      received += value.length;
      yield value;
    }
  } finally {
    await transport.close();
  }
}

const unreachable = ['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'];

/** Whether no server was reached, as opposed to one that answered or closed the connection. */
export function isUnreachable(error: unknown): boolean {
  return hasCode(error, ...unreachable, proxyRefused);
}

function withoutAnswer(cause: unknown): Error {
  return Object.assign(new Error(messageOf(cause), { cause }), { code: 'ETIMEDOUT' });
}

function mayPass(error: unknown): boolean {
  if (error instanceof HttpError) return error.status >= 500 || [408, 429].includes(error.status);
  return isBrokenConnection(error);
}

async function openFrom(url: string, start: number, transport: Transport): Promise<AsyncIterator<Uint8Array>> {
  const headers = start === 0 ? {} : { range: `bytes=${start}-` };
  const first = new URL(url);
  const authorization = basicLogin(first);
  const send = (request: HttpRequest) =>
    authorization === undefined || request.url.origin !== first.origin
      ? transport.send(request)
      : transport.send({ ...request, headers: { ...request.headers, authorization } });
  const redirects = { send, resolve: resolveLocation };
  const response = await followRedirects({ method: 'GET', url: first, headers }, redirects);
  const { status, body } = response;
  if (status === 206 && response.header('content-range')?.startsWith(`bytes ${start}-`)) {
    return body[Symbol.asyncIterator]();
  }
  if (status === 200) return withoutStart(body, start);
  await response.discard();
  throw new HttpError(status);
}

/** For servers that do not support ranges. */
async function* withoutStart(chunks: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let left = size;
  for await (const chunk of chunks) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}
