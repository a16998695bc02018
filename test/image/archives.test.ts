import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createReadStream, createWriteStream } from 'node:fs';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { suite, type TestContext, test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { type ArchiveChoice, type ArchiveImage, openDockerArchive } from '../../src/image/docker-archive.ts';
import { decompress } from '../../src/lib/compress/decompress.ts';
import { labelsOf } from '../../src/oci/config.ts';
import { digestOf, hexOf } from '../../src/oci/digest.ts';
import { indexArchive } from '../../src/tar/index-archive.ts';
import { archive, layeredConfig } from '../support/archives.ts';
import { startDocker } from '../support/docker.ts';
import { failureWith } from '../support/failure.ts';
import { run } from '../support/run.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { packValid, validateImage } from '../support/validate-image.ts';
import { type Member, writeArchive } from '../support/write-archive.ts';

async function open(path: string, choice?: ArchiveChoice): Promise<ArchiveImage> {
  return openDockerArchive(await indexArchive(path, 'the image x'), choice);
}

async function openMembers(t: TestContext, members: readonly Member[], choice?: ArchiveChoice): Promise<ArchiveImage> {
  const path = join(await temporaryDirectory(t), 'image.tar');
  await writeArchive(path, members);
  return open(path, choice);
}

/** A config that lists these tars, and its name. */
function configOf(layers: readonly string[], label = '') {
  const config = { config: { Labels: { label } }, rootfs: { type: 'layers', diff_ids: layers.map(digestOf) } };
  const text = JSON.stringify({ os: 'linux', architecture: 'amd64', ...config });
  return { name: `${hexOf(digestOf(text))}.json`, text };
}

/** The seven diffIDs of the image in test/vectors/archives. */
const layered = [
  'f6eff6b8d7daa87790af9afdbe6983e26ed2a0cf75050424c9ca69fb99210a55',
  '46d7cb71394851eb53ed0d6442018109d917810fa024edd12c7f680ed697c797',
  '726d468f311cb6fe4457d4d91e76350b889e1899a772c90354f5d43a8ecaca87',
  'fb59573fa5e35501bf19421efc9b459061f4b764f450688b3e1b4e7e02a395c6',
  '349f68adb46698008165aca2635bfe58638cfd92b751d3646f6e35629c85c64a',
  '1a0e363c1266ea6e3bd8d1704cb1969de2485466a67a77342504386a36d32040',
  'a518f6e6790c4dfea0189d459bd95070826b39766779d90273fbd0d1a8e8379d',
].map(hex => `sha256:${hex}`);

suite('one image in every wrapping', () => {
  test('as the script of nixpkgs writes it', async t => {
    const image = await open(archive('stream.tar'));
    assert.equal(digestOf(image.config.bytes), layeredConfig);
    assert.deepEqual(await validateImage(image, await temporaryDirectory(t)), layered);
    assert.deepEqual(
      image.layerNames,
      layered.map(diffId => `${diffId.slice('sha256:'.length)}/layer.tar`),
    );
  });

  test("as skopeo writes it, its layers' old names being symlinks", async t => {
    const image = await open(archive('skopeo-docker-archive.tar'));
    assert.equal(digestOf(image.config.bytes), layeredConfig);
    assert.deepEqual(await validateImage(image, await temporaryDirectory(t)), layered);
  });

  for (const [name, compression] of [
    ['layered.tar.gz', 'gzip'],
    ['layered.tar.zst', 'zstd'],
    ['stream.tar', 'xz'],
  ] as const) {
    test(`compressed with ${compression}`, async t => {
      const directory = await temporaryDirectory(t);
      const [packed, plain] = [join(directory, 'packed'), join(directory, 'plain')];
      if (compression === 'xz') await writeFile(packed, execFileSync('xz', ['-9ec', archive(name)]));
      else await cp(archive(name), packed);
      await pipeline(decompress(createReadStream(packed), compression, 'the image x'), createWriteStream(plain));
      const image = await open(plain);
      assert.equal(digestOf(image.config.bytes), layeredConfig);
      assert.deepEqual(await validateImage(image, directory), layered);
    });
  }

  test("buildImage's, whose layers are not named after their digests", async t => {
    const directory = await temporaryDirectory(t);
    const plain = join(directory, 'plain');
    const source = createReadStream(archive('buildImage.tar.gz'));
    await pipeline(decompress(source, 'gzip', 'the image x'), createWriteStream(plain));
    const image = await open(plain);
    const [diffId] = await validateImage(image, directory);
    assert.ok(!image.layerNames[0]?.startsWith(diffId?.slice('sha256:'.length) ?? '?'));
  });
});

suite('layers', () => {
  const [lower, upper] = ['the lower layer', 'the upper layer'];
  const config = configOf([lower, upper, lower]);
  const manifest = JSON.stringify([{ Config: config.name, RepoTags: null, Layers: ['a', 'b', 'a'] }]);
  const members = (a: string | Buffer, b: string | Buffer): Member[] => [
    ['manifest.json', manifest],
    [config.name, config.text],
    ['a', a],
    ['b', b],
  ];

  test('listed twice are in the image twice and packed once', async t => {
    const directory = await temporaryDirectory(t);
    const image = await openMembers(t, members(lower, upper));
    assert.deepEqual(await validateImage(image, directory), [lower, upper, lower].map(digestOf));
    const made: string[] = [];
    const onLayer = async ({ diffId }: { diffId: string }) => void made.push(diffId);
    const packed = await packValid(image, directory, { onLayer });
    assert.deepEqual(made.toSorted(), [lower, upper].map(digestOf).toSorted());
    assert.equal(packed.layers.length, 3);
  });

  test('in every compression', async t => {
    const xz = (text: string) => execFileSync('xz', ['-c'], { input: text });
    for (const [a, b, encodings] of [
      [gzipSync(lower), zstdCompressSync(upper), ['gzip', 'zstd', 'gzip']],
      [xz(lower), upper, ['tar', 'tar', 'tar']],
      [lower, xz(upper), ['tar', 'tar', 'tar']],
    ] as const) {
      const image = await openMembers(t, members(a, b));
      assert.deepEqual(
        image.layers.map(({ encoding }) => encoding),
        encodings,
      );
      assert.deepEqual(await validateImage(image, await temporaryDirectory(t)), [lower, upper, lower].map(digestOf));
    }
  });

  test('cut off within xz are a Failure that names them', async t => {
    const cut = execFileSync('xz', ['-c'], { input: lower }).subarray(0, -4);
    const image = await openMembers(t, members(cut, upper));
    const packing = packValid(image, await temporaryDirectory(t));
    await assert.rejects(packing, failureWith('the layer "a" of the image x', 'damaged or cut off'));
  });

  test('may be empty', async t => {
    const { name, text } = configOf([]);
    const entry = JSON.stringify([{ Config: name, RepoTags: null, Layers: null }]);
    const image = await openMembers(t, [
      ['manifest.json', entry],
      [name, text],
    ]);
    assert.deepEqual(await validateImage(image, await temporaryDirectory(t)), []);
  });
});

/** The form of docker 25 and later: an OCI layout with manifest.json, blobs named after their digests. */
suite('docker save of today', () => {
  const tars = ['the lower layer', 'the upper layer'];
  const blobs = tars.map(text => gzipSync(text));
  const nameOf = (bytes: string | Buffer) => `blobs/sha256/${hexOf(digestOf(bytes))}`;
  const { text } = configOf(tars);
  const members = (list: readonly (string | Buffer)[]): Member[] => [
    ['oci-layout', '{"imageLayoutVersion":"1.0.0"}'],
    ...list.map((bytes): Member => [nameOf(bytes), bytes]),
    [nameOf(text), text],
    ['manifest.json', JSON.stringify([{ Config: nameOf(text), RepoTags: ['app:1'], Layers: list.map(nameOf) }])],
  ];

  test('with unchanged layers', async t => {
    const image = await openMembers(t, members(tars));
    assert.deepEqual(await validateImage(image, await temporaryDirectory(t)), tars.map(digestOf));
  });

  test('with layers as they came from a registry, whose digests are known', async t => {
    const image = await openMembers(t, members(blobs));
    assert.deepEqual(
      image.layers.map(({ descriptor }) => descriptor?.digest),
      blobs.map(digestOf),
    );
    const directory = await temporaryDirectory(t);
    assert.deepEqual(await validateImage(image, directory), tars.map(digestOf));
    const packed = await packValid(image, directory);
    assert.deepEqual(
      packed.layers.map(({ descriptor }) => descriptor.digest),
      blobs.map(digestOf),
    );
  });

  test('a blob under another name is a Failure once it is read', async t => {
    const other = gzipSync('the upper layer', { level: 1 });
    other[8] = 2;
    const list = members(blobs).map(
      ([header, content]): Member => [header, content === blobs[1] ? other : (content ?? '')],
    );
    const packing = packValid(await openMembers(t, list), await temporaryDirectory(t));
    await assert.rejects(packing, failureWith('but its blob is', digestOf(other)));
  });
});

suite('several images in one archive', () => {
  const layer = 'the layer';
  const images = {
    'ghcr.io/acme/app:1': configOf([layer], 'one'),
    'ghcr.io/acme/app:2': configOf([layer], 'two'),
    'tool:edge': configOf([layer], 'three'),
    'other:latest': configOf([layer], 'four'),
  };
  const bare = configOf([layer], 'five');
  const entries = Object.entries(images).map(([tag, { name }]) => ({ Config: name, RepoTags: [tag], Layers: ['l'] }));
  const manifest = JSON.stringify([...entries, { Config: bare.name, RepoTags: null, Layers: ['l'] }]);
  const configs = [...Object.values(images), bare].map(({ name, text }): Member => [name, text]);
  const members: Member[] = [['manifest.json', manifest], ['l', layer], ...configs];

  for (const [imageName, expected] of [
    ['ghcr.io/acme/app:1', 'one'],
    ['ghcr.io/acme/app:2', 'two'],
    ['tool:edge', 'three'],
    ['docker.io/library/tool:edge', 'three'],
    ['tool', 'three'],
    ['docker.io/library/tool', 'three'],
    ['other', 'four'],
  ] as const) {
    test(`${imageName} is ${expected}`, async t => {
      const image = await openMembers(t, members, { imageName });
      assert.deepEqual(labelsOf(image.config), { label: expected });
      await validateImage(image, await temporaryDirectory(t));
    });
  }

  const all = Object.keys(images).join(', ');
  for (const [imageName, ...parts] of [
    [undefined, `it contains 5 images (${all}, one unnamed image)`],
    ['ghcr.io/acme/app', '2 are named ghcr.io/acme/app', all],
    ['ghcr.io/acme/app:3', 'none is named ghcr.io/acme/app:3', all],
    ['tool:latest', 'none is named tool:latest', all],
    ['acme/app:1', 'none is named acme/app:1', all],
    ['Not A Name', 'none is named Not A Name', all],
    ['', 'none is named', all],
  ] as const) {
    test(`${imageName === undefined ? 'no name' : `"${imageName}"`} is a Failure that lists them`, async t => {
      const opening = openMembers(t, members, imageName === undefined ? {} : { imageName });
      await assert.rejects(opening, failureWith('Cannot choose an image from the image x', 'Set image-name', ...parts));
    });
  }

  test('a name that two images have is a Failure', async t => {
    const twice = JSON.stringify([entries[0], { ...entries[1], RepoTags: ['ghcr.io/acme/app:1'] }]);
    const list: Member[] = [['manifest.json', twice], ['l', layer], ...configs];
    const opening = openMembers(t, list, { imageName: 'ghcr.io/acme/app:1' });
    await assert.rejects(opening, failureWith('2 are named ghcr.io/acme/app:1'));
  });

  test('the name of one image alone must be right too', async t => {
    const list: Member[] = [['manifest.json', JSON.stringify(entries.slice(0, 1))], ['l', layer], ...configs];
    const opening = openMembers(t, list, { imageName: 'tool' });
    await assert.rejects(opening, failureWith('none is named tool; it contains ghcr.io/acme/app:1'));
  });
});

test('skopeo: an archive with two names', async t => {
  const directory = await temporaryDirectory(t);
  const path = join(directory, 'image.tar');
  const options = ['--insecure-policy', '--additional-tag=ghcr.io/acme/app:1'];
  await run('skopeo', ['copy', ...options, `oci-archive:${archive('oci.tar')}`, `docker-archive:${path}:acme/app:2`]);
  for (const imageName of ['ghcr.io/acme/app:1', 'acme/app:2', 'docker.io/acme/app']) {
    const image = await open(path, { imageName });
    assert.deepEqual(await validateImage(image, directory), layered);
  }
});

test('skopeo: a directory of its own kind is packed into an archive and read', async t => {
  const directory = await temporaryDirectory(t);
  const [own, path] = [join(directory, 'own'), join(directory, 'image.tar')];
  await run('skopeo', ['copy', '--insecure-policy', `docker-archive:${archive('stream.tar')}`, `dir:${own}`]);
  await run('skopeo', ['copy', '--insecure-policy', `dir:${own}`, `docker-archive:${path}:app:1`]);
  assert.deepEqual(await validateImage(await open(path), directory), layered);
});

test('docker save: two images, one of them under two names', async t => {
  const directory = await temporaryDirectory(t);
  const path = join(directory, 'saved.tar');
  const docker = await startDocker();
  t.after(() => docker.close());
  const load = async (file: string) =>
    (await docker.run('load', '--input', archive(file))).trim().split(' ').at(-1) ?? '';
  const [layeredName, smallName] = [await load('stream.tar'), await load('buildImage.tar.gz')];
  await docker.run('tag', layeredName, 'ghcr.io/acme/app:1');
  await docker.run('save', '--output', path, layeredName, 'ghcr.io/acme/app:1', smallName);
  const image = await open(path, { imageName: 'ghcr.io/acme/app:1' });
  assert.equal(digestOf(image.config.bytes), layeredConfig);
  assert.deepEqual(await validateImage(image, directory), layered);
  assert.equal((await validateImage(await open(path, { imageName: smallName }), directory)).length, 1);
  await assert.rejects(open(path), failureWith('it contains 2 images', smallName));
});
