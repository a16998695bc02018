import type { Agent } from 'node:http';
import { BlockList, isIP, type Socket } from 'node:net';
import { codeOf, Failure } from '../failure.ts';
import { connectionFaultOf, failureOf, withServer } from './connection-fault.ts';
import { addressOf, httpModuleFor, placeOf } from './http-module.ts';
import { isLoopback } from './is-loopback.ts';
import { timeoutError } from './timeout.ts';

interface Target {
  readonly hostname: string;
  readonly port: string;
}

/** The `code` of the Failure if a proxy refuses a connection. */
export const proxyRefused = 'ERR_PROXY_REFUSED';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that the environment names for a URL, or undefined. As in curl and Go, HTTP_PROXY is for http only,
 * `http://` may be omitted, and loopback never goes through a proxy.
 */
export function proxyFor({ protocol, host, hostname, port }: URL, env: Environment): URL | undefined {
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = named(name, env);
  const target = { hostname, port: port || String(portOf(protocol)) };
  if (value === '' || isLoopback(host) || isExcepted(target, named('NO_PROXY', env))) return undefined;
  const text = value.includes('://') ? value : `http://${value}`;
  // The message omits the value, which may contain a password.
  const failure = (why: string) => new Failure(`Cannot use ${name}: ${why}.`);
  if (!/^https?:/i.test(text) || !URL.canParse(text)) {
    throw failure('it is not the URL of an HTTP proxy. Write http://HOST:PORT');
  }
  const url = new URL(text);
  try {
    proxyAuthorization(url);
  } catch {
    throw failure('its user or password has a "%" that is not part of a %XX. Write "%" as "%25"');
  }
  return url;
}

/** The lower-case name has priority, as in curl. */
function named(name: string, env: Environment): string {
  return env[name.toLowerCase()] ?? env[name] ?? '';
}

/**
 * Whether NO_PROXY names a host: `*`, an IP address, a network such as `10.0.0.0/8`, or `HOST` for it and all names
 * below it, with or without a leading `.` or `*.`. Everything but a network may have a port. As in
 * golang.org/x/net/http/httpproxy and curl.
 */
function isExcepted({ hostname, port }: Target, noProxy: string): boolean {
  const target = { hostname: hostname.replaceAll(/^\[|\]$|\.$/g, ''), port };
  const entries = noProxy.toLowerCase().split(/[,\s]+/);
  return entries.some(entry => entry === '*' || isNamed(target, entry));
}

function isNamed({ hostname, port }: Target, entry: string): boolean {
  const [, network = '', bits = ''] = /^([0-9a-f.:]+)\/(\d{1,3})$/.exec(entry) ?? [];
  if (isIP(network) !== 0) return isInNetwork(hostname, network, Number(bits));
  // In a text with several colons, the last one starts a port only after brackets.
  const [, host = '', named = port] = /^(\[.+\]|[^:]+|[^[]*:.*:.*)(?::(\d+))?$/.exec(entry) ?? [];
  const name = host.replaceAll(/^\[|\]$|^\*?\./g, '');
  if (name === '' || named !== port) return false;
  if (isIP(name) !== 0) return isInNetwork(hostname, name, isIP(name) === 4 ? 32 : 128);
  return isIP(hostname) === 0 && `.${hostname}`.endsWith(`.${name}`);
}

function isInNetwork(address: string, network: string, bits: number): boolean {
  const [family, familyOfNetwork] = [isIP(address), isIP(network)];
  if (family === 0 || bits > (familyOfNetwork === 4 ? 32 : 128)) return false;
  const list = new BlockList();
  list.addSubnet(network, bits, familyOfNetwork === 4 ? 'ipv4' : 'ipv6');
  return list.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** Milliseconds until a proxy answers. */
const longestTunnel = 60_000;

/** The port of a URL that names none. */
function portOf(protocol: string): number {
  return protocol === 'https:' ? 443 : 80;
}

/** A connection through a proxy, RFC 9110 section 9.3.6. A Failure if the proxy refuses. */
export function openTunnel(proxy: URL, target: { host: string; port: number }, agent: Agent): Promise<Socket> {
  const path = `${target.host.includes(':') ? `[${target.host}]` : target.host}:${target.port}`;
  return new Promise((resolve, reject) => {
    const asked = httpModuleFor(proxy).request({
      agent,
      ...addressOf(proxy),
      method: 'CONNECT',
      path,
      headers: { host: path, ...proxyAuthorization(proxy) },
    });
    asked.on('connect', ({ statusCode }, socket: Socket) => {
      if (statusCode === 200) return resolve(socket);
      socket.destroy();
      const advice = statusCode === 407 ? ' Check the login in HTTPS_PROXY.' : '';
      const refusal = new Failure(
        `Cannot reach ${path}: the proxy ${proxy.host} answered HTTP ${statusCode}.${advice}`,
      );
      reject(Object.assign(refusal, { code: proxyRefused }));
    });
    asked.on('error', error => reject(proxyError(error, proxy)));
    asked.setTimeout(longestTunnel, () => asked.destroy(timeoutError('no answer to CONNECT', longestTunnel)));
    asked.end();
  });
}

/** The error of a connection to a proxy, which must not be attributed to the server behind it. */
export function proxyError(error: Error, proxy: URL): Error {
  const reason = withServer(error, placeOf(proxy));
  const fault = connectionFaultOf(reason);
  if (fault !== undefined) {
    const advice = `${fault.advice} HTTPS_PROXY or HTTP_PROXY names this proxy.`.trim();
    return failureOf({ ...fault, failed: `${fault.failed} the proxy`, advice }, reason);
  }
  const message = `the proxy ${proxy.host}: ${reason.message}`;
  return Object.assign(new Error(message, { cause: reason }), { code: codeOf(reason) });
}

/** The header for the login in a proxy's URL, if it has one. */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  const login = [username, password].map(decodeURIComponent).join(':');
  return login === ':' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
}
