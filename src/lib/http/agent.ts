import type { Agent } from 'node:http';
import type { LookupFunction, Socket } from 'node:net';
import { Failure } from '../failure.ts';
import { httpModuleFor } from './http-module.ts';
import { isMachineAddress } from './local-network.ts';
import { openTunnel } from './proxy.ts';
import { timeoutError } from './timeout.ts';

export interface AgentOptions {
  /** Whether any certificate is accepted. */
  readonly insecure: boolean;
  /** PEM; Node's own authorities if undefined. */
  readonly ca: readonly string[] | undefined;
  /** Whether names must not resolve to this machine or a link-local address. */
  readonly isPublicOnly: boolean;
  /** A proxy to go through, and the agent that reaches it. */
  readonly tunnel: { readonly proxy: URL; readonly agent: Agent } | undefined;
}

/** Milliseconds, including TLS. */
const longestConnecting = 10_000;

/**
 * Node's agent for `http:` or `https:`. It keeps as many connections for later requests as there are parallel requests.
 */
export function openAgent(protocol: string, { insecure, ca, isPublicOnly, tunnel }: AgentOptions): Agent {
  const isTls = protocol === 'https:';
  const { Agent } = httpModuleFor({ protocol });
  const agent = new Agent({
    keepAlive: true,
    ...(isTls ? { rejectUnauthorized: !insecure } : {}),
    ...(ca === undefined ? {} : { ca: [...ca] }),
    ...(isPublicOnly ? { lookup: lookupPublic } : {}),
  });
  const connect = agent.createConnection as (this: Agent, options: object) => Socket;
  const open = (options: object) => limitConnecting(connect.call(agent, options), isTls);
  agent.createConnection = (options, callback) => {
    if (tunnel === undefined) return open(options);
    const target = { host: String(options.host), port: Number(options.port) };
    const give = callback as (error: Error | null, socket?: Socket) => void;
    openTunnel(tunnel.proxy, target, tunnel.agent)
      .then(socket => give(null, isTls ? open({ ...options, socket }) : socket))
      .catch(give);
    return undefined;
  };
  return agent;
}

/** Looks a name up as usual; an error if it resolves to this machine or to a link-local address. */
const lookupPublic: LookupFunction = (hostname, options, done) => {
  const { lookup } = process.getBuiltinModule('node:dns');
  lookup(hostname, options, (error, found, family) => {
    const addresses = error !== null ? [] : typeof found === 'string' ? [found] : found.map(({ address }) => address);
    const refused = addresses.find(isMachineAddress);
    const refusal = `Cannot follow a redirect to ${hostname}: it resolves to ${refused}, which is not a public address.`;
    done(refused === undefined ? error : new Failure(refusal), found, family);
  });
};

function limitConnecting(socket: Socket, isTls: boolean): Socket {
  const giveUp = () => socket.destroy(timeoutError('not connected', longestConnecting, 'ETIMEDOUT'));
  const timer = setTimeout(giveUp, longestConnecting);
  for (const end of [isTls ? 'secureConnect' : 'connect', 'close']) socket.once(end, () => clearTimeout(timer));
  return socket;
}
