import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A web server that keeps what is PUT, as a Nix binary cache needs it. */
export interface StoreServer {
  readonly url: string;
  /** By path, without the slash at the start. */
  readonly files: Map<string, Buffer>;
  /** Paths of all requests so far, without the slash at the start. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Starts one on loopback, empty; for those with the login `USER:PASSWORD` alone, if one is given. */
export async function startStoreServer({ isReadOnly = false, login = '' } = {}): Promise<StoreServer> {
  const files = new Map<string, Buffer>();
  const requests: string[] = [];
  if (isReadOnly) files.set('nix-cache-info', Buffer.from('StoreDir: /nix/store\n'));
  const server = createServer(async (request, response) => {
    const path = (request.url ?? '').slice(1);
    requests.push(path);
    const body = await buffer(request);
    if (login !== '' && request.headers.authorization !== `Basic ${Buffer.from(login).toString('base64')}`) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="store"' }).end();
      return;
    }
    if (request.method === 'PUT') {
      if (!isReadOnly) files.set(path, body);
      response.writeHead(isReadOnly ? 403 : 201).end();
      return;
    }
    const file = files.get(path);
    response.writeHead(file === undefined ? 404 : 200).end(request.method === 'HEAD' ? undefined : file);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files,
    requests,
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
