import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parseInputs } from '../../src/inputs/parse-inputs.ts';
import { actions } from '../../src/run.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { archive } from '../support/archives.ts';
import { startRegistry } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const inputsOf = (texts: Readonly<Record<string, string>>) => parseInputs(name => texts[name] ?? '');

test('a dry run asks what exists, sends nothing, and reports the digest that a push produces', async t => {
  const directory = await temporaryDirectory(t);
  const registry = await startRegistry({ directory: join(directory, 'registry') });
  t.after(() => registry.close());
  const runtime = await openTestRuntime({ HOME: '/nonexistent', PATH: process.env.PATH }, '/');
  t.after(() => runtime.close());
  const texts = {
    path: archive('layered.tar.gz'),
    tags: `${registry.host}/acme/app:1`,
    created: '0',
    push: 'true',
  };
  const output = join(directory, 'out');
  const build = async (given: Readonly<Record<string, string>>) => {
    const { images } = await actions.build([inputsOf(given)], runtime);
    const [image] = images;
    assert.ok(image !== undefined);
    return { ...image, layers: image.platforms.flatMap(({ layers }) => layers) };
  };
  const dry = await build({ ...texts, 'dry-run': 'true', output: `oci:${output}` });
  const methods = new Set(registry.requests.map(({ method }) => method));
  assert.deepEqual(
    [...methods].filter(method => method !== 'GET' && method !== 'HEAD'),
    [],
  );
  assert.equal(existsSync(output), false);
  assert.equal(dry.pushed, false);
  assert.ok(dry.layers.every(({ state }) => state === 'would be uploaded'));

  const pushed = await build(texts);
  assert.equal(pushed.root.digest, dry.root.digest);
  assert.equal(pushed.uploadedBytes, dry.uploadedBytes);

  const again = await build({ ...texts, 'dry-run': 'true' });
  assert.ok(again.layers.every(({ state }) => state === 'already there'));
  assert.equal(again.uploadedBytes, 0);
});

test('mode: metadata needs neither Nix nor an image', async t => {
  const runtime = await openTestRuntime({ PATH: '/nonexistent' }, '/');
  t.after(() => runtime.close());
  const inputs = inputsOf({ mode: 'metadata', images: 'ghcr.io/acme/app', tags: 'type=raw,value=1.2' });
  const { metadata } = await actions.metadata([inputs], runtime);
  assert.deepEqual(metadata.tagNames, ['1.2']);
});
