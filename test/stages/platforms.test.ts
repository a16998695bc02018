import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { InputName } from '../../src/inputs/input-table.ts';
import { parseImages } from '../../src/inputs/parse-inputs.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { outputsOf } from '../../src/report/outputs.ts';
import type { RunResult } from '../../src/report/result.ts';
import { actions } from '../../src/run.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { type Distribution, startDistribution } from '../support/distribution.ts';
import { type Docker, startDocker } from '../support/docker.ts';
import { failureWith } from '../support/failure.ts';
import { crane } from '../support/go-program.ts';
import { startRegistry } from '../support/registry.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const hello = `path:${fileURLToPath(new URL('../../examples/hello', import.meta.url))}#packages`;
const pushed = { created: '0', push: 'true' };
/** The builders are the host's own programs, so they run here for whatever platform. */
const built = {
  ...pushed,
  'nix-conf': 'sandbox = false\nsubstituters =\nextra-platforms = aarch64-linux',
  cache: 'false',
};
const bothPlatforms = `linux/amd64=${hello}.x86_64-linux.image\nlinux/arm64=${hello}.aarch64-linux.image-stream`;

type Texts = { readonly [name in InputName]?: string };

async function runWith(t: TestContext, mode: 'build' | 'index', texts: Texts, checkout = '/') {
  const runtime = await openTestRuntime({ HOME: '/nonexistent', PATH: process.env.PATH }, checkout);
  t.after(() => runtime.close());
  const given: Texts =
    mode === 'index'
      ? { ...pushed, mode, labels: '!org.opencontainers.image.version', ...texts }
      : { ...built, ...texts };
  const result: RunResult = await actions[mode](
    parseImages(name => given[name] ?? ''),
    runtime,
  );
  return { result, outputs: outputsOf(result), lines: runtime.lines };
}

async function skopeo(...args: readonly string[]) {
  return JSON.parse(await run('skopeo', ['inspect', '--tls-verify=false', ...args]));
}

suite('platforms', () => {
  let registry: Distribution;
  let docker: Docker;
  before(async () => {
    [registry, docker] = await Promise.all([startDistribution(), startDocker()]);
  });
  after(async () => {
    await Promise.all([registry?.close(), docker?.close()]);
  });

  test('one step makes an index that skopeo reads and docker runs', async t => {
    const reference = `${registry.host}/acme/one:1`;
    const texts = { installable: bothPlatforms, tags: reference, annotations: 'index:org.example.note=both' };
    const { result, outputs } = await runWith(t, 'build', texts);
    const raw = await skopeo('--raw', `docker://${reference}`);
    assert.equal(raw.mediaType, 'application/vnd.oci.image.index.v1+json');
    assert.deepEqual(
      raw.manifests.map(({ platform }: { platform: object }) => platform),
      [
        { architecture: 'amd64', os: 'linux' },
        { architecture: 'arm64', os: 'linux' },
      ],
    );
    assert.equal(raw.annotations['org.example.note'], 'both');
    assert.equal(outputs.digest, result.images[0]?.root.digest);
    for (const architecture of ['amd64', 'arm64']) {
      const seen = await skopeo('--override-arch', architecture, `docker://${reference}`);
      assert.equal(seen.Architecture, architecture);
    }
    // Every digest, size and diffID of every platform.
    await run(crane.path, ['validate', '--remote', reference]);
    await docker.run('pull', reference);
    assert.equal(await docker.run('run', '--rm', '--network=none', reference), 'Hello from Nix\n');

    const again = await runWith(t, 'build', { ...texts, reuse: 'trust' });
    assert.equal(again.outputs.digest, outputs.digest);
    assert.equal(again.outputs['uploaded-bytes'], '0');

    const elsewhere = `${registry.host}/acme/two:1`;
    const reused = await runWith(t, 'build', { ...texts, reuse: 'trust', 'reuse-from': reference, tags: elsewhere });
    const states = reused.result.images.flatMap(({ platforms }) => platforms.flatMap(({ layers }) => layers));
    assert.ok(states.every(({ state }) => state === 'mounted'));
  });

  test('one job per platform pushes by digest, and another job joins the results', async t => {
    const repository = `${registry.host}/acme/joined`;
    const directory = await temporaryDirectory(t);
    for (const [i, installable] of bothPlatforms.split('\n').entries()) {
      const { outputs } = await runWith(t, 'build', { installable, 'push-by-digest': 'true', tags: repository });
      assert.equal(outputs.tags, '');
      await mkdir(join(directory, `job-${i}`));
      await writeFile(join(directory, `job-${i}/descriptor.json`), outputs.descriptor ?? '');
    }
    const tagsUrl = `http://${registry.host}/v2/acme/joined/tags/list`;
    assert.deepEqual(((await (await fetch(tagsUrl)).json()) as { tags?: string[] }).tags ?? [], [], 'no helper tags');

    const tags = `${repository}:1,${repository}:latest`;
    const platform = 'linux/amd64,linux/arm64';
    const { outputs, result } = await runWith(t, 'index', { sources: directory, tags, platform });
    assert.equal(outputs['uploaded-bytes'], '0');
    assert.equal(outputs.tags, tags.replace(',', '\n'));
    const raw = await run('skopeo', ['inspect', '--raw', '--tls-verify=false', `docker://${repository}:latest`]);
    assert.equal(digestOf(raw), outputs.digest);
    await docker.run('pull', `${repository}:1`);
    assert.equal(await docker.run('run', '--rm', '--network=none', `${repository}:1`), 'Hello from Nix\n');

    const layout = join(directory, 'copied');
    await run('skopeo', [
      'copy',
      '--all',
      '--quiet',
      '--src-tls-verify=false',
      `docker://${repository}:1`,
      `oci:${layout}:1`,
    ]);

    // The index itself, and references by digest into another repository.
    const moved = `${registry.host}/other/place`;
    const [first, second] = result.images[0]?.platforms ?? [];
    const sources = `${repository}@${second?.manifest.digest}\n${repository}@${first?.manifest.digest}`;
    const copied = await runWith(t, 'index', { sources, tags: `${moved}:1` });
    assert.equal(copied.outputs.digest, outputs.digest);
    assert.ok(
      copied.result.images[0]?.platforms.every(({ layers }) => layers.every(({ state }) => state === 'mounted')),
    );
    const nested = await runWith(t, 'index', { sources: `${moved}:1`, tags: `${moved}:2` });
    assert.equal(nested.outputs.digest, outputs.digest);
    const fromJson = await runWith(t, 'index', {
      sources: JSON.stringify(result.images[0]?.platforms.map(({ manifest }) => ({ digest: manifest.digest }))),
      tags: `${moved}:3`,
    });
    assert.equal(fromJson.outputs.digest, outputs.digest);
  });

  test('docker lists and docker manifests are read', async t => {
    const source = `${registry.host}/acme/docker`;
    await runWith(t, 'build', { installable: bothPlatforms, tags: `${source}:oci` });
    await run('skopeo', [
      ...['copy', '--all', '--quiet', '--format=v2s2', '--src-tls-verify=false', '--dest-tls-verify=false'],
      ...[`docker://${source}:oci`, `docker://${source}:list`],
    ]);
    const list = await skopeo('--raw', `docker://${source}:list`);
    assert.equal(list.mediaType, 'application/vnd.docker.distribution.manifest.list.v2+json');
    await runWith(t, 'index', { sources: `${source}:list`, tags: `${source}:again` });
    const again = await skopeo('--raw', `docker://${source}:again`);
    assert.equal(again.mediaType, 'application/vnd.oci.image.index.v1+json');
    await docker.run('pull', `${source}:again`);
    assert.equal(await docker.run('run', '--rm', '--network=none', `${source}:again`), 'Hello from Nix\n');
  });

  test('several images in one step: what they have in common is made and sent once', async t => {
    const installable = `one=${hello}.x86_64-linux.image\ntwo=${hello}.x86_64-linux.image-stream`;
    const { result, outputs } = await runWith(t, 'build', {
      installable,
      tags: `${registry.host}/several/{{name}}:1`,
      labels: 'org.example.name={{name}}',
    });
    const images = JSON.parse(outputs.images ?? '');
    assert.deepEqual(
      images.map(({ name, tags }: { name: string; tags: string[] }) => [name, ...tags]),
      [
        ['one', `${registry.host}/several/one:1`],
        ['two', `${registry.host}/several/two:1`],
      ],
    );
    assert.notEqual(images[0].digest, images[1].digest);
    assert.deepEqual(
      result.images.map(({ platforms }) => platforms.flatMap(({ layers }) => layers.map(({ state }) => state))),
      [
        ['uploaded', 'uploaded'],
        ['mounted', 'mounted'],
      ],
    );
    for (const name of ['one', 'two']) {
      const reference = `${registry.host}/several/${name}:1`;
      assert.equal((await skopeo(`docker://${reference}`)).Labels['org.example.name'], name);
    }
  });

  test('several images in one repository have different tags', async t => {
    const images = `${registry.host}/several/shared`;
    const installable = `one=${hello}.x86_64-linux.image\ntwo=${hello}.x86_64-linux.image-stream`;
    const push = (tags: string) =>
      runWith(t, 'build', { installable, images, tags, labels: 'org.example.name={{name}}' });
    const { result } = await push('type=raw,value=1,prefix={{name}}-\ntype=raw,value={{name}}');
    assert.deepEqual(
      result.images.map(({ references }) => references.map(({ tag }) => tag)),
      [
        ['one-1', 'one'],
        ['two-1', 'two'],
      ],
    );
    const states = result.images.map(({ platforms }) => platforms[0]?.layers.map(({ state }) => state));
    assert.deepEqual(states[1], ['already there', 'already there']);
    for (const name of ['one', 'two']) {
      assert.equal((await skopeo(`docker://${images}:${name}-1`)).Labels['org.example.name'], name);
    }
    await assert.rejects(
      push('type=raw,value={{name}}\ntype=raw,value=latest'),
      failureWith(`more than one of them would use ${images}:latest`, '{{name}}'),
    );
  });

  test('the key of the store cache depends on every image of the step', async t => {
    const keyOf = async (installable: string) => {
      const [checkout, directory] = [await temporaryDirectory(t), await temporaryDirectory(t)];
      const cache = { cache: 'restore', 'cache-to': directory };
      const { result } = await runWith(t, 'build', { ...cache, installable, push: 'false' }, checkout);
      return result.cache?.key;
    };
    const one = `one=${hello}.x86_64-linux.image`;
    assert.notEqual(await keyOf(one), await keyOf(`${one}\ntwo=${hello}.x86_64-linux.image-stream`));
  });

  test('a layout of an index holds every platform', async t => {
    const path = join(await temporaryDirectory(t), 'layout');
    const { outputs } = await runWith(t, 'build', { installable: bothPlatforms, push: 'false', output: `oci:${path}` });
    const raw = await run('skopeo', ['inspect', '--raw', `oci:${path}`]);
    assert.equal(digestOf(raw), outputs.digest);
    await run('skopeo', ['copy', '--all', '--quiet', `oci:${path}`, `oci:${path}-copied:1`]);
  });
});

test('sources that do not fit are refused, and no tag is moved', async t => {
  const registry = await startRegistry({ directory: await temporaryDirectory(t) });
  t.after(() => registry.close());
  const repository = `${registry.host}/acme/app`;
  const { outputs } = await runWith(t, 'build', {
    installable: `${hello}.x86_64-linux.image`,
    'push-by-digest': 'true',
    tags: repository,
  });
  const other = await runWith(t, 'build', {
    installable: `${hello}.x86_64-linux.image`,
    'push-by-digest': 'true',
    tags: repository,
    labels: 'other=1',
  });
  const tags = `${repository}:1`;
  for (const [sources, platform, ...parts] of [
    [`${outputs.image}\n${other.outputs.image}`, '', 'linux/amd64', outputs.digest ?? ''],
    [outputs.image ?? '', 'linux/amd64,linux/arm64', 'linux/arm64', 'linux/amd64'],
    [`${repository}@sha256:${'0'.repeat(64)}`, '', '0'.repeat(64)],
    ['{"digest": "sha256:1"}', '', 'digest'],
    ['{', '', 'JSON'],
    ['./nowhere.json', '', 'nowhere.json'],
  ] as const) {
    const join = runWith(t, 'index', { sources, platform, tags });
    await assert.rejects(join, failureWith(...parts));
  }
  assert.ok(!registry.requests.some(({ method, path }) => method === 'PUT' && path.endsWith('/manifests/1')));
});

test('a tag that must not move', async t => {
  const registry = await startRegistry({ directory: await temporaryDirectory(t) });
  t.after(() => registry.close());
  const build = (tags: string, ifExists: string, labels: string) =>
    runWith(t, 'build', { installable: `${hello}.x86_64-linux.image`, tags, 'if-exists': ifExists, labels });
  const [release, latest] = ['1.0', 'latest'].map(tag => `${registry.host}/acme/app:${tag}`);
  const first = await build(`${release},${latest}`, 'error', 'a=1');
  const same = await build(`${release}`, 'error', 'a=1');
  assert.equal(same.outputs.digest, first.outputs.digest, 'a run that is repeated changes nothing');
  await assert.rejects(build(`${latest},${release}`, 'error', 'a=2'), failureWith(release ?? '', 'if-exists'));
  const digestOfTag = async (tag: string) => {
    const response = await fetch(`http://${registry.host}/v2/acme/app/manifests/${tag}`);
    return digestOf(Buffer.from(await response.arrayBuffer()));
  };
  assert.equal(await digestOfTag('latest'), first.outputs.digest, 'no tag was moved');
  const skipped = await build(`${release},${registry.host}/acme/app:new`, 'skip', 'a=2');
  assert.equal(skipped.outputs.tags, `${registry.host}/acme/app:new`);
  assert.equal(await digestOfTag('1.0'), first.outputs.digest);
  assert.ok(skipped.lines.some(line => line.startsWith('notice:') && line.includes(`${release}`)));
});
