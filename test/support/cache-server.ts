import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** A cache service as a runner of GitHub talks to: version 2 of its protocol, and the block blobs of Azure below it. */
export interface CacheServer {
  /** What the runner sets for a step. */
  readonly env: Readonly<Record<string, string>>;
  /** Finished entries by key, as uploaded; a test may change them. */
  readonly entries: Map<string, Buffer>;
  /** Names of the calls, in order. */
  readonly calls: string[];
  /** Answers every further reservation with this status; undefined: as usual. */
  refuse: { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | undefined;
  close(): Promise<void>;
}

interface Entry {
  readonly version: string;
  readonly key: string;
}

const twirp = '/twirp/github.actions.results.api.v1.CacheService/';
const token = 'runtime-token';

/** Starts a server on loopback that keeps everything in memory. Entries are immutable, and found by key, then by prefix, the newest first. */
export async function startCacheServer(): Promise<CacheServer> {
  const uploads = new Map<string, Entry>();
  const blobs = new Map<string, Buffer>();
  const blocks = new Map<string, Buffer>();
  const versions = new Map<string, string>();
  const server = createServer(async (request, response) => {
    try {
      const { status, body = '', headers = {} } = await answer(request);
      response.writeHead(status, { 'x-ms-request-id': randomUUID(), ...headers }).end(body);
    } catch (error) {
      response.writeHead(500).end(String(error));
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const service: CacheServer = {
    env: {
      ACTIONS_CACHE_SERVICE_V2: 'true',
      ACTIONS_RESULTS_URL: `${url}/`,
      ACTIONS_RUNTIME_TOKEN: token,
      GITHUB_SERVER_URL: 'https://github.com',
    },
    entries: new Map(),
    calls: [],
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
    const [, kind, id = ''] = pathname.split('/');
    service.calls.push(`${request.method} ${kind}${searchParams.has('comp') ? ` ${searchParams.get('comp')}` : ''}`);
    if (kind === 'download') {
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
    const { key, version } = body as unknown as Entry;
    if (name === 'CreateCacheEntry') {
      if (service.refuse !== undefined) return { body: '{"msg":"refused"}', ...service.refuse };
      if (service.entries.has(key)) return { status: 409, body: '{"code":"already_exists","msg":"it exists"}' };
      const id = randomUUID();
      uploads.set(id, { key, version });
      return json({ ok: true, signed_upload_url: `${url}/upload/${id}?sig=signature` });
    }
    if (name === 'FinalizeCacheEntryUpload') {
      const [id, upload] = [...uploads].find(([, entry]) => entry.key === key && entry.version === version) ?? [];
      const blob = blobs.get(id ?? '');
      if (upload === undefined || blob?.length !== Number(body.size_bytes)) return json({ ok: false });
      service.entries.set(key, blob);
      versions.set(key, version);
      return json({ ok: true, entry_id: '1' });
    }
    if (name === 'GetCacheEntryDownloadURL') {
      const matched = find([key, ...(body.restore_keys as string[])], version);
      if (matched === undefined) return json({ ok: false });
      const download = `${url}/download/${encodeURIComponent(matched)}?sig=signature`;
      return json({ ok: true, signed_download_url: download, matched_key: matched });
    }
    return { status: 404, body: '{"msg":"no such method"}' };
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
