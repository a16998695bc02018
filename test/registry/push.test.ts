import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { parseInputs } from '../../src/inputs/parse-inputs.ts';
import { openTransport } from '../../src/lib/http/transport.ts';
import type { Layer } from '../../src/oci/image.ts';
import { parseReference } from '../../src/oci/reference.ts';
import { openDestination } from '../../src/registry/push/destination.ts';
import { actions } from '../../src/run.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { archive } from '../support/archives.ts';
import { createCertificate } from '../support/certificate.ts';
import { failureWith } from '../support/failure.ts';
import { openProxy } from '../support/proxy.ts';
import { type Fault, type Registry, type RegistryOptions, startRegistry } from '../support/registry.ts';
import { blobPath } from '../support/registry-store.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { imageOf, layerOf, logInto, type PushOptions, pushImage, readBack } from './push-image.ts';

const login = { username: 'user', password: 'password' };
const none = { method: 'none', level: 0 } as const;
const mebi = 1 << 20;

type Opened = Registry & { readonly directory: string };

/** A registry of this test alone. */
async function openRegistry(t: TestContext, options: Omit<RegistryOptions, 'directory'> = {}): Promise<Opened> {
  const directory = await temporaryDirectory(t);
  const registry = await startRegistry({ ...options, directory });
  t.after(() => registry.close());
  return { ...registry, directory };
}

async function push(t: TestContext, layers: readonly Layer[], options: PushOptions & { readonly version?: string }) {
  return pushImage(imageOf(layers, { version: options.version ?? '1' }), await temporaryDirectory(t), options);
}

/** `METHOD path`, uploads without their random names, of those requests that match. */
function requestsOf({ requests }: Registry, pattern: RegExp): string[] {
  return requests
    .map(({ method, path }) => `${method} ${path.replace(/uploads\/[0-9a-f-]{36}/, 'uploads/ID')}`)
    .filter(text => pattern.test(text));
}

const sentBytes = ({ requests }: Registry) => requests.reduce((sum, { bytesIn }) => sum + bytesIn, 0);
const size = (request: IncomingMessage) => Number(request.headers['content-length'] ?? 0);

/** A layer that counts how often it is opened. */
function countingLayer(name: string, bytes: number): Layer & { opened(): number } {
  let opened = 0;
  const layer = layerOf(name, bytes);
  const open = () => {
    opened += 1;
    return layer.open();
  };
  return { ...layer, open, opened: () => opened };
}

/** A server that sees what it is sent, and does with it what `take` does. */
async function openStorage(t: TestContext, take: (request: IncomingMessage, body: Buffer) => Promise<number> | number) {
  const headers: IncomingHttpHeaders[] = [];
  const server = createServer(async (request, response) => {
    headers.push(request.headers);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    response.writeHead(await take(request, body)).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, headers };
}

suite('login', () => {
  for (const kind of ['none', 'basic', 'bearer'] as const) {
    const auth = kind === 'none' ? { kind } : { kind, user: login.username, password: login.password };

    test(`${kind}: pushed, and again nothing is sent`, async t => {
      const registry = await openRegistry(t, { auth });
      const options = { tags: [`${registry.host}/acme/app:1`], ...(kind === 'none' ? {} : { login }) };
      const first = await push(t, [layerOf('a', 1000), layerOf('b', 2000)], options);
      assert.deepEqual(first.outcomes, ['uploaded', 'uploaded', 'uploaded']);
      const before = sentBytes(registry);
      const second = await push(t, [layerOf('a', 1000), layerOf('b', 2000)], options);
      assert.deepEqual(second.outcomes, ['exists', 'exists', 'exists']);
      assert.equal(second.uploadedBytes, 0);
      assert.equal(second.digest, first.digest);
      const manifests = requestsOf(registry, /^PUT .*manifests/).length;
      assert.equal(manifests, 4, 'by digest and by tag, twice');
      assert.ok(sentBytes(registry) - before < 2000, 'only the manifest, twice');
    });

    if (kind === 'none') continue;
    for (const [name, given, advice] of [
      ['a wrong password', { login: { ...login, password: 'wr0ng' } }, 'Check username and password'],
      ['no login', {}, 'Log in: set username'],
    ] as const) {
      test(`${kind}: ${name} is refused before anything is packed`, async t => {
        const registry = await openRegistry(t, { auth });
        const layer = countingLayer('a', 1000);
        const pushing = push(t, [layer], { tags: [`${registry.host}/acme/app:1`], ...given });
        await assert.rejects(pushing, failureWith(registry.host, '401 UNAUTHORIZED', advice));
        assert.equal(layer.opened(), 0);
        assert.deepEqual(requestsOf(registry, /^P(UT|ATCH)/), []);
      });
    }
  }

  test('a token that expires during a push is renewed', async t => {
    const auth = { kind: 'bearer', user: login.username, password: login.password, expiresIn: 0.1 } as const;
    const registry = await openRegistry(t, { auth });
    const fast = layerOf('slow', 1000);
    const slow: Layer = {
      ...fast,
      async *open() {
        await new Promise(resolve => setTimeout(resolve, 250));
        yield* fast.open();
      },
    };
    const { outcomes } = await push(t, [slow], { tags: [`${registry.host}/acme/app:1`], login });
    assert.deepEqual(outcomes, ['uploaded', 'uploaded']);
    assert.ok(requestsOf(registry, /token/).length >= 2);
    assert.ok(registry.requests.some(({ path, status }) => status === 401 && path !== '/v2/'));
  });

  test('a token is asked for by scope, with pull for the repositories to mount from', async t => {
    const auth = { kind: 'bearer', user: login.username, password: login.password } as const;
    const registry = await openRegistry(t, { auth });
    const tags = [`${registry.host}/acme/app:1`];
    await push(t, [layerOf('a', 1000)], { tags, reuseFrom: [`${registry.host}/acme/base:main`], login });
    const [token = ''] = requestsOf(registry, /token/);
    const { searchParams } = new URL(token.slice('GET '.length), 'http://registry');
    assert.deepEqual(searchParams.getAll('scope'), ['repository:acme/app:pull,push', 'repository:acme/base:pull']);
    assert.equal(searchParams.get('service'), 'registry');
  });

  test('a token server that refuses the scope to mount from is asked without it', async t => {
    const auth = { kind: 'bearer', user: login.username, password: login.password } as const;
    const onRequest = ({ url = '' }: IncomingMessage): Fault | undefined =>
      url.includes('acme%2Fbase') ? { status: 403, body: '{"errors":[{"code":"DENIED","message":"no"}]}' } : undefined;
    const registry = await openRegistry(t, { auth, onRequest });
    const tags = [`${registry.host}/acme/app:1`];
    await push(t, [layerOf('a', 1000)], { tags, reuseFrom: [`${registry.host}/acme/base:main`], login });
    assert.notDeepEqual(await readBackOn(t, registry, 'acme/app:1'), [undefined]);
  });

  test('a registry that is open at /v2/ and closed behind it is logged in to', async t => {
    const auth = { kind: 'basic', user: login.username, password: login.password } as const;
    const onRequest = ({ url }: IncomingMessage): Fault | undefined =>
      url === '/v2/' ? { status: 200, body: '{}' } : undefined;
    const registry = await openRegistry(t, { auth, onRequest });
    const { outcomes } = await push(t, [layerOf('a', 1000)], { tags: [`${registry.host}/acme/app:1`], login });
    assert.deepEqual(outcomes, ['uploaded', 'uploaded']);
  });
});

/** Reads from a registry's directory, whoever it lets in. */
async function readBackOn(t: TestContext, { directory }: Opened, ...names: string[]) {
  const reader = await startRegistry({ directory });
  t.after(() => reader.close());
  return readBack(...names.map(name => `${reader.host}/${name}`));
}

suite('where credentials go', () => {
  const auth = { kind: 'basic', user: login.username, password: login.password } as const;

  test('a redirect of a blob to another origin is followed without them', async t => {
    const plain = layerOf('a', 1000);
    let location = '';
    const onRequest = ({ method, url = '' }: IncomingMessage): Fault | undefined =>
      method === 'GET' && /blobs\/sha256/.test(url) ? { status: 307, headers: { Location: location } } : undefined;
    const registry = await openRegistry(t, { auth, onRequest });
    const storage = await openStorage(t, () => 404);
    location = `${storage.origin}/blob?signature=s3cret`;
    const tags = [`${registry.host}/acme/app:1`];
    await push(t, [plain], { tags, login });
    const other = await openRegistry(t);
    const DOCKER_CONFIG = await temporaryDirectory(t);
    const auths = { [registry.host]: { auth: btoa(`${login.username}:${login.password}`) } };
    await writeFile(join(DOCKER_CONFIG, 'config.json'), JSON.stringify({ auths }));
    const copying = {
      tags: [`${other.host}/acme/app:1`],
      reuseFrom: tags,
      env: { DOCKER_CONFIG },
      reuse: 'trust',
    } as const;
    await assert.rejects(push(t, [plain], copying), error => {
      assert.match(String(error), /404/);
      assert.doesNotMatch(String(error), /s3cret/);
      return true;
    });
    assert.ok(storage.headers.length > 0);
    for (const { authorization } of storage.headers) assert.equal(authorization, undefined);
  });

  test('an upload to another origin is sent without them, and its address is kept as it came', async t => {
    let origin = '';
    const onRequest = ({ method }: IncomingMessage): Fault | undefined =>
      method === 'POST'
        ? {
            change: ({ headers, ...answer }) => ({
              ...answer,
              headers: { ...headers, Location: `${origin}/store/it?X-Sig=a%2Fb%3D&empty=` },
            }),
          }
        : undefined;
    const registry = await openRegistry(t, { auth, onRequest });
    const urls: string[] = [];
    const storage = await openStorage(t, async ({ method, url = '' }, body) => {
      urls.push(`${method} ${url}`);
      if (method !== 'PUT') return 404;
      const { searchParams } = new URL(url, origin);
      const file = blobPath(
        { root: registry.directory, uploads: new Map() },
        'acme/app',
        searchParams.get('digest') ?? '',
      );
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, body);
      return 201;
    });
    origin = storage.origin;
    const { outcomes } = await push(t, [layerOf('a', 1000)], {
      tags: [`${registry.host}/acme/app:1`],
      login,
      preflight: false,
    });
    assert.deepEqual(outcomes, ['uploaded', 'uploaded']);
    assert.deepEqual(
      storage.headers.map(({ authorization }) => authorization),
      [undefined, undefined],
    );
    for (const url of urls) assert.match(url, /^PUT \/store\/it\?X-Sig=a%2Fb%3D&empty=&digest=sha256%3A[0-9a-f]{64}$/);
  });

  test('a redirect from https to http is refused', async t => {
    const { key, cert } = await createCertificate();
    const onRequest = ({ method }: IncomingMessage): Fault | undefined =>
      method === 'HEAD' ? { status: 307, headers: { Location: 'http://storage.example.org/blob' } } : undefined;
    const registry = await openRegistry(t, { auth, onRequest, tls: { key, cert } });
    const pushing = push(t, [layerOf('a', 1000)], {
      tags: [`${registry.host}/acme/app:1`],
      login,
      insecure: [registry.host],
    });
    await assert.rejects(
      pushing,
      failureWith(registry.host, 'http://storage.example.org', 'https must not lead to http'),
    );
  });

  test('a redirect of /v2/ is followed', async t => {
    const onRequest = ({ url }: IncomingMessage): Fault | undefined =>
      url === '/v2/' ? { status: 302, headers: { Location: '/v2/?again' } } : undefined;
    const registry = await openRegistry(t, { auth, onRequest });
    const { outcomes } = await push(t, [layerOf('a', 1000)], { tags: [`${registry.host}/acme/app:1`], login });
    assert.deepEqual(outcomes, ['uploaded', 'uploaded']);
    assert.ok(requestsOf(registry, /^GET \/v2\/\?again$/).length > 0);
  });

  test('a token realm is followed to where it has moved, and only its own origin sees the login', async t => {
    const tokens = { kind: 'bearer', user: login.username, password: login.password } as const;
    let moved = '';
    const onRequest = ({ url = '' }: IncomingMessage): Fault | undefined =>
      url.startsWith('/token') && !url.includes('moved')
        ? { status: 307, headers: { Location: `${moved}${url}&moved=1` } }
        : undefined;
    const registry = await openRegistry(t, { auth: tokens, onRequest });
    const options = { tags: [`${registry.host}/acme/app:1`], login };
    assert.deepEqual((await push(t, [layerOf('a', 1000)], options)).outcomes, ['uploaded', 'uploaded']);
    const elsewhere = await openStorage(t, () => 401);
    moved = elsewhere.origin;
    await assert.rejects(push(t, [layerOf('a', 1000)], options), failureWith('Cannot log in', '401'));
    assert.ok(elsewhere.headers.length > 0);
    for (const { authorization } of elsewhere.headers) assert.equal(authorization, undefined);
  });

  test('a ring of redirects ends', async t => {
    const onRequest = ({ method, url = '' }: IncomingMessage): Fault | undefined =>
      method === 'HEAD' ? { status: 307, headers: { Location: url } } : undefined;
    const registry = await openRegistry(t, { onRequest });
    const pushing = push(t, [layerOf('a', 1000)], { tags: [`${registry.host}/acme/app:1`] });
    await assert.rejects(pushing, failureWith(registry.host, 'redirects more than 5 times'));
  });

  test("a registry's words stay on one line, where the runner takes no commands from them", async t => {
    const body = JSON.stringify({ errors: [{ code: 'DENIED', message: 'no\n::add-path::/tmp/evil\r\n::error::x' }] });
    const onRequest = ({ method }: IncomingMessage): Fault | undefined =>
      method === 'POST' ? { status: 503, body } : undefined;
    const registry = await openRegistry(t, { onRequest });
    const pushing = push(t, [layerOf('a', 1000)], { tags: [`${registry.host}/acme/app:1`] });
    await assert.rejects(pushing, error => {
      failureWith('503 DENIED: no ::add-path')(error);
      assert.doesNotMatch((error as Error).message, /[\r\n]/);
      return true;
    });
  });
});

suite('uploads', () => {
  for (const [name, locationOf, expected] of [
    ['relative', (path: string) => path.split('/').at(-1) ?? '', /uploads\/ID\?digest=/],
    ['with a query', (path: string) => `${path}?_state=a%2Fb==&x`, /uploads\/ID\?_state=a%2Fb==&x&digest=/],
    ['absolute', (path: string, host: string) => `http://${host}${path}`, /uploads\/ID\?digest=/],
  ] as const) {
    test(`a Location that is ${name} is followed`, async t => {
      const onRequest = ({ method }: IncomingMessage): Fault | undefined =>
        method === 'POST'
          ? {
              change: ({ headers, ...answer }) => ({
                ...answer,
                headers: { ...headers, Location: locationOf(String(headers?.Location), registry.host) },
              }),
            }
          : undefined;
      const registry: Opened = await openRegistry(t, { onRequest });
      await push(t, [layerOf('a', 1000)], { tags: [`${registry.host}/acme/app:1`] });
      const puts = requestsOf(registry, /^PUT .*uploads/);
      assert.equal(puts.length, 2);
      for (const put of puts) assert.match(put, expected);
    });
  }

  test('connections are used again, also after HEAD: each new one is a handshake more', async t => {
    const sockets = new Set<unknown>();
    const registry = await openRegistry(t, {
      onRequest({ socket }) {
        sockets.add(socket);
        return undefined;
      },
    });
    const layers = Array.from({ length: 50 }, (_, index) => layerOf(`layer ${index}`, 1000));
    await push(t, layers, { tags: [`${registry.host}/acme/app:1`] });
    await push(t, layers, { tags: [`${registry.host}/acme/app:1`] });
    assert.ok(requestsOf(registry, /^HEAD .*blobs/).length > 51);
    assert.ok(sockets.size <= 20, `${sockets.size} connections`);
  });

  suite('small blobs are sent sooner than asked for', () => {
    const large = layerOf('large', mebi + 1000);
    const small = Array.from({ length: 30 }, (_, index) => layerOf(`layer ${index}`, 1000));
    const headsOf = (registry: Registry) => requestsOf(registry, /^HEAD .*blobs/).length;

    test('where none of those asked for was there', async t => {
      const registry = await openRegistry(t);
      const { outcomes } = await push(t, [...small, large], { tags: [`${registry.host}/acme/app:1`] });
      assert.deepEqual(new Set(outcomes), new Set(['uploaded']));
      const heads = headsOf(registry);
      // Some are on their way when the eighth answer comes.
      assert.ok(heads >= 9 && heads <= 14, `${heads} requests`);
    });

    test('not what another repository has, which this push may have brought here too', async t => {
      const [one, two] = [await openRegistry(t), await openRegistry(t)];
      const transport = openTransport({ insecureHosts: [], env: {} });
      t.after(() => transport.close());
      const destination = await openDestination(
        {
          references: [one, two].map(({ host }) => parseReference(`${host}/acme/app:1`)),
          reuseFrom: [],
          preflight: false,
        },
        { transport, insecureRegistries: [], env: { HOME: '/nonexistent' }, log: logInto([]) },
      );
      const blobs = small.map(({ diffId = assert.fail(), open }) => ({
        descriptor: { mediaType: 'application/octet-stream', digest: diffId, size: 1000 },
        open,
      }));
      for (const blob of blobs) assert.deepEqual(await destination.upload(blob), ['uploaded', 'uploaded']);
      const [repository] = destination.repositories;
      for (const { descriptor } of blobs) {
        const again = { descriptor, open: () => assert.fail('sent again') };
        assert.deepEqual(await destination.upload(again, repository), ['exists', 'exists']);
      }
    });

    test('not where one was there, and nothing is sent that is', async t => {
      const registry = await openRegistry(t);
      const tags = [`${registry.host}/acme/app:1`];
      await push(t, small.slice(0, 20), { tags });
      const before = headsOf(registry);
      const { outcomes } = await push(t, small, { tags, version: '2' });
      assert.equal(outcomes.filter(outcome => outcome === 'exists').length, 20);
      assert.equal(headsOf(registry) - before, 31);
    });
  });

  test('a Location that says http behind an https registry stays on https, with the login', async t => {
    const { key, cert } = await createCertificate();
    const auth = { kind: 'basic', user: login.username, password: login.password } as const;
    const onRequest = ({ method }: IncomingMessage): Fault | undefined =>
      method === 'POST'
        ? {
            change: ({ headers, ...answer }) => ({
              ...answer,
              headers: { ...headers, Location: `http://127.0.0.1${headers?.Location}` },
            }),
          }
        : undefined;
    const registry = await openRegistry(t, { auth, onRequest, tls: { key, cert } });
    const { outcomes } = await push(t, [layerOf('a', 1000)], {
      tags: [`${registry.host}/acme/app:1`],
      login,
      insecure: [registry.host],
    });
    assert.deepEqual(outcomes, ['uploaded', 'uploaded']);
  });

  for (const [name, isForGood] of [
    ['once', false],
    ['for good', true],
  ] as const) {
    test(`a registry that takes in no more of a large body, ${name}`, async t => {
      let stalls = 0;
      const onRequest = (request: IncomingMessage): Fault | undefined => {
        const isHit = request.method === 'PUT' && size(request) > mebi && (isForGood || stalls === 0);
        if (isHit) stalls += 1;
        return isHit ? { stall: 'request' } : undefined;
      };
      const registry = await openRegistry(t, { onRequest });
      const tags = [`${registry.host}/acme/app:1`];
      const timeouts = { answer: 1000, body: 1000 };
      const pushing = push(t, [layerOf('large', 20 * mebi)], { tags, compression: none, timeouts });
      if (isForGood) await assert.rejects(pushing, failureWith(`Cannot reach ${registry.host}/acme/app`, 'Timeout'));
      else assert.deepEqual((await pushing).outcomes, ['uploaded', 'uploaded']);
      // Silence is waited for twice, everything else is tried five times.
      assert.equal(stalls, isForGood ? 2 : 1);
    });
  }

  for (const [asked, sizes] of [
    [undefined, [4 * mebi, 4 * mebi, mebi]],
    [String(5 * mebi), [5 * mebi, 4 * mebi]],
    ['much', [4 * mebi, 4 * mebi, mebi]],
  ] as const) {
    test(`a blob too large for one PUT goes in chunks, OCI-Chunk-Min-Length ${asked}`, async t => {
      const ranges: unknown[] = [];
      const onRequest = (request: IncomingMessage): Fault | undefined => {
        if (request.method === 'PATCH') ranges.push(request.headers['content-range']);
        if (request.method === 'PUT' && size(request) > 1024 ** 2) return { status: 413 };
        if (request.method !== 'POST' || asked === undefined) return undefined;
        return {
          change: ({ headers, ...answer }) => ({ ...answer, headers: { ...headers, 'OCI-Chunk-Min-Length': asked } }),
        };
      };
      const registry = await openRegistry(t, { onRequest });
      const tags = [`${registry.host}/acme/app:1`];
      const { outcomes } = await push(t, [layerOf('large', 9 * mebi)], { tags, compression: none });
      assert.deepEqual(outcomes, ['uploaded', 'uploaded']);
      const patches = registry.requests.filter(({ method }) => method === 'PATCH');
      assert.deepEqual(
        patches.map(({ bytesIn }) => bytesIn),
        sizes,
      );
      assert.deepEqual(
        ranges,
        sizes.map((length, i) => {
          const start = sizes.slice(0, i).reduce((sum, each) => sum + each, 0);
          return `${start}-${start + length - 1}`;
        }),
      );
      assert.notDeepEqual(await readBack(...tags), [undefined]);
    });
  }

  test('an interrupted PUT continues where the registry says: only the rest is sent', async t => {
    let drops = 0;
    const onRequest = (request: IncomingMessage): Fault | undefined =>
      request.method === 'PUT' && size(request) > mebi && drops++ === 0 ? { dropAfter: 3 * mebi } : undefined;
    const registry = await openRegistry(t, { onRequest });
    const tags = [`${registry.host}/acme/app:1`];
    const { log } = await push(t, [layerOf('large', 9 * mebi)], { tags, compression: none });
    const uploads = registry.requests.filter(({ path, bytesIn }) => path.includes('uploads/') && bytesIn > 1024);
    assert.deepEqual(
      uploads.map(({ method, bytesIn }) => [method, bytesIn]),
      [
        ['PUT', 3 * mebi],
        ['PATCH', 4 * mebi],
        ['PATCH', 2 * mebi],
      ],
    );
    assert.ok(log.some(line => /^Uploading sha256:.*Trying again in/.test(line)));
    assert.notDeepEqual(await readBack(...tags), [undefined]);
  });

  test('chunks that break off go on with the last Location', async t => {
    let drops = 0;
    let patches = 0;
    const onRequest = (request: IncomingMessage): Fault | undefined => {
      if (request.method === 'PUT' && size(request) > mebi) return { status: 413 };
      if (request.method !== 'PATCH') return undefined;
      patches += 1;
      if (patches === 2 && drops++ === 0) return { dropAfter: mebi };
      return {
        change: ({ headers, ...answer }) => ({
          ...answer,
          headers: { ...headers, Location: `${headers?.Location}?_state=${patches}` },
        }),
      };
    };
    const registry = await openRegistry(t, { onRequest });
    const tags = [`${registry.host}/acme/app:1`];
    await push(t, [layerOf('large', 9 * mebi)], { tags, compression: none });
    assert.match(requestsOf(registry, /^GET .*uploads/)[0] ?? '', /_state=1$/);
    const sizes = registry.requests.filter(({ method }) => method === 'PATCH').map(({ bytesIn }) => bytesIn);
    assert.deepEqual(sizes, [4 * mebi, mebi, 4 * mebi]);
    assert.notDeepEqual(await readBack(...tags), [undefined]);
  });

  test('Retry-After is waited for, and the log says so', async t => {
    let refused = 0;
    const onRequest = ({ method }: IncomingMessage): Fault | undefined =>
      method === 'HEAD' && refused++ === 0 ? { status: 429, headers: { 'Retry-After': '1' } } : undefined;
    const registry = await openRegistry(t, { onRequest });
    const start = performance.now();
    const { log } = await push(t, [layerOf('a', 1000)], {
      tags: [`${registry.host}/acme/app:1`],
      waits: { first: 1, longest: 60_000 },
    });
    assert.ok(performance.now() - start >= 1000);
    assert.ok(
      log.some(line => line.includes('was 429. Trying again in 1.0 s.')),
      log.join('\n'),
    );
  });
});

suite('what a registry has is not sent', () => {
  test('a layer of another repository is mounted', async t => {
    const registry = await openRegistry(t);
    const { host } = registry;
    await push(t, [layerOf('a', 5000)], { tags: [`${host}/acme/base:main`] });
    const before = sentBytes(registry);
    const { outcomes, uploadedBytes } = await push(t, [layerOf('a', 5000)], {
      tags: [`${host}/acme/app:1`],
      reuseFrom: [`${host}/acme/base:main`],
      reuse: 'trust',
      version: '2',
    });
    assert.deepEqual(outcomes, ['mounted', 'uploaded']);
    assert.ok(uploadedBytes < 1000 && sentBytes(registry) - before < 3000, 'config and manifests');
    assert.notDeepEqual(await readBack(`${host}/acme/app:1`), [undefined]);
  });

  test('a mount that the registry answers with an upload goes on as one', async t => {
    const onRequest = (request: IncomingMessage): undefined => {
      request.url = request.url?.replace(/\?mount=.*/, '');
    };
    const registry = await openRegistry(t, { onRequest });
    const { host } = registry;
    await push(t, [layerOf('a', 5000)], { tags: [`${host}/acme/base:main`] });
    const layer = countingLayer('a', 5000);
    const { outcomes } = await push(t, [layer], {
      tags: [`${host}/acme/app:1`],
      reuseFrom: [`${host}/acme/base:main`],
      reuse: 'trust',
    });
    assert.equal(requestsOf(registry, /^POST .*mount=/).length, 2, 'of the layer and of the config');
    assert.deepEqual(outcomes, ['uploaded', 'uploaded']);
    assert.equal(layer.opened(), 0, 'the other repository has the bytes');
    assert.notDeepEqual(await readBack(`${host}/acme/app:1`), [undefined]);
  });

  for (const [version, outcomes, methods] of [
    ['1', ['exists', 'exists'], ['POST', 'DELETE']],
    ['2', ['exists', 'uploaded'], ['POST', 'DELETE', 'POST', 'PUT']],
  ] as const) {
    test(`version ${version} over 1: nothing is asked for what the manifest of the same repository lists`, async t => {
      const registry = await openRegistry(t);
      const tags = [`${registry.host}/acme/app:1`];
      await push(t, [layerOf('a', 5000)], { tags, version: '1' });
      const layer = countingLayer('a', 5000);
      const asked = registry.requests.length;
      const pushed = await push(t, [layer], { tags, reuse: 'trust', version });
      assert.deepEqual(pushed.outcomes, outcomes);
      assert.equal(layer.opened(), 0, 'nor is it read');
      const later = registry.requests.slice(asked).filter(({ path }) => path.includes('/blobs/'));
      assert.deepEqual(
        later.map(({ method }) => method),
        methods,
        'preflight, and a config that is new',
      );
    });
  }

  test('two registries: a layer of one is streamed to the other unchanged', async t => {
    const [first, second] = [await openRegistry(t), await openRegistry(t)];
    const tags = [`${first.host}/acme/app:1`, `${second.host}/acme/app:1`];
    await push(t, [layerOf('a', 2 * mebi)], { tags: tags.slice(0, 1) });
    const layer = countingLayer('a', 2 * mebi);
    const { outcomes, digest } = await push(t, [layer], { tags, reuse: 'trust' });
    assert.equal(layer.opened(), 0);
    assert.deepEqual(outcomes, ['exists', 'uploaded', 'exists', 'uploaded']);
    assert.deepEqual(await readBack(...tags.slice(1)), [digest]);
    assert.deepEqual(await readBack(...tags.slice(0, 1)), [digest]);
  });

  test('two registries: a stream between them that breaks off is taken up again', async t => {
    let drops = 0;
    const onRequest = ({ method, url = '' }: IncomingMessage): Fault | undefined =>
      method === 'GET' && url.includes('/blobs/sha256') && drops++ === 0 ? { cutAnswer: 'half' } : undefined;
    const [first, second] = [await openRegistry(t, { onRequest }), await openRegistry(t)];
    const tags = [`${first.host}/acme/app:1`, `${second.host}/acme/app:1`];
    await push(t, [layerOf('a', 2 * mebi)], { tags: tags.slice(0, 1) });
    const { digest } = await push(t, [layerOf('a', 2 * mebi)], { tags, reuse: 'trust' });
    // One more if the second registry still writes what came when it is asked how far it got.
    assert.ok(drops === 2 || drops === 3, `${drops} downloads`);
    assert.deepEqual(await readBack(...tags.slice(1)), [digest]);
  });

  test('blobs that a registry has lost are made and sent after all', async t => {
    const registry = await openRegistry(t);
    const reference = `${registry.host}/acme/app:1`;
    const pushArchive = async (labels: string) => {
      const runtime = await openTestRuntime(
        { HOME: '/nonexistent', PATH: process.env.PATH, SOURCE_DATE_EPOCH: '0' },
        '/',
      );
      t.after(() => runtime.close());
      const given: Record<string, string> = { path: archive('stream.tar'), tags: reference, push: 'true', labels };
      const inputs = parseInputs(name => given[name] ?? (name === 'reuse' ? 'trust' : ''));
      const [image] = (await actions.build([inputs], runtime)).images;
      assert.ok(image !== undefined);
      return { image, lines: runtime.lines };
    };
    const first = await pushArchive('a=1');
    let [variant] = first.image.platforms;
    // The config last, of what the tag names by then.
    for (const lostOf of [() => variant?.layers[0]?.descriptor.digest, () => variant?.configDigest]) {
      const lost = lostOf() ?? assert.fail('the image has a layer and a config');
      await rm(blobPath({ root: registry.directory, uploads: new Map() }, 'acme/app', lost));
      const { image, lines } = await pushArchive('a=2');
      assert.ok(lines.some(line => line.startsWith('warning:') && line.includes('MANIFEST_BLOB_UNKNOWN')));
      assert.deepEqual(await readBack(reference), [image.root.digest]);
      [variant] = image.platforms;
    }
  });
});

test('a dry run retries if the registry is busy', async t => {
  let busy = 1;
  const onRequest = ({ method }: IncomingMessage): Fault | undefined =>
    method === 'HEAD' && busy-- > 0 ? { status: 503 } : undefined;
  const registry = await openRegistry(t, { onRequest });
  const options = { tags: [`${registry.host}/acme/app:1`], dryRun: true };
  const { outcomes, log } = await push(t, [layerOf('a', 1000)], options);
  assert.deepEqual(outcomes, ['uploaded', 'uploaded']);
  assert.deepEqual(requestsOf(registry, /^P/), []);
  assert.ok(log.some(line => /^Asking for sha256:.* 503.*Trying again/.test(line)));
});

suite('tags', () => {
  const refuse =
    (tag: string) =>
    (request: IncomingMessage): Fault | undefined =>
      request.method === 'PUT' && request.url?.endsWith(`/manifests/${tag}`) === true
        ? { status: 403, body: JSON.stringify({ errors: [{ code: 'DENIED', message: 'immutable' }] }) }
        : undefined;

  test('if the second is refused, the first is moved back', async t => {
    let onRequest: (request: IncomingMessage) => Fault | undefined = () => undefined;
    const registry = await openRegistry(t, { onRequest: request => onRequest(request) });
    const tags = ['1', 'latest'].map(tag => `${registry.host}/acme/app:${tag}`);
    const { digest } = await push(t, [layerOf('a', 1000)], { tags });
    onRequest = refuse('latest');
    const pushing = push(t, [layerOf('b', 1000)], { tags });
    await assert.rejects(pushing, failureWith(registry.host, 'manifests/latest', '403 DENIED: immutable'));
    assert.deepEqual(await readBack(...tags), [digest, digest]);
  });

  test('if the first is new it stays, and the Failure says so', async t => {
    const registry = await openRegistry(t, { onRequest: refuse('latest') });
    const tags = ['1', 'latest'].map(tag => `${registry.host}/acme/app:${tag}`);
    const pushing = push(t, [layerOf('b', 1000)], { tags });
    await assert.rejects(pushing, failureWith('403 DENIED', `These tags already point to the new image: ${tags[0]}.`));
    const [first, second] = await readBack(...tags);
    assert.notEqual(first, undefined);
    assert.equal(second, undefined);
  });

  test('over two registries all move or none', async t => {
    let onRequest: (request: IncomingMessage) => Fault | undefined = () => undefined;
    const [first, second] = [
      await openRegistry(t),
      await openRegistry(t, { onRequest: request => onRequest(request) }),
    ];
    const tags = [`${first.host}/acme/app:1`, `${second.host}/acme/app:1`];
    const { digest } = await push(t, [layerOf('a', 1000)], { tags });
    onRequest = refuse('1');
    await assert.rejects(push(t, [layerOf('b', 1000)], { tags }), failureWith(second.host, '403'));
    assert.deepEqual([await readBack(...tags.slice(0, 1)), await readBack(...tags.slice(1))], [[digest], [digest]]);
  });
});

suite('TLS', () => {
  test('an unknown certificate is refused, with the cure', async t => {
    const registry = await openRegistry(t, { tls: await createCertificate() });
    const pushing = push(t, [layerOf('a', 1000)], { tags: [`${registry.host}/acme/app:1`] });
    await assert.rejects(
      pushing,
      failureWith(`Cannot trust ${registry.host}`, 'self-signed', 'SSL_CERT_FILE', 'insecure-registries'),
    );
    assert.equal(registry.requests.length, 0);
  });

  test('it is accepted if insecure-registries names the host', async t => {
    const registry = await openRegistry(t, { tls: await createCertificate() });
    const options = { tags: [`${registry.host}/acme/app:1`], insecure: [registry.host] };
    assert.deepEqual((await push(t, [layerOf('a', 1000)], options)).outcomes, ['uploaded', 'uploaded']);
  });

  test('it is accepted if SSL_CERT_FILE has its authority', async t => {
    const { key, cert } = await createCertificate();
    const registry = await openRegistry(t, { tls: { key, cert } });
    const file = join(await temporaryDirectory(t), 'ca.pem');
    await writeFile(file, cert);
    const options = { tags: [`${registry.host}/acme/app:1`], env: { SSL_CERT_FILE: file } };
    assert.deepEqual((await push(t, [layerOf('a', 1000)], options)).outcomes, ['uploaded', 'uploaded']);
  });

  test('an SSL_CERT_FILE that is not there is a Failure', async t => {
    const options = { tags: ['127.0.0.1:1/acme/app:1'], env: { SSL_CERT_FILE: '/nonexistent/ca.pem' } };
    await assert.rejects(push(t, [layerOf('a', 1000)], options), failureWith('SSL_CERT_FILE=/nonexistent/ca.pem'));
  });

  test('a registry that is not there is a Failure with its name', async t => {
    const registry = await openRegistry(t);
    await registry.close();
    const pushing = push(t, [layerOf('a', 1000)], { tags: [`${registry.host}/acme/app:1`] });
    await assert.rejects(pushing, failureWith(`Cannot reach ${registry.host}/acme/app`, 'ECONNREFUSED'));
  });
});

suite('proxies', () => {
  const portOf = ({ host }: Registry) => Number(host.split(':')[1]);

  for (const [name, variable, prefix, credentials] of [
    ['HTTPS_PROXY', 'HTTPS_PROXY', 'http://', ''],
    ['https_proxy', 'https_proxy', 'http://', ''],
    ['HTTPS_PROXY without a scheme', 'HTTPS_PROXY', '', ''],
    ['HTTPS_PROXY with a login', 'HTTPS_PROXY', 'http://', 'me:p%40ss@'],
  ] as const) {
    test(`${name} is the way to a registry`, async t => {
      const registry = await openRegistry(t, { tls: await createCertificate() });
      const proxy = await openProxy(t, portOf(registry));
      const { outcomes } = await push(t, [layerOf('a', 1000)], {
        tags: ['registry.example.org/acme/app:1'],
        insecure: ['registry.example.org'],
        env: { [variable]: `${prefix}${credentials}${proxy.host}` },
      });
      assert.deepEqual(outcomes, ['uploaded', 'uploaded']);
      const expected = `registry.example.org:443${credentials === '' ? '' : ` Basic ${btoa('me:p@ss')}`}`;
      assert.deepEqual(new Set(proxy.asked), new Set([expected]));
    });
  }

  for (const [variable, isTls] of [
    ['HTTP_PROXY', true],
    ['HTTPS_PROXY', false],
  ] as const) {
    test(`${variable} is no way to a registry that speaks ${isTls ? 'https' : 'http'}`, async t => {
      const registry = await openRegistry(t, isTls ? { tls: await createCertificate() } : {});
      const proxy = await openProxy(t, portOf(registry));
      const host = `0.0.0.0:${portOf(registry)}`;
      const tags = [`${host}/acme/app:1`];
      const insecure = [host];
      const { outcomes } = await push(t, [layerOf('a', 1000)], {
        tags,
        insecure,
        env: { [variable]: `http://${proxy.host}` },
      });
      assert.deepEqual(outcomes, ['uploaded', 'uploaded']);
      assert.equal(proxy.asked.length, isTls ? 0 : 1, 'at most https is tried there');
      const before = proxy.asked.length;
      const other = isTls ? 'HTTPS_PROXY' : 'HTTP_PROXY';
      await push(t, [layerOf('a', 1000)], { tags, insecure, env: { [other]: `http://${proxy.host}` } });
      assert.ok(proxy.asked.length > before);
    });
  }

  test('HTTP_PROXY with a login is asked for whole URLs, and kept from what is not its own', async t => {
    const registry = await openRegistry(t);
    const proxy = await openProxy(t, portOf(registry));
    const host = `registry.example.org:${portOf(registry)}`;
    const { outcomes } = await push(t, [layerOf('a', 3 * mebi)], {
      tags: [`${host}/acme/app:1`],
      insecure: [host],
      env: { HTTP_PROXY: `me:p%40ss@${proxy.host}` },
    });
    assert.deepEqual(outcomes, ['uploaded', 'uploaded']);
    assert.deepEqual(new Set(proxy.asked), new Set([`http://${host} Basic ${btoa('me:p@ss')}`]));
  });

  // 0.0.0.0 is this machine too, but by its name no loopback, which is never asked of a proxy.
  for (const [excluded, isAsked] of [
    ['', true],
    ['0.0.0.0', false],
    ['other.example.org', true],
  ] as const) {
    test(`NO_PROXY="${excluded}" ${isAsked ? 'does not keep' : 'keeps'} the proxy out`, async t => {
      const registry = await openRegistry(t, { tls: await createCertificate() });
      const proxy = await openProxy(t, portOf(registry));
      const host = `0.0.0.0:${portOf(registry)}`;
      await push(t, [layerOf('a', 1000)], {
        tags: [`${host}/acme/app:1`],
        insecure: [host],
        env: { HTTPS_PROXY: `http://${proxy.host}`, NO_PROXY: excluded },
      });
      assert.equal(proxy.asked.length > 0, isAsked);
    });
  }

  test('a proxy that is no URL is a Failure that does not show it', async t => {
    const env = { HTTPS_PROXY: 'http://me:s3cret@proxy:port' };
    await assert.rejects(push(t, [layerOf('a', 1000)], { tags: ['registry.example.org/app:1'], env }), error => {
      failureWith('Cannot use HTTPS_PROXY')(error);
      assert.doesNotMatch((error as Error).message, /s3cret/);
      return true;
    });
  });

  for (const [realm, why] of [
    ['https://169.254.169.254/token', 'which is in a local network, while the registry is not'],
    ['https://10.0.0.1/token', 'which is in a local network, while the registry is not'],
    ['https://[fd00::1]/token', 'which is in a local network, while the registry is not'],
    ['https://2130706433/token', 'which is in a local network, while the registry is not'],
    ['https://localhost/token', 'which is in a local network, while the registry is not'],
    ['https://localhost./token', 'which is in a local network, while the registry is not'],
    ['https://metadata.google.internal/token', 'which is in a local network, while the registry is not'],
    ['https://token-server/token', 'which is in a local network, while the registry is not'],
    ['file:///etc/passwd', 'which is not https'],
    ['http://auth.example.org/token', 'which is not https'],
    ['token', 'which is not a URL'],
  ] as const) {
    test(`the token realm ${realm} is refused`, async t => {
      const headers = { 'WWW-Authenticate': `Bearer realm="${realm}",service="registry"` };
      const onRequest = (): Fault => ({ status: 401, headers });
      const registry = await openRegistry(t, { tls: await createCertificate(), onRequest });
      const proxy = await openProxy(t, portOf(registry));
      const pushing = push(t, [layerOf('a', 1000)], {
        tags: ['registry.example.org/acme/app:1'],
        insecure: ['registry.example.org'],
        env: { HTTPS_PROXY: `http://${proxy.host}` },
        login,
      });
      await assert.rejects(pushing, failureWith('https://registry.example.org', `"${realm}"`, why));
      assert.deepEqual(new Set(proxy.asked), new Set(['registry.example.org:443']));
    });
  }
});
