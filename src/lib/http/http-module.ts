/** Node's client for `http:` or `https:`, loaded on first use, because loading TLS takes long. */
export function httpModuleFor({ protocol }: { readonly protocol: string }) {
  return process.getBuiltinModule(protocol === 'https:' ? 'node:https' : 'node:http');
}

/** Where to connect to for a URL, as options of `request`: without the brackets of an IPv6 address. */
export function addressOf({ hostname, port }: URL): { readonly hostname: string; readonly port: string } {
  return { hostname: hostname.replaceAll(/[[\]]/g, ''), port };
}

/** `HOST:PORT` of a URL. */
export function placeOf({ protocol, hostname, port }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
}
