import type { IncomingMessage } from 'node:http';
import { hasCode } from './failure.ts';
import { timeoutError } from './http-timeout.ts';
import type { HttpResponse, Timeouts } from './transport.ts';

/** An answer that has begun, and its body as it comes. */
export function openResponse(answer: IncomingMessage, url: URL, timeouts: Timeouts): HttpResponse {
  const giveUp = () => answer.destroy(timeoutError(`no end of an answer of ${url.host}`, timeouts.body));
  const bytes = async (limit: number) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(giveUp, timeouts.body);
    try {
      for await (const chunk of chunksOf(answer)) {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= limit) break;
      }
    } finally {
      clearTimeout(timer);
    }
    return Buffer.concat(chunks).subarray(0, limit);
  };
  return {
    url,
    status: answer.statusCode ?? 0,
    header: name => answer.headersDistinct[name]?.join(', '),
    bytes,
    body: withPauses(answer, giveUp, timeouts.body),
    async discard() {
      // Nobody wants these bytes: an end that does not come only costs the connection.
      await bytes(1 << 20).catch(() => {});
    },
  };
}

/** The Location of an answer that redirects, RFC 9110 section 15.4. */
export function redirectOf({ status, header }: Pick<HttpResponse, 'status' | 'header'>): string | undefined {
  return [301, 302, 303, 307, 308].includes(status) ? header('location') : undefined;
}

/** Calls `giveUp` where a chunk takes longer than `limit` milliseconds to come, however long its reader takes. */
async function* withPauses(answer: IncomingMessage, giveUp: () => void, limit: number): AsyncGenerator<Uint8Array> {
  let timer = setTimeout(giveUp, limit);
  try {
    for await (const chunk of chunksOf(answer)) {
      clearTimeout(timer);
      yield chunk;
      timer = setTimeout(giveUp, limit);
    }
  } finally {
    clearTimeout(timer);
  }
}

async function* chunksOf(answer: IncomingMessage): AsyncGenerator<Buffer> {
  try {
    yield* answer;
  } catch (cause) {
    if (!hasCode(cause, 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE')) throw cause;
    throw Object.assign(new Error('the connection was closed before the end of an answer', { cause }), {
      code: 'ECONNRESET',
    });
  }
}
