import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure, hasCode, messageOf } from '../../lib/failure.ts';
import type { ByteRange } from '../../lib/open-file.ts';
import type { Log } from '../../runtime.ts';
import { storeDirectory } from '../../store-path.ts';
import type { EntryPath } from '../manifest.ts';
import { DamagedEntry, type Entry, narRange } from '../read-entry.ts';
import { narinfoOf } from './narinfo.ts';

export interface BinaryCacheServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Number of store paths that it serves. */
  readonly paths: number;
  close(): Promise<void>;
}

/** A path, and the entry that has it. */
interface Served {
  readonly path: EntryPath;
  readonly entry: Entry;
}

/**
 * Serves the paths of entries as a binary cache on loopback. A path in several entries comes from the first of them.
 */
export async function serveEntries(
  entries: readonly Entry[],
  { port, log }: { readonly port: number; readonly log: Log },
): Promise<BinaryCacheServer> {
  const served = new Map<string, Served>();
  for (const entry of entries) {
    for (const path of entry.manifest.paths) {
      const hash = basename(path.path).slice(0, 32);
      if (!served.has(hash)) served.set(hash, { path, entry });
    }
  }
  const server = createServer((request, response) => {
    answer(request, response, served).catch(error => {
      // The client has left, as Nix does when it is interrupted.
      if (hasCode(error, 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_UNABLE_TO_PIPE')) return;
      log.warning(`Cannot serve ${request.url}: ${messageOf(error)}`);
      if (response.headersSent) response.destroy();
      // Without the path, Nix builds it or fetches it elsewhere; of another error, it would report a failure.
      else end(response, error instanceof DamagedEntry ? 404 : 502);
    });
  });
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(
        new Failure(`Cannot listen on port ${port}: ${messageOf(cause)}. Give another --port, or none.`, { cause }),
      );
    server.once('error', fail).listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths: served.size,
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  served: ReadonlyMap<string, Served>,
): Promise<void> {
  const { method = '', url = '', headers } = request;
  // A web page must not read the store through a name that resolves to this address (DNS rebinding).
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(headers.host ?? '')) return end(response, 403);
  if (method !== 'GET' && method !== 'HEAD') return end(response, 405);
  if (url === '/nix-cache-info') {
    return endWith(`StoreDir: ${storeDirectory}\nWantMassQuery: 1\nPriority: 30\n`, 'text/x-nix-cache-info');
  }
  const [, hash = '', kind] = /^\/(?:nar\/)?([0-9a-z]{32})\.(narinfo|nar)$/.exec(url) ?? [];
  const found = served.get(hash);
  if (found === undefined) return end(response, 404);
  if (kind === 'narinfo') return endWith(narinfoOf(found.path, `nar/${hash}.nar`), 'text/x-nix-narinfo');
  return sendNar(found, request, response);

  function endWith(text: string, type: string) {
    response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(text) });
    response.end(method === 'HEAD' ? '' : text);
  }
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0 }).end();
}

/** A NAR, or a part of it; RFC 9110 section 14. It has no validator, so If-Range never matches. */
async function sendNar({ path, entry }: Served, { method, headers }: IncomingMessage, response: ServerResponse) {
  const size = path.narSize;
  const isRanged = method === 'GET' && headers['if-range'] === undefined;
  const range = isRanged ? rangeOf(headers.range, size) : undefined;
  if (range === 'unsatisfiable') {
    response.writeHead(416, { 'content-range': `bytes */${size}`, 'content-length': 0 }).end();
    return;
  }
  const sent = range ?? { offset: 0, size };
  const [part] = method === 'HEAD' ? [] : await entry.fetchParts(new Set([path.path]));
  response.writeHead(range === undefined ? 200 : 206, {
    'content-type': 'application/x-nix-nar',
    'accept-ranges': 'bytes',
    'content-length': sent.size,
    ...(range === undefined ? {} : { 'content-range': `bytes ${sent.offset}-${sent.offset + sent.size - 1}/${size}` }),
  });
  if (part === undefined) response.end();
  else await pipeline(Readable.from(narRange(part, path, sent)), response);
}

/** The single range that a header asks for; undefined for all bytes, and for an invalid header. */
function rangeOf(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const offset = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  return offset >= size || end <= offset ? 'unsatisfiable' : { offset, size: end - offset };
}
