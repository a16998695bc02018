import { Failure, messageOf, sentence } from '../lib/failure.ts';
import { connectionFaultOf } from '../lib/http/connection-fault.ts';
import { followRedirects } from '../lib/http/follow-redirects.ts';
import type { HttpRequest, HttpResponse } from '../lib/http/message.ts';
import { nextPageOf, readPages } from '../lib/http/read-pages.ts';
import { resolveLocation, type Source } from '../lib/http/resolve-location.ts';
import { isBrokenConnection, retry, type Waits } from '../lib/http/retry.ts';
import type { Transport } from '../lib/http/transport.ts';
import { isObject } from '../lib/json-object.ts';
import { oneLine } from '../lib/printable.ts';
import type { Log } from '../runtime.ts';

type Method = HttpRequest['method'];

export interface GitHubAccess {
  /** `https://api.github.com`, `https://HOST/api/v3` of an Enterprise Server. */
  readonly apiUrl: string;
  readonly token?: string | undefined;
  /** Sends one request, without redirects or retries. The transport of a registry does so. */
  readonly send: Transport['send'];
  readonly log: Log;
  readonly waits?: Waits;
}

/**
 * GitHub's REST API. Paths look like `repos/acme/app?per_page=100`; the caller encodes their parts. Bodies are JSON.
 * Throws a GitHubError if GitHub refuses a request. docs.github.com/rest
 */
export interface GitHubApi {
  get(path: string): Promise<unknown>;
  /** GitHub's answer, undefined if it has no body. A POST that may have taken effect is not repeated. */
  request(method: Method, path: string, body?: unknown): Promise<unknown>;
  /** Each page of a list, in the order of `Link: rel="next"`. docs.github.com/rest, "Using pagination" */
  pages(path: string): AsyncGenerator<unknown>;
}

/** A refusal by GitHub, with its message. */
export class GitHubError extends Failure {
  override readonly name = 'GitHubError';
  readonly status: number;
  /** Milliseconds after which another try may help; undefined if none will. */
  readonly retryAfter: number | undefined;

  constructor(message: string, answer: Pick<GitHubError, 'status' | 'retryAfter'>) {
    super(message);
    this.status = answer.status;
    this.retryAfter = answer.retryAfter;
  }
}

const largestAnswer = 16 << 20;
const usualWaits: Waits = { first: 500, longest: 60_000 };

/** Opens the API at `apiUrl`, and sends the token to that origin only. */
export function openGitHubApi(access: GitHubAccess): GitHubApi {
  const { apiUrl } = access;
  if (!/^https?:/.test(apiUrl) || !URL.canParse(apiUrl)) {
    throw new Failure(`Cannot use GITHUB_API_URL="${apiUrl}": it is not a URL. Set it to https://HOST/api/v3.`);
  }
  const urlOf = (path: string) => new URL(`${apiUrl.replace(/\/$/, '')}/${path.replace(/^\//, '')}`);
  return {
    get: async path => (await ask({ method: 'GET', url: urlOf(path) }, access)).value,
    request: async (method, path, body) => (await ask({ method, url: urlOf(path), body }, access)).value,
    pages: path =>
      readPages(urlOf(path), async url => {
        const { value, response } = await ask({ method: 'GET', url }, access);
        return { value, next: nextPageOf(response, resolveWithinApi) };
      }),
  };
}

interface Question {
  readonly method: Method;
  readonly url: URL;
  readonly body?: unknown;
}

interface Answer {
  readonly value: unknown;
  readonly response: HttpResponse;
}

async function ask(question: Question, access: GitHubAccess): Promise<Answer> {
  const { log, waits = usualWaits } = access;
  return retry(() => askOnce(question, access), {
    waits,
    waitFor(error) {
      const wait = error instanceof GitHubError ? error.retryAfter : waitAfterLoss(error, question);
      return wait === undefined || wait > waits.longest ? undefined : wait;
    },
    onRetry: (error, wait) => log.info(`${messageOf(error)} Trying again in ${(wait / 1000).toFixed(1)} s.`),
  });
}

/**
 * If a connection broke, it is unknown whether GitHub has done the request; everything except a POST may be repeated.
 */
function waitAfterLoss(error: unknown, { method }: Question): number | undefined {
  return error instanceof Failure && isBrokenConnection(error.cause) && method !== 'POST' ? 0 : undefined;
}

async function askOnce(question: Question, access: GitHubAccess): Promise<Answer> {
  const response = await followRedirects(requestOf(question, access), {
    send: request => send(request, access),
    resolve: resolveWithinApi,
  });
  if (response.status < 200 || response.status > 299) throw await readRefusal(question, response, access);
  const bytes = await response.bytes(largestAnswer + 1);
  if (bytes.length > largestAnswer)
    throw new Failure(`${failed(question)}: the answer has more than ${largestAnswer} bytes.`);
  return { value: parseAnswer(bytes, question), response };
}

async function send(request: HttpRequest, access: GitHubAccess): Promise<HttpResponse> {
  try {
    return await access.send(request);
  } catch (cause) {
    const fault = connectionFaultOf(cause);
    const why = fault === undefined ? sentence(messageOf(cause)) : `${fault.why}. ${fault.advice}`.trimEnd();
    throw new Failure(`${failed(request)}: ${why}`, { cause });
  }
}

function requestOf({ method, url, body }: Question, { token }: GitHubAccess): HttpRequest {
  const headers = {
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  if (body === undefined) return { method, url, headers };
  const bytes = Buffer.from(JSON.stringify(body));
  return {
    method,
    url,
    headers: { ...headers, 'content-type': 'application/json' },
    body: {
      size: bytes.length,
      async *open() {
        yield bytes;
      },
    },
  };
}

/** Every request carries the token, so none may leave the origin. */
function resolveWithinApi(location: string, source: Source): URL {
  const url = resolveLocation(location, source);
  const { origin, pathname } = source.url;
  if (url.origin === origin) return url;
  throw new Failure(`Cannot follow ${origin}${pathname} to ${url.origin}: it leads outside of GitHub's API.`);
}

function parseAnswer(bytes: Buffer, question: Question): unknown {
  if (bytes.length === 0) return undefined;
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new Failure(`${failed(question)}: the answer is not JSON.`, { cause });
  }
}

/** Without the query, which may contain anything. */
function failed({ method, url }: Pick<HttpRequest, 'method' | 'url'>): string {
  return `Cannot ${method} ${url.origin}${url.pathname}`;
}

const largestRefusal = 64 << 10;

async function readRefusal(question: Question, response: HttpResponse, { token }: GitHubAccess): Promise<GitHubError> {
  const { status } = response;
  const said = wordsOf(await response.bytes(largestRefusal).then(String, () => ''));
  const words = token === undefined ? said : said.replaceAll(token, '***');
  const retryAfter = waitOf(response, words, question);
  const advice = retryAfter === undefined ? adviceFor(response) : rateLimitAdvice(response, retryAfter);
  const answer = [`the answer was ${status}`, words].filter(part => part !== '').join(' ');
  const message = `${failed(question)}: ${sentence(answer)}`;
  return new GitHubError(advice === '' ? message : `${message} ${advice}`, { status, retryAfter });
}

/** GitHub's `message` and those of its `errors`, on one short line; a proxy's HTML is left out. */
function wordsOf(body: string): string {
  try {
    const answer: unknown = JSON.parse(body);
    if (!isObject(answer)) return '';
    const errors: unknown[] = Array.isArray(answer.errors) ? answer.errors : [];
    const details = errors.map(error => (isObject(error) ? (error.message ?? error.code) : error));
    const words = [answer.message, ...details].filter(word => typeof word === 'string');
    return oneLine(words.join('; '));
  } catch {
    return '';
  }
}

/** docs.github.com/rest, "Rate limits for the REST API", "Exceeding the rate limit". */
function waitOf(response: HttpResponse, words: string, { method }: Question): number | undefined {
  const { status } = response;
  const isUsedUp = response.header('x-ratelimit-remaining') === '0';
  const asked = response.header('retry-after');
  const isLimit = status === 429 || (status === 403 && (isUsedUp || asked !== undefined || /rate limit/i.test(words)));
  if (!isLimit) return status >= 500 && method !== 'POST' ? secondsOf(asked) * 1000 : undefined;
  if (asked !== undefined) return secondsOf(asked) * 1000;
  if (!isUsedUp) return 60_000;
  // Compares times of GitHub's clock only, so ours may be wrong.
  const now = Date.parse(response.header('date') ?? '') / 1000;
  const wait = secondsOf(response.header('x-ratelimit-reset')) - now;
  return Number.isNaN(wait) ? 60_000 : Math.max(0, wait * 1000);
}

function secondsOf(header: string | undefined): number {
  return /^\d+$/.test(header ?? '') ? Number(header) : 0;
}

function rateLimitAdvice({ status }: HttpResponse, wait: number): string {
  return status >= 500 ? '' : `The rate limit ends in ${Math.ceil(wait / 1000)} s.`;
}

function adviceFor(response: HttpResponse): string {
  if (response.status === 401) return 'Check github-token.';
  const permissions = response.header('x-accepted-github-permissions') ?? '';
  if (response.status !== 403 || permissions === '') return '';
  return `The token needs ${oneLine(permissions, 200).replaceAll('=', ': ')}; add it to "permissions" of the job.`;
}
