import undici, { type Dispatcher } from 'undici';
import { hasCode } from '../lib/failure.ts';
import { isBrokenConnection, retry, type Waits } from '../lib/retry.ts';

export interface DownloadOptions {
  /** Told of each try that failed and is made again after `wait` milliseconds. */
  readonly onRetry: (error: unknown, wait: number) => void;
  readonly waits?: Waits;
}

/** Milliseconds. */
const timeouts = { connect: 10_000, answer: 30_000, silence: 30_000 };
const mostRedirects = 5;

/** An answer that is not the content. */
class HttpError extends Error {
  override readonly name: string = 'HttpError';
  readonly status: number;

  constructor(status: number) {
    super(`the server said HTTP ${status}`);
    this.status = status;
  }
}

/**
 * What is at `url`, as it comes, redirects followed, through the proxy that the environment names. A transfer that
 * breaks off goes on where it was (RFC 9110, 14.2), after up to 5 tries without a byte. A server that cannot be reached
 * at all is not tried again.
 */
export async function* download(url: string, { onRetry, ...options }: DownloadOptions): AsyncGenerator<Uint8Array> {
  const agent = new undici.EnvHttpProxyAgent({
    connect: { timeout: timeouts.connect },
    headersTimeout: timeouts.answer,
    bodyTimeout: timeouts.silence,
  });
  const dispatcher = agent.compose(undici.interceptors.redirect({ maxRedirections: mostRedirects }));
  let received = 0;
  let chunks: AsyncIterator<Uint8Array> | undefined;
  const next = async () => {
    try {
      chunks ??= await openFrom(url, received, dispatcher);
      return await chunks.next();
    } catch (error) {
      chunks = undefined;
      throw error;
    }
  };
  const waitFor = (error: unknown) => (mayPass(error) && (received > 0 || !isUnreachable(error)) ? 0 : undefined);
  try {
    for (;;) {
      const { done, value } = await retry(next, { waitFor, onRetry, ...options });
      if (done) return;
      received += value.length;
      yield value;
    }
  } finally {
    await agent.destroy();
  }
}

/** Whether no server was reached, as opposed to one that answered, or broke off. */
export function isUnreachable(error: unknown): boolean {
  return hasCode(
    error,
    ...['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'],
    'UND_ERR_CONNECT_TIMEOUT',
  );
}

function mayPass(error: unknown): boolean {
  if (error instanceof HttpError) return error.status >= 500 || [408, 429].includes(error.status);
  return isBrokenConnection(error);
}

async function openFrom(url: string, start: number, dispatcher: Dispatcher): Promise<AsyncIterator<Uint8Array>> {
  const { origin, pathname, search } = new URL(url);
  const { statusCode, headers, body } = await dispatcher.request({
    origin,
    path: `${pathname}${search}`,
    method: 'GET',
    headers: { 'user-agent': 'nix-image-action', ...(start === 0 ? {} : { range: `bytes=${start}-` }) },
  });
  if (statusCode === 206 && String(headers['content-range']).startsWith(`bytes ${start}-`)) {
    return body[Symbol.asyncIterator]();
  }
  if (statusCode === 200) return withoutStart(body, start);
  await body.dump();
  throw new HttpError(statusCode);
}

/** For a server that knows no ranges. */
async function* withoutStart(chunks: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let left = size;
  for await (const chunk of chunks) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}
