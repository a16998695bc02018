import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { runnerSigning } from '../../src/runtimes/runner-signing.ts';
import { failureWith } from '../support/failure.ts';
import { startApi } from '../support/github-api.ts';

const log = { secret() {} } as never;

/** The runner's token service, which answers with this status; the toolkit reads its address from the environment. */
async function openService(t: TestContext, status: number) {
  const service = await startApi((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(status === 200 ? { value: 'an OIDC token' } : { message: 'on purpose' }));
  });
  const variables = {
    ACTIONS_ID_TOKEN_REQUEST_URL: `${service.url}/token?v=1`,
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'request',
  };
  Object.assign(process.env, variables);
  t.after(async () => {
    for (const name of Object.keys(variables)) delete process.env[name];
    await service.close();
  });
  return { signing: runnerSigning(process.env, log), requests: service.requests };
}

test('a job without the permission is told its name', async () => {
  await assert.rejects(
    runnerSigning({}, log).identityToken('sigstore'),
    failureWith('may not request an OIDC token', 'permissions: id-token: write'),
  );
});

test('a token is for the audience that asks for it', async t => {
  const { signing, requests } = await openService(t, 200);
  assert.equal(await signing.identityToken('sigstore'), 'an OIDC token');
  assert.equal(requests[0]?.line, 'GET /api/v3/token?v=1&audience=sigstore');
  assert.equal(requests[0]?.headers.authorization, 'Bearer request');
});

test('a refusal is an error without the token that asks', async t => {
  const { signing } = await openService(t, 403);
  await assert.rejects(signing.identityToken('sigstore'), (error: Error) => {
    assert.match(error.message, /GitHub issued no OIDC token/);
    assert.doesNotMatch(error.message, /Bearer|request\b.*request/);
    return true;
  });
});
