import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import tls from 'node:tls';
import { Agent, type Dispatcher, EnvHttpProxyAgent, request as send } from 'undici';
import { Failure, messageOf } from '../lib/failure.ts';
import { isLoopback } from '../oci/reference.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Opened anew for each try. */
  readonly body?: { readonly size: number; open(): AsyncIterable<Uint8Array> };
}

export interface HttpResponse {
  readonly status: number;
  /** One header by lower-case name; several of that name joined by ", ". */
  header(name: string): string | undefined;
  /** The body, read up to `limit` bytes and cut there. */
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
}

/**
 * Opens connections to any host, through the proxy that the environment names; those in `insecureHosts` (`HOST[:PORT]`)
 * may have an unknown certificate. `SSL_CERT_FILE` adds authorities, as it does for curl, Nix and skopeo.
 */
export function openTransport({ insecureHosts, env }: TransportOptions): Transport {
  const authorities = readAuthorities(env.SSL_CERT_FILE);
  const agents = new Map<string, Dispatcher>();
  const agentFor = ({ host }: URL): Dispatcher => {
    const insecure = insecureHosts.includes(host);
    const kind = `${isLoopback(host) ? 'direct' : 'proxied'} ${insecure}`;
    const options = { rejectUnauthorized: !insecure, ...(authorities === undefined ? {} : { ca: [...authorities] }) };
    const open = () =>
      isLoopback(host)
        ? new Agent({ connect: options })
        : new EnvHttpProxyAgent({ connect: options, requestTls: options });
    const agent = agents.get(kind) ?? open();
    agents.set(kind, agent);
    return agent;
  };
  return {
    async send({ method, url, headers, body }) {
      const response = await send(url, {
        method,
        dispatcher: agentFor(url),
        headers: {
          'user-agent': 'nix-image-action',
          ...headers,
          ...(body === undefined ? {} : { 'content-length': String(body.size) }),
        },
        ...(body === undefined ? {} : { body: Readable.from(body.open(), { objectMode: false }) }),
      });
      return responseOf(response);
    },
    async close() {
      await Promise.all([...agents.values()].map(agent => agent.destroy()));
    },
  };
}

function readAuthorities(file: string | undefined): readonly string[] | undefined {
  if (file === undefined || file === '') return undefined;
  try {
    return [...(tls.getCACertificates?.() ?? tls.rootCertificates), readFileSync(file, 'utf8')];
  } catch (cause) {
    throw new Failure(`Cannot read SSL_CERT_FILE=${file}: ${messageOf(cause)}.`, { cause });
  }
}

function responseOf({ statusCode, headers, body }: Dispatcher.ResponseData): HttpResponse {
  return {
    status: statusCode,
    header(name) {
      const value = headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    async bytes(limit) {
      const chunks: Buffer[] = [];
      let size = 0;
      for await (const chunk of body) {
        chunks.push(chunk);
        size += chunk.length;
        if (size >= limit) break;
      }
      return Buffer.concat(chunks).subarray(0, limit);
    },
    body,
    discard: () => body.dump({ limit: 1 << 20 }),
  };
}
