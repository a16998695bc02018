import assert from 'node:assert/strict';
import { suite, type TestContext, test } from 'node:test';
import { parseInputs } from '../../src/inputs/parse-inputs.ts';
import { completeContext } from '../../src/stages/describe/complete-context.ts';
import { openTestRuntime } from '../nix/test-runtime.ts';
import { startApi } from '../support/github-api.ts';

const unknown = { repository: 'acme/app', repositoryName: 'app', sha: 'c0ffee' };
const answers: Readonly<Record<string, unknown>> = {
  '/api/v3/repos/acme/app': { html_url: 'https://ghe.example.com/acme/app', description: null, license: null },
  '/api/v3/repos/acme/app/git/commits/c0ffee': { committer: { date: '2021-02-03T04:05:06Z' } },
};

/** Completes a context; `lines` is what the log says. */
async function complete(
  t: TestContext,
  context: object,
  texts: Readonly<Record<string, string>> = { 'github-token': 's3cret' },
) {
  const runtime = await openTestRuntime({}, '/', { context });
  t.after(() => runtime.close());
  const completed = await completeContext(
    parseInputs(name => texts[name] ?? ''),
    runtime,
  );
  return { completed, lines: runtime.lines.filter(line => !line.startsWith('debug: ')) };
}

suite('a context is completed by the API', () => {
  const open = async (t: TestContext) => {
    const api = await startApi(({ url = '' }, response) => {
      response.writeHead(url in answers ? 200 : 404).end(JSON.stringify(answers[url] ?? { message: 'Not Found' }));
    });
    t.after(() => api.close());
    return api;
  };

  test('with missing fields', async t => {
    const { url: apiUrl } = await open(t);
    const { completed, lines } = await complete(t, { ...unknown, apiUrl });
    const found = { repositoryUrl: 'https://ghe.example.com/acme/app', description: '', commitTime: 1_612_325_106 };
    assert.deepEqual(completed, { ...unknown, apiUrl, ...found });
    assert.deepEqual(lines, []);
  });

  for (const [name, context] of Object.entries({
    'that lacks nothing': { ...unknown, description: '', commitTime: 0 },
    'of no repository': { description: undefined, commitTime: 0 },
  })) {
    test(`but not one ${name}`, async t => {
      const api = await open(t);
      const { completed, lines } = await complete(t, { ...context, apiUrl: api.url });
      assert.deepEqual(completed, { ...context, apiUrl: api.url });
      assert.deepEqual(lines, []);
      assert.equal(api.requests.length, 0);
    });
  }

  test('but not without a token', async t => {
    const api = await open(t);
    const context = { ...unknown, apiUrl: api.url };
    const { completed, lines } = await complete(t, context, {});
    assert.deepEqual(completed, context);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /^info: github-token is not set/);
    assert.equal(api.requests.length, 0);
  });

  test('and stays unchanged if the API refuses', async t => {
    const { url: apiUrl } = await open(t);
    const context = { ...unknown, repository: 'acme/none', commitTime: 0, apiUrl };
    const { completed, lines } = await complete(t, context);
    assert.deepEqual(completed, context);
    assert.deepEqual(lines, [
      `info: Continuing without the repository's description and license: Cannot GET ${apiUrl}/repos/acme/none: the answer was 404 Not Found.`,
    ]);
  });

  test('and if there is no API', async t => {
    const context = { ...unknown, commitTime: 0, apiUrl: 'ftp://nowhere' };
    const { completed, lines } = await complete(t, context);
    assert.deepEqual(completed, context);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /^info: Continuing without .*GITHUB_API_URL="ftp:\/\/nowhere"/);
  });
});
