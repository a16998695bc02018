import { Readable } from 'node:stream';
import { Agent, type Dispatcher, EnvHttpProxyAgent, request as send } from 'undici';
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
  /** Throws the body away, so that the connection can be used again. */
  discard(): Promise<void>;
}

/** Sends single HTTP requests: no redirects, no credentials, no retries. Those are the registry's affair. */
export interface Transport {
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** Opens connections to any host; those in `insecureHosts` (`HOST[:PORT]`) may have an unknown certificate. */
export function openTransport(insecureHosts: readonly string[]): Transport {
  const agents = new Map<string, Dispatcher>();
  const agentFor = ({ host }: URL): Dispatcher => {
    const insecure = insecureHosts.includes(host);
    const kind = `${isLoopback(host) ? 'direct' : 'proxied'} ${insecure}`;
    const options = { connect: { rejectUnauthorized: !insecure } };
    const agent = agents.get(kind) ?? (isLoopback(host) ? new Agent(options) : new EnvHttpProxyAgent(options));
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
    discard: () => body.dump({ limit: 1 << 20 }),
  };
}
