import { Failure, sentence } from '../../lib/failure.ts';
import type { HttpRequest, HttpResponse } from '../../lib/http/message.ts';
import { isObject } from '../../lib/json-object.ts';
import { objectIn } from '../../lib/parse-json.ts';
import { oneLine } from '../../lib/printable.ts';
import { adviceFor, type Refusal } from './advice.ts';

type Answer = Pick<RegistryError, 'status' | 'codes' | 'retryAfter'> & { readonly advice?: string };

/**
 * A registry's refusal: the request, the status and the registry's own message. OCI distribution-spec, "Error Codes".
 */
export class RegistryError extends Failure {
  override readonly name = 'RegistryError';
  readonly status: number;
  /** The registry's own codes, such as MANIFEST_BLOB_UNKNOWN. */
  readonly codes: readonly string[];
  /** Milliseconds that the registry asks to wait (Retry-After), 0 if it does not say. */
  readonly retryAfter: number;
  /** The advice at the end of the message; empty if there is none. */
  readonly advice: string;

  constructor(message: string, answer: Answer) {
    super(message);
    this.status = answer.status;
    this.codes = answer.codes;
    this.retryAfter = answer.retryAfter;
    this.advice = answer.advice ?? '';
  }
}

/** A registry's refusal to store an index. */
export class IndexRefusal extends RegistryError {}

const unknownContent = ['BLOB_UNKNOWN', 'MANIFEST_BLOB_UNKNOWN', 'MANIFEST_UNKNOWN'];

/**
 * Whether a registry reports, by the error or its cause, that it lacks something that it listed: a blob, or a manifest
 * of an index. For the latter registries have several codes, since the specification names none.
 */
export function isUnknownContent(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const codes = error instanceof RegistryError ? error.codes : [];
  const unknown = error instanceof IndexRefusal ? [...unknownContent, 'MANIFEST_INVALID'] : unknownContent;
  return codes.some(code => unknown.includes(code)) || isUnknownContent(error.cause);
}

/** Whether a registry denies permission. */
export function isDenied(error: unknown): error is RegistryError {
  return error instanceof RegistryError && (error.status === 401 || error.status === 403);
}

/**
 * An answer that leaves the state of the registry unknown: it lost an upload, has it in another state, or names other
 * content than was sent. Another try queries the state first.
 */
export class UnsettledError extends RegistryError {}

const largestErrorBody = 8192;

/** The operation that failed. */
interface Attempt {
  /** `Cannot push to ghcr.io/acme/app` */
  readonly failed: string;
  readonly request: HttpRequest;
  /**
   * The credentials sent; undefined for a request to a storage service that the registry redirected to, which gets
   * none.
   */
  readonly asked: Pick<Refusal, 'registry' | 'action' | 'login'> | undefined;
}

/**
 * Reads the registry's message from an unexpected answer. Leaves out the queries of URLs, which may contain secrets.
 */
export async function readRegistryError(
  { failed, request: { method, url }, asked }: Attempt,
  response: HttpResponse,
): Promise<RegistryError> {
  const { status } = response;
  const { codes, words } = parseErrors(await response.bytes(largestErrorBody).catch(() => Buffer.alloc(0)));
  const said = [status, words].filter(part => part !== '').join(' ');
  const refusal = sentence(`${failed}: the answer to ${method} ${url.origin}${url.pathname} was ${said}`);
  const advice = asked === undefined ? '' : adviceFor({ ...asked, status, words });
  const message = advice === '' ? refusal : `${refusal} ${advice}`;
  return new RegistryError(message, { status, codes, retryAfter: retryAfterOf(response), advice });
}

const mostErrors = 10;

/** Codes and `CODE: message` of the registry's JSON, or the beginning of any other text; HTML is left out. */
function parseErrors(body: Buffer): { codes: string[]; words: string } {
  const { errors } = objectIn(body);
  const list = (Array.isArray(errors) ? errors : []).filter(isObject).slice(0, mostErrors);
  const fields = list.map(({ code, message }) => [code, message].map(text => (typeof text === 'string' ? text : '')));
  const words = fields.map(field => field.filter(text => text !== '').join(': ')).join('; ');
  if (words.trim() !== '') {
    return { codes: fields.map(([code = '']) => oneLine(code, 80)).filter(code => code !== ''), words: oneLine(words) };
  }
  // Proxies and some registries answer in plain text or HTML.
  const text = body.toString('utf8').trimStart();
  return { codes: [], words: text.startsWith('<') ? '' : oneLine(text) };
}

/**
 * Retry-After in milliseconds, RFC 9110 section 10.2.3; reads only seconds, since a date requires both clocks to agree.
 */
function retryAfterOf(response: HttpResponse): number {
  const value = response.header('retry-after') ?? '';
  return /^\d+$/.test(value) ? Number(value) * 1000 : 0;
}
