import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { formatEntryManifest } from '../../../src/cache/manifest.ts';
import { artifactBlob, entryTypes } from '../../../src/cache/oci/artifact.ts';
import { groupByName } from '../../../src/cache/oci/group-by-name.ts';
import { readOciEntry } from '../../../src/cache/oci/read-oci-entry.ts';
import { zstdFrames } from '../../../src/lib/compress/zstd-frames.ts';
import { openTransport } from '../../../src/lib/http/transport.ts';
import type { Descriptor } from '../../../src/oci/blob.ts';
import { digestOf } from '../../../src/oci/digest.ts';
import { openClient } from '../../../src/registry/access/client.ts';
import { openTerminalLog } from '../../../src/runtimes/terminal-log.ts';
import { imageType, openPutter } from '../../support/put-content.ts';
import { type Fault, startRegistry } from '../../support/registry.ts';
import { bytesOf } from '../../support/streams.ts';
import { type Cleaned, temporaryDirectory } from '../../support/temporary-directory.ts';

const tag = 'made.20260101T120000Z';

/** The store path of a NAR whose name is one of base 32: `aaaa…-a`. */
export function pathOf(name: string): string {
  return `/nix/store/${name.padStart(32, '0')}-${name}`;
}

/** A registry with an entry of these NARs by name, which need not be NARs; opened, but nothing of it is downloaded. */
export async function openMadeEntry(t: Cleaned, nars: Readonly<Record<string, Buffer>>) {
  const setting: { fault: (request: IncomingMessage) => Fault | undefined } = { fault: () => undefined };
  const registry = await startRegistry({
    directory: await temporaryDirectory(t),
    onRequest: request => setting.fault(request),
  });
  t.after(() => registry.close());
  const put = openPutter(registry.host, 'acme/cache');
  const putFrames = async (content: Buffer, type: string) =>
    (await put.blob(type, Buffer.from(await bytesOf(zstdFrames([[content]], 2))))) as Descriptor;
  const contents = new Map(Object.entries(nars).map(([name, nar]) => [pathOf(name), nar]));
  const paths = [...contents].map(([path, nar]) => ({
    ...{ path, narHash: digestOf(nar), narSize: nar.length, references: [] },
  }));
  const manifest = { system: 'test-linux', paths, layers: [], outputs: [], toolchain: [] };
  const index = await putFrames(Buffer.from(formatEntryManifest(manifest)), entryTypes.index);
  const groups: Descriptor[] = [];
  for (const group of groupByName(paths)) {
    const content = Buffer.concat(group.map(({ path }) => contents.get(path) as Buffer));
    groups.push(await putFrames(content, entryTypes.group));
  }
  await put.blob('', '{}');
  const body = await bytesOf(
    artifactBlob({ artifactType: entryTypes.artifact, tag, layers: [index, ...groups] }).open(),
  );
  const { status } = await fetch(`http://${registry.host}/v2/acme/cache/manifests/${tag}`, {
    ...{ method: 'PUT', headers: { 'content-type': imageType }, body: body.toString() },
  });
  assert.equal(status, 201);

  const transport = openTransport({ insecureHosts: [], env: {} });
  t.after(() => transport.close());
  const access = { transport, insecureRegistries: [], env: {}, log: openTerminalLog('quiet') };
  const client = await openClient(
    { host: registry.host, path: 'acme/cache' },
    { ...access, actions: 'pull', mountSources: [], waits: { first: 10, longest: 20 } },
  );
  const entry = await readOciEntry(tag, { client, directory: await temporaryDirectory(t), trustedKeys: [] });
  if (entry === undefined) return assert.fail('there is no entry');
  const isBlob = ({ method = '', url = '' }: Pick<IncomingMessage, 'method' | 'url'>) =>
    method === 'GET' && url.includes('/blobs/sha256:');
  const before = registry.requests.length;
  return {
    entry,
    setting,
    isBlob,
    /** Number of downloads of groups so far. */
    downloads: () => registry.requests.slice(before).filter(({ method, path }) => isBlob({ method, url: path })).length,
  };
}
