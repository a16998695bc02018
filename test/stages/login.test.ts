import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { archive } from '../support/archives.ts';
import { failureWith } from '../support/failure.ts';
import { openPutter } from '../support/put-content.ts';
import { type RegistryOptions, startRegistry } from '../support/registry.ts';
import { runMode, type Texts } from './run-mode.ts';

const login = { username: 'user', password: 'password of the inputs' };
const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';

async function open(t: TestContext, options: Partial<RegistryOptions>) {
  const registry = await startRegistry({ directory: await mkdtemp(join(tmpdir(), 'login-')), ...options });
  t.after(() => registry.close());
  return registry;
}

/** A registry that anyone may read from, with a token for nobody, as Docker Hub and ghcr.io have it. */
async function openForeign(t: TestContext) {
  const seen: string[] = [];
  let isClosed = false;
  const registry = await open(t, {
    onRequest({ url = '', headers: { authorization = '', host } }) {
      if (!isClosed) return undefined;
      if (authorization !== '') seen.push(authorization);
      if (url.startsWith('/token')) return { status: 200, body: '{"token":"of-nobody"}' };
      if (authorization !== '') return undefined;
      return { status: 401, headers: { 'WWW-Authenticate': `Bearer realm="http://${host}/token"` } };
    },
  });
  const put = openPutter(registry.host, 'acme/other');
  const config = await put.blob(
    'application/vnd.oci.image.config.v1+json',
    JSON.stringify({ os: 'linux', architecture, rootfs: { type: 'layers', diff_ids: [] } }),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  await put.manifest({ mediaType, config, layers: [] }, '1');
  isClosed = true;
  return { reference: `${registry.host}/acme/other:1`, seen };
}

suite('username and password go to the registries in tags, and nowhere else', () => {
  const image = archive('layered.tar.gz');
  const hello = `path:${fileURLToPath(new URL('../fixtures/package', import.meta.url))}#hello`;
  const nix = { 'nix-conf': 'sandbox = false\nsubstituters =', cache: 'false' };
  const cases: readonly (readonly [name: string, texts: (foreign: string) => Texts])[] = [
    ['base', base => ({ installable: hello, base, ...nix })],
    ['reuse-from', reference => ({ path: image, 'reuse-from': reference })],
    ['from', from => ({ mode: 'promote', from })],
    ['sources', sources => ({ mode: 'index', sources })],
  ];
  for (const [name, texts] of cases) {
    test(name, async t => {
      const own = await open(t, { auth: { kind: 'basic', user: login.username, password: login.password } });
      const { reference, seen } = await openForeign(t);
      const tags = `${own.host}/acme/app:1`;
      const { outputs } = await runMode(
        t,
        { ...texts(reference), tags, push: 'true', ...login },
        { path: process.env.PATH },
      );
      assert.equal(outputs.tags, tags);
      assert.ok(seen.length > 0, 'it was read from');
      assert.deepEqual([...new Set(seen)], ['Bearer of-nobody']);
    });
  }

  test('they are for images too, and for the tags of metadata-action', async t => {
    const own = await open(t, { auth: { kind: 'basic', user: login.username, password: login.password } });
    for (const [texts, tag] of [
      [{ images: `${own.host}/acme/app`, tags: 'type=raw,value=2' }, '2'],
      [{ metadata: JSON.stringify({ tags: [`${own.host}/acme/app:3`] }) }, '3'],
    ] as const) {
      const { outputs } = await runMode(t, { path: image, ...texts, push: 'true', ...login });
      assert.equal(outputs.tags, `${own.host}/acme/app:${tag}`);
    }
  });
});

test("a refused token of the job is named as such, as Gitea's token may not push packages", async t => {
  const registry = await open(t, { auth: { kind: 'bearer', user: 'user', password: 'a token of the user' } });
  const password = 'token of the job';
  const texts = { path: archive('layered.tar.gz'), tags: `${registry.host}/acme/app:1`, push: 'true' };
  await assert.rejects(
    runMode(t, { ...texts, username: 'user', password, 'github-token': password }),
    failureWith('401', 'does not accept the token of the job as the password', 'write:package'),
  );
});
