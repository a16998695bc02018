import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

interface ReceivedRequest {
  /** `GET /api/v3/repos/acme/app` */
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Api {
  /** `http://127.0.0.1:PORT/api/v3`, as that of an Enterprise Server. */
  readonly url: string;
  /** In the order in which they came. */
  readonly requests: ReceivedRequest[];
  close(): Promise<void>;
}

/** GitHub's API on loopback, which answers as `answer` says and remembers what it was asked. */
export async function startApi(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<Api> {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    requests.push({ line: `${method} ${url}`, headers, body: await text(request) });
    answer(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/v3`,
    requests,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
