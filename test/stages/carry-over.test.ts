import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { parseImages } from '../../src/inputs/parse-inputs.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { actions } from '../../src/run.ts';
import type { WorkflowContext } from '../../src/runtime.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { assertValid } from '../sbom/validate-sbom.ts';
import { archive } from '../support/archives.ts';
import { makeKeyPair } from '../support/key-pair.ts';
import { imageType, openPutter, type Put } from '../support/put-content.ts';
import { type Registry, startRegistry } from '../support/registry.ts';
import { runMode, type Texts } from './run-mode.ts';

const { secretPem, publicPem } = makeKeyPair();
const signed = { 'signing-key': secretPem };
const demand = { 'require-key': publicPem };

const context: WorkflowContext = {
  repositoryUrl: 'https://github.com/acme/app',
  workflow: {
    server: 'https://github.com',
    repository: 'acme/app',
    path: '.github/workflows/release.yml',
    ref: 'refs/tags/v1',
    repositoryId: '1',
    ownerId: '2',
    runnerEnvironment: 'github-hosted',
    invocation: 'https://github.com/acme/app/actions/runs/7/attempts/1',
  },
};

let directory: string;
let registry: Registry;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'carry-'));
  registry = await startRegistry({ directory });
});
after(async () => {
  await registry.close();
  await rm(directory, { recursive: true });
});

const app = (tag: string) => `${registry.host}/acme/app:${tag}`;

/** Pushes an image of seven layers with bills of materials; no Nix is needed. */
async function push(t: TestContext, tag: string, texts: Texts = {}) {
  const path = archive('layered.tar.gz');
  const labels = `org.example.kind=${tag}`;
  const common: Texts = { path, tags: app(tag), labels, push: 'true', created: '0', cache: 'false', check: 'off' };
  return (await runMode(t, { ...common, sbom: 'cyclonedx,spdx', ...texts }, { context })).image;
}

function promote(t: TestContext, tag: string, texts: Texts = {}) {
  const created = '2026-01-31T12:00:00Z';
  const common: Texts = {
    mode: 'promote',
    from: app(tag),
    tags: app(`${tag}-1.0`),
    push: 'true',
    created,
    check: 'off',
  };
  return runMode(t, { ...common, ...texts }, { context });
}

async function verify(t: TestContext, tag: string, required: string) {
  const runtime = await openTestRuntime({ HOME: '/nonexistent' }, '/', { context });
  t.after(() => runtime.close());
  const texts: Texts = { mode: 'verify', image: app(tag), require: required, ...demand };
  return actions.verify(
    parseImages(name => texts[name] ?? ''),
    runtime,
  );
}

const get = async (path: string) => (await fetch(`http://${registry.host}/v2/acme/app/${path}`)).json();

/** Documents attached to a manifest, by type of the artifact. */
async function attachedTo(digest: string): Promise<Record<string, string>> {
  const { manifests } = (await get(`referrers/${digest}`)) as { manifests: { digest: string; artifactType: string }[] };
  const entries = manifests.map(async ({ digest, artifactType }) => {
    const { layers } = (await get(`manifests/${digest}`)) as { layers: { digest: string }[] };
    const blob = await fetch(`http://${registry.host}/v2/acme/app/blobs/${layers[0]?.digest}`);
    return [artifactType, await blob.text()] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

const spdxType = 'application/spdx+json';
const cycloneDxType = 'application/vnd.cyclonedx+json';

test('what the required signer has signed is made anew for the new digest, and the provenance names the old one', async t => {
  const before = await push(t, 'signed', signed);
  const { image, lines, result } = await promote(t, 'signed', { ...signed, ...demand, provenance: 'true' });
  assert.notEqual(image.root.digest, before.root.digest);
  const { provenance, verified } = await verify(t, 'signed-1.0', 'signature,provenance,sbom');
  assert.match(verified.join('\n'), /sbom of linux\/amd64: cyclonedx, \d+ store paths, all listed/);
  assert.ok(provenance);
  const { resolvedDependencies } = provenance.buildDefinition as { resolvedDependencies: object[] };
  assert.deepEqual(
    resolvedDependencies.filter(one => 'name' in one && one.name === 'from'),
    [
      {
        name: 'from',
        uri: `oci://${registry.host}/acme/app`,
        digest: { sha256: before.root.digest.slice('sha256:'.length) },
      },
    ],
  );
  assert.deepEqual(image.carried, {
    over: [
      'cyclonedx of linux/amd64: signed by this step',
      'signature: a new one, by this step',
      'spdx of linux/amd64: signed by this step',
    ],
    left: [],
  });
  assert.ok(lines.includes(`info: Carried over from ${before.root.digest}: spdx of linux/amd64: signed by this step`));
  assert.match(summaryOf(result), /\| Carried over \| `cyclonedx of linux\/amd64/);

  const again = await promote(t, 'signed', { ...signed, ...demand, provenance: 'true' });
  assert.equal(again.lines.filter(line => line.endsWith('already attached')).length, 4);
});

test('unsigned bills of materials stay unsigned, with the new digest in them', async t => {
  const before = await push(t, 'unsigned');
  const { image } = await promote(t, 'unsigned');
  const [old, attached] = [await attachedTo(before.root.digest), await attachedTo(image.root.digest)];
  for (const [format, type] of [
    ['cyclonedx', cycloneDxType],
    ['spdx', spdxType],
  ] as const) {
    const text = attached[type] ?? '';
    await assertValid(format, text);
    assert.ok(!text.includes(before.root.digest) && text.includes(image.root.digest));
    assert.match(text, new RegExp(`pkg:oci/app@${image.root.digest.replace(':', '(:|%3A)')}`));
    // Nothing but the subject, and what is derived from it, is another.
    const same = (document = '') =>
      document
        .replaceAll(/sha256(:|%3A)[0-9a-f]{64}/g, 'DIGEST')
        .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID')
        .replaceAll(/(1970|2026)-01-\d\dT[\d:]+Z/g, 'TIME');
    assert.equal(same(text), same(old[type]));
  }
});

test('a step that signs vouches for nothing that nobody has to have signed', async t => {
  const before = await push(t, 'mixed');
  const { image, lines } = await promote(t, 'mixed', signed);
  assert.deepEqual(image.carried?.left, [
    'cyclonedx of linux/amd64: nobody has to have signed it; set require-signed',
    'spdx of linux/amd64: nobody has to have signed it; set require-signed',
  ]);
  assert.ok(lines.includes(`notice: Not carried over from ${before.root.digest}: ${image.carried?.left[0]}`));
  await assert.rejects(verify(t, 'mixed-1.0', 'sbom'), /the signer attached none/);
});

test('what the image had and the new one lacks is said', async t => {
  await push(t, 'dropped', { ...signed, provenance: 'true' });
  const { image, result } = await promote(t, 'dropped');
  assert.deepEqual(image.carried?.left, [
    'cyclonedx of linux/amd64: nobody has to have signed it; set require-signed',
    'provenance: it is about the image before; set provenance',
    'signature: it is about the image before; set sign',
    'spdx of linux/amd64: nobody has to have signed it; set require-signed',
  ]);
  assert.match(summaryOf(result), /\| Not carried over \|/);
  assert.deepEqual(await attachedTo(image.root.digest), {});
});

/** Attaches documents to an image, as anyone may who may push. Returns their digests. */
async function attach(subject: Put, mediaType: string, texts: readonly string[]): Promise<string[]> {
  const putter = openPutter(registry.host, 'acme/app');
  const empty = await putter.blob('application/vnd.oci.empty.v1+json', '{}');
  const digests: string[] = [];
  for (const text of texts) {
    const layer = await putter.blob(mediaType, text);
    await putter.manifest({ mediaType: imageType, artifactType: mediaType, config: empty, layers: [layer], subject });
    digests.push(layer.digest);
  }
  return digests;
}

const blobsRead = (since: number) =>
  registry.requests
    .slice(since)
    .flatMap(({ method, path }) => (method === 'GET' ? path.split('/blobs/').slice(1) : []));

test('unsigned documents are not read if a signature is needed', async t => {
  const { root } = await push(t, 'unread', { ...signed, sbom: '' });
  const digests = await attach(root, cycloneDxType, ['{"bomFormat":"CycloneDX","a":1}', '{"bomFormat":"CycloneDX"}']);
  const since = registry.requests.length;
  const { image } = await promote(t, 'unread', { ...signed, ...demand });
  assert.deepEqual(image.carried?.left, [`cyclonedx of linux/amd64: it is not signed by the key in require-key`]);
  const read = blobsRead(since);
  assert.deepEqual(
    read.filter(digest => digests.includes(digest)),
    [],
  );
});

test('of many documents of one format one is carried over, and only the one is kept', async t => {
  const { root } = await push(t, 'many', { sbom: 'cyclonedx' });
  const [own = ''] = Object.values(await attachedTo(root.digest));
  const { metadata, ...rest } = JSON.parse(own);
  const others = ['a', 'b', 'c'].map(name => JSON.stringify({ ...rest, metadata, properties: [{ name }] }));
  const digests = [digestOf(own), ...(await attach(root, cycloneDxType, others))];
  const since = registry.requests.length;
  const { image } = await promote(t, 'many');
  assert.deepEqual(image.carried, {
    over: ['cyclonedx of linux/amd64: unsigned'],
    left: ['cyclonedx of linux/amd64: another one is carried over'],
  });
  assert.equal(Object.keys(await attachedTo(image.root.digest)).length, 1);
  const read = blobsRead(since).filter(digest => digests.includes(digest));
  assert.equal(read.length, digests.length + 1, 'each once to know it, and one again to write it');
});

test('a document of another program and a broken one are left out, and the image is promoted', async t => {
  const { root } = await push(t, 'foreign', { sbom: '' });
  await attach(root, cycloneDxType, ['{"bomFormat":"CycloneDX","metadata":{}}', 'no JSON']);
  const { image, lines } = await promote(t, 'foreign');
  assert.equal(image.references.length, 1);
  assert.ok(
    lines.includes(`notice: Not carried over from ${root.digest}: cyclonedx of linux/amd64: another program made it`),
    lines.join('\n'),
  );
});
