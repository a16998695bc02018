/** A registry's refusal, and the request that it refused. */
export interface Refusal {
  readonly status: number;
  /** The registry's codes and messages. */
  readonly words: string;
  /** The name in `tags`, such as `ghcr.io`. */
  readonly registry: string;
  readonly action: Action;
  readonly login: LoginKind;
}

/** The refused request: the first one to a registry, one to its token service, or one to a repository. */
export type Action = 'reach' | 'log in' | 'read' | 'push' | 'delete';

/**
 * The credentials sent: none, user and password, the job's `github-token` as the password, or a token of the registry's
 * token service.
 */
export type LoginKind = 'none' | 'password' | 'job token' | 'token';

interface Row {
  readonly statuses: readonly number[];
  readonly actions?: readonly Action[];
  readonly logins?: readonly LoginKind[];
  readonly registry?: string;
  readonly words?: RegExp;
  readonly advice: string;
}

const ghcrLogin = 'Set github-token, or set username and password.';
const ghcrPush =
  'Add "permissions: packages: write" to the job, and give this repository write access in the settings of the package.';
const ghcrRead =
  'Add "permissions: packages: read" to the job, and give this repository access in the settings of the package.';
const logIn =
  'Log in: set username and password, which apply to the registries in tags, or run docker login in an earlier step.';
const wrongLogin = 'The registry does not accept this login. Check username and password; a token may have expired.';
const wrongJobToken =
  'The registry does not accept the token of the job as the password. Use an access token that may write packages: on Gitea and Forgejo one of a user, with the scope write:package.';
const missingRepository = 'Create the repository in the registry first, or check its name.';

/** From the most specific to the most general; the first match counts. */
const rows: readonly Row[] = [
  {
    statuses: [404],
    actions: ['reach'],
    advice: 'The host has no /v2/ endpoint, so it is not a registry. Check the host and the port.',
  },
  {
    statuses: [407],
    advice: 'The proxy requires a valid login. Set HTTP_PROXY to http://USER:PASSWORD@HOST:PORT.',
  },
  {
    statuses: [429],
    logins: ['none'],
    advice: 'Log in to get a higher rate limit, or wait and run again.',
  },
  { statuses: [429], advice: 'This login has reached its rate limit. Wait and run again.' },
  { statuses: [401, 403], registry: 'ghcr.io', logins: ['none'], advice: ghcrLogin },
  { statuses: [401, 403], logins: ['none'], advice: logIn },
  { statuses: [401, 403], registry: 'ghcr.io', words: /scope/i, advice: 'Give the token the scope write:packages.' },
  {
    statuses: [403],
    registry: 'ghcr.io',
    actions: ['log in'],
    advice: `Check github-token, or username and password. ${ghcrPush}`,
  },
  { statuses: [403], registry: 'ghcr.io', actions: ['push'], advice: ghcrPush },
  { statuses: [403], registry: 'ghcr.io', actions: ['read'], advice: ghcrRead },
  { statuses: [401], registry: 'ghcr.io', actions: ['log in'], advice: wrongLogin },
  { statuses: [401, 403], actions: ['log in'], logins: ['job token'], advice: wrongJobToken },
  { statuses: [400, 401, 403], actions: ['log in'], advice: wrongLogin },
  { statuses: [401], logins: ['password'], advice: wrongLogin },
  {
    statuses: [401, 403],
    actions: ['push'],
    advice: 'The login is valid, but has no permission to push here. Give its account write access to this repository.',
  },
  {
    statuses: [401, 403],
    actions: ['delete'],
    advice:
      'The login is valid, but has no permission to delete here. Give its account permission to delete in this repository.',
  },
  {
    statuses: [401, 403],
    advice: 'The login is valid, but has no permission to read here. Give its account read access to this repository.',
  },
  {
    statuses: [404],
    actions: ['read'],
    words: /MANIFEST_UNKNOWN|manifest unknown/i,
    advice: 'Check the tag or digest.',
  },
  { statuses: [404], words: /NAME_UNKNOWN|not found|does not exist/i, advice: missingRepository },
];

/** Advice for a refusal; empty if there is none. */
export function adviceFor({ status, words, registry, action, login }: Refusal): string {
  const row = rows.find(
    row =>
      row.statuses.includes(status) &&
      (row.actions?.includes(action) ?? true) &&
      (row.logins?.includes(login) ?? true) &&
      (row.registry === undefined || row.registry === registry) &&
      (row.words?.test(words) ?? true),
  );
  return row?.advice ?? '';
}

const unreachable = 'Check the host and the port, and that the registry is running.';

const connectionRows: readonly (readonly [RegExp, string])[] = [
  [/^(ECONNREFUSED|ENOTFOUND)$/, unreachable],
  [
    /SELF_SIGNED|^UNABLE_TO_/,
    'Set SSL_CERT_FILE to the certificate of its authority, or add the registry to insecure-registries.',
  ],
  [/^(EPROTO|ERR_SSL_\w+)$/, 'If the registry serves plain HTTP, add it to insecure-registries.'],
];

/** Advice for a registry that cannot be reached, by the code of the error. */
export function connectionAdviceFor(code: string): string | undefined {
  return connectionRows.find(([codes]) => codes.test(code))?.[1];
}
