import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { openTransport } from '../../src/lib/http/transport.ts';
import { mediaTypes } from '../../src/oci/blob.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { openClient } from '../../src/registry/access/client.ts';
import { openRemoteImage } from '../../src/registry/read/remote-image.ts';
import { failureWith } from '../support/failure.ts';
import { openPutter, type Put } from '../support/put-content.ts';
import { type RegistryOptions, startRegistry } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { validateImage } from '../support/validate-image.ts';
import { logInto } from './push-image.ts';

const path = 'acme/base';
const [lower, middle, upper] = ['the lower layer', 'the middle layer', 'the upper layer'] as const;
const tars = [lower, middle, upper];
const oci = { ...mediaTypes, configType: mediaTypes.config };
const docker = {
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  configType: 'application/vnd.docker.container.image.v1+json',
  layerTar: 'application/vnd.docker.image.rootfs.diff.tar',
  layerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  layerZstd: 'application/vnd.docker.image.rootfs.diff.tar.zstd',
};

type Repository = Awaited<ReturnType<typeof openRepository>>;

/** An empty repository, and a way to open what is put there. */
async function openRepository(t: TestContext, options: Partial<RegistryOptions> = {}) {
  const registry = await startRegistry({ directory: join(await temporaryDirectory(t), 'registry'), ...options });
  t.after(() => registry.close());
  const env = { HOME: '/nonexistent' };
  const transport = openTransport({ insecureHosts: [], env });
  t.after(() => transport.close());
  const access = { transport, insecureRegistries: [], env, log: logInto([]) };
  const repository = { host: registry.host, path };
  const client = await openClient(repository, { ...access, actions: 'pull', mountSources: [] });
  const put = openPutter(registry.host, path);
  const open = (name: string) => openRemoteImage(client, name, 'linux/amd64');
  return { put, open };
}

/** An image with a layer in each encoding. */
async function putImage(put: Repository['put'], types: typeof docker, change: object = {}, ...tags: string[]) {
  const json = { os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: tars.map(digestOf) } };
  const config = await put.blob(types.configType, JSON.stringify({ ...json, ...change }));
  const layers = [
    await put.blob(types.layerTar, lower),
    await put.blob(types.layerGzip, gzipSync(middle)),
    await put.blob(types.layerZstd, zstdCompressSync(upper)),
  ];
  return put.manifest({ mediaType: types.manifest, config, layers }, ...tags);
}

const withPlatform = (entry: Put, architecture: string) => ({ ...entry, platform: { os: 'linux', architecture } });

suite('an image in a registry', () => {
  test('whose media type says gzip over a plain tar', async t => {
    const { put, open } = await openRepository(t);
    await putImage(put, { ...docker, layerTar: docker.layerGzip }, {}, 'v1');
    const image = await open('v1');
    assert.deepEqual(
      image.layers.map(({ encoding, descriptor }) => [encoding, descriptor?.mediaType]),
      [
        ['tar', mediaTypes.layerTar],
        ['gzip', mediaTypes.layerGzip],
        ['zstd', mediaTypes.layerZstd],
      ],
    );
    assert.deepEqual(await validateImage(image, await temporaryDirectory(t)), tars.map(digestOf));
  });

  for (const [name, types] of [
    ['of OCI', oci],
    ['of Docker', docker],
  ] as const) {
    test(`${name}, by tag and by digest, from an index and alone`, async t => {
      const { put, open } = await openRepository(t);
      const amd64 = await putImage(put, types, {}, '1');
      const arm64 = await putImage(put, types, { architecture: 'arm64' });
      const index = await put.index([withPlatform(arm64, 'arm64'), withPlatform(amd64, 'amd64')], 'index');
      for (const [reference, digest] of [
        ['1', amd64.digest],
        [amd64.digest, amd64.digest],
        ['index', index.digest],
        [index.digest, index.digest],
      ] as const) {
        const image = await open(reference);
        assert.equal(image.digest, digest);
        assert.equal(image.config.json.architecture, 'amd64');
        assert.deepEqual(
          image.layers.map(({ descriptor }) => descriptor?.mediaType),
          [mediaTypes.layerTar, mediaTypes.layerGzip, mediaTypes.layerZstd],
        );
        assert.deepEqual(await validateImage(image, await temporaryDirectory(t)), tars.map(digestOf));
      }
    });
  }

  for (const [description, put, ...parts] of [
    [
      'an index without an image for the platform',
      async ({ put }: Repository) => {
        const arm64 = await putImage(put, oci, { architecture: 'arm64' });
        await put.index([withPlatform(arm64, 'arm64')], '1');
      },
      'Cannot choose an image for linux/amd64',
      'linux/arm64',
    ],
    [
      'an index with two for it',
      async ({ put }: Repository) => {
        const entries = [await putImage(put, oci), await putImage(put, docker)];
        await put.index(
          entries.map(entry => withPlatform(entry, 'amd64')),
          '1',
        );
      },
      'Cannot choose an image for linux/amd64',
      'Name one of them by its digest',
    ],
    [
      'a config with fewer diff_ids',
      ({ put }: Repository) =>
        putImage(put, oci, { rootfs: { type: 'layers', diff_ids: tars.slice(1).map(digestOf) } }, '1'),
      'it lists 3 layers, but its config lists 2 diff_ids',
    ],
    [
      'a layer of another kind',
      ({ put }: Repository) => putImage(put, { ...oci, layerGzip: 'application/vnd.example+json' }, {}, '1'),
      'has the unsupported media type application/vnd.example+json',
    ],
    ['a tag that is not there', async () => undefined, 'Cannot read from', '404 MANIFEST_UNKNOWN'],
  ] as const) {
    test(`${description} is a Failure`, async t => {
      const repository = await openRepository(t);
      await put(repository);
      await assert.rejects(repository.open('1'), failureWith(path, ...parts));
    });
  }
});

suite('the demands of a registry are limited', () => {
  test('an index of 800 images is refused before one is read', async t => {
    let reads = 0;
    const { put, open } = await openRepository(t, {
      onRequest({ method, url = '' }) {
        if (method === 'GET' && /\/manifests\/sha256:/.test(url)) reads += 1;
        return undefined;
      },
    });
    const image = await putImage(put, oci);
    await put.index(Array<Put>(800).fill(image), '1');
    await assert.rejects(open('1'), failureWith(path, 'an index of 800 images', '100'));
    assert.equal(reads, 0);
  });

  test('images of an index are read a few at a time', async t => {
    let [running, most] = [0, 0];
    const { put, open } = await openRepository(t, {
      onRequest({ method, url = '' }) {
        if (method !== 'GET' || !/\/manifests\/sha256:/.test(url)) return undefined;
        running += 1;
        most = Math.max(most, running);
        setTimeout(() => {
          running -= 1;
        }, 20);
        return { pause: 10 };
      },
    });
    const image = await putImage(put, oci);
    await put.index(Array<Put>(40).fill(image), '1');
    await assert.rejects(open('1'), failureWith('Cannot choose an image'));
    assert.ok(most > 1 && most <= 16, `${most} at a time`);
  });

  test('a manifest over 4 MiB', async t => {
    const { open } = await openRepository(t, {
      onRequest: ({ url = '' }) =>
        url.endsWith('/manifests/1')
          ? { status: 200, body: JSON.stringify({ schemaVersion: 2, annotations: { a: 'x'.repeat(4 << 20) } }) }
          : undefined,
    });
    await assert.rejects(open('1'), failureWith(path, 'its manifest is larger than 4 MiB'));
  });

  test('a config over 4 MiB is not asked for', async t => {
    let reads = 0;
    const { put, open } = await openRepository(t, {
      onRequest({ method, url = '' }) {
        if (method === 'GET' && url.includes('/blobs/')) reads += 1;
        return undefined;
      },
    });
    await putImage(put, oci, { comment: 'x'.repeat(4 << 20) }, '1');
    await assert.rejects(open('1'), failureWith(path, 'config', 'larger than 4 MiB'));
    assert.equal(reads, 0);
  });
});
