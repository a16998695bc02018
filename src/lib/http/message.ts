export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Opened again for each try. A chunk of 64 KiB or more is no longer in use when the next one is requested; a smaller
   * one may still be in transit.
   */
  readonly body?: { readonly size: number; open(): AsyncIterable<Uint8Array> };
  /**
   * For a URL that a server on the internet chose: the request fails if the name resolves to this machine or to a
   * link-local address, where clouds have their metadata service.
   */
  readonly isPublicOnly?: boolean;
}

export interface HttpResponse {
  /** The URL that answered; a relative Location starts from it. */
  readonly url: URL;
  /** The IP address that answered; undefined behind a proxy. */
  readonly address: string | undefined;
  readonly status: number;
  /** One header by its lower-case name; several of that name joined by ", ". */
  header(name: string): string | undefined;
  /** The body, up to `limit` bytes and truncated there, in bounded time. */
  bytes(limit: number): Promise<Buffer>;
  readonly body: AsyncIterable<Uint8Array>;
  /** Discards the body, so the connection can be used again. */
  discard(): Promise<void>;
}
