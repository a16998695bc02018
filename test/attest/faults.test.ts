import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { runInspect } from '../../src/commands/run-inspect.ts';
import { parseImages } from '../../src/inputs/parse-inputs.ts';
import { Failure, messageOf } from '../../src/lib/failure.ts';
import { openTransport } from '../../src/lib/http/transport.ts';
import { createPool } from '../../src/lib/pool.ts';
import { actions } from '../../src/run.ts';
import { openPromoted } from '../../src/stages/open/open-promoted.ts';
import { describeImages, openPublications } from '../../src/stages/publish/open-publications.ts';
import { publishImages } from '../../src/stages/publish/publish-images.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { runMode, type Texts } from '../stages/run-mode.ts';
import { archive } from '../support/archives.ts';
import { type Api, startApi } from '../support/github-api.ts';
import { makeKeyPair } from '../support/key-pair.ts';
import { openPutter } from '../support/put-content.ts';
import { type Fault, startRegistry } from '../support/registry.ts';
import { startSigstore } from '../support/sigstore.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

// A fault at every request that attaching takes, and at every service that signing asks. A push ends well, with its
// attestations and its tag, or with a Failure, and then no tag has moved. The next push attaches what is missing, and nothing
// twice.

const { secretPem, publicPem } = makeKeyPair();
const workflow = 'acme/app/.github/workflows/build.yml@refs/heads/main';

/** A registry without the referrers API, as ghcr.io, or with it. */
type Manner = 'referrers' | 'fallback tag';

let directory: string;
/** A registry with the image that is promoted. */
let template: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'attest-faults-'));
  template = join(directory, 'template');
  await mkdir(template);
  const registry = await startRegistry({ directory: template });
  const putter = openPutter(registry.host, 'acme/app');
  const rootfs = { type: 'layers', diff_ids: [] };
  const config = await putter.blob(
    'application/vnd.oci.image.config.v1+json',
    JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs, config: {} }),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = await putter.manifest({ mediaType, config, layers: [] }, 'tested');
  await putter.index([manifest], 'index');
  await registry.close();
});
after(() => rm(directory, { recursive: true }));

interface Place {
  /** `GET /v2/acme/app/referrers/DIGEST`. Uploads have random names, and what is signed names the registry. */
  readonly key: string;
  /** Which of the requests with this key it is. */
  readonly occurrence: number;
}

/** A registry with the image, which goes wrong as `onPlace` says. */
async function openRegistry(manner: Manner, onPlace: (place: Place) => Fault | undefined = () => undefined) {
  const content = await mkdtemp(join(directory, 'registry-'));
  cpSync(template, content, { recursive: true });
  const seen = new Map<string, number>();
  const places: Place[] = [];
  const registry = await startRegistry({
    directory: content,
    onRequest({ method, url = '' }) {
      const path = url.replace(/(uploads\/)[0-9a-f-]{36}/, '$1ID');
      const named = path.replace(/sha256-[0-9a-f]{64}/, 'FALLBACK').replace(/sha256(?::|%3A)[0-9a-f]{64}/, 'DIGEST');
      const key = `${method} ${named}`;
      const occurrence = (seen.get(key) ?? 0) + 1;
      seen.set(key, occurrence);
      places.push({ key, occurrence });
      return (
        onPlace({ key, occurrence }) ??
        (manner === 'fallback tag' && url.includes('/referrers/') ? { status: 404 } : undefined)
      );
    },
  });
  const putter = openPutter(registry.host, 'acme/app');
  return {
    host: registry.host,
    places,
    tags: async () => (await putter.tags()).filter(tag => !tag.startsWith('sha256-')),
    /** How many artifacts refer to a manifest. */
    async attached(digest: string): Promise<number> {
      const path = manner === 'referrers' ? `referrers/${digest}` : `manifests/${digest.replace(':', '-')}`;
      const response = await fetch(`http://${registry.host}/v2/acme/app/${path}`);
      const { manifests = [] } = (await response.json()) as { manifests?: unknown[] };
      return manifests.length;
    },
    async close() {
      await registry.close();
      rmSync(content, { recursive: true });
    },
  };
}

/** Promotes the image and signs it, with short waits between tries; returns the digest. */
async function push(host: string, texts: Texts, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const runtime = await openTestRuntime({ HOME: '/nonexistent', ...env }, '/');
  const { log } = runtime;
  const transport = openTransport({ insecureHosts: [], env: runtime.env });
  const access = { transport, insecureRegistries: [], env: runtime.env, log, waits: { first: 1, longest: 5 } };
  const given: Texts = {
    ...{ mode: 'promote', from: `${host}/acme/app:tested`, tags: `${host}/acme/app:1.0` },
    ...{ push: 'true', created: '0', check: 'off', reuse: 'off' },
    ...texts,
  };
  try {
    const described = await describeImages(
      parseImages(name => given[name] ?? ''),
      runtime,
    );
    const publications = await openPublications(described, { runtime, access });
    const [image] = await publishImages(await openPromoted(publications, { runtime, access }), runtime);
    return image?.root.digest ?? '';
  } finally {
    await transport.close();
    await runtime.close();
  }
}

const withKey: Texts = { 'signing-key': secretPem };
const refusal = (status: number): Fault => ({ status, body: '{"errors":[{"code":"DENIED","message":"on purpose"}]}' });

const faults: Readonly<Record<string, { readonly fault: Fault; readonly forGood: boolean }>> = {
  '500 once': { fault: refusal(500), forGood: false },
  '503 for good': { fault: refusal(503), forGood: true },
  '403 for good': { fault: refusal(403), forGood: true },
  'cut before the answer': { fault: { cutAnswer: 'before' }, forGood: false },
  'cut half-way through the answer, for good': { fault: { cutAnswer: 'half' }, forGood: true },
};

for (const manner of ['referrers', 'fallback tag'] as const) {
  suite(`every request of attaching, with ${manner === 'referrers' ? 'the referrers API' : 'the fallback tag'}`, () => {
    let places: readonly Place[];
    let digest: string;
    before(async () => {
      const registry = await openRegistry(manner);
      digest = await push(registry.host, withKey);
      assert.equal(await registry.attached(digest), 1);
      const keys = registry.places.map(({ key }) => key);
      const isManifest = (key: string) => key === `PUT /v2/acme/app/manifests/${digest}`;
      places = registry.places.slice(
        keys.findLastIndex(isManifest) + 1,
        keys.indexOf('PUT /v2/acme/app/manifests/1.0'),
      );
      await registry.close();
      assert.ok(places.length >= 12, 'listing, uploads, manifest, listing, reading back');
    });

    for (const [name, { fault, forGood }] of Object.entries(faults)) {
      test(name, async () => {
        const pool = createPool(4);
        const outcomes = await Promise.all(places.map(place => pool(() => tryFault(place))));
        assert.ok(outcomes.includes('pushed'), 'some faults are survived');
        async function tryFault(place: Place): Promise<string> {
          let isOver = false;
          let hits = 0;
          const registry = await openRegistry(manner, ({ key, occurrence }) => {
            const isHit =
              key === place.key && (forGood ? occurrence >= place.occurrence : occurrence === place.occurrence);
            if (isOver || !isHit) return undefined;
            hits += 1;
            return fault;
          });
          const at = `${place.key} (${place.occurrence})`;
          try {
            const outcome = await outcomeOf(registry.host, at);
            assert.ok(hits > 0, `${at} was not asked for`);
            isOver = true;
            assert.equal((await registry.tags()).includes('1.0'), outcome === 'pushed', at);
            if (outcome === 'pushed') assert.equal(await registry.attached(digest), 1, at);
            if (!forGood) assert.equal(outcome, 'pushed', at);
            assert.equal(await push(registry.host, withKey), digest);
            assert.ok((await registry.tags()).includes('1.0'), at);
            assert.equal(await registry.attached(digest), 1, `${at}: nothing is attached twice`);
            return outcome;
          } finally {
            await registry.close();
          }
        }
        async function outcomeOf(host: string, at: string): Promise<string> {
          try {
            await push(host, withKey);
            return 'pushed';
          } catch (error) {
            assert.ok(error instanceof Failure, `${at}: ${error instanceof Error ? error.stack : error}`);
            assert.ok(error.message.includes(host), `${at}: ${error.message}`);
            return 'failed';
          }
        }
      });
    }
  });
}

async function verifySigned(host: string) {
  const demand: Texts = {
    ...{ mode: 'verify', image: `${host}/acme/app:1.0` },
    ...{ 'require-key': publicPem, require: 'signature' },
  };
  const runtime = await openTestRuntime({ HOME: '/nonexistent' }, '/');
  const images = parseImages(name => demand[name] ?? '');
  return actions.verify(images, runtime).finally(() => runtime.close());
}

test('verification refuses what it cannot read', async t => {
  let wrong: string | undefined;
  const registry = await openRegistry('referrers', ({ key }) => (key === wrong ? refusal(403) : undefined));
  t.after(() => registry.close());
  await push(registry.host, withKey);
  const verify = () => verifySigned(registry.host);
  const before = registry.places.length;
  await verify();
  const keys = new Set(registry.places.slice(before).map(({ key }) => key));
  assert.equal(keys.size, 6, 'the API, the tag, two lists of referrers, the artifact, its content');
  const accepted: string[] = [];
  for (const key of keys) {
    wrong = key;
    await verify().then(
      () => accepted.push(key),
      error => assert.ok(error instanceof Failure, String(error)),
    );
  }
  // The list of the referrers API is enough.
  assert.deepEqual(accepted, ['GET /v2/acme/app/manifests/FALLBACK']);
});

suite('a registry that denies the list of referrers', () => {
  const api = 'GET /v2/acme/app/referrers/DIGEST';
  const tag = 'GET /v2/acme/app/manifests/FALLBACK';
  const unknown = (status: number) =>
    new RegExp(`^Cannot find out what is attached to .*/acme/app@sha256:.* ${status} .*on purpose.*list referrers`);
  const open = async (t: TestContext, manner: Manner, denied: string, status: number) => {
    const registry = await openRegistry(manner, ({ key }) => (key === denied ? refusal(status) : undefined));
    t.after(() => registry.close());
    return registry;
  };

  for (const status of [401, 403]) {
    for (const [manner, denied] of [
      ['referrers', api],
      ['fallback tag', tag],
    ] as const) {
      test(`${status} for ${denied}: neither promotion nor verification take it for an empty list`, async t => {
        const registry = await open(t, manner, denied, status);
        await assert.rejects(push(registry.host, {}), { message: unknown(status) });
        await openPutter(registry.host, 'acme/app').image('unsigned', undefined, '1.0');
        await assert.rejects(verifySigned(registry.host), { message: unknown(status) });
      });
    }
  }

  test('a list that one of the two gives is enough: signing adds to the fallback tag, and verification finds it there', async t => {
    // Harbor before 2.8.
    const registry = await open(t, 'referrers', api, 401);
    const build = { path: archive('layered.tar.gz'), tags: `${registry.host}/acme/app:1.0`, cache: 'false' };
    const texts: Texts = { ...withKey, ...build, push: 'true', created: '0', check: 'off' };
    await runMode(t, texts);
    await verifySigned(registry.host);
    const places = registry.places.length;
    await runMode(t, texts);
    const again = registry.places.slice(places).map(({ key }) => key);
    assert.ok(!again.some(key => key.startsWith('PUT /v2/acme/app/manifests/FALLBACK')), again.join('\n'));
  });

  test('inspect says so, and shows the image', async t => {
    const registry = await open(t, 'referrers', api, 403);
    const runtime = await openTestRuntime({ HOME: '/nonexistent' }, '/');
    t.after(() => runtime.close());
    const parameters = [`${registry.host}/acme/app:tested`];
    const { json } = await runInspect({ parameters, flags: {}, width: undefined }, runtime);
    assert.ok(!JSON.stringify(json).includes('referrers'));
    assert.match(runtime.lines.join('\n'), /^notice: Cannot find out what is attached to .* 403 /m);
  });

  test('cleanup does not delete an image whose referrers it cannot know', async t => {
    const registry = await open(t, 'referrers', api, 403);
    const texts: Texts = { mode: 'cleanup', tags: `${registry.host}/acme/app:tested` };
    const runtime = await openTestRuntime({ HOME: '/nonexistent' }, '/');
    t.after(() => runtime.close());
    const images = parseImages(name => texts[name] ?? '');
    await assert.rejects(actions.cleanup(images, runtime), { message: unknown(403) });
    assert.deepEqual(await registry.tags(), ['index', 'tested']);
  });
});

test('a push that attached to some manifests only goes on with the same bundle, and asks Sigstore no more', async t => {
  const sigstore = await startSigstore(await temporaryDirectory(t));
  t.after(() => sigstore.close());
  let manifests = 0;
  let isOver = false;
  const registry = await openRegistry('referrers', ({ key }) => {
    // The image and the index are the first two manifests, and their artifacts the next two.
    if (isOver || key !== 'PUT /v2/acme/app/manifests/DIGEST') return undefined;
    manifests += 1;
    return manifests === 4 ? refusal(403) : undefined;
  });
  t.after(() => registry.close());
  const texts: Texts = {
    from: `${registry.host}/acme/app:index`,
    sign: 'keyless',
    'signing-config': sigstore.signingConfig,
    'trusted-root': sigstore.trustedRoot,
  };
  const env = { SIGSTORE_ID_TOKEN: sigstore.tokenOf(workflow) };
  await assert.rejects(push(registry.host, texts, env), /Cannot attach attestations to .*403.*No tag was moved/);
  const asked = sigstore.requests.length;
  assert.equal(asked, 3);
  isOver = true;
  const digest = await push(registry.host, texts, env);
  assert.equal(sigstore.requests.length, asked);
  const index = await fetch(`http://${registry.host}/v2/acme/app/manifests/${digest}`);
  const { manifests: listed } = (await index.json()) as { manifests: { digest: string }[] };
  for (const one of [digest, ...listed.map(one => one.digest)]) assert.equal(await registry.attached(one), 1);
});

suite('Sigstore', { concurrency: 8 }, () => {
  for (const path of ['/api/v2/signingCert', '/api/v1/log/entries', '/api/v1/timestamp']) {
    for (const fault of [500, 400, 'cut'] as const) {
      test(`${path}: ${fault}`, async t => {
        let isOver = false;
        const onRequest = (asked: string) => (asked === path && !isOver ? fault : undefined);
        const sigstore = await startSigstore(await temporaryDirectory(t), { onRequest });
        t.after(() => sigstore.close());
        const registry = await openRegistry('referrers');
        t.after(() => registry.close());
        const texts: Texts = { sign: 'keyless', 'signing-config': sigstore.signingConfig };
        const env = { SIGSTORE_ID_TOKEN: sigstore.tokenOf(workflow) };
        await assert.rejects(push(registry.host, texts, env), (error: unknown) => {
          assert.ok(error instanceof Failure, String(error));
          assert.match(error.message, /Cannot sign through Sigstore: /);
          return true;
        });
        assert.deepEqual(await registry.tags(), ['index', 'tested']);
        isOver = true;
        const digest = await push(registry.host, texts, env);
        assert.deepEqual(await registry.tags(), ['1.0', 'index', 'tested']);
        assert.equal(await registry.attached(digest), 1);
      });
    }
  }
});

suite("GitHub's attestations API", () => {
  async function open(t: TestContext, answer: (api: { status: number | 'cut' }) => void = () => {}) {
    const state: { status: number | 'cut' } = { status: 201 };
    answer(state);
    const api: Api = await startApi((request, response) => {
      if (state.status === 'cut') return request.socket.destroy();
      response.writeHead(state.status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(state.status < 300 ? { id: 1 } : { message: 'on purpose' }));
    });
    t.after(() => api.close());
    const sigstore = await startSigstore(await temporaryDirectory(t));
    t.after(() => sigstore.close());
    const registry = await openRegistry('referrers');
    t.after(() => registry.close());
    const texts: Texts = {
      ...{ mode: 'promote', from: `${registry.host}/acme/app:tested`, tags: `${registry.host}/acme/app:1.0` },
      ...{ push: 'true', created: '0', check: 'off' },
      ...{ sign: 'keyless', 'signing-config': sigstore.signingConfig, 'trusted-root': sigstore.trustedRoot },
      ...{ 'attest-to-github': 'true', 'github-token': 'token' },
    };
    const env = { SIGSTORE_ID_TOKEN: sigstore.tokenOf(workflow) };
    const context = { repository: 'acme/app', apiUrl: api.url };
    const sent = () => api.requests.filter(({ line }) => line === 'POST /api/v3/repos/acme/app/attestations');
    return { registry, state, sent, run: () => runMode(t, texts, { env, context }) };
  }

  test('gets each bundle once, with the token', async t => {
    const { registry, sent, run } = await open(t);
    const { image } = await run();
    await run();
    const [first, ...others] = sent();
    assert.deepEqual(others, []);
    assert.equal(first?.headers.authorization, 'Bearer token');
    const { bundle } = JSON.parse(first?.body ?? '');
    const { payload } = bundle.dsseEnvelope;
    const { subject } = JSON.parse(Buffer.from(payload, 'base64').toString());
    assert.equal(`sha256:${subject[0].digest.sha256}`, image.root.digest);
    assert.equal(await registry.attached(image.root.digest), 1);
  });

  for (const [status, message] of [
    [403, /403.*Add "permissions: attestations: write" to the job\. No tag was moved/],
    [404, /404.*Add "permissions: attestations: write" to the job\. No tag was moved/],
    [422, /422.*on purpose/],
    ['cut', /attestations/],
  ] as const) {
    test(`${status}: nothing is attached, and no tag moves; afterwards it is`, async t => {
      const { registry, state, sent, run } = await open(t, one => {
        one.status = status;
      });
      await assert.rejects(run(), error => {
        assert.match(messageOf(error), message);
        return true;
      });
      assert.deepEqual(await registry.tags(), ['index', 'tested']);
      state.status = 201;
      const { image } = await run();
      assert.equal(await registry.attached(image.root.digest), 1);
      assert.equal(sent().length, 2);
    });
  }
});
