import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Writable } from 'node:stream';
import { before, suite, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { mediaTypes } from '../../src/oci/blob.ts';
import { type Digest, digestOf } from '../../src/oci/digest.ts';
import type { Image, Layer } from '../../src/oci/image.ts';
import type { KnownBlob, KnownBlobs } from '../../src/oci/known-blob.ts';
import { claimKeys, type LayerFacts, withFacts } from '../../src/oci/layer-facts.ts';
import { manifestBlob } from '../../src/oci/manifest.ts';
import { type Compression, compressionName, parseCompression } from '../../src/pack/compression.ts';
import type { PackedImage } from '../../src/pack/pack-image.ts';
import type { Reuse } from '../../src/pack/reuse-layer.ts';
import { imageOf, layerOf, pushImage, readBack } from '../registry/push-image.ts';
import { pack } from '../support/pack.ts';
import { type Fault, startRegistry } from '../support/registry.ts';
import { blobPath, manifestPath, type Store, tagPath, write } from '../support/registry-store.ts';
import { run } from '../support/run.ts';
import { bytesOf } from '../support/streams.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const modes: readonly Reuse[] = ['off', 'verify', 'trust'];
const gzip: Compression = { method: 'gzip', level: 1 };

const ours = layerOf('ours', 300_000);
const ourTar = await bytesOf(ours.open());
const ourDiffId = digestOf(ourTar);
const ourIdentity = ours.identity ?? '';
/** A layer of which only its identity is known before it is read, as of a store path. */
const ourNamed: Layer = { ...ours, diffId: undefined };
const foreignTar = await bytesOf(layerOf('foreign', 250_000).open());

interface Claim {
  readonly bytes: Buffer;
  readonly facts: LayerFacts;
  readonly digest?: Digest;
  readonly size?: number;
  readonly mediaType?: string;
  readonly open?: () => AsyncIterable<Uint8Array>;
}

/** A known blob as a manifest claims it. */
function knownBlob({ bytes, facts, open, ...descriptor }: Claim): KnownBlob {
  const { digest = digestOf(bytes), size = bytes.length, mediaType = mediaTypes.layerGzip } = descriptor;
  return {
    descriptor: { mediaType, digest, size },
    facts,
    repository: { host: 'registry.example.org', path: 'acme/app' },
    async *open() {
      yield* open?.() ?? [bytes];
    },
  };
}

function known(...claims: readonly Claim[]): KnownBlobs {
  const blobs = claims.map(knownBlob);
  const names = [...new Set(blobs.flatMap(({ facts }) => [facts.diffId, facts.identity ?? facts.diffId]))];
  return new Map(
    names.map(name => [name, blobs.filter(({ facts }) => facts.diffId === name || facts.identity === name)]),
  );
}

interface Reused {
  readonly packed: PackedImage;
  readonly warnings: readonly string[];
  /** How many layers a registry lacks. */
  readonly made: number;
}

async function packWith(
  t: TestContext,
  layers: readonly Layer[],
  options: { reuse: Reuse; known: KnownBlobs; compression?: Compression | undefined; confirmed?: ReadonlySet<string> },
): Promise<Reused> {
  const directory = await temporaryDirectory(t);
  const warnings: string[] = [];
  const listing = layers.every(({ diffId }) => diffId !== undefined);
  const image = listing ? imageOf(layers) : withoutDiffIds(layers);
  const packed = await pack(image, directory, { ...options, onFalseClaim: message => warnings.push(message) });
  const made = packed.layers.filter(layer => layer.isCertain && layer.known === undefined).length;
  return { packed, warnings, made };
}

/** Layers whose config does not tell their diffIDs, as those of store paths. */
function withoutDiffIds(layers: readonly Layer[]): Image {
  const image = imageOf(layers.map(layer => ({ ...layer, diffId: ourDiffId })));
  const { rootfs: _, ...json } = image.config.json;
  return { config: { json, bytes: Buffer.from(JSON.stringify(json)) }, layers };
}

/** The image when nothing is known of any registry. */
async function cleanDigest(t: TestContext, layers: readonly Layer[], compression?: Compression): Promise<Digest> {
  const { packed } = await packWith(t, layers, { reuse: 'off', known: new Map(), compression });
  return packed.manifest.descriptor.digest;
}

/** The blob that this project makes of our tar. */
async function ourBlob(t: TestContext, compression: Compression = gzip): Promise<Buffer> {
  const { packed } = await packWith(t, [ours], { reuse: 'off', known: new Map(), compression });
  const [layer] = packed.layers;
  assert.ok(layer !== undefined);
  return bytesOf(layer.open());
}

/** A layer, and how often it has been read. */
function counting(layer: Layer) {
  const count = { opened: 0 };
  const counted: Layer = {
    ...layer,
    open() {
      count.opened += 1;
      return layer.open();
    },
  };
  return { counted, count };
}

const trueFacts = { diffId: ourDiffId, identity: ourIdentity, compression: 'gzip-1-r4' };

suite('a claim that is true', () => {
  for (const compression of [gzip, { method: 'none', level: 0 }] as const) {
    const facts = { ...trueFacts, compression: compression.method === 'none' ? 'none' : 'gzip-1-r4' };
    const mediaType = compression.method === 'none' ? mediaTypes.layerTar : mediaTypes.layerGzip;
    for (const reuse of ['verify', 'trust'] as const) {
      for (const layer of [ours, ourNamed]) {
        test(`${reuse}, ${compression.method}, ${layer === ours ? 'by diffID' : 'by identity'}: nothing is sent`, async t => {
          const { counted, count } = counting(layer);
          const claims = known({ bytes: await ourBlob(t, compression), facts, mediaType });
          const { packed, warnings, made } = await packWith(t, [counted], { reuse, known: claims, compression });
          assert.equal(made, 0);
          assert.deepEqual(warnings, []);
          assert.equal(count.opened, reuse === 'trust' ? 0 : 1);
          assert.equal(packed.layers[0]?.known?.repository.path, 'acme/app');
          assert.equal(packed.manifest.descriptor.digest, await cleanDigest(t, [layer], compression));
        });
      }
    }
  }

  test('zstd is compressed again unless it is trusted', async t => {
    const compression: Compression = { method: 'zstd', level: 3 };
    const bytes = await ourBlob(t, compression);
    const facts = { ...trueFacts, compression: 'zstd-3-r3' };
    const claims = known({ bytes, facts, mediaType: mediaTypes.layerZstd });
    const expected = await cleanDigest(t, [ours], compression);
    for (const reuse of ['verify', 'trust'] as const) {
      const { packed, made } = await packWith(t, [ours], { reuse, known: claims, compression });
      assert.equal(made, 0);
      assert.equal(packed.manifest.descriptor.digest, expected);
    }
  });
});

suite('a blob made in another way is not reused, whatever reuse says', () => {
  const others: Record<string, Partial<Claim> & { facts: LayerFacts }> = {
    'another level': { facts: { ...trueFacts, compression: 'gzip-9-r4' } },
    'an earlier revision': { facts: { ...trueFacts, compression: 'gzip-1-r2' } },
    'another method': { facts: { ...trueFacts, compression: 'zstd-3-r3' }, mediaType: mediaTypes.layerZstd },
    'a media type that is not of the method': { facts: trueFacts, mediaType: mediaTypes.layerZstd },
    'no word of how it was made': { facts: { diffId: ourDiffId, identity: ourIdentity } },
  };
  for (const [name, claim] of Object.entries(others)) {
    for (const reuse of modes) {
      test(`${name}, ${reuse}`, async t => {
        const claims = known({ bytes: gzipSync(ourTar, { level: 9 }), ...claim });
        const { packed, made } = await packWith(t, [ours], { reuse, known: claims });
        assert.equal(made, 1);
        assert.equal(packed.manifest.descriptor.digest, await cleanDigest(t, [ours]));
      });
    }
  }

  test('a layer of a base image stays as its registry has it, and is not read', async t => {
    const blob = gzipSync(ourTar, { level: 1 });
    const remote = knownBlob({ bytes: blob, facts: { diffId: ourDiffId } });
    const layer: Layer = { ...ours, encoding: 'gzip', remote, open: () => assert.fail('read') };
    for (const reuse of modes) {
      const { packed, made } = await packWith(t, [layer], { reuse, known: new Map() });
      assert.equal(made, 0);
      assert.equal(packed.layers[0]?.descriptor.digest, digestOf(blob));
      assert.equal(packed.layers[0]?.known, remote);
    }
  });

  test('a layer that came compressed stays as it came', async t => {
    const blob = gzipSync(ourTar, { level: 1 });
    const layer: Layer = {
      diffId: ourDiffId,
      encoding: 'gzip',
      open: async function* () {
        yield blob;
      },
    };
    for (const reuse of modes) {
      const claims = known({ bytes: await ourBlob(t), facts: trueFacts });
      const { packed } = await packWith(t, [layer], { reuse, known: claims });
      assert.equal(packed.layers[0]?.descriptor.digest, digestOf(blob));
    }
  });
});

/** Our identity or diffID, and bytes that are not ours. */
const falseClaims: Record<string, (blob: Buffer) => Claim> = {
  'identity of a foreign blob with its own diffID': () => ({
    bytes: gzipSync(foreignTar),
    facts: { ...trueFacts, diffId: digestOf(foreignTar) },
  }),
  'identity and diffID of a foreign blob': () => ({ bytes: gzipSync(foreignTar), facts: trueFacts }),
  'diffID of a foreign blob, no identity': () => ({
    bytes: gzipSync(foreignTar),
    facts: { diffId: ourDiffId, compression: 'gzip-1-r4' },
  }),
  'digest of other bytes': blob => ({ bytes: blob, digest: digestOf('other'), facts: trueFacts }),
  'size too small': blob => ({ bytes: blob, size: blob.length - 1, facts: trueFacts }),
  'size too large': blob => ({ bytes: blob, size: blob.length + 1, facts: trueFacts }),
  'size beyond all measure': blob => ({ bytes: blob, size: Number.MAX_SAFE_INTEGER, facts: trueFacts }),
  'our tar and more behind it': () => ({ bytes: gzipSync(Buffer.concat([ourTar, foreignTar])), facts: trueFacts }),
  'half of our tar': () => ({ bytes: gzipSync(ourTar.subarray(0, 150_000)), facts: trueFacts }),
  'our blob, cut off': blob => ({ bytes: blob.subarray(0, -9), facts: trueFacts }),
  'our blob and foreign bytes behind it': blob => ({
    bytes: Buffer.concat([blob, Buffer.from('foreign')]),
    facts: trueFacts,
  }),
  'our blob and foreign bytes behind a zero': blob => ({
    bytes: Buffer.concat([blob, Buffer.alloc(1), Buffer.from('foreign')]),
    facts: trueFacts,
  }),
  'our blob, padded': blob => ({ bytes: Buffer.concat([blob, Buffer.alloc(512)]), facts: trueFacts }),
  'a plain tar that is said to be gzip': () => ({ bytes: ourTar, facts: trueFacts }),
  nothing: () => ({ bytes: Buffer.alloc(0), facts: trueFacts }),
};

suite('a claim that is false puts no foreign bytes into an image', () => {
  for (const [name, forgeClaim] of Object.entries(falseClaims)) {
    for (const layer of [ours, ourNamed]) {
      const by = layer === ours ? 'by diffID' : 'by identity';
      test(`${name}, ${by}`, async t => {
        const blob = await ourBlob(t);
        const clean = await cleanDigest(t, [layer]);
        const claims = known(forgeClaim(blob));
        const off = await packWith(t, [layer], { reuse: 'off', known: claims });
        assert.equal(off.packed.manifest.descriptor.digest, clean);

        const { packed, warnings } = await packWith(t, [layer], { reuse: 'verify', known: claims });
        assert.equal(packed.manifest.descriptor.digest, clean);
        const [made] = packed.layers;
        assert.ok(made !== undefined && made.known === undefined);
        assert.deepEqual(digestOf(await bytesOf(made.open())), digestOf(blob));
        if (claims.has(layer.diffId ?? ourIdentity)) {
          assert.equal(warnings.length, 1);
          assert.match(
            warnings[0] ?? '',
            /^Cannot confirm that sha256:[0-9a-f]{64} in registry\.example\.org\/acme\/app is the layer sha256:/,
          );
        }
      });
    }
  }

  test('a true claim behind a false one counts', async t => {
    const blob = await ourBlob(t);
    const claims = known({ bytes: gzipSync(foreignTar), facts: trueFacts }, { bytes: blob, facts: trueFacts });
    const { packed, warnings, made } = await packWith(t, [ours], { reuse: 'verify', known: claims });
    assert.deepEqual([warnings.length, made], [1, 0]);
    assert.equal(packed.manifest.descriptor.digest, await cleanDigest(t, [ours]));
  });

  test('trust takes the claim: foreign bytes under our identity', async t => {
    const foreign = gzipSync(foreignTar);
    const claims = known({ bytes: foreign, facts: { ...trueFacts, diffId: digestOf(foreignTar) } });
    const { packed } = await packWith(t, [ourNamed], { reuse: 'trust', known: claims });
    assert.equal(packed.layers[0]?.descriptor.digest, digestOf(foreign));
    assert.equal(packed.layers[0]?.diffId, digestOf(foreignTar));
  });

  test('trust takes no claim that our own diffID contradicts', async t => {
    const claims = known({ bytes: gzipSync(foreignTar), facts: { ...trueFacts, diffId: digestOf(foreignTar) } });
    const { packed } = await packWith(t, [ours], { reuse: 'trust', known: claims });
    assert.equal(packed.manifest.descriptor.digest, await cleanDigest(t, [ours]));
  });

  for (const size of [-1, 1]) {
    test(`trust: a blob that is streamed on has ${size < 0 ? 'more' : 'less'} than the claimed size: a Failure`, async t => {
      const blob = await ourBlob(t);
      const claims = known({ bytes: blob, size: blob.length + size, facts: trueFacts });
      const { packed } = await packWith(t, [ours], { reuse: 'trust', known: claims });
      const [layer] = packed.layers;
      assert.ok(layer !== undefined);
      await assert.rejects(bytesOf(layer.open()), /registry\.example\.org\/acme\/app: it does not have the \d+ bytes/);
    });
  }
});

/** A blob that nobody may ask for. */
function unread({ bytes, facts, ...claim }: Claim): Claim {
  return { bytes, facts, ...claim, open: () => assert.fail('fetched') };
}

/** What the store cache says: the claim as a descriptor of a manifest has it. */
function entryOf(...claims: readonly Claim[]): ReadonlySet<string> {
  return claimKeys(claims.map(knownBlob).map(({ descriptor, facts }) => withFacts(descriptor, facts)));
}

suite('a claim that the store cache vouches for', () => {
  const unreadable = (layer: Layer): Layer => ({ ...layer, open: () => assert.fail('read') });

  for (const [method, level, mediaType] of [
    ['gzip', 1, mediaTypes.layerGzip],
    ['zstd', 3, mediaTypes.layerZstd],
    ['zstd:chunked', 3, mediaTypes.layerZstd],
    ['none', 0, mediaTypes.layerTar],
  ] as const) {
    for (const layer of [ours, ourNamed]) {
      test(`verify, ${method}, ${layer === ours ? 'by diffID' : 'by identity'}: nothing is made, nothing is fetched`, async t => {
        const compression: Compression = { method, level };
        const facts = { ...trueFacts, compression: compressionName(compression) };
        const claim = unread({ bytes: await ourBlob(t, compression), facts, mediaType });
        const options = { reuse: 'verify', known: known(claim), confirmed: entryOf(claim), compression } as const;
        const { packed, warnings, made } = await packWith(t, [unreadable(layer)], options);
        assert.deepEqual([warnings, made], [[], 0]);
        assert.equal(packed.layers[0]?.isCertain, true);
        assert.equal(packed.manifest.descriptor.digest, await cleanDigest(t, [layer], compression));
      });
    }
  }

  test('of a layer without a name, once its tar is made', async t => {
    const { identity: _, ...nameless } = ourNamed;
    const claim = unread({ bytes: await ourBlob(t), facts: { diffId: ourDiffId, compression: 'gzip-1-r4' } });
    const options = { reuse: 'verify', known: known(claim), confirmed: entryOf(claim) } as const;
    const { packed, made } = await packWith(t, [nameless], options);
    assert.equal(made, 0);
    assert.equal(packed.manifest.descriptor.digest, await cleanDigest(t, [nameless]));
  });

  const others: Record<string, (honest: Claim) => Claim> = {
    'another digest': claim => ({ ...claim, digest: digestOf('other') }),
    'another size': claim => ({ ...claim, size: claim.bytes.length + 1 }),
    'another media type': claim => ({ ...claim, mediaType: mediaTypes.layerTar }),
    'another compression': claim => ({ ...claim, facts: { ...trueFacts, compression: 'gzip-5-r4' } }),
    'no compression': claim => ({ ...claim, facts: { diffId: ourDiffId, identity: ourIdentity } }),
    'another diffID': claim => ({ ...claim, facts: { ...trueFacts, diffId: digestOf(foreignTar) } }),
    'another layer': claim => ({ ...claim, facts: { ...trueFacts, diffId: digestOf('x'), identity: 'layer x' } }),
  };
  for (const [name, change] of Object.entries(others)) {
    test(`an entry that says ${name} vouches for nothing: the layer is made`, async t => {
      const { counted, count } = counting(ourNamed);
      const honest = unread({ bytes: await ourBlob(t), facts: trueFacts });
      const options = { reuse: 'verify', known: known(honest), confirmed: entryOf(change(honest)) } as const;
      const { packed, made } = await packWith(t, [counted], options);
      assert.deepEqual([count.opened, made], [1, 0]);
      assert.equal(packed.manifest.descriptor.digest, await cleanDigest(t, [ourNamed]));
    });
  }

  test('a foreign blob under our names is refused, the one that is confirmed is used', async t => {
    const honest = unread({ bytes: await ourBlob(t), facts: trueFacts });
    const foreign = [
      { bytes: gzipSync(foreignTar), facts: trueFacts },
      { bytes: gzipSync(foreignTar), facts: { ...trueFacts, diffId: digestOf(foreignTar) } },
    ];
    for (const layer of [ours, ourNamed]) {
      const clean = await cleanDigest(t, [layer]);
      const confirmed = entryOf(honest);
      const among = await packWith(t, [layer], { reuse: 'verify', known: known(...foreign, honest), confirmed });
      assert.deepEqual([among.warnings, among.made], [[], 0]);
      assert.equal(among.packed.manifest.descriptor.digest, clean);
      for (const alone of foreign) {
        const { packed, warnings, made } = await packWith(t, [layer], {
          reuse: 'verify',
          known: known(alone),
          confirmed,
        });
        assert.equal(packed.manifest.descriptor.digest, clean);
        assert.equal(made, 1);
        assert.equal(warnings.length, 1);
      }
    }
  });

  test('a blob of another layer does not become ours: its entry is of another name', async t => {
    const facts = { diffId: digestOf(foreignTar), identity: 'layer foreign', compression: 'gzip-1-r4' };
    const foreign = { bytes: gzipSync(foreignTar), facts };
    const claim = { ...foreign, facts: { ...facts, identity: ourIdentity } };
    const { packed, warnings } = await packWith(t, [ourNamed], {
      reuse: 'verify',
      known: known(claim),
      confirmed: entryOf(foreign),
    });
    assert.equal(warnings.length, 1);
    assert.equal(packed.manifest.descriptor.digest, await cleanDigest(t, [ourNamed]));
  });

  test('nor does one whose diffID our own contradicts, whatever the entry says', async t => {
    const claim = { bytes: gzipSync(foreignTar), facts: { ...trueFacts, diffId: digestOf(foreignTar) } };
    const options = { reuse: 'verify', known: known(claim), confirmed: entryOf(claim) } as const;
    const { packed } = await packWith(t, [ours], options);
    assert.equal(packed.manifest.descriptor.digest, await cleanDigest(t, [ours]));
  });

  test('certain is what was made or confirmed, not what was only trusted or passed on', async t => {
    const bytes = await ourBlob(t);
    const claim = { bytes, facts: trueFacts };
    const isCertain = async (layer: Layer, options: Partial<Parameters<typeof packWith>[2]>) => {
      const { packed } = await packWith(t, [layer], { reuse: 'verify', known: known(claim), ...options });
      return packed.layers[0]?.isCertain;
    };
    const gzipped: Layer = {
      ...ours,
      encoding: 'gzip',
      async *open() {
        yield bytes;
      },
    };
    assert.equal(await isCertain(ours, { reuse: 'off' }), true);
    assert.equal(await isCertain(ours, { known: new Map() }), true);
    assert.equal(await isCertain(ours, {}), true);
    assert.equal(await isCertain(ours, { confirmed: entryOf(claim) }), true);
    assert.equal(await isCertain(ours, { reuse: 'trust' }), false);
    assert.equal(await isCertain(ours, { reuse: 'trust', confirmed: entryOf(claim) }), false);
    assert.equal(await isCertain(gzipped, {}), false);
    assert.equal(await isCertain({ ...gzipped, remote: knownBlob(claim) }, {}), false);
  });
});

test('nothing that is only claimed is fetched, however large it says it is', async t => {
  for (const size of [0, 1000, 300_000, Number.MAX_SAFE_INTEGER]) {
    const claim = unread({ bytes: gzipSync(Buffer.alloc(1 << 20)), size, facts: trueFacts });
    const { packed, warnings } = await packWith(t, [ours], { reuse: 'verify', known: known(claim) });
    assert.equal(warnings.length, 1);
    assert.equal(packed.manifest.descriptor.digest, await cleanDigest(t, [ours]));
  }
});

/** A registry whose content can be written behind its back, and pushes to it. */
async function openHostile(
  t: TestContext,
  onRequest: (request: IncomingMessage) => Fault | undefined = () => undefined,
) {
  const root = await temporaryDirectory(t);
  const registry = await startRegistry({ directory: root, onRequest });
  t.after(() => registry.close());
  const tag = `${registry.host}/acme/app:latest`;
  const push = async (reuse: Reuse, image: Image = imageOf([ours])) =>
    pushImage(image, await temporaryDirectory(t), { tags: [tag], reuse });
  const store: Store = { root, uploads: new Map() };
  return { push, tag, store, requests: registry.requests };
}

/** Lets a tag name an image whose one layer is this blob with these claims. */
async function plant(store: Store, bytes: Buffer, facts: LayerFacts): Promise<void> {
  const config = { mediaType: mediaTypes.config, digest: digestOf('{}'), size: 2 };
  const layer = withFacts({ mediaType: mediaTypes.layerGzip, digest: digestOf(bytes), size: bytes.length }, facts);
  const manifest = manifestBlob({ config, layers: [layer], annotations: {} });
  const { digest } = manifest.descriptor;
  write(store, blobPath(store, 'acme/app', config.digest), '{}');
  await writeFile(blobPath(store, 'acme/app', layer.digest), bytes);
  write(store, manifestPath(store, 'acme/app', digest), (await bytesOf(manifest.open())).toString());
  write(store, tagPath(store, 'acme/app', 'latest'), digest);
}

suite('in a registry', () => {
  test('off, verify and trust give one digest', async t => {
    const { push, tag } = await openHostile(t);
    const digests = new Set<string>();
    for (const reuse of ['off', 'trust', 'verify', 'off', 'verify', 'trust'] as const) {
      digests.add((await push(reuse)).digest);
    }
    assert.equal(digests.size, 1);
    assert.deepEqual(await readBack(tag), [...digests]);
  });

  test('a tag that was compromised is healed by the next build with verify, and stays so', async t => {
    const { push, tag, store } = await openHostile(t);
    const { digest } = await push('verify');
    await plant(store, gzipSync(foreignTar), trueFacts);
    assert.notDeepEqual(await readBack(tag), [digest]);

    const healed = await push('verify');
    assert.equal(healed.digest, digest);
    assert.ok(
      healed.log.some(line => /^warning: Cannot confirm .*this run packed it into a different blob/.test(line)),
    );
    assert.deepEqual(await readBack(tag), [digest]);

    const later = await push('trust');
    assert.equal(later.digest, digest);
    assert.deepEqual(await readBack(tag), [digest]);
  });

  test('with trust the claim of a compromised tag lives on, until a build with verify', async t => {
    const { push, store } = await openHostile(t);
    const image = withoutDiffIds([ourNamed]);
    const { digest } = await push('off', image);
    await plant(store, gzipSync(foreignTar), { ...trueFacts, diffId: digestOf(foreignTar) });
    const first = await push('trust', image);
    assert.notEqual(first.digest, digest);
    assert.deepEqual(first.outcomes, ['exists', 'uploaded']);
    assert.equal((await push('trust', image)).digest, first.digest);

    const healed = await push('verify', image);
    assert.equal(healed.digest, digest);
    assert.ok(
      healed.log.some(line => /^warning: Cannot confirm .*this run packed it into a different blob/.test(line)),
    );
    assert.equal((await push('trust', image)).digest, digest);
  });

  test('however many claims a manifest makes, nothing is fetched, and one is reported', async t => {
    let body = '';
    const { push, requests } = await openHostile(t, ({ method, url = '' }) =>
      method === 'GET' && url.endsWith('/manifests/latest') ? { status: 200, body } : undefined,
    );
    const layers = Array.from({ length: 5000 }, (_, i) =>
      withFacts({ mediaType: mediaTypes.layerGzip, digest: digestOf(String(i)), size: 1000 }, trueFacts),
    );
    body = JSON.stringify({ schemaVersion: 2, layers });
    const { outcomes, log } = await push('verify');
    assert.deepEqual(outcomes, ['uploaded', 'uploaded']);
    assert.equal(requests.filter(({ method, path }) => method === 'GET' && path.includes('/blobs/sha256')).length, 0);
    assert.equal(log.filter(line => line.startsWith('warning: Cannot confirm')).length, 1);
  });

  const claim = withFacts({ mediaType: mediaTypes.layerGzip, digest: digestOf('x'), size: 1 }, trueFacts);
  const manifests: Record<string, string> = {
    nothing: '',
    'no JSON': '<html>',
    null: 'null',
    'a number': '7',
    'a list': '[1]',
    'no layers': '{"schemaVersion":2}',
    'layers that are no list': '{"layers":{"0":{}}}',
    'layers that are no descriptors': '{"layers":[null,1,"x",[],{},{"digest":1}]}',
    'a digest of another kind': JSON.stringify({ layers: [{ ...claim, digest: 'sha512:00' }] }),
    'a digest that is a path': JSON.stringify({ layers: [{ ...claim, digest: 'sha256:../../../v2/' }] }),
    'a size below zero': JSON.stringify({ layers: [{ ...claim, size: -1 }] }),
    'a size that is no whole number': JSON.stringify({ layers: [{ ...claim, size: 1.5 }] }),
    'a size that is a text': JSON.stringify({ layers: [{ ...claim, size: '1' }] }),
    'annotations that are no texts': JSON.stringify({
      layers: [{ ...claim, annotations: { 'containerd.io/uncompressed': 1 } }],
    }),
    'a diffID that is none': JSON.stringify({
      layers: [{ ...claim, annotations: { ...claim.annotations, 'containerd.io/uncompressed': 'latest' } }],
    }),
    'names of the prototype': '{"layers":[{"__proto__":{"digest":"x"},"constructor":1}]}',
    'a foreign layer': JSON.stringify({
      layers: [
        {
          ...claim,
          mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
          urls: ['http://10.0.0.1/'],
        },
      ],
    }),
    'an index': JSON.stringify({ mediaType: mediaTypes.index, manifests: [claim] }),
    'a manifest of schema 1': '{"schemaVersion":1,"fsLayers":[{"blobSum":"sha256:00"}],"signatures":[]}',
    'deep nesting': `${'['.repeat(1 << 20)}${']'.repeat(1 << 20)}`,
    'more than 4 MiB': JSON.stringify({ layers: [claim], filler: 'x'.repeat(5 << 20) }),
  };
  for (const [name, body] of Object.entries(manifests)) {
    for (const reuse of ['verify', 'trust'] as const) {
      test(`a tag that names ${name} tells nothing, ${reuse}`, async t => {
        const { push, requests } = await openHostile(t, ({ method, url = '' }) =>
          method === 'GET' && url.endsWith('/manifests/latest') ? { status: 200, body } : undefined,
        );
        const { outcomes, digest, log } = await push(reuse);
        assert.deepEqual(outcomes, ['uploaded', 'uploaded']);
        assert.equal(digest, await cleanDigest(t, [ours]));
        assert.ok(!log.some(line => line.startsWith('warning')));
        assert.ok(!requests.some(({ method, path }) => method === 'GET' && path.includes('/blobs/sha256')));
      });
    }
  }
});

suite('the same bytes, always', { concurrency: 2 }, () => {
  const script = fileURLToPath(new URL('print-digest.ts', import.meta.url));
  const methods = ['gzip', 'zstd', 'zstd:chunked', 'none'] as const;
  /** The digests of all methods, process by process. */
  const printed: string[][] = [];
  before(async () => {
    for (const threads of ['1', '8', '1', '8', '8']) {
      const env = { ...process.env, UV_THREADPOOL_SIZE: threads };
      printed.push((await run(process.execPath, [script, ...methods], { env })).split('\n'));
    }
  });
  for (const [i, method] of methods.entries()) {
    test(`${method}: five times, on one thread and on eight`, () => {
      const digests = printed.map(lines => lines[i]);
      assert.equal(digests.length, 5);
      assert.match(digests[0] ?? '', /^sha256:[0-9a-f]{64}$/);
      assert.deepEqual(new Set(digests).size, 1);
    });
  }

  for (const [method, level, mediaType, unpack] of [
    ['gzip', '1', mediaTypes.layerGzip, ['gzip', '-dc']],
    ['gzip', '9', mediaTypes.layerGzip, ['gzip', '-dc']],
    ['zstd', '1', mediaTypes.layerZstd, ['zstd', '-dcq']],
    ['zstd', '19', mediaTypes.layerZstd, ['zstd', '-dcq']],
    ['zstd:chunked', '1', mediaTypes.layerZstd, ['zstd', '-dcq']],
    ['zstd:chunked', '19', mediaTypes.layerZstd, ['zstd', '-dcq']],
    ['none', '0', mediaTypes.layerTar, ['cat']],
  ] as const) {
    test(`${method} of level ${level}: other programs unpack it to the very tar`, async t => {
      const compression = parseCompression(method, level);
      for (const size of [0, 1, 1 << 20, 2_500_001]) {
        const layer = layerOf('round trip', size);
        const { packed } = await packWith(t, [layer], { reuse: 'off', known: new Map(), compression });
        const [made] = packed.layers;
        assert.ok(made !== undefined);
        assert.equal(made.descriptor.mediaType, mediaType);
        const { output, digest } = hashing();
        const [program, ...args] = unpack;
        await run(program, args, { input: made.open(), output });
        assert.equal(digest(), layer.diffId);
      }
    });
  }
});

function hashing() {
  const hash = createHash('sha256');
  const output = new Writable({
    write(chunk: Uint8Array, _encoding, done) {
      hash.update(chunk);
      done();
    },
  });
  return { output, digest: () => `sha256:${hash.digest('hex')}` };
}
