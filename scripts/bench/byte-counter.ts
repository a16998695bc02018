import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A server on loopback that passes everything on to another one and counts what clients send. */
export interface ByteCounter {
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** Bytes that clients sent since the last call. */
  take(): number;
  /** Bytes that clients were sent since the last call. */
  takeAnswered(): number;
  /** HTTP requests since the last call. */
  takeRequests(): number;
  close(): Promise<void>;
}

export async function startByteCounter(target: string): Promise<ByteCounter> {
  const [address = '', port = ''] = target.split(':');
  const sockets = new Set<Socket>();
  let bytes = 0;
  let answered = 0;
  let requests = 0;
  const server = createServer(client => {
    const upstream = connect(Number(port), address);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      // The other end is ended with it; why it broke is for those who speak through it to say.
      socket.on('error', () => {});
    }
    client.on('data', chunk => {
      bytes += chunk.length;
      // A client of Node writes the head of a request by itself.
      if (/^(GET|HEAD|POST|PUT|PATCH|DELETE) \/\S* HTTP\/1\.1\r\n/.test(chunk.toString('latin1', 0, 4096)))
        requests += 1;
    });
    upstream.on('data', chunk => {
      answered += chunk.length;
    });
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    take() {
      const taken = bytes;
      bytes = 0;
      return taken;
    },
    takeAnswered() {
      const taken = answered;
      answered = 0;
      return taken;
    },
    takeRequests() {
      const taken = requests;
      requests = 0;
      return taken;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
