import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { TestContext } from 'node:test';

/** A proxy for whole URLs and CONNECT, which leads every host to one port of this machine. */
export async function openProxy(t: TestContext, port: number) {
  const asked: string[] = [];
  const server = createServer((incoming, response) => {
    const { method, url = '', headers } = incoming;
    if (!URL.canParse(url)) return response.writeHead(400).end();
    const { origin, pathname, search } = new URL(url);
    asked.push(`${origin} ${headers['proxy-authorization'] ?? ''}`.trim());
    const upstream = request({ host: '127.0.0.1', port, method, path: `${pathname}${search}`, headers });
    upstream.on('response', answer => answer.pipe(response.writeHead(answer.statusCode ?? 0, answer.headers)));
    upstream.on('error', () => response.destroy());
    return incoming.pipe(upstream);
  });
  server.on('connect', ({ url = '', headers }, socket, head) => {
    asked.push(`${url} ${headers['proxy-authorization'] ?? ''}`.trim());
    const upstream = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.write(head);
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [upstream, socket]) end.on('error', () => upstream.destroy());
    t.after(() => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
