import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { suite, type TestContext, test } from 'node:test';
import { Failure } from '../../src/lib/failure.ts';
import { failureWith } from '../support/failure.ts';
import { type Fault, startRegistry } from '../support/registry.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { imageOf, layerOf, type PushOptions, push, readBack } from './push-image.ts';

const image = (version: string) => imageOf([layerOf('a', 1000)], { version });

/** A registry of this test alone, which `disturbBy` disturbs. */
async function open(t: TestContext) {
  let disturb: (request: IncomingMessage) => Fault | undefined = () => undefined;
  const registry = await startRegistry({
    directory: await temporaryDirectory(t),
    onRequest: request => disturb(request),
  });
  t.after(() => registry.close());
  const tag = (name: string) => `${registry.host}/acme/app:${name}`;
  return {
    tag,
    push: (version: string, names: readonly string[], options: Omit<PushOptions, 'tags'> = {}) =>
      push(t, image(version), { ...options, tags: names.map(tag) }),
    disturbBy(by: typeof disturb) {
      disturb = by;
    },
    async digestOf(name: string) {
      disturb = () => undefined;
      return (await readBack(tag(name)))[0];
    },
    puts: (name: string) =>
      registry.requests.filter(({ method, path }) => method === 'PUT' && path.endsWith(`/manifests/${name}`)).length,
  };
}

const refusal = (status: number, code: string): Fault => ({
  status,
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ errors: [{ code, message: 'on purpose' }] }),
});
const isTag = ({ url = '' }: IncomingMessage) => /\/manifests\/(?!sha256:)/.test(url);

suite('if-exists protects a tag that the login may not read', () => {
  for (const status of [400, 401, 403, 405]) {
    for (const ifExists of ['error', 'skip'] as const) {
      test(`${ifExists}, answered with ${status}`, async t => {
        const { tag, push, disturbBy, digestOf } = await open(t);
        const { digest } = await push('theirs', ['1']);
        disturbBy(request => (request.method !== 'PUT' && isTag(request) ? refusal(status, 'DENIED') : undefined));
        await assert.rejects(
          push('ours', ['1'], { ifExists }),
          failureWith(`if-exists: ${ifExists}`, tag('1'), `${status} DENIED`),
        );
        assert.equal(await digestOf('1'), digest);
      });
    }
  }

  test('overwrite needs no such right', async t => {
    const { push, disturbBy, digestOf } = await open(t);
    await push('theirs', ['1', '2']);
    disturbBy(request => (request.method !== 'PUT' && isTag(request) ? refusal(403, 'DENIED') : undefined));
    const { digest } = await push('ours', ['1', '2']);
    assert.deepEqual([await digestOf('1'), await digestOf('2')], [digest, digest]);
  });
});

suite('an immutable tag', () => {
  for (const [name, answer] of [
    ['ECR', refusal(400, 'TAG_INVALID')],
    ['zot without the permission to update', refusal(403, 'DENIED')],
  ] as const) {
    for (const ifExists of ['overwrite', 'error', 'skip'] as const) {
      test(`of ${name} that names the image already is a success, with ${ifExists}`, async t => {
        const { tag, push, disturbBy, puts } = await open(t);
        const { digest } = await push('1', ['1', '2']);
        disturbBy(request => (request.method === 'PUT' && isTag(request) ? answer : undefined));
        const before = puts('1') + puts('2');
        const { log } = await push('1', ['1', '2'], { ifExists });
        for (const one of ['1', '2']) assert.ok(log.includes(`${tag(one)} is already ${digest}`), log.join('\n'));
        // The last tag of several is moved without a look at it, if it may be.
        assert.equal(puts('1') + puts('2') - before, ifExists === 'overwrite' ? 1 : 0);
        await push('1', ['2'], { ifExists });
      });
    }

    test(`of ${name} that names another image is an error, and the tag before it is put back`, async t => {
      const { push, disturbBy, digestOf } = await open(t);
      const { digest } = await push('1', ['1', '2']);
      disturbBy(({ method, url = '' }) => (method === 'PUT' && url.endsWith('/manifests/2') ? answer : undefined));
      await assert.rejects(push('2', ['1', '2']), failureWith('Cannot push to'));
      assert.deepEqual([await digestOf('1'), await digestOf('2')], [digest, digest]);
    });
  }
});

suite('a run that is cancelled between two tags', () => {
  const cancelAt = (name: string, controller: AbortController) => (request: IncomingMessage) => {
    if (request.method === 'PUT' && request.url?.endsWith(`/manifests/${name}`)) {
      controller.abort(new Failure('Cancelled by SIGINT.'));
    }
    return undefined;
  };

  test('puts back those that it has moved', async t => {
    const { tag, push, disturbBy, digestOf } = await open(t);
    const { digest } = await push('before', ['1', '2', '3']);
    const controller = new AbortController();
    disturbBy(cancelAt('2', controller));
    const pushing = push('after', ['1', '2', '3'], { cancelled: controller.signal });
    await assert.rejects(pushing, failureWith('Cancelled by SIGINT.'));
    for (const name of ['1', '2', '3']) assert.equal(await digestOf(name), digest, tag(name));
  });

  test('names those that are new', async t => {
    const { tag, push, disturbBy, digestOf } = await open(t);
    const { digest } = await push('before', ['2']);
    const controller = new AbortController();
    disturbBy(cancelAt('1', controller));
    const pushing = push('after', ['1', '2'], { cancelled: controller.signal });
    await assert.rejects(pushing, failureWith('Cancelled by SIGINT.', `point to the new image: ${tag('1')}.`));
    assert.equal(await digestOf('2'), digest);
  });
});

test('a tag that was moved, though no answer came, counts as moved', async t => {
  const { push, disturbBy, digestOf } = await open(t);
  await push('before', ['1', '2']);
  disturbBy(({ method, url = '' }) => {
    if (!url.endsWith('/manifests/2') || method === 'GET') return undefined;
    return method === 'PUT' ? { cutAnswer: 'before' } : { dropAfter: 0 };
  });
  const { digest } = await push('after', ['1', '2']);
  assert.deepEqual([await digestOf('1'), await digestOf('2')], [digest, digest]);
});

test('a tag of which nobody knows whether it was moved is named', async t => {
  const { tag, push, disturbBy, digestOf } = await open(t);
  const { digest } = await push('before', ['1', '2']);
  let isPut = false;
  disturbBy(({ method, url = '' }) => {
    if (!url.endsWith('/manifests/2')) return undefined;
    isPut ||= method === 'PUT';
    return isPut ? { dropAfter: 0 } : undefined;
  });
  const lines: string[] = [];
  await assert.rejects(push('after', ['1', '2'], { log: lines }), failureWith('Writing the manifest 2'));
  assert.ok(lines.some(line => line.startsWith(`warning: Cannot tell whether ${tag('2')} points to the new image`)));
  assert.equal(await digestOf('1'), digest);
});
