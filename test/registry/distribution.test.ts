import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, request as sendOn } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { suite, type TestContext, test } from 'node:test';
import { openTransport } from '../../src/lib/http/transport.ts';
import { configOf } from '../../src/oci/config.ts';
import type { Image, Layer } from '../../src/oci/image.ts';
import { openClient } from '../../src/registry/access/client.ts';
import { deleteTags, registryTagStore } from '../../src/registry/delete/delete-tags.ts';
import { runStory } from '../stages/run-story.ts';
import { distributionLogin, startDistribution } from '../support/distribution.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { startTokenServer, type TokenServerOptions } from '../support/token-server.ts';
import { imageOf, layerOf, logInto, type PushOptions, push, readBack } from './push-image.ts';

// Pushes to registries that people run, and their images as skopeo sees them.

const mebi = 1 << 20;
const none = { method: 'none', level: 0 } as const;
const { user, password } = distributionLogin;
const login = { username: user, password };
const examples = new URL('../../examples/', import.meta.url).pathname;
const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';

/** What a registry wants of who comes. */
type Closed = 'nothing' | 'a password' | 'tokens';

interface Inspected {
  readonly Digest?: string;
  readonly Labels?: Readonly<Record<string, string>>;
  readonly layers?: readonly { readonly digest: string }[];
  readonly manifests?: readonly { readonly digest: string }[];
}

interface Opened {
  readonly host: string;
  /** What a push must know beside its tags. */
  readonly given: Pick<PushOptions, 'login'>;
  /** The scopes of each token so far. */
  readonly issued: readonly (readonly string[])[];
  /** Copies an image, or an index with all its images, with skopeo, which checks every digest. */
  copy(source: string): Promise<void>;
  /** What skopeo says of it. */
  inspect(reference: string, ...args: string[]): Promise<Inspected>;
}

/** A registry of this test alone. */
async function open(
  t: TestContext,
  { version, closed }: { readonly version: 2 | 3; readonly closed: Closed },
  tokenOptions: Partial<TokenServerOptions> = {},
): Promise<Opened> {
  const tokens =
    closed === 'tokens' ? await startTokenServer({ login: distributionLogin, ...tokenOptions }) : undefined;
  t.after(() => tokens?.close());
  const registry = await startDistribution({
    version,
    login: closed === 'a password',
    ...(tokens === undefined ? {} : { tokens }),
  });
  t.after(() => registry.close());
  const isOpen = closed === 'nothing';
  return {
    host: registry.host,
    given: isOpen ? {} : { login },
    issued: tokens?.issued ?? [],
    async copy(source) {
      const target = `dir:${await temporaryDirectory(t)}`;
      const creds = isOpen ? [] : [`--src-creds=${user}:${password}`];
      await run('skopeo', ['copy', '--all', '--src-tls-verify=false', ...creds, `docker://${source}`, target]);
    },
    async inspect(reference, ...args) {
      const creds = isOpen ? [] : [`--creds=${user}:${password}`];
      return JSON.parse(
        await run('skopeo', ['inspect', '--tls-verify=false', ...creds, ...args, `docker://${reference}`]),
      );
    },
  };
}

for (const version of [2, 3] as const) {
  for (const closed of ['nothing', 'a password', 'tokens'] as const) {
    suite(`distribution ${version} that wants ${closed}`, () => {
      test('first, again, labels changed, another repository', async t => {
        const { host, given, copy, inspect } = await open(t, { version, closed });
        const layers = [layerOf('a', 100_000), layerOf('b', 3 * mebi), layerOf('a', 100_000)];
        const image = imageOf(layers, { version: '1' });
        const tags = [`${host}/acme/app:1`, `${host}/acme/app:latest`];

        const first = await push(t, image, { tags, ...given });
        assert.deepEqual(first.outcomes, ['uploaded', 'uploaded', 'uploaded']);
        assert.equal((await inspect(`${host}/acme/app:latest`)).Digest, first.digest);

        for (const reuse of ['off', 'verify', 'trust'] as const) {
          const again = await push(t, image, { tags, ...given, reuse });
          assert.deepEqual({ ...again, log: [] }, { ...again, log: [], uploadedBytes: 0, digest: first.digest });
        }

        const relabelled = await push(t, imageOf(layers, { version: '2' }), { tags, ...given, reuse: 'trust' });
        assert.deepEqual(relabelled.outcomes, ['exists', 'exists', 'uploaded']);
        assert.ok(relabelled.uploadedBytes < 1000, 'the config only');
        assert.deepEqual((await inspect(`${host}/acme/app:1`)).Labels, { version: '2' });

        const otherTags = [`${host}/acme/other:1`];
        const other = await push(t, image, { tags: otherTags, reuseFrom: tags, reuse: 'trust', ...given });
        assert.deepEqual(other.outcomes, ['mounted', 'mounted', 'uploaded']);
        assert.equal((await inspect(`${host}/acme/other:1`)).Digest, first.digest);
        for (const reference of [...tags, ...otherTags]) await copy(reference);
      });

      test('an index of images for two platforms', async t => {
        const { host, given, copy, inspect } = await open(t, { version, closed });
        const amd64 = imageOf([layerOf('both', 100_000), layerOf('amd64', 100_000)]);
        const arm64 = forPlatform('arm64', imageOf([layerOf('both', 100_000), layerOf('arm64', 100_000)]));
        const sources = [`${host}/acme/app:amd64`, `${host}/acme/build:arm64`];
        const pushed = [
          await push(t, amd64, { tags: sources.slice(0, 1), ...given }),
          await push(t, arm64, { tags: sources.slice(1), ...given }),
        ];
        const reference = `${host}/acme/app:1`;
        const inputs = { sources: sources.join('\n'), tags: reference, push: 'true', ...given.login };
        const { root, platforms } = await runStory(t, 'index', inputs);
        const fromElsewhere = platforms.find(({ platform }) => platform === 'linux/arm64');
        // What both have in common was there before.
        assert.deepEqual(
          fromElsewhere?.layers.map(({ state }) => state),
          ['already there', 'mounted'],
        );
        const { manifests = [] } = await inspect(reference, '--raw');
        assert.deepEqual(
          manifests.map(({ digest }) => digest),
          pushed.map(({ digest }) => digest),
        );
        assert.equal((await runStory(t, 'index', inputs)).root.digest, root.digest);
        await copy(reference);
      });

      test('a tag and what it names are deleted', async t => {
        const { host, given, copy, inspect } = await open(t, { version, closed });
        for (const tags of [['pr-1'], ['main', 'pr-2']]) {
          const image = imageOf([layerOf('a', 1000)], { tags: tags.join(' ') });
          await push(t, image, { tags: tags.map(tag => `${host}/acme/app:${tag}`), ...given });
        }
        const env = { HOME: '/nonexistent' };
        const transport = openTransport({ insecureHosts: [], env });
        t.after(() => transport.close());
        const log = logInto([]);
        const own = given.login === undefined ? {} : { login: { ...given.login, hosts: new Set([host]) } };
        const access = { transport, insecureRegistries: [], env, log, ...own };
        const repository = { host, path: 'acme/app' };
        const client = await openClient(repository, { ...access, actions: 'pull,delete', mountSources: [] });
        const { deleted: gone } = await deleteTags(['pr-1', 'pr-2'], {
          client,
          tagStore: registryTagStore(client),
          dryRun: false,
          log,
        });
        // Version 2 cannot delete a tag without its manifest.
        assert.deepEqual(
          gone.map(name => name.replace(/@.*/, '@').slice(`${host}/acme/app`.length)),
          version === 2 ? ['@', ':pr-1'] : ['@', ':pr-1', ':pr-2'],
        );
        await assert.rejects(inspect(`${host}/acme/app:pr-1`), /manifest unknown/);
        await copy(`${host}/acme/app:main`);
      });
    });
  }

  suite(`distribution ${version}`, () => {
    test('a token that runs out in the middle of a push', async t => {
      const { host, given, issued, copy } = await open(t, { version, closed: 'tokens' }, { lifetime: 2 });
      const layers = ['a', 'b'].map(name => after(3000, layerOf(name, mebi)));
      const { outcomes } = await push(t, imageOf(layers), { tags: [`${host}/acme/app:1`], ...given });
      assert.deepEqual(outcomes, ['uploaded', 'uploaded', 'uploaded']);
      assert.ok(issued.length >= 2, `${issued.length} tokens`);
      await copy(`${host}/acme/app:1`);
    });

    test('a token server that keeps the repository to mount from to itself', async t => {
      const grants = (scope: string) => !scope.startsWith('repository:acme/private:');
      const { host, given, copy } = await open(t, { version, closed: 'tokens' }, { grants });
      const { outcomes } = await push(t, imageOf([layerOf('a', mebi)]), {
        tags: [`${host}/acme/app:1`],
        reuseFrom: [`${host}/acme/private:1`],
        reuse: 'trust',
        ...given,
      });
      assert.deepEqual(outcomes, ['uploaded', 'uploaded']);
      await copy(`${host}/acme/app:1`);
    });

    test('the layers of a base image of another repository are mounted', async t => {
      const { host, given, issued, copy, inspect } = await open(t, { version, closed: 'tokens' });
      const base = `${host}/acme/base:1`;
      const below = [layerOf('a', 100_000), layerOf('b', mebi)];
      const { digest } = await push(t, forPlatform(architecture, imageOf(below)), { tags: [base], ...given });
      const installable = `path:${examples}hello#hello`;
      const reference = `${host}/acme/app:1`;
      const { platforms } = await runStory(t, 'build', {
        installable,
        base,
        tags: reference,
        push: 'true',
        ...login,
      });
      const states = platforms.flatMap(({ layers }) => layers.map(({ state }) => state));
      assert.deepEqual(states.slice(0, 2), ['mounted', 'mounted']);
      assert.ok(issued.some(scopes => scopes.join(' ') === 'repository:acme/app:pull,push repository:acme/base:pull'));
      const { layers = [] } = await inspect(reference, '--raw');
      const { layers: baseLayers = [] } = await inspect(`${host}/acme/base@${digest}`, '--raw');
      assert.deepEqual(
        layers.slice(0, 2).map(layer => layer.digest),
        baseLayers.map(layer => layer.digest),
      );
      await copy(reference);
    });

    test('a connection that is cut in the middle of a layer', async t => {
      const { host } = await open(t, { version, closed: 'nothing' });
      const cutter = await openCutter(t, Number(host.split(':')[1]), 5 * mebi);
      const tags = [`${cutter.host}/acme/app:1`];
      const { log, digest } = await push(t, imageOf([layerOf('large', 9 * mebi)]), { tags, compression: none });
      assert.equal(cutter.cuts(), 1);
      assert.ok(log.some(line => /^Uploading sha256:.*Trying again/.test(line)));
      assert.deepEqual(await readBack(`${host}/acme/app:1`), [digest]);
    });

    test('a web server before it that takes so much at once, and breaks off in a chunk', async t => {
      const { host } = await open(t, { version, closed: 'nothing' });
      const front = await openFront(t, Number(host.split(':')[1]));
      const tags = [`${front.host}/acme/app:1`];
      const { log, digest } = await push(t, imageOf([layerOf('large', 18 * mebi)]), { tags, compression: none });
      assert.equal(front.cuts(), 1);
      assert.ok(log.some(line => /^Uploading sha256:.*Trying again/.test(line)));
      // Version 2 gives an upload up that breaks off within a chunk.
      assert.ok(front.sent() < (version === 2 ? 2 * 18 : 18 + 5) * mebi, `${front.sent()} bytes`);
      assert.deepEqual(await readBack(`${host}/acme/app:1`), [digest]);
    });
  });
}

function forPlatform(architecture: string, image: Image): Image {
  return { ...image, config: configOf({ ...image.config.json, architecture }) };
}

/** The layer, once so many milliseconds have gone by. */
function after(milliseconds: number, layer: Layer): Layer {
  return {
    ...layer,
    async *open() {
      await new Promise(resolve => setTimeout(resolve, milliseconds));
      yield* layer.open();
    },
  };
}

/** Leads to a port of this machine, and cuts the first connection that has sent so many bytes. */
async function openCutter(t: TestContext, port: number, bytes: number) {
  let cuts = 0;
  const server = createTcpServer(socket => {
    let sent = 0;
    const upstream = connect(port, '127.0.0.1');
    socket.on('data', chunk => {
      sent += chunk.length;
      if (sent < bytes || cuts > 0) return;
      cuts += 1;
      socket.destroy();
    });
    socket.pipe(upstream).pipe(socket);
    for (const end of [socket, upstream]) end.on('error', () => {});
    socket.on('close', () => upstream.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, cuts: () => cuts };
}

/** Sends requests on to a port of this machine: none of more than 5 MiB, and of the third chunk only the half. */
async function openFront(t: TestContext, port: number) {
  const counts = { patches: 0, cuts: 0, sent: 0 };
  const server = createServer((request: IncomingMessage, response) => {
    const size = Number(request.headers['content-length'] ?? 0);
    if (size > 5 * mebi) return request.resume().on('end', () => response.writeHead(413).end());
    const { method, url, headers } = request;
    const onward = sendOn({ host: '127.0.0.1', port, method, path: url, headers }, answer => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => request.socket.destroy());
    if (method === 'PATCH') counts.patches += 1;
    const isCut = method === 'PATCH' && counts.patches === 3;
    let taken = 0;
    request.on('data', (chunk: Buffer) => {
      taken += chunk.length;
      counts.sent += chunk.length;
      if (!isCut || taken < size / 2 || request.destroyed) return;
      counts.cuts += 1;
      request.socket.destroy();
      onward.destroy();
    });
    return request.pipe(onward);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  const { port: own } = server.address() as AddressInfo;
  return { host: `127.0.0.1:${own}`, cuts: () => counts.cuts, sent: () => counts.sent };
}
