import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface ReleaseServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  close(): Promise<void>;
}

/** Upstream's server on loopback: GET and HEAD of the files of releases. */
export async function startReleaseServer(directory: string): Promise<ReleaseServer> {
  const server = createServer(async (request, response) => {
    const file = join(directory, new URL(request.url ?? '/', 'http://localhost').pathname);
    const found = await stat(file).catch(() => undefined);
    response.writeHead(found?.isFile() ? 200 : 404);
    if (request.method === 'HEAD' || !found?.isFile()) return response.end();
    return createReadStream(file).pipe(response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise(resolve => server.close(() => resolve())),
  };
}
