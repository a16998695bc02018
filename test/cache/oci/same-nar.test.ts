import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatEntryManifest } from '../../../src/cache/manifest.ts';
import { artifactBlob, entryTypes } from '../../../src/cache/oci/artifact.ts';
import { readOciEntry } from '../../../src/cache/oci/read-oci-entry.ts';
import { type EntryPart, narsOf } from '../../../src/cache/read-entry.ts';
import { zstdFrames } from '../../../src/lib/compress/zstd-frames.ts';
import { openTransport } from '../../../src/lib/http/transport.ts';
import type { Descriptor } from '../../../src/oci/blob.ts';
import { digestOf } from '../../../src/oci/digest.ts';
import { openClient } from '../../../src/registry/access/client.ts';
import { openTerminalLog } from '../../../src/runtimes/terminal-log.ts';
import { imageType, openPutter } from '../../support/put-content.ts';
import { startRegistry } from '../../support/registry.ts';
import { bytesOf, makeSample } from '../../support/streams.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const tag = 'same.20260101T120000Z';

test('two paths with the same NAR have one blob, and a failed download for one leaves that of the other', async t => {
  let isGone = false;
  const registry = await startRegistry({
    directory: await temporaryDirectory(t),
    onRequest: ({ url = '' }) => (isGone && url.includes('/blobs/') ? { status: 404 } : undefined),
  });
  t.after(() => registry.close());
  const nar = makeSample(70_000);
  const paths = ['a', 'b'].map(name => `/nix/store/${'0'.repeat(32)}-${name}`);
  const narHash = digestOf(nar);
  const rows = paths.map(path => ({ path, narHash, narSize: nar.length, references: [] }));
  const put = openPutter(registry.host, 'acme/cache');
  const putFrames = async (content: Buffer, type: string) =>
    (await put.blob(type, Buffer.from(await bytesOf(zstdFrames([[content]], 2))))) as Descriptor;
  const manifest = { system: 'test-linux', paths: rows, layers: [], outputs: [], toolchain: [] };
  const index = await putFrames(Buffer.from(formatEntryManifest(manifest)), entryTypes.index);
  const group = await putFrames(nar, entryTypes.group);
  await put.blob('', '{}');
  const body = await bytesOf(
    artifactBlob({ artifactType: entryTypes.artifact, tag, layers: [index, group, group] }).open(),
  );
  const { status } = await fetch(`http://${registry.host}/v2/acme/cache/manifests/${tag}`, {
    ...{ method: 'PUT', headers: { 'content-type': imageType }, body: body.toString() },
  });
  assert.equal(status, 201);

  const transport = openTransport({ insecureHosts: [], env: {} });
  t.after(() => transport.close());
  const client = await openClient(
    { host: registry.host, path: 'acme/cache' },
    {
      ...{ transport, insecureRegistries: [], env: {}, log: openTerminalLog('quiet') },
      ...{ actions: 'pull', mountSources: [] },
    },
  );
  const entry = await readOciEntry(tag, { client, directory: await temporaryDirectory(t), trustedKeys: [] });
  const fetchPart = async (path = '') => (await entry?.fetchParts(new Set([path])))?.[0];
  const part = await fetchPart(paths[0]);
  isGone = true;
  await assert.rejects(fetchPart(paths[1]), /404/);
  assert.deepEqual(contentOf(part as EntryPart), nar);
});

function contentOf(part: EntryPart): Buffer {
  const pieces: Buffer[] = [];
  for (const { next } of narsOf(part)) for (let piece = next(); piece !== undefined; piece = next()) pieces.push(piece);
  return Buffer.concat(pieces);
}
