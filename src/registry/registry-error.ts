import { Failure } from '../lib/failure.ts';
import type { HttpRequest, HttpResponse } from './transport.ts';

/** A registry's refusal: what was asked, the status and the registry's own words. OCI distribution-spec, "Error Codes". */
export class RegistryError extends Failure {
  override readonly name = 'RegistryError';
  readonly status: number;
  /** Milliseconds that the registry asks to wait (Retry-After), 0 where it does not say. */
  readonly retryAfter: number;

  constructor(message: string, answer: { readonly status: number; readonly retryAfter: number }) {
    super(message);
    this.status = answer.status;
    this.retryAfter = answer.retryAfter;
  }
}

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
  const words = wordsOf(await response.bytes(largestErrorBody).then(String, () => ''));
  const said = [response.status, words].filter(part => part !== '').join(' ');
  const cure = cureOf(response.status, url.host, words);
  const message = `${failed}: the answer to ${method} ${url.origin}${url.pathname} was ${said}.`;
  return new RegistryError(cure === '' ? message : `${message} ${cure}`, {
    status: response.status,
    retryAfter: retryAfterOf(response),
  });
}

/** `CODE: message` of the registry's JSON, or the beginning of whatever text it sent; HTML is left out. */
function wordsOf(body: string): string {
  try {
    const { errors } = JSON.parse(body) as { errors?: { code?: string; message?: string; detail?: unknown }[] };
    const lines = (errors ?? []).map(({ code, message }) => [code, message].filter(Boolean).join(': '));
    if (lines.length > 0) return lines.join('; ');
  } catch {
    // Not JSON: proxies and some registries answer in plain text or HTML.
  }
  const text = body.trimStart();
  return text.startsWith('<') ? '' : text.slice(0, 200).replaceAll(/\s+/g, ' ').trim();
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
