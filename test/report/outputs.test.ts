import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestOf } from '../../src/oci/digest.ts';
import { outputsOf } from '../../src/report/outputs.ts';
import { sampleResult } from './sample-result.ts';

const digest = digestOf('manifest');

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
    tags: 'ghcr.io/acme/app:1.2\ndocker.io/acme/app:latest',
    'nix-version': '2.30.1',
    size: '42063840',
    'uploaded-bytes': '83000',
    layers: '3',
    'cache-hit': 'false',
    'cache-key': '',
    'cache-matched-key': '',
    'cache-restored-bytes': '0',
  });
  const { 'nix-image.layers': layers, ...facts } = JSON.parse(metadata ?? '');
  assert.deepEqual(facts, {
    'containerimage.descriptor': sampleResult.manifest,
    'containerimage.digest': digest,
    'containerimage.config.digest': digestOf('config'),
    'image.name': 'ghcr.io/acme/app:1.2,docker.io/acme/app:latest',
    'nix-image.platform': 'linux/amd64',
    'nix-image.labels': sampleResult.labels,
  });
  assert.deepEqual(layers[0], {
    ...sampleResult.layers[0]?.descriptor,
    diffId: digestOf('base, plain'),
    state: 'already there',
  });
});

test('without a push the digest is that of a push, and no tag counts as pushed', () => {
  const outputs = outputsOf({ ...sampleResult, pushed: false, uploadedBytes: 0 });
  assert.equal(outputs.digest, digest);
  assert.equal(outputs.image, `ghcr.io/acme/app@${digest}`);
  assert.equal(outputs.tags, '');
  assert.equal(outputs['uploaded-bytes'], '0');
});

test('without references and without Nix', () => {
  const outputs = outputsOf({ ...sampleResult, references: [], pushed: false, nixVersion: undefined });
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
