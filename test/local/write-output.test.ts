import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { type Output, writeOutput } from '../../src/local/write-output.ts';
import { diffIdsOf, withChanges } from '../../src/oci/config.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { parseReference } from '../../src/oci/reference.ts';
import type { PackedImage } from '../../src/pack/pack-image.ts';
import { archive } from '../support/archives.ts';
import { failureWith } from '../support/failure.ts';
import { open } from '../support/open-image.ts';
import { pack, tagged } from '../support/pack.ts';
import { run } from '../support/run.ts';
import { bytesOf } from '../support/streams.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const references = ['ghcr.io/acme/app:1.2', 'registry:5000/app:edge'].map(parseReference);
const label = 'Hello, "World" = ä';

/** The image of seven layers with a label more, packed. */
async function packedImage(t: TestContext): Promise<PackedImage> {
  const directory = await temporaryDirectory(t);
  const { image } = await open(archive('stream.tar'), directory);
  const config = withChanges(image.config, { labels: { label }, deleted: new Set(), created: '2026-01-31T12:00:00Z' });
  return pack({ ...image, config }, directory);
}

/** What skopeo reads in a place such as `oci:DIR:TAG`. */
async function inspect(place: string): Promise<{ Digest: string; Labels: Record<string, string>; Layers: string[] }> {
  return JSON.parse(await run('skopeo', ['inspect', place]));
}

async function inspectConfig(place: string): Promise<string> {
  return digestOf(await run('skopeo', ['inspect', '--config', '--raw', place]));
}

const digestsOf = (image: PackedImage) => image.layers.map(({ descriptor }) => descriptor.digest);

for (const kind of ['oci', 'oci-archive'] as const) {
  test(`skopeo reads ${kind} under each of its tags`, async t => {
    const image = await packedImage(t);
    const path = join(await temporaryDirectory(t), 'deeper/image');
    await writeOutput(tagged(image, references), { kind, path });
    for (const tag of ['1.2', 'edge']) {
      const { Digest, Labels, Layers } = await inspect(`${kind}:${path}:${tag}`);
      assert.equal(Digest, image.manifest.descriptor.digest);
      assert.equal(Labels.label, label);
      assert.deepEqual(Layers, digestsOf(image));
      assert.equal(await inspectConfig(`${kind}:${path}:${tag}`), image.configBlob.descriptor.digest);
    }
  });
}

test('every blob of an OCI layout is named after its digest, and umoci knows the tags', async t => {
  const image = await packedImage(t);
  const path = join(await temporaryDirectory(t), 'layout');
  await mkdir(path);
  await writeOutput(tagged(image, references), { kind: 'oci', path });
  const names = await readdir(join(path, 'blobs/sha256'));
  for (const name of names) {
    assert.equal(digestOf(await readFile(join(path, 'blobs/sha256', name))), `sha256:${name}`);
  }
  const expected = [...digestsOf(image), image.configBlob.descriptor.digest, image.manifest.descriptor.digest];
  assert.deepEqual(names.toSorted(), [...new Set(expected.map(digest => digest.slice(7)))].toSorted());
  assert.equal(await readFile(join(path, 'oci-layout'), 'utf8'), '{"imageLayoutVersion":"1.0.0"}');
  assert.deepEqual((await run('umoci', ['ls', '--layout', path])).trim().split('\n').toSorted(), ['1.2', 'edge']);
});

test('an OCI layout without references holds the image alone', async t => {
  const image = await packedImage(t);
  const path = join(await temporaryDirectory(t), 'layout');
  await writeOutput(tagged(image, []), { kind: 'oci', path });
  assert.equal((await inspect(`oci:${path}`)).Digest, image.manifest.descriptor.digest);
});

test('skopeo and we ourselves read docker-archive', async t => {
  const image = await packedImage(t);
  const directory = await temporaryDirectory(t);
  const path = join(directory, 'image.tar');
  await writeOutput(tagged(image, references), { kind: 'docker-archive', path });
  for (const name of ['', ':ghcr.io/acme/app:1.2', ':registry:5000/app:edge']) {
    assert.equal((await inspect(`docker-archive:${path}${name}`)).Labels.label, label);
  }
  assert.equal(await inspectConfig(`docker-archive:${path}`), image.configBlob.descriptor.digest);

  const { image: reopened } = await open(path, directory);
  assert.deepEqual(reopened.config.bytes, await bytesOf(image.configBlob.open()));
  const again = await pack(reopened, directory);
  assert.deepEqual(
    again.layers.map(({ diffId }) => diffId),
    diffIdsOf(image.config),
  );
  assert.equal(again.manifest.descriptor.digest, image.manifest.descriptor.digest);
});

test('the same image gives the same archive', async t => {
  const directory = await temporaryDirectory(t);
  for (const kind of ['oci-archive', 'docker-archive'] as const) {
    const [one, other] = [join(directory, `${kind}-1`), join(directory, `${kind}-2`)];
    await writeOutput(tagged(await packedImage(t), references), { kind, path: one });
    await writeOutput(tagged(await packedImage(t), references), { kind, path: other });
    assert.ok((await readFile(one)).equals(await readFile(other)), kind);
  }
});

test('an archive that was there is replaced', async t => {
  const image = await packedImage(t);
  const path = join(await temporaryDirectory(t), 'image.tar');
  await writeFile(path, 'old');
  await writeOutput(tagged(image, references), { kind: 'oci-archive', path });
  assert.equal((await inspect(`oci-archive:${path}:edge`)).Digest, image.manifest.descriptor.digest);
  assert.deepEqual(await readdir(join(path, '..')), ['image.tar']);
});

suite('nothing is left of what fails', () => {
  const broken = async (t: TestContext): Promise<PackedImage> => {
    const image = await packedImage(t);
    async function* breaking() {
      yield Buffer.from('some bytes');
      throw new Error('disk is gone');
    }
    const layers = image.layers.map((layer, i) => (i === 3 ? { ...layer, open: breaking, openTar: breaking } : layer));
    return { ...image, layers };
  };
  for (const kind of ['oci', 'oci-archive', 'docker-archive'] as const) {
    test(kind, async t => {
      const directory = await temporaryDirectory(t);
      const output: Output = { kind, path: join(directory, 'image') };
      const parts = [`${kind}:${output.path}`, 'disk is gone'];
      await assert.rejects(writeOutput(tagged(await broken(t), references), output), failureWith(...parts));
      assert.deepEqual(await readdir(directory), []);
    });
  }

  test('the previous content stays', async t => {
    const path = join(await temporaryDirectory(t), 'image.tar');
    await writeFile(path, 'old');
    await assert.rejects(writeOutput(tagged(await broken(t), references), { kind: 'docker-archive', path }));
    assert.equal(await readFile(path, 'utf8'), 'old');
  });
});

suite('a place that is taken is a Failure', () => {
  test('a directory with files in it', async t => {
    const path = await temporaryDirectory(t);
    await writeFile(join(path, 'mine'), 'mine');
    const writing = writeOutput(tagged(await packedImage(t), references), { kind: 'oci', path });
    await assert.rejects(writing, failureWith(`oci:${path}`, 'it is not empty', 'Remove it or name another'));
    assert.deepEqual(await readdir(path), ['mine']);
  });

  test('a file where a directory is to be', async t => {
    const path = join(await temporaryDirectory(t), 'file');
    await writeFile(path, 'mine');
    const writing = writeOutput(tagged(await packedImage(t), references), { kind: 'oci', path });
    await assert.rejects(writing, failureWith(`oci:${path}`, 'it is not a directory'));
    assert.equal(await readFile(path, 'utf8'), 'mine');
  });

  test('a directory where a file is to be, and a file on the way', async t => {
    const directory = await temporaryDirectory(t);
    const image = await packedImage(t);
    const onto = writeOutput(tagged(image, references), { kind: 'oci-archive', path: directory });
    await assert.rejects(onto, failureWith(`Cannot write the image to oci-archive:${directory}`));
    await writeFile(join(directory, 'file'), '');
    const below = writeOutput(tagged(image, references), {
      kind: 'docker-archive',
      path: join(directory, 'file/image'),
    });
    await assert.rejects(below, failureWith(`Cannot write the image to docker-archive:${directory}/file/image`));
    assert.deepEqual(await readdir(directory), ['file']);
  });
});
