import assert from 'node:assert/strict';
import { mkdir, rename, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { mediaTypes } from '../../src/oci/blob.ts';
import { digestOf, hexOf } from '../../src/oci/digest.ts';
import { archive } from '../support/archives.ts';
import { failureWith } from '../support/failure.ts';
import { startRegistry } from '../support/registry.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { writeArchive } from '../support/write-archive.ts';
import { layersOf, runMode, type Surroundings, type Texts } from './run-mode.ts';

// Layouts that a stranger wrote: those that are right are pushed, of all others nothing.

/** The bytes of a layout's files by name. */
type Files = Record<string, string | Buffer>;

function put(files: Files, mediaType: string, content: string | Buffer | object) {
  const bytes = typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content);
  const digest = digestOf(bytes);
  files[nameOf(digest)] = bytes;
  return { mediaType, digest, size: Buffer.byteLength(bytes) };
}

type Put = ReturnType<typeof put>;
const nameOf = (digest: `sha256:${string}`) => `blobs/sha256/${hexOf(digest)}`;

interface Content {
  readonly tars?: readonly string[];
  readonly machine?: object;
  readonly labels?: Readonly<Record<string, string>>;
  /** Over the fields of the config. */
  readonly config?: object;
  /** Over each layer's descriptor. */
  readonly layer?: object;
  /** Over the fields of the manifest. */
  readonly manifest?: object;
}

const usual = { 'org.opencontainers.image.title': 'app' };
const amd64 = { os: 'linux', architecture: 'amd64' };
const arm64 = { os: 'linux', architecture: 'arm64' };

function putImage(files: Files, content: Content = {}): Put {
  const { tars = ['the lower layer', 'the upper layer'], machine = amd64, labels = usual } = content;
  const rootfs = { type: 'layers', diff_ids: tars.map(digestOf) };
  const config = put(files, mediaTypes.config, { ...machine, config: { Labels: labels }, rootfs, ...content.config });
  const layers = tars.map(tar => ({ ...put(files, mediaTypes.layerGzip, gzipSync(tar)), ...content.layer }));
  return put(files, mediaTypes.manifest, {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config,
    layers,
    ...content.manifest,
  });
}

function layoutOf(files: Files, ...manifests: object[]): Files {
  const index = JSON.stringify({ schemaVersion: 2, manifests });
  return { ...files, 'index.json': index, 'oci-layout': '{"imageLayoutVersion":"1.0.0"}' };
}

function oneImage(content: Content = {}): Files {
  const files: Files = {};
  return layoutOf(files, putImage(files, content));
}

async function writeLayout(t: TestContext, files: Files): Promise<string> {
  const directory = join(await temporaryDirectory(t), 'layout');
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), bytes);
  }
  return directory;
}

async function open(t: TestContext) {
  const registry = await startRegistry({ directory: await temporaryDirectory(t) });
  t.after(() => registry.close());
  const tags = `${registry.host}/acme/app:fork-1`;
  const push = (path: string, texts: Texts = {}, surroundings: Surroundings = {}) =>
    runMode(t, { mode: 'push-layout', path, tags, push: 'true', created: 'keep', ...texts }, surroundings);
  /** Nothing but the preflight's empty upload has come. */
  const isUntouched = () => registry.requests.every(({ method }) => method !== 'PUT' && method !== 'PATCH');
  return { registry, tags, push, isUntouched };
}

const inspect = async (reference: string, ...args: string[]) =>
  JSON.parse(await run('skopeo', ['inspect', '--tls-verify=false', ...args, `docker://${reference}`]));

suite('a layout that is right', () => {
  test("goes from a fork's job to the trusted job to the registry, with the trusted job's words", async t => {
    const { push, tags } = await open(t);
    const directory = join(await temporaryDirectory(t), 'layout');
    const labels = 'org.opencontainers.image.title=theirs\norg.opencontainers.image.vendor=theirs';
    const annotations = 'org.example.annotation=theirs';
    const texts = {
      path: archive('layered.tar.gz'),
      created: '0',
      labels,
      annotations,
      tags: 'evil.example/app:latest',
    };
    const before = await runMode(t, { ...texts, output: `oci:${directory}` });
    const sha = 'b'.repeat(40);
    const context = {
      revision: 'a'.repeat(40),
      sha: 'a'.repeat(40),
      commitTime: 1,
      checkoutTime: 2,
      triggeringRun: { sha },
    };
    const given = { labels: 'org.opencontainers.image.title=ours', created: 'commit', 'allow-labels': '*' };
    const { image, outputs } = await push(directory, given, { context });
    assert.equal(outputs.tags, tags, 'no tag but our own');
    assert.deepEqual(layersOf(image), layersOf(before.image));
    const seen = await inspect(tags);
    assert.equal(seen.Digest, outputs.digest);
    assert.equal(seen.Labels['org.opencontainers.image.title'], 'ours');
    assert.equal(seen.Labels['org.opencontainers.image.vendor'], 'theirs');
    assert.equal(seen.Labels['org.opencontainers.image.revision'], sha, 'the commit that was built');
    assert.equal(seen.Created, '1970-01-01T00:00:00Z', 'not the time of a commit that was not built');
    const { annotations: said } = await inspect(tags, '--raw');
    assert.equal(said['org.example.annotation'], undefined);
    await run('skopeo', ['copy', '--quiet', '--src-tls-verify=false', `docker://${tags}`, `oci:${directory}-copied:1`]);
  });

  test('as a tar, with an index, with zstd and plain layers', async t => {
    const { push, tags } = await open(t);
    const files: Files = {};
    const plain = put(files, mediaTypes.layerTar, 'the lower layer');
    const zstd = put(files, mediaTypes.layerZstd, zstdCompressSync(Buffer.from('the upper layer')));
    const images = [putImage(files, { manifest: { layers: [plain, zstd] } }), putImage(files, { machine: arm64 })];
    const index = put(files, mediaTypes.index, { schemaVersion: 2, manifests: images });
    const layout = layoutOf(files, { ...index, annotations: { a: 'latest' } }, index);
    const path = join(await temporaryDirectory(t), 'layout.tar');
    await writeArchive(path, Object.entries(layout));
    const { image } = await push(path);
    assert.deepEqual(layersOf(image).slice(0, 2), [plain.digest, zstd.digest]);
    assert.deepEqual(
      (await inspect(tags, '--raw')).manifests.map(({ platform }: { platform: object }) => platform),
      [
        { architecture: 'amd64', os: 'linux' },
        { architecture: 'arm64', os: 'linux' },
      ],
    );
  });

  test('claims for reuse that were planted in it are not passed on', async t => {
    const { push, tags } = await open(t);
    const claims = {
      'containerd.io/uncompressed': digestOf('another tar'),
      'org.nix-image.identity': 'openssl',
      'org.nix-image.compression': 'gzip-6',
    };
    const path = await writeLayout(t, oneImage({ layer: { annotations: claims }, manifest: { annotations: claims } }));
    await push(path);
    const { layers, annotations = {} } = await inspect(tags, '--raw');
    assert.deepEqual(
      layers.map((layer: Put & { annotations: object }) => layer.annotations),
      ['the lower layer', 'the upper layer'].map(tar => ({ 'containerd.io/uncompressed': digestOf(tar) })),
    );
    assert.deepEqual(
      Object.keys(claims).filter(key => key in annotations),
      [],
    );
  });

  test('an image for arm64/v8 is one for arm64', async t => {
    const { push } = await open(t);
    const path = await writeLayout(t, oneImage({ machine: { ...arm64, variant: 'v8' } }));
    const { image } = await push(path);
    assert.equal(image.platforms[0]?.platform, 'linux/arm64/v8');
  });

  test('says what it is, and nothing of where it comes from', async t => {
    const { push, isUntouched } = await open(t);
    const of = (name: string) => `org.opencontainers.image.${name}`;
    const describing = ['title', 'description', 'documentation', 'licenses', 'version'];
    const claims = ['base.name', 'base.digest', 'vendor', 'authors', 'ref.name', 'source', 'url', 'revision'];
    for (const name of claims) {
      const path = await writeLayout(t, oneImage({ labels: { ...usual, [of(name)]: 'a lie' } }));
      await assert.rejects(push(path), failureWith('not allowed', of(name)));
    }
    assert.ok(isUntouched());
    const labels = Object.fromEntries([...describing, 'revision'].map(name => [of(name), 'theirs']));
    const path = await writeLayout(t, oneImage({ labels }));
    const { image } = await push(path, {}, { context: { revision: 'a'.repeat(40) } });
    assert.equal(image.platforms[0]?.labels[of('revision')], 'a'.repeat(40));
    assert.equal(image.platforms[0]?.labels[of('title')], 'theirs');
  });

  test('allow-labels lets further labels in, labels deletes them', async t => {
    const { push, tags } = await open(t);
    const labels = { ...usual, 'org.example.a': '1', 'org.example.b': '2' };
    const path = await writeLayout(t, oneImage({ labels }));
    await push(path, { 'allow-labels': 'org.opencontainers.image.*\norg.example.a', labels: '!org.example.b' });
    const { Labels } = await inspect(tags);
    assert.equal(Labels['org.example.a'], '1');
    assert.ok(!('org.example.b' in Labels));
  });
});

suite('nothing is pushed of an invalid layout', () => {
  const whole = oneImage();
  const changed = (name: string, change: (bytes: Buffer) => Buffer): Files => ({
    ...whole,
    [name]: change(Buffer.from(whole[name] ?? '')),
  });
  const layer = nameOf(digestOf(gzipSync('the upper layer')));
  const manifest = Object.keys(whole).find(name => whole[name]?.toString().includes('"layers":')) ?? '';
  const config = Object.keys(whole).find(name => whole[name]?.toString().includes('diff_ids')) ?? '';
  const flipped = (bytes: Buffer) => Buffer.from(bytes.map((byte, i) => (i === bytes.length - 1 ? byte ^ 1 : byte)));
  const without = (name: string): Files => Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name));
  const withFiles = (make: (files: Files) => object | readonly object[]): Files => {
    const files: Files = {};
    const roots = make(files);
    return layoutOf(files, ...[roots].flat());
  };
  const anIndex = (files: Files, manifests: readonly object[]) =>
    put(files, mediaTypes.index, { schemaVersion: 2, manifests });
  const root = () => {
    const files: Files = {};
    return putImage(files);
  };
  const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

  for (const [name, files, ...parts] of [
    ['a layer of another digest', changed(layer, bytes => Buffer.from(bytes).fill(2, 8, 9)), 'but its blob is'],
    ['a manifest of another digest', changed(manifest, flipped), 'has the digest'],
    ['a config of another digest', changed(config, flipped), 'has the digest'],
    ['a layer of another size', changed(layer, bytes => bytes.subarray(1)), 'but its descriptor states'],
    ['a size that is no number', layoutOf(whole, { ...root(), size: -1 }), 'its descriptor states -1'],
    ['no layer', without(layer), 'is missing'],
    ['no manifest', without(manifest), 'is missing'],
    ['no config', without(config), 'is missing'],
    ['no index.json', without('index.json'), 'index.json'],
    ['no oci-layout', without('oci-layout'), 'oci-layout'],
    [
      'an index.json that is too large',
      { ...whole, 'index.json': ' '.repeat((4 << 20) + 1) },
      'more than the limit of 4194304',
    ],
    [
      'an index that is too large',
      withFiles(files => put(files, mediaTypes.index, ' '.repeat((4 << 20) + 1))),
      'its index',
      'more than the limit of 4194304',
    ],
    [
      'an index of too many images',
      withFiles(files =>
        anIndex(
          files,
          Array.from({ length: 33 }, (_, i) =>
            putImage(files, { labels: { 'org.opencontainers.image.title': `${i}` } }),
          ),
        ),
      ),
      'lists 33 images',
    ],
    [
      'an index in an index',
      withFiles(files => anIndex(files, [anIndex(files, [putImage(files)])])),
      `lists it with the media type ${mediaTypes.index}`,
    ],
    [
      'an attestation beside the image',
      withFiles(files => {
        const statement = put(files, 'application/vnd.in-toto+json', 'a statement');
        const manifest = { layers: [statement] };
        const machine = { os: 'unknown', architecture: 'unknown' };
        return anIndex(files, [putImage(files), putImage(files, { machine, tars: ['a statement'], manifest })]);
      }),
      '"unknown/unknown"',
    ],
    ['two images', withFiles(files => [putImage(files), putImage(files, { machine: arm64 })]), 'it contains 2 images'],
    [
      'two images for a platform',
      withFiles(files => anIndex(files, [putImage(files), putImage(files, { labels: {} })])),
      'two images for linux/amd64',
    ],
    ['another platform', oneImage({ machine: { os: 'linux', architecture: 's390x' } }), '"linux/s390x"', 'linux/amd64'],
    ['no platform', oneImage({ machine: {} }), 'it is for ""'],
    ["Docker's manifest", withFiles(files => ({ ...putImage(files), mediaType: manifestType })), manifestType],
    [
      'a layer of a foreign type',
      oneImage({ layer: { mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip' } }),
      'not part of the image',
    ],
    ['a layer that is no layer', oneImage({ layer: { mediaType: 'text/html' } }), 'text/html'],
    [
      'a config that is none',
      withFiles(files => {
        const config = put(files, 'application/vnd.cncf.helm.config.v1+json', '{}');
        return putImage(files, { manifest: { config } });
      }),
      'helm',
    ],
    ['more layers than diffIDs', oneImage({ config: { rootfs: { type: 'layers', diff_ids: [] } } }), '0 diff_ids'],
    [
      'a layer whose tar has another diffID',
      oneImage({ config: { rootfs: { type: 'layers', diff_ids: [digestOf('the lower layer'), digestOf('other')] } } }),
      'the diffID',
    ],
    [
      'too many layers',
      oneImage({ tars: Array.from({ length: 128 }, (_, i) => `${i}`) }),
      '128 layers, more than the limit of 127',
    ],
    ['a label that is not allowed', oneImage({ labels: { ...usual, 'org.example.x': '1' } }), '"org.example.x"'],
    ['a label that is named after a method', oneImage({ labels: { constructor: '1' } }), '"constructor"'],
    [
      'a label behind a name that engines take for Labels',
      oneImage({ config: { config: { Labels: usual, labels: { evil: '1' } } } }),
      '"labels"',
    ],
    [
      'a label behind a name that only Unicode takes for Labels',
      oneImage({ config: { config: { Labels: usual, Labelſ: { evil: '1' } } } }),
      '"Labelſ"',
    ],
    ['a config by another name', oneImage({ config: { Config: { Labels: { evil: '1' } } } }), '"Config"'],
    ['another list of diffIDs', oneImage({ config: { RootFS: { diff_ids: [] } } }), '"RootFS"'],
    [
      'a key that comes twice',
      withFiles(files => {
        const twice = '{"os":"linux","architecture":"amd64","os":"windows"}';
        return putImage(files, { tars: [], manifest: { config: put(files, mediaTypes.config, twice) } });
      }),
      "Duplicate key 'os'",
    ],
    [
      'a digest that is a path',
      layoutOf(whole, { ...root(), digest: 'sha256:../../../etc/passwd' }),
      'is not a digest',
    ],
    [
      'a config that is too deep',
      withFiles(files => {
        const deep = put(files, mediaTypes.config, '['.repeat(1 << 20));
        return putImage(files, { tars: [], manifest: { config: deep } });
      }),
      'config',
    ],
  ] as const satisfies readonly (readonly [string, Files, ...string[]])[]) {
    test(name, async t => {
      const { push, isUntouched } = await open(t);
      const path = await writeLayout(t, files);
      await assert.rejects(push(path), failureWith(...parts));
      assert.ok(isUntouched());
    });
  }

  test('links, wherever they lead to', async t => {
    const { push, isUntouched } = await open(t);
    for (const name of ['index.json', layer, 'blobs']) {
      for (const isInside of [true, false]) {
        const path = await writeLayout(t, whole);
        const target = isInside ? join(path, 'moved') : `${path}-moved`;
        await rename(join(path, name), target);
        await symlink(target, join(path, name));
        await assert.rejects(push(path), failureWith('is a symlink'), `${name}, ${isInside}`);
      }
    }
    const path = await writeLayout(t, whole);
    await symlink(path, `${path}-link`);
    await assert.rejects(push(`${path}-link`), failureWith('it is a symlink'));
    assert.ok(isUntouched());
  });

  test('a tar with names and links that lead out of it, and a compressed one', async t => {
    const { push, isUntouched } = await open(t);
    const path = join(await temporaryDirectory(t), 'layout.tar');
    for (const member of [
      { name: '../../escaped' },
      { name: 'index.json', type: 'symlink', linkname: '/etc/passwd' },
    ] as const) {
      await writeArchive(path, [...Object.entries(whole), [member, '']]);
      await assert.rejects(push(path), failureWith('points outside the archive'));
    }
    await writeFile(path, gzipSync('x'));
    await assert.rejects(push(path), failureWith(path, 'uncompressed tar'));
    await assert.rejects(push('/dev/null'), failureWith('/dev/null', 'neither a file nor a directory'));
    assert.ok(isUntouched());
  });

  test('a layer for which nobody has room', async t => {
    const { push, isUntouched } = await open(t);
    const files: Files = {};
    const sparse = put(files, mediaTypes.layerTar, 'small');
    const large = { ...sparse, size: 2 ** 40 };
    const layout = layoutOf(files, putImage(files, { tars: ['small'], manifest: { layers: [large] } }));
    const path = await writeLayout(t, layout);
    await truncate(join(path, nameOf(sparse.digest)), 2 ** 40);
    await assert.rejects(push(path), failureWith('it exceeds the remaining limit of 17179869184 bytes'));
    assert.ok(isUntouched());
  });
});

test('inputs that do not go together', async t => {
  const tags = 'registry.invalid/acme/app:1';
  for (const [texts, ...parts] of [
    [{ mode: 'push-layout', tags }, 'path is empty'],
    [{ mode: 'push-layout', path: '/x', base: 'alpine' }, 'base', 'only the build action accepts this'],
    [{ mode: 'push-layout', path: '/x', from: 'acme/app:1' }, 'from', 'only promote accepts this'],
    [{ mode: 'build', path: '/x', 'allow-labels': '*' }, 'allow-labels', 'only push-layout accepts this'],
    [{ mode: 'push-layout', path: '/nowhere' }, '/nowhere', 'the file does not exist'],
  ] as const) {
    await assert.rejects(runMode(t, texts), failureWith(...parts), JSON.stringify(texts));
  }
});
