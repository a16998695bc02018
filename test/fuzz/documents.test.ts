import { test } from 'node:test';
import { parseEntryManifest } from '../../src/cache/manifest.ts';
import { artifactBlob, entryTypes, parseArtifact, requireSignature } from '../../src/cache/oci/artifact.ts';
import { openDockerArchive } from '../../src/image/docker-archive.ts';
import { configBlob } from '../../src/image/nix2container/config-blob.ts';
import { parseImageJson } from '../../src/image/nix2container/image-json.ts';
import type { LayoutFiles } from '../../src/image/oci-layout/layout-files.ts';
import { openLayoutImages } from '../../src/image/oci-layout/open-oci-layout.ts';
import { openUntrustedLayout } from '../../src/image/oci-layout/open-untrusted-layout.ts';
import { parseStreamSettings, streamConfig } from '../../src/image/stream-settings.ts';
import { Failure } from '../../src/lib/failure.ts';
import { objectIn } from '../../src/lib/parse-json.ts';
import { checkImage } from '../../src/oci/check-image.ts';
import { configOf, labelsOf, parseConfig, platformOf, withChanges } from '../../src/oci/config.ts';
import { digestOf, hexOf } from '../../src/oci/digest.ts';
import { formatResult, parseResult } from '../../src/results/result-entry.ts';
import { key, sample } from '../results/sample-result.ts';
import { corpus, fuzz, mutateJson } from '../support/fuzz.ts';
import { bytesOf } from '../support/streams.ts';

const changes = { labels: { 'org.example.a': '1' }, deleted: new Set(['b']), created: '2026-01-31T12:00:00Z' };

test('image config', () =>
  fuzz({
    run(input) {
      const config = parseConfig(input, 'the config');
      platformOf(config);
      labelsOf(config);
      const changed = withChanges(config, changes);
      checkImage({ config: parseConfig(changed.bytes, 'the changed config'), layers: [1, 2] });
    },
    seeds: corpus('image-config'),
    cases: 3000,
    mutate: mutateJson,
  }));

test('manifest of the store cache', () =>
  fuzz({
    run: input => parseEntryManifest(input.toString()),
    seeds: corpus('cache-manifest'),
    cases: 2000,
    mutate: mutateJson,
  }));

test('artifact of an entry in a registry', async () => {
  const descriptor = { mediaType: entryTypes.index, digest: digestOf(''), size: 0 };
  const tag = 'key.20261130T161053Z';
  const artifact = { artifactType: entryTypes.artifact, tag, layers: [descriptor, descriptor], created: 'x' } as const;
  const [trusted, signature] = [32, 64].map(size => `cache-1:${Buffer.alloc(size).toString('base64')}`) as [
    string,
    string,
  ];
  const seeds = [artifact, { ...artifact, signature }].map(one => bytesOf(artifactBlob(one).open()));
  await fuzz({
    run: input => requireSignature(parseArtifact(input, artifact), [trusted]),
    seeds: await Promise.all(seeds),
    cases: 1000,
    mutate: mutateJson,
  });
});

test('result of a build', () =>
  fuzz({
    run: input => parseResult(input, key),
    seeds: [Buffer.from(formatResult(key, sample))],
    cases: 2000,
    mutate: mutateJson,
  }));

test('settings of a streamLayeredImage', () =>
  fuzz({
    run(input) {
      const settings = parseStreamSettings(input.toString(), { file: 'conf.json', now: 0 });
      configOf(streamConfig({ ...settings, fromImage: undefined }));
    },
    seeds: corpus('stream-settings'),
    cases: 2000,
    mutate: mutateJson,
  }));

test('image.json of nix2container', () =>
  fuzz({
    run: input => parseConfig(configBlob(parseImageJson(input, 'image.json', '/nix/store')), 'the config'),
    seeds: corpus('nix2container'),
    cases: 2000,
    mutate: mutateJson,
  }));

/** Files in memory. */
function filesOf(files: ReadonlyMap<string, Buffer>): LayoutFiles & { readonly names: readonly string[] } {
  const find = (name: string) => {
    const found = files.get(name);
    if (found === undefined) throw new Failure(`There is no ${name}.`);
    return found;
  };
  return {
    description: 'the image',
    names: [...files.keys()],
    has: name => files.has(name),
    size: name => find(name).length,
    async *open(name) {
      yield find(name);
    },
    async read(name, limit) {
      if (find(name).length > limit) throw new Failure('too large');
      return find(name);
    },
  };
}

test('manifest.json of a docker-archive', () =>
  fuzz({
    run: input =>
      openDockerArchive(
        filesOf(
          new Map([
            ['manifest.json', input],
            ['c.json', Buffer.from('{}')],
            ['a/layer.tar', Buffer.alloc(1024)],
          ]),
        ),
      ),
    seeds: corpus('docker-manifest'),
    cases: 2000,
    mutate: mutateJson,
  }));

const config = Buffer.from(
  '{"os":"linux","architecture":"amd64","config":{},"rootfs":{"type":"layers","diff_ids":[]}}',
);
const descriptorOf = (mediaType: string, bytes: Buffer) => ({ mediaType, digest: digestOf(bytes), size: bytes.length });
const types = 'application/vnd.oci.image.';
const manifest = Buffer.from(
  JSON.stringify({
    schemaVersion: 2,
    mediaType: `${types}manifest.v1+json`,
    config: descriptorOf(`${types}config.v1+json`, config),
    layers: [],
  }),
);
const blobOf = (bytes: Buffer) => [`blobs/sha256/${hexOf(digestOf(bytes))}`, bytes] as const;
const version = ['oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}')] as const;

async function openLayout(...files: (readonly [string, Buffer])[]): Promise<void> {
  const layout = filesOf(new Map([version, blobOf(config), ...files]));
  const outcomes = await Promise.allSettled([
    openLayoutImages(layout, {}),
    openUntrustedLayout(layout, ['linux/amd64']),
  ]);
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected' && !(outcome.reason instanceof Failure)) throw outcome.reason;
  }
}

test('index.json and oci-layout', async () => {
  const index = Buffer.from(
    JSON.stringify({ schemaVersion: 2, manifests: [descriptorOf(`${types}manifest.v1+json`, manifest)] }),
  );
  await fuzz({
    run: input => openLayout(blobOf(manifest), ['index.json', input]),
    seeds: [index, ...corpus('index')],
    cases: 1500,
    mutate: mutateJson,
  });
  await fuzz({
    run: input => openLayout(blobOf(manifest), ['index.json', index], ['oci-layout', input]),
    seeds: [version[1]],
    cases: 300,
    mutate: mutateJson,
  });
});

test('manifest of a layout', () =>
  fuzz({
    run(input) {
      const index = { schemaVersion: 2, manifests: [descriptorOf(`${types}manifest.v1+json`, input)] };
      return openLayout(blobOf(input), ['index.json', Buffer.from(JSON.stringify(index))]);
    },
    seeds: [manifest, ...corpus('manifest')],
    cases: 1500,
    mutate: mutateJson,
  }));

test('answers of registries', () =>
  fuzz({ run: input => objectIn(input), seeds: corpus('index'), cases: 1000, mutate: mutateJson }));
