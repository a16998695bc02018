import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { bundleType, parseBundle } from '../../src/attest/bundle.ts';
import { claimsSame, formatStatement } from '../../src/attest/statement.ts';
import { openVerifier } from '../../src/attest/verifier.ts';
import type { Flags } from '../../src/commands/command.ts';
import { loadVerify } from '../../src/commands/load-verify.ts';
import { parseImages } from '../../src/inputs/parse-inputs.ts';
import { messageOf } from '../../src/lib/failure.ts';
import { openTransport } from '../../src/lib/http/transport.ts';
import { runProgram } from '../../src/lib/process.ts';
import { emptyConfig } from '../../src/oci/artifact-manifest.ts';
import { type Digest, parseDigest } from '../../src/oci/digest.ts';
import { blobOf } from '../../src/oci/manifest.ts';
import { parseRepository } from '../../src/oci/reference.ts';
import { openClient } from '../../src/registry/access/client.ts';
import type { RepositoryClient } from '../../src/registry/access/registry.ts';
import { attachArtifact, readAttached } from '../../src/registry/push/attach-artifact.ts';
import { summaryOf } from '../../src/report/summary.ts';
import { actions } from '../../src/run.ts';
import { lackOfSignature, readStatements } from '../../src/stages/verify/read-statements.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { runMode, type Surroundings, type Texts } from '../stages/run-mode.ts';
import { cosign } from '../support/cosign.ts';
import { type Distribution, startDistribution } from '../support/distribution.ts';
import { makeKeyPair } from '../support/key-pair.ts';
import { openPutter, type Put } from '../support/put-content.ts';
import { type RegistryOptions, startRegistry } from '../support/registry.ts';
import { run } from '../support/run.ts';
import { type Sigstore, startSigstore } from '../support/sigstore.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const password = 'secret of the key';
const withPassword = { env: { COSIGN_PASSWORD: password } };

/** Puts an index for two platforms, whose images differ in their config alone; returns its name. */
async function putIndex(host: string, path = 'acme/app'): Promise<string> {
  const putter = openPutter(host, path);
  const manifests = [];
  for (const architecture of ['amd64', 'arm64']) {
    const text = JSON.stringify({ architecture, os: 'linux', rootfs: { type: 'layers', diff_ids: [] }, config: {} });
    const config = await putter.blob('application/vnd.oci.image.config.v1+json', text);
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const manifest = await putter.manifest({ mediaType, config, layers: [] });
    manifests.push({ ...manifest, platform: { os: 'linux', architecture } });
  }
  await putter.index(manifests, 'tested');
  return `${host}/${path}:tested`;
}

/** Promotes that index: pushes an image without a build. */
async function push(t: TestContext, host: string, texts: Texts, surroundings: Surroundings = {}) {
  const from = await putIndex(host);
  const given = {
    mode: 'promote',
    from,
    tags: `${host}/acme/app:1.0`,
    push: 'true',
    created: '0',
    check: 'off',
    ...texts,
  };
  return runMode(t, given, surroundings);
}

async function makeKey(t: TestContext): Promise<{ pem: string; publicKey: string }> {
  const directory = await temporaryDirectory(t);
  const env = { PATH: process.env.PATH, HOME: directory, COSIGN_PASSWORD: password };
  await run(cosign, ['generate-key-pair'], { cwd: directory, env });
  return {
    pem: await readFile(join(directory, 'cosign.key'), 'utf8'),
    publicKey: join(directory, 'cosign.pub'),
  };
}

/** cosign's exit code and what it said. */
async function verify(t: TestContext, ...args: readonly string[]) {
  const env = { PATH: process.env.PATH, HOME: await temporaryDirectory(t) };
  const { code, stdout, stderr } = await runProgram(cosign, [...args], { env });
  return { code, stdout, said: stderr };
}

suite('with a key', () => {
  let registry: Distribution;
  before(async () => {
    registry = await startDistribution({ version: 3 });
  });
  after(() => registry.close());

  test('cosign verifies the index and each platform; pushing again attaches nothing', async t => {
    const { pem, publicKey } = await makeKey(t);
    const { image, lines } = await push(t, registry.host, { 'signing-key': pem }, withPassword);
    const app = `${registry.host}/acme/app`;
    const keyed = ['verify', '--key', publicKey, '--insecure-ignore-tlog'];
    const digests = [image.root.digest, ...image.platforms.map(({ manifest }) => manifest.digest)];
    for (const digest of digests) {
      const { code, said } = await verify(t, ...keyed, `${app}@${digest}`);
      assert.equal(code, 0, said);
    }
    assert.equal(image.references.length, 1);
    assert.ok(
      lines.some(line => line.includes('attached to 3 manifests')),
      lines.join('\n'),
    );

    const again = await push(t, registry.host, { 'signing-key': pem }, withPassword);
    assert.equal(again.image.root.digest, image.root.digest);
    assert.ok(
      again.lines.some(line => line.endsWith('already attached')),
      again.lines.join('\n'),
    );
  });
});

suite('as a workflow, through a Sigstore on loopback', () => {
  const workflow = 'acme/app/.github/workflows/build.yml@refs/heads/main';
  let registry: Distribution;
  let sigstore: Sigstore;
  before(async () => {
    registry = await startDistribution();
    sigstore = await startSigstore(await mkdtemp(join(tmpdir(), 'sigstore-')));
  });
  after(async () => {
    await Promise.all([registry.close(), sigstore.close()]);
    await rm(dirname(sigstore.trustedRoot), { recursive: true });
  });
  const servicesOf = ({ signingConfig, trustedRoot }: Sigstore): Texts => ({
    sign: 'keyless',
    'signing-config': signingConfig,
    'trusted-root': trustedRoot,
  });
  const signed = () => servicesOf(sigstore);
  const asWorkflow = (attempt = '1') => ({
    env: { SIGSTORE_ID_TOKEN: sigstore.tokenOf(workflow) },
    context: { ...contextOf(attempt), eventName: 'push', ref: 'refs/heads/main' },
  });
  const identity = (name: string) => [
    ...['--trusted-root', sigstore.trustedRoot, '--certificate-identity', `https://github.com/${name}`],
    ...['--certificate-oidc-issuer', 'https://token.actions.githubusercontent.com'],
  ];

  test('cosign verifies this identity and no other; pushing again asks Sigstore for nothing', async t => {
    const { image } = await push(t, registry.host, signed(), asWorkflow());
    const name = `${registry.host}/acme/app@${image.root.digest}`;
    const right = await verify(t, 'verify', ...identity(workflow), name);
    assert.equal(right.code, 0, right.said);
    const wrong = await verify(t, 'verify', ...identity(workflow.replace('build', 'other')), name);
    assert.match(wrong.said, /no matching/i);
    assert.notEqual(wrong.code, 0);

    const seen = sigstore.requests.length;
    assert.equal(seen, 3);
    await push(t, registry.host, signed(), asWorkflow());
    assert.equal(sigstore.requests.length, seen);
  });

  test('cosign verifies the provenance; the same build in another run attaches nothing', async t => {
    const texts = { ...signed(), provenance: 'true', labels: 'org.example.kind=provenance' };
    const { image } = await push(t, registry.host, texts, asWorkflow());
    const name = `${registry.host}/acme/app@${image.root.digest}`;
    const { code, said, stdout } = await verify(
      t,
      ...['verify-attestation', '--type', 'slsaprovenance1', ...identity(workflow), name],
    );
    assert.equal(code, 0, said);
    const { predicate } = JSON.parse(Buffer.from(JSON.parse(stdout).payload, 'base64').toString());
    const { buildDefinition, runDetails } = predicate;
    assert.equal(buildDefinition.externalParameters.workflow.path, '.github/workflows/build.yml');
    assert.equal(buildDefinition.externalParameters.nixImage_inputs.labels, 'org.example.kind=provenance');
    assert.deepEqual(buildDefinition.resolvedDependencies[0], {
      uri: 'git+https://github.com/acme/app@refs/heads/main',
      digest: { gitCommit: 'a'.repeat(40) },
    });
    assert.equal(runDetails.builder.id, `https://github.com/${workflow}`);
    assert.equal(runDetails.metadata.invocationId, 'https://github.com/acme/app/actions/runs/7/attempts/1');

    const seen = sigstore.requests.length;
    await push(t, registry.host, texts, asWorkflow('2'));
    assert.equal(sigstore.requests.length, seen);
  });

  const repository = () => parseRepository(`${registry.host}/acme/app`);
  async function withClient<T>(body: (client: RepositoryClient) => Promise<T>): Promise<T> {
    const runtime = await openTestRuntime({ HOME: '/nonexistent' }, '/');
    const transport = openTransport({ insecureHosts: [], env: runtime.env });
    const access = { transport, insecureRegistries: [], log: runtime.log, env: runtime.env };
    try {
      const client = await openClient(repository(), { ...access, actions: 'pull,push', mountSources: [] });
      return await body(client);
    } finally {
      await transport.close();
      await runtime.close();
    }
  }
  const attachedTo = (digest: Digest) =>
    withClient(async client => {
      const found: Buffer[] = [];
      for await (const content of readAttached(client, digest, bundleType)) found.push(content);
      return found;
    });
  const attach = ({ mediaType, digest, size }: Put, bundle: Buffer) =>
    withClient(client =>
      attachArtifact(client, [{ mediaType, digest: parseDigest(digest, 'a digest'), size }], {
        content: blobOf(bundle, bundleType),
        annotations: {},
      }),
    );

  /** What `nix-image verify` prints, or the message of its failure. */
  async function check(t: TestContext, name: string, flags: Flags): Promise<string> {
    const runtime = await openTestRuntime({ HOME: '/nonexistent' }, '/');
    t.after(() => runtime.close());
    const given = { 'trusted-root': sigstore.trustedRoot, require: 'signature', ...flags };
    const call = { parameters: [name], flags: given, width: undefined };
    const verify = await loadVerify();
    return verify(call, runtime).then(({ text }) => text, messageOf);
  }

  test('nix-image verify accepts this identity, and no other, no other issuer, no other image', async t => {
    const { image } = await push(t, registry.host, { ...signed(), provenance: 'true' }, asWorkflow());
    const app = `${registry.host}/acme/app`;
    const name = `${app}@${image.root.digest}`;
    const own = `https://github.com/${workflow}`;
    const by = (identity: string): Flags => ({ 'require-signed': [identity] });
    assert.match(await check(t, name, by(own)), /signature: by https:/);
    assert.match(await check(t, name, { 'require-signed': ['https://example.org', own] }), /signature: by https:/);
    assert.match(await check(t, name, by(own.replace('main', 'm.in'))), /signature: wrong: it is signed by/);
    assert.match(await check(t, name, by('https://github.com/acme')), /signature: wrong/);
    const elsewhere = { ...by(own), 'require-issuer': 'https://issuer.example' };
    assert.match(await check(t, name, elsewhere), /signature: wrong/);
    assert.match(await check(t, `${app}:tested`, by(own)), /nothing is attached to it/);

    // The bundle of one image, attached to another one.
    const [bundle = assert.fail()] = await attachedTo(image.root.digest);
    const other = await openPutter(registry.host, 'acme/app').index([], 'other');
    await attach(other, bundle);
    assert.match(await check(t, `${app}:other`, by(own)), /it is about another image/);
    // One byte of a signed statement is another.
    const changed = JSON.parse(bundle.toString());
    const payload = Buffer.from(changed.dsseEnvelope.payload, 'base64').toString();
    const forged = payload.replaceAll(/"sha256":"[0-9a-f]{64}"/g, `"sha256":"${other.digest.slice(7)}"`);
    changed.dsseEnvelope.payload = Buffer.from(forged).toString('base64');
    await attach(other, Buffer.from(JSON.stringify(changed)));
    assert.match(await check(t, `${app}:other`, by(own)), /signature: wrong/);
  });

  test('statements of more than 4 MiB, as of large bills of materials, are read back and told apart', async () => {
    const large = Buffer.alloc(5 << 20, ' ');
    const { digest, ...image } = await openPutter(registry.host, 'acme/app').image('large');
    await attach({ ...image, digest }, large);
    const [found = assert.fail()] = await attachedTo(parseDigest(digest, 'a digest'));
    assert.equal(found.length, large.length);
    const claim = (text: string) => ({ predicateType: 'text', predicate: { text }, subjects: [] });
    const [a, b] = ['a', 'b'].map(letter => formatStatement(claim(letter.repeat(5 << 20)), repository()));
    assert.equal(claimsSame(a ?? large, a ?? large), true);
    assert.equal(claimsSame(a ?? large, b ?? large), false);
  });

  test('a signature that verification would not accept does not count as attached', async t => {
    // Another Sigstore, as anyone can set up, certifies the same identity.
    const stranger = await startSigstore(await temporaryDirectory(t));
    t.after(() => stranger.close());
    const labels = 'a=planted';
    const planted = await push(t, registry.host, { ...servicesOf(stranger), labels }, asWorkflow());
    const { image, lines } = await push(t, registry.host, { ...signed(), labels }, asWorkflow());
    assert.equal(image.root.digest, planted.image.root.digest);
    assert.ok(!lines.some(line => line.endsWith('already attached')), lines.join('\n'));
    const own = { 'require-signed': [`https://github.com/${workflow}`] };
    assert.match(await check(t, `${registry.host}/acme/app@${image.root.digest}`, own), /signature: by https:/);
    const again = await push(t, registry.host, { ...signed(), labels }, asWorkflow());
    assert.ok(again.lines.some(line => line.endsWith('already attached')));
  });

  test('a Sigstore without a log is enough if a timestamp shows when the key was used', async t => {
    const quiet = await startSigstore(await temporaryDirectory(t), { hasLog: false });
    t.after(() => quiet.close());
    const texts = { ...servicesOf(quiet), labels: 'a=quiet' };
    const { image } = await push(t, registry.host, texts, asWorkflow());
    const name = `${registry.host}/acme/app@${image.root.digest}`;
    const own = { 'require-signed': [`https://github.com/${workflow}`] };
    assert.match(await check(t, name, { ...own, 'trusted-root': quiet.trustedRoot }), /signature: by/);
    assert.match(await check(t, name, own), /signature: wrong/);
  });

  test('provenance alone is no signature', async t => {
    const { image } = await push(
      t,
      registry.host,
      { ...signed(), provenance: 'true', labels: 'a=alone' },
      asWorkflow(),
    );
    const bundles = await attachedTo(image.root.digest);
    const verifyBundle = await openVerifier({
      kind: 'identity',
      identities: [`https://github.com/${workflow}`],
      issuer: 'https://token.actions.githubusercontent.com',
      trustedRoot: await readFile(sigstore.trustedRoot),
      directory: '/nonexistent',
    });
    const refuseSignatures = (bundle: Buffer) => {
      if (parseBundle(bundle).statement.includes('cosign/sign')) throw new Error('left out');
      return verifyBundle(bundle);
    };
    const statements = await withClient(client =>
      readStatements(client, image.root.digest, { name: 'x', input: 'require-signed', verify: refuseSignatures }),
    );
    assert.match(lackOfSignature(statements) ?? '', /left out; .*slsa/);
    assert.equal(bundles.length, 2);
  });
});

/** What a runner says of attempt N of run 7 of acme/app. */
function contextOf(attempt: string) {
  return {
    repositoryUrl: 'https://github.com/acme/app',
    revision: 'a'.repeat(40),
    workflow: {
      server: 'https://github.com',
      repository: 'acme/app',
      path: '.github/workflows/build.yml',
      ref: 'refs/heads/main',
      repositoryId: '1',
      ownerId: '2',
      runnerEnvironment: 'github-hosted',
      invocation: `https://github.com/acme/app/actions/runs/7/attempts/${attempt}`,
    },
  };
}

suite('a registry', () => {
  async function open(t: TestContext, options: Partial<RegistryOptions> = {}) {
    const registry = await startRegistry({ directory: await temporaryDirectory(t), ...options });
    t.after(() => registry.close());
    return registry;
  }
  /** PEM of a key without a password. */
  const { secretPem: pem } = makeKeyPair();
  const isPut = ({ method, url }: IncomingMessage, part: RegExp) => method === 'PUT' && part.test(url ?? '');

  test('that refuses artifacts gets no tag, unless unattested images are allowed', async t => {
    let isStarted = false;
    const registry = await open(t, {
      onRequest: request => {
        // The config that only artifacts have.
        if (request.url?.includes(emptyConfig.descriptor.digest.slice(7))) isStarted = true;
        return isStarted && isPut(request, /manifests\/sha256/)
          ? { status: 400, headers: { 'Content-Type': 'application/json' }, body: refusalText }
          : undefined;
      },
    });
    await assert.rejects(push(t, registry.host, { 'signing-key': pem }), {
      message: /Cannot attach attestations to .*MANIFEST_INVALID.*No tag was moved.*allow-unattested/,
    });
    const putter = openPutter(registry.host, 'acme/app');
    assert.deepEqual(await putter.tags(), ['tested']);
    isStarted = false;
    const { image, lines, result } = await push(t, registry.host, { 'signing-key': pem, 'allow-unattested': 'true' });
    assert.match(image.unattested ?? '', /MANIFEST_INVALID/);
    assert.ok(lines.some(line => line.startsWith('warning: The image is pushed without attestations')));
    assert.match(summaryOf(result), /\*\*none\*\*, the registry refused them/);
    assert.deepEqual(await putter.tags(), ['1.0', 'tested']);
  });

  test('without the referrers API keeps what others attached, even if they write at the same time', async t => {
    let overwritten = 0;
    const registry = await open(t, {
      onRequest: request => {
        if (request.url?.includes('/referrers/')) return { status: 404 };
        // Another run wins once, and this one has to read again.
        if (isPut(request, /manifests\/sha256-/) && overwritten++ === 0) return { status: 412 };
        return undefined;
      },
    });
    const first = await push(t, registry.host, { 'signing-key': pem });
    const { secretPem: other } = makeKeyPair();
    await push(t, registry.host, { 'signing-key': other });
    const tag = first.image.root.digest.replace(':', '-');
    const index = await fetch(`http://${registry.host}/v2/acme/app/manifests/${tag}`);
    const { manifests } = (await index.json()) as { manifests: { artifactType: string }[] };
    assert.equal(manifests.length, 2);
    assert.ok(overwritten > 1);
  });

  test('whose referrers API is new still counts what the fallback tag lists', async t => {
    let hasApi = false;
    const registry = await open(t, {
      onRequest: ({ url = '' }) => (!hasApi && url.includes('/referrers/') ? { status: 404 } : undefined),
    });
    await push(t, registry.host, { 'signing-key': pem });
    hasApi = true;
    const { secretPem: other } = makeKeyPair();
    await push(t, registry.host, { 'signing-key': other });
    const { lines } = await push(t, registry.host, { 'signing-key': pem });
    assert.ok(
      lines.some(line => line.endsWith('already attached')),
      lines.join('\n'),
    );
  });

  test('that lists an attestation which is gone gets another one', async t => {
    let gone = '';
    const registry = await open(t, {
      onRequest: ({ method, url = '' }) =>
        method === 'GET' && gone !== '' && url.endsWith(gone) ? { status: 404 } : undefined,
    });
    await push(t, registry.host, { 'signing-key': pem });
    gone = registry.requests.findLast(({ method, path }) => method === 'PUT' && /sha256:/.test(path))?.path ?? '';
    const { secretPem: other } = makeKeyPair();
    const { image } = await push(t, registry.host, { 'signing-key': other });
    assert.deepEqual(image.attested, ['https://sigstore.dev/cosign/sign/v1']);
  });

  test('that has the referrers API gets no fallback tag, and a clean-up deletes signatures with their image', async t => {
    const registry = await open(t);
    await push(t, registry.host, { 'signing-key': pem });
    const { tags, has } = openPutter(registry.host, 'acme/app');
    assert.deepEqual(await tags(), ['1.0', 'tested']);
    const referrers = registry.requests.filter(
      ({ method, path }) => method === 'PUT' && /manifests\/sha256:/.test(path),
    );
    const runtime = await openTestRuntime({ HOME: '/nonexistent' }, '/');
    t.after(() => runtime.close());
    const texts: Texts = { mode: 'cleanup', tags: `${registry.host}/acme/app:1.0\n${registry.host}/acme/app:tested` };
    await actions.cleanup(
      parseImages(name => texts[name] ?? ''),
      runtime,
    );
    const left = await Promise.all(referrers.map(({ path }) => has(path.split('/').at(-1) ?? '')));
    assert.ok(!left.includes(true));
  });

  for (const [name, texts, env, message] of [
    ['a wrong password', {}, { COSIGN_PASSWORD: 'wrong' }, /the password in COSIGN_PASSWORD does not decrypt it/],
    ['no password', {}, {}, /it is encrypted\. Set its password/],
  ] as const) {
    test(`gets nothing with ${name}`, async t => {
      const registry = await open(t);
      const key = await makeKey(t);
      await assert.rejects(push(t, registry.host, { 'signing-key': key.pem, ...texts }, { env }), { message });
      assert.deepEqual(await openPutter(registry.host, 'acme/app').tags(), ['tested']);
    });
  }
});

const refusalText = JSON.stringify({ errors: [{ code: 'MANIFEST_INVALID', message: 'unknown artifact' }] });
