import assert from 'node:assert/strict';
import { mkdir, readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { openEntry } from '../../src/cache/read-entry.ts';
import { writeCacheEntry } from '../../src/cache/write-entry.ts';
import type { InputName } from '../../src/inputs/input-table.ts';
import { parseInputs } from '../../src/inputs/parse-inputs.ts';
import { nixSystem } from '../../src/nix/system.ts';
import type { Descriptor } from '../../src/oci/blob.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { actions } from '../../src/run.ts';
import type { Runtime } from '../../src/runtime.ts';
import type { PostTask } from '../../src/stages/build/save-task.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { archive } from '../support/archives.ts';
import { startDistribution } from '../support/distribution.ts';
import { imageType, openPutter } from '../support/put-content.ts';
import { type Fault, startRegistry } from '../support/registry.ts';
import { startRequestLog } from '../support/request-log.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

type Texts = { readonly [name in InputName]?: string };

/** An image that is there, whose layers are known by their diffIDs, and one that Nix makes, known by identities. */
const images = {
  path: { path: archive('layered.tar.gz') },
  installable: {
    installable: `path:${fileURLToPath(new URL('../fixtures/package', import.meta.url))}#hello`,
    'nix-conf': 'sandbox = false\nsubstituters =',
  },
} as const;

/** Pushes to `host`, each with a checkout and a home that are empty, and with a directory of entries. */
async function openPushes(t: TestContext, host: string) {
  const root = await temporaryDirectory(t);
  const cache = join(root, 'cache');
  const checkout = join(root, 'checkout');
  await mkdir(checkout);
  const entries = async () => (await readdir(cache).catch(() => [])).map(name => join(cache, name)).sort();
  return {
    entries,
    /** What the one entry says of layers. */
    async layers(): Promise<readonly Descriptor[]> {
      const files = await entries();
      assert.equal(files.length, 1);
      return openEntry(files[0] ?? '').manifest.layers;
    },
    async push(texts: Texts, offers: Partial<Runtime> = {}) {
      const opened = await openTestRuntime({ HOME: '/nonexistent', PATH: process.env.PATH }, checkout);
      t.after(() => opened.close());
      const given: Texts = {
        tags: `${host}/acme/app:1`,
        push: 'true',
        check: 'off',
        created: '0',
        'cache-to': cache,
        'cache-save': 'true',
        ...texts,
      };
      const inputs = parseInputs(name => given[name] ?? '');
      const { images: made } = await actions.build([inputs], { ...opened, ...offers });
      const [image] = made;
      assert.ok(image !== undefined);
      const layers = image.platforms.flatMap(variant => variant.layers);
      return { digest: image.root.digest, bytes: image.uploadedBytes, layers, lines: opened.lines };
    },
  };
}

/** The same to the real registry, with all that it was asked. */
async function openSituation(t: TestContext) {
  const registry = await startDistribution();
  t.after(() => registry.close());
  const { host, requests } = await startRequestLog(t, registry.host);
  const { push, ...pushes } = await openPushes(t, host);
  return {
    ...pushes,
    host,
    async push(texts: Texts) {
      const before = requests.length;
      const pushed = await push(texts);
      const fetched = requests.slice(before).filter(line => /^GET .*\/blobs\/sha256:/.test(line));
      return { ...pushed, fetched, warnings: pushed.lines.filter(line => line.startsWith('warning: ')) };
    },
  };
}

for (const [kind, image] of Object.entries(images)) {
  suite(`an image given by ${kind}`, { concurrency: 1 }, () => {
    test('is pushed again without a layer being sent or fetched', async t => {
      const { push, layers, entries } = await openSituation(t);
      const first = await push(image);
      const [entry] = await entries();
      assert.deepEqual(
        await layers(),
        [...new Map(first.layers.map(({ descriptor }) => [descriptor.digest, descriptor])).values()],
        'the entry has what the manifest says',
      );

      const alone = await push({ ...image, cache: 'false' });
      assert.deepEqual([alone.digest, alone.fetched, alone.bytes], [first.digest, [], 0]);

      const again = await push(image);
      assert.equal(again.digest, first.digest);
      assert.deepEqual([again.fetched, again.bytes, again.warnings], [[], 0, []]);
      assert.ok(again.layers.every(({ state }) => state === 'already there'));

      const labelled = await push({ ...image, labels: 'a=b' });
      assert.notEqual(labelled.digest, first.digest);
      assert.deepEqual(labelled.fetched, []);
      assert.ok(labelled.bytes > 0 && labelled.bytes < 10_000, 'the config');
      assert.deepEqual(await entries(), [entry], 'an entry of the key itself is not saved again');
    });

    test('takes what it was sure of into an entry of another key', async t => {
      const { push, entries } = await openSituation(t);
      await push(image);
      const [old = ''] = await entries();
      const moved = await push({ ...image, 'cache-key-extra': 'other' });
      assert.deepEqual(moved.fetched, []);
      const added = (await entries()).filter(file => file !== old);
      assert.equal(added.length, 1);
      assert.deepEqual(openEntry(added[0] ?? '').manifest.layers, openEntry(old).manifest.layers);
    });

    test('saves nothing if it may not', async t => {
      const { push, entries } = await openSituation(t);
      await push({ ...image, cache: 'false' });
      await push({ ...image, cache: 'restore' });
      await push({ ...image, 'cache-save': 'false' });
      assert.deepEqual(await entries(), []);
      await push(image);
      assert.equal((await entries()).length, 1);
    });

    test('does not save claims that were only trusted', async t => {
      const { push, entries, layers } = await openSituation(t);
      const first = await push({ ...image, cache: 'false' });
      const trusting = await push({ ...image, reuse: 'trust' });
      assert.deepEqual([trusting.digest, trusting.fetched], [first.digest, []]);
      assert.deepEqual(await entries(), []);
      await push(image);
      assert.ok((await layers()).length > 0, 'what was verified is saved');
    });

    test('repairs a tag with foreign claims, though an entry confirms the correct ones', async t => {
      const { push, host } = await openSituation(t);
      const first = await push(image);
      const foreign = await plant(host, first.layers[0]?.descriptor ?? assert.fail());
      const healed = await push(image);
      assert.equal(healed.digest, first.digest);
      assert.ok(healed.layers.every(({ descriptor }) => descriptor.digest !== foreign));
      assert.match(
        healed.warnings.join('\n'),
        /^warning: Cannot confirm that .* this run packed it into a different blob/,
      );
      const again = await push(image);
      assert.deepEqual([again.digest, again.fetched, again.warnings], [first.digest, [], []]);
    });

    test('comes unchanged from another repository, wherever the entry is from', async t => {
      const { push, host } = await openSituation(t);
      const first = await push(image);
      const tags = `${host}/acme/other:1`;
      const other = await push({ ...image, tags, 'reuse-from': `${host}/acme/app:1` });
      assert.deepEqual([other.digest, other.fetched], [first.digest, []]);
      assert.ok(other.layers.every(({ state }) => state === 'mounted' || state === 'already there'));
    });

    test('gets nothing from an entry that is damaged or foreign', async t => {
      const { push, entries } = await openSituation(t);
      const first = await push(image);
      const [file = ''] = await entries();
      const { layers } = openEntry(file).manifest;
      await writeCacheEntry(file, { system: 'other-linux', paths: [], layers, outputs: [], toolchain: [] });
      const elsewhere = await push(image);
      assert.equal(elsewhere.digest, first.digest);
      assert.match(elsewhere.warnings.join('\n'), /Rejected .*it is for other-linux/);
      await truncate(file, 40);
      const damaged = await push(image);
      assert.equal(damaged.digest, first.digest);
      assert.match(damaged.warnings.join('\n'), /Rejected the cache entry/);
      assert.equal((await entries()).length, 2, 'a whole one is saved beside it');
    });

    test('believes an entry that lies only together with a registry that lies, as it believes its store paths', async t => {
      const { push, host, entries } = await openSituation(t);
      const first = await push(image);
      const honest = first.layers[0]?.descriptor ?? assert.fail();
      const foreign = { ...honest, digest: digestOf(foreignBlob), size: foreignBlob.length };
      const [file = ''] = await entries();
      await writeCacheEntry(file, { system: nixSystem, paths: [], layers: [foreign], outputs: [], toolchain: [] });
      assert.equal((await push(image)).digest, first.digest);
      await plant(host, honest);
      assert.notEqual((await push({ ...image, cache: 'restore' })).digest, first.digest);
      assert.equal((await push({ ...image, cache: 'false' })).digest, first.digest);
    });
  });
}

const foreignBlob = gzipSync('foreign');

/** Lets the tag name an image whose one layer is a foreign blob, with all that is said of an honest one. */
async function plant(host: string, { annotations = {} }: Descriptor): Promise<string> {
  const putter = openPutter(host, 'acme/app');
  const layer = await putter.blob('application/vnd.oci.image.layer.v1.tar+gzip', foreignBlob);
  const config = await putter.blob('application/vnd.oci.image.config.v1+json', '{}');
  await putter.manifest({ mediaType: imageType, config, layers: [{ ...layer, annotations }] }, '1');
  return layer.digest;
}

suite('a push that fails', () => {
  const refuse = ({ method = '', url = '' }): Fault | undefined =>
    method === 'PUT' && url.includes('/manifests/') ? { status: 403 } : undefined;

  async function openRefusal(t: TestContext) {
    const registry = await startRegistry({ directory: await temporaryDirectory(t), onRequest: refuse });
    t.after(() => registry.close());
    return openPushes(t, registry.host);
  }

  test('saves nothing of layers', async t => {
    const { push, entries } = await openRefusal(t);
    await assert.rejects(push(images.path), /403/);
    assert.deepEqual(await entries(), []);
  });

  test('leaves the build for after the job, and a push that goes well its layers too', async t => {
    const tasks: PostTask['store'][] = [];
    const afterJob = async (task: string) => void tasks.push((JSON.parse(task) as PostTask).store);
    const refused = await openRefusal(t);
    await assert.rejects(refused.push(images.installable, { afterJob }), /403/);
    assert.deepEqual(
      tasks.map(task => task?.layers),
      [[]],
    );
    assert.ok(tasks[0]?.build !== undefined);

    const registry = await startRegistry({ directory: await temporaryDirectory(t) });
    t.after(() => registry.close());
    const { layers } = await (await openPushes(t, registry.host)).push(images.installable, { afterJob });
    const [before, after] = tasks.slice(1);
    assert.deepEqual(before?.layers, []);
    assert.deepEqual(
      after?.layers,
      layers.map(({ descriptor }) => descriptor),
    );
    assert.deepEqual(after?.build, before?.build);
  });
});

/** A cache service that has nothing, and what it is asked for: keys, and with what they may begin. */
function emptyCache() {
  const asked: (readonly [string, readonly string[]])[] = [];
  const cache: NonNullable<Runtime['cache']> = {
    async find(key, prefixes) {
      // Without prefixes it is asked before an entry is saved.
      if (prefixes.length > 0) asked.push([key, prefixes]);
      return undefined;
    },
    restore: async () => undefined,
    save: async () => true,
  };
  return { asked, cache };
}

test('a prebuilt image looks for no entry of other builds, and for none without need', async t => {
  const { asked, cache } = emptyCache();
  const registry = await startRegistry({ directory: await temporaryDirectory(t) });
  t.after(() => registry.close());
  const { push } = await openPushes(t, registry.host);
  const texts = { ...images.path, 'cache-to': '' };
  await push({ ...texts, reuse: 'trust' }, { cache });
  await push({ ...texts, reuse: 'off' }, { cache });
  await push({ ...texts, push: 'false' }, { cache });
  assert.deepEqual(asked, []);
  await push(texts, { cache });
  const [[key, prefixes] = ['', []]] = asked;
  assert.deepEqual(prefixes, [key.slice(0, key.lastIndexOf('-') + 1)]);
});

test('an image of the store is known by its name, whatever its hash', async t => {
  const { asked, cache } = emptyCache();
  const { push } = await openPushes(t, '127.0.0.1:9');
  for (const path of ['a', 'b'].map(letter => `/nix/store/${letter.repeat(32)}-image.tar.gz`)) {
    await assert.rejects(push({ path, 'cache-to': '', preflight: 'false' }, { cache }));
  }
  const [one, two] = asked;
  assert.ok(one !== undefined);
  assert.deepEqual(one, two);
});
