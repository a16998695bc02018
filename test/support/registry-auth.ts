import { randomUUID } from 'node:crypto';
import { type Answer, jsonAnswer, Refusal } from './registry-answer.ts';

export type RegistryAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | {
      readonly kind: 'bearer';
      readonly user: string;
      readonly password: string;
      /** Seconds that a token is good for; 300 if not given. */
      readonly expiresIn?: number;
    };

/** Decides who may do what. Scopes are `repository:NAME:ACTIONS`, the actions divided by commas. */
export interface Gate {
  /** Throws a 401 with its challenge unless `authorization`, the header's value, covers all the scopes. */
  check(authorization: string | undefined, scopes: readonly string[]): void;
  /** Answers a request to the token endpoint; undefined if there is none. */
  readonly issue?: (authorization: string | undefined, query: URLSearchParams) => Answer;
}

const service = 'registry';

/** `realm` is the URL of the token endpoint, asked for at each challenge. */
export function createGate(auth: RegistryAuth, realm: () => string): Gate {
  switch (auth.kind) {
    case 'none':
      return { check: () => undefined };
    case 'basic':
      return {
        check(authorization) {
          if (!isBasic(authorization, auth)) throw unauthorized('Basic realm="registry"');
        },
      };
    case 'bearer':
      return createBearerGate(auth, realm);
  }
}

/** The token flow of https://distribution.github.io/distribution/spec/auth/token/. */
function createBearerGate(auth: RegistryAuth & { kind: 'bearer' }, realm: () => string): Gate {
  const { expiresIn = 300 } = auth;
  const tokens = new Map<string, { readonly scopes: ReadonlySet<string>; readonly expiry: number }>();
  return {
    check(authorization, scopes) {
      const [, value] = /^Bearer (.+)$/i.exec(authorization ?? '') ?? [];
      const token = value === undefined ? undefined : tokens.get(value);
      const valid = token !== undefined && token.expiry > Date.now();
      if (valid && scopes.flatMap(splitScope).every(scope => token.scopes.has(scope))) return;
      const challenge = [`Bearer realm="${realm()}"`, `service="${service}"`];
      if (scopes.length > 0) challenge.push(`scope="${scopes.join(' ')}"`);
      if (value !== undefined) challenge.push(`error="${valid ? 'insufficient_scope' : 'invalid_token'}"`);
      throw unauthorized(challenge.join(','));
    },
    issue(authorization, query) {
      if (!isBasic(authorization, auth)) throw unauthorized('Basic realm="registry"');
      const token = randomUUID();
      const scopes = new Set(
        query
          .getAll('scope')
          .flatMap(text => text.split(' '))
          .flatMap(splitScope),
      );
      tokens.set(token, { scopes, expiry: Date.now() + expiresIn * 1000 });
      return jsonAnswer(200, { token, expires_in: expiresIn, issued_at: new Date().toISOString() });
    },
  };
}

function isBasic(authorization: string | undefined, login: { readonly user: string; readonly password: string }) {
  const [, encoded = ''] = /^Basic (.+)$/i.exec(authorization ?? '') ?? [];
  return Buffer.from(encoded, 'base64').toString() === `${login.user}:${login.password}`;
}

function unauthorized(challenge: string): Refusal {
  return new Refusal(401, 'UNAUTHORIZED', {
    message: 'authentication required',
    headers: { 'WWW-Authenticate': challenge },
  });
}

/** `repository:a:pull,push` → `repository:a:pull`, `repository:a:push` */
function splitScope(scope: string): string[] {
  const end = scope.lastIndexOf(':') + 1;
  const actions = scope.slice(end).split(',');
  return actions.map(action => scope.slice(0, end) + action);
}
