import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseImages } from '../../src/inputs/parse-inputs.ts';
import { openTransport } from '../../src/lib/http/transport.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { openPromoted } from '../../src/stages/open/open-promoted.ts';
import { describeImages, openPublications } from '../../src/stages/publish/open-publications.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { type Distribution, startDistribution } from '../support/distribution.ts';
import { type Docker, startDocker } from '../support/docker.ts';
import { failureWith } from '../support/failure.ts';
import { openPutter } from '../support/put-content.ts';
import { type Registry, type RegistryOptions, startRegistry } from '../support/registry.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { layersOf, runMode, type Surroundings, type Texts } from './run-mode.ts';

const hello = `path:${fileURLToPath(new URL('../../examples/hello', import.meta.url))}#packages`;
const bothPlatforms = `linux/amd64=${hello}.x86_64-linux.image\nlinux/arm64=${hello}.aarch64-linux.image-stream`;
const onePlatform = `${hello}.x86_64-linux.image`;

/** An image as it was tested, with labels that a release is to change. */
function build(t: TestContext, texts: Texts) {
  const common: Texts = {
    // The builders are the host's own programs, so they run here for whatever platform.
    'nix-conf': 'sandbox = false\nsubstituters =\nextra-platforms = aarch64-linux',
    cache: 'false',
    created: '0',
    push: 'true',
    labels: 'org.example.kept=build\norg.example.changed=build\norg.example.preview=1',
    annotations: 'index:org.example.index=build',
  };
  return runMode(t, { ...common, ...texts }, { path: process.env.PATH });
}

function promote(t: TestContext, texts: Texts, surroundings: Surroundings = {}) {
  const labels = 'org.example.changed=release\n!org.example.preview';
  return runMode(t, { mode: 'promote', created: '2026-01-31T12:00:00Z', push: 'true', labels, ...texts }, surroundings);
}

async function open(t: TestContext, options: Partial<RegistryOptions> = {}): Promise<Registry> {
  const registry = await startRegistry({ directory: await temporaryDirectory(t), ...options });
  t.after(() => registry.close());
  return registry;
}

const kept = { 'org.example.kept': 'build', 'org.example.changed': 'release' };
const blobRequests = ({ requests }: Registry, digests: readonly string[]) =>
  requests.filter(({ method, path }) => method === 'GET' && digests.some(digest => path.includes(digest)));

test('within a repository and into another one: no layer is read or sent, and each platform says what is new', async t => {
  const registry = await open(t);
  const app = `${registry.host}/acme/app`;
  const before = await build(t, { installable: bothPlatforms, tags: `${app}:pr-12`, compression: 'zstd' });
  const seen = registry.requests.length;
  const { image, outputs } = await promote(t, {
    from: `${app}:pr-12`,
    tags: `${app}:1.0,${registry.host}/acme/release:1.0`,
    annotations: 'index:org.example.note=shipped',
  });
  assert.equal(outputs['layers-digest'], before.outputs['layers-digest']);
  assert.deepEqual(layersOf(image), layersOf(before.image));
  assert.notEqual(outputs.digest, before.outputs.digest);
  assert.deepEqual(blobRequests({ ...registry, requests: registry.requests.slice(seen) }, layersOf(image)), []);
  assert.ok(Number(outputs['uploaded-bytes']) < 10_000, 'configs alone are sent');
  assert.equal(image.platforms.length, 2);
  for (const variant of image.platforms) {
    assert.deepEqual({ ...variant.labels, ...kept }, variant.labels);
    assert.ok(!('org.example.preview' in variant.labels));
    assert.equal(variant.created, '2026-01-31T12:00:00Z');
    assert.ok(variant.layers.every(({ state }) => state === 'mounted'));
  }
  for (const repository of ['acme/app', 'acme/release']) {
    const index = await manifestOf(registry, repository, '1.0');
    assert.equal(index.mediaType, 'application/vnd.oci.image.index.v1+json');
    assert.equal(index.annotations['org.example.index'], 'build', 'what the index said stays');
    assert.equal(index.annotations['org.example.note'], 'shipped');
    assert.equal(index.annotations['org.example.changed'], 'release');
    assert.ok(!('org.example.preview' in index.annotations));
    for (const { digest } of index.manifests) {
      const { annotations, layers } = await manifestOf(registry, repository, digest);
      assert.equal(annotations['org.example.changed'], 'release');
      assert.ok(!('org.example.preview' in annotations));
      for (const layer of layers) assert.deepEqual(Object.keys(layer.annotations), ['containerd.io/uncompressed']);
    }
  }
  const again = await promote(t, {
    from: `${app}@${before.outputs.digest}`,
    tags: `${app}:1.0,${registry.host}/acme/release:1.0`,
    annotations: 'index:org.example.note=shipped',
  });
  assert.equal(again.outputs.digest, outputs.digest, 'by digest, and once more: the same image');
  assert.equal(again.outputs['uploaded-bytes'], '0');
});

test('a login for the target is one for where layers are mounted from', async t => {
  const registry = await open(t, { auth: { kind: 'bearer', user: 'user', password: 'password' } });
  const login: Texts = { username: 'user', password: 'password' };
  const from = `${registry.host}/acme/app:pr-12`;
  await build(t, { installable: onePlatform, tags: from, ...login });
  const { image } = await promote(t, { from, tags: `${registry.host}/acme/release:1.0`, ...login });
  assert.ok(image.platforms[0]?.layers.every(({ state }) => state === 'mounted'));
});

test('into another registry: what is missing there is sent through, a broken connection included', async t => {
  const cut = new Set<string>();
  const source = await open(t, {
    auth: { kind: 'basic', user: 'other', password: 'other password' },
    onRequest({ method, url = '' }) {
      if (method !== 'GET' || !url.includes('/blobs/') || cut.has(url)) return undefined;
      cut.add(url);
      return { cutAnswer: 'half' };
    },
  });
  const target = await open(t, { auth: { kind: 'basic', user: 'user', password: 'password' } });
  const login: Texts = { username: 'user', password: 'password' };
  const from = `${source.host}/acme/app:pr-12`;
  const other: Texts = { username: 'other', password: 'other password' };
  const before = await build(t, { installable: onePlatform, tags: from, ...other });
  const home = await temporaryDirectory(t);
  const auth = Buffer.from('other:other password').toString('base64');
  await mkdir(join(home, '.docker'));
  await writeFile(join(home, '.docker', 'config.json'), JSON.stringify({ auths: { [source.host]: { auth } } }));
  const tags = `${target.host}/acme/app:1.0`;
  const { image, outputs } = await promote(t, { from, tags, ...login }, { home });
  assert.equal(outputs['layers-digest'], before.outputs['layers-digest']);
  assert.ok(image.platforms[0]?.layers.every(({ state }) => state === 'uploaded'));
  assert.ok(cut.size > 0);
  const labels = 'org.example.next=1';
  const next = await promote(t, { from, tags: `${target.host}/acme/app:1.1`, labels, ...login }, { home });
  assert.ok(next.image.platforms[0]?.layers.every(({ state }) => state === 'already there'));
});

suite('with a registry and an engine that people run', () => {
  let registry: Distribution;
  let docker: Docker;
  before(async () => {
    [registry, docker] = await Promise.all([startDistribution({ version: 3 }), startDocker()]);
  });
  after(() => Promise.all([registry?.close(), docker?.close()]));

  const raw = async (reference: string) =>
    JSON.parse(await run('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${reference}`]));

  test('an index is read back by skopeo and run by docker', async t => {
    const app = `${registry.host}/acme/app`;
    const before = await build(t, { installable: bothPlatforms, tags: `${app}:pr-12` });
    const { outputs } = await promote(t, { from: `${app}:pr-12`, tags: `${app}:1.0` });
    assert.equal(outputs['layers-digest'], before.outputs['layers-digest']);
    const target = `dir:${await temporaryDirectory(t)}`;
    await run('skopeo', ['copy', '--all', '--quiet', '--src-tls-verify=false', `docker://${app}:1.0`, target]);
    await docker.run('pull', `${app}:1.0`);
    assert.equal(await docker.run('run', '--rm', '--network=none', `${app}:1.0`), 'Hello from Nix\n');
    const labels = await docker.run('image', 'inspect', '--format={{json .Config.Labels}}', `${app}:1.0`);
    assert.equal(JSON.parse(labels)['org.example.changed'], 'release');
  });

  test("Docker's media types become OCI's, and the layers stay", async t => {
    const app = `${registry.host}/docker/app`;
    const before = await build(t, { installable: bothPlatforms, tags: `${app}:oci` });
    await run('skopeo', [
      ...['copy', '--all', '--quiet', '--format=v2s2', '--src-tls-verify=false', '--dest-tls-verify=false'],
      ...[`docker://${app}:oci`, `docker://${app}:docker`],
    ]);
    assert.equal((await raw(`${app}:docker`)).mediaType, 'application/vnd.docker.distribution.manifest.list.v2+json');
    const { outputs } = await promote(t, { from: `${app}:docker`, tags: `${app}:1.0` });
    assert.equal(outputs['layers-digest'], before.outputs['layers-digest']);
    const index = await raw(`${app}:1.0`);
    assert.equal(index.mediaType, 'application/vnd.oci.image.index.v1+json');
    const { mediaType, config, layers } = await raw(`${app}@${index.manifests[0].digest}`);
    assert.deepEqual(
      [mediaType, config.mediaType, ...layers.map((layer: { mediaType: string }) => layer.mediaType)],
      [
        'application/vnd.oci.image.manifest.v1+json',
        'application/vnd.oci.image.config.v1+json',
        ...layers.map(() => 'application/vnd.oci.image.layer.v1.tar+gzip'),
      ],
    );
    await docker.run('pull', `${app}:1.0`);
    assert.equal(await docker.run('run', '--rm', '--network=none', `${app}:1.0`), 'Hello from Nix\n');
  });
});

test("Docker's own type of zstd layers", async t => {
  const registry = await open(t);
  const app = openPutter(registry.host, 'acme/app');
  const layer = await app.blob('application/vnd.docker.image.rootfs.diff.tar.zstd', 'zstd, for all that anyone reads');
  const config = await app.blob(
    'application/vnd.docker.container.image.v1+json',
    JSON.stringify({ os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [digestOf('tar')] } }),
  );
  const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
  await app.manifest({ mediaType, config, layers: [layer] }, 'docker');
  const name = `${registry.host}/acme/app`;
  await promote(t, { from: `${name}:docker`, tags: `${name}:1.0` });
  const { layers } = await manifestOf(registry, 'acme/app', '1.0');
  assert.equal(layers[0].mediaType, 'application/vnd.oci.image.layer.v1.tar+zstd');
  assert.equal(layers[0].digest, layer.digest);
});

test('one platform of an index is no index, and another platform is an error', async t => {
  const registry = await open(t);
  const app = `${registry.host}/acme/app`;
  await build(t, { installable: bothPlatforms, tags: `${app}:pr-12` });
  const { image } = await promote(t, { from: `${app}:pr-12`, platform: 'linux/arm64', tags: `${app}:arm` });
  assert.equal(image.root.mediaType, 'application/vnd.oci.image.manifest.v1+json');
  assert.deepEqual(
    image.platforms.map(({ platform }) => platform),
    ['linux/arm64'],
  );
  const wrong = (from: string, platform: string) => promote(t, { from, platform, tags: `${app}:wrong` });
  await assert.rejects(wrong(`${app}:pr-12`, 'linux/riscv64'), failureWith('linux/riscv64', 'linux/amd64'));
  await assert.rejects(wrong(`${app}:arm`, 'linux/amd64'), failureWith('for linux/amd64', 'for linux/arm64'));
});

test('attestations are left out, and an index stays one', async t => {
  const registry = await open(t);
  const name = `${registry.host}/acme/app`;
  const { image } = await build(t, { installable: onePlatform, tags: `${name}:plain` });
  const app = openPutter(registry.host, 'acme/app');
  const attestation = await app.image('attestation');
  const unknown = { ...attestation, platform: { os: 'unknown', architecture: 'unknown' } };
  const amd64 = { ...image.root, platform: { os: 'linux', architecture: 'amd64' } };
  await app.index([amd64, unknown], 'attested');
  const { image: promoted, lines } = await promote(t, { from: `${name}:attested`, tags: `${name}:1.0` });
  assert.equal(promoted.root.mediaType, 'application/vnd.oci.image.index.v1+json');
  assert.equal(promoted.platforms.length, 1);
  const notices = lines.filter(line => line.startsWith('notice: Attestations'));
  assert.equal(notices.length, 1);
  assert.match(notices[0] ?? '', /\(1\)/);

  const nested = await app.index([amd64], 'inner');
  await app.index([nested], 'outer');
  const from = `${name}:outer`;
  await assert.rejects(promote(t, { from, tags: `${name}:2` }), failureWith('lists another', nested.digest));
});

test('from an OCI layout, directory or tar, whatever the layers are', async t => {
  const registry = await open(t);
  const directory = await temporaryDirectory(t);
  for (const compression of ['gzip', 'zstd', 'none']) {
    const [folder, file] = [join(directory, compression), join(directory, `${compression}.tar`)];
    const texts = { installable: bothPlatforms, push: 'false', compression };
    const before = await build(t, { ...texts, output: `oci:${folder}` });
    await build(t, { ...texts, output: `oci-archive:${file}` });
    for (const from of [folder, file]) {
      const tags = `${registry.host}/acme/app:${compression}`;
      const { outputs, image } = await promote(t, { from, tags });
      assert.equal(outputs['layers-digest'], before.outputs['layers-digest']);
      assert.equal(image.root.mediaType, 'application/vnd.oci.image.index.v1+json');
      const index = await manifestOf(registry, 'acme/app', compression);
      assert.equal(index.annotations['org.example.index'], 'build');
    }
  }
});

test('the created time is that of the commit, as in a build, and created: keep leaves it', async t => {
  const registry = await open(t);
  const app = `${registry.host}/acme/app`;
  await build(t, { installable: onePlatform, tags: `${app}:pr-12` });
  const texts = { mode: 'promote', from: `${app}:pr-12`, tags: `${app}:1.0`, push: 'true' };
  const context = { revision: 'a'.repeat(40), commitTime: 1_700_000_000 };
  const { image } = await runMode(t, texts, { context });
  assert.equal(image.platforms[0]?.created, '2023-11-14T22:13:20Z');
  assert.equal(image.platforms[0]?.labels['org.opencontainers.image.revision'], context.revision);
  const keep = await runMode(t, { ...texts, created: 'keep' }, { context });
  assert.equal(keep.image.platforms[0]?.created, '1970-01-01T00:00:00Z');
});

test('a dry run sends nothing and reports the digest', async t => {
  const registry = await open(t);
  const app = `${registry.host}/acme/app`;
  await build(t, { installable: bothPlatforms, tags: `${app}:pr-12` });
  const texts = { from: `${app}:pr-12`, tags: `${app}:1.0` };
  const seen = registry.requests.length;
  const dry = await promote(t, { ...texts, 'dry-run': 'true' });
  assert.ok(registry.requests.slice(seen).every(({ method }) => method === 'GET' || method === 'HEAD'));
  const { outputs } = await promote(t, texts);
  assert.equal(outputs.digest, dry.outputs.digest);
});

suite('an image that is not there yet', () => {
  const patience = { pause: 20, longest: 10_000 };

  /** Opens what is promoted, in a run for this event. */
  async function openFor(t: TestContext, eventName: string, texts: Texts, given = patience) {
    const runtime = await openTestRuntime({ HOME: '/nonexistent' }, '/', { context: { eventName } });
    t.after(() => runtime.close());
    const { log, env } = runtime;
    const transport = openTransport({ insecureHosts: [], env });
    t.after(() => transport.close());
    const access = { transport, insecureRegistries: [], env, log };
    const described = await describeImages(
      parseImages(name => ({ mode: 'promote', created: 'keep', ...texts })[name] ?? ''),
      runtime,
    );
    const publications = await openPublications(described, { runtime, access });
    const opening = openPromoted(publications, { runtime, access }, given);
    return { opening, lines: runtime.lines };
  }

  test('the run waits for it if its commit was pushed together with the git tag', async t => {
    const registry = await open(t);
    const app = `${registry.host}/acme/app`;
    await build(t, { installable: onePlatform, tags: `${app}:other` });
    const { opening, lines } = await openFor(t, 'push', { from: `${app}:sha-1`, tags: `${app}:1.0` });
    const looks = () => registry.requests.filter(({ path }) => path.endsWith('/manifests/sha-1')).length;
    while (looks() < 3) await sleep(10);
    await build(t, { installable: onePlatform, tags: `${app}:sha-1` });
    assert.equal((await opening)[0]?.platforms.length, 1);
    const notices = lines.filter(line => line.startsWith('notice: '));
    assert.deepEqual(notices, [
      `notice: ${app}:sha-1 does not exist yet. Waiting up to 1 min for the run that pushes it.`,
    ]);
  });

  test('it is an error if it does not arrive, if nobody is about to push it, and by digest', async t => {
    const registry = await open(t);
    const app = `${registry.host}/acme/app`;
    const tags = `${app}:1.0`;
    const impatient = { pause: 10, longest: 50 };
    const late = await openFor(t, 'push', { from: `${app}:sha-1`, tags }, impatient);
    await assert.rejects(late.opening, failureWith(`Cannot promote ${app}:sha-1: the image does not exist, after`));
    for (const [eventName, name] of [
      ['workflow_dispatch', ':sha-1'],
      ['push', `@${digestOf('nothing')}`],
    ] as const) {
      const { opening } = await openFor(t, eventName, { from: `${app}${name}`, tags });
      await assert.rejects(opening, failureWith(`Cannot promote ${app}${name}: the image does not exist. Check from`));
    }
  });
});

test('inputs that do not go together', async t => {
  const tags = 'registry.invalid/acme/app:1';
  const from = 'registry.invalid/acme/app:pr-12';
  for (const [texts, ...parts] of [
    [{ mode: 'promote', tags }, 'from is empty'],
    [{ mode: 'build', from, tags }, 'from', 'the build action', 'only promote accepts this'],
    [{ mode: 'promote', from, installable: '.#image' }, 'installable', 'only the build action accepts this'],
    [{ mode: 'promote', from, path: './result' }, 'path', 'only the build action accepts this'],
    [{ mode: 'promote', from, compression: 'zstd', 'compression-level': '9' }, 'compression, compression-level'],
    [{ mode: 'promote', from: 'Registry/App' }, 'Registry/App'],
    [{ mode: 'promote', from: 'acme/app@sha256:1' }, 'not a digest'],
    [{ mode: 'promote', from: '/nowhere/layout' }, '/nowhere/layout', 'the file does not exist'],
  ] as const) {
    await assert.rejects(runMode(t, texts), failureWith(...parts), JSON.stringify(texts));
  }
});

async function manifestOf({ host }: Registry, repository: string, name: string) {
  const accept = [
    'application/vnd.oci.image.index.v1+json',
    'application/vnd.oci.image.manifest.v1+json',
    'application/vnd.docker.distribution.manifest.v2+json',
  ];
  const response = await fetch(`http://${host}/v2/${repository}/manifests/${name}`, {
    headers: { accept: accept.join(', ') },
  });
  assert.equal(response.status, 200);
  // biome-ignore lint/suspicious/noExplicitAny: a manifest is looked into here and there
  return (await response.json()) as any;
}
