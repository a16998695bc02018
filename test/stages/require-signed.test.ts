import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, type TestContext, test } from 'node:test';
import { archive } from '../support/archives.ts';
import { failureWith } from '../support/failure.ts';
import { makeKeyPair } from '../support/key-pair.ts';
import { openPutter } from '../support/put-content.ts';
import { type Fault, type Registry, startRegistry } from '../support/registry.ts';
import { type Sigstore, startSigstore } from '../support/sigstore.ts';
import { runMode, type Texts } from './run-mode.ts';

const workflow = 'acme/app/.github/workflows/build.yml@refs/heads/main';
const identity = `https://github.com/${workflow}`;
const { secretPem, publicPem } = makeKeyPair();

let directory: string;
let registry: Registry;
let sigstore: Sigstore;
let onRequest: (method: string, path: string) => Fault | undefined;
const digests = new Map<string, string>();

/** Pushes an image of seven layers; no Nix is needed. */
function push(t: TestContext, texts: Texts) {
  const env = { SIGSTORE_ID_TOKEN: sigstore.tokenOf(workflow) };
  const common: Texts = { path: archive('layered.tar.gz'), push: 'true', created: '0', cache: 'false', check: 'off' };
  return runMode(t, { ...common, ...texts }, { env });
}

const app = (tag: string) => `${registry.host}/acme/app:${tag}`;
const demand = (): Texts => ({ 'require-signed': identity, 'trusted-root': sigstore.trustedRoot });
const promote = (t: TestContext, from: string, texts: Texts) =>
  runMode(t, { mode: 'promote', from, tags: app('released'), push: 'true', created: '0', check: 'off', ...texts });

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'require-'));
  registry = await startRegistry({
    directory,
    onRequest: ({ method = '', url = '' }) => onRequest(method, url),
  });
  sigstore = await startSigstore(directory);
  onRequest = () => undefined;
  const t = { after } as TestContext;
  const signers: Readonly<Record<string, Texts>> = {
    unsigned: {},
    keyed: { 'signing-key': secretPem },
    signed: { sign: 'keyless', 'signing-config': sigstore.signingConfig },
  };
  for (const [tag, texts] of Object.entries(signers)) {
    const { image } = await push(t, { tags: app(tag), labels: `org.example.kind=${tag}`, ...texts });
    digests.set(tag, image.root.digest);
  }
});
after(async () => {
  await Promise.all([registry.close(), sigstore.close()]);
  await rm(directory, { recursive: true });
});
beforeEach(() => {
  onRequest = () => undefined;
});

/** Runs `body`, which must be refused; nothing is sent, except that the preflight opens an upload and cancels it. */
async function expectRefusal(body: () => Promise<unknown>, ...parts: readonly string[]): Promise<void> {
  const seen = registry.requests.length;
  await assert.rejects(body, failureWith('Nothing was pushed', ...parts));
  const sent = registry.requests.slice(seen).filter(({ method }) => ['PUT', 'PATCH'].includes(method));
  assert.deepEqual(sent, []);
}

test('promote refuses an image that nobody, or someone else, has signed', async t => {
  for (const [tag, reason] of [
    ['unsigned', 'nothing is attached to it'],
    ['keyed', 'wrong'],
  ] as const) {
    const named = [`Cannot use from: ${app(tag)} (${digests.get(tag)}) is not signed by ${identity}`, 'require-signed'];
    const parts = tag === 'unsigned' ? [...named, reason] : named;
    await expectRefusal(() => promote(t, app(tag), demand()), ...parts);
  }
  const other = identity.replace('main', 'other');
  await expectRefusal(
    () => promote(t, app('signed'), { ...demand(), 'require-signed': other }),
    `not signed by ${other}: it is signed by ${identity}`,
  );
  const { publicPem: pem } = makeKeyPair();
  await expectRefusal(
    () => promote(t, app('keyed'), { 'require-key': pem }),
    'not signed by the key in require-key: another key signed it',
  );
  assert.ok(!(await openPutter(registry.host, 'acme/app').tags()).includes('released'));
});

test('promote takes what is signed, and only the digest that was verified', async t => {
  let isVerified = false;
  onRequest = (method, path) => {
    if (path.includes('/referrers/')) isVerified = true;
    // The tag moves to another image as soon as the signature is read.
    const moved = isVerified && method === 'GET' && path.endsWith('/manifests/signed');
    return moved ? { status: 500 } : undefined;
  };
  const { image, lines } = await promote(t, app('signed'), demand());
  assert.ok(lines.includes(`info: From ${registry.host}/acme/app@${digests.get('signed')}`), lines.join('\n'));
  assert.equal(image.platforms[0]?.labels['org.example.kind'], 'signed');
  await promote(t, app('keyed'), { 'require-key': publicPem });
});

test('reuse-from must be signed, and its digest is read; one that does not exist is left out', async t => {
  const target = { tags: `${registry.host}/acme/other:1` };
  await expectRefusal(
    () => push(t, { ...target, ...demand(), 'reuse-from': `${app('signed')}\n${app('unsigned')}` }),
    `Cannot use reuse-from: ${app('unsigned')}`,
    'nothing is attached to it',
  );
  const seen = registry.requests.length;
  await push(t, { ...target, ...demand(), reuse: 'trust', 'reuse-from': `${app('signed')}\n${app('absent')}` });
  const paths = registry.requests.slice(seen).map(({ method, path }) => `${method} ${path}`);
  const reads = paths.filter(path => path.startsWith('GET /v2/acme/app/manifests/') && !path.includes('sha256-'));
  const digest = digests.get('signed');
  assert.ok(reads.filter(path => path.endsWith('/signed')).length <= 2, reads.join('\n'));
  assert.ok(reads.filter(path => path.endsWith(`/${digest}`)).length > 0, reads.join('\n'));
});

test('a base that is not signed is refused before Nix is looked for', async t => {
  const build = (base: string, texts: Texts) =>
    runMode(t, { installable: '/nowhere#x', base, cache: 'false', tags: app('built'), push: 'true', ...texts });
  await expectRefusal(() => build(app('unsigned'), demand()), `Cannot use base: ${app('unsigned')}`, identity);
  await expectRefusal(
    () => build(`${registry.host}/acme/app@${digests.get('unsigned')}`, demand()),
    `Cannot use base: ${registry.host}/acme/app@${digests.get('unsigned')} is not signed`,
  );
  await assert.rejects(build(app('absent'), demand()), failureWith('404', 'absent'));
});

test('a demand that reaches no image is refused', async t => {
  for (const [texts, ...parts] of [
    [{ mode: 'build', 'require-signed': identity }, 'Cannot use require-signed', 'base or reuse-from'],
    [{ mode: 'build', 'require-key': publicPem, base: './base.tar' }, 'require-key with base: ', './base.tar'],
    [{ mode: 'promote', 'require-signed': identity, from: './layout' }, 'require-signed with from: ', './layout'],
    [{ mode: 'index', 'require-signed': identity, sources: 'x@y' }, 'require-signed', 'index action'],
  ] as const) {
    const tags = 'registry.invalid/acme/app:1';
    await assert.rejects(runMode(t, { tags, ...texts }), failureWith(...parts), JSON.stringify(texts));
  }
});
