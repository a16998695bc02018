import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** A server on loopback that passes every request on to the one at `target`, and writes down what was asked. */
export async function startRequestLog(t: TestContext, target: string) {
  /** `METHOD PATH`, with its query. */
  const requests: string[] = [];
  const server = createServer((incoming, response) => {
    const { method = '', url = '', headers } = incoming;
    requests.push(`${method} ${url}`);
    const onward = request(`http://${target}${url}`, { method, headers, agent: false }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    incoming.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}
