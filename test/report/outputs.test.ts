import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mediaTypes } from '../../src/oci/blob.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { outputsOf } from '../../src/report/outputs.ts';
import { resultWith, sampleImage, sampleResult, sampleVariant } from './sample-result.ts';

const digest = digestOf('manifest');
const layers = digestOf(`linux/amd64 ${digestOf('base')} ${digestOf('app')} ${digestOf('app')}\n`);

test('outputs of a push', () => {
  const { metadata, ...others } = outputsOf(sampleResult);
  assert.deepEqual(others, {
    version: '1.2',
    'tag-names': '1.2\nlatest',
    labels: 'title=Hello',
    annotations: 'manifest:title=Hello',
    json: JSON.stringify({
      tags: ['ghcr.io/acme/app:1.2', 'docker.io/acme/app:latest'],
      'tag-names': ['1.2', 'latest'],
      labels: { title: 'Hello' },
      annotations: ['manifest:title=Hello'],
    }),
    digest,
    imageid: digestOf('config'),
    image: `ghcr.io/acme/app@${digest}`,
    descriptor: JSON.stringify({
      mediaType: mediaTypes.manifest,
      digest,
      size: 1234,
      platform: { architecture: 'amd64', os: 'linux' },
      annotations: { 'io.containerd.image.name': `ghcr.io/acme/app@${digest}` },
    }),
    images: JSON.stringify([
      {
        digest,
        image: `ghcr.io/acme/app@${digest}`,
        tags: ['ghcr.io/acme/app:1.2', 'docker.io/acme/app:latest'],
        size: 42_063_840,
        'uploaded-bytes': 83_000,
        'layers-digest': layers,
        platforms: [{ platform: 'linux/amd64', digest, imageid: digestOf('config') }],
      },
    ]),
    'layers-digest': layers,
    tags: 'ghcr.io/acme/app:1.2\ndocker.io/acme/app:latest',
    'nix-version': '2.30.1',
    'reused-build': 'false',
    size: '42063840',
    'uploaded-bytes': '83000',
    layers: '3',
    layout: '',
    'build-log': '',
    'cache-hit': 'false',
    'cache-key': '',
    'cache-matched-key': '',
    'cache-restored-bytes': '0',
  });
  const { 'nix-image.layers': listed, ...facts } = JSON.parse(metadata ?? '');
  assert.deepEqual(facts, {
    'containerimage.descriptor': sampleImage.root,
    'containerimage.digest': digest,
    'containerimage.config.digest': digestOf('config'),
    'image.name': 'ghcr.io/acme/app:1.2,docker.io/acme/app:latest',
    'nix-image.platform': 'linux/amd64',
    'nix-image.labels': sampleVariant.labels,
  });
  assert.deepEqual(listed[0], {
    ...sampleVariant.layers[0]?.descriptor,
    diffId: digestOf('base, plain'),
    state: 'already there',
    packages: [{ name: 'glibc', version: '2.40', size: 32_000_000 }],
  });
});

test('without a push the digest is that of a push, and no tag counts as pushed', () => {
  const outputs = outputsOf(resultWith({ pushed: false, uploadedBytes: 0 }));
  assert.equal(outputs.digest, digest);
  assert.equal(outputs.image, `ghcr.io/acme/app@${digest}`);
  assert.equal(outputs.tags, '');
  assert.equal(outputs['uploaded-bytes'], '0');
});

test('without references and without Nix', () => {
  const outputs = outputsOf({
    ...resultWith({ references: [], repositories: [], pushed: false }),
    nixVersion: undefined,
  });
  assert.equal(outputs.image, '');
  assert.equal(outputs.tags, '');
  assert.equal(outputs['nix-version'], '');
  assert.ok(!('image.name' in JSON.parse(outputs.metadata ?? '')));
});

test('an entry is a hit if its key is the one that was asked for', () => {
  const facts = { key: 'nix-image-1-a-b', restoredPaths: 3, restoredBytes: 4000 };
  const outputs = (matchedKey: string | undefined) => outputsOf({ ...sampleResult, cache: { ...facts, matchedKey } });
  assert.equal(outputs('nix-image-1-a-b')['cache-hit'], 'true');
  assert.equal(outputs('nix-image-1-a-c')['cache-hit'], 'false');
  assert.equal(outputs('nix-image-1-a-c')['cache-matched-key'], 'nix-image-1-a-c');
  assert.equal(outputs(undefined)['cache-matched-key'], '');
  assert.equal(outputs(undefined)['cache-key'], 'nix-image-1-a-b');
});

test('each of several images has its own tags and digest, and outputs about a single image are empty', () => {
  const web = { ...sampleImage, name: 'web' };
  const outputs = outputsOf({ ...sampleResult, images: [web, { ...sampleImage, name: 'worker', pushed: false }] });
  assert.equal(outputs.digest, undefined);
  assert.equal(outputs.labels, undefined);
  assert.equal(outputs['uploaded-bytes'], '166000');
  const [first, second] = JSON.parse(outputs.images ?? '');
  assert.equal(first.name, 'web');
  assert.deepEqual(first.tags, ['ghcr.io/acme/app:1.2', 'docker.io/acme/app:latest']);
  assert.equal(second.name, 'worker');
  assert.deepEqual(second.tags, []);
});

test('an image for several platforms has no image ID of its own', () => {
  const arm = { ...sampleVariant, platform: 'linux/arm64' };
  const outputs = outputsOf(resultWith({ platforms: [sampleVariant, arm] }));
  assert.equal(outputs.imageid, '');
  assert.equal(outputs.layers, '6');
  assert.equal(JSON.parse(outputs.descriptor ?? '').platform, undefined);
  const platforms = JSON.parse(outputs.metadata ?? '')['nix-image.platforms'];
  assert.deepEqual(
    platforms.map(({ platform }: { platform: string }) => platform),
    ['linux/amd64', 'linux/arm64'],
  );
});
