import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface ReleaseServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** The Range header of each request for a file, in order; empty where there was none. */
  readonly ranges: readonly string[];
  close(): Promise<void>;
}

/** What is wrong with a server. */
export interface ServerFaults {
  /** Bytes of each answer after which the connection is cut; of the first answers, one each. */
  readonly breakAfter?: readonly number[];
  /** Whether every answer is the whole file. */
  readonly ignoresRanges?: boolean;
  /** Told of each request for a file; the answer waits for it. */
  readonly onRequest?: () => Promise<void>;
}

/** Upstream's server on loopback: GET and HEAD of the files of releases, of parts of them too. */
export async function startReleaseServer(directory: string, faults: ServerFaults = {}): Promise<ReleaseServer> {
  const ranges: string[] = [];
  const server = createServer(async (request, response) => {
    const file = join(directory, new URL(request.url ?? '/', 'http://localhost').pathname);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) return response.writeHead(404).end();
    const breakAfter = faults.breakAfter?.[ranges.length];
    ranges.push(request.headers.range ?? '');
    await faults.onRequest?.();
    const range = faults.ignoresRanges ? undefined : request.headers.range;
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    response.writeHead(range === undefined ? 200 : 206, {
      'content-length': found.size - start,
      ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${found.size - 1}/${found.size}` }),
    });
    if (request.method === 'HEAD') return response.end();
    if (breakAfter === undefined) return createReadStream(file, { start }).pipe(response);
    if (breakAfter === 0) return response.destroy();
    for await (const chunk of createReadStream(file, { start, end: start + breakAfter - 1 })) response.write(chunk);
    return setTimeout(() => response.destroy(), 50);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    ranges,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
