import { Failure } from '../../lib/failure.ts';
import { followRedirects } from '../../lib/http/follow-redirects.ts';
import { isLocalHost } from '../../lib/http/local-network.ts';
import type { HttpRequest } from '../../lib/http/message.ts';
import { isLocal, resolveLocation, type Source } from '../../lib/http/resolve-location.ts';
import type { Transport } from '../../lib/http/transport.ts';
import { objectIn } from '../../lib/parse-json.ts';
import { oneLine } from '../../lib/printable.ts';
import type { LoginKind } from './advice.ts';
import type { Challenge } from './challenge.ts';
import type { Credentials } from './credentials.ts';
import { RegistryError, readRegistryError } from './registry-error.ts';

export interface TokenRequest {
  readonly challenge: Challenge;
  /** URL of the registry that sent the challenge. */
  readonly registry: Source;
  /** The registry's name in `tags`, such as `ghcr.io`. */
  readonly host: string;
  /** Such as `repository:acme/app:pull,push`. */
  readonly scope: string;
  /** Scopes for the repositories to mount from; optional. */
  readonly mountScopes: readonly string[];
  readonly credentials: Credentials | undefined;
}

const largestToken = 1 << 20;
const headerValue = /^[\x21-\x7e]+$/;

/** Requests a bearer token from the realm of a challenge. distribution's docs: spec/auth/token and spec/auth/oauth. */
export async function fetchToken(transport: Transport, token: TokenRequest): Promise<string> {
  const realm = realmOf(token);
  if (token.credentials?.kind === 'bearer') return token.credentials.token;
  try {
    return await askRealm(transport, realm, token);
  } catch (error) {
    // Some services refuse the whole request for one forbidden scope, such as that of a repository that may not be
    // read.
    const isRefused = error instanceof RegistryError && [400, 401, 403, 404].includes(error.status);
    if (!isRefused || token.mountScopes.length === 0) throw error;
    return askRealm(transport, realm, { ...token, mountScopes: [] });
  }
}

async function askRealm(transport: Transport, realm: URL, token: TokenRequest): Promise<string> {
  const { credentials, registry } = token;
  const failed = `Cannot log in to ${registry.url.origin}`;
  const request =
    credentials?.kind === 'identity' ? refreshRequest(realm, token, credentials.token) : getRequest(realm, token);
  const isPublicOnly = realm.origin !== registry.url.origin && !isLocal(registry);
  const response = await followRedirects(
    { ...request, isPublicOnly },
    {
      send({ headers: { authorization, ...headers } = {}, ...each }) {
        const isRealm = each.url.origin === realm.origin;
        if (!isRealm && each.body !== undefined) {
          throw new Failure(
            `${failed}: ${realm.host} redirects the login to ${each.url.origin}, which must not receive it. Check the configuration of the registry.`,
          );
        }
        const shown = isRealm && authorization !== undefined ? { ...headers, authorization } : headers;
        return transport.send({ ...each, headers: shown });
      },
      resolve: resolveLocation,
    },
  );
  if (response.status !== 200) {
    const asked = { registry: token.host, action: 'log in', login: loginKindOf(credentials) } as const;
    throw await readRegistryError({ failed, request, asked }, response);
  }
  const found = tokenIn(await response.bytes(largestToken));
  if (found === undefined || !headerValue.test(found)) {
    const description =
      found === undefined
        ? 'no token'
        : found === ''
          ? 'an empty token'
          : 'a token with characters that are not allowed in a header';
    throw new Failure(
      `${failed}: its token service ${realm.host} sent ${description}. Try again, or ask its operator.`,
    );
  }
  return found;
}

function loginKindOf(credentials: Credentials | undefined): LoginKind {
  if (credentials === undefined) return 'none';
  return credentials.kind === 'basic' && credentials.isJobToken ? 'job token' : 'password';
}

/** Undefined if there is none. Some services call it `token`, some `access_token`, and some leave one of both empty. */
function tokenIn(body: Buffer): string | undefined {
  const { token, access_token } = objectIn(body);
  const found = token || access_token || token;
  return typeof found === 'string' ? found : undefined;
}

/**
 * The registry chooses the realm, so the realm must not get credentials without TLS, or lead into a local network that
 * the registry is not in.
 */
function realmOf({ challenge, registry }: TokenRequest): URL {
  const { realm = '' } = challenge.parameters;
  const { origin, protocol } = registry.url;
  const failure = (why: string) =>
    new Failure(
      `Cannot log in to ${origin}: it sent the token realm "${oneLine(realm, 200)}", ${why}. Check the configuration of the registry.`,
    );
  if (!URL.canParse(realm)) throw failure('which is not a URL');
  const url = new URL(realm);
  if (url.protocol !== 'https:' && url.protocol !== protocol) throw failure('which is not https');
  if (isLocalHost(url.hostname) && !isLocal(registry))
    throw failure('which is in a local network, while the registry is not');
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
