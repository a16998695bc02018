import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, suite, test } from 'node:test';
import { GitHubError, openGitHubApi } from '../../src/github/github-api.ts';
import { openTransport } from '../../src/lib/http/transport.ts';
import { failureWith } from '../support/failure.ts';
import { type Api, startApi } from '../support/github-api.ts';

const token = 'ghs_0123456789';

suite("GitHub's API", () => {
  const open: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of open.splice(0)) await close();
  });

  /** Answers with each answer in turn, the last one again and again. */
  async function serve(...answers: Answer[]) {
    const api = await startApi((request, response) => answer(answers, api, { request, response }));
    const transport = openTransport({ insecureHosts: [], env: {} });
    open.push(api.close, transport.close);
    const told: string[] = [];
    const log = { ...silent, info: (text: string) => told.push(text) };
    const client = openGitHubApi({
      apiUrl: api.url,
      token,
      send: transport.send,
      log,
      waits: { first: 1, longest: 2000 },
    });
    return { api, client, told };
  }

  test('a request says which version it speaks and carries the token', async () => {
    const { api, client } = await serve({ json: { description: 'An app' } });
    assert.deepEqual(await client.get('repos/acme/app'), { description: 'An app' });
    const [request] = api.requests;
    assert.equal(request?.line, 'GET /api/v3/repos/acme/app');
    assert.equal(request?.headers.authorization, `Bearer ${token}`);
    assert.equal(request?.headers['x-github-api-version'], '2022-11-28');
    assert.equal(request?.headers.accept, 'application/vnd.github+json');
  });

  test('without a token there is no authorization', async () => {
    const api = await startApi((_, response) => response.end('{}'));
    const transport = openTransport({ insecureHosts: [], env: {} });
    open.push(api.close, transport.close);
    await openGitHubApi({ apiUrl: `${api.url}/`, send: transport.send, log: silent }).get('/repos/acme/app');
    assert.equal(api.requests[0]?.line, 'GET /api/v3/repos/acme/app');
    assert.equal(api.requests[0]?.headers.authorization, undefined);
  });

  test('a body is sent as JSON, and an answer without one is undefined', async () => {
    const { api, client } = await serve({ json: { id: 7 }, status: 201 }, { status: 204 });
    assert.deepEqual(await client.request('POST', 'repos/acme/app/issues/1/comments', { body: 'é' }), { id: 7 });
    assert.equal(await client.request('DELETE', 'orgs/acme/packages/container/app/versions/7'), undefined);
    assert.deepEqual(JSON.parse(api.requests[0]?.body ?? ''), { body: 'é' });
    assert.equal(api.requests[0]?.headers['content-type'], 'application/json');
    assert.equal(api.requests[1]?.line, 'DELETE /api/v3/orgs/acme/packages/container/app/versions/7');
  });

  test('pages are followed to the last', async () => {
    const link =
      '<URL/list?page=1>; rel="prev", <URL/list?page=2&per_page=1>; rel="next", <URL/list?page=9>; rel="last"';
    const { api, client } = await serve(
      { json: [1], headers: { link } },
      { json: [2], headers: { link: '<URL/list?page=1>; rel="prev"' } },
    );
    const pages = [];
    for await (const page of client.pages('list?per_page=1')) pages.push(page);
    assert.deepEqual(pages, [[1], [2]]);
    assert.deepEqual(
      api.requests.map(({ line }) => line),
      ['GET /api/v3/list?per_page=1', 'GET /api/v3/list?page=2&per_page=1'],
    );
  });

  test('a list that leads in a circle is a Failure, not a whole one', async () => {
    const { api, client } = await serve({ json: [], headers: { link: '<URL/list?page=2>; rel="next"' } });
    await assert.rejects(async () => {
      for await (const _ of client.pages('list'));
    }, failureWith('form a cycle'));
    assert.equal(api.requests.length, 2);
  });

  test('a list that does not end is not followed for ever', async () => {
    const pages = Array.from({ length: 201 }, (_, page) => ({
      json: [],
      headers: { link: `<URL/list?page=${page + 2}>; rel="next"` },
    }));
    const { client } = await serve(...pages);
    await assert.rejects(async () => {
      for await (const _ of client.pages('list'));
    }, failureWith('more than 200 pages'));
  });

  for (const [description, answer] of Object.entries({
    'a next page': { json: [], headers: { link: '<https://example.org/list?page=2>; rel="next"' } },
    'a redirect': { status: 301, headers: { location: 'https://example.org/list' } },
  })) {
    test(`${description} outside of the API is not followed`, async () => {
      const { api, client } = await serve(answer);
      await assert.rejects(async () => {
        for await (const _ of client.pages('list'));
      }, failureWith('to https://example.org: it leads outside of GitHub'));
      assert.equal(api.requests.length, 1);
    });
  }

  test('a repository that has moved is found, by the same method', async () => {
    const { api, client } = await serve({ status: 307, headers: { location: 'URL/repositories/1' } }, { json: {} });
    await client.request('PATCH', 'repos/acme/old', { a: 1 });
    assert.equal(api.requests[1]?.line, 'PATCH /api/v3/repositories/1');
    assert.equal(api.requests[1]?.body, '{"a":1}');
  });

  test('a circle of redirects ends', async () => {
    const { client } = await serve({ status: 302, headers: { location: 'URL/again' } });
    await assert.rejects(client.get('again'), failureWith('redirects more than'));
  });

  const soon = {
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': '1000000001',
    date: 'Sun, 09 Sep 2001 01:46:40 GMT',
  };
  for (const [description, refusal] of Object.entries({
    'an error of the server': { status: 502, text: '<html>Unicorn</html>' },
    'a limit that says when to come back': { status: 429, headers: { 'retry-after': '0' }, json: { message: 'Slow' } },
    'a secondary limit': {
      status: 403,
      headers: { 'retry-after': '0' },
      json: { message: 'You have exceeded a secondary rate limit.' },
    },
    'a limit that is soon reset by the clock of GitHub': {
      status: 403,
      headers: soon,
      json: { message: 'API rate limit exceeded' },
    },
  })) {
    test(`${description} is tried again`, async () => {
      const { api, client, told } = await serve(refusal, { json: { name: 'app' } });
      assert.deepEqual(await client.get('repos/acme/app'), { name: 'app' });
      assert.equal(api.requests.length, 2);
      assert.match(told.join(), /Trying again in/);
    });
  }

  test('a limit that lasts is not waited for', async () => {
    const headers = { ...soon, 'x-ratelimit-reset': '1000003600' };
    const { api, client } = await serve({ status: 403, headers, json: { message: 'API rate limit exceeded' } });
    await assert.rejects(client.get('repos/acme/app'), failureWith('403 API rate limit exceeded', 'ends in 3600 s'));
    assert.equal(api.requests.length, 1);
  });

  test('a connection that breaks is tried again', async () => {
    const { api, client } = await serve('break', { json: 1 });
    assert.equal(await client.get('x'), 1);
    assert.equal(api.requests.length, 2);
  });

  for (const [description, failure] of Object.entries({
    'an error of the server': { status: 502 },
    'a connection that breaks': 'break' as const,
  })) {
    test(`after ${description} a POST is not repeated: it may have been done`, async () => {
      const { api, client } = await serve(failure);
      await assert.rejects(client.request('POST', 'repos/acme/app/issues/1/comments', {}), failureWith('Cannot POST'));
      assert.equal(api.requests.length, 1);
    });
  }

  test('a POST is repeated after a limit', async () => {
    const { client } = await serve({ status: 429, headers: { 'retry-after': '0' } }, { json: { id: 1 } });
    assert.deepEqual(await client.request('POST', 'x', {}), { id: 1 });
  });

  test('a refusal tells what GitHub said, at once', async () => {
    const { api, client } = await serve({
      status: 422,
      json: { message: 'Validation Failed', errors: [{ resource: 'Issue', message: 'body is too long\n::error::x' }] },
    });
    await assert.rejects(client.get('repos/acme/app?secret=1'), (error: unknown) => {
      assert.ok(error instanceof GitHubError);
      assert.equal(error.status, 422);
      assert.equal(
        error.message,
        `Cannot GET ${api.url}/repos/acme/app: the answer was 422 Validation Failed; body is too long ::error::x.`,
      );
      return true;
    });
    assert.equal(api.requests.length, 1);
  });

  test('a missing permission is named', async () => {
    const headers = { 'x-accepted-github-permissions': 'issues=write; pull_requests=write' };
    const { client } = await serve({
      status: 403,
      headers,
      json: { message: 'Resource not accessible by integration' },
    });
    await assert.rejects(
      client.get('x'),
      failureWith('403 Resource not accessible by integration. The token needs issues: write; pull_requests: write;'),
    );
  });

  test('an error never shows the token, even if it comes back', async () => {
    const { client } = await serve({ status: 401, json: { message: `Bad credentials ${token}` } });
    await assert.rejects(
      client.get('x'),
      (error: Error) => !error.message.includes(token) && error.message.includes('***'),
    );
  });

  test('an answer that is too large, or not JSON, is refused', async () => {
    const { client } = await serve({ text: '<html>' });
    await assert.rejects(client.get('x'), failureWith('is not JSON'));
    const { client: other } = await serve({ text: `"${'x'.repeat(17 << 20)}"` });
    await assert.rejects(other.get('x'), failureWith('more than 16777216 bytes'));
  });

  test('an invalid address is a Failure', () => {
    const send = () => assert.fail('nothing is to be sent');
    for (const apiUrl of ['', 'api.github.com', 'file:///x']) {
      assert.throws(() => openGitHubApi({ apiUrl, send, log: silent }), failureWith(`GITHUB_API_URL="${apiUrl}"`));
    }
  });
});

type Answer = 'break' | { status?: number; headers?: Record<string, string>; json?: unknown; text?: string };

const silent = {
  info() {},
  notice() {},
  warning() {},
  debug() {},
  group: <T>(_: string, body: () => Promise<T>) => body(),
  secret() {},
  activity: () => ({ add() {}, end() {} }),
  masked: String,
};

/** `URL` in a header stands for the address of the API. */
function answer(
  answers: Answer[],
  { url }: Api,
  { request, response }: { request: IncomingMessage; response: ServerResponse },
): void {
  const given = answers.length > 1 ? answers.shift() : answers[0];
  if (given === undefined || given === 'break') {
    request.socket.destroy();
    return;
  }
  const { status = 200, headers = {}, json, text = json === undefined ? '' : JSON.stringify(json) } = given;
  const sent = Object.entries(headers).map(([name, value]) => [name, value.replaceAll('URL', url)]);
  response.writeHead(status, Object.fromEntries(sent)).end(text);
}
