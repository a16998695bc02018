import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';

/**
 * A cache service as a runner of GitHub talks to: version 2 of its protocol, with the block blobs of Azure below it, or
 * version 1, which GitHub Enterprise Server has.
 */
export interface CacheServer {
  /** What the runner sets for a step. */
  readonly env: Readonly<Record<string, string>>;
  /** Finished entries by key, as uploaded; a test may change them. */
  readonly entries: Map<string, Buffer>;
  /** Names of the calls, in order. */
  readonly calls: string[];
  /** Bytes that clients got and sent since the last call. */
  takeTraffic(): { readonly fetched: number; readonly sent: number };
  /** Told of each download of an entry; the answer waits for it. */
  onDownload: () => Promise<void>;
  /** Answers as many further reservations with this status; undefined: as usual. */
  refuse: { readonly status: number; readonly headers?: Readonly<Record<string, string>>; times: number } | undefined;
  close(): Promise<void>;
}

interface Entry {
  readonly version: string;
  readonly key: string;
}

const twirp = '/twirp/github.actions.results.api.v1.CacheService/';
const firstGeneration = '/_apis/artifactcache/';
const token = 'runtime-token';

/** Starts a server on loopback that keeps everything in memory. Entries are immutable, and found by key, then by prefix, the newest first. */
export async function startCacheServer(version: 1 | 2 = 2): Promise<CacheServer> {
  const uploads = new Map<string, Entry>();
  const blobs = new Map<string, Buffer>();
  const blocks = new Map<string, Buffer>();
  const versions = new Map<string, string>();
  const chunks = new Map<string, Map<number, Buffer>>();
  const server = createServer(async (request, response) => {
    try {
      const { status, body = '', headers = {} } = await answer(request);
      response.writeHead(status, { 'x-ms-request-id': randomUUID(), ...headers }).end(body);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  const sockets: Socket[] = [];
  server.on('connection', socket => sockets.push(socket));
  let counted = { fetched: 0, sent: 0 };
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const service: CacheServer = {
    env: {
      ACTIONS_RUNTIME_TOKEN: token,
      ...(version === 1
        ? { ACTIONS_CACHE_URL: `${url}/`, GITHUB_SERVER_URL: 'https://github.example.com' }
        : {
            ACTIONS_CACHE_SERVICE_V2: 'true',
            ACTIONS_RESULTS_URL: `${url}/`,
            GITHUB_SERVER_URL: 'https://github.com',
          }),
    },
    entries: new Map(),
    calls: [],
    takeTraffic() {
      const before = counted;
      counted = {
        fetched: sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
        sent: sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
      };
      return { fetched: counted.fetched - before.fetched, sent: counted.sent - before.sent };
    },
    onDownload: async () => {},
    refuse: undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };

  interface Answer {
    readonly status: number;
    readonly body?: string | Buffer;
    readonly headers?: Readonly<Record<string, string>>;
  }
  const json = (body: object): Answer => ({
    status: 200,
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { pathname, searchParams } = new URL(request.url ?? '', url);
    const body = await buffer(request);
    if (pathname.startsWith(twirp)) {
      if (request.headers.authorization !== `Bearer ${token}`) return { status: 401, body: '{"msg":"no token"}' };
      return call(pathname.slice(twirp.length), JSON.parse(body.toString()));
    }
    if (pathname.startsWith(firstGeneration)) {
      if (request.headers.authorization !== `Bearer ${token}`) return { status: 401 };
      return callFirst(`${request.method} ${pathname.slice(firstGeneration.length)}`, { request, searchParams, body });
    }
    const [, kind, id = ''] = pathname.split('/');
    service.calls.push(`${request.method} ${kind}${searchParams.has('comp') ? ` ${searchParams.get('comp')}` : ''}`);
    if (kind === 'download') {
      await service.onDownload();
      const found = service.entries.get(decodeURIComponent(id));
      return found === undefined ? { status: 404 } : { status: 200, body: found };
    }
    if (request.method !== 'PUT' || !uploads.has(id)) return { status: 404 };
    if (searchParams.get('comp') === 'block') {
      blocks.set(`${id}/${searchParams.get('blockid')}`, body);
    } else if (searchParams.get('comp') === 'blocklist') {
      const names = [...body.toString().matchAll(/<Latest>([^<]+)<\/Latest>/g)].map(([, name]) => name);
      blobs.set(id, Buffer.concat(names.map(name => blocks.get(`${id}/${name}`) ?? Buffer.alloc(0))));
    } else {
      blobs.set(id, body);
    }
    return { status: 201, headers: { etag: '"1"', 'last-modified': new Date(0).toUTCString() } };
  }

  function call(name: string, body: Record<string, unknown>): Answer {
    service.calls.push(name);
    const { key, version: ofEntry } = body as unknown as Entry;
    if (name === 'CreateCacheEntry') {
      const refusal = refused();
      if (refusal !== undefined) return refusal;
      if (service.entries.has(key)) return { status: 409, body: '{"code":"already_exists","msg":"it exists"}' };
      const id = randomUUID();
      uploads.set(id, { key, version: ofEntry });
      return json({ ok: true, signed_upload_url: `${url}/upload/${id}?sig=signature` });
    }
    if (name === 'FinalizeCacheEntryUpload') {
      const [id, upload] = [...uploads].find(([, entry]) => entry.key === key && entry.version === ofEntry) ?? [];
      const blob = blobs.get(id ?? '');
      if (upload === undefined || blob?.length !== Number(body.size_bytes)) return json({ ok: false });
      service.entries.set(key, blob);
      versions.set(key, ofEntry);
      return json({ ok: true, entry_id: '1' });
    }
    if (name === 'GetCacheEntryDownloadURL') {
      const matched = find([key, ...((body.restore_keys ?? []) as string[])], ofEntry);
      if (matched === undefined) return json({ ok: false });
      const download = `${url}/download/${encodeURIComponent(matched)}?sig=signature`;
      return json({ ok: true, signed_download_url: download, matched_key: matched });
    }
    return { status: 404, body: '{"msg":"no such method"}' };
  }

  function refused(): Answer | undefined {
    const { refuse } = service;
    if (refuse === undefined || refuse.times === 0) return undefined;
    refuse.times -= 1;
    return { body: '{"msg":"refused"}', status: refuse.status, ...(refuse.headers ? { headers: refuse.headers } : {}) };
  }

  function callFirst(
    name: string,
    { request, searchParams, body }: { request: IncomingMessage; searchParams: URLSearchParams; body: Buffer },
  ): Answer {
    service.calls.push(name.replace(/[^/]{36}$/, 'ID'));
    if (name === 'GET cache') {
      const matched = find((searchParams.get('keys') ?? '').split(','), searchParams.get('version') ?? '');
      if (matched === undefined) return { status: 204 };
      return json({
        cacheKey: matched,
        archiveLocation: `${url}/download/${encodeURIComponent(matched)}`,
        scope: 'main',
      });
    }
    if (name === 'POST caches') {
      const refusal = refused();
      if (refusal !== undefined) return refusal;
      const entry = JSON.parse(body.toString()) as Entry;
      if (service.entries.has(entry.key)) return { status: 409, body: '{"message":"it exists"}' };
      const id = randomUUID();
      uploads.set(id, entry);
      return { ...json({ cacheId: id }), status: 201 };
    }
    const [, id = ''] = name.split('/');
    const upload = uploads.get(id);
    if (upload === undefined) return { status: 404 };
    if (request.method === 'PATCH') {
      const [, start = ''] = /^bytes (\d+)-/.exec(request.headers['content-range'] ?? '') ?? [];
      const parts = chunks.get(id) ?? new Map<number, Buffer>();
      chunks.set(id, parts.set(Number(start), body));
      return { status: 204 };
    }
    const parts = [...(chunks.get(id) ?? [])].sort(([a], [b]) => a - b);
    const blob = Buffer.concat(parts.map(([, part]) => part));
    if (blob.length !== (JSON.parse(body.toString()) as { size: number }).size) return { status: 400 };
    service.entries.set(upload.key, blob);
    versions.set(upload.key, upload.version);
    return { status: 204 };
  }

  function find([exact = '', ...prefixes]: readonly string[], version: string): string | undefined {
    const known = [...service.entries.keys()].filter(key => versions.get(key) === version).reverse();
    return (
      known.find(key => key === exact) ??
      prefixes.map(prefix => known.find(key => key.startsWith(prefix))).find(key => key !== undefined)
    );
  }

  return service;
}
