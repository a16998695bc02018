import { createPrivateKey, randomUUID, sign, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCertificate } from './certificate.ts';

/** A server that gives out the tokens that a distribution asks for. */
export interface TokenServer {
  /** What the distribution's `auth.token` says of it. */
  readonly settings: { readonly realm: string; readonly service: string; readonly issuer: string };
  /** PEM, of the key that signs. */
  readonly certificate: string;
  /** The scopes of each token so far. */
  readonly issued: readonly (readonly string[])[];
  close(): Promise<void>;
}

export interface TokenServerOptions {
  readonly login: { readonly user: string; readonly password: string };
  /** Seconds that a token is good for; 300 if not given. */
  readonly lifetime?: number;
  /** Scopes that the user may have; of the others a token says nothing. All if not given. */
  readonly grants?: (scope: string) => boolean;
}

/** Seconds by which distribution lets a token live longer than it says. */
const leeway = 60;

/** Starts a token server on loopback, distribution's docs: spec/auth/token and spec/auth/jwt. */
export async function startTokenServer(options: TokenServerOptions): Promise<TokenServer> {
  const { login, lifetime = 300, grants = () => true } = options;
  const { key, cert } = await createCertificate();
  const issued: string[][] = [];
  const authorization = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  const service = 'distribution';
  const issuer = 'token server';
  const server = createServer((request, response) => {
    if (request.headers.authorization !== authorization) return response.writeHead(401).end();
    const { searchParams } = new URL(request.url ?? '', 'http://localhost');
    const scopes = searchParams.getAll('scope').filter(grants);
    issued.push(scopes);
    const now = Math.floor(Date.now() / 1000);
    const expiry = now + lifetime;
    const times = { iat: now, nbf: now - leeway, exp: expiry - leeway };
    const claims = { iss: issuer, sub: login.user, aud: service, jti: randomUUID(), ...times };
    const token = signToken({ ...claims, access: scopes.map(accessOf) }, { key, cert });
    return response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    settings: { realm: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`, service, issuer },
    certificate: cert,
    issued,
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** `repository:acme/app:pull,push` taken apart. */
function accessOf(scope: string) {
  const [type, name, actions = ''] = scope.split(':');
  return { type, name, actions: actions.split(',') };
}

/** A JSON Web Token, RFC 7519, that brings its key's certificate along. */
function signToken(claims: object, { key, cert }: { readonly key: string; readonly cert: string }): string {
  const header = { typ: 'JWT', alg: 'ES256', x5c: [new X509Certificate(cert).raw.toString('base64')] };
  const content = [header, claims].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha256', Buffer.from(content), { key: createPrivateKey(key), dsaEncoding: 'ieee-p1363' });
  return `${content}.${signature.toString('base64url')}`;
}
