import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { extract } from 'tar-stream';
import { openDockerArchive } from '../../src/image/docker-archive.ts';
import type { Split } from '../../src/image/layering/split-paths.ts';
import { openNix2container } from '../../src/image/nix2container/open-nix2container.ts';
import { type Nix2containerPath, openNix2containerLayer } from '../../src/image/store-layer/nix2container-layer.ts';
import { openStreamLayered } from '../../src/image/stream-layered.ts';
import { runProgram } from '../../src/lib/process.ts';
import { writeOutput } from '../../src/local/write-output.ts';
import { readClosure } from '../../src/nix/closure.ts';
import { mediaTypes } from '../../src/oci/blob.ts';
import { digestOf } from '../../src/oci/digest.ts';
import type { Image } from '../../src/oci/image.ts';
import { parseReference } from '../../src/oci/reference.ts';
import { indexArchive } from '../../src/tar/index-archive.ts';
import { archive } from '../support/archives.ts';
import { type Docker, startDocker } from '../support/docker.ts';
import { failureWith } from '../support/failure.ts';
import { nixArguments } from '../support/nix-build.ts';
import { open } from '../support/open-image.ts';
import { tagged } from '../support/pack.ts';
import { run } from '../support/run.ts';
import { bytesOf } from '../support/streams.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { packValid } from '../support/validate-image.ts';
import { type Member, writeArchive } from '../support/write-archive.ts';

const fixture = new URL('../fixtures/package', import.meta.url).pathname;
const split: Split = {
  readClosure: paths => readClosure({ program: 'nix', env: process.env, exec: runProgram }, paths),
};
const [baseStorePath, customisation] = ['base.tar', 'customisation'].map(
  name => `/nix/store/${'0'.repeat(32)}-${name}`,
);

const historyOf = (image: Image) => image.config.json.history as readonly { comment?: string }[];

/** The store paths that the history names, layer for layer; empty for layers that it names none of. */
function storePathsOf(image: Image): string[][] {
  return historyOf(image).map(({ comment = '' }) => comment.match(/\/nix\/store\/[^']+/g) ?? []);
}

describe('an image that Nix built, its store paths in other layers', () => {
  let docker: Docker;
  /** A program and ten small store paths that each refer to the one before. */
  let hello: string;
  let data: string[];
  /** A package of a program that is a link into another store path. */
  let pair: string;
  let second: string;
  before(async () => {
    docker = await startDocker();
    const build = async (attribute: string) => {
      const installable = `path:${fixture}#${attribute}`;
      const built = await run('nix', ['build', ...nixArguments, '--no-link', '--json', installable]);
      return JSON.parse(built)[0].outputs.out as string;
    };
    [hello, pair] = [await build('hello'), await build('pair')];
    const closure = [...(await split.readClosure([hello, pair])).keys()];
    data = closure
      .filter(path => /-data-\d+$/.test(path))
      .sort((a, b) => Number(/\d+$/.exec(a)) - Number(/\d+$/.exec(b)));
    second = closure.find(path => path.endsWith('-second-1.0')) ?? '';
    assert.equal(data.length, 10);
  });
  after(() => docker?.close());

  /** All that `docker export` of a container gives, but for what Docker puts there itself. */
  async function exportOf(t: TestContext, image: Image): Promise<ReadonlyMap<string, object>> {
    const directory = await temporaryDirectory(t);
    const name = `split-${basename(directory).toLowerCase()}:test`;
    const [path, files] = [join(directory, 'image.tar'), join(directory, 'files.tar')];
    const packed = tagged(await packValid(image, directory), [parseReference(name)]);
    await writeOutput(packed, { kind: 'docker-archive', path });
    await docker.run('load', '--input', path);
    assert.match(await docker.run('run', '--rm', '--network=none', name), /^Hello from /);
    const container = (await docker.run('create', '--network=none', name)).trim();
    await docker.run('export', '--output', files, container);
    const entries = new Map<string, object>();
    for await (const entry of createReadStream(files).pipe(extract())) {
      const { name: member, type, mode, uid, gid, size, mtime, linkname } = entry.header;
      const content = createHash('sha256');
      for await (const chunk of entry) content.update(chunk as Buffer);
      if (/^(\.dockerenv$|dev\/|etc\/|proc\/|sys\/)/.test(member)) continue;
      entries.set(member, { type, mode, uid, gid, size, mtime, linkname, content: content.digest('hex') });
    }
    return entries;
  }

  async function expectSameContainer(t: TestContext, asBuilt: Image, stable: Image): Promise<void> {
    assert.notDeepEqual(storePathsOf(stable), storePathsOf(asBuilt));
    assert.equal(historyOf(stable).length, stable.layers.length);
    assert.deepEqual(stable.config.json.config, asBuilt.config.json.config);
    const expected = await exportOf(t, asBuilt);
    assert.ok(expected.has('nix/store/'));
    assert.deepEqual(await exportOf(t, stable), expected);
  }

  describe('a streamLayeredImage', () => {
    /** An image of the program on a base, its files of another owner and time. */
    async function openStream(t: TestContext, options: { readonly split?: Split } = {}) {
      const directory = await temporaryDirectory(t);
      const base = join(directory, 'base.tar');
      await writeBase(base);
      await writeCustomisation(join(directory, 'customisation'), hello);
      const conf = JSON.parse(
        await readFile(new URL('../vectors/stream/01-minimal/conf.json', import.meta.url), 'utf8'),
      );
      const settings = {
        ...conf,
        architecture: process.arch === 'x64' ? 'amd64' : process.arch,
        config: { Entrypoint: ['/bin/hello'] },
        from_image: baseStorePath,
        store_layers: [...data.map(path => [path]), [hello]],
        customisation_layer: customisation,
        created: '2020-01-01T00:00:00+00:00',
        mtime: '2021-01-01T00:00:00+00:00',
        uid: '1000',
        gid: '100',
        uname: 'user',
        gname: 'users',
      };
      const settingsPath = join(directory, 'conf.json');
      await writeFile(settingsPath, JSON.stringify(settings));
      return openStreamLayered({
        settingsPath,
        nixMode: 0o755,
        now: 0,
        split: options.split,
        locate: path =>
          ({ [baseStorePath ?? '']: base, [customisation ?? '']: join(directory, 'customisation') })[path] ?? path,
        openBase: async path => openDockerArchive(await indexArchive(path, path), 'first'),
      });
    }

    test('Docker exports the same files of the same owners, modes and times', async t => {
      const asBuilt = await openStream(t);
      const stable = await openStream(t, { split });
      assert.equal(asBuilt.layers.length, 13);
      // Ten paths of a few bytes are worth one layer; the program has its own.
      assert.deepEqual(storePathsOf(stable).slice(1, -1), [data.toSorted(byName), [hello]]);
      const ends = (image: Image) => [image.layers[0], image.layers.at(-1)].map(layer => layer?.diffId);
      assert.deepEqual(ends(stable), ends(asBuilt), 'base and customisation layer stay');
      await expectSameContainer(t, asBuilt, stable);
    });

    test('its layers are known by the hashes of Nix, as those of the settings are', async t => {
      const { layers } = await openStream(t, { split });
      assert.match(layers[1]?.identity ?? '', /^stream1:/);
      assert.deepEqual(
        (await openStream(t, { split })).layers.map(layer => layer.identity),
        layers.map(layer => layer.identity),
      );
    });

    test('max-layers counts base and customisation layer', async t => {
      assert.equal((await openStream(t, { split: { ...split, maxLayers: 3 } })).layers.length, 3);
      await assert.rejects(
        openStream(t, { split: { ...split, maxLayers: 2 } }),
        failureWith(
          'with 2 layers: 2 layers stay unchanged, and the store paths need at least one more. Raise max-layers',
        ),
      );
    });
  });

  describe('nix2container', () => {
    const owned = { regex: '.*', mode: '0700', uid: 1000, gid: 100, uname: 'user', gname: 'users' };
    const rewrite = (path: string, perms: readonly (typeof owned)[] = []) => ({
      path,
      options: { rewrite: { regex: `^${path}`, repl: '' }, perms },
    });

    /** An image of these layers, the first `oldLayers` as nix2container 1.0.0 made them. */
    async function openLayers(
      t: TestContext,
      layers: readonly (readonly Nix2containerPath[])[],
      other: { readonly split?: Split; readonly oldLayers?: number } = {},
    ) {
      const described = await Promise.all(
        layers.map(async (paths, i) => {
          const isOld = i < (other.oldLayers ?? 0);
          const version = { mtime: isOld ? 0 : 1, groupName: isOld ? 'uname' : 'gname' } as const;
          const tar = await bytesOf(openNix2containerLayer(paths, path => path, { version }));
          const digest = digestOf(tar);
          return {
            ...{ digest, diff_ids: digest, size: tar.length, paths, mediatype: mediaTypes.layerTar },
            ...(isOld ? {} : { History: { created_by: 'nix2container' } }),
          };
        }),
      );
      const path = join(await temporaryDirectory(t), 'image.json');
      const json = {
        version: 1,
        'image-config': { Entrypoint: [`${hello}/bin/hello`] },
        layers: described,
        arch: process.arch === 'x64' ? 'amd64' : process.arch,
        created: '0001-01-01T00:00:00Z',
      };
      await writeFile(path, JSON.stringify(json));
      return openNix2container({ path, split: other.split });
    }

    /** A store path with these files. */
    async function addToStore(t: TestContext, name: string, files: readonly string[]): Promise<string> {
      const directory = join(await temporaryDirectory(t), name);
      for (const file of files) {
        await mkdir(join(directory, file, '..'), { recursive: true });
        await writeFile(join(directory, file), file);
      }
      return (await run('nix-store', ['--add', directory])).trim();
    }

    const plain = (paths: readonly string[]) => paths.map(path => ({ path }));

    test('Docker exports the same files, with what has options in its own layer', async t => {
      const root = await addToStore(t, 'root', ['opt/file', 'nix/var/db']);
      const more = await addToStore(t, 'more', ['opt/other', 'srv/file']);
      const layers = [
        plain(data.slice(0, 3)),
        [rewrite(root), ...plain(data.slice(3, 6))],
        [
          rewrite(more, [owned]),
          { path: second, options: { perms: [owned] } },
          ...plain(data.slice(6)),
          ...plain([hello]),
        ],
        [rewrite(pair)],
      ];
      const asBuilt = await openLayers(t, layers);
      const stable = await openLayers(t, layers, { split });
      assert.equal(asBuilt.layers.length, 4);
      // What has options, below the two layers of store paths and above.
      assert.deepEqual(storePathsOf(stable), [[], data.toSorted(byName), [hello], [], []]);
      assert.equal(stable.layers.at(-1)?.diffId, asBuilt.layers.at(-1)?.diffId, 'nothing of it was moved');
      await expectSameContainer(t, asBuilt, stable);
    });

    test('a store path into which another layer writes stays where it is', async t => {
      const file = `${hello}/bin/hello`;
      const layers = [plain([hello, ...data]), [{ path: file, options: { perms: [owned] } }], plain([second])];
      const asBuilt = await openLayers(t, layers);
      const stable = await openLayers(t, layers, { split });
      assert.deepEqual(storePathsOf(stable).slice(0, 2), [[], []]);
      await expectSameContainer(t, asBuilt, stable);
    });

    test('the layers of its release 1.0.0 keep their time', async t => {
      const layers = [plain(data.slice(0, 5)), plain([...data.slice(5), hello])];
      await expectSameContainer(
        t,
        await openLayers(t, layers, { oldLayers: 2 }),
        await openLayers(t, layers, { oldLayers: 2, split }),
      );
    });

    test('layers whose files have different times cannot be divided', async t => {
      const layers = [plain(data), plain([hello])];
      await assert.rejects(
        openLayers(t, layers, { oldLayers: 1, split }),
        failureWith('different versions of nix2container made its layers', 'Remove layering to keep its layers'),
      );
    });

    test('an image without whole store paths is refused', async t => {
      await assert.rejects(
        openLayers(t, [[rewrite(pair)]], { split }),
        failureWith('no layer of it is made from whole store paths. Remove layering'),
      );
    });

    test('max-layers counts all that stays', async t => {
      const layers = [[rewrite(pair)], plain([hello, ...data])];
      assert.equal((await openLayers(t, layers, { split: { ...split, maxLayers: 2 } })).layers.length, 2);
      await assert.rejects(
        openLayers(t, layers, { split: { ...split, maxLayers: 1 } }),
        failureWith('with 1 layers: 1 layers stay'),
      );
    });
  });
});

const byName = (a: string, b: string) => (a.slice(44) < b.slice(44) ? -1 : 1);

/** A docker-archive of one layer. */
async function writeBase(path: string): Promise<void> {
  const members: Member[] = [
    [{ name: 'opt/', type: 'directory', mode: 0o711, mtime: new Date(5000) }],
    [{ name: 'opt/base', mode: 0o640, uid: 7, gid: 8, mtime: new Date(6000) }, 'base'],
  ];
  await writeArchive(`${path}.layer`, members);
  const layer = await readFile(`${path}.layer`);
  const config = JSON.stringify({
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
  });
  await writeArchive(path, [
    ['layer.tar', layer],
    ['config.json', config],
    ['manifest.json', JSON.stringify([{ Config: 'config.json', RepoTags: [], Layers: ['layer.tar'] }])],
  ]);
}

/** What `customisation_layer` names: a tar that links the program at the root, and its checksum. */
async function writeCustomisation(directory: string, program: string): Promise<void> {
  await mkdir(directory);
  const layer = join(directory, 'layer.tar');
  await writeArchive(layer, [
    [{ name: 'bin/', type: 'directory', mode: 0o755, mtime: new Date(1000) }],
    [{ name: 'bin/hello', type: 'symlink', linkname: `${program}/bin/hello`, mtime: new Date(1000) }],
  ]);
  await writeFile(join(directory, 'checksum'), digestOf(await readFile(layer)).replace('sha256:', ''));
}

describe('layers that are fixed', () => {
  for (const [name, shape] of [
    ['stream.tar', 'an archive (tar)'],
    ['layered.tar.gz', 'an archive (gzip)'],
    ['oci.tar', 'an archive (tar)'],
  ] as const) {
    test(`${name} cannot have stable layers`, async t => {
      await assert.rejects(
        open(archive(name), await temporaryDirectory(t), { split }),
        failureWith(`Cannot use layering: stable for ${archive(name)}: it is ${shape}, whose layers are fixed`),
      );
    });
  }

  test('an OCI layout cannot have stable layers', async t => {
    const directory = await temporaryDirectory(t);
    await writeFile(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    await assert.rejects(
      open(directory, directory, { split }),
      failureWith('it is an OCI layout, whose layers are fixed'),
    );
  });
});
