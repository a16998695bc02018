import type { OutgoingHttpHeaders } from 'node:http';

/** What a registry answers; `size` bytes of `file`, from `start`, are the body of a GET. */
export interface Answer {
  readonly status: number;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | { readonly file: string; readonly start?: number; readonly size: number };
}

/** A request that the registry refuses, with an error code of the distribution specification. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly headers: OutgoingHttpHeaders;

  constructor(status: number, code: string, details: { message: string; headers?: OutgoingHttpHeaders }) {
    super(details.message);
    this.status = status;
    this.code = code;
    this.headers = details.headers ?? {};
  }
}

/** The refusal as the specification's JSON body. */
export function toAnswer({ status, code, message, headers }: Refusal): Answer {
  return jsonAnswer(status, { errors: [{ code, message, detail: null }] }, headers);
}

export function jsonAnswer(status: number, value: unknown, headers: OutgoingHttpHeaders = {}): Answer {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(value) };
}
