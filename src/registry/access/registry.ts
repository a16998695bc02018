import { codeOf, Failure, messageOf, sentence } from '../../lib/failure.ts';
import { connectionFaultOf, failureOf } from '../../lib/http/connection-fault.ts';
import { followRedirects } from '../../lib/http/follow-redirects.ts';
import { isLoopback } from '../../lib/http/is-loopback.ts';
import type { HttpRequest, HttpResponse } from '../../lib/http/message.ts';
import { isLocal, resolveLocation, type Source } from '../../lib/http/resolve-location.ts';
import { isBrokenConnection, retry, type Waits } from '../../lib/http/retry.ts';
import type { Transport } from '../../lib/http/transport.ts';
import { formatRepository, type Repository } from '../../oci/reference.ts';
import type { Log } from '../../runtime.ts';
import { type Action, connectionAdviceFor, type LoginKind } from './advice.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import type { Credentials } from './credentials.ts';
import { RegistryError, readRegistryError, UnsettledError } from './registry-error.ts';
import { basicOf, fetchToken } from './token.ts';

/** One repository of a registry through its HTTP API, with login, redirects and retries. */
export interface RepositoryClient {
  readonly repository: Repository;
  /** `https://HOST` or, for loopback and insecure registries, `http://HOST`. */
  readonly origin: string;
  /**
   * Sends one request below `/v2/PATH/`, or to a URL from the registry. Follows redirects, and answers a 401 with a
   * login once. Any status is an answer, not an error.
   */
  request(request: ApiRequest): Promise<HttpResponse>;
  /** Repeats an operation while the registry is busy, failing or unreachable; `description` names the operation. */
  retry<T>(description: string, body: () => Promise<T>): Promise<T>;
  /** The error for an unexpected answer. */
  refusal(request: ApiRequest, response: HttpResponse): Promise<RegistryError>;
}

export interface ApiRequest extends Omit<HttpRequest, 'url'> {
  /** `blobs/sha256:…`, or a URL. */
  readonly to: string | URL;
}

/** For the scope of a token. distribution's docs: spec/auth/scope. */
export type Actions = 'pull' | 'pull,push' | 'pull,delete';

export interface RepositoryAccess {
  readonly transport: Transport;
  readonly credentials: Credentials | undefined;
  /** What the login must permit. */
  readonly actions: Actions;
  /** Repositories of the same registry to mount blobs from. */
  readonly mountSources: readonly Repository[];
  /** Whether http and untrusted certificates are allowed for this host. */
  readonly insecure: boolean;
  readonly log: Log;
  readonly waits?: Waits;
}

/** 520 to 524: Cloudflare cannot reach the origin. */
const transientStatus = new Set([408, 429, 499, 500, 502, 503, 504, 520, 521, 522, 523, 524]);

/** Finds out how to reach a repository's registry and how to log in. OCI distribution-spec, "Endpoints" end-1. */
export async function openRepository(repository: Repository, access: RepositoryAccess): Promise<RepositoryClient> {
  const { log, waits } = access;
  const tryAgain = async <T>(description: string, body: () => Promise<T>) => {
    const onRetry = (error: unknown, wait: number) =>
      log.info(`${description}: ${sentence(withoutAdvice(error))} Trying again in ${(wait / 1000).toFixed(1)} s.`);
    try {
      return await retry(body, { waitFor: transientWait, onRetry, ...(waits === undefined ? {} : { waits }) });
    } catch (error) {
      if (isBrokenConnection(error)) {
        const broken = `Cannot reach ${formatRepository(repository)}. ${description}: ${sentence(messageOf(error))}`;
        throw new Failure(broken, { cause: error });
      }
      const fault = connectionFaultOf(error);
      throw fault === undefined ? error : failureOf(fault, error);
    }
  };
  const { source, challenges } = await tryAgain(`Reaching ${repository.host}`, () => ping(repository, access));
  const { origin } = source.url;
  const login = createLogin({ repository, source, challenges, access });
  const resolve = (to: string | URL) => (typeof to === 'string' ? new URL(`/v2/${repository.path}/${to}`, origin) : to);
  return {
    repository,
    origin,
    request: ({ to, ...request }) =>
      followRedirects(
        { ...request, url: resolve(to) },
        { send: each => sendWithLogin(each, { source, login, transport: access.transport }), resolve: resolveLocation },
      ),
    retry: tryAgain,
    refusal: ({ to, ...request }, response) => {
      const action = actionOf(request);
      const failed = `Cannot ${action} ${action === 'push' ? 'to' : 'from'} ${formatRepository(repository)}`;
      const isOwn = response.url.origin === origin;
      const asked = isOwn ? { registry: repository.host, action, login: login.kind() } : undefined;
      return readRegistryError({ failed, request: { ...request, url: resolve(to) }, asked }, response);
    },
  };
}

/** The fault without its advice, which appears only if all tries fail. */
function withoutAdvice(error: unknown): string {
  const message = messageOf(error);
  return error instanceof RegistryError ? message.slice(0, message.length - error.advice.length) : message;
}

function actionOf({ method }: Pick<HttpRequest, 'method'>): Action {
  if (method === 'DELETE') return 'delete';
  return method === 'GET' || method === 'HEAD' ? 'read' : 'push';
}

/** The least wait before another try; undefined if another try cannot help. */
function transientWait(error: unknown): number | undefined {
  if (error instanceof UnsettledError) return error.retryAfter;
  if (error instanceof RegistryError) return transientStatus.has(error.status) ? error.retryAfter : undefined;
  if (error instanceof Failure) return undefined;
  return isBrokenConnection(error) ? 0 : undefined;
}

/** A registry's answer to the first request. */
interface Welcome {
  /** URL and address of the registry itself. */
  readonly source: Source;
  readonly challenges: readonly Challenge[];
}

/** `GET /v2/`: determines the scheme and the login schemes. */
async function ping(repository: Repository, { transport, insecure }: RepositoryAccess): Promise<Welcome> {
  const { host } = repository;
  const apiHost = host === 'docker.io' ? 'registry-1.docker.io' : host;
  const ask = async (origin: string) => {
    const request: HttpRequest = { method: 'GET', url: new URL('/v2/', origin) };
    let source: Source | undefined;
    const send = async (each: HttpRequest) => {
      const response = await transport.send(each);
      // A registry that redirects everything from http to https is used at its https address.
      if (source === undefined || isSecured(source.url, response.url)) source = response;
      return response;
    };
    const response = await followRedirects(request, { send, resolve: resolveLocation });
    if (response.status !== 200 && response.status !== 401) {
      const asked = { registry: host, action: 'reach', login: 'none' } as const;
      throw await readRegistryError({ failed: `Cannot use ${host} as a registry`, request, asked }, response);
    }
    await response.discard();
    const challenges = parseChallenges(response.header('www-authenticate') ?? '');
    return { source: source ?? response, challenges };
  };
  const schemes = isLoopback(host) ? ['http', 'https'] : insecure ? ['https', 'http'] : ['https'];
  const errors: unknown[] = [];
  for (const scheme of schemes) {
    try {
      return await ask(`${scheme}://${apiHost}`);
    } catch (error) {
      errors.push(error);
      if (!mayBeOther(scheme, error)) break;
    }
  }
  throw explain(errors.findLast(error => !isNoTls(error)) ?? errors[0], repository);
}

/** Whether an error may mean that the registry does not support `scheme`. */
function mayBeOther(scheme: string, error: unknown): boolean {
  // A server that expects TLS answers 400 to http.
  if (error instanceof RegistryError) return scheme === 'http' && error.status === 400;
  return !(error instanceof Failure) && !isUnknownCertificate(error) && codeOf(error) !== 'ERR_TIMEOUT';
}

/** Whether `to` is the https address of the same host as the http address `from`. */
function isSecured(from: URL, to: URL): boolean {
  return from.protocol === 'http:' && to.protocol === 'https:' && from.hostname === to.hostname;
}

function isUnknownCertificate(error: unknown): boolean {
  return connectionFaultOf(error)?.failed === 'Cannot trust';
}

/** Whether the other side answered, but not in TLS. */
function isNoTls(error: unknown): boolean {
  return connectionFaultOf(error)?.failed === 'Cannot speak TLS to';
}

/** The error of a first request, with advice if it is permanent. */
function explain(error: unknown, { host, path }: Repository): unknown {
  const fault = connectionFaultOf(error);
  if (fault === undefined) return error;
  const server = fault.failed === 'Cannot reach' ? `${host}/${path}` : host;
  return failureOf({ ...fault, server, advice: connectionAdviceFor(codeOf(error)) ?? fault.advice }, error);
}

/** Provides the Authorization header for the repository, and updates it after a 401. */
interface Login {
  /** The header for requests. */
  kind(): LoginKind;
  /** Parallel requests share one promise, and so one token. */
  header(): Promise<string | undefined>;
  /** Handles a refusal of `used`, a header that `header` returned; whether a try with a new header is worthwhile. */
  learn(response: HttpResponse, used: Promise<string | undefined>): boolean;
}

function createLogin(context: {
  repository: Repository;
  source: Source;
  challenges: readonly Challenge[];
  access: RepositoryAccess;
}): Login {
  const { repository, source, access } = context;
  let { challenges } = context;
  let current: Promise<string | undefined> | undefined;
  const newHeader = async () => {
    const { credentials } = access;
    const challenge = challenges.find(({ scheme }) => scheme === 'bearer');
    if (challenge !== undefined) {
      const scope = `repository:${repository.path}:${access.actions}`;
      const mountScopes = access.mountSources.map(({ path }) => `repository:${path}:pull`);
      const token = await fetchToken(access.transport, {
        challenge,
        registry: source,
        host: repository.host,
        scope,
        mountScopes,
        credentials,
      });
      access.log.secret(token);
      return `Bearer ${token}`;
    }
    const basic = challenges.some(({ scheme }) => scheme === 'basic');
    return basic && credentials?.kind === 'basic' ? basicOf(credentials) : undefined;
  };
  return {
    kind() {
      if (access.credentials === undefined) return 'none';
      return challenges.some(({ scheme }) => scheme === 'bearer') ? 'token' : 'password';
    },
    header() {
      if (current !== undefined) return current;
      const mine = newHeader();
      mine.catch(() => {
        if (current === mine) current = undefined;
      });
      current = mine;
      return mine;
    },
    learn(response, used) {
      const offered = parseChallenges(response.header('www-authenticate') ?? '');
      if (!offered.some(({ scheme }) => scheme === 'bearer' || scheme === 'basic')) return false;
      // Otherwise an earlier refusal has already requested a new header.
      if (used === current) {
        challenges = offered;
        current = undefined;
      }
      return true;
    },
  };
}

interface Session {
  /** The registry. */
  readonly source: Source;
  readonly login: Login;
  readonly transport: Transport;
}

/** Sends one request; only the registry's own origin gets the login. */
async function sendWithLogin(request: HttpRequest, { source, login, transport }: Session): Promise<HttpResponse> {
  if (request.url.origin !== source.url.origin) return transport.send({ ...request, isPublicOnly: !isLocal(source) });
  const sendWith = async (header: Promise<string | undefined>) => {
    const authorization = await header;
    const headers = { ...request.headers, ...(authorization === undefined ? {} : { authorization }) };
    return transport.send({ ...request, headers });
  };
  const header = login.header();
  const response = await sendWith(header);
  if (response.status !== 401 || !login.learn(response, header)) return response;
  await response.discard();
  return sendWith(login.header());
}
