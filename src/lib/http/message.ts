export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * Opened anew for each try. A chunk of 64 KiB and more is done with when the next one is asked for; a smaller one may
   * still be on its way.
   */
  readonly body?: { readonly size: number; open(): AsyncIterable<Uint8Array> };
  /**
   * For a URL that a server on the internet chose: the request fails if the name resolves to this machine or to a
   * link-local address, where clouds keep their metadata service.
   */
  readonly isPublicOnly?: boolean;
}

export interface HttpResponse {
  /** Where the answer came from; a relative Location starts from it. */
  readonly url: URL;
  /** The IP address that answered; undefined behind a proxy. */
  readonly address: string | undefined;
  readonly status: number;
  /** One header by lower-case name; several of that name joined by ", ". */
  header(name: string): string | undefined;
  /** The body, read up to `limit` bytes and cut there, in bounded time. */
  bytes(limit: number): Promise<Buffer>;
  readonly body: AsyncIterable<Uint8Array>;
  /** Throws the body away, so that the connection can be used again. */
  discard(): Promise<void>;
}
