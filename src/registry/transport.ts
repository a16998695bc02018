import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import undici, { type Dispatcher } from 'undici';
import { Failure, messageOf } from '../lib/failure.ts';
import { isLoopback } from '../oci/reference.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Opened anew for each try. A chunk of 64 KiB and more is done with when the next one is asked for; a smaller one may
   * still be on its way.
   */
  readonly body?: { readonly size: number; open(): AsyncIterable<Uint8Array> };
}

export interface HttpResponse {
  /** Where the answer came from; what a Location starts from. */
  readonly url: URL;
  readonly status: number;
  /** One header by lower-case name; several of that name joined by ", ". */
  header(name: string): string | undefined;
  /** The body, read up to `limit` bytes and cut there, in bounded time. */
  bytes(limit: number): Promise<Buffer>;
  readonly body: AsyncIterable<Uint8Array>;
  /** Throws the body away, so that the connection can be used again. */
  discard(): Promise<void>;
}

/** Sends single HTTP requests: no redirects, no credentials, no retries. Those are the registry's affair. */
export interface Transport {
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

export interface TransportOptions {
  readonly insecureHosts: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly timeouts?: Timeouts;
}

/** Milliseconds. */
export interface Timeouts {
  /** Until an answer begins, from the last byte that was taken in. */
  readonly answer: number;
  /** For the whole body of an answer, and between two pieces of a blob. */
  readonly body: number;
}

/** It takes some registries minutes to store a large blob. */
const usualTimeouts: Timeouts = { answer: 300_000, body: 60_000 };

/**
 * Opens connections to any host, through the proxy that the environment names; those in `insecureHosts` (`HOST[:PORT]`)
 * may have an unknown certificate. `SSL_CERT_FILE` adds authorities, as it does for curl, Nix and skopeo.
 */
export function openTransport({ insecureHosts, env, timeouts = usualTimeouts }: TransportOptions): Transport {
  const agents = new Map<string, Dispatcher>();
  const agentFor = ({ host, protocol }: URL): Dispatcher => {
    const insecure = insecureHosts.includes(host);
    const proxy = isLoopback(host) ? '' : proxyOf(protocol, env);
    const hasTls = [protocol, proxy].some(url => url.startsWith('https:'));
    const kind = `${hasTls} ${insecure} ${proxy}`;
    const agent = agents.get(kind);
    if (agent !== undefined) return agent;
    const authorities = hasTls ? readAuthorities(env.SSL_CERT_FILE) : undefined;
    const ca = authorities === undefined ? {} : { ca: authorities };
    const tlsOptions = { rejectUnauthorized: !insecure, ...ca };
    const options = { connect: tlsOptions, headersTimeout: timeouts.answer, bodyTimeout: timeouts.body };
    const proxies = { httpProxy: proxy, httpsProxy: proxy, noProxy: named('NO_PROXY', env) };
    const opened =
      proxy === ''
        ? new undici.Agent(options)
        : new undici.EnvHttpProxyAgent({ ...options, ...proxies, requestTls: tlsOptions, proxyTls: ca });
    agents.set(kind, opened);
    return opened;
  };
  return {
    async send({ method, url, headers, body }) {
      const response = await agentFor(url).request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        // By itself undici closes the connection after each HEAD, since there are servers that send a body with the answer.
        // No registry can: Go's clients keep theirs.
        reset: false,
        headers: {
          'user-agent': 'nix-image-action',
          ...headers,
          ...(body === undefined ? {} : { 'content-length': String(body.size) }),
        },
        // Undici takes any async iterable, its types do not. A stream around it would read ahead.
        ...(body === undefined ? {} : { body: body.open() as Readable }),
      });
      return responseOf(response, url, timeouts);
    },
    async close() {
      await Promise.all([...agents.values()].map(agent => agent.destroy()));
    },
  };
}

function readAuthorities(file: string | undefined): string[] | undefined {
  if (file === undefined || file === '') return undefined;
  try {
    // Most runs need no TLS of their own making, and this takes long to load.
    const tls = process.getBuiltinModule('node:tls');
    return [...(tls.getCACertificates?.() ?? tls.rootCertificates), readFileSync(file, 'utf8')];
  } catch (cause) {
    throw new Failure(`Cannot read SSL_CERT_FILE=${file}: ${messageOf(cause)}.`, { cause });
  }
}

/**
 * The proxy that an environment names for a protocol, empty for none: as for curl and Go, HTTP_PROXY is for http alone,
 * and `http://` may be left out.
 */
function proxyOf(protocol: string, env: TransportOptions['env']): string {
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = named(name, env);
  if (value === '') return '';
  const url = value.includes('://') ? value : `http://${value}`;
  // Without its value, which may hold a password.
  if (!URL.canParse(url)) throw new Failure(`Cannot use ${name}: it is not a URL. Give http://HOST:PORT.`);
  return url;
}

/** The lower-case name wins, as for curl. */
function named(name: string, env: TransportOptions['env']): string {
  return env[name.toLowerCase()] ?? env[name] ?? '';
}

function responseOf(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  url: URL,
  timeouts: Timeouts,
): HttpResponse {
  return {
    url,
    status: statusCode,
    header(name) {
      const value = headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    async bytes(limit) {
      const chunks: Buffer[] = [];
      let size = 0;
      const timer = setTimeout(() => body.destroy(new undici.errors.BodyTimeoutError()), timeouts.body);
      try {
        for await (const chunk of body) {
          chunks.push(chunk);
          size += chunk.length;
          if (size >= limit) break;
        }
      } finally {
        clearTimeout(timer);
      }
      return Buffer.concat(chunks).subarray(0, limit);
    },
    body,
    async discard() {
      // Nobody wants these bytes: an end that does not come only costs the connection.
      await body.dump({ limit: 1 << 20, signal: AbortSignal.timeout(timeouts.body) }).catch(() => {});
    },
  };
}
