import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { followRedirects } from '../../src/lib/http/follow-redirects.ts';
import type { HttpRequest, HttpResponse } from '../../src/lib/http/message.ts';
import { resolveLocation } from '../../src/lib/http/resolve-location.ts';
import { failureWith } from '../support/failure.ts';

const start = new URL('https://registry.example.org/v2/');
const body = { size: 1, async *open() {} };

/** Follows answers, each a status with a Location, from an address; gives the requests that were sent. */
async function follow(
  answers: readonly (readonly [number, string])[],
  { address = '203.0.113.5', request = {} }: { address?: string | undefined; request?: Partial<HttpRequest> } = {},
) {
  const sent: HttpRequest[] = [];
  const send = async (each: HttpRequest): Promise<HttpResponse> => {
    const [status, location] = answers[sent.length] ?? [200, ''];
    sent.push(each);
    return {
      url: each.url,
      address,
      status,
      header: name => (name === 'location' ? location : undefined),
      bytes: async () => Buffer.alloc(0),
      body: (async function* () {})(),
      discard: async () => {},
    };
  };
  await followRedirects({ method: 'GET', url: start, ...request }, { send, resolve: resolveLocation });
  return sent;
}

suite('redirects', () => {
  test('keep method and content, but for 303', async () => {
    const request = { method: 'PUT', body } as const;
    const [, moved, seen, asked] = await follow(
      [
        [307, '/a'],
        [301, '/b'],
        [303, '/c'],
      ],
      { request },
    );
    assert.deepEqual([moved?.method, moved?.body, moved?.url.pathname], ['PUT', body, '/a']);
    assert.deepEqual([seen?.method, seen?.body, seen?.url.pathname], ['PUT', body, '/b']);
    assert.deepEqual([asked?.method, asked?.body, asked?.url.pathname], ['GET', undefined, '/c']);
    const [, head] = await follow([[303, '/c']], { request: { method: 'HEAD' } });
    assert.equal(head?.method, 'HEAD');
  });

  test('end after five', async () => {
    const ring = Array.from({ length: 6 }, () => [307, '/again'] as const);
    assert.equal((await follow(ring.slice(1))).length, 6);
    await assert.rejects(follow(ring), failureWith('registry.example.org', 'redirects more than 5 times'));
  });

  test('from the internet to another origin may not end at this machine, wherever they lead on', async () => {
    const away: [number, string][] = [
      [307, '/same'],
      [307, 'https://storage.example.net/x'],
      [307, '/y'],
    ];
    assert.deepEqual(
      (await follow(away)).map(({ isPublicOnly = false }) => isPublicOnly),
      [false, false, true, true],
    );
    assert.deepEqual(
      (await follow(away, { address: '10.0.0.4' })).map(({ isPublicOnly = false }) => isPublicOnly),
      [false, false, false, false],
    );
  });
});
