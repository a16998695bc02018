import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { artifactBlob, entryTypes } from '../../src/cache/oci/artifact.ts';
import { entryTagOf } from '../../src/cache/oci/entry-tag.ts';
import { openTransport } from '../../src/lib/http/transport.ts';
import { blobOf } from '../../src/oci/manifest.ts';
import { openTerminalLog } from '../../src/runtimes/terminal-log.ts';
import { deleteOld } from '../../src/stages/build/delete-old-entries.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { startCraneRegistry } from '../support/crane-registry.ts';
import { imageType, openPutter } from '../support/put-content.ts';
import { startRegistry } from '../support/registry.ts';
import { bytesOf } from '../support/streams.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const day = 24 * 60 * 60 * 1000;
const now = Date.UTC(2026, 0, 1);

/** A repository with `count` entries of a build, the n-th saved n days ago, and one of tomorrow. */
async function openRepository(t: TestContext, host: string, count: number) {
  const put = openPutter(host, 'acme/cache');
  const paths = blobOf('paths', entryTypes.index).descriptor;
  await put.blob('', 'paths');
  await put.blob('', '{}');
  const putManifest = async (tag: string, body: string) => {
    const headers = { 'content-type': imageType };
    const { status } = await fetch(`http://${host}/v2/acme/cache/manifests/${tag}`, { method: 'PUT', headers, body });
    assert.equal(status, 201);
  };
  const textOf = async (tag: string) => {
    const { open } = artifactBlob({ artifactType: entryTypes.artifact, tag, layers: [paths] });
    return (await bytesOf(open())).toString();
  };
  const tags = Array.from({ length: count + 1 }, (_, n) => {
    return entryTagOf(`nix-image-4-x86_64-linux-${'a'.repeat(12)}-${n}`, now - (n - 1) * day).tag;
  });
  for (const tag of tags) await putManifest(tag, await textOf(tag));
  const transport = openTransport({ insecureHosts: [], env: {} });
  const runtime = { ...(await openTestRuntime({}, '/nonexistent')), now: () => now };
  t.after(() => {
    transport.close();
    runtime.close();
  });
  const access = { transport, insecureRegistries: [], env: {}, log: openTerminalLog('quiet') };
  return {
    tags,
    left: put.tags,
    copy: async (of: string, tag: string) => putManifest(tag, await textOf(of)),
    prune: (keep: Parameters<typeof deleteOld>[1], saved?: string) =>
      deleteOld({ host, path: 'acme/cache' }, keep, { runtime, access, dryRun: false, saved }),
  };
}

test('old entries are deleted in a few requests each; a copy leaves its original', async t => {
  const registry = await startRegistry({ directory: join(await temporaryDirectory(t), 'registry') });
  t.after(() => registry.close());
  const { tags, prune, left, copy } = await openRepository(t, registry.host, 40);
  const copied = entryTagOf('copy', now - 90 * day).tag;
  await copy(tags[0] ?? '', copied);
  const before = registry.requests.length;
  await prune({ count: 3 });
  const requests = registry.requests.length - before;
  assert.ok(requests < 4 * tags.length, `${requests} requests`);
  assert.deepEqual(await left(), [copied, ...tags.slice(0, 3)].sort());
  await prune({ age: 60 * day });
  assert.deepEqual(await left(), tags.slice(0, 3).sort());
});

test('the entry that was just saved stays, also if others seem to be newer', async t => {
  const registry = await startRegistry({ directory: join(await temporaryDirectory(t), 'registry') });
  t.after(() => registry.close());
  const { tags, prune, left } = await openRepository(t, registry.host, 3);
  await prune({ count: 1 }, tags[1]);
  assert.deepEqual(await left(), tags.slice(0, 2).sort());
});

test('a tag that outlives its manifest is deleted too', async t => {
  const registry = await startCraneRegistry();
  t.after(() => registry.close());
  const { tags, prune, left } = await openRepository(t, registry.host, 3);
  await prune({ count: 1 });
  assert.deepEqual(await left(), tags.slice(0, 1));
});
