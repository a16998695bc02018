import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { createCertificate } from './certificate.ts';
import { distributionLogin, startDistribution } from './distribution.ts';
import { startDocker } from './docker.ts';
import { buildHello } from './nix-build.ts';
import { type RegistryOptions, startRegistry } from './registry.ts';
import { run } from './run.ts';

const login = { user: 'user', password: 'password' };
const plain = '--dest-tls-verify=false';

let directory: string;
let archive: string;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'support-'));
  // Debian 12's skopeo stops at a docker-archive in gzip with "unexpected EOF".
  archive = `docker-archive:${await buildHello('image-plain')}`;
});

after(() => rm(directory, { recursive: true }));

/** A registry with a directory of its own, closed when the test ends. */
async function openRegistry(context: TestContext, options: Omit<RegistryOptions, 'directory'> = {}) {
  const registry = await startRegistry({ ...options, directory: await mkdtemp(join(directory, 'registry-')) });
  context.after(() => registry.close());
  return registry;
}

/** What skopeo reads back: the image as the registry has it. */
async function inspect(reference: string, ...options: readonly string[]) {
  const text = await run('skopeo', ['inspect', '--tls-verify=false', ...options, `docker://${reference}`]);
  return JSON.parse(text) as { Digest: string; Labels: Record<string, string>; Layers: string[]; RepoTags: string[] };
}

suite('in-process registry', () => {
  test('takes an image from skopeo and gives it back', async context => {
    const { host, requests } = await openRegistry(context);
    await run('skopeo', ['copy', plain, archive, `docker://${host}/acme/hello:v1`]);
    const image = await inspect(`${host}/acme/hello:v1`);
    assert.equal(image.Labels['org.example.built-by'], 'nix');
    assert.equal(image.Layers.length, 2);
    assert.deepEqual(image.RepoTags, ['v1']);
    const uploaded = requests.filter(({ method, status }) => method === 'PUT' && status === 201);
    assert.equal(uploaded.length, 4, 'two layers, the config and the manifest');
    assert.ok(requests.some(({ method, bytesIn }) => method === 'PATCH' && bytesIn > 0));

    const copy = await mkdtemp(join(directory, 'copy-'));
    await run('skopeo', ['copy', '--src-tls-verify=false', `docker://${host}/acme/hello:v1`, `dir:${copy}`]);
  });

  test('keeps its content when it starts again', async context => {
    const kept = await mkdtemp(join(directory, 'kept-'));
    const first = await startRegistry({ directory: kept });
    context.after(() => first.close());
    await run('skopeo', ['copy', plain, archive, `docker://${first.host}/hello:v1`]);
    const { Digest } = await inspect(`${first.host}/hello:v1`);
    await first.close();
    const second = await startRegistry({ directory: kept });
    context.after(() => second.close());
    assert.equal((await inspect(`${second.host}/hello@${Digest}`)).Digest, Digest);
  });

  test('lets in who knows the password: basic', async context => {
    const { host } = await openRegistry(context, { auth: { kind: 'basic', ...login } });
    await assertLogin(host);
  });

  test('lets in who knows the password: bearer', async context => {
    const { host, requests } = await openRegistry(context, { auth: { kind: 'bearer', ...login } });
    await assertLogin(host);
    assert.ok(requests.some(({ path, status }) => path.startsWith('/token?') && status === 200));
  });

  test('gives tokens that hold for their scope and their time', async context => {
    const { host } = await openRegistry(context, { auth: { kind: 'bearer', ...login, expiresIn: 1 } });
    const start = (repository: string, token: string) =>
      fetch(`http://${host}/v2/${repository}/blobs/uploads/`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
      });
    const authorization = `Basic ${Buffer.from('user:password').toString('base64')}`;
    const scope = 'repository:a:pull,push repository:b:pull';
    const answer = await fetch(`http://${host}/token?${new URLSearchParams({ scope })}`, {
      headers: { authorization },
    });
    const { token } = (await answer.json()) as { token: string };

    assert.equal((await start('a', token)).status, 202);
    const elsewhere = await start('b', token);
    assert.equal(elsewhere.status, 401);
    assert.equal(
      elsewhere.headers.get('www-authenticate'),
      `Bearer realm="http://${host}/token",service="registry",scope="repository:b:pull,push",error="insufficient_scope"`,
    );
    await new Promise(resolve => setTimeout(resolve, 1100));
    const late = await start('a', token);
    assert.equal(late.status, 401);
    assert.match(late.headers.get('www-authenticate') ?? '', /error="invalid_token"/);
  });

  test('speaks TLS', async context => {
    const tls = await createCertificate();
    const { host } = await openRegistry(context, { tls });
    const status = await new Promise((resolve, reject) => {
      const call = request(`https://${host}/v2/`, { ca: tls.cert, agent: false }, response => {
        response.resume();
        resolve(response.statusCode);
      });
      call.on('error', reject).end();
    });
    assert.equal(status, 200);
  });

  test('fails on request', async context => {
    const faults = [{ status: 429, headers: { 'Retry-After': '0' }, body: 'slow down' }, { dropAfter: 0 }];
    const { host, requests } = await openRegistry(context, { onRequest: () => faults.shift() });
    const limited = await fetch(`http://${host}/v2/`);
    assert.deepEqual([limited.status, await limited.text()], [429, 'slow down']);
    await assert.rejects(fetch(`http://${host}/v2/`));
    assert.equal((await fetch(`http://${host}/v2/`)).status, 200);
    assert.deepEqual(
      requests.map(({ status }) => status),
      [429, 0, 200],
    );
  });

  test('keeps the part of an upload that came before the connection broke', async context => {
    const { host, requests } = await openRegistry(context, {
      onRequest: ({ method }) => (method === 'PATCH' ? { dropAfter: 100_000 } : undefined),
    });
    const upload = await startUpload(host);
    await assert.rejects(fetch(upload, { method: 'PATCH', body: Buffer.alloc(1_000_000) }));
    assert.deepEqual(requests.at(-1), { method: 'PATCH', path: upload.pathname, status: 0, bytesIn: 100_000 });
    const state = await fetch(upload);
    assert.deepEqual([state.status, state.headers.get('range')], [204, '0-99999']);

    const gap = await fetch(upload, { method: 'PUT', headers: { 'content-range': '5-9' }, body: 'x' });
    assert.equal(gap.status, 400, 'no digest');
    upload.search = `?digest=${digestOf(Buffer.alloc(100_001))}`;
    const wrong = await fetch(upload, { method: 'PUT', headers: { 'content-range': '5-5' }, body: Buffer.alloc(1) });
    assert.deepEqual([wrong.status, await errorCode(wrong)], [416, 'BLOB_UPLOAD_INVALID']);
    const right = await fetch(upload, {
      method: 'PUT',
      headers: { 'content-range': '100000-100000' },
      body: Buffer.alloc(1),
    });
    assert.equal(right.status, 201);
  });

  test('mounts a blob from another repository, and starts an upload if it cannot', async context => {
    const { host } = await openRegistry(context);
    const { digest } = await putBlob(host, 'hello');
    const mounted = await fetch(`http://${host}/v2/other/blobs/uploads/?mount=${digest}&from=hello`, {
      method: 'POST',
    });
    assert.equal(mounted.status, 201);
    assert.equal((await fetch(`http://${host}/v2/other/blobs/${digest}`)).status, 200);
    const absent = `http://${host}/v2/third/blobs/uploads/?mount=${digest}&from=nowhere`;
    assert.equal((await fetch(absent, { method: 'POST' })).status, 202);
    assert.equal((await fetch(`http://${host}/v2/third/blobs/${digest}`, { method: 'HEAD' })).status, 404);
    assert.equal((await fetch(`http://${host}/v2/other/blobs/${digest}`, { method: 'DELETE' })).status, 202);
    assert.equal((await fetch(`http://${host}/v2/other/blobs/${digest}`)).status, 404);
    assert.equal(await (await fetch(`http://${host}/v2/hello/blobs/${digest}`)).text(), 'hello');
  });

  test('refuses manifests of the wrong type, with a wrong size or without their blobs', async context => {
    const { host } = await openRegistry(context);
    const config = await putBlob(host, '{}');
    const put = (manifest: object, type: string = image) =>
      fetch(`http://${host}/v2/hello/manifests/v1`, {
        method: 'PUT',
        headers: { 'content-type': type },
        body: JSON.stringify({ schemaVersion: 2, mediaType: image, ...manifest }),
      }).then(async answer => [answer.status, await errorCode(answer)]);
    const image = 'application/vnd.oci.image.manifest.v1+json';
    const unknown = { ...config, digest: digestOf(Buffer.from('other')) };
    assert.deepEqual(await put({ config, layers: [unknown] }), [400, 'MANIFEST_BLOB_UNKNOWN']);
    assert.deepEqual(await put({ config: { ...config, size: 3 }, layers: [] }), [400, 'MANIFEST_INVALID']);
    assert.deepEqual(await put({ config, layers: [] }, 'application/json'), [400, 'MANIFEST_INVALID']);
    assert.deepEqual(await put({}), [400, 'MANIFEST_INVALID']);
    assert.equal((await fetch(`http://${host}/v2/hello/tags/list`)).status, 404);
    assert.deepEqual(await put({ config, layers: [] }), [201, undefined]);
    assert.deepEqual(await (await fetch(`http://${host}/v2/hello/tags/list`)).json(), { name: 'hello', tags: ['v1'] });
  });

  test('lists what refers to a manifest', async context => {
    const { host } = await openRegistry(context);
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const config = { mediaType: 'application/vnd.oci.empty.v1+json', ...(await putBlob(host, '{}')) };
    const subject = { mediaType, digest: digestOf(Buffer.from('not there yet')), size: 13 };
    const body = JSON.stringify({ schemaVersion: 2, mediaType, artifactType: 'text/x', config, layers: [], subject });
    const digest = digestOf(Buffer.from(body));
    const url = `http://${host}/v2/hello/manifests/${digest}`;
    const put = await fetch(url, { method: 'PUT', headers: { 'content-type': mediaType }, body });
    assert.deepEqual([put.status, put.headers.get('oci-subject')], [201, subject.digest]);
    const referrers = async (query = '') => {
      const list = await fetch(`http://${host}/v2/hello/referrers/${subject.digest}${query}`);
      return ((await list.json()) as { manifests: unknown }).manifests;
    };
    assert.deepEqual(await referrers(), [{ mediaType, digest, size: body.length, artifactType: 'text/x' }]);
    assert.deepEqual(await referrers('?artifactType=text/y'), []);
  });
});

for (const { name, start } of [
  { name: 'in-process registry', start: (context: TestContext) => openRegistry(context) },
  { name: 'distribution', start: openDistribution },
]) {
  test(`${name} refuses content that is not what its digest says`, async context => {
    const { host } = await start(context);
    const upload = await startUpload(host);
    upload.searchParams.set('digest', digestOf(Buffer.from('other')));
    const answer = await fetch(upload, { method: 'PUT', body: 'hello' });
    assert.deepEqual([answer.status, await errorCode(answer)], [400, 'DIGEST_INVALID']);
  });
}

suite('distribution', () => {
  test('takes an image from skopeo and gives it back', async context => {
    const { host } = await openDistribution(context);
    await run('skopeo', ['copy', plain, archive, `docker://${host}/acme/hello:v1`]);
    assert.equal((await inspect(`${host}/acme/hello:v1`)).Layers.length, 2);
  });

  test('lets in who knows the password', async context => {
    const { host } = await openDistribution(context, { login: true });
    assert.deepEqual(distributionLogin, login);
    await assertLogin(host);
  });
});

suite('example image', () => {
  test('is the same image in all its shapes', async () => {
    const unpacked = async (name: string, program: string, ...args: readonly string[]) => {
      const path = join(directory, name);
      await run(program, args, { output: createWriteStream(path) });
      return path;
    };
    const archives = [
      await buildHello('image-plain'),
      await unpacked('gzip.tar', 'gzip', '-dc', await buildHello('image')),
      await unpacked('zstd.tar', 'zstd', '-dc', await buildHello('image-zstd')),
      await unpacked('stream.tar', await buildHello('image-stream')),
    ];
    const diffIds = await Promise.all(archives.map(readDiffIds));
    assert.equal(diffIds[0]?.length, 2);
    for (const ids of diffIds) assert.deepEqual(ids, diffIds[0]);
    assert.equal(await buildHello('default'), await buildHello('image'));
  });

  test('says hello, pulled and run by docker', async context => {
    const [{ host }, docker] = await Promise.all([openRegistry(context), startDocker()]);
    context.after(() => docker.close());
    await run('skopeo', ['copy', plain, archive, `docker://${host}/hello:v1`]);
    await docker.run('pull', `${host}/hello:v1`);
    assert.equal(await docker.run('run', '--rm', '--network', 'none', `${host}/hello:v1`), 'Hello from Nix\n');
  });
});

async function openDistribution(context: TestContext, options: { readonly login?: boolean } = {}) {
  const distribution = await startDistribution(options);
  context.after(() => distribution.close());
  return distribution;
}

/** Pushes with the right password, with a wrong one and without. */
async function assertLogin(host: string): Promise<void> {
  const target = `docker://${host}/hello:v1`;
  await run('skopeo', ['copy', plain, '--dest-creds=user:password', archive, target]);
  const image = await inspect(`${host}/hello:v1`, '--creds=user:password');
  assert.equal(image.Layers.length, 2);
  await assert.rejects(run('skopeo', ['copy', plain, '--dest-creds=user:wrong', archive, target]), /unauthorized/i);
  await assert.rejects(
    run('skopeo', ['copy', plain, '--dest-no-creds', archive, target]),
    /unauthorized|authentication/i,
  );
}

async function readDiffIds(path: string): Promise<string[]> {
  const config = await run('skopeo', ['inspect', '--config', '--raw', `docker-archive:${path}`]);
  return (JSON.parse(config) as { rootfs: { diff_ids: string[] } }).rootfs.diff_ids;
}

async function startUpload(host: string): Promise<URL> {
  const started = await fetch(`http://${host}/v2/hello/blobs/uploads/`, { method: 'POST' });
  assert.equal(started.status, 202);
  return new URL(started.headers.get('location') ?? '', started.url);
}

async function putBlob(host: string, text: string): Promise<{ digest: string; size: number }> {
  const upload = await startUpload(host);
  const digest = digestOf(Buffer.from(text));
  upload.searchParams.set('digest', digest);
  assert.equal((await fetch(upload, { method: 'PUT', body: text })).status, 201);
  return { digest, size: text.length };
}

function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** The code of the first error in a registry's answer. */
async function errorCode(answer: Response): Promise<string | undefined> {
  const text = await answer.text();
  return text === '' ? undefined : (JSON.parse(text) as { errors: { code: string }[] }).errors[0]?.code;
}
