import type { Log } from '../host.ts';
import { Failure, messageOf } from '../lib/failure.ts';
import { retry } from '../lib/retry.ts';
import { formatRepository, isLoopback, type Repository } from '../oci/reference.ts';
import { type Challenge, parseChallenges } from './challenge.ts';
import type { Credentials } from './credentials.ts';
import { BrokenUpload, RegistryError, readRegistryError } from './registry-error.ts';
import { basicOf, fetchToken } from './token.ts';
import type { HttpRequest, HttpResponse, Transport } from './transport.ts';

/** One repository of a registry as its HTTP API shows it, with login, redirects and retries seen to. */
export interface RepositoryClient {
  readonly repository: Repository;
  /** `https://HOST` or, for loopback and insecure registries, `http://HOST`. */
  readonly origin: string;
  /**
   * Sends one request below `/v2/PATH/`, or to a URL that the registry gave. Redirects are followed, a 401 is answered
   * with a login once. Any status is an answer, not an error.
   */
  request(request: ApiRequest): Promise<HttpResponse>;
  /** Repeats an operation while the registry is busy, out of order or out of reach. */
  retry<T>(what: string, body: () => Promise<T>): Promise<T>;
  /** The error for an answer that is none of the expected. */
  refusal(request: ApiRequest, response: HttpResponse): Promise<RegistryError>;
}

export interface ApiRequest extends Omit<HttpRequest, 'url'> {
  /** `blobs/sha256:…`, or a URL. */
  readonly to: string | URL;
}

export interface RegistryAccess {
  readonly transport: Transport;
  readonly credentials: Credentials | undefined;
  /** What the login must allow. */
  readonly actions: 'pull' | 'pull,push';
  /** Repositories of the same registry that blobs may be mounted from. */
  readonly mountSources: readonly Repository[];
  /** Whether http and unknown certificates are allowed for this host. */
  readonly insecure: boolean;
  readonly log: Log;
}

const mostRedirects = 5;
const transientCodes =
  /^(ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|UND_ERR_(SOCKET|\w+_TIMEOUT))$/;
const transientStatus = new Set([408, 429, 499, 500, 502, 503, 504, 522]);

/** Finds out how to speak to a repository's registry and how to log in. OCI distribution-spec, "Endpoints" end-1. */
export async function openRepository(repository: Repository, access: RegistryAccess): Promise<RepositoryClient> {
  const { log } = access;
  const tryAgain = <T>(what: string, body: () => Promise<T>) =>
    retry(body, {
      waitFor: transientWait,
      onRetry: (error, wait) => log.info(`${what}: ${messageOf(error)} Trying again in ${(wait / 1000).toFixed(1)} s.`),
    });
  const { origin, challenges } = await tryAgain(`Reaching ${repository.host}`, () => greet(repository, access));
  const login = createLogin({ repository, origin, challenges, access });
  const resolve = (to: string | URL) => (typeof to === 'string' ? new URL(`/v2/${repository.path}/${to}`, origin) : to);
  return {
    repository,
    origin,
    request: ({ to, ...request }) =>
      follow({ ...request, url: resolve(to) }, { origin, login, transport: access.transport }),
    retry: tryAgain,
    refusal: ({ to, ...request }, response) => {
      const doing = request.method === 'GET' || request.method === 'HEAD' ? 'read from' : 'push to';
      const failed = `Cannot ${doing} ${formatRepository(repository)}`;
      return readRegistryError(failed, { ...request, url: resolve(to) }, response);
    },
  };
}

/** The least wait before another try; undefined where another try cannot help. */
function transientWait(error: unknown): number | undefined {
  if (error instanceof RegistryError) return transientStatus.has(error.status) ? error.retryAfter : undefined;
  if (error instanceof Failure) return undefined;
  if (error instanceof BrokenUpload) return 0;
  const { code = '' } = error as NodeJS.ErrnoException;
  return transientCodes.test(code) ? 0 : undefined;
}

/** `GET /v2/`: finds the scheme and the ways to log in. */
async function greet(
  { host }: Repository,
  { transport, insecure }: RegistryAccess,
): Promise<{ origin: string; challenges: Challenge[] }> {
  const apiHost = host === 'docker.io' ? 'registry-1.docker.io' : host;
  const ask = async (origin: string) => {
    const request: HttpRequest = { method: 'GET', url: new URL('/v2/', origin) };
    const response = await transport.send(request);
    if (response.status !== 200 && response.status !== 401)
      throw await readRegistryError(`Cannot use ${host} as a registry`, request, response);
    await response.discard();
    return { origin, challenges: parseChallenges(response.header('www-authenticate') ?? '') };
  };
  try {
    return await ask(`https://${apiHost}`);
  } catch (error) {
    if (error instanceof RegistryError || !(insecure || isLoopback(host))) throw explain(error, host);
    if (isUnknownCertificate(error)) throw explain(error, host);
    return await ask(`http://${apiHost}`);
  }
}

function isUnknownCertificate(error: unknown): boolean {
  const { code = '' } = error as NodeJS.ErrnoException;
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code);
}

function explain(error: unknown, host: string): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (isUnknownCertificate(error)) {
    return new Failure(
      `Cannot trust ${host}: ${messageOf(error)} (${code}). Set NODE_EXTRA_CA_CERTS to its authority, or name it in insecure-registries.`,
      { cause: error },
    );
  }
  if (code === 'ENOTFOUND')
    return new Failure(`Cannot find ${host}: no such host. Check the registry's name in tags.`, { cause: error });
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER') {
    return new Failure(`Cannot speak TLS to ${host}. If it serves plain http, name it in insecure-registries.`, {
      cause: error,
    });
  }
  return error;
}

/** Gives the Authorization header for the repository, and learns from a 401. */
interface Login {
  header(): Promise<string | undefined>;
  /** Takes a refusal of `used`; whether another try with a new header is worth it. */
  learn(response: HttpResponse, used: string | undefined): boolean;
}

function createLogin(context: {
  repository: Repository;
  origin: string;
  challenges: Challenge[];
  access: RegistryAccess;
}): Login {
  const { repository, origin, access } = context;
  let { challenges } = context;
  /** The header in use; requests that run side by side share one token. */
  let current: Promise<string | undefined> | undefined;
  let refused: string | undefined;
  const newHeader = async () => {
    const { credentials } = access;
    const challenge = challenges.find(({ scheme }) => scheme === 'bearer');
    if (challenge !== undefined) {
      const pulls = access.mountSources.map(({ path }) => `repository:${path}:pull`);
      const scopes = [`repository:${repository.path}:${access.actions}`, ...pulls];
      const token = await fetchToken(access.transport, { challenge, origin, scopes, credentials });
      access.log.secret(token);
      return `Bearer ${token}`;
    }
    const basic = challenges.some(({ scheme }) => scheme === 'basic');
    return basic && credentials?.kind === 'basic' ? basicOf(credentials) : undefined;
  };
  return {
    async header() {
      current ??= newHeader();
      const mine = current;
      try {
        return await mine;
      } catch (error) {
        if (current === mine) current = undefined;
        throw error;
      }
    },
    learn(response, used) {
      const offered = parseChallenges(response.header('www-authenticate') ?? '');
      if (!offered.some(({ scheme }) => scheme === 'bearer' || scheme === 'basic')) return false;
      if (refused === used) return true;
      refused = used;
      challenges = offered;
      current = undefined;
      return true;
    },
  };
}

interface Way {
  readonly origin: string;
  readonly login: Login;
  readonly transport: Transport;
}

/** Sends a request and follows redirects by hand: only the registry's own origin sees the login. */
async function follow(request: HttpRequest, way: Way): Promise<HttpResponse> {
  let { url } = request;
  for (let hops = 0; hops <= mostRedirects; hops++) {
    const response = await sendWithLogin({ ...request, url }, way);
    const location = response.header('location');
    const isRedirect = [301, 302, 303, 307, 308].includes(response.status) && location !== undefined;
    if (!isRedirect) return response;
    await response.discard();
    url = resolveLocation(location, url);
  }
  throw new Failure(`Cannot reach ${request.url.host}: it redirects more than ${mostRedirects} times.`);
}

async function sendWithLogin(request: HttpRequest, { origin, login, transport }: Way): Promise<HttpResponse> {
  if (request.url.origin !== origin) return transport.send(request);
  let authorization: string | undefined;
  const send = async () => {
    authorization = await login.header();
    const headers = { ...request.headers, ...(authorization === undefined ? {} : { authorization }) };
    return transport.send({ ...request, headers });
  };
  const response = await send();
  if (response.status !== 401 || !login.learn(response, authorization)) return response;
  await response.discard();
  return send();
}

/**
 * A Location, relative or absolute, with its query. A registry behind a proxy may name itself with http: that is its own
 * https address (https://github.com/goharbor/harbor/issues/12135). Any other step from https to http is refused.
 */
export function resolveLocation(location: string, base: URL): URL {
  const url = new URL(location, base);
  if (base.protocol !== 'https:' || url.protocol === 'https:') return url;
  if (url.hostname === base.hostname) {
    url.protocol = 'https:';
    url.port = base.port;
    return url;
  }
  throw new Failure(`Cannot follow ${base.host} to ${url.origin}: it leads from https to http.`);
}
