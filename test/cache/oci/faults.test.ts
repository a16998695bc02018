import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type Machine, runThere } from '../../support/bare-machine.ts';
import { openPutter } from '../../support/put-content.ts';
import { type Fault, startRegistry } from '../../support/registry.ts';
import type { Answer } from '../../support/registry-answer.ts';
import type { RegistryAuth } from '../../support/registry-auth.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { openSituation } from '../open-situation.ts';
import { openEntries } from './open-entries.ts';

// Faults on the wire while entries are saved and restored. What passes does no harm. What stays leaves the store and the
// tags as they were.

type OnRequest = (request: IncomingMessage) => Fault | undefined;

const auth = { kind: 'bearer', user: 'user', password: 'password' } as const satisfies RegistryAuth;
const isToken = ({ url = '' }: IncomingMessage) => url.startsWith('/token');
const isBlob = ({ method, url = '' }: IncomingMessage) => method === 'GET' && url.includes('/blobs/sha256:');
const isManifest = ({ method, url = '' }: IncomingMessage) => method === 'GET' && url.includes('/manifests/');
const isTagList = ({ url = '' }: IncomingMessage) => url.includes('/tags/list');

const busy = (status: number): Fault => ({ status, headers: { 'Retry-After': '1' }, body: 'later' });
const outdateToken: OnRequest = request => {
  if (!isToken(request)) request.headers.authorization = 'Bearer outdated';
  return undefined;
};
const cut: OnRequest = request => {
  if (request.method === 'PUT' && request.url?.includes('/uploads/')) return { dropAfter: 20 };
  return isBlob(request) ? { cutAnswer: 'half' } : { dropAfter: 0 };
};

async function login({ home }: Machine, host: string): Promise<void> {
  await mkdir(join(home, '.docker'));
  const auths = { [host]: { auth: Buffer.from(`${auth.user}:${auth.password}`).toString('base64') } };
  await writeFile(join(home, '.docker/config.json'), JSON.stringify({ auths }));
}

const { source, paths, use, openWithNix, setting, registry } = await openEntries({ after }, auth);
const target = await openWithNix();
for (const machine of [source, target]) await login(machine, registry.host);

test('an entry is saved and restored whole though requests fail at first; a cut download goes on by a range', async () => {
  /** Few enough for the tries of one upload. */
  const whenSaving: readonly OnRequest[] = [
    request => (request.method === 'PUT' ? cut(request) : request.method === 'POST' ? busy(503) : undefined),
    outdateToken,
  ];
  const whenRestoring: readonly OnRequest[] = [() => busy(429), outdateToken, cut];
  let faults = whenSaving;
  const times = new Map<string, number>();
  const ranges: string[] = [];
  setting.fault = request => {
    const { method, url = '', headers } = request;
    if (isBlob(request) && headers.range !== undefined) ranges.push(headers.range);
    const name = `${method} ${url.replace(/uploads\/[^?]+/, 'uploads/ID')}`;
    const time = times.get(name) ?? 0;
    times.set(name, time + 1);
    return faults[time]?.(request);
  };
  const [saved] = await use(source, { key: 'one', paths });
  assert.equal(saved?.error, undefined);
  const countOf = (part: RegExp) => Math.max(...[...times].map(([name, count]) => (part.test(name) ? count : 0)));
  for (const part of [/^POST /, /^PUT .*uploads/, /^PUT .*manifests/]) assert.ok(countOf(part) > 2, String(part));
  times.clear();
  faults = whenRestoring;
  const [outcome] = await use(target, { key: 'one' });
  assert.deepEqual(outcome?.restored?.toSorted(), paths, outcome?.error);
  assert.deepEqual([outcome?.valid, outcome?.left], [paths, []]);
  for (const part of [/tags\/list/, /GET .*manifests/, /GET .*blobs/]) assert.ok(countOf(part) > 3, String(part));
  assert.equal(ranges.length, 3, 'the list of paths and two groups');
  for (const range of ranges) assert.match(range, /^bytes=[1-9]\d*-$/);
  const partial = registry.requests.filter(({ status }) => status === 206);
  assert.equal(partial.length, 3);
  const { code, stderr } = await runThere(target, ['nix-store', '--delete', ...paths]);
  assert.equal(code, 0, stderr);
});

test('a fault that stays, at any request of a restore, leaves the store as it was', async () => {
  /** The n-th of the blobs of a restore: first the list of paths, then the groups. */
  const isBlobNumber = (number: number) => (request: IncomingMessage, blobs: readonly string[]) =>
    isBlob(request) && blobs[number] === request.url;
  const places = [isTagList, isManifest, isBlobNumber(0), isBlobNumber(2)];
  const halve = ({ body = '', ...answer }: Answer): Answer => {
    const half = (size: number) => Math.floor(size / 2);
    if (typeof body === 'string') return { ...answer, body: body.slice(0, half(body.length)) };
    return { ...answer, body: { ...body, size: half(body.size) } };
  };
  const faults: readonly (readonly [fault: OnRequest, reason: RegExp])[] = [
    [() => busy(503), /503 later/],
    [() => ({ status: 403, body: 'no' }), /403 no|no entry/],
    [outdateToken, /401|no entry/],
    [() => ({ cutAnswer: 'before' }), /Cannot reach/],
    [() => ({ change: halve }), /not a list of tags|not valid JSON|manifest|do not have that digest or size/],
  ];
  const cases = faults.flatMap(([fault, reason]) => places.map(isThere => ({ fault, reason, isThere })));
  let restores = -1;
  let blobs: string[] = [];
  const hit = new Set<number>();
  setting.fault = request => {
    const { url = '' } = request;
    // Each restore starts with this request.
    if (url === '/v2/') {
      restores += 1;
      blobs = [];
    }
    if (isBlob(request) && !blobs.includes(url)) blobs.push(url);
    const at = cases[restores];
    if (!at?.isThere(request, blobs)) return undefined;
    hit.add(restores);
    return at.fault(request);
  };
  const outcomes = await use(target, ...cases.map(() => ({ key: 'one' })));
  for (const [i, { reason }] of cases.entries()) {
    assert.ok(hit.has(i), `case ${i}`);
    assert.match(outcomes[i]?.error ?? '', reason, `case ${i}`);
    assert.deepEqual([outcomes[i]?.valid, outcomes[i]?.left], [[], []], `case ${i}`);
  }
});

test('the newest entry is found on the last page of tags, and none if a page stays away', async () => {
  setting.fault = () => undefined;
  const [old, now] = [Date.UTC(2025, 0, 1), Date.UTC(2026, 0, 1)];
  const [first = '', ...others] = paths;
  await use(source, { key: 'key-1', paths: [first], now: old }, { key: 'key-2', paths: others, now });
  const older = Array.from({ length: 120 }, (_, i) => `key-1${1000 + i}.20240101T000000Z`);
  const tags = ['key-1.20250101T000000Z', ...older, 'key-2.20260101T000000Z'];
  let [restores, pages] = [0, 0];
  setting.fault = request => {
    if (request.url === '/v2/') restores += 1;
    if (!isTagList(request)) return undefined;
    pages += 1;
    const last = new URL(request.url ?? '', 'http://registry').searchParams.get('last') ?? '';
    // A registry may have smaller pages than those asked for.
    const page = tags.filter(tag => tag > last).slice(0, 10);
    if (restores === 1 && page.includes(tags.at(-1) ?? '')) return busy(503);
    const link = `</v2/acme/cache/tags/list?n=10&last=${page.at(-1)}>; rel="next"`;
    const body = JSON.stringify({ name: 'acme/cache', tags: page });
    return { status: 200, headers: page.length < 10 ? {} : { Link: link }, body };
  };
  const [without, outcome] = await use(target, { key: 'key-' }, { key: 'key-' });
  assert.match(without?.error ?? '', /503 later/);
  assert.deepEqual([without?.valid, without?.left], [[], []]);
  assert.deepEqual(outcome?.restored?.toSorted(), others, outcome?.error);
  assert.ok(pages >= 26, `${pages} pages`);
});

test('a registry that can only be read is a warning, and the build goes on with its entry', async t => {
  let isReadOnly = false;
  const registry = await startRegistry({
    directory: await temporaryDirectory(t),
    onRequest: ({ method = '' }) =>
      isReadOnly && !['GET', 'HEAD'].includes(method) ? { status: 403, body: 'read-only' } : undefined,
  });
  t.after(() => registry.close());
  const { run, builds, change, directory } = await openSituation(t);
  const inputs = { 'cache-to': `oci://${registry.host}/acme/cache` };
  const first = await run({ inputs });
  assert.match(first.post, /Saved 6 store paths/);
  await builds();
  const { tags } = openPutter(registry.host, 'acme/cache');
  const before = await tags();
  isReadOnly = true;
  const flake = await readFile(join(directory, 'flake.nix'), 'utf8');
  await change('flake.nix', flake.replace('make "app" "', 'make "app" "true; '));
  await change('flake.lock', JSON.stringify({ nodes: { root: {} }, root: 'root', version: 7, again: 1 }));
  const second = await run({ inputs });
  assert.deepEqual(await builds(), ['app']);
  assert.match(second.log, /Restored \d of 6 store paths/);
  assert.match(second.post, /::warning::Cannot save the store cache: .* POST .* 403 read-only/);
  assert.doesNotMatch(second.post, /::error/);
  assert.deepEqual(await tags(), before);
});
