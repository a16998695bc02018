import { existsSync, readFileSync } from 'node:fs';
import type { Agent } from 'node:http';
import { Failure, messageOf } from '../failure.ts';
import { openAgent } from './agent.ts';
import { exchange } from './exchange.ts';
import { placeOf } from './http-module.ts';
import type { HttpRequest, HttpResponse } from './message.ts';
import { namesHost } from './names-host.ts';
import { proxyFor } from './proxy.ts';
import { openResponse } from './response.ts';
import type { Timeouts } from './timeout.ts';

/** Sends single HTTP requests, without redirects, credentials or retries, which callers add. */
export interface Transport {
  send(request: HttpRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface TransportOptions {
  readonly insecureHosts: readonly string[];
  readonly env: Environment;
  readonly timeouts?: Timeouts;
}

const usualTimeouts: Timeouts = { answer: 300_000, quickAnswer: 60_000, body: 60_000 };

interface AgentKind {
  readonly insecure?: boolean;
  /** Has no effect through a proxy, which resolves names itself. */
  readonly isPublicOnly?: boolean;
  readonly proxy?: URL | undefined;
}

/**
 * Opens connections to any host, through the proxy that the environment names. Hosts in `insecureHosts` (`HOST[:PORT]`)
 * may have an untrusted certificate. `SSL_CERT_FILE` adds authorities, as in curl, Nix and skopeo.
 */
export function openTransport({ insecureHosts, env, timeouts = usualTimeouts }: TransportOptions): Transport {
  const agents = new Map<string, Agent>();
  let isClosed = false;
  const agentTo = ({ protocol }: URL, { insecure = false, isPublicOnly = false, proxy }: AgentKind = {}): Agent => {
    const kind = [protocol, insecure, isPublicOnly, proxy ?? ''].join(' ');
    const known = agents.get(kind);
    if (known !== undefined) return known;
    const ca = protocol === 'https:' ? readAuthorities(env) : undefined;
    const tunnel = proxy === undefined ? undefined : { proxy, agent: agentTo(proxy) };
    const agent = openAgent(protocol, { insecure, isPublicOnly, ca, tunnel });
    agents.set(kind, agent);
    return agent;
  };
  return {
    async send(request) {
      if (isClosed) throw new Error('The transport is closed.');
      const { url, isPublicOnly = false } = request;
      const proxy = proxyFor(url, env);
      const insecure = namesHost(insecureHosts, placeOf(url));
      // TLS goes through a tunnel; for plain HTTP the proxy gets the whole URL, because few proxies allow it through
      // tunnels.
      const asked = url.protocol === 'http:' ? proxy : undefined;
      const agent = asked === undefined ? agentTo(url, { insecure, isPublicOnly, proxy }) : agentTo(asked);
      const answer = await exchange(request, { agent, proxy: asked }, timeouts);
      const address = proxy === undefined ? answer.socket.remoteAddress : undefined;
      return openResponse(answer, { url, address }, timeouts);
    },
    async close() {
      isClosed = true;
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

/** PEM of all trusted authorities; undefined for Node's own, which include those of NODE_EXTRA_CA_CERTS. */
function readAuthorities({ SSL_CERT_FILE: file = '', NODE_EXTRA_CA_CERTS: extra = '' }: Environment) {
  if (file === '') return undefined;
  // Loaded here because it takes long and most runs do not need it.
  const tls = process.getBuiltinModule('node:tls');
  // Node 20 cannot list these authorities, and ignores a file that it cannot read.
  const extras = extra !== '' && existsSync(extra) ? [readFileSync(extra, 'utf8')] : [];
  try {
    return [...(tls.getCACertificates?.() ?? tls.rootCertificates), ...extras, readFileSync(file, 'utf8')];
  } catch (cause) {
    throw new Failure(`Cannot read SSL_CERT_FILE=${file}: ${messageOf(cause)}.`, { cause });
  }
}
