import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { entryTypes } from '../../../src/cache/oci/artifact.ts';
import { openPutter } from '../../support/put-content.ts';
import type { Fault } from '../../support/registry.ts';
import { openEntries } from './open-entries.ts';
import { makeSigningKey } from './signing-key.ts';
import type { Use } from './use-entries.ts';

const [key, otherKey] = [makeSigningKey('cache-1'), makeSigningKey('cache-1')];

const noon = Date.UTC(2026, 0, 1, 12);

test('what is unsigned, signed by another key, replayed, swapped, or no entry is refused', async t => {
  const { source, paths, use, openWithNix, tags, read, put, setting, registry } = await openEntries(t);
  const trustedKeys = [key.public];
  const saved = await use(
    source,
    { key: 'signed', paths, signingKey: key.secret, now: noon },
    { key: 'unsigned', paths, now: noon },
    { key: 'other', paths, signingKey: otherKey.secret, now: noon },
  );
  assert.deepEqual(
    saved.flatMap(({ error }) => error ?? []),
    [],
  );
  const text = await read('signed.20260101T120000Z');
  await put('replayed.20260101T120000Z', text);
  await put('signed.20270101T120000Z', text);
  const json = JSON.parse(text);
  const [index, ...groups] = json.layers;
  const unsigned = JSON.parse(await read('unsigned.20260101T120000Z'));
  await put(
    'swapped.20260101T120000Z',
    JSON.stringify({
      ...unsigned,
      layers: [index, ...groups.toReversed()],
      annotations: { 'org.nix-image.entry': 'swapped.20260101T120000Z' },
    }),
  );
  await put(
    'spaced.20260101T120000Z',
    ` ${JSON.stringify({ ...unsigned, annotations: { 'org.nix-image.entry': 'spaced.20260101T120000Z' } })}`,
  );
  const putter = openPutter(registry.host, 'acme/cache');
  const list = await (await fetch(`http://${registry.host}/v2/acme/cache/blobs/${index.digest}`)).arrayBuffer();
  const sizes = [0, 10, list.byteLength >> 1, list.byteLength - 1];
  for (const size of sizes) {
    const tag = `short-${size}.20260101T120000Z`;
    const short = await putter.blob(entryTypes.index, Buffer.from(list.slice(0, size)));
    const annotations = { 'org.nix-image.entry': tag };
    await put(tag, JSON.stringify({ ...unsigned, layers: [short, ...groups], annotations }));
  }
  await put('image.20260101T120000Z', JSON.stringify({ ...unsigned, annotations: {} }));
  await put('long.20260101T120000Z', text);
  // A registry may say anything.
  const body = JSON.stringify({
    ...unsigned,
    layers: [{ ...index, size: 2 ** 40 }, ...groups],
    annotations: { 'org.nix-image.entry': 'long.20260101T120000Z' },
  });
  setting.fault = ({ method, url }) =>
    method === 'GET' && url?.endsWith('/manifests/long.20260101T120000Z') ? { status: 200, body } : undefined;
  assert.equal((await tags()).length, 13);

  const outcomes = await use(
    await openWithNix(),
    { key: 'unsigned', trustedKeys },
    { key: 'other', trustedKeys },
    { key: 'replayed', trustedKeys },
    { key: 'signed', trustedKeys },
    { key: 'swapped' },
    { key: 'spaced' },
    { key: 'image' },
    { key: 'long' },
    { key: 'none' },
    ...sizes.map(size => ({ key: `short-${size}` })),
  );
  assert.deepEqual(
    outcomes.slice(0, 9).map(({ error }) => error),
    [
      'it is not signed, and trusted-public-keys is set',
      'no key in trusted-public-keys signed it',
      'it was saved under another tag',
      // A copy under a later time.
      'it was saved under another tag',
      outcomes[4]?.error,
      'its manifest is not one of an entry of the store cache',
      'it was saved under another tag',
      'its list of paths has 1099511627776 bytes',
      'no entry',
    ],
  );
  assert.match(outcomes[4]?.error ?? '', /damaged|truncated|extra bytes|does not match its hash|NAR/);
  for (const { error } of outcomes.slice(9))
    assert.match(error ?? '', /its manifest is not JSON|no zstd frames|truncated/);
  for (const { valid, left } of outcomes) assert.deepEqual([valid, left], [[], []]);
});

test('a signed entry is restored, whoever reads it; a damaged one leaves the store as it was', async t => {
  const { source, paths, use, openWithNix, setting, registry } = await openEntries(t);
  await use(source, { key: 'one', paths, signingKey: key.secret });
  const machine = await openWithNix();
  const restore: Use = { key: 'one', trustedKeys: [key.public] };
  const isNar = ({ method, url = '' }: IncomingMessage) => method === 'GET' && /\/blobs\/sha256:/.test(url);
  const bad: Record<string, (request: IncomingMessage) => Fault | undefined> = {
    gone: request => (isNar(request) ? { status: 404 } : undefined),
    other: request => (isNar(request) ? { status: 200, body: 'x'.repeat(300) } : undefined),
    long: request => (isNar(request) ? { status: 200, body: 'x'.repeat(3_000_000) } : undefined),
    broken: request => (isNar(request) ? { status: 500 } : undefined),
  };
  for (const [name, fault] of Object.entries(bad)) {
    setting.fault = fault;
    const [outcome] = await use(machine, restore);
    assert.ok(outcome?.error, name);
    assert.deepEqual([outcome.valid, outcome.left], [[], []], name);
  }
  const before = registry.requests.length;
  let cuts = 0;
  setting.fault = request => (isNar(request) && cuts++ < 2 ? { cutAnswer: 'half' } : undefined);
  const [outcome] = await use(machine, restore, restore);
  assert.deepEqual(outcome?.restored?.toSorted(), paths);
  assert.ok(registry.requests.length > before);
  assert.ok((outcome?.memory ?? 0) < 150e6, `${outcome?.memory}`);
});

test('of two jobs that save at once, one whole entry is left', async t => {
  const { source, paths, use, openWithNix, tags } = await openEntries(t);
  const halves = [paths.slice(0, 2), paths.slice(1)];
  const saves = await Promise.all(halves.map(half => use(source, { key: 'one', paths: half, now: noon })));
  assert.deepEqual(
    saves.flat().flatMap(({ error }) => error ?? []),
    [],
  );
  assert.equal((await tags()).length, 1);
  const [outcome] = await use(await openWithNix(), { key: 'one' });
  assert.ok(
    halves.some(half => half.join() === outcome?.restored?.toSorted().join()),
    outcome?.error,
  );
});

test('a save sends what is new, and all again if the registry has lost what it had', async t => {
  const { source, paths, use, setting, registry } = await openEntries(t);
  const [first = '', ...others] = paths;
  const uploads = () => registry.requests.filter(({ method }) => method === 'PUT').length;
  const [one] = await use(source, { key: 'one', paths: others });
  const before = uploads();
  const [two] = await use(source, { key: 'two', paths, base: 'one' });
  assert.ok((two?.sent ?? 0) > 0 && (one?.sent ?? 0) > 0, first);
  assert.ok(uploads() - before <= 4, 'a group, the paths, the manifest');
  let isLost = true;
  setting.fault = ({ method, url = '' }) => {
    if (method !== 'PUT' || !url.includes('/manifests/') || !isLost) return undefined;
    isLost = false;
    return { status: 404, body: '{"errors":[{"code":"MANIFEST_BLOB_UNKNOWN","message":"blob unknown"}]}' };
  };
  const [three] = await use(source, { key: 'three', paths, base: 'two' });
  assert.equal(three?.error, undefined);
  setting.fault = ({ method }) => (method === 'POST' ? { status: 507, body: 'no space' } : undefined);
  const [full] = await use(source, { key: 'full', paths: [first] });
  assert.match(full?.error ?? '', /507/);
});

test('the replacement of a damaged entry repairs blobs that a registry has lost but lists', async t => {
  const { source, paths, use, openWithNix, setting } = await openEntries(t);
  await use(source, { key: 'one', paths });
  const lost = new Set<string>();
  let isLosing = true;
  setting.fault = ({ method, url = '' }) => {
    const [digest = ''] = /sha256(:|%3A)[0-9a-f]{64}/.exec(url) ?? [];
    const name = digest.slice(-64);
    if (method === 'PUT') lost.delete(name);
    if (method !== 'GET' || !url.includes('/blobs/')) return undefined;
    if (isLosing) lost.add(name);
    return lost.has(name) ? { status: 404 } : undefined;
  };
  const machine = await openWithNix();
  const [damaged] = await use(machine, { key: 'one' });
  assert.match(damaged?.error ?? '', /404/);
  isLosing = false;
  await use(source, { key: 'one-2', paths });
  const [outcome] = await use(machine, { key: 'one-2' });
  assert.deepEqual(outcome?.restored?.toSorted(), paths, outcome?.error);
});
