import assert from 'node:assert/strict';
import { cpSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, type TestContext, test } from 'node:test';
import { Failure, messageOf } from '../../src/lib/failure.ts';
import { createPool } from '../../src/lib/pool.ts';
import { type Fault, type Registry, type RequestRecord, startRegistry } from '../support/registry.ts';
import type { Answer } from '../support/registry-answer.ts';
import type { RegistryAuth } from '../support/registry-auth.ts';
import { imageOf, layerOf, type Pushed, type PushOptions, pushImage, readBack } from './push-image.ts';

// Every fault at every request of a push, once and for good. A push ends well, with a complete image under all its
// tags, or with a Failure that names registry and reason, and then no tag has moved. It never hangs.

const login = { username: 'user', password: 'password' };
const auth: RegistryAuth = { kind: 'bearer', user: login.username, password: login.password };
const html = '<html>\n<head><title>Oops</title></head>\n<body>\n<h1>Oops</h1>\n</body>\n</html>\n';

/** One request of a push: what it asks for, and which of those that ask for the same it is. */
interface Place {
  readonly key: string;
  readonly occurrence: number;
  readonly record: RequestRecord;
}

interface Case {
  readonly name: string;
  /** What a Failure must say beside the registry's name. */
  readonly reason: RegExp;
  /** The fault, as it is at this place; undefined where it cannot happen there. */
  at(place: Place, host: string): Fault | undefined;
  /** Whether it may end a push though it happens once only. */
  readonly isFinal?: (place: Place) => boolean;
  /** Whether the push must go on without what is refused for good. */
  readonly isHarmless?: boolean;
  readonly timeouts?: PushOptions['timeouts'];
}

const always = (fault: Fault) => () => fault;
const hasBody = ({ record }: Place) => record.bytesIn > 1;
const isUpload = ({ key }: Place) => /^(PUT|PATCH|GET) .*\/uploads\/ID/.test(key);
const isManifestPut = ({ key }: Place) => /^PUT .*\/manifests\//.test(key);
const isSecondTag = ({ key }: Place) => /^PUT .*\/manifests\/latest$/.test(key);
const isToken = ({ key }: Place) => key.includes('/token');
/** The end of the preflight, which is a courtesy. */
const isCancel = ({ key }: Place) => key.startsWith('DELETE ');
const isMount = ({ key }: Pick<Place, 'key'>) => key.includes('?mount=');

const answer = (status: number, headers: Record<string, string> = {}): Case => ({
  name: [status, ...Object.entries(headers)].flat().join(' '),
  reason: new RegExp(String(status)),
  at: always({ status, headers: { 'Content-Type': 'text/html', ...headers }, body: html }),
});

const refusal = (status: number, code: string): Fault => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ errors: [{ code, message: 'on purpose', detail: null }] }),
});

/** Whether the answer names the digest of what was sent or asked for. */
const hasDigest = ({ key, record }: Place) =>
  record.status < 300 && /^(PUT .*(digest=|\/manifests\/)|(GET|HEAD) .*\/(blobs\/sha256|manifests\/))/.test(key);
const withWrongDigest = ({ headers, ...answer }: Answer): Answer => ({
  ...answer,
  headers: { ...headers, 'Docker-Content-Digest': `sha256:${'0'.repeat(64)}` },
});

const manifestRefused = (name: string, status: number, covers: (place: Place) => boolean): Case => ({
  name: `${name} with ${status}`,
  reason: new RegExp(`${status} MANIFEST_INVALID: on purpose`),
  at: place => (covers(place) ? refusal(status, 'MANIFEST_INVALID') : undefined),
  isFinal: () => true,
});

const broken = /closed|reset|ECONN|SOCKET|terminated/i;
const late = /timeout/i;
const impatient = { answer: 1000, body: 500 };

const cases: readonly Case[] = [
  { name: 'dropped at byte 0', reason: broken, at: always({ dropAfter: 0 }) },
  {
    name: 'dropped in the middle of the body',
    reason: broken,
    at: place => (hasBody(place) ? { dropAfter: place.record.bytesIn >> 1 } : undefined),
  },
  {
    name: 'dropped at the last byte of the body',
    reason: broken,
    at: place => (hasBody(place) ? { dropAfter: place.record.bytesIn } : undefined),
  },
  { name: 'dropped before the answer', reason: broken, at: always({ cutAnswer: 'before' }) },
  { name: 'dropped half-way through the answer', reason: broken, at: always({ cutAnswer: 'half' }) },
  { name: 'no answer', reason: late, at: always({ stall: 'answer' }), timeouts: impatient },
  { name: 'answer without an end', reason: late, at: always({ stall: 'body' }), timeouts: impatient },
  { name: 'slow body', reason: late, at: always({ pause: 250 }), timeouts: impatient },
  {
    name: '401, the token has expired',
    reason: /401/,
    at: (_place, host) => ({
      status: 401,
      headers: { 'WWW-Authenticate': `Bearer realm="http://${host}/token",service="registry",error="invalid_token"` },
    }),
    isFinal: isToken,
  },
  { ...answer(403), isFinal: place => !isMount(place) && !isCancel(place) },
  answer(408),
  answer(429),
  answer(429, { 'Retry-After': '1' }),
  answer(500),
  answer(502),
  answer(503),
  answer(503, { 'Retry-After': '3600' }),
  answer(504),
  {
    name: '404 on an upload that expired',
    reason: /404/,
    at: place => (isUpload(place) ? refusal(404, 'BLOB_UPLOAD_UNKNOWN') : undefined),
  },
  { name: '416', reason: /416/, at: place => (isUpload(place) ? refusal(416, 'RANGE_INVALID') : undefined) },
  {
    name: '400 upload in disorder',
    reason: /400/,
    at: place => (isUpload(place) ? refusal(400, 'BLOB_UPLOAD_INVALID') : undefined),
  },
  {
    name: '413',
    reason: /413/,
    at: place => (isUpload(place) && hasBody(place) ? refusal(413, 'SIZE_INVALID') : undefined),
    isFinal: ({ key }) => key.startsWith('PATCH'),
  },
  {
    name: 'wrong digest answered',
    reason: /stored sha256:.* as sha256:0{64}/,
    at: place => (hasDigest(place) ? { change: withWrongDigest } : undefined),
  },
  ...[401, 403, 404, 405].map(status => ({
    name: `mount refused with ${status}`,
    reason: new RegExp(String(status)),
    at: (place: Place) => (isMount(place) ? refusal(status, 'DENIED') : undefined),
    isHarmless: true,
  })),
  ...[400, 403, 404, 409].flatMap(status => [
    manifestRefused('manifest refused', status, place => isManifestPut(place) && !isSecondTag(place)),
    manifestRefused('second tag refused', status, isSecondTag),
  ]),
];

interface Scenario {
  readonly name: string;
  readonly options: Omit<PushOptions, 'tags'>;
  /** Which requests are this scenario's own. */
  readonly covers: (place: Place) => boolean;
  /** What is wrong with the registry anyhow. */
  readonly manner?: (place: Omit<Place, 'record'>, request: IncomingMessage) => Fault | undefined;
}

const tooLarge = ({ key }: { readonly key: string }, { headers }: IncomingMessage) =>
  key.startsWith('PUT') && key.includes('/uploads/ID') && Number(headers['content-length']) > 10_000
    ? refusal(413, 'SIZE_INVALID')
    : undefined;
const cutOff = ({ key, occurrence }: Omit<Place, 'record'>, { headers }: IncomingMessage) =>
  key.startsWith('PUT') && key.includes('/uploads/ID') && occurrence === 1 && Number(headers['content-length']) > 10_000
    ? { dropAfter: 30_000 }
    : undefined;

const scenarios: readonly Scenario[] = [
  { name: 'mount and one PUT', options: { reuse: 'trust' }, covers: () => true },
  {
    name: 'blobs that are streamed on, since nothing is mounted',
    options: { reuse: 'trust' },
    covers: ({ key }) => /^GET .*\/blobs\/sha256/.test(key),
    manner: place => (isMount(place) ? refusal(405, 'UNSUPPORTED') : undefined),
  },
  {
    name: 'chunks',
    options: { reuse: 'trust' },
    covers: ({ key, record }) => /uploads\/ID/.test(key) && record.status !== 413,
    manner: tooLarge,
  },
  {
    name: 'an upload that goes on',
    options: { reuse: 'trust' },
    covers: ({ key }) => /uploads\/ID/.test(key),
    manner: cutOff,
  },
];

const shared = layerOf('shared', 20_000);
const kept = layerOf('kept', 20_000);
const fresh = layerOf('fresh', 60_000);
const oldImage = imageOf([kept], { version: 'old' });
const newImage = imageOf([shared, kept, fresh], { version: 'new' });

/** `METHOD PATH`, the same in every push: uploads have random names. */
function keyOf(method: string, path: string): string {
  return `${method} ${path.replace(/(uploads\/)[0-9a-f-]{36}/, '$1ID').replace(/^\/token.*/, '/token')}`;
}

const counts = { tried: 0, survived: 0, failed: 0 };

suite('faults', () => {
  let directory: string;
  let oldDigest: string;
  /** A registry with another repository to mount from and an older image under both tags. */
  let template: string;
  /** Has the content of all registries, each below its directory's name. */
  let reader: Registry;
  let tries = 0;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'faults-'));
    template = join(directory, 'template');
    await mkdir(template);
    const registry = await startRegistry({ directory: template });
    const { host } = registry;
    await pushImage(imageOf([shared]), await scratch(), { tags: [`${host}/acme/base:main`] });
    ({ digest: oldDigest } = await pushImage(oldImage, await scratch(), { tags: tagsAt(host) }));
    await registry.close();
    reader = await startRegistry({ directory });
  });
  after(async () => {
    await reader.close();
    await rm(directory, { recursive: true, force: true });
  });

  const scratch = () => mkdtemp(join(directory, 'scratch-'));
  const tagsAt = (host: string) => [`${host}/acme/app:1`, `${host}/acme/app:latest`];

  /** Runs `body` with a fresh registry, and looks afterwards at what is in it. */
  async function withRegistry<T>(
    onRequest: (place: Omit<Place, 'record'>, request: IncomingMessage, host: string) => Fault | undefined,
    body: (registry: Registry) => Promise<T>,
  ) {
    const name = `try-${tries++}`;
    const content = join(directory, name);
    // Thousands of times: by promises the copies would cost more than the pushes.
    cpSync(template, content, { recursive: true });
    const seen = new Map<string, number>();
    const registry: Registry = await startRegistry({
      directory: content,
      auth,
      onRequest(request) {
        const key = keyOf(request.method ?? '', request.url ?? '');
        const occurrence = (seen.get(key) ?? 0) + 1;
        seen.set(key, occurrence);
        return onRequest({ key, occurrence }, request, registry.host);
      },
    });
    try {
      const result = await body(registry).finally(() => registry.close());
      return { result, names: await readBack(...tagsAt(`${reader.host}/${name}`)) };
    } finally {
      rmSync(content, { recursive: true });
    }
  }

  const pushTo = async (
    { host }: Registry,
    { options }: Scenario,
    timeouts: PushOptions['timeouts'],
  ): Promise<Pushed> =>
    pushImage(newImage, await scratch(), {
      ...options,
      tags: tagsAt(host),
      reuseFrom: [`${host}/acme/base:main`],
      login,
      ...(timeouts === undefined ? {} : { timeouts }),
    });

  /** The requests of a push where nothing goes wrong. */
  async function recordPlaces(scenario: Scenario): Promise<{ places: Place[]; digest: string }> {
    const { manner = () => undefined } = scenario;
    const { result } = await withRegistry(manner, async registry => {
      const { digest } = await pushTo(registry, scenario, undefined);
      return { digest, requests: [...registry.requests] };
    });
    const seen = new Map<string, number>();
    const places = result.requests.map((record): Place => {
      const key = keyOf(record.method, record.path);
      const occurrence = (seen.get(key) ?? 0) + 1;
      seen.set(key, occurrence);
      return { key, occurrence, record };
    });
    return { places: places.filter(scenario.covers), digest: result.digest };
  }

  type Outcome = { readonly pushed: Pushed } | { readonly error: unknown };

  async function tryFault(
    scenario: Scenario,
    { place, fault, digest }: { place: Place; fault: Case; digest: string },
    forGood: boolean,
  ) {
    const { manner = () => undefined } = scenario;
    let hits = 0;
    const { result, names } = await withRegistry<Outcome & { host: string }>(
      ({ key, occurrence }, request, host) => {
        const isHit = key === place.key && (forGood ? occurrence >= place.occurrence : occurrence === place.occurrence);
        if (!isHit) return manner({ key, occurrence }, request);
        hits += 1;
        return fault.at(place, host);
      },
      async registry => {
        const { host } = registry;
        const push = pushTo(registry, scenario, fault.timeouts).then(
          pushed => ({ pushed, host }),
          (error: unknown) => ({ error, host }),
        );
        let timer: NodeJS.Timeout | undefined;
        const hang = new Promise<never>((_, reject) => {
          timer = setTimeout(() => reject(new Error('hangs')), 20_000);
        });
        return Promise.race([push, hang]).finally(() => clearTimeout(timer));
      },
    );
    assert.ok(hits > 0, 'the fault did not happen');
    counts.tried += 1;
    if ('pushed' in result) {
      assert.equal(result.pushed.digest, digest);
      assert.deepEqual(names, [digest, digest], 'both tags name the new image');
      counts.survived += 1;
      return;
    }
    const { error, host } = result;
    assert.ok(error instanceof Failure, `not a Failure: ${error instanceof Error ? error.stack : error}`);
    assert.ok(error.message.includes(host), `no registry in: ${error.message}`);
    assert.match(error.message, fault.reason);
    assert.doesNotMatch(error.message, /[<>\n]/, 'no HTML');
    assert.deepEqual(names, [oldDigest, oldDigest], `no tag has moved: ${messageOf(error)}`);
    const mayFail = forGood ? !fault.isHarmless && !isCancel(place) : fault.isFinal?.(place);
    assert.ok(mayFail, `should survive, but: ${error.message}`);
    counts.failed += 1;
  }

  const pool = createPool(16);

  for (const scenario of scenarios) {
    test(scenario.name, { concurrency: true, timeout: 180_000 }, async (t: TestContext) => {
      const { places, digest } = await recordPlaces(scenario);
      assert.ok(places.length > 0, 'requests to go wrong');
      t.diagnostic(`${places.length} places`);
      await Promise.all(
        cases.map(async fault => {
          const hit = places.filter(place => fault.at(place, '') !== undefined);
          if (hit.length === 0) return;
          await t.test(fault.name, async () => {
            const problems: string[] = [];
            const attempt = (place: Place, forGood: boolean) =>
              pool(async () => {
                try {
                  await tryFault(scenario, { place, fault, digest }, forGood);
                } catch (error) {
                  problems.push(
                    `${forGood ? 'for good' : 'once'} at ${place.key} (${place.occurrence}): ${messageOf(error)}`,
                  );
                }
              });
            await Promise.all(hit.flatMap(place => [attempt(place, false), attempt(place, true)]));
            assert.deepEqual(problems, []);
          });
        }),
      );
    });
  }

  after(() => {
    const { tried, survived, failed } = counts;
    console.log(`Faults tried: ${tried}. Survived: ${survived}. Failed cleanly, no tag moved: ${failed}.`);
    assert.equal(tried, survived + failed);
  });
});
