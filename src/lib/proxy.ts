import type { Agent } from 'node:http';
import type { Socket } from 'node:net';
import { Failure } from './failure.ts';
import { addressOf, httpModuleFor } from './http-module.ts';
import { isLoopback } from './is-loopback.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The proxy that an environment names for a URL, undefined for none: as for curl and Go, HTTP_PROXY is for http alone,
 * `http://` may be left out, and no loopback goes through one.
 */
export function proxyFor({ protocol, host, hostname, port }: URL, env: Environment): URL | undefined {
  const name = protocol === 'https:' ? 'HTTPS_PROXY' : 'HTTP_PROXY';
  const value = named(name, env);
  const target = { hostname, port: port || String(portOf(protocol)) };
  if (value === '' || isLoopback(host) || isExcepted(target, named('NO_PROXY', env))) return undefined;
  const url = value.includes('://') ? value : `http://${value}`;
  // Without its value, which may hold a password.
  if (!/^https?:/i.test(url) || !URL.canParse(url))
    throw new Failure(`Cannot use ${name}: it is not a URL of a proxy. Give http://HOST:PORT.`);
  return new URL(url);
}

/** The lower-case name wins, as for curl. */
function named(name: string, env: Environment): string {
  return env[name.toLowerCase()] ?? env[name] ?? '';
}

/** Whether NO_PROXY names a host: `*`, or `HOST[:PORT]` for it and all below it, with `.` or `*.` before it or not. */
function isExcepted(target: { hostname: string; port: string }, noProxy: string): boolean {
  if (noProxy === '*') return true;
  return noProxy
    .toLowerCase()
    .split(/[,\s]+/)
    .some(entry => {
      const [, host = '', port = target.port] = /^(?:\*?\.)?(.+?)(?::(\d+))?$/.exec(entry) ?? [];
      return host !== '' && port === target.port && `.${target.hostname}`.endsWith(`.${host}`);
    });
}

/** The port that a URL means which names none. */
function portOf(protocol: string): number {
  return protocol === 'https:' ? 443 : 80;
}

/** A connection through a proxy, RFC 9110 section 9.3.6. A Failure where the proxy says no. */
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
      reject(new Failure(`Cannot reach ${path}: the proxy ${proxy.host} said HTTP ${statusCode}.`));
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** The header for the login in a proxy's URL, if it has one. */
export function proxyAuthorization({ username, password }: URL): Record<string, string> {
  const login = [username, password].map(decodeURIComponent).join(':');
  return login === ':' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
}
