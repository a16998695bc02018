import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { bundleType, parseBundle } from '../../src/attest/bundle.ts';
import { createKeySigner } from '../../src/attest/key-signer.ts';
import { formatStatement, predicateTypes } from '../../src/attest/statement.ts';
import { parseImages } from '../../src/inputs/parse-inputs.ts';
import { openTransport } from '../../src/lib/http/transport.ts';
import { mediaTypes } from '../../src/oci/blob.ts';
import { blobOf } from '../../src/oci/manifest.ts';
import { parseRepository } from '../../src/oci/reference.ts';
import { openClient } from '../../src/registry/access/client.ts';
import type { RepositoryClient } from '../../src/registry/access/registry.ts';
import { putManifest } from '../../src/registry/content/manifests.ts';
import { attachArtifact, readAttached } from '../../src/registry/push/attach-artifact.ts';
import { outputsOf } from '../../src/report/outputs.ts';
import type { VerifyResult } from '../../src/report/result.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { actions } from '../../src/run.ts';
import type { WorkflowContext } from '../../src/runtime.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { archive } from '../support/archives.ts';
import { failureWith } from '../support/failure.ts';
import { makeKeyPair } from '../support/key-pair.ts';
import { type Registry, startRegistry } from '../support/registry.ts';
import { type Sigstore, startSigstore } from '../support/sigstore.ts';
import { runMode, type Texts } from './run-mode.ts';

const file = '.github/workflows/build.yml';
const ref = 'refs/heads/main';
const identity = `https://github.com/acme/app/${file}@${ref}`;
const context: WorkflowContext = {
  repositoryUrl: 'https://github.com/acme/app',
  repository: 'acme/app',
  workflow: {
    server: 'https://github.com',
    repository: 'acme/app',
    path: file,
    ref,
    repositoryId: '1',
    ownerId: '2',
    runnerEnvironment: 'github-hosted',
    invocation: 'https://github.com/acme/app/actions/runs/7/attempts/1',
  },
};
const { secretPem, publicPem } = makeKeyPair();

let directory: string;
let registry: Registry;
let sigstore: Sigstore;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'verify-'));
  registry = await startRegistry({ directory });
  sigstore = await startSigstore(directory);
});
after(async () => {
  await Promise.all([registry.close(), sigstore.close()]);
  await rm(directory, { recursive: true });
});

/** Pushes an image of seven layers; no Nix is needed. */
async function push(t: TestContext, path: string, texts: Texts) {
  const env = { SIGSTORE_ID_TOKEN: sigstore.tokenOf(`acme/app/${file}@${ref}`) };
  const common: Texts = { path: archive('layered.tar.gz'), push: 'true', created: '0', cache: 'false', check: 'off' };
  const tags = `${registry.host}/${path}:1`;
  return (await runMode(t, { ...common, tags, ...texts }, { env, context })).image;
}

const keyless = (): Texts => ({ sign: 'keyless', 'signing-config': sigstore.signingConfig, provenance: 'true' });

async function verify(t: TestContext, path: string, texts: Texts, own: WorkflowContext = context) {
  const runtime = await openTestRuntime({ HOME: '/nonexistent' }, directory, { context: own });
  t.after(() => runtime.close());
  const given: Texts = { mode: 'verify', image: `${registry.host}/${path}:1`, ...texts };
  return actions.verify(
    parseImages(name => given[name] ?? ''),
    runtime,
  );
}

suite('an image with everything, signed as a workflow', () => {
  const byWorkflow = (): Texts => ({ 'require-signed': identity, 'trusted-root': sigstore.trustedRoot });
  let digest: string;
  before(async () => {
    ({
      root: { digest },
    } = await push({ after } as TestContext, 'acme/app', { ...keyless(), sbom: 'cyclonedx,spdx' }));
  });

  test('each check is reported, in outputs and summary', async t => {
    const result: VerifyResult = await verify(t, 'acme/app', byWorkflow());
    const { image, verified = '', digest: found } = outputsOf(result);
    assert.equal(found, digest);
    assert.equal(image, `${registry.host}/acme/app@${digest}`);
    assert.match(
      verified,
      new RegExp(
        `^signature: by ${identity}\nprovenance: https://github.com/acme/app ${file} ${ref}\n` +
          'sbom of linux/amd64: cyclonedx, [1-9]\\d* store paths, all listed$',
      ),
    );
    assert.match(summaryOf(result), /## Verified image\n\n`127.*\n\n- `signature: by/);
  });

  for (const [demand, ...parts] of [
    [
      { 'require-repository': 'acme/other' },
      'it names the repository https://github.com/acme/app, not https://github.com/acme/other',
    ],
    [
      { 'require-workflow': '.github/workflows/other.yml' },
      `it names the workflow ${file}, not .github/workflows/other.yml`,
    ],
    [{ 'require-ref': 'refs/tags/v1' }, `it names the ref ${ref}, not refs/tags/v1`],
    [
      { 'require-signed': 'https://github.com/acme/app' },
      'signature: wrong',
      'provenance: wrong',
      'sbom of linux/amd64: wrong',
    ],
  ] as const) {
    test(`another demand fails: ${Object.values(demand).join()}`, async t => {
      await assert.rejects(verify(t, 'acme/app', { ...byWorkflow(), ...demand }), failureWith(digest, ...parts));
    });
  }

  test('the provenance must be of the repository of the run, unless another one is demanded', async t => {
    const { workflow } = context;
    assert.ok(workflow);
    const foreign = { ...context, workflow: { ...workflow, repository: 'acme/deploy' } };
    await assert.rejects(
      verify(t, 'acme/app', byWorkflow(), foreign),
      failureWith('not https://github.com/acme/deploy'),
    );
    const demand = { ...byWorkflow(), 'require-repository': 'acme/app', 'require-workflow': file, 'require-ref': ref };
    assert.equal((await verify(t, 'acme/app', demand, foreign)).verified.length, 3);
  });
});

test('provenance that names another workflow than its certificate is wrong', async t => {
  const { workflow } = context;
  assert.ok(workflow);
  const env = { SIGSTORE_ID_TOKEN: sigstore.tokenOf(`acme/app/${file}@${ref}`) };
  const lying = { ...context, workflow: { ...workflow, ref: 'refs/tags/v9' } };
  const texts: Texts = {
    ...{ path: archive('layered.tar.gz'), push: 'true', created: '0', cache: 'false', check: 'off' },
    ...{ ...keyless(), tags: `${registry.host}/acme/lying:1` },
  };
  await runMode(t, texts, { env, context: lying });
  const demand: Texts = { 'require-signed': identity, 'trusted-root': sigstore.trustedRoot };
  await assert.rejects(verify(t, 'acme/lying', demand), failureWith(`v9, but its certificate ${identity}`));
});

suite('with a key', () => {
  const byKey: Texts = { 'require-key': publicPem };

  test('a file or a PEM; what nobody attached is missing', async t => {
    await push(t, 'acme/key', { 'signing-key': secretPem });
    await writeFile(join(directory, 'key.pub'), publicPem);
    for (const key of [publicPem, 'key.pub']) {
      const { verified } = await verify(t, 'acme/key', { 'require-key': key, require: 'signature' });
      assert.deepEqual(verified, ['signature: by the key in require-key']);
    }
    await assert.rejects(
      verify(t, 'acme/key', byKey),
      failureWith('- signature: by', '- provenance: wrong: the signer attached none', '- sbom of linux/amd64: wrong'),
    );
  });

  test('a bill of materials that lacks a store path, or has one too many, is not complete', async t => {
    const { platforms } = await push(t, 'acme/sbom', { 'signing-key': secretPem, sbom: 'cyclonedx' });
    const [first] = platforms;
    assert.ok(first);
    const repository = parseRepository(`${registry.host}/acme/sbom`);
    const right = await withClient(repository, async client => {
      for await (const bundle of readAttached(client, first.manifest.digest, bundleType)) {
        const statement = JSON.parse(parseBundle(bundle).statement.toString());
        if (statement.predicateType === 'https://cyclonedx.org/bom') return statement.predicate;
      }
    });
    for (const [path, change, message] of [
      ['lacks', (components: unknown[]) => components.slice(1), /cyclonedx: it does not list \/nix\/store\/\S+/],
      [
        'extra',
        (components: unknown[]) => [
          ...components,
          { properties: [{ name: 'nix:store_path', value: `/nix/store/${'0'.repeat(32)}-extra` }] },
        ],
        /no layer has \/nix\/store\/0+-extra/,
      ],
    ] as const) {
      await push(t, `acme/${path}`, { 'signing-key': secretPem });
      const predicate = { ...right, components: change(right.components) };
      const claim = { predicateType: 'https://cyclonedx.org/bom', predicate, subjects: [first.manifest] };
      const place = parseRepository(`${registry.host}/acme/${path}`);
      const bundle = await createKeySigner(createPrivateKey(secretPem)).sign(formatStatement(claim, place));
      await withClient(place, client =>
        attachArtifact(client, [first.manifest], { content: blobOf(bundle, bundleType), annotations: {} }),
      );
      const outcome = await verify(t, `acme/${path}`, { ...byKey, require: 'signature,sbom' }).then(
        ({ verified }) => verified.join('\n'),
        String,
      );
      assert.match(outcome, message);
    }
  });
});

test('what is checked of images is not enough for an index that lists more', async t => {
  const texts: Texts = { 'signing-key': secretPem, sbom: 'cyclonedx' };
  const { root } = await push(t, 'acme/more', texts);
  const byKey: Texts = { 'require-key': publicPem, require: 'sbom' };
  await verify(t, 'acme/more', byKey);
  const { mediaType, digest, size } = root;
  const platform = { os: 'linux', architecture: 'amd64' };
  // Engines choose by platform alone.
  const hidden = { mediaType, digest, size, platform, artifactType: 'application/x' };
  const index = {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: [hidden, { mediaType, digest, size, platform }],
  };
  const place = parseRepository(`${registry.host}/acme/more`);
  const blob = blobOf(JSON.stringify(index), mediaTypes.index);
  await withClient(place, client => putManifest(client, blob, '1'));
  await assert.rejects(verify(t, 'acme/more', byKey), failureWith('sbom: wrong: the index also lists 1 manifests'));
  const { workflow: named } = context;
  const workflow = { ...named, repository: 'https://github.com/acme/app' };
  for (const [predicateType, predicate] of [
    [predicateTypes.signature, {}],
    [predicateTypes.provenance, { buildDefinition: { externalParameters: { workflow } } }],
  ] as const) {
    const statement = formatStatement({ predicateType, predicate, subjects: [blob.descriptor] }, place);
    const content = blobOf(await createKeySigner(createPrivateKey(secretPem)).sign(statement), bundleType);
    await withClient(place, client => attachArtifact(client, [blob.descriptor], { content, annotations: {} }));
  }
  await assert.rejects(
    verify(t, 'acme/more', { ...byKey, require: 'signature,provenance,rebuild' }),
    failureWith('again: the index also lists 1 manifests'),
  );
});

test('a ref that only looks like the wanted one is another one', async t => {
  const { workflow } = context;
  assert.ok(workflow);
  const alike = { ...context, workflow: { ...workflow, ref: `${ref}\u200b` } };
  const texts: Texts = {
    ...{ path: archive('layered.tar.gz'), push: 'true', created: '0', cache: 'false', check: 'off' },
    ...{ 'signing-key': secretPem, provenance: 'true', tags: `${registry.host}/acme/alike:1` },
  };
  await runMode(t, texts, { context: alike });
  const demand: Texts = { 'require-key': publicPem, require: 'signature,provenance', 'require-ref': ref };
  await assert.rejects(verify(t, 'acme/alike', demand), failureWith('it names the ref', `not ${ref}`));
});

test('inputs that say too little or too much', async t => {
  for (const [texts, ...parts] of [
    [{ image: '' }, 'image is empty'],
    [{}, 'no signer is named', 'require-signed'],
    [{ 'require-signed': identity, 'require-key': publicPem }, 'require-signed together with require-key'],
    [{ 'require-key': publicPem, 'trusted-root': 'root.json' }, 'trusted-root', 'for identities'],
    [{ 'require-key': publicPem, 'require-issuer': 'https://issuer.example' }, 'require-issuer', 'for identities'],
    [{ 'require-key': '/nonexistent' }, 'Cannot read /nonexistent, given as require-key'],
    [{ 'require-signed': identity, require: 'signature,sboms' }, 'sboms', 'signature, provenance, sbom or rebuild'],
    [{ 'require-signed': identity, 'require-ref': 'main' }, '"main"', 'refs/heads/main'],
    [{ 'require-signed': identity, 'require-repository': 'app' }, '"app"', 'OWNER/NAME'],
    [{ 'require-signed': identity, created: 'now' }, 'created', 'verify action'],
    [{ 'require-key': publicPem, require: 'signature', 'require-ref': ref }, 'require-ref', 'Add provenance'],
    [{ 'require-key': '-----BEGIN x' }, 'Cannot read the public key'],
  ] as const) {
    await assert.rejects(verify(t, 'acme/app', texts), failureWith(...parts), JSON.stringify(texts));
  }
});

async function withClient<T>(
  repository: ReturnType<typeof parseRepository>,
  body: (client: RepositoryClient) => Promise<T>,
): Promise<T> {
  const runtime = await openTestRuntime({ HOME: '/nonexistent' }, '/');
  const transport = openTransport({ insecureHosts: [], env: runtime.env });
  const access = { transport, insecureRegistries: [], log: runtime.log, env: runtime.env };
  try {
    return await body(await openClient(repository, { ...access, actions: 'pull,push', mountSources: [] }));
  } finally {
    await transport.close();
    await runtime.close();
  }
}
