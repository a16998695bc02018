import { Failure } from '../lib/failure.ts';
import type { HttpRequest, HttpResponse } from '../lib/http-message.ts';

/** A registry's refusal: what was asked, the status and the registry's own words. OCI distribution-spec, "Error Codes". */
export class RegistryError extends Failure {
  override readonly name = 'RegistryError';
  readonly status: number;
  /** The registry's own codes, such as MANIFEST_BLOB_UNKNOWN. */
  readonly codes: readonly string[];
  /** Milliseconds that the registry asks to wait (Retry-After), 0 where it does not say. */
  readonly retryAfter: number;

  constructor(message: string, answer: Pick<RegistryError, 'status' | 'codes' | 'retryAfter'>) {
    super(message);
    this.status = answer.status;
    this.codes = answer.codes;
    this.retryAfter = answer.retryAfter;
  }
}

/** An index that was not taken. */
export class IndexRefusal extends RegistryError {}

const unknownContent = ['BLOB_UNKNOWN', 'MANIFEST_BLOB_UNKNOWN', 'MANIFEST_UNKNOWN'];

/**
 * Whether a registry says, itself or by the cause of an error, that it has not what was taken to be there: a blob, or a
 * manifest that an index lists. For the latter registries have several codes, since the specification names none.
 */
export function isUnknownContent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const codes = error instanceof RegistryError ? error.codes : [];
  const unknown = error instanceof IndexRefusal ? [...unknownContent, 'MANIFEST_INVALID'] : unknownContent;
  return codes.some(code => unknown.includes(code)) || isUnknownContent(error.cause);
}

/** Whether a registry does not let us do what we asked for. */
export function isDenied(error: unknown): error is RegistryError {
  return error instanceof RegistryError && (error.status === 401 || error.status === 403);
}

/**
 * An answer after which nobody knows what the registry has: it lost an upload or takes it for another state, or names
 * other content than was sent. Another try asks it first.
 */
export class UnsettledError extends RegistryError {}

const largestErrorBody = 8192;

/**
 * Reads the registry's words from an answer that is not the expected one; `failed` says what could not be done. Queries
 * of URLs may hold secrets and are left out.
 */
export async function readRegistryError(
  failed: string,
  { url, method }: HttpRequest,
  response: HttpResponse,
): Promise<RegistryError> {
  const { codes, words } = parseErrors(await response.bytes(largestErrorBody).then(String, () => ''));
  const said = [response.status, words].filter(part => part !== '').join(' ');
  const cure = cureOf(response.status, url.host, words);
  const message = `${failed}: the answer to ${method} ${url.origin}${url.pathname} was ${said}.`;
  return new RegistryError(cure === '' ? message : `${message} ${cure}`, {
    status: response.status,
    codes,
    retryAfter: retryAfterOf(response),
  });
}

/** Codes and `CODE: message` of the registry's JSON, or the beginning of whatever text it sent; HTML is left out. */
function parseErrors(body: string): { codes: string[]; words: string } {
  try {
    const { errors = [] } = JSON.parse(body) as { errors?: { code?: string; message?: string }[] };
    const words = errors.map(({ code, message }) => [code, message].filter(Boolean).join(': ')).join('; ');
    if (words !== '') return { codes: errors.flatMap(({ code }) => code ?? []), words: onOneLine(words) };
  } catch {
    // Not JSON: proxies and some registries answer in plain text or HTML.
  }
  const text = body.trimStart();
  return { codes: [], words: text.startsWith('<') ? '' : onOneLine(text) };
}

/** A stranger's words on one short line: on a line of their own they could be a command to the runner. */
function onOneLine(text: string): string {
  return text.slice(0, 400).replaceAll(/\s+/g, ' ').trim();
}

function cureOf(status: number, host: string, words: string): string {
  const isGhcr = host === 'ghcr.io';
  if (status === 401) {
    return isGhcr
      ? 'Give github-token, or log in with username and password.'
      : 'Log in: give username and password, or run docker login in a step before.';
  }
  if (status === 403) {
    return isGhcr
      ? 'Add "permissions: packages: write" to the job, and give this repository write access in the settings of the package.'
      : 'The login is known but may not do this: check that it may push to this repository.';
  }
  if (status === 404 && /NAME_UNKNOWN|not found|does not exist/i.test(words)) {
    return 'Create the repository in the registry first, or check its name.';
  }
  return '';
}

/** Retry-After in milliseconds, RFC 9110 section 10.2.3; seconds only, since a date needs both clocks to agree. */
function retryAfterOf(response: HttpResponse): number {
  const value = response.header('retry-after') ?? '';
  return /^\d+$/.test(value) ? Number(value) * 1000 : 0;
}
