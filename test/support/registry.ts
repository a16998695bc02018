import { createReadStream, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, jsonAnswer, Refusal, toAnswer } from './registry-answer.ts';
import { createGate, type Gate, type RegistryAuth } from './registry-auth.ts';
import { findRoute } from './registry-protocol.ts';
import { openStore, type Store } from './registry-store.ts';

export interface RegistryOptions {
  /** Where the content is kept; a registry started later on the same directory has it again. */
  readonly directory: string;
  /** Port on 127.0.0.1; any free one if not given. */
  readonly port?: number;
  readonly auth?: RegistryAuth;
  /** PEM; plain HTTP if not given. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Sees every request before the registry does, may go wrong in its place or give the request another URL. */
  readonly onRequest?: (request: IncomingMessage) => Fault | undefined;
}

/** What may go wrong with a request. */
export type Fault =
  /** An answer in the registry's place, which does nothing. */
  | { readonly status: number; readonly headers?: OutgoingHttpHeaders; readonly body?: string }
  /** The connection is cut once so many bytes of the request's body have come. */
  | { readonly dropAfter: number }
  /** The registry does its work, and its answer is another. */
  | { readonly change: (answer: Answer) => Answer }
  /** The registry does its work, and the connection is cut before its answer or half-way through it. */
  | { readonly cutAnswer: 'before' | 'half' }
  /** The registry takes in no body; or does its work, and then never says so, or not all of it. */
  | { readonly stall: 'request' | 'answer' | 'body' }
  /** The registry does its work, and its answer comes in four pieces, so many milliseconds apart. */
  | { readonly pause: number };

export interface RequestRecord {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** 0 until there is an answer, and for good if the connection was cut. */
  readonly status: number;
  /** Bytes of the body that were taken in. */
  readonly bytesIn: number;
}

export interface Registry {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** All requests so far, in the order in which they came. */
  readonly requests: readonly RequestRecord[];
  close(): Promise<void>;
}

/** One request under way. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly record: { -readonly [K in keyof RequestRecord]: RequestRecord[K] };
  readonly dropAfter: number;
  readonly fault: Fault | undefined;
}

/** Starts a registry of the OCI distribution specification 1.1 in this process. */
export async function startRegistry(options: RegistryOptions): Promise<Registry> {
  const { directory, port = 0, auth = { kind: 'none' }, tls, onRequest = () => undefined } = options;
  const store = openStore(directory);
  const requests: RequestRecord[] = [];
  const server = tls === undefined ? createServer() : createTlsServer(tls);
  const gate = createGate(auth, () => `${tls === undefined ? 'http' : 'https'}://${hostOf(server)}/token`);

  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    const record = { method: request.method ?? '', path: request.url ?? '', status: 0, bytesIn: 0 };
    requests.push(record);
    const fault = onRequest(request);
    const dropAfter = fault !== undefined && 'dropAfter' in fault ? fault.dropAfter : Number.POSITIVE_INFINITY;
    if (dropAfter === 0) return request.socket.destroy();
    if (fault !== undefined && 'stall' in fault && fault.stall === 'request') return;
    const exchange = { request, response, record, dropAfter, fault };
    try {
      const faulty = fault !== undefined && 'status' in fault;
      const right = faulty ? fault : await answer(exchange, { store, gate });
      await send(exchange, fault !== undefined && 'change' in fault ? fault.change(right) : right);
    } catch {
      // The client has gone, or was made to go.
      request.socket.destroy();
    }
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));

  return {
    host: hostOf(server),
    requests,
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

function hostOf(server: { address(): AddressInfo | string | null }): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function answer(exchange: Exchange, { store, gate }: { store: Store; gate: Gate }): Promise<Answer> {
  const { method = '', url: path = '', headers } = exchange.request;
  const { pathname, searchParams: query } = new URL(path, 'http://registry');
  try {
    if (pathname === '/token' && gate.issue !== undefined) return gate.issue(headers.authorization, query);
    const { handler, repository, reference } = findRoute(method, pathname);
    gate.check(headers.authorization, scopesFor({ method, repository, from: query.get('from') }));
    return await handler(store, { repository, reference, query, headers, body: () => bodyOf(exchange) });
  } catch (error) {
    if (error instanceof Refusal) return toAnswer(error);
    if (exchange.request.socket.destroyed) throw error;
    return jsonAnswer(500, { errors: [{ code: 'UNKNOWN', message: String(error) }] });
  }
}

function scopesFor(request: { method: string; repository: string; from: string | null }): string[] {
  const { method, repository, from } = request;
  if (repository === '') return [];
  const actions = { GET: 'pull', HEAD: 'pull', DELETE: 'delete' }[method] ?? 'pull,push';
  const scope = `repository:${repository}:${actions}`;
  return from === null ? [scope] : [scope, `repository:${from}:pull`];
}

async function* bodyOf({ request, record, dropAfter }: Exchange): AsyncGenerator<Uint8Array> {
  // A refusal half-way must not take the connection with it.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    const taken = (chunk as Buffer).subarray(0, dropAfter - record.bytesIn);
    record.bytesIn += taken.length;
    yield taken;
    if (record.bytesIn === dropAfter) {
      request.socket.destroy();
      throw new Error('Cut on purpose.');
    }
  }
}

async function send(exchange: Exchange, { status, headers = {}, body = '' }: Answer) {
  const { request, response, record, fault = {} } = exchange;
  const isCut = 'cutAnswer' in fault;
  if (isCut && fault.cutAnswer === 'before') return request.socket.destroy();
  if ('stall' in fault && fault.stall === 'answer') return;
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.size;
  response.setHeader('Docker-Distribution-API-Version', 'registry/2.0');
  if (isCut || 'stall' in fault) {
    // A body that says to be longer than it is, where there may be one.
    response.writeHead(status, { ...headers, ...(status === 204 ? {} : { 'Content-Length': length + 100 }) });
    response.flushHeaders();
    if (length > 0 && request.method !== 'HEAD') response.write(bytesOf(body).subarray(0, length / 2));
    if (isCut) setTimeout(() => request.socket.destroy(), 5);
    return;
  }
  response.writeHead(status, { ...headers, ...(status === 204 ? {} : { 'Content-Length': length }) });
  record.status = status;
  if (request.method === 'HEAD') response.end();
  else if (exchange.fault !== undefined && 'pause' in exchange.fault)
    response.end(await writeSlowly(response, body, exchange.fault.pause));
  else if (typeof body === 'string' || length <= smallBody) response.end(bytesOf(body));
  else await pipeline(openBody(body), response);
}

type Body = NonNullable<Answer['body']>;

/** A stream of so few bytes costs more than the rest of their request. */
const smallBody = 65_536;

function openBody({ file, start = 0, size }: Exclude<Body, string>) {
  return createReadStream(file, { start, end: Math.max(start, start + size - 1) });
}

function bytesOf(body: Body): Buffer {
  if (typeof body === 'string') return Buffer.from(body);
  const { file, start = 0, size } = body;
  return readFileSync(file).subarray(start, start + size);
}

/** Writes all but the last quarter of a body, and gives that. */
async function writeSlowly(response: ServerResponse, body: Body, pause: number) {
  const bytes = bytesOf(body);
  const quarter = Math.ceil(bytes.length / 4);
  for (let at = 0; at < 3 * quarter; at += quarter) {
    response.write(bytes.subarray(at, at + quarter));
    await sleep(pause);
  }
  return bytes.subarray(3 * quarter);
}
