import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmod, copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { OpenedImage } from '../../src/image/open-image.ts';
import { Failure } from '../../src/lib/failure.ts';
import { diffIdsOf } from '../../src/oci/config.ts';
import { digestOf, hexOf } from '../../src/oci/digest.ts';
import { archive, layeredConfig } from '../support/archives.ts';
import { failureWith } from '../support/failure.ts';
import { open } from '../support/open-image.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { packValid } from '../support/validate-image.ts';
import { writeArchive } from '../support/write-archive.ts';
import { vectors } from './golden-store.ts';

const buildImageConfig = '71b526bc9fb6bb3c5cfbd7e874b6fea3de6bf9d88964ebedfb0879b82a1ecf7d';

async function openPath(t: TestContext, path: string): Promise<OpenedImage> {
  return open(path, await temporaryDirectory(t));
}

/** Reads all layers, each against its diffID. */
async function packOpened(t: TestContext, { image }: OpenedImage) {
  return packValid(image, await temporaryDirectory(t));
}

/** A file in a directory of the test; `mode` as for chmod. */
async function fileOf(t: TestContext, content: string | Buffer, mode = 0o644): Promise<string> {
  const path = join(await temporaryDirectory(t), 'file');
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

suite('one image in every wrapping', () => {
  for (const [name, shape] of [
    ['stream.tar', 'docker-archive (plain)'],
    ['layered.tar.gz', 'docker-archive (gzip)'],
    ['layered.tar.zst', 'docker-archive (zstd)'],
    ['skopeo-docker-archive.tar', 'docker-archive (plain)'],
  ] as const) {
    test(name, async t => {
      const opened = await openPath(t, archive(name));
      assert.equal(opened.shape, shape);
      assert.equal(digestOf(opened.image.config.bytes), layeredConfig);
      const { layers } = await packOpened(t, opened);
      assert.deepEqual(
        layers.map(({ diffId }) => diffId),
        diffIdsOf(opened.image.config),
      );
      assert.equal(layers.length, 7);
    });
  }

  test('and all give one manifest', async t => {
    const names = ['stream.tar', 'layered.tar.gz', 'layered.tar.zst', 'skopeo-docker-archive.tar'];
    const packed = await Promise.all(names.map(async name => packOpened(t, await openPath(t, archive(name)))));
    assert.equal(new Set(packed.map(({ manifest }) => manifest.descriptor.digest)).size, 1);
  });
});

test('its layers in a tar of an OCI layout', async t => {
  const { layers } = await packOpened(t, await openPath(t, archive('oci.tar')));
  const { image } = await openPath(t, archive('stream.tar'));
  assert.deepEqual(
    layers.map(({ diffId }) => diffId),
    diffIdsOf(image.config),
  );
});

test('the archive of buildImage', async t => {
  const opened = await openPath(t, archive('buildImage.tar.gz'));
  assert.equal(opened.shape, 'docker-archive (gzip)');
  assert.equal((await packOpened(t, opened)).layers.length, 1);
  assert.equal(digestOf(opened.image.config.bytes), `sha256:${buildImageConfig}`);
});

test('content counts, not the name, also behind links', async t => {
  const directory = await temporaryDirectory(t);
  await copyFile(archive('layered.tar.zst'), join(directory, 'image.tar.gz'));
  await symlink('image.tar.gz', join(directory, 'result'));
  const { shape, image } = await openPath(t, join(directory, 'result'));
  assert.equal(shape, 'docker-archive (zstd)');
  assert.equal(digestOf(image.config.bytes), layeredConfig);
});

suite('the script of streamLayeredImage', () => {
  test('is run, and its output read', async t => {
    const script = await fileOf(t, `#!/bin/sh\nexec cat ${archive('stream.tar')}\n`, 0o755);
    const opened = await openPath(t, script);
    assert.match(opened.shape, /script/);
    assert.equal(digestOf(opened.image.config.bytes), layeredConfig);
    assert.equal((await packOpened(t, opened)).layers.length, 7);
  });

  test('fails with its own last words', async t => {
    const script = await fileOf(t, '#!/bin/sh\necho "no such store path" >&2\nexit 7\n', 0o755);
    await assert.rejects(openPath(t, script), failureWith(`the image ${script}`, 'exit code 7', 'no such store path'));
  });

  test('is not believed when it stops early', async t => {
    const script = await fileOf(t, `#!/bin/sh\nhead -c 100000 ${archive('stream.tar')}\n`, 0o755);
    await assert.rejects(openPath(t, script), failureWith(`Cannot read the image ${script}: it is cut off`));
  });

  test('with an interpreter that is not there', async t => {
    const script = await fileOf(t, '#!/no/such/interpreter\n', 0o755);
    await assert.rejects(openPath(t, script), failureWith(`Cannot run ${script}`));
  });
});

test('of a base archive with several images the first is taken, as the script takes it', async t => {
  const directory = await temporaryDirectory(t);
  const [lower, other, upper] = ['the lower layer', 'another layer', 'the upper layer'];
  const configOf = (layer: string) =>
    JSON.stringify({ config: { Env: [layer] }, rootfs: { type: 'layers', diff_ids: [digestOf(layer)] } });
  const entryOf = (name: string) => ({
    Config: `${name}.json`,
    RepoTags: [`${name}:1`],
    Layers: [`${name}/layer.tar`],
  });
  await writeArchive(join(directory, 'base.tar'), [
    ['first.json', configOf(lower)],
    ['second.json', configOf(other)],
    ['first/layer.tar', lower],
    ['second/layer.tar', other],
    ['manifest.json', JSON.stringify(['first', 'second'].map(entryOf))],
  ]);
  await mkdir(join(directory, 'customisation'));
  await writeFile(join(directory, 'customisation/layer.tar'), upper);
  await writeFile(join(directory, 'customisation/checksum'), hexOf(digestOf(upper)));
  const conf = JSON.parse(await readFile(new URL('stream/17-no-store-layers/conf.json', vectors), 'utf8'));
  const settings = {
    ...conf,
    from_image: join(directory, 'base.tar'),
    customisation_layer: join(directory, 'customisation'),
  };
  const { image } = await openPath(t, await fileOf(t, JSON.stringify(settings)));
  assert.deepEqual(
    image.layers.map(({ diffId }) => diffId),
    [digestOf(lower), digestOf(upper)],
  );
  assert.deepEqual((image.config.json.config as { Env: unknown }).Env, [lower]);
});

suite('anything else: what was found, and what is understood', () => {
  for (const [name, content, ...parts] of [
    ['an empty file', '', 'it is an empty file'],
    ['JSON that is a list', '[{}]', 'it begins with "[{}]"'],
    ['a program', execFileSync('head', ['-c', '1000', process.execPath]), 'it is a program'],
    ['a script that is not executable', '#!/bin/sh\n', 'it is a script that is not executable'],
    ['bzip2', 'BZh91AY&SY', 'it is compressed with bzip2'],
    ['text', 'hello world, this is text', 'it begins with "hello world, thi"'],
    ['bytes', Buffer.from([0, 1, 2, 255]), 'it begins with "\\u0000\\u0001\\u0002ÿ"'],
  ] as const) {
    test(name, async t => {
      const path = await fileOf(t, content);
      const understood = ['Understood are', 'streamLayeredImage'];
      await assert.rejects(openPath(t, path), failureWith(`Cannot use ${path} as an image`, ...parts, ...understood));
    });
  }

  test('a directory', async t => {
    const path = join(await temporaryDirectory(t), 'layout');
    await mkdir(path);
    await assert.rejects(openPath(t, path), failureWith(`Cannot use ${path} as an image: it is a directory`));
  });

  test('a path where nothing is, or a link to nothing', async t => {
    const directory = await temporaryDirectory(t);
    await symlink('nowhere', join(directory, 'result'));
    for (const name of ['missing', 'result', 'missing/deeper']) {
      await assert.rejects(
        openPath(t, join(directory, name)),
        failureWith(`the image ${directory}/${name}: there is no such file`),
      );
    }
  });

  test('JSON that is neither settings nor an image', async t => {
    for (const text of ['{', '{"a": 1}', '{"version": 1}']) {
      const path = await fileOf(t, text);
      await assert.rejects(openPath(t, path), failureWith(path));
    }
  });

  test('another tar archive', async t => {
    const path = join(await temporaryDirectory(t), 'other.tar');
    await writeArchive(path, [['readme', 'text']]);
    await assert.rejects(openPath(t, path), failureWith('a tar archive without manifest.json', 'Understood are'));
  });

  for (const [name, content] of [
    ['gzip', execFileSync('gzip', ['-c'], { input: 'text '.repeat(1000) })],
    ['zstd', execFileSync('zstd', ['-qc'], { input: 'text '.repeat(1000) })],
  ] as const) {
    test(`${name} of what is no archive`, async t => {
      await assert.rejects(
        openPath(t, await fileOf(t, content)),
        failureWith('it is not a tar archive, or a damaged one'),
      );
    });
  }
});

suite('an archive cut off anywhere', () => {
  for (const name of ['stream.tar', 'layered.tar.gz', 'layered.tar.zst', 'skopeo-docker-archive.tar']) {
    test(`${name}: a Failure, or all that counts was there`, async t => {
      const whole = await readFile(archive(name));
      let refused = 0;
      for (let part = 0; part < 40; part++) {
        const path = await fileOf(t, whole.subarray(0, Math.floor((whole.length * part) / 40)));
        try {
          const { layers } = await packOpened(t, await openPath(t, path));
          assert.equal(layers.length, 7);
        } catch (error) {
          assert.ok(error instanceof Failure, `${error}`);
          assert.ok(error.message.includes(path), error.message);
          refused += 1;
        }
      }
      assert.ok(refused >= 30, `${refused}`);
    });
  }
});
