import assert from 'node:assert/strict';
import { cp, mkdir, readFile, readlink, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { LayoutChoice } from '../../src/image/oci-layout/choose-entry.ts';
import { openLayoutDirectory } from '../../src/image/oci-layout/layout-directory.ts';
import { openOciLayout } from '../../src/image/oci-layout/open-oci-layout.ts';
import { writeOutput } from '../../src/local/write-output.ts';
import { mediaTypes } from '../../src/oci/blob.ts';
import { labelsOf, platformOf } from '../../src/oci/config.ts';
import { digestOf, hexOf } from '../../src/oci/digest.ts';
import type { Image } from '../../src/oci/image.ts';
import { parseReference } from '../../src/oci/reference.ts';
import { indexArchive } from '../../src/tar/index-archive.ts';
import { archive } from '../support/archives.ts';
import { failureWith } from '../support/failure.ts';
import { nixArguments } from '../support/nix-build.ts';
import { open as openPath } from '../support/open-image.ts';
import { tagged } from '../support/pack.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { packValid, validateImage } from '../support/validate-image.ts';

/** The bytes of a layout's files by name. */
type Files = Record<string, string | Buffer>;

const docker = {
  index: 'application/vnd.docker.distribution.manifest.list.v2+json',
  manifest: 'application/vnd.docker.distribution.manifest.v2+json',
  config: 'application/vnd.docker.container.image.v1+json',
  layerTar: 'application/vnd.docker.image.rootfs.diff.tar',
  layerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  layerZstd: 'application/vnd.docker.image.rootfs.diff.tar.zstd',
};

const blobName = (bytes: string | Buffer) => `blobs/sha256/${hexOf(digestOf(bytes))}`;

/** Adds a blob and gives its descriptor. */
function put(files: Files, mediaType: string, content: string | Buffer | object) {
  const bytes = typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content);
  files[blobName(bytes)] = bytes;
  return { mediaType, digest: digestOf(bytes), size: Buffer.byteLength(bytes) };
}

interface ImageOptions {
  readonly tars?: readonly string[];
  readonly types?: Omit<typeof docker, 'index'>;
  readonly encoding?: 'layerTar' | 'layerGzip' | 'layerZstd';
  readonly machine?: object;
}

const encoders = { layerTar: Buffer.from, layerGzip: gzipSync, layerZstd: zstdCompressSync };
const amd64 = { os: 'linux', architecture: 'amd64' };
const arm64 = { os: 'linux', architecture: 'arm64' };

/** Adds an image; its label tells which it is. Gives the descriptor of its manifest. */
function putImage(files: Files, label: string, options: ImageOptions = {}) {
  const { tars = ['the lower layer', 'the upper layer'], types = mediaTypes, machine = amd64 } = options;
  const { encoding = 'layerGzip' } = options;
  const rootfs = { type: 'layers', diff_ids: tars.map(digestOf) };
  const config = put(files, types.config, { ...machine, config: { Labels: { label } }, rootfs });
  const layers = tars.map(tar => put(files, types[encoding], encoders[encoding](Buffer.from(tar))));
  return put(files, types.manifest, { schemaVersion: 2, config, layers, annotations: { 'org.acme.label': label } });
}

function layoutOf(files: Files, manifests: readonly object[]): Files {
  const index = JSON.stringify({ schemaVersion: 2, manifests });
  return { ...files, 'index.json': index, 'oci-layout': '{"imageLayoutVersion":"1.0.0"}' };
}

/** A layout of one image, one that is right. */
function oneImage(options: ImageOptions = {}): Files {
  const files: Files = {};
  return layoutOf(files, [putImage(files, 'one', options)]);
}

const named = (name: string) => ({ annotations: { 'org.opencontainers.image.ref.name': name } });

async function writeLayout(t: TestContext, files: Files): Promise<string> {
  const directory = join(await temporaryDirectory(t), 'layout');
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), bytes);
  }
  return directory;
}

const openDirectory = (directory: string, choice?: LayoutChoice) =>
  openOciLayout(openLayoutDirectory(directory, 'the image x'), choice);

async function open(t: TestContext, files: Files, choice?: LayoutChoice): Promise<Image> {
  return openDirectory(await writeLayout(t, files), choice);
}

const labelOf = ({ config }: Image) => labelsOf(config).label;

test('plain tars whose media type says gzip, as skopeo copies them from an archive, are plain tars', async t => {
  const files: Files = {};
  const tar = 'a plain tar';
  const rootfs = { type: 'layers', diff_ids: [digestOf(tar)] };
  const config = put(files, docker.config, { ...amd64, rootfs });
  const layers = [put(files, docker.layerGzip, tar)];
  const manifest = put(files, docker.manifest, { schemaVersion: 2, config, layers });
  const image = await open(t, layoutOf(files, [manifest]));
  assert.deepEqual(await validateImage(image, await temporaryDirectory(t)), [digestOf(tar)]);
});

suite('the image of skopeo', () => {
  /** By skopeo from the image of seven layers; its config is another. */
  const expected = 'sha256:ee7a9316e5f2d04e88a9ed8db64b39089d21d19de0df29be3310a1c1364ef42a';
  const baseLayer = 'sha256:f6eff6b8d7daa87790af9afdbe6983e26ed2a0cf75050424c9ca69fb99210a55';

  async function check(t: TestContext, image: Image) {
    assert.equal(digestOf(image.config.bytes), expected);
    const directory = await temporaryDirectory(t);
    const diffIds = await validateImage(image, directory);
    assert.equal(diffIds.length, 7);
    assert.equal(diffIds[0], baseLayer);
    const packed = await packValid(image, directory);
    for (const [i, { descriptor }] of packed.layers.entries()) {
      assert.equal(descriptor.digest, image.layers[i]?.descriptor?.digest, 'layers are passed on as they are');
    }
  }

  const openTar = async (path: string) =>
    openOciLayout(await indexArchive(path, 'the image x'), { imageName: 'golden' });

  test('in a tar', async t => check(t, await openTar(archive('oci.tar'))));

  test('in a tar with its members in another order', async t => {
    const directory = await temporaryDirectory(t);
    const members = (await run('tar', ['--list', '--file', archive('oci.tar')])).trim().split('\n');
    await run('tar', ['--extract', '--file', archive('oci.tar'), '--directory', directory]);
    const files = members.filter(name => !name.endsWith('/')).toReversed();
    const path = join(directory, 'other.tar');
    await run('tar', ['--create', '--file', path, '--directory', directory, ...files.map(name => `./${name}`)]);
    await check(t, await openTar(path));
  });

  test('in a directory', async t => {
    const directory = await temporaryDirectory(t);
    await run('tar', ['--extract', '--file', archive('oci.tar'), '--directory', directory]);
    await check(t, await openDirectory(directory));
  });
});

suite('written by skopeo', () => {
  const copy = (from: string, to: string) => run('skopeo', ['copy', '--insecure-policy', from, to]);

  test('several images in one directory, by their names', async t => {
    const directory = await temporaryDirectory(t);
    const layout = join(directory, 'layout');
    await copy(`docker-archive:${archive('stream.tar')}`, `oci:${layout}:ghcr.io/acme/app:1`);
    await copy(`oci-archive:${archive('oci.tar')}`, `oci:${layout}:ghcr.io/acme/app:2`);
    const small = join(directory, 'small.tar');
    await writeFile(small, gunzipSync(await readFile(archive('buildImage.tar.gz'))));
    await copy(`docker-archive:${small}`, `oci:${layout}:small`);
    for (const [imageName, layers] of [
      ['ghcr.io/acme/app:1', 7],
      ['ghcr.io/acme/app:2', 7],
      ['small', 1],
      ['docker.io/library/small', 1],
    ] as const) {
      assert.equal((await validateImage(await openDirectory(layout, { imageName }), directory)).length, layers);
    }
    const parts = ['are in it', 'ghcr.io/acme/app:1', 'ghcr.io/acme/app:2', 'small (linux/amd64)'];
    await assert.rejects(openDirectory(layout), failureWith(...parts));
  });

  test('an archive, by way of its own kind of directory', async t => {
    const directory = await temporaryDirectory(t);
    const own = join(directory, 'own');
    const path = join(directory, 'image.tar');
    await copy(`docker-archive:${archive('stream.tar')}`, `dir:${own}`);
    await copy(`dir:${own}`, `oci-archive:${path}:app:1`);
    const image = await openOciLayout(await indexArchive(path, 'the image x'), { imageName: 'app:1' });
    assert.equal((await validateImage(image, directory)).length, 7);
  });

  test('its own kind of directory is none', async t => {
    const own = join(await temporaryDirectory(t), 'own');
    await copy(`docker-archive:${archive('stream.tar')}`, `dir:${own}`);
    await assert.rejects(openDirectory(own), failureWith('no file "oci-layout"', 'not an OCI image layout'));
  });
});

test('what this action writes is read again, and two tags are one image', async t => {
  const directory = await temporaryDirectory(t);
  const path = join(directory, 'written');
  const packed = await packValid(await open(t, oneImage()), directory);
  const references = ['ghcr.io/acme/app:1', 'ghcr.io/acme/app:latest'].map(parseReference);
  await writeOutput(tagged(packed, references), { kind: 'oci', path });
  for (const imageName of ['ghcr.io/acme/app:1', 'ghcr.io/acme/app', 'latest']) {
    const image = await openDirectory(path, { imageName });
    assert.deepEqual(image.config.bytes, packed.config.bytes);
    assert.deepEqual(image.annotations, { 'org.acme.label': 'one' });
    assert.equal((await packValid(image, directory)).manifest.descriptor.digest, packed.manifest.descriptor.digest);
  }
});

suite('media types', () => {
  for (const [kind, types] of [
    ['OCI', mediaTypes],
    ['docker', docker],
  ] as const) {
    for (const [encoding, expected] of [
      ['layerTar', 'tar'],
      ['layerGzip', 'gzip'],
      ['layerZstd', 'zstd'],
    ] as const) {
      test(`${kind}, ${expected}`, async t => {
        const image = await open(t, oneImage({ types, encoding }));
        assert.deepEqual(
          image.layers.map(layer => layer.encoding),
          [expected, expected],
        );
        await validateImage(image, await temporaryDirectory(t));
      });
    }
  }

  for (const [mediaType, ...parts] of [
    ['application/vnd.docker.image.rootfs.foreign.diff.tar.gzip', 'not part of the image'],
    ['application/vnd.oci.image.layer.nondistributable.v1.tar+gzip', 'not part of the image'],
    ['application/vnd.in-toto+json', 'media type is not supported'],
  ] as const) {
    test(`${mediaType} is a Failure`, async t => {
      const files = oneImage({ types: { ...mediaTypes, layerGzip: mediaType } });
      await assert.rejects(open(t, files), failureWith('the layer sha256:', 'the image x', mediaType, ...parts));
    });
  }

  test('a config of something else is a Failure', async t => {
    const config = 'application/vnd.cncf.helm.config.v1+json';
    const files = oneImage({ types: { ...mediaTypes, config } });
    await assert.rejects(open(t, files), failureWith('it is not a container image', config));
  });
});

/** Two platforms under one name, with an attestation and a signature beside them, in an index within the index. */
function twoPlatforms(types: typeof docker, machines: readonly [object, object] = [amd64, arm64]): Files {
  const files: Files = {};
  const [first, second] = machines.map(machine => ({
    ...putImage(files, JSON.stringify(machine), { machine, types }),
    platform: machine,
  }));
  const unknown = { os: 'unknown', architecture: 'unknown' };
  const attestation = { ...putImage(files, 'attestation'), platform: unknown };
  const other = put(files, 'application/vnd.acme+json', '{}');
  const index = put(files, types.index, { schemaVersion: 2, manifests: [first, attestation, second, other] });
  return layoutOf(files, [{ ...index, ...named('ghcr.io/acme/app:1') }]);
}

suite('an index of platforms', () => {
  for (const [kind, types] of [
    ['OCI', mediaTypes],
    ['docker', docker],
  ] as const) {
    test(`${kind}: one is chosen`, async t => {
      for (const platform of ['linux/amd64', 'linux/arm64']) {
        for (const choice of [{ platform }, { platform, imageName: 'ghcr.io/acme/app' }]) {
          const image = await open(t, twoPlatforms(types), choice);
          assert.equal(platformOf(image.config), platform);
          await validateImage(image, await temporaryDirectory(t));
        }
      }
    });
  }

  test('without a choice it is a Failure that lists them', async t => {
    const parts = [
      '2 are in it',
      'ghcr.io/acme/app:1 (linux/amd64), ghcr.io/acme/app:1 (linux/arm64)',
      'Set image-name or platform',
    ];
    await assert.rejects(open(t, twoPlatforms(mediaTypes)), failureWith(...parts));
  });

  for (const platform of ['linux/riscv64', 'linux', 'windows/amd64', 'amd64', 'linux/amd64/v3']) {
    test(`${platform} is a Failure that lists the candidates`, async t => {
      const parts = [`none is for ${platform}`, '(linux/amd64)', '(linux/arm64)'];
      await assert.rejects(open(t, twoPlatforms(mediaTypes), { platform }), failureWith(...parts));
    });
  }

  test('a name and a platform that do not go together are a Failure', async t => {
    const choice = { imageName: 'app', platform: 'linux/amd64' };
    const opening = open(t, twoPlatforms(mediaTypes), choice);
    await assert.rejects(opening, failureWith('none is named app and for linux/amd64', 'ghcr.io/acme/app:1'));
  });

  test('variants', async t => {
    const machines = ['v6', 'v7'].map(variant => ({ os: 'linux', architecture: 'arm', variant }));
    const files = twoPlatforms(mediaTypes, [machines[0] ?? {}, machines[1] ?? {}]);
    const image = await open(t, files, { platform: 'linux/arm/v7' });
    assert.equal(platformOf(image.config), 'linux/arm/v7');
    assert.equal(platformOf((await open(t, files, { platform: 'linux/arm' })).config), 'linux/arm/v7');
    for (const platform of ['linux/arm/v5', 'linux/arm/v8']) {
      await assert.rejects(open(t, files, { platform }), failureWith(`none is for ${platform}`));
    }
  });

  test('arm64 is arm64/v8', async t => {
    const files = twoPlatforms(mediaTypes);
    assert.equal(platformOf((await open(t, files, { platform: 'linux/arm64/v8' })).config), 'linux/arm64');
    const v8 = twoPlatforms(mediaTypes, [amd64, { ...arm64, variant: 'v8' }]);
    assert.equal(platformOf((await open(t, v8, { platform: 'linux/arm64' })).config), 'linux/arm64/v8');
  });

  test('that does not say them: the configs do', async t => {
    const files: Files = {};
    const manifests = [amd64, arm64].map(machine => putImage(files, 'x', { machine }));
    const image = await open(t, layoutOf(files, manifests), { platform: 'linux/arm64' });
    assert.equal(platformOf(image.config), 'linux/arm64');
    const parts = manifests.map(({ digest }, i) => `${digest} (linux/${i === 0 ? 'amd64' : 'arm64'})`);
    await assert.rejects(open(t, layoutOf(files, manifests)), failureWith(...parts));
  });

  test('of which one alone was saved', async t => {
    const files = twoPlatforms(mediaTypes);
    const isArmManifest = (bytes: string | Buffer) => bytes.includes('arm64') && bytes.includes('org.acme.label');
    const saved = Object.entries(files).filter(([, bytes]) => !isArmManifest(bytes));
    assert.equal(saved.length, Object.keys(files).length - 1);
    const image = await open(t, Object.fromEntries(saved));
    assert.equal(platformOf(image.config), 'linux/amd64');
    const opening = open(t, Object.fromEntries(saved), { platform: 'linux/arm64' });
    await assert.rejects(opening, failureWith('its manifest sha256:', 'is missing'));
  });

  test('that lists an image for another machine than its config says is a Failure', async t => {
    const files: Files = {};
    const manifest = { ...putImage(files, 'x'), platform: arm64 };
    await assert.rejects(open(t, layoutOf(files, [manifest])), failureWith('for linux/arm64', 'for linux/amd64'));
  });
});

suite('names', () => {
  const files: Files = {};
  const layout = layoutOf(files, [
    { ...putImage(files, 'one'), ...named('1') },
    {
      ...putImage(files, 'two'),
      annotations: { 'io.containerd.image.name': 'docker.io/acme/app:2', ...named('2').annotations },
    },
    { ...putImage(files, 'three'), ...named('tool:edge') },
  ]);
  for (const [imageName, expected] of [
    ['1', 'one'],
    ['2', 'two'],
    ['acme/app:2', 'two'],
    ['acme/app', 'two'],
    ['tool', 'three'],
  ] as const) {
    test(`${imageName} is ${expected}`, async t =>
      assert.equal(labelOf(await open(t, layout, { imageName })), expected));
  }

  test('another is a Failure that lists them', async t => {
    const parts = ['none is named acme/app:1', '1, docker.io/acme/app:2 2, tool:edge'];
    await assert.rejects(open(t, layout, { imageName: 'acme/app:1' }), failureWith(...parts));
  });
});

suite('indexes within indexes', () => {
  const nested = (depth: number) => {
    const files: Files = {};
    let descriptor = putImage(files, 'deep');
    for (let i = 1; i < depth; i++)
      descriptor = put(files, mediaTypes.index, { schemaVersion: 2, manifests: [descriptor] });
    return layoutOf(files, [descriptor]);
  };

  test('four are read', async t => assert.equal(labelOf(await open(t, nested(4))), 'deep'));

  test('five are a Failure', async t => {
    await assert.rejects(open(t, nested(5)), failureWith('the image x', 'nested more than 4 deep'));
  });
});

suite('a layout that lies or lacks something is a Failure', () => {
  const whole = oneImage();
  const find = (text: string) => {
    const name = Object.keys(whole).find(key => key.startsWith('blobs/') && whole[key]?.includes(text));
    assert.ok(name);
    return name;
  };
  const [manifest, config] = [find('org.acme.label'), find('diff_ids')];
  const layer = blobName(gzipSync('the upper layer'));
  const index = (...manifests: object[]) => ({ 'index.json': JSON.stringify({ manifests }) });
  const [descriptor] = JSON.parse(String(whole['index.json'])).manifests;
  const sameSize = (name: string) => String(whole[name]).replace('one', 'two');
  const withManifest = (change: object): Files => {
    const files: Files = {};
    const changed = put(files, mediaTypes.manifest, { ...JSON.parse(String(whole[manifest])), ...change });
    return { ...files, ...index(changed) };
  };

  for (const [name, changed, ...parts] of [
    ['no oci-layout', { 'oci-layout': undefined }, 'no file "oci-layout"'],
    ['another version', { 'oci-layout': '{"imageLayoutVersion":"2.0.0"}' }, 'imageLayoutVersion is "2.0.0"', '"1.0.0"'],
    ['no version', { 'oci-layout': '{}' }, 'imageLayoutVersion is undefined'],
    ['oci-layout that is no JSON', { 'oci-layout': 'x' }, 'oci-layout of the image x', 'not JSON'],
    ['no index.json', { 'index.json': undefined }, 'it has no file "index.json"'],
    ['index.json that is cut off', { 'index.json': '{"manifests":[' }, 'index.json of the image x', 'not JSON'],
    ['index.json that is a list', { 'index.json': '[]' }, 'index.json of the image x', 'not a JSON object'],
    ['index.json without manifests', { 'index.json': '{}' }, '"manifests" is not a list'],
    ['an index of nothing', index(), 'lists no image'],
    ['an index of other things', index({ ...descriptor, mediaType: 'text/plain' }), 'lists no image'],
    [
      'an entry that is no descriptor',
      index(descriptor, descriptor.digest),
      '"manifests[1]" of index.json',
      'not a descriptor',
    ],
    [
      'an entry without media type',
      index({ ...descriptor, mediaType: undefined }),
      '"manifests[0]" of index.json',
      '"mediaType"',
    ],
    [
      'an entry without digest',
      index({ ...descriptor, digest: 'sha256:../../x' }),
      '"manifests[0]" of index.json',
      '"sha256:../../x" is not a digest',
    ],
    ['an entry without size', index({ ...descriptor, size: '7' }), '"size" is not a number'],
    ['annotations that are numbers', index({ ...descriptor, annotations: { a: 1 } }), '"annotations" is not a map'],
    [
      'a platform that is half one',
      index({ ...descriptor, platform: { os: 'linux' } }),
      '"platform" has no os and architecture',
    ],
    ['an entry of another size', index({ ...descriptor, size: 7 }), 'its manifest sha256:', 'its descriptor states 7'],
    ['no manifest', { [manifest]: undefined }, 'its manifest sha256:', 'is missing', manifest],
    ['no config', { [config]: undefined }, 'its config sha256:', 'is missing', config],
    ['no layer', { [layer]: undefined }, 'its layer sha256:', 'is missing', layer],
    [
      'a manifest of other bytes',
      { [manifest]: sameSize(manifest) },
      'its manifest sha256:',
      'has the digest',
      digestOf(sameSize(manifest)),
    ],
    [
      'a config of other bytes',
      { [config]: sameSize(config) },
      'its config sha256:',
      'has the digest',
      digestOf(sameSize(config)),
    ],
    ['a layer that is cut off', { [layer]: 'x' }, 'its layer sha256:', 'has 1 bytes'],
    ['a manifest without layers', withManifest({ layers: null }), '"layers" is not a list'],
    ['a manifest of too few layers', withManifest({ layers: [] }), 'lists 0 layers, but the config lists 2 diff_ids'],
    ['a manifest without config', withManifest({ config: null }), '"config" of the manifest', 'not a descriptor'],
    ['a layer that is no descriptor', withManifest({ layers: [{}] }), '"layers[0]" of the manifest'],
  ] as const) {
    test(name, async t => {
      const all = Object.entries({ ...whole, ...changed }).filter(([, bytes]) => bytes !== undefined);
      await assert.rejects(open(t, Object.fromEntries(all) as Files), failureWith('the image x', ...parts));
    });
  }

  test('a plain layer that is not the one of the config', async t => {
    const files: Files = {};
    const other = put(files, mediaTypes.layerTar, 'another layer');
    const wrong = { ...whole, ...files, ...withManifest({ layers: [other, other] }) };
    await assert.rejects(open(t, wrong), failureWith(`the layer ${other.digest}`, digestOf('the lower layer')));
  });

  test('a layer of other bytes, once it is read', async t => {
    const same = gzipSync('the upper layer');
    same[8] = 2;
    const image = await open(t, { ...whole, [layer]: same });
    const packing = packValid(image, await temporaryDirectory(t));
    await assert.rejects(packing, failureWith('but its blob is', digestOf(same)));
  });

  test('a layer of another tar, once it is read', async t => {
    const files: Files = {};
    const layers = ['the lower layer', 'THE UPPER LAYER'].map(text => put(files, mediaTypes.layerGzip, gzipSync(text)));
    const image = await open(t, { ...whole, ...withManifest({ layers }), ...files });
    const packing = packValid(image, await temporaryDirectory(t));
    await assert.rejects(packing, failureWith('the diffID', digestOf('the upper layer'), digestOf('THE UPPER LAYER')));
  });

  test('a tar that is cut off', async t => {
    const path = join(await temporaryDirectory(t), 'cut.tar');
    await cp(archive('oci.tar'), path);
    await truncate(path, 100_000);
    await assert.rejects(indexArchive(path, 'the image x'), failureWith('the image x', 'it is cut off within'));
  });
});

suite('a directory', () => {
  test('with links within it, and reached by a link', async t => {
    const directory = await writeLayout(t, oneImage());
    await rename(join(directory, 'index.json'), join(directory, 'real.json'));
    await symlink('real.json', join(directory, 'index.json'));
    await rename(join(directory, 'blobs'), join(directory, 'content'));
    await symlink(join(directory, 'content'), join(directory, 'blobs'));
    await symlink(directory, `${directory}-link`);
    const image = await openDirectory(`${directory}-link`);
    await validateImage(image, await temporaryDirectory(t));
  });

  test('that Nix built of links into the store', async t => {
    const layout = await writeLayout(t, oneImage());
    const farm = `derivation {
      name = "farm";
      system = builtins.currentSystem;
      builder = "/bin/sh";
      args = [ "-c" "cp --recursive --symbolic-link $layout $out" ];
      PATH = "/usr/bin:/bin";
      layout = builtins.path { name = "layout"; path = ${layout}; };
    }`;
    const build = ['build', ...nixArguments, '--impure', '--no-link', '--json', '--expr', farm];
    const [{ outputs }] = JSON.parse(await run('nix', build));
    const directory: string = outputs.out;
    assert.match(await readlink(join(directory, 'index.json')), /^\/nix\/store\/[^/]+-layout\/index\.json$/);
    const { image, shape } = await openPath(directory, await temporaryDirectory(t));
    assert.equal(shape, 'OCI layout');
    assert.equal(labelOf(image), 'one');
    await validateImage(image, await temporaryDirectory(t));
  });

  test('with a link out of it is a Failure that says where to', async t => {
    const layer = blobName(gzipSync('the upper layer'));
    for (const name of ['index.json', layer]) {
      const directory = await writeLayout(t, oneImage());
      const outside = `${directory}-outside`;
      await rename(join(directory, name), outside);
      await symlink(outside, join(directory, name));
      await assert.rejects(
        openDirectory(directory),
        failureWith('the image x', name, outside, 'outside of the directory'),
      );
    }
  });

  test('names that lead out of it are a Failure too', async t => {
    const directory = await writeLayout(t, oneImage());
    await writeFile(`${directory}-outside`, '');
    const files = openLayoutDirectory(directory, 'the image x');
    assert.throws(() => files.has('../layout-outside'), failureWith('outside of the directory'));
  });

  test('with links that go round, or to nowhere', async t => {
    const directory = await writeLayout(t, oneImage());
    const files = openLayoutDirectory(directory, 'the image x');
    await symlink('nowhere', join(directory, 'dangling'));
    await symlink('round', join(directory, 'round'));
    assert.equal(files.has('dangling'), false);
    assert.throws(() => files.has('round'), failureWith('Cannot read "round" of the image x', 'ELOOP'));
  });

  test('with a directory in the place of a file', async t => {
    const directory = await writeLayout(t, oneImage());
    await rm(join(directory, 'index.json'));
    await mkdir(join(directory, 'index.json'));
    await assert.rejects(openDirectory(directory), failureWith('it has no file "index.json"'));
  });

  test('with an index that fills memory', async t => {
    const directory = await writeLayout(t, oneImage());
    await truncate(join(directory, 'index.json'), (16 << 20) + 1);
    await assert.rejects(openDirectory(directory), failureWith('"index.json" has 16777217 bytes'));
  });

  test('of which nothing but JSON is read before a layer is opened', async t => {
    const directory = await writeLayout(t, oneImage());
    const image = await openDirectory(directory);
    const layer = join(directory, blobName(gzipSync('the upper layer')));
    const bytes = await readFile(layer);
    await rm(layer);
    await assert.rejects(validateImage(image, await temporaryDirectory(t)));
    await writeFile(layer, bytes);
    await validateImage(image, await temporaryDirectory(t));
  });
});
