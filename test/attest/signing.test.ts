import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { runProgram } from '../../src/lib/process.ts';
import { runMode, type Texts } from '../stages/run-mode.ts';
import { cosign } from '../support/cosign.ts';
import { type Distribution, startDistribution } from '../support/distribution.ts';
import { openPutter } from '../support/put-content.ts';
import { run } from '../support/run.ts';
import { type Sigstore, startSigstore } from '../support/sigstore.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const password = 'secret of the key';

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
async function push(t: TestContext, host: string, texts: Texts, env: Readonly<Record<string, string>> = {}) {
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
  return runMode(t, given, { env });
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
  const { code, stderr } = await runProgram(cosign, [...args], { env });
  return { code, said: stderr };
}

suite('with a key', () => {
  let registry: Distribution;
  before(async () => {
    registry = await startDistribution({ version: 3 });
  });
  after(() => registry.close());

  test('cosign verifies the index and each platform; pushing again attaches nothing', async t => {
    const { pem, publicKey } = await makeKey(t);
    const { image, lines } = await push(t, registry.host, { 'signing-key': pem }, { COSIGN_PASSWORD: password });
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

    const again = await push(t, registry.host, { 'signing-key': pem }, { COSIGN_PASSWORD: password });
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
  const signed = (): Texts => ({ sign: 'keyless', 'signing-config': sigstore.signingConfig });
  const asWorkflow = () => ({ SIGSTORE_ID_TOKEN: sigstore.tokenOf(workflow) });
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
});
