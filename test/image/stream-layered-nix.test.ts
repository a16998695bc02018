import assert from 'node:assert/strict';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { after, before, type TestContext, test } from 'node:test';
import { createGunzip } from 'node:zlib';
import { openDockerArchive } from '../../src/image/docker-archive.ts';
import { findStreamSettings, scriptDigest } from '../../src/image/find-stream-settings.ts';
import { openStreamLayered, type StreamImage } from '../../src/image/stream-layered.ts';
import { readNarHashes } from '../../src/nix/closure.ts';
import { withChanges } from '../../src/oci/config.ts';
import type { Image } from '../../src/oci/image.ts';
import { indexArchive } from '../../src/tar/index-archive.ts';
import { buildFixture, dockertools, openFixtureNix } from '../nix/dockertools.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { packValid } from '../support/validate-image.ts';

let opened: Awaited<ReturnType<typeof openFixtureNix>>;

before(async () => {
  opened = await openFixtureNix();
});
after(() => opened.runtime.close());

const changes = { labels: { version: '1' }, deleted: new Set<string>(), created: undefined };

async function packChanged(t: TestContext, image: Image) {
  const { layers, config } = await packValid(
    { ...image, config: withChanges(image.config, changes) },
    await temporaryDirectory(t),
  );
  return { diffIds: layers.map(layer => layer.diffId), config: Buffer.from(config.bytes).toString() };
}

async function openNative(path: string, knownScripts?: ReadonlyMap<string, 0o755>): Promise<StreamImage> {
  const found = findStreamSettings({ path, ...(knownScripts && { knownScripts }) });
  assert.ok(found.native, JSON.stringify(found));
  return openStreamLayered({
    ...found,
    now: 0,
    narHashes: paths => readNarHashes(opened.nix, paths),
    openBase: () => assert.fail('there is no base image'),
  });
}

test('an image from its settings alone is the one of its archive', async t => {
  const native = await openNative(await buildFixture(opened, dockertools('layered.stream.conf')));
  const tar = join(await temporaryDirectory(t), 'image.tar');
  const archive = await buildFixture(opened, dockertools('layered'));
  await pipeline(createReadStream(archive), createGunzip(), createWriteStream(tar));
  const fromArchive = await openDockerArchive(await indexArchive(tar, archive));
  assert.equal(native.layers.length, 3);
  assert.deepEqual(await packChanged(t, native), await packChanged(t, fromArchive));
});

test('a script that is built leads to the same settings, if it is known', async () => {
  const path = await buildFixture(opened, dockertools('stream'));
  const program = await buildFixture(opened, dockertools('stream.streamScript'));
  const why = `its script ${program} is not a known version of nixpkgs'`;
  assert.deepEqual(findStreamSettings({ path }), { native: false, why });
  const known = new Map([[scriptDigest(await readFile(program, 'utf8')), 0o755]] as const);
  const fromScript = await openNative(path, known);
  const fromSettings = await openNative(await buildFixture(opened, dockertools('stream.conf')));
  assert.deepEqual(
    fromScript.layers.map(layer => layer.identity),
    fromSettings.layers.map(layer => layer.identity),
  );
  assert.match(fromScript.layers[0]?.identity ?? '', /^stream1:/);
});
