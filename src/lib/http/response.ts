import type { IncomingMessage } from 'node:http';
import { hasCode } from '../failure.ts';
import type { HttpResponse } from './message.ts';
import { type Timeouts, timeoutError } from './timeout.ts';

/** An answer that has begun, with its body as a stream. */
export function openResponse(
  answer: IncomingMessage,
  { url, address }: Pick<HttpResponse, 'url' | 'address'>,
  timeouts: Timeouts,
): HttpResponse {
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
    address,
    status: answer.statusCode ?? 0,
    header: name => answer.headersDistinct[name]?.join(', '),
    bytes,
    body: withPauses(answer, giveUp, timeouts.body),
    async discard() {
      if (answer.complete && answer.readableLength === 0 && !answer.closed) {
        // Nothing more comes, as after a HEAD; when it is closed, its connection is free.
        await new Promise(resolve => answer.once('close', resolve).resume());
        return;
      }
      // Nobody needs these bytes, so if their end does not come, only the connection is lost.
      await bytes(1 << 20).catch(() => {});
    },
  };
}

/** Calls `giveUp` if a chunk takes longer than `limit` milliseconds to arrive, however long its reader takes. */
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
