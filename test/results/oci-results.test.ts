import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { type TestContext, test } from 'node:test';
import { artifactBlob, entryTypes } from '../../src/cache/oci/artifact.ts';
import { openTransport } from '../../src/lib/http/transport.ts';
import { digestOf } from '../../src/oci/digest.ts';
import { blobOf } from '../../src/oci/manifest.ts';
import { parseRepository } from '../../src/oci/reference.ts';
import { openOciResults, resultTypes } from '../../src/results/oci-results.ts';
import { formatResult, largestEntry } from '../../src/results/result-entry.ts';
import { fetchResult, saveResult } from '../../src/results/results-backend.ts';
import { openTerminalLog } from '../../src/runtimes/terminal-log.ts';
import { deleteOld, deleteOldResults } from '../../src/stages/build/delete-old-entries.ts';
import { makeSigningKey } from '../cache/oci/signing-key.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { startDistribution } from '../support/distribution.ts';
import { imageType, openPutter } from '../support/put-content.ts';
import { type Fault, startRegistry } from '../support/registry.ts';
import { bytesOf } from '../support/streams.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { key, sample } from './sample-result.ts';

const text = formatResult(key, sample);
const [signer, stranger] = [makeSigningKey('cache-1'), makeSigningKey('cache-1')];
const day = 24 * 60 * 60 * 1000;

interface Keys {
  readonly signingKey?: string;
  readonly trustedKeys?: readonly string[];
}

/** What reads and saves results in a repository of a registry, as the keys of a job let it. */
function openResults(host: string, now = Date.now) {
  const access = {
    transport: openTransport({ insecureHosts: [], env: {} }),
    insecureRegistries: [],
    env: {},
    log: openTerminalLog('quiet'),
    waits: { first: 10, longest: 20 },
  };
  const repository = parseRepository(`${host}/acme/cache`);
  const open = ({ signingKey, trustedKeys = [] }: Keys = {}) =>
    openOciResults({ repository, access, directory: '/nonexistent', signingKey, trustedKeys, now }, 'pull,push');
  return {
    ...{ access, repository, open },
    save: (keys?: Keys, name = key) => saveResult(name, formatResult(name, sample), open(keys)),
    /** The result with what was refused, `ENTRY: REASON`. */
    async fetch(keys?: Keys, name = key) {
      const refused: string[] = [];
      const onDamage = ({ message }: Error, entry: string) =>
        void refused.push(`${entry.slice(key.length)}: ${message}`);
      return { result: await fetchResult(name, open(keys), onDamage), refused };
    },
  };
}

/** The manifest of an artifact whose only layer is a text. */
async function manifestOf({
  artifactType = resultTypes.artifact as string,
  tag,
  text,
  size,
}: {
  artifactType?: string;
  tag: string;
  text: string;
  size?: number;
}): Promise<string> {
  const { descriptor } = blobOf(text, resultTypes.content);
  const layers = [{ ...descriptor, ...(size === undefined ? {} : { size }) }] as const;
  return (await bytesOf(artifactBlob({ artifactType, tag, layers }).open())).toString();
}

/** The same in a registry of this process, in which anything may go wrong. */
async function openFaulty(t: TestContext) {
  const setting: { fault: (request: IncomingMessage) => Fault | undefined } = { fault: () => undefined };
  const registry = await startRegistry({
    directory: await temporaryDirectory(t),
    onRequest: request => setting.fault(request),
  });
  t.after(() => registry.close());
  const putter = openPutter(registry.host, 'acme/cache');
  const read = async (tag: string) => {
    const answer = await fetch(`http://${registry.host}/v2/acme/cache/manifests/${tag}`, {
      headers: { accept: imageType },
    });
    return answer.text();
  };
  const put = async (tag: string, body: string) => {
    const headers = { 'content-type': imageType };
    const answer = await fetch(`http://${registry.host}/v2/acme/cache/manifests/${tag}`, {
      method: 'PUT',
      headers,
      body,
    });
    assert.equal(answer.status, 201);
  };
  return { ...openResults(registry.host), registry, setting, putter, read, put };
}

test('a result is found by three requests, however many there are, and is never replaced', async t => {
  const { save, fetch, registry, read, putter } = await openFaulty(t);
  assert.equal(await save(), key);
  for (const n of [1, 2, 3]) await save({}, `${key.slice(0, -1)}${n}`);
  const before = registry.requests.length;
  assert.deepEqual(await fetch(), { result: sample, refused: [] });
  assert.deepEqual(
    registry.requests.slice(before).map(({ path }) => path.replace(/sha256:\w+/, 'DIGEST')),
    ['/v2/', `/v2/acme/cache/manifests/${key}`, '/v2/acme/cache/blobs/DIGEST'],
  );
  const stored = await read(key);
  assert.equal(await save(), undefined, 'it is there');
  assert.equal(await read(key), stored);
  assert.equal((await putter.tags()).length, 4);
  assert.deepEqual(await fetch({}, `${key.slice(0, -1)}f`), { result: undefined, refused: [] });
});

test('what is unsigned, signed by another key, moved or swapped is refused, and replaced under a number', async t => {
  const { save, fetch, read, put } = await openFaulty(t);
  const other = `${key.slice(0, -1)}1`;
  await save({ signingKey: signer.secret }, other);
  const trusting = { trustedKeys: [signer.public] };
  assert.deepEqual(await fetch(trusting, other), { result: sample, refused: [] });

  await put(key, await read(other));
  assert.equal(await save({ signingKey: stranger.secret }), `${key}-2`);
  await put(
    `${key}-3`,
    (await read(`${key}-2`)).replaceAll(`${key}-2`, `${key}-3`).replace(/,"org.nix-image.sig[^}]*/, ''),
  );
  assert.deepEqual(await fetch(trusting), {
    result: undefined,
    refused: [
      ': it was saved under another tag',
      '-2: no key in trusted-public-keys signed it',
      '-3: it is not signed, and trusted-public-keys is set',
    ],
  });
  assert.equal(await save({ signingKey: signer.secret }), undefined, 'three are enough');

  // The blob of another result, which says under which key it was saved.
  const third = `${key.slice(0, -1)}3`;
  await put(third, await manifestOf({ tag: third, text: formatResult(other, sample) }));
  assert.deepEqual((await fetch({}, third)).refused, [': it was saved under another key']);
});

test('what is no result is refused: an entry with store paths, an image, a blob that is too large', async t => {
  const { save, fetch, put, putter, setting } = await openFaulty(t);
  await save({}, `${key.slice(0, -1)}1`);
  await put(
    key,
    await manifestOf({
      artifactType: entryTypes.artifact,
      tag: key,
      text: formatResult(`${key.slice(0, -1)}1`, sample),
    }),
  );
  for (const tag of [`${key}-2`, `${key}-3`]) await putter.image('image', undefined, tag);
  const large = await manifestOf({ tag: `${key}-3`, text: '', size: largestEntry + 1 });
  setting.fault = ({ url }) => (url?.endsWith('-3') ? { status: 200, body: large } : undefined);
  assert.deepEqual((await fetch()).refused, [
    ': its manifest is not one of an entry of the store cache',
    '-2: it is not an entry of the store cache',
    `-3: it has ${largestEntry + 1} bytes, more than the limit of ${largestEntry}`,
  ]);
});

test('a blob that the registry lost, cut or changed is damage; a registry that does not answer is not', async t => {
  const { save, fetch, setting } = await openFaulty(t);
  await save();
  const faults: readonly (readonly [Fault, RegExp])[] = [
    [{ status: 404 }, /was 404/],
    [{ status: 200, body: text.slice(0, -1) }, /do not have that digest/],
    [{ status: 200, body: `${text} ` }, /do not have that digest/],
    [{ status: 200, body: 'x'.repeat(30 << 20) }, /do not have that digest/],
  ];
  const isContent = ({ method, url = '' }: IncomingMessage) => method === 'GET' && url.includes('/blobs/');
  for (const [fault, reason] of faults) {
    setting.fault = request => (isContent(request) ? fault : undefined);
    const { result, refused } = await fetch();
    assert.equal(result, undefined);
    assert.match(refused.join(), reason);
  }
  for (const part of ['/manifests/', '/blobs/']) {
    for (const fault of [{ status: 503 }, { cutAnswer: 'before' }, { cutAnswer: 'half' }] as const) {
      setting.fault = ({ url = '' }) => (url.includes(part) ? fault : undefined);
      await assert.rejects(fetch(), /503|Cannot reach/);
    }
  }
  // As registries answer for what does not exist.
  setting.fault = ({ url = '' }) => (url.includes('/manifests/') ? { status: 403 } : undefined);
  assert.deepEqual(await fetch(), { result: undefined, refused: [] });

  // It is lost, although the registry says that it exists, until it is sent again.
  let isLost = true;
  setting.fault = request => {
    if (request.method === 'PUT' && request.url?.includes(encodeURIComponent(digestOf(text)))) isLost = false;
    return isLost && isContent(request) ? { status: 404 } : undefined;
  };
  assert.equal(await save(), `${key}-2`);
  assert.deepEqual((await fetch()).result, sample);
});

test('a result is saved and found whole though each request fails at first', async t => {
  const { save, fetch, setting } = await openFaulty(t);
  const seen = new Set<string>();
  let first: Fault = { status: 503 };
  setting.fault = ({ method, url = '' }) => {
    const name = `${method} ${url.replace(/uploads\/.*/, '')}`;
    if (seen.has(name)) return undefined;
    seen.add(name);
    return first;
  };
  assert.equal(await save(), key);
  for (const fault of [{ status: 429 }, { cutAnswer: 'before' }, { cutAnswer: 'half' }, { dropAfter: 0 }] as const) {
    seen.clear();
    first = fault;
    assert.deepEqual(await fetch(), { result: sample, refused: [] });
    assert.equal(seen.size, 3);
  }
});

test('of runs that save at once each leaves a whole result; a registry that is full or read-only has none', async t => {
  const { save, fetch, open, setting, putter } = await openFaulty(t);
  const [first, second] = [open(), open()];
  // Both have seen that there is none.
  assert.deepEqual([await first.read(key), await second.read(key)], [undefined, undefined]);
  assert.equal(await first.save(key, text), true);
  assert.equal(await second.save(key, text), false);
  const saves = await Promise.all([1, 2, 3].map(() => save({}, `${key.slice(0, -1)}4`)));
  assert.ok(saves.some(saved => saved !== undefined));
  assert.deepEqual(await fetch({}, `${key.slice(0, -1)}4`), { result: sample, refused: [] });
  assert.equal((await putter.tags()).length, 2);
  for (const status of [403, 507]) {
    setting.fault = ({ method = '' }) => (['GET', 'HEAD'].includes(method) ? undefined : { status });
    await assert.rejects(save({}, `${key.slice(0, -1)}5`), new RegExp(`was ${status}`));
  }
  setting.fault = ({ method, url = '' }) =>
    method === 'PUT' && url.includes('/manifests/') ? { status: 403, body: 'read-only' } : undefined;
  await assert.rejects(save({}, `${key.slice(0, -1)}5`), /403 read-only/);
  assert.equal((await putter.tags()).length, 2);
});

test('old results are deleted with their manifests, and nothing else', async t => {
  const registry = await startDistribution({ version: 3 });
  t.after(() => registry.close());
  const start = Date.UTC(2026, 0, 1);
  let now = start;
  const { access, repository, open } = openResults(registry.host, () => now);
  const names = (spec: string) =>
    [0, 1, 2, 3, 4].map(n => `nix-image-result-2-${spec.repeat(12)}-${`${n}`.repeat(64)}`);
  const [a, b] = [names('a'), names('b').slice(0, 2)];
  for (const [n, name] of [...a, ...b].entries()) {
    now = start + n * day;
    await open().save(name, formatResult(name, sample));
  }
  const putter = openPutter(registry.host, 'acme/cache');
  // An image whose tag looks like that of a result, and others.
  const others = [`nix-image-result-2-${'c'.repeat(12)}-${'0'.repeat(64)}`, 'nix-image-result-2-x', 'latest'];
  for (const name of others) await putter.image(name, undefined, name);
  const runtime = { ...(await openTestRuntime({}, '/nonexistent')), now: () => now };
  t.after(() => runtime.close());
  const context = { runtime, access, dryRun: false };
  const prune = (keep: Parameters<typeof deleteOld>[1], dryRun = false) =>
    deleteOld(repository, keep, { ...context, dryRun });
  const nameOf = (tag: string) => `${registry.host}/acme/cache:${tag}`;

  const all = (await putter.tags()).sort();
  const would = await prune({ count: 1 }, true);
  assert.deepEqual((await putter.tags()).sort(), all);
  assert.deepEqual(await prune({ count: 1 }), would);
  assert.deepEqual(would.deleted.toSorted(), a.slice(0, 3).map(nameOf), 'all but two of each build');
  assert.equal(await putter.has(a[0] ?? ''), false);
  assert.deepEqual((await putter.tags()).sort(), [...a.slice(3), ...b, ...others].sort());

  await deleteOldResults(repository, { age: -1 }, { ...context, build: `nix-image-result-2-${'d'.repeat(12)}` });
  assert.equal((await putter.tags()).length, 7);
  await prune({ age: 2.5 * day });
  assert.deepEqual((await putter.tags()).sort(), [a[4] ?? '', ...b, ...others].sort());
  await deleteOldResults(repository, { age: -1 }, { ...context, build: `nix-image-result-2-${'b'.repeat(12)}` });
  assert.deepEqual((await putter.tags()).sort(), [a[4] ?? '', ...others].sort());
  await prune({ age: -1 });
  assert.deepEqual((await putter.tags()).sort(), others.sort());
});
