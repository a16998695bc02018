import { readFileSync } from 'node:fs';
import type { Agent } from 'node:http';
import { Failure, messageOf } from './failure.ts';
import { openAgent } from './http-agent.ts';
import { exchange } from './http-exchange.ts';
import { openResponse } from './http-response.ts';
import { proxyFor } from './proxy.ts';

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
  const agents = new Map<string, Agent>();
  let isClosed = false;
  const agentTo = ({ protocol }: URL, insecure: boolean, proxy?: URL): Agent => {
    const kind = `${protocol} ${insecure} ${proxy ?? ''}`;
    const known = agents.get(kind);
    if (known !== undefined) return known;
    const ca = protocol === 'https:' ? readAuthorities(env.SSL_CERT_FILE) : undefined;
    const tunnel = proxy === undefined ? undefined : { proxy, agent: agentTo(proxy, false) };
    const agent = openAgent(protocol, { insecure, ca, tunnel });
    agents.set(kind, agent);
    return agent;
  };
  return {
    async send(request) {
      if (isClosed) throw new Error('The transport is closed.');
      const { url } = request;
      const proxy = proxyFor(url, env);
      // TLS goes through a tunnel, plain HTTP by asking the proxy for the whole URL, as few let it through tunnels.
      const asked = url.protocol === 'http:' ? proxy : undefined;
      const agent = asked === undefined ? agentTo(url, insecureHosts.includes(url.host), proxy) : agentTo(asked, false);
      return openResponse(await exchange(request, { agent, proxy: asked }, timeouts), url, timeouts);
    },
    async close() {
      isClosed = true;
      for (const agent of agents.values()) agent.destroy();
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
