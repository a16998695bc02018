import { isIP } from 'node:net';
import { Failure } from '../lib/failure.ts';
import type { HttpRequest } from '../lib/http-message.ts';
import { isLoopback } from '../lib/is-loopback.ts';
import type { Transport } from '../lib/transport.ts';
import type { Challenge } from './challenge.ts';
import type { Credentials } from './credentials.ts';
import { RegistryError, readRegistryError } from './registry-error.ts';

export interface TokenRequest {
  readonly challenge: Challenge;
  /** The registry that sent the challenge, such as `https://ghcr.io`. */
  readonly origin: string;
  /** Such as `repository:acme/app:pull,push`. */
  readonly scope: string;
  /** Of the repositories to mount from: good to have. */
  readonly mountScopes: readonly string[];
  readonly credentials: Credentials | undefined;
}

const largestToken = 1 << 20;

/** Fetches a bearer token from the realm of a challenge. distribution's docs: spec/auth/token and spec/auth/oauth. */
export async function fetchToken(transport: Transport, token: TokenRequest): Promise<string> {
  const realm = realmOf(token);
  if (token.credentials?.kind === 'bearer') return token.credentials.token;
  try {
    return await askRealm(transport, realm, token);
  } catch (error) {
    // Some refuse all where one scope is too much, as that of a repository that may not be read.
    const isRefused = error instanceof RegistryError && [400, 401, 403, 404].includes(error.status);
    if (!isRefused || token.mountScopes.length === 0) throw error;
    return askRealm(transport, realm, { ...token, mountScopes: [] });
  }
}

async function askRealm(transport: Transport, realm: URL, token: TokenRequest): Promise<string> {
  const { credentials } = token;
  const request =
    credentials?.kind === 'identity' ? refreshRequest(realm, token, credentials.token) : getRequest(realm, token);
  const response = await transport.send(request);
  if (response.status !== 200) throw await readRegistryError(`Cannot log in to ${token.origin}`, request, response);
  const found = tokenIn(await response.bytes(largestToken));
  if (found === undefined) throw new Failure(`Cannot log in to ${token.origin}: ${realm.host} sent no token.`);
  return found;
}

function tokenIn(body: Buffer): string | undefined {
  try {
    const { token, access_token } = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    const found = token || access_token;
    return typeof found === 'string' ? found : undefined;
  } catch {
    return undefined;
  }
}

/** The realm is the registry's word: it must not lead credentials off TLS or into a network that is not the registry's. */
function realmOf({ challenge, origin }: TokenRequest): URL {
  const { realm = '' } = challenge.parameters;
  const refuse = (why: string) =>
    new Failure(`Cannot log in to ${origin}: it names the token realm "${realm}", ${why}.`);
  if (!URL.canParse(realm)) throw refuse('which is not a URL');
  const url = new URL(realm);
  const registry = new URL(origin);
  if (url.protocol !== 'https:' && url.protocol !== registry.protocol) throw refuse('which is not https');
  const isLocal = (host: string) => isLoopback(host) || isIP(host.replaceAll(/[[\]]/g, '')) !== 0;
  if (isLocal(url.hostname) && !isLocal(registry.hostname)) throw refuse('an address that it has no business with');
  return url;
}

function getRequest(realm: URL, { challenge, scope, mountScopes, credentials }: TokenRequest): HttpRequest {
  const url = new URL(realm);
  const { service } = challenge.parameters;
  if (service !== undefined) url.searchParams.set('service', service);
  for (const each of [scope, ...mountScopes]) url.searchParams.append('scope', each);
  return { method: 'GET', url, headers: credentials?.kind === 'basic' ? { authorization: basicOf(credentials) } : {} };
}

function refreshRequest(url: URL, { challenge, scope, mountScopes }: TokenRequest, token: string): HttpRequest {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: 'nix-image-action',
    service: challenge.parameters.service ?? '',
    scope: [scope, ...mountScopes].join(' '),
    refresh_token: token,
  });
  const bytes = Buffer.from(form.toString());
  return {
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: {
      size: bytes.length,
      async *open() {
        yield bytes;
      },
    },
  };
}

/** `Basic …` of a user and a password. RFC 7617. */
export function basicOf({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}
