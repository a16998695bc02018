import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import type { OpenedImage } from '../../src/image/open-image.ts';
import { Failure } from '../../src/lib/failure.ts';
import { diffIdsOf } from '../../src/oci/config.ts';
import { digestOf, hexOf } from '../../src/oci/digest.ts';
import { archive, layeredConfig } from '../support/archives.ts';
import { failureWith } from '../support/failure.ts';
import { open } from '../support/open-image.ts';
import { run } from '../support/run.ts';
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

const names = {
  wrapper: '5mh7kaj2fyv8mk4sfq1brwxgc02884wi-stream-hello',
  stream: 'dcn9k1q7pkrp1v1hxj2cr3hvwi9w2c1b-stream',
  settings: '0a2d1xw9z3n5q7r8s4v6y1b2c3d4f5g6-hello-conf.json',
  python: '6mh7kaj2fyv8mk4sfq1brwxgc02884wi-python3-3.13.2',
};
const emptySettings = '{"store_layers": [], "customisation_layer": ""}';

interface Script {
  /** What the script does, in sh, which stands for Python; or its first line. */
  readonly does?: string;
  readonly interpreter?: string;
  readonly settings?: string;
  readonly wrap?: (program: string, settings: string) => string;
  /** Where the wrapper lies, below the store. */
  readonly at?: string;
}

const usualWrap = (program: string, settings: string) => `#! /bin/sh -e\nexec "${program}"  ${settings} "$@" \n`;

/** A streamLayeredImage in a store of the test, and a way to open it there. */
async function openScript(t: TestContext, script: Script) {
  const store = await temporaryDirectory(t);
  const { does = 'exit 9', settings = emptySettings, wrap = usualWrap, at = names.wrapper } = script;
  const python = join(store, names.python, 'bin/python3.13');
  const write = async (path: string, text: string) => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    await chmod(path, 0o755);
  };
  await write(python, '#!/bin/sh\nexec /bin/sh "$@"\n');
  await write(join(store, names.stream), `#!${script.interpreter ?? python}\n${does}\n`);
  await write(join(store, names.settings), settings);
  const path = join(store, at);
  await write(path, wrap(join(store, names.stream), join(store, names.settings)));
  const directory = await temporaryDirectory(t);
  const env = { ...process.env, NIX_STORE_DIR: store, SECRET: 'secret' };
  return { path, store, open: (location = {}) => open(path, directory, { env, native: 'off', ...location }) };
}

suite('the script of streamLayeredImage', () => {
  test('is run, and its output read', async t => {
    const opened = await (await openScript(t, { does: `exec cat ${archive('stream.tar')}` })).open();
    assert.match(opened.shape, /script/);
    assert.equal(digestOf(opened.image.config.bytes), layeredConfig);
    assert.equal((await packOpened(t, opened)).layers.length, 7);
  });

  test('is not run for stable layers', async t => {
    const { path, open } = await openScript(t, { does: `exec cat ${archive('stream.tar')}` });
    const split = { readClosure: () => assert.fail('nothing is asked') };
    await assert.rejects(
      open({ split }),
      failureWith(`Cannot use layering: stable for ${path}`, 'that its script writes'),
    );
  });

  test('fails with its own last words', async t => {
    const { path, open } = await openScript(t, { does: 'echo "no such store path" >&2\nexit 7' });
    await assert.rejects(open(), failureWith(`the image ${path}`, 'exit code 7', 'no such store path'));
  });

  test('an early end is a Failure', async t => {
    const { path, open } = await openScript(t, { does: `head -c 100000 ${archive('stream.tar')}` });
    await assert.rejects(open(), failureWith(`Cannot read the image ${path}: it is cut off`));
  });

  test('sees nothing of the environment', async t => {
    const { open } = await openScript(t, { does: 'echo "secret: $SECRET, home: $HOME." >&2\nexit 7' });
    await assert.rejects(open(), failureWith('secret: , home: .'));
  });

  test('is that of nixpkgs of each age', async t => {
    for (const name of await readdir(new URL('stream/wrappers', vectors))) {
      const text = await readFile(new URL(`stream/wrappers/${name}`, vectors), 'utf8');
      const wrap = (program: string, settings: string) =>
        text.replace(/\/nix\/store\/\S*-stream(?=["' ])/, program).replace(/\/nix\/store\/\S*-conf.json/, settings);
      const { open } = await openScript(t, { does: `exec cat ${archive('stream.tar')}`, wrap });
      assert.equal(digestOf((await open()).image.config.bytes), layeredConfig, name);
    }
  });
});

suite('scripts of anything but a streamLayeredImage are not run', () => {
  const ran = join(tmpdir(), `ran-${process.pid}`);
  const touch = `touch ${ran}`;
  const refused = async ({ path, open }: Awaited<ReturnType<typeof openScript>>) => {
    await assert.rejects(open(), failureWith(`Cannot use ${path} as an image`, 'was not run', 'writeShellScriptBin'));
    assert.equal(existsSync(ran), false);
  };
  for (const [description, script] of [
    ['another script', { wrap: () => `#!/bin/sh\n${touch}\n` }],
    ['one that mentions the parts', { wrap: (...parts) => `#!/bin/sh\n${touch}\nexec ${parts.join(' ')} "$@"\n` }],
    ['a wrapper with another line', { wrap: (...parts) => `${usualWrap(...parts)}${touch}\n` }],
    ['a wrapper with a pipe', { wrap: (...parts) => usualWrap(...parts).replace('"$@"', `"$@" | ${touch}`) }],
    ['another interpreter', { interpreter: '/bin/sh', does: touch }],
    ['other settings', { does: touch, settings: '{"layers": []}' }],
    ['settings that are no JSON', { does: touch, settings: 'layers' }],
    ['a file in a directory of the store', { does: touch, at: `${names.wrapper}/bin/stream` }],
    ['a file outside the store', { does: touch, at: `../${names.wrapper}` }],
  ] satisfies [string, Script][]) {
    test(description, async t => refused(await openScript(t, script)));
  }

  test('parts outside the store', async t => {
    const elsewhere = await openScript(t, { does: touch });
    const wrap = () => usualWrap(join(elsewhere.store, names.stream), join(elsewhere.store, names.settings));
    await refused(await openScript(t, { wrap }));
  });

  test('a link out of the store', async t => {
    const elsewhere = await openScript(t, { does: touch });
    const script = await openScript(t, {});
    await rm(join(script.store, names.stream));
    await symlink(join(elsewhere.store, names.stream), join(script.store, names.stream));
    await refused(script);
  });

  test('a store that is another one', async t => {
    const script = await openScript(t, { does: touch });
    await refused({
      ...script,
      open: () => script.open({ env: { ...process.env, NIX_STORE_DIR: '/nix/store', SECRET: '' } }),
    });
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
  const hash = '0a2d1xw9z3n5q7r8s4v6y1b2c3d4f5g6';
  await writeArchive(join(directory, `${hash}-base.tar`), [
    ['first.json', configOf(lower)],
    ['second.json', configOf(other)],
    ['first/layer.tar', lower],
    ['second/layer.tar', other],
    ['manifest.json', JSON.stringify(['first', 'second'].map(entryOf))],
  ]);
  const customisation = join(directory, `${hash}-customisation`);
  await mkdir(customisation);
  await writeFile(join(customisation, 'layer.tar'), upper);
  await writeFile(join(customisation, 'checksum'), hexOf(digestOf(upper)));
  const conf = JSON.parse(await readFile(new URL('stream/17-no-store-layers/conf.json', vectors), 'utf8'));
  const settings = {
    ...conf,
    store_dir: directory,
    from_image: join(directory, `${hash}-base.tar`),
    customisation_layer: customisation,
  };
  const env = { NIX_STORE_DIR: directory };
  const { image } = await open(await fileOf(t, JSON.stringify(settings)), directory, { env });
  assert.deepEqual(
    image.layers.map(({ diffId }) => diffId),
    [digestOf(lower), digestOf(upper)],
  );
  assert.deepEqual((image.config.json.config as { Env: unknown }).Env, [lower]);
});

suite('anything else: the error says what was found, and what is supported', () => {
  for (const [name, content, ...parts] of [
    ['an empty file', '', 'it is an empty file'],
    ['JSON that is a list', '[{}]', 'it begins with "[{}]"'],
    ['an executable program', execFileSync('head', ['-c', '1000', process.execPath]), 'it is an executable program'],
    ['a script that is not executable', '#!/bin/sh\n', 'it is a script that is not executable'],
    ['bzip2', 'BZh91AY&SY', 'it is compressed with bzip2'],
    ['text', 'hello world, this is text', 'it begins with "hello world, thi"'],
    ['bytes', Buffer.from([0, 1, 2, 255]), 'it begins with "\\u0000\\u0001\\u0002ÿ"'],
  ] as const) {
    test(name, async t => {
      const path = await fileOf(t, content);
      const understood = ['Supported are', 'streamLayeredImage'];
      await assert.rejects(openPath(t, path), failureWith(`Cannot use ${path} as an image`, ...parts, ...understood));
    });
  }

  test('a FIFO, which would wait for a writer', { timeout: 10_000 }, async t => {
    const path = join(await temporaryDirectory(t), 'fifo');
    await run('mkfifo', [path]);
    await assert.rejects(
      openPath(t, path),
      failureWith(`Cannot use ${path} as an image: it is neither a file nor a dir`),
    );
  });

  test('a directory', async t => {
    const path = join(await temporaryDirectory(t), 'layout');
    await mkdir(path);
    await assert.rejects(openPath(t, path), failureWith(`Cannot use ${path} as an image: it is a directory`));
  });

  test('an image in the form of the dir: transport', async t => {
    const path = join(await temporaryDirectory(t), 'image');
    const from = `docker-archive:${archive('stream.tar')}`;
    await run('skopeo', ['--insecure-policy', 'copy', '-q', from, `dir:${path}`]);
    await assert.rejects(openPath(t, path), failureWith("skopeo's dir: transport", `skopeo copy dir:${path} oci:`));
  });

  for (const [name, file, ...parts] of [
    ['a root file system of NixOS', 'tarball/nixos-system-x86_64-linux.tar.xz', 'tarball/', 'copyToRoot'],
    ["nix2container's buildLayer", 'layers.json', 'buildLayer', 'Pass it to buildImage'],
    ['a flake', 'flake.nix', 'a directory with flake.nix', 'name it in the input installable'],
    ['a directory of Nix files', 'default.nix', 'a directory with default.nix', 'name it in the input file'],
    ['a directory outside the store', 'share/readme', 'A package must be a store path, right below /nix/store'],
  ] as const) {
    test(name, async t => {
      const directory = await temporaryDirectory(t);
      const path = join(directory, 'built');
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), '[]');
      const openPackage = () => assert.fail('no package');
      await assert.rejects(
        open(path, directory, { openPackage }),
        failureWith(`Cannot use ${path} as an image: it is`, ...parts),
      );
    });
  }

  test('a Nix file', async t => {
    const path = join(await temporaryDirectory(t), 'default.nix');
    await writeFile(path, '{ pkgs ? import <nixpkgs> { } }: pkgs.hello');
    await assert.rejects(
      openPath(t, path),
      failureWith('a Nix file that has not been built: name it in the input file'),
    );
  });

  test('a missing path, or a dangling link', async t => {
    const directory = await temporaryDirectory(t);
    await symlink('nowhere', join(directory, 'result'));
    for (const name of ['missing', 'result', 'missing/deeper']) {
      await assert.rejects(
        openPath(t, join(directory, name)),
        failureWith(`the image ${directory}/${name}: the file does not exist`),
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
    await assert.rejects(openPath(t, path), failureWith('a tar archive without manifest.json', 'Supported are'));
  });

  for (const [name, content] of [
    ['gzip', execFileSync('gzip', ['-c'], { input: 'text '.repeat(1000) })],
    ['zstd', execFileSync('zstd', ['-qc'], { input: 'text '.repeat(1000) })],
  ] as const) {
    test(`${name} of what is no archive`, async t => {
      await assert.rejects(
        openPath(t, await fileOf(t, content)),
        failureWith('it is not a tar archive, or it is damaged'),
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
